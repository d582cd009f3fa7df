"""WSGI 入口 The WSGI entry of one server process; starts the thread that delivers events."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hengcang.config.settings")

from django.core.wsgi import get_wsgi_application

import hengcang.config.settings  # substitutes the SQLite library before Django's back end loads

application = get_wsgi_application()

from hengcang.base import outbox

outbox.start()
assert hengcang.config.settings.HOME
