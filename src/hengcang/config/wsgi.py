"""WSGI 入口 The WSGI entry."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hengcang.config.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
