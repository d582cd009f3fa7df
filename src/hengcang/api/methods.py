"""方法 HTTP methods of the API: HEAD is GET without its body, OPTIONS says what a path takes, anything else is a problem."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from hengcang.api import errors

PREFIX = "/api/"
Answer = Callable[[HttpRequest], HttpResponseBase]


class Methods:
    """中间件 Middleware around the operations, which know only the methods they declare."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer to a request."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        asked = request.method or ""
        if asked == "HEAD":
            request.method = "GET"
        response = self.get_response(request)
        request.method = asked
        if response.status_code == 405:
            response = not_allowed(request, response.headers.get("Allow", ""))
        return without_body(response) if asked == "HEAD" else response


def not_allowed(request: HttpRequest, declared: str) -> HttpResponse:
    """不支持的方法 405 as a problem, or what OPTIONS is told; both name the methods."""
    methods = {one.strip() for one in declared.split(",") if one.strip()}
    methods |= {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
    allowed = ", ".join(sorted(methods))
    if request.method == "OPTIONS":
        answer = HttpResponse(status=204)
        del answer.headers["Content-Type"]
    else:
        answer = errors.method_refused(request, allowed)
    answer.headers["Allow"] = allowed
    return answer


def without_body(response: HttpResponseBase) -> HttpResponseBase:
    """The answer with its status and headers, and nothing in it; what it holds open is closed with it."""
    if isinstance(response, HttpResponse):
        length = len(response.content)
        response.content = b""
        response.headers["Content-Length"] = str(length)
    elif isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    return response
