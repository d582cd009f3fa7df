"""设置 Settings: everything from the environment, with safe defaults for one machine.

`HENGCANG_HOME` (data folder, default ./var), `DATABASE_URL`, `HENGCANG_SECRET_KEY` (else made once and kept in
the data folder; `HENGCANG_FIELD_SECRET` likewise, `HENGCANG_FIELD_SECRETS=2:…,3:…` turns the key, the last is current),
`HENGCANG_HOSTS` (comma separated), `HENGCANG_ORIGINS` (https origins behind a proxy).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from hengcang.config import database, sqlite

sqlite.substitute()

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("HENGCANG_HOME", "var")).resolve()


def kept_secret(name: str) -> str:
    """A secret from the environment, else one made at first use and kept readable by its owner alone."""
    given = os.environ.get(f"HENGCANG_{name.upper()}")
    if given:
        return given
    HOME.mkdir(parents=True, exist_ok=True)
    file = HOME / name
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text()
    with os.fdopen(descriptor, "w") as stream:
        value = secrets.token_urlsafe(48)
        stream.write(value)
    return value


SECRET_KEY = kept_secret("secret_key")
FIELD_SECRETS = {"1": kept_secret("field_secret")}
for _turned in filter(None, os.environ.get("HENGCANG_FIELD_SECRETS", "").split(",")):
    _key_id, _, _secret = _turned.partition(":")
    FIELD_SECRETS = {_key_id: _secret, **FIELD_SECRETS}
DEBUG = False
ALLOWED_HOSTS = os.environ.get("HENGCANG_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("HENGCANG_ORIGINS", "").split(",") if origin]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CSRF_TRUSTED_ORIGINS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = bool(CSRF_TRUSTED_ORIGINS)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "hengcang.base",
    "hengcang.access",
    "hengcang.places",
    "hengcang.parties",
    "hengcang.catalog",
    "hengcang.records",
    "hengcang.ledger",
    "hengcang.accounting",
    "hengcang.config.apps.HengcangConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hengcang.api.methods.Methods",
]
ROOT_URLCONF = "hengcang.config.urls"
WSGI_APPLICATION = "hengcang.config.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

DATABASES = {"default": database.from_url(os.environ.get("DATABASE_URL", ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "access.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns at every start without it
STATICFILES_DIRS = [("web", PACKAGE / "web")] if (PACKAGE / "web").is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+-[\w-]{8}\.(js|css|woff2?)$"
MEDIA_ROOT = HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
