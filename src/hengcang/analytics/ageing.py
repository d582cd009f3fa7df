"""账龄分析 Ageing: what each party had open at the end of a day, by how long it was overdue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
from hengcang.meta.declarations import FOREIGN, Field, ReportType
from hengcang.meta.english import said

ADVANCES = (str(Account.CUSTOMER_ADVANCE), str(Account.SUPPLIER_ADVANCE))
AGES = ("not_due", "days_30", "days_60", "days_90", "days_more")
NUMBERS = ("owed", *AGES, "advance", "net")
BESIDE = ("foreign_amount", "book_amount")


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """A row for each party and currency; as of a past day from what was cleared until then. Advances stand apart, below zero.

    Amounts are in the book's currency, with the net in its own beside; where one foreign currency is asked for they are in it,
    with what the net is worth in the book's beside.
    """
    side = parameters.get("side") or "customer"
    if kept := kept_from(viewer, side):
        return kept
    day = parameters.get("day") or clock.today()
    sign = 1 if side == "customer" else -1
    currency = report.asked_currency(parameters)
    asked = OpenAt(day, ACCOUNTS[side], parameters.get("party"), document_limits(viewer), currency=currency)
    rows = [(row, numbers_of(row[4:], sign)) for row in ageing_rows(asked, ADVANCES)]
    hidden = {"side": side, "day": day.isoformat(), "currency_asked": currency or None}
    truncated = limit is not None and len(rows) > limit
    note = said("按到期日计算；没有到期日的列为未到期。", "By due day; what has none counts as not due.")
    names: tuple[str, ...] = NUMBERS
    if currency:
        code = report.code_of(currency)
        note += said(f"各列金额以 {code} 计，折本位币为账面数。", f" Amounts are in {code}, beside what the books hold them at.")
        names = (*NUMBERS, *BESIDE)
    totals = sums((numbers for _, numbers in rows), names)
    return Report(report.shown(rows, limit, lambda part: show(part, hidden)), totals, note, truncated)


def numbers_of(amounts: Sequence[int], sign: int) -> dict[str, int]:
    """The columns of a row in micro, above zero where the side is owed."""
    foreign, booked, *ages, advance = (sign * amount for amount in amounts)
    net = {"advance": advance, "net": sum(ages) + advance}
    return {"owed": sum(ages), **dict(zip(AGES, ages, strict=True)), **net, **dict(zip(BESIDE, (foreign, booked), strict=True))}


def show(rows: Sequence[tuple[Any, ...]], hidden: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows for the wire; side, day and the currency asked for go with a click."""
    return [
        {
            "party": row[0],
            "party_code": row[1],
            "party_name": row[2],
            **hidden,
            **{name: to_text(number) for name, number in numbers.items() if name not in BESIDE},
            **report.abroad(row[3], numbers["foreign_amount"]),
            **({"book_amount": to_text(numbers["book_amount"])} if hidden["currency_asked"] else {}),
        }
        for row, numbers in rows
    ]


ITEMS = {"report": "open_items", "parameters": {"party": "party", "side": "side", "day": "day", "currency": "currency_asked"}}
AGEING = ReportType(
    name="ageing",
    label="账龄分析",
    menu="settlement",
    parameters=(SIDE, report.PARTY_PARAMETER, report.DAY_PARAMETER, *report.CURRENCY_PARAMETERS),
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
        *report.ABROAD,
        replace(report.money("book_amount", "折本位币"), feature=FOREIGN),
    ),
    run=run,
)
