"""错误 Errors at the edge: every refusal as RFC 9457 problem+json, in the language of the request.

The HTTP status is known here only. What nobody foresaw becomes a 500 with a number that stands in the log.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from hengcang.core.errors import (
    FieldInvalid,
    HengcangError,
    InvalidDocument,
    KeptFromViewer,
    LoginRefused,
    NotFound,
    NotLoggedIn,
    PasswordChangeRequired,
    PermissionRefused,
    RevisionConflict,
    TooManyAttempts,
)

logger = logging.getLogger(__name__)
REFUSED = 422
STATUS: dict[type[HengcangError], int] = {
    NotFound: 404,
    PermissionRefused: 403,
    KeptFromViewer: 403,
    PasswordChangeRequired: 403,
    RevisionConflict: 409,
    LoginRefused: 401,
    NotLoggedIn: 401,
    TooManyAttempts: 429,
}


def language(request: HttpRequest) -> str:
    """语言 `en` where English is asked for first, else `zh`."""
    return "en" if request.headers.get("Accept-Language", "").strip().lower().startswith("en") else "zh"


def status_of(error: HengcangError) -> int:
    """The HTTP status of a refusal."""
    return STATUS.get(type(error), REFUSED)


def problem(error: HengcangError, spoken: str = "zh") -> dict[str, Any]:
    """问题 The body for a refusal; also what a preview shows as its `refusal`."""
    faults = error.errors if isinstance(error, InvalidDocument) else (error,) if error.path else ()
    body = {
        "type": f"urn:hengcang:{error.code}",
        "title": error.code,
        "status": status_of(error),
        "code": error.code,
        "message": error.message(spoken),
        "params": error.params,
        "errors": [{"path": one.path, "code": one.code, "message": one.message(spoken)} for one in faults],
    }
    current = getattr(error, "current", None)
    return body if current is None else {**body, "current": current}


def answer(body: dict[str, Any]) -> HttpResponse:
    """A problem as a response."""
    text = orjson.dumps(body, default=str)
    return HttpResponse(text, status=body["status"], content_type="application/problem+json")


def plain(status: int, code: str, zh: str, en: str, spoken: str, **params: object) -> HttpResponse:
    """A problem that is not a refusal of the trade."""
    message = en if spoken == "en" else zh
    head = {"type": f"urn:hengcang:{code}", "title": code, "status": status, "code": code, "message": message}
    return answer({**head, "params": params, "errors": []})


@contextmanager
def conflict_shows(current: Callable[[], dict[str, Any]]) -> Iterator[None]:
    """冲突时附现状 A RevisionConflict raised inside carries `current`, the record as this user may see it now."""
    try:
        yield
    except RevisionConflict as error:
        error.current = current()  # type: ignore[attr-defined]
        raise


def handle(api: NinjaAPI) -> None:
    """登记处理 Map every exception once."""
    api.add_exception_handler(HengcangError, _refused)
    api.add_exception_handler(AuthenticationError, _nobody)
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(ObjectDoesNotExist, _missing)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(IntegrityError, _integrity)
    for beyond in (OverflowError, DataError):
        api.add_exception_handler(beyond, _beyond)
    api.add_exception_handler(OperationalError, _operational)
    for unreadable in (
        orjson.JSONDecodeError,
        MultiPartParserError,
        SuspiciousOperation,
        UnreadablePostError,
        RequestDataTooBig,
    ):
        api.add_exception_handler(unreadable, _unreadable)
    api.add_exception_handler(Exception, _unexpected)


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(problem(error, language(request)))


def _nobody(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(problem(NotLoggedIn(), language(request)))


def _missing(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(problem(NotFound(label="资源"), language(request)))


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    """没有此路径 A path of the API at which nothing stands."""
    return _missing(request, None)


def method_refused(request: HttpRequest, allowed: str) -> HttpResponse:
    """方法不支持 405: this path takes other methods."""
    zh = f"此路径不支持 {request.method}，可用的方法：{allowed}。"
    en = f"This path does not take {request.method}; it takes {allowed}."
    return plain(405, "method_not_allowed", zh, en, language(request), method=request.method, allowed=allowed)


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    if error.status_code == 403:
        zh, en = "页面已过期，请刷新后重试。", "The page has expired; reload it and try again."
        return plain(403, "csrf_failed", zh, en, language(request))
    if error.status_code == 400:
        return _unreadable(request, error)
    return plain(error.status_code, "http_error", str(error), str(error), language(request))


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    faults = []
    for one in error.errors:
        path = ".".join(str(part) for part in one.get("loc", ())[1:])
        faults.append(FieldInvalid(path=path, label=path, value="", reason=str(one.get("msg", ""))))
    return answer(problem(InvalidDocument(faults), language(request)))


def _integrity(request: HttpRequest, error: Any) -> HttpResponse:
    logger.warning("integrity: %s", error)
    zh, en = "数据与他人同时的修改冲突，请刷新后重试。", "The data conflicts with somebody else's change; reload and try again."
    return plain(409, "conflict", zh, en, language(request))


def _beyond(request: HttpRequest, error: Any) -> HttpResponse:
    logger.warning("beyond what a column holds: %s", error)
    if request.method == "GET":
        zh = "查询的数字或合计超出可表示的范围（约 9.2 万亿）。请核对查询条件，或缩小范围。"
        en = "A number or a sum of this query is beyond what can be shown (about 9.2 trillion); check or narrow the query."
        return plain(REFUSED, "out_of_range", zh, en, language(request))
    zh, en = "有数字或文字超出可记录的范围，操作没有生效。", "A number or text is beyond what can be recorded; nothing was done."
    return plain(REFUSED, "out_of_range", zh, en, language(request))


def _operational(request: HttpRequest, error: Any) -> HttpResponse:
    """SQLite says of a sum beyond 64 bits that the operation failed; PostgreSQL says it of the data."""
    return _beyond(request, error) if "integer overflow" in str(error) else _unexpected(request, error)


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    return plain(400, "unreadable", "请求内容无法读取。", "The request cannot be read.", language(request))


def _unexpected(request: HttpRequest, error: Any) -> HttpResponse:
    number = secrets.token_hex(6)
    logger.exception("unexpected error %s at %s %s", number, request.method, request.path)
    zh = f"系统出错，操作没有生效。请把编号 {number} 告诉管理员。"
    en = f"Something went wrong and nothing was done. Tell your administrator the number {number}."
    return plain(500, "unexpected", zh, en, language(request), id=number)
