"""内部结算表 Internal settlement: what warehouses or departments settle with each other for transfers at a changed price.

What arrived counts on the day it arrived, for the side that received it; what was sent and is missing (短少, 损坏) stands beside
it at the price it was sent at, for the two sides to agree on. What is still under way is not settled yet. A reversed transfer
settles nothing. The margin is between the two sides only: the books know the cost alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import items, report
from hengcang.analytics.report import Report
from hengcang.base import clock
from hengcang.core.amounts import to_text
from hengcang.core.errors import FieldInvalid
from hengcang.documents.scope import document_limits
from hengcang.ledger import internal_reports as books
from hengcang.ledger.reports import Span
from hengcang.meta import registry
from hengcang.meta.declarations import Chart, Choice, Field, Kind, Mask, ReportType
from hengcang.meta.english import said
from hengcang.meta.refs import document_ref
from hengcang.places.models import Department

SIDES = (Choice("warehouse", "按仓库"), Choice("department", "按部门"))
BASES = (Choice("booked", "账面"), Choice("apportioned", "池均价（参考）"))
NUMBERS = ("quantity", "cost", "amount", "difference", "missing_quantity", "missing_cost", "missing_amount")
SUMMED = tuple(name for name in NUMBERS if not name.endswith("quantity"))
Row = books.Settled


def sides_of(row: Row, by: str) -> tuple[int, int]:
    """From whom to whom: warehouses, or departments."""
    return (row.department, row.target_department) if by == "department" else (row.source, row.target)


def span_of(parameters: Mapping[str, Any]) -> Span:
    """The period; this month where none is said. Raises FieldInvalid when it ends before it begins."""
    last = parameters.get("date_to") or clock.today()
    first = parameters.get("date_from") or report.month_start()
    if last < first:
        raise FieldInvalid(path="date_to", where="", label="结束日期", value=last.isoformat(), reason="早于开始日期")
    return Span(first, last)


def settled(viewer: Viewer, parameters: Mapping[str, Any]) -> list[Row]:
    """The lines that the viewer may see, of the item and the sides that are asked for."""
    types = [one for one in registry.documents().values() if one.price_mask is Mask.TRANSFER_PRICE and viewer.may(one.name, "view")]
    arriving = [one.name for one in types if one.inward]
    missing = [one.name for one in types if one.sourced and not one.inward]
    rows = books.settled(books.Asked(arriving, missing, span_of(parameters), document_limits(viewer)))
    by = parameters.get("by") or "warehouse"
    asked = [parameters.get(name) for name in ("item", f"source_{by}", f"target_{by}")]
    return [row for row in rows if all(one in (None, own) for one, own in zip(asked, (row.item, *sides_of(row, by)), strict=True))]


def figures(viewer: Viewer, row: Row) -> dict[str, int]:
    """The numbers of a line, as far as they may be told: a margin tells cost and price of each other."""
    kind = "missing_" if row.missing else ""
    found = dict.fromkeys(NUMBERS, 0) | {f"{kind}quantity": row.quantity, f"{kind}cost": row.cost, f"{kind}amount": row.amount}
    found["difference"] = found["amount"] - found["cost"]
    if Mask.TRANSFER_PRICE in viewer.masks:
        del found["difference"]
    return found


def grouped(viewer: Viewer, rows: Sequence[Row], key: Callable[[Row], tuple[Any, ...]]) -> list[tuple[tuple[Any, ...], dict[str, int]]]:
    """The sums by key, in its order."""
    found: dict[tuple[Any, ...], dict[str, int]] = {}
    for row in rows:
        own = figures(viewer, row)
        sums = found.setdefault(key(row), dict.fromkeys(own, 0))
        for name, number in own.items():
            sums[name] += number
    return sorted(found.items())


def names_of(by: str, ids: set[int]) -> dict[int, str]:
    """The names of warehouses or departments by id."""
    nobody = said("（未填）", "(none)")
    names = dict(Department.objects.filter(pk__in=ids).values_list("pk", "name")) if by == "department" else items.place_names(ids)
    return {one: names.get(one, nobody) for one in ids}


def note_of(rows: Sequence[Row]) -> str | None:
    """What has to be said of the costs."""
    if not any(row.apportioned for row in rows):
        return None
    return said(
        "同一成本池内的调拨不带金额，这些行的成本按调拨前一刻的池均价列示，供参考。",
        "A transfer inside one cost pool carries no value; the cost of such lines is the pool's average just before, for reference.",
    )


def answer(
    viewer: Viewer,
    rows: Sequence[Row],
    shown: Sequence[Any],
    show: Callable[[Sequence[Any]], list[dict[str, Any]]],
    limit: int | None,
) -> Report:
    """A report of rows that are shown in some way; money is summed, quantities of different goods are not."""
    names = [name for name in SUMMED if name != "difference" or Mask.TRANSFER_PRICE not in viewer.masks]
    totals = report.sums([figures(viewer, row) for row in rows], names)
    return Report(report.shown(shown, limit, show), totals, note_of(rows), limit is not None and len(shown) > limit)


def texts(sums: Mapping[str, int]) -> dict[str, str]:
    """Numbers for the wire."""
    return {name: to_text(number) for name, number in sums.items()}


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """内部结算表 By the two sides and the item."""
    by, span = parameters.get("by") or "warehouse", span_of(parameters)
    rows = settled(viewer, parameters)
    groups = grouped(viewer, rows, lambda row: (*sides_of(row, by), row.item))
    days = {"date_from": span.first.isoformat(), "date_to": span.last.isoformat(), "by": by}

    def show(part: Sequence[Any]) -> list[dict[str, Any]]:
        sides = names_of(by, {side for key, _ in part for side in key[:2]})
        goods = items.item_columns({key[2] for key, _ in part})
        return [
            {
                **days,
                f"source_{by}": key[0] or None,
                f"target_{by}": key[1] or None,
                "source": sides[key[0]],
                "target": sides[key[1]],
                **goods[key[2]],
                **texts(sums),
            }
            for key, sums in part
        ]

    return answer(viewer, rows, groups, show, limit)


def run_months(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """内部结算走势 By month and the two sides."""
    by, last = parameters.get("by") or "warehouse", parameters.get("date_to") or clock.today()
    year = last.replace(day=1, month=1)
    rows = settled(viewer, {**parameters, "date_from": parameters.get("date_from") or year})
    groups = grouped(viewer, rows, lambda row: (f"{row.day:%Y-%m}", *sides_of(row, by)))

    def show(part: Sequence[Any]) -> list[dict[str, Any]]:
        sides = names_of(by, {side for key, _ in part for side in key[1:]})
        return [{"month": key[0], "route": f"{sides[key[1]]} → {sides[key[2]]}", **texts(sums)} for key, sums in part]

    return answer(viewer, rows, groups, show, limit)


def run_lines(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """内部结算明细 Line by line, with the document."""
    by = parameters.get("by") or "warehouse"
    rows = settled(viewer, parameters)

    def show(part: Sequence[Row]) -> list[dict[str, Any]]:
        sides = names_of(by, {side for row in part for side in sides_of(row, by)})
        goods = items.item_columns({row.item for row in part})
        return [
            {
                "document_date": row.day.isoformat(),
                "document": document_ref(row.document, row.type, row.number),
                "source": sides[sides_of(row, by)[0]],
                "target": sides[sides_of(row, by)[1]],
                **goods[row.item],
                **texts(figures(viewer, row)),
                "basis": "apportioned" if row.apportioned else "booked",
            }
            for row in part
        ]

    return answer(viewer, rows, rows, show, limit)


def internal(name: str, label: str) -> Field:
    """A column of internal money, under the mask of transfer prices."""
    return Field(name=name, label=label, kind=Kind.MONEY, scale=2, total=True, mask=Mask.TRANSFER_PRICE, width=120)


def numbers() -> tuple[Field, ...]:
    """The columns of money."""
    return (
        report.value("cost", "成本"),
        internal("amount", "结算金额"),
        report.value("difference", "内部差价"),
        report.value("missing_cost", "短缺成本"),
        internal("missing_amount", "短缺金额"),
    )


def ref(name: str, label: str, collection: str) -> Field:
    """A side that is asked for."""
    return Field(name=name, label=label, kind=Kind.REF, ref=collection, width=130)


SIDE_PARAMETERS = (
    ref("source_warehouse", "调出仓库", "warehouses"),
    ref("target_warehouse", "调入仓库", "warehouses"),
    ref("source_department", "调出部门", "departments"),
    ref("target_department", "调入部门", "departments"),
)
PARAMETERS = (
    Field(name="date_from", label="开始日期", kind=Kind.DATE, width=120, help="留空为本月一日"),
    report.TO_PARAMETER,
    Field(name="by", label="结算双方", kind=Kind.CHOICE, choices=SIDES, default="warehouse", width=110),
    report.ITEM_PARAMETER,
    *SIDE_PARAMETERS,
)
LINES = {
    "report": "internal_settlement_lines",
    "parameters": {name: name for name in ("date_from", "date_to", "by", "item", *(one.name for one in SIDE_PARAMETERS))},
}
ROUTE = (Field(name="source", label="调出方", width=130), Field(name="target", label="调入方", width=130))
ITEM = (report.ITEM_CODE, report.ITEM_NAME, report.ITEM_SPEC, report.UNIT_NAME)
INTERNAL_SETTLEMENT = ReportType(
    name="internal_settlement",
    label="内部结算表",
    menu="inventory",
    parameters=PARAMETERS,
    columns=(
        *ROUTE,
        *ITEM,
        report.quantity("quantity", "调拨数量", total=False, drill=LINES),
        report.quantity("missing_quantity", "短缺数量", total=False, drill=LINES),
        *numbers(),
    ),
    run=run,
)
INTERNAL_SETTLEMENT_MONTHS = ReportType(
    name="internal_settlement_months",
    label="内部结算走势",
    menu="inventory",
    parameters=(replace(PARAMETERS[0], help="留空为当年一月一日"), *PARAMETERS[1:]),
    columns=(Field(name="month", label="月份", width=90), Field(name="route", label="调出方 → 调入方", width=220), *numbers()),
    run=run_months,
    chart=Chart(x="month", y="amount", by="route"),
)
INTERNAL_SETTLEMENT_LINES = ReportType(
    name="internal_settlement_lines",
    label="内部结算明细",
    menu="inventory",
    parameters=PARAMETERS,
    columns=(
        Field(name="document_date", label="日期", kind=Kind.DATE, width=105),
        Field(name="document", label="单据", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
        *ROUTE,
        *ITEM,
        report.quantity("quantity", "调拨数量", total=False),
        report.quantity("missing_quantity", "短缺数量", total=False),
        *numbers(),
        Field(name="basis", label="成本依据", kind=Kind.CHOICE, choices=BASES, width=110),
    ),
    run=run_lines,
)
