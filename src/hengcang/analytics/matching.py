"""对单 Matching orders, goods, bills and payments line by line: what agrees, what is missing, what differs and by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import items, report
from hengcang.analytics.report import Report, sums
from hengcang.base import clock
from hengcang.base.book import book
from hengcang.core.amounts import share, to_text
from hengcang.documents.scope import document_limits
from hengcang.ledger import chain_reports as books
from hengcang.ledger.chain_reports import Chain
from hengcang.meta import registry
from hengcang.meta.declarations import Choice, Field, Kind, Mask, ReportType
from hengcang.meta.english import said
from hengcang.meta.refs import document_ref
from hengcang.parties.models import Party

NUMBERS = ("ordered", "moved", "returned", "billed", "price_difference", "bill_difference")
AMOUNTS = ("price_difference", "bill_difference")
UNFINISHED = ("waiting", "unbilled", "uncredited", "open")
DIFFERING = ("beyond", *AMOUNTS)


def side_of(role: str) -> books.Side:
    """The types of a side: goods that are billed, and the orders that they fulfil."""
    types = registry.documents().values()
    goods = [one.name for one in types if one.billable and one.party_role == role and one.inward is (role == "supplier")]
    into = [(one.name, way.purpose) for one in types for way in one.conversions if way.target in goods and not way.money]
    return books.Side(sorted({name for name, _ in into}), goods, sorted({purpose for _, purpose in into}))


def numbers_of(chain: Chain) -> dict[str, int]:
    """What a chain comes to, in micro units; differences of amounts are to what the quantity would have cost before."""
    head, side_is_order = chain.head, not registry.document(chain.head.type).billable
    ordered = head.quantity if side_is_order else 0
    moved, billed = chain.quantity("moved"), chain.quantity("billed")
    expected = share(head.net, moved, head.quantity) if side_is_order and head.quantity else chain.net("moved")
    worth = sum(share(one.of_net, one.quantity, one.of_quantity) for one in chain.parts.get("billed", ()) if one.of_quantity)
    return {
        "ordered": ordered,
        "moved": moved,
        "returned": chain.quantity("returned"),
        "billed": billed - chain.quantity("credited"),
        "price_difference": chain.net("moved") - expected,
        "bill_difference": chain.net("billed") - worth,
    }


def findings(chain: Chain, numbers: Mapping[str, int]) -> dict[str, int]:
    """差异 What is to be said of a chain, by kind, with its number; nothing where all agrees and is settled."""
    live = chain.head.state == "posted"
    by_order = not registry.document(chain.head.type).billable
    found = {
        "waiting": numbers["ordered"] - numbers["moved"] if by_order and live else 0,
        "beyond": numbers["moved"] - numbers["ordered"] if by_order else 0,
        "unbilled": numbers["moved"] - chain.quantity("billed"),
        "uncredited": chain.quantity("returned") - chain.quantity("credited") if book().debts_at == "bill" else 0,
        "open": int(chain.open),
    }
    return {name: amount for name, amount in found.items() if amount > 0} | {one: numbers[one] for one in AMOUNTS if numbers[one]}


def told(found: Mapping[str, int], supplier: bool, masked: bool) -> str:
    """结论 The findings in words; amounts only to who may see prices."""
    if not found:
        return said("相符", "agrees")
    words = {
        "waiting": said("未到 {n}", "{n} not received") if supplier else said("未发 {n}", "{n} not delivered"),
        "beyond": said("超订单 {n}", "{n} beyond the order"),
        "price_difference": said("单价与订单不同，差 {n}", "price differs from the order by {n}"),
        "unbilled": said("未开票 {n}", "{n} not billed"),
        "uncredited": said("红字发票未开 {n}", "{n} not credited"),
        "bill_difference": said("发票与货单不同，差 {n}", "bill differs by {n}"),
        "open": said("未付清", "not paid") if supplier else said("未收清", "not paid"),
    }
    shown = [words[name].format(n="…" if masked and name in AMOUNTS else report.told(found[name])) for name in words if name in found]
    return said("；", "; ").join(shown)


def run(role: str, viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """对单 The lines dated in a span; orders and goods of which the viewer may see neither are left out."""
    side = side_of(role)
    orders, goods = ([one for one in names if viewer.may(one, "view")] for names in (side.orders, side.goods))
    seen = books.Side(orders, goods, side.purposes)
    last = parameters.get("date_to") or clock.today()
    first = parameters.get("date_from") or (last - timedelta(days=90))
    asked = books.Asked(first, last, parameters.get("party"), parameters.get("item"), document_limits(viewer))
    found = [(chain, numbers_of(chain)) for chain in books.chains(seen, asked)]
    rows = [(chain, numbers, findings(chain, numbers)) for chain, numbers in found]
    kept = {"differing": DIFFERING, "unfinished": UNFINISHED}.get(parameters.get("only") or "")
    if kept is not None:
        rows = [row for row in rows if any(name in row[2] for name in kept)]
    masked = (Mask.PURCHASE_PRICE if role == "supplier" else Mask.SALES_PRICE) in viewer.masks

    def show(part: Sequence[Any]) -> list[dict[str, Any]]:
        names = items.item_columns({chain.head.item for chain, _, _ in part})
        parties = dict(Party.objects.filter(pk__in={chain.head.party for chain, _, _ in part}).values_list("pk", "name"))
        return [
            {
                "document": document_ref(chain.head.document, chain.head.type, chain.head.number),
                "document_date": chain.head.day.isoformat(),
                "party_name": parties.get(chain.head.party, ""),
                **names[chain.head.item],
                **{name: to_text(numbers[name]) for name in NUMBERS},
                "result": told(own, role == "supplier", masked),
            }
            for chain, numbers, own in part
        ]

    totals = sums([numbers for _, numbers, _ in rows], AMOUNTS)
    return Report(report.shown(rows, limit, show), totals, truncated=limit is not None and len(rows) > limit)


def matching(name: str, label: str, role: str, mask: Mask, moved: str) -> ReportType:
    """The report of a side."""
    price = {"kind": Kind.MONEY, "scale": 2, "total": True, "mask": mask, "width": 120}
    only = (Choice("differing", "只看有差异"), Choice("unfinished", "只看未完"))
    return ReportType(
        name=name,
        label=label,
        menu="purchasing" if role == "supplier" else "sales",
        parameters=(
            report.FROM_PARAMETER,
            report.TO_PARAMETER,
            report.PARTY_PARAMETER,
            report.ITEM_PARAMETER,
            Field(name="only", label="显示", kind=Kind.CHOICE, choices=only, width=120),
        ),
        columns=(
            Field(name="document", label="单号", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
            Field(name="document_date", label="日期", kind=Kind.DATE, width=105),
            Field(name="party_name", label="往来单位", width=150),
            report.ITEM_CODE,
            report.ITEM_NAME,
            report.ITEM_SPEC,
            report.UNIT_NAME,
            report.quantity("ordered", "订单数量", total=False, width=90),
            report.quantity("moved", moved, total=False, width=90),
            report.quantity("returned", "退货数量", total=False, width=90),
            report.quantity("billed", "开票数量", total=False, width=90),
            Field(name="price_difference", label="与订单价差", **price),  # type: ignore[arg-type]
            Field(name="bill_difference", label="发票价差", **price),  # type: ignore[arg-type]
            Field(name="result", label="结论", width=260),
        ),
        run=partial(run, role),
    )


PURCHASE_MATCHING = matching("purchase_matching", "采购对单", "supplier", Mask.PURCHASE_PRICE, "入库数量")
SALES_MATCHING = matching("sales_matching", "销售对单", "customer", Mask.SALES_PRICE, "出库数量")
