"""网址 URLs: the API under /api/v1, the browser's program everywhere else."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from hengcang.api import documents, reports
from hengcang.api.app import make_api
from hengcang.api.errors import unknown
from hengcang.api.shell import shell

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", make_api(*documents.routers(), ("", reports.reports_router())).urls),
    re_path(r"^api/", unknown),
    re_path(r"^(?!api/|static/)(?P<path>.*)$", shell),
]
