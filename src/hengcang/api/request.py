"""请求 What every operation needs of its request: who asks, what was sent, once only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from hengcang.access.viewer import Viewer
from hengcang.base import idempotency
from hengcang.core.errors import FieldInvalid
from hengcang.meta.values import plain as decimal_text

KEY_LENGTH = 80


def viewer_of_request(request: HttpRequest) -> Viewer:
    """查看者 Who asks, as the authentication found him."""
    viewer = request.auth  # type: ignore[attr-defined]
    assert isinstance(viewer, Viewer)
    return viewer


def address_of(request: HttpRequest) -> str:
    """来源地址 The caller's address; behind a trusted proxy the one the proxy saw."""
    if settings.SECURE_PROXY_SSL_HEADER:
        seen = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if seen:
            return seen[:64]
    return str(request.META.get("REMOTE_ADDR", ""))[:64]


def body_of(request: HttpRequest) -> dict[str, Any]:
    """请求体 The JSON object that was sent; nothing sent is an empty one. Raises FieldInvalid, JSONDecodeError."""
    body = orjson.loads(request.body) if request.body else {}
    if not isinstance(body, dict):
        raise FieldInvalid(path="", label="请求内容", value="", reason="应为一个对象")
    return body


def key_of(request: HttpRequest, content: bytes | None = None) -> tuple[str, str]:
    """幂等键 The Idempotency-Key (empty where none was sent) and the hash of the request. Raises FieldInvalid.

    `content` stands for the body of an upload, which cannot be read once more.
    """
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > KEY_LENGTH or not key.isascii():
        raise FieldInvalid(path="Idempotency-Key", label="Idempotency-Key", value=key[:20], reason=f"最长 {KEY_LENGTH} 个字符")
    body = request.body if content is None else content
    return key, idempotency.request_hash(request.method, request.get_full_path(), body.decode("utf-8", "replace"))


def once(request: HttpRequest, act: Callable[[], Mapping[str, Any]], content: bytes | None = None) -> dict[str, Any]:
    """一次 Run a command in one transaction, once per Idempotency-Key; gives its small stored answer.

    Store ids, not records: a retry reads the record anew under the rights of whoever asks.
    """
    key, digest = key_of(request, content)
    user = viewer_of_request(request).user_id
    with transaction.atomic():
        if key:
            stored = idempotency.begin(user, key, digest)
            if stored is not None:
                return stored
        done = dict(act())
        if key:
            idempotency.finish(user, key, done)
        return done


def encode(value: Any) -> bytes:
    """JSON with decimals as plain text."""
    return orjson.dumps(value, default=_text)


def _text(value: Any) -> Any:
    return decimal_text(value) if hasattr(value, "as_tuple") else str(value)


def reply(value: Any, status: int = 200) -> HttpResponse:
    """应答 A JSON answer that needs no further validation: the compiler has made it."""
    return HttpResponse(encode(value), status=status, content_type="application/json")
