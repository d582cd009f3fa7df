"""前端入口 The shell: every path that is not the API's gives the browser's program, which reads the path itself."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

INDEX = Path(settings.PACKAGE) / "web" / "index.html"
NOT_BUILT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>衡仓</title>
<p>浏览器程序还没有构建。请在项目根目录运行 <code>./run demo</code>，或在 frontend 目录运行 <code>npm ci && npm run build</code>。</p>
<p>The browser's program has not been built. The API is at <code>/api/v1</code>.</p></html>"""
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'"
)


@require_safe
@ensure_csrf_cookie
def shell(request: HttpRequest, path: str = "") -> HttpResponse:
    """入口页 The program's page, never cached, with the CSRF cookie set."""
    built = INDEX.is_file()
    response = HttpResponse(INDEX.read_bytes() if built else NOT_BUILT, status=200 if built else 503)
    response["Cache-Control"] = "no-cache"
    response["Content-Security-Policy"] = POLICY
    return response
