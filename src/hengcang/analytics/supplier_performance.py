"""供应商表现 Supplier performance: what inspection found of their goods, what went back, whether they came by the agreed day.

Rates are of lines (批次), since quantities of different goods do not add up; by item the quantities stand beside them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import items, report
from hengcang.analytics.report import Report
from hengcang.base import clock
from hengcang.core.amounts import to_text
from hengcang.documents.scope import document_limits
from hengcang.ledger import supplier_reports as books
from hengcang.meta import registry
from hengcang.meta.declarations import Choice, Field, Kind, ReportType
from hengcang.parties.models import Party

RESULTS = ("accepted", "conceded", "rejected")
COUNTS = (
    "received_lines",
    "inspected_lines",
    *(f"{one}_lines" for one in RESULTS),
    "returned_lines",
    "dated_lines",
    "late_lines",
    "late_days",
)
QUANTITIES = ("received", *RESULTS, "returned")
OF_ITEMS = frozenset({"item_code", "item_name", "unit", *QUANTITIES})
Sums = dict[str, int]


def figures(viewer: Viewer, asked: books.Asked) -> dict[books.Key, Sums]:
    """By (supplier, item), what was received, inspected, sent back, and late; five statements at most."""
    types = registry.documents().values()
    bought = [one.name for one in types if one.buys and viewer.may(one.name, "view")]
    back = [one.name for one in types if one.consumes == "returned" and one.party_role == "supplier" and viewer.may(one.name, "view")]
    looked = [one.name for one in types if one.consumes == "inspected" and viewer.may(one.name, "view")]
    found: dict[books.Key, Sums] = defaultdict(lambda: dict.fromkeys((*COUNTS, *QUANTITIES), 0))
    for name, kinds in (("received", bought), ("returned", back)):
        for key, (lines, quantity) in books.moved(kinds, asked).items():
            found[key][f"{name}_lines"], found[key][name] = lines, quantity
    for key, results in books.inspected(looked, asked).items():
        for result, (lines, quantity) in results.items():
            found[key]["inspected_lines"] += lines
            if result in RESULTS:
                found[key][f"{result}_lines"], found[key][result] = lines, quantity
    for key, (lines, late, days) in books.punctual(bought, asked).items():
        found[key] |= {"dated_lines": lines, "late_lines": late, "late_days": days}
    return found


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """供应商表现 By supplier, or by supplier and item; the worst first."""
    last = parameters.get("date_to") or clock.today()
    first = parameters.get("date_from") or (last - timedelta(days=365))
    by_item = parameters.get("by") == "item"
    wanted = {0: parameters.get("party"), 1: parameters.get("item")}
    rows: dict[tuple[int, int], Sums] = defaultdict(lambda: dict.fromkeys((*COUNTS, *QUANTITIES), 0))
    for key, sums in figures(viewer, books.Asked(first, last, document_limits(viewer))).items():
        if all(asked is None or key[at] == asked for at, asked in wanted.items()):
            row = rows[key if by_item else (key[0], 0)]
            for name, amount in sums.items():
                row[name] += amount
    ordered = sorted(rows.items(), key=lambda one: (worth(one[1]), one[0]))

    def show(part: Sequence[tuple[tuple[int, int], Sums]]) -> list[dict[str, Any]]:
        parties = dict(Party.objects.filter(pk__in={key[0] for key, _ in part}).values_list("pk", "name"))
        names = items.item_columns({key[1] for key, _ in part}) if by_item else {}
        return [
            {
                "party": key[0],
                "party_name": parties.get(key[0], ""),
                **names.get(key[1], {}),
                **{name: sums[name] for name in COUNTS},
                **({name: to_text(sums[name]) for name in QUANTITIES} if by_item else {}),
                "accepted_rate": report.percent(sums["accepted_lines"] + sums["conceded_lines"], sums["inspected_lines"]),
                "punctual_rate": report.percent(sums["dated_lines"] - sums["late_lines"], sums["dated_lines"]),
                "late_days": None if not sums["late_lines"] else str(round(Decimal(sums["late_days"]) / sums["late_lines"], 1)),
            }
            for key, sums in part
        ]

    unused = () if by_item else OF_ITEMS
    return Report(report.shown(ordered, limit, show), truncated=limit is not None and len(ordered) > limit, unused=unused)


def worth(sums: Sums) -> tuple[Decimal, Decimal]:
    """What a supplier is sorted by: the rate of what was accepted, then of what came in time; who was not looked at comes last."""
    good, looked = sums["accepted_lines"] + sums["conceded_lines"], sums["inspected_lines"]
    timely, dated = sums["dated_lines"] - sums["late_lines"], sums["dated_lines"]
    return Decimal(good) / looked if looked else Decimal(2), Decimal(timely) / dated if dated else Decimal(2)


def lines_of(name: str, label: str) -> Field:
    """A number of lines."""
    return Field(name=name, label=label, kind=Kind.INTEGER, width=90)


def rate(name: str, label: str) -> Field:
    """A rate in percent, or an average."""
    return Field(name=name, label=label, kind=Kind.MONEY, scale=1, width=100)


SUPPLIER_PERFORMANCE = ReportType(
    name="supplier_performance",
    label="供应商表现",
    menu="purchasing",
    parameters=(
        report.FROM_PARAMETER,
        report.TO_PARAMETER,
        Field(
            name="by", label="汇总", kind=Kind.CHOICE, choices=(Choice("supplier", "按供应商"), Choice("item", "按供应商与商品")), width=130
        ),
        report.PARTY_PARAMETER,
        report.ITEM_PARAMETER,
    ),
    columns=(
        Field(name="party_name", label="供应商", width=180),
        report.ITEM_CODE,
        report.ITEM_NAME,
        report.UNIT_NAME,
        rate("accepted_rate", "批次合格率(%)"),
        rate("punctual_rate", "准时率(%)"),
        rate("late_days", "平均晚到天数"),
        lines_of("received_lines", "到货批数"),
        lines_of("inspected_lines", "验收批数"),
        lines_of("accepted_lines", "合格批数"),
        lines_of("conceded_lines", "让步批数"),
        lines_of("rejected_lines", "不合格批数"),
        lines_of("returned_lines", "退货批数"),
        lines_of("dated_lines", "有交期批数"),
        lines_of("late_lines", "晚到批数"),
        report.quantity("received", "到货数量", total=False),
        report.quantity("accepted", "合格数量", total=False),
        report.quantity("conceded", "让步数量", total=False),
        report.quantity("rejected", "不合格数量", total=False),
        report.quantity("returned", "退货数量", total=False),
    ),
    run=run,
)
