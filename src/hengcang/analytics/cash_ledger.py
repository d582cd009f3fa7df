"""资金账户明细与余额 What came in and went out on our cash accounts: one account line by line, and all of them in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import report
from hengcang.analytics.report import Report, sums
from hengcang.base import clock
from hengcang.core.amounts import to_text
from hengcang.documents.scope import document_limits
from hengcang.ledger.money_reports import cash_rows, cash_sums
from hengcang.ledger.reports import Limit, Span
from hengcang.meta.declarations import Field, Kind, ReportType
from hengcang.meta.english import said
from hengcang.meta.refs import document_ref
from hengcang.places.models import CashAccount

ONE_ROW_FOR_THE_OPENING = 1


def span_of(parameters: Mapping[str, Any]) -> Span:
    """The span that is asked for; this month where its start is left empty."""
    last = parameters.get("date_to") or clock.today()
    return Span(parameters.get("date_from") or min(last, clock.today()).replace(day=1), last)


def note_of(limits: list[Limit]) -> str | None:
    """What a limited viewer is told: this is not all of the money."""
    told = said("只含您可见单据的收支，不是全部余额。", "Only documents you may see are counted, not the whole balance.")
    return told if limits else None


@dataclass(slots=True)
class Journal:
    """日记账 One account in a span: the balance before it, and every entry in it."""

    account: int
    span: Span
    limits: list[Limit]
    opening: int

    def rows(self, limit: int | None) -> Iterator[dict[str, Any]]:
        """The entries, each with the balance it leaves."""
        balance = self.opening
        yield {"document_date": self.span.first.isoformat(), "remark": said("期初余额", "Opening balance"), "balance": to_text(balance)}
        for row in cash_rows(self.account, self.span, self.limits, limit):
            amount, came_in = row[6], row[7]
            balance += amount
            yield {
                "id": row[0],
                "document_date": str(row[1]),
                "document": document_ref(row[2], row[3], row[4]),
                "party_name": row[5],
                "amount_in": to_text(amount) if came_in else None,
                "amount_out": None if came_in else to_text(-amount),
                "balance": to_text(balance),
                "remark": row[8],
                **report.abroad(row[9], row[10]),
            }


def run_ledger(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """资金账户明细 Sums and closing balance are those of the whole span, however many rows are shown."""
    span, limits = span_of(parameters), document_limits(viewer)
    [(opening, came, went)] = [row[1:] for row in cash_sums(span, limits, parameters["cash_account"])] or [(0, 0, 0)]
    journal = Journal(parameters["cash_account"], span, limits, opening)
    if limit is None:
        return Report(journal.rows(None), note=note_of(limits))
    rows = list(journal.rows(limit + 1))
    shown = limit + ONE_ROW_FOR_THE_OPENING
    totals = {"amount_in": to_text(came), "amount_out": to_text(went), "balance": to_text(opening + came - went)}
    return Report(rows[:shown], totals, note_of(limits), len(rows) > shown)


def run_balances(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """资金余额表 Every account that is in use or ever moved, with its opening, in, out and closing of a span."""
    span, limits = span_of(parameters), document_limits(viewer)
    moved = {account: numbers for account, *numbers in cash_sums(span, limits)}
    hidden = {"date_from": span.first.isoformat(), "date_to": span.last.isoformat()}
    rows, found = [], []
    for account, code, name, active in CashAccount.objects.order_by("code").values_list("id", "code", "name", "active"):
        if not active and account not in moved:
            continue
        opening, came, went = moved.get(account, (0, 0, 0))
        numbers = {"opening": opening, "amount_in": came, "amount_out": went, "balance": opening + came - went}
        found.append(numbers)
        shown = {key: to_text(number) for key, number in numbers.items()}
        rows.append({"cash_account": account, "account_code": code, "account_name": name, **hidden, **shown})
    return Report(rows[:limit], sums(found, ("opening", "amount_in", "amount_out", "balance")), note_of(limits))


FROM = replace(report.FROM_PARAMETER, help="留空为本月一日")
AMOUNTS = (report.money("amount_in", "收入"), report.money("amount_out", "支出"))
CASH_LEDGER = ReportType(
    name="cash_ledger",
    label="资金账户明细",
    menu="settlement",
    parameters=(
        Field(name="cash_account", label="结算账户", kind=Kind.REF, ref="cash_accounts", required=True, width=160),
        FROM,
        report.TO_PARAMETER,
    ),
    columns=(
        Field(name="document_date", label="日期", kind=Kind.DATE, width=105),
        Field(name="document", label="单据", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
        Field(name="party_name", label="往来单位", width=200),
        *AMOUNTS,
        report.money("balance", "余额", total=False),
        *report.ABROAD,
        Field(name="remark", label="备注", width=200),
    ),
    run=run_ledger,
)
LEDGER = {"report": "cash_ledger", "parameters": {"cash_account": "cash_account", "date_from": "date_from", "date_to": "date_to"}}
CASH_BALANCES = ReportType(
    name="cash_balances",
    label="资金余额表",
    menu="settlement",
    parameters=(FROM, report.TO_PARAMETER),
    columns=(
        Field(name="account_code", label="编码", width=90),
        Field(name="account_name", label="结算账户", width=200, drill=LEDGER),
        report.money("opening", "期初余额"),
        *AMOUNTS,
        report.money("balance", "期末余额"),
    ),
    run=run_balances,
)
