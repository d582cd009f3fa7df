"""数据库 Database settings: one shop on SQLite in one file, a company on PostgreSQL through DATABASE_URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864; PRAGMA wal_autocheckpoint=8000;"
)


def sqlite(path: Path) -> dict[str, Any]:
    """Settings of an embedded database at `path`: WAL, synchronous=FULL, one writer at a time."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
        "TEST": {"NAME": str(path.with_name("test-" + path.name))},
    }


def from_url(url: str, home: Path) -> dict[str, Any]:
    """Settings from `sqlite:///file` or `postgresql://user:password@host:port/name?option=…`; empty means SQLite."""
    if not url:
        return sqlite(home / "hengcang.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path[1:])))
    assert parts.scheme in ("postgres", "postgresql"), f"DATABASE_URL: unknown scheme {parts.scheme}"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": "-c synchronous_commit=on",
            "server_side_binding": True,
            "prepare_threshold": 3,
            **dict(parse_qsl(parts.query)),
        },
    }
