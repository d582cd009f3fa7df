"""账套接口 The book's settings: read by everybody who is logged in, changed by who may."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router

from hengcang.api.request import body_of, once, reply, viewer_of_request
from hengcang.base import audit
from hengcang.base.book import book, change_book, load_book
from hengcang.core.errors import FieldInvalid
from hengcang.ledger import queries
from hengcang.meta import registry, values
from hengcang.meta.declarations import Choice, Field, Kind

router = Router(tags=["book"])
SETTABLE = (
    Field(name="name", label="账套名称", required=True, max_length=60),
    Field(
        name="taxpayer",
        label="纳税人类别",
        kind=Kind.CHOICE,
        required=True,
        choices=(Choice("general_taxpayer", "一般纳税人"), Choice("small_scale_taxpayer", "小规模纳税人")),
    ),
    Field(
        name="negative_stock",
        label="新仓库的负库存",
        kind=Kind.CHOICE,
        required=True,
        choices=(Choice("forbid", "禁止"), Choice("warn", "提示"), Choice("allow", "允许")),
    ),
    Field(
        name="expired_lots",
        label="过期批次出库",
        kind=Kind.CHOICE,
        required=True,
        choices=(Choice("forbid", "禁止"), Choice("warn", "提示"), Choice("allow", "允许")),
    ),
    Field(
        name="credit_check",
        label="超信用额度",
        kind=Kind.CHOICE,
        required=True,
        choices=(Choice("forbid", "禁止"), Choice("warn", "提示"), Choice("allow", "允许")),
    ),
    Field(
        name="debts_at",
        label="应收应付立账",
        kind=Kind.CHOICE,
        required=True,
        choices=(Choice("goods", "收发货时"), Choice("bill", "开发票时")),
    ),
    Field(name="available_less_reserved", label="可用量扣除占用", kind=Kind.BOOLEAN, required=True),
    Field(name="available_plus_incoming", label="可用量加上待入", kind=Kind.BOOLEAN, required=True),
    Field(name="available_less_outgoing", label="可用量扣除待发", kind=Kind.BOOLEAN, required=True),
    Field(name="near_expiry_days", label="近效期提示天数", kind=Kind.INTEGER, required=True, minimum=Decimal(0), maximum=Decimal(3650)),
    Field(name="abc_first", label="A 类占比(%)", kind=Kind.INTEGER, required=True, minimum=Decimal(1), maximum=Decimal(100)),
    Field(name="abc_second", label="A、B 类占比(%)", kind=Kind.INTEGER, required=True, minimum=Decimal(1), maximum=Decimal(100)),
    Field(name="write_off_limit", label="每张核销单的冲销上限", kind=Kind.MONEY, required=True, minimum=Decimal(0)),
)


POOL_KIND = Field(
    name="pool_kind",
    label="成本核算范围",
    kind=Kind.CHOICE,
    required=True,
    choices=(Choice("company", "总仓核算"), Choice("warehouse", "分仓核算")),
)


@router.get("/book", operation_id="book_get", summary="账套设置")
def get_book(request: HttpRequest) -> HttpResponse:
    """账套设置 All settings; the cost pools and the closed day are changed by their own commands."""
    return reply(asdict(book()))


@router.put("/book", operation_id="book_update", summary="修改账套设置")
def put_book(request: HttpRequest) -> HttpResponse:
    """修改账套设置 Name, taxpayer kind, default of negative stock, limit of write-offs, approvals; cost pools before anything moved.

    Needs 账套设置·修改.
    """
    viewer, body = viewer_of_request(request), body_of(request)
    viewer.require("book", "change")
    approvals = approvals_of(body.pop("approvals", None))
    parsed = values.parse_record((*SETTABLE, POOL_KIND), body, viewer, new=False, ignored=())
    if parsed.values.get("pool_kind", book().pool_kind) != book().pool_kind and queries.anything_moved():
        shown = str(parsed.values["pool_kind"])
        reason = "已有库存业务，成本核算范围不能再改"
        parsed.errors.append(FieldInvalid(path="pool_kind", where="", label=POOL_KIND.label, value=shown, reason=reason))
    first, second = (parsed.values.get(name, getattr(book(), name)) for name in ("abc_first", "abc_second"))
    if first is not None and second is not None and first > second:
        reason = f"不能小于 A 类占比 {first}%"
        parsed.errors.append(FieldInvalid(path="abc_second", where="", label="A、B 类占比(%)", value=str(second), reason=reason))
    if approvals is not None:
        parsed.values["approvals"] = approvals
    values.refuse(parsed.errors)

    def act() -> dict[str, Any]:
        with transaction.atomic():
            before = asdict(load_book())
            after = asdict(change_book(**parsed.values))
            audit.record(viewer.actor, "change", "book", 0, audit.diff(before, after, list(parsed.values)))
        return {"id": 0}

    once(request, act)
    return reply(asdict(load_book()))


def approvals_of(raw: Any) -> tuple[str, ...] | None:
    """需审批的单据 Names of document types; None where nothing was sent. Raises FieldInvalid."""
    if raw is None:
        return None
    known = registry.documents()
    if not isinstance(raw, list) or any(one not in known for one in raw):
        raise FieldInvalid(path="approvals", where="", label="需审批的单据", value=str(raw)[:60], reason="应为单据类型名称的列表")
    return tuple(sorted(set(raw)))
