"""账龄分析 Ageing: what each party had open at the end of a day, by how long it was overdue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import report
from hengcang.analytics.party_ledger import ACCOUNTS, LEDGER, SIDE, kept_from
from hengcang.analytics.report import Report, sums
from hengcang.base import clock
from hengcang.core.amounts import to_text
from hengcang.core.posting import Account
from hengcang.documents.scope import document_limits
from hengcang.ledger.money_reports import OpenAt, ageing_rows
from hengcang.meta.declarations import Field, ReportType
from hengcang.meta.english import said

ADVANCES = (str(Account.CUSTOMER_ADVANCE), str(Account.SUPPLIER_ADVANCE))
AGES = ("not_due", "days_30", "days_60", "days_90", "days_more")
NUMBERS = ("owed", *AGES, "advance", "net")


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """A row for each party; as of a past day from what was cleared until then. Advances stand apart, below zero."""
    side = parameters.get("side") or "customer"
    if kept := kept_from(viewer, side):
        return kept
    day = parameters.get("day") or clock.today()
    sign = 1 if side == "customer" else -1
    asked = OpenAt(day, ACCOUNTS[side], parameters.get("party"), document_limits(viewer))
    rows = [(row, numbers_of(row[3:], sign)) for row in ageing_rows(asked, ADVANCES)]
    hidden = {"side": side, "day": day.isoformat()}
    truncated = limit is not None and len(rows) > limit
    note = said("按到期日计算；没有到期日的列为未到期。", "By due day; what has none counts as not due.")
    totals = sums((numbers for _, numbers in rows), NUMBERS)
    return Report(report.shown(rows, limit, lambda part: show(part, hidden)), totals, note, truncated)


def numbers_of(amounts: Sequence[int], sign: int) -> dict[str, int]:
    """The columns of a row in micro, above zero where the side is owed."""
    *ages, advance = (sign * amount for amount in amounts)
    return {"owed": sum(ages), **dict(zip(AGES, ages, strict=True)), "advance": advance, "net": sum(ages) + advance}


def show(rows: Sequence[tuple[Any, ...]], hidden: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows for the wire; side and day go with a click."""
    return [
        {
            "party": row[0],
            "party_code": row[1],
            "party_name": row[2],
            **hidden,
            **{name: to_text(number) for name, number in numbers.items()},
        }
        for row, numbers in rows
    ]


ITEMS = {"report": "open_items", "parameters": {"party": "party", "side": "side", "day": "day"}}
AGEING = ReportType(
    name="ageing",
    label="账龄分析",
    menu="settlement",
    parameters=(SIDE, report.PARTY_PARAMETER, report.DAY_PARAMETER),
    columns=(
        Field(name="party_code", label="编码", width=90),
        Field(name="party_name", label="往来单位", width=200, drill=LEDGER),
        report.money("owed", "未结合计", drill=ITEMS),
        report.money("not_due", "未到期"),
        report.money("days_30", "逾期 1–30 天"),
        report.money("days_60", "逾期 31–60 天"),
        report.money("days_90", "逾期 61–90 天"),
        report.money("days_more", "逾期 90 天以上"),
        report.money("advance", "预收预付"),
        report.money("net", "净额"),
    ),
    run=run,
)
