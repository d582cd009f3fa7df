"""网址 URLs: the API under /api/v1, the browser's program everywhere else."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
