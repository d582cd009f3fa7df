"""ABC 分析 ABC analysis: items ranked by the cost of what was sold and used of them, with the class that this makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import items, report
from hengcang.analytics.report import Report
from hengcang.base import clock
from hengcang.core.amounts import to_text
from hengcang.core.ranking import CLASSES, Ranked
from hengcang.ledger import consumption
from hengcang.meta.declarations import Choice, Field, Kind, Mask, ReportType
from hengcang.meta.english import said

MONTHS = 12
PERCENT = {"kind": Kind.MONEY, "scale": 2, "mask": Mask.COST, "width": 90}


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """ABC 分析 The items, the most used first; nothing of what they cost to who may not see cost."""
    found = consumption.ranked_items(clock.today(), parameters.get("months") or MONTHS)
    whole = sum(one.amount for one in found)
    counts = Counter(one.rank for one in found)
    if parameters.get("abc_class"):
        found = [one for one in found if one.rank == parameters["abc_class"]]

    def show(rows: Sequence[Ranked]) -> list[dict[str, Any]]:
        names = items.item_columns({one.key for one in rows})
        return [
            {
                **names[one.key],
                "abc_class": one.rank,
                "used_value": to_text(one.amount),
                "share": report.percent(one.amount, whole, 2),
                "through": report.percent(one.through, whole, 2),
            }
            for one in rows
        ]

    note = said("各类商品数：", "Items by class: ") + said("，", ", ").join(f"{one} {counts[one]}" for one in CLASSES)
    totals = {"used_value": to_text(sum(one.amount for one in found))}
    return Report(report.shown(found, limit, show), totals, note=note, truncated=limit is not None and len(found) > limit)


ABC_ANALYSIS = ReportType(
    name="abc_analysis",
    label="ABC 分析",
    menu="inventory",
    parameters=(
        Field(
            name="months",
            label="最近月数",
            kind=Kind.INTEGER,
            width=90,
            minimum=Decimal(1),
            maximum=Decimal(120),
            help="留空为 12 个月，含本月",
        ),
        Field(name="abc_class", label="分类", kind=Kind.CHOICE, choices=tuple(Choice(one, f"{one} 类") for one in CLASSES), width=90),
    ),
    columns=(
        Field(name="abc_class", label="分类", width=70),
        report.ITEM_CODE,
        report.ITEM_NAME,
        report.ITEM_SPEC,
        report.UNIT_NAME,
        report.value("used_value", "出库成本"),
        Field(name="share", label="占比(%)", **PERCENT),  # type: ignore[arg-type]
        Field(name="through", label="累计占比(%)", **PERCENT),  # type: ignore[arg-type]
    ),
    run=run,
)
