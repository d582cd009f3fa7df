"""账套接口 The book's settings: read by everybody who is logged in, changed by who may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router

from hengcang.api.meta import fields_json
from hengcang.api.request import body_of, once, reply, viewer_of_request
from hengcang.base import audit
from hengcang.base.book import book, change_book, load_book
from hengcang.core.errors import FieldInvalid
from hengcang.ledger import queries
from hengcang.meta import registry, values
from hengcang.meta.declarations import Choice, Field, Kind
from hengcang.meta.english import word

router = Router(tags=["book"])
POLICY = (Choice("forbid", "禁止"), Choice("warn", "提示"), Choice("allow", "允许"))
PERCENT = {"kind": Kind.INTEGER, "required": True, "minimum": Decimal(1), "maximum": Decimal(100), "group": "盘点"}


def choice(name: str, label: str, group: str, choices: Sequence[Choice], note: str = "") -> Field:
    """A setting that is one of some."""
    return Field(name=name, label=label, kind=Kind.CHOICE, required=True, choices=tuple(choices), group=group, help=note)


SETTABLE = (
    Field(name="name", label="账套名称", required=True, max_length=60, group="账套"),
    choice("taxpayer", "纳税人类别", "账套", (Choice("general_taxpayer", "一般纳税人"), Choice("small_scale_taxpayer", "小规模纳税人"))),
    choice("negative_stock", "新仓库的负库存", "库存", POLICY, "已有的仓库在仓库资料里改"),
    choice("reserved_stock", "动用占用", "库存", POLICY, "出库动用别的订单占用的库存时；释放、转让占用之后不算动用"),
    choice("expired_lots", "过期批次出库", "库存", POLICY, "商品资料里另有规定的从商品"),
    Field(
        name="near_expiry_days", label="近效期提示天数", kind=Kind.INTEGER, required=True, minimum=Decimal(0), maximum=Decimal(3650),
        group="库存",
    ),
    Field(name="available_less_reserved", label="扣除占用", kind=Kind.BOOLEAN, required=True, group="可用量"),
    Field(name="available_plus_incoming", label="加上待入", kind=Kind.BOOLEAN, required=True, group="可用量"),
    Field(name="available_less_outgoing", label="扣除待发", kind=Kind.BOOLEAN, required=True, group="可用量"),
    choice("credit_check", "超信用额度", "往来", POLICY, "禁止时，有“超信用放行”权限的人写明原因后可以放行"),
    choice(
        "debts_at", "应收应付立账", "往来", (Choice("goods", "收发货时"), Choice("bill", "开发票时")), "只影响以后审核的单据",
    ),
    Field(
        name="write_off_limit", label="核销单冲销上限", help="一张核销单最多冲销多少", kind=Kind.MONEY, required=True, minimum=Decimal(0),
        group="往来",
    ),
    Field(
        name="bank_days", label="银行对账相差天数", help="流水与已记收付最多相差几天", kind=Kind.INTEGER, required=True, minimum=Decimal(0),
        maximum=Decimal(60), group="往来",
    ),
    Field(
        name="bank_fee_limit", label="银行手续费上限", help="到账比未结最多少多少可算银行扣费，以账户币别计", kind=Kind.MONEY, scale=2,
        required=True, minimum=Decimal(0), maximum=Decimal(100_000), group="往来",
    ),
    Field(name="abc_first", label="A 类占比(%)", help="累计到此为 A 类", **PERCENT),  # type: ignore[arg-type]
    Field(name="abc_second", label="A、B 类占比(%)", help="累计到此为 B 类，其余为 C 类", **PERCENT),  # type: ignore[arg-type]
)  # fmt: skip
POOL_KIND = choice(
    "pool_kind", "成本核算范围", "账套", (Choice("company", "总仓核算"), Choice("warehouse", "分仓核算")), "有库存业务后不能再改"
)


@router.get("/book/form", operation_id="book_form", summary="账套设置页")
def get_form(request: HttpRequest) -> HttpResponse:
    """账套设置页 `{fields, values, document_types: [{value, label}], may_change}`; needs 账套设置·查看 or ·修改."""
    viewer = viewer_of_request(request)
    if not viewer.may("book", "change"):
        viewer.require("book", "view")
    fields = (*SETTABLE[:2], POOL_KIND, *SETTABLE[2:])
    moved = queries.anything_moved()
    shown = [replace(one, readonly=True) if one is POOL_KIND and moved else one for one in fields]
    now = load_book()
    form = {one.name: values.present(one, getattr(now, one.name)) for one in shown}
    return reply(
        {
            "fields": fields_json(shown, viewer),
            "values": {**form, "approvals": list(now.approvals)},
            "document_types": [
                {"value": one.name, "label": word(one.label, one.name)} for one in registry.documents().values() if one.posting is not None
            ],
            "may_change": viewer.may("book", "change"),
        }
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
