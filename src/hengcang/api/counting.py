"""盘点接口 What people do with a count plan that runs: see what is to be counted, enter, withdraw, and settle it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from hengcang.access.viewer import Viewer
from hengcang.api.request import body_of, key_of, reply, viewer_of_request
from hengcang.core.errors import FieldInvalid
from hengcang.documents import count_entries, count_results
from hengcang.documents.commands import Key
from hengcang.documents.count_entries import Counted
from hengcang.documents.fields import QUANTITY, SECOND_QUANTITY
from hengcang.meta import values
from hengcang.meta.declarations import DocumentType, Field

MOST_SERIALS = 500
SERIAL_LENGTH = 60


def counting_endpoints(router: Router, declaration: DocumentType) -> None:
    """For types that list what is to be counted."""
    if not declaration.counts:
        return
    name, label = declaration.collection, declaration.label

    @router.get("/counting", operation_id=f"{name}_counting", summary=f"可盘的{label}")
    def plans(request: HttpRequest) -> HttpResponse:
        return reply({"plans": count_entries.plans(viewer_of_request(request), declaration)})

    @router.get("/{int:document}/tasks", operation_id=f"{name}_tasks", summary=f"{label}待盘清单")
    def tasks(request: HttpRequest, document: int, phase: str = "first", search: str = "") -> HttpResponse:
        return reply(count_results.tasks(viewer_of_request(request), declaration, document, phase, search))

    @router.get("/{int:document}/count_progress", operation_id=f"{name}_count_progress", summary=f"{label}盘点进度")
    def progress(request: HttpRequest, document: int) -> HttpResponse:
        return reply(count_results.progress(viewer_of_request(request), declaration, document))

    @router.post("/{int:document}/results", operation_id=f"{name}_results", summary=f"{label}生成盘点单", response={201: None})
    def settle(request: HttpRequest, document: int) -> HttpResponse:
        uncounted = str(body_of(request).get("uncounted") or "")
        return reply(count_results.settle(viewer_of_request(request), declaration, document, uncounted, Key(*key_of(request))), 201)

    entry_endpoints(router, declaration)


def entry_endpoints(router: Router, declaration: DocumentType) -> None:
    """Entries: write one, see one's own, withdraw."""
    name, label = declaration.collection, declaration.label

    @router.post("/{int:document}/entries", operation_id=f"{name}_enter", summary=f"录入{label}", response={201: None})
    def enter(request: HttpRequest, document: int) -> HttpResponse:
        viewer: Viewer = viewer_of_request(request)
        return reply(count_entries.enter(viewer, declaration, document, counted_of(body_of(request)), Key(*key_of(request))), 201)

    @router.get("/{int:document}/entries", operation_id=f"{name}_entries", summary=f"{label}我的盘点记录")
    def entries(request: HttpRequest, document: int) -> HttpResponse:
        return reply({"rows": count_entries.own_entries(viewer_of_request(request), declaration, document)})

    @router.post("/{int:document}/entries/{int:entry}/withdraw", operation_id=f"{name}_withdraw", summary=f"撤回{label}记录")
    def withdraw(request: HttpRequest, document: int, entry: int) -> HttpResponse:
        return reply(count_entries.withdraw(viewer_of_request(request), declaration, document, entry, Key(*key_of(request))))


def counted_of(body: dict[str, Any]) -> Counted:
    """An entry as sent: `{line, phase, quantity | serials, second_quantity, sets}`. Raises FieldInvalid."""
    line, serials = body.get("line"), body.get("serials") or []
    if not isinstance(line, int) or isinstance(line, bool) or not 0 < line < 2**63:
        raise FieldInvalid(path="line", where="", label="盘点行", value=str(line)[:40], reason="应为清单行的编号")
    if not isinstance(serials, list) or len(serials) > MOST_SERIALS or not all(fits(one) for one in serials):
        reason = f"应为序列号的列表，最多 {MOST_SERIALS} 个"
        raise FieldInvalid(path="serials", where="", label="序列号", value=str(serials)[:40], reason=reason)
    quantity, second = (number_of(one, body.get(one.name)) for one in (QUANTITY, SECOND_QUANTITY))
    phase = body.get("phase") or "first"
    return Counted(line, str(phase), quantity, tuple(one.strip() for one in serials), body.get("sets") is True, second)


def number_of(declared: Field, raw: Any) -> Decimal | None:
    """A number as sent, none where it was left empty. Raises FieldInvalid."""
    return None if raw in (None, "") else values.parse(declared, raw)


def fits(serial: Any) -> bool:
    """Whether that can be a serial number."""
    return isinstance(serial, str) and 0 < len(serial.strip()) <= SERIAL_LENGTH
