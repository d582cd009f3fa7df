"""科目账 The books by account: trial balance, general ledger by month, and the ledger of one account line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.accounting import chart as charts
from hengcang.accounting.chart import Chart, Node
from hengcang.accounting.journal import months_of
from hengcang.analytics import report
from hengcang.analytics.cash_ledger import span_of
from hengcang.analytics.report import Report, sums
from hengcang.analytics.vouchers import ACCOUNT, COLUMNS, FROM, code_of, kept_from
from hengcang.core.amounts import to_text
from hengcang.ledger import account_reports as books
from hengcang.ledger.reports import Span, month_of
from hengcang.meta.declarations import Choice, Field, Kind, ReportType
from hengcang.meta.english import said, word
from hengcang.meta.refs import document_ref

SIX = ("opening_debit", "opening_credit", "debit", "credit", "closing_debit", "closing_credit")
LEVELS = (Choice("all", "全部"), Choice("top", "一级科目"))


def note_of(span: Span) -> str:
    """Which periods are shown."""
    months = f"{span.first:%Y-%m}" if month_of(span.first) == month_of(span.last) else f"{span.first:%Y-%m} – {span.last:%Y-%m}"
    return said(f"按会计期间：{months}。", f"Accounting periods {months}.")


def two_sides(name: str, balance: int) -> dict[str, int]:
    """A balance as debit or credit."""
    return {f"{name}_debit": max(balance, 0), f"{name}_credit": max(-balance, 0)}


def hidden(node: Node, span: Span) -> dict[str, Any]:
    """What goes with a click."""
    return {"account": node.id, "date_from": span.first.isoformat(), "date_to": span.last.isoformat()}


def run_trial(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """科目余额表 Every account that has something, those above with the sum of those below; three statements."""
    if kept := kept_from(viewer):
        return kept
    chart, span = charts.read(), months_of(span_of(parameters))
    turned: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for leg, month, debit, credit in books.flows(month_of(span.first), month_of(span.last)):
        for code in chart.of(leg).path:
            own = turned[code]
            if month == 0:
                own[0] += debit - credit
            else:
                own[1], own[2] = own[1] + debit, own[2] + credit
    rows, tops = [], []
    for code, (opening, debit, credit) in sorted(turned.items()):
        node = chart.nodes[code]
        numbers = {**two_sides("opening", opening), "debit": debit, "credit": credit, **two_sides("closing", opening + debit - credit)}
        if not any(numbers.values()):
            continue
        top = len(node.path) == 1
        if top:
            tops.append(numbers)
        if top or parameters.get("level") != "top":
            name = "　" * (len(node.path) - 1) + chart.shown_name(node)
            texts = {key: to_text(number) for key, number in numbers.items()}
            rows.append({"account_code": code, "account_name": name, **hidden(node, span), **texts})
    return Report(rows[:limit], sums(tops, SIX), note_of(span))


@dataclass(slots=True)
class Account:
    """总账科目 One account by month: what lay before its first year, and debits and credits by month."""

    node: Node
    months: dict[int, list[int]]

    def rows(self, chart: Chart, span: Span) -> Iterator[dict[str, Any]]:
        """Opening, then for each month its sums and those of its year."""
        first, year = month_of(span.first), span.first.year * 100
        balance = sum(debit - credit for month, (debit, credit) in self.months.items() if month < first)
        named = {"account_code": self.node.code, "account_name": chart.full_name(self.node), **hidden(self.node, span)}
        yield {**named, "month": f"{span.first:%Y-%m}", "remark": said("期初余额", "Opening balance"), **self.standing(balance)}
        for month in months_in(span):
            debit, credit = self.months.get(month, [0, 0])
            balance += debit - credit
            year = month // 100 * 100
            whole = [sum(numbers[side] for at, numbers in self.months.items() if year < at <= month) for side in (0, 1)]
            shown = {**named, "month": f"{month // 100}-{month % 100:02}", **self.standing(balance)}
            yield {**shown, "remark": said("本月合计", "Of the month"), "debit": to_text(debit), "credit": to_text(credit)}
            yield {**shown, "remark": said("本年累计", "Of the year"), "debit": to_text(whole[0]), "credit": to_text(whole[1])}

    def standing(self, balance: int) -> dict[str, str]:
        """The balance and its side."""
        side = word("平", "even") if not balance else word("借", "debit") if balance > 0 else word("贷", "credit")
        return {"direction": side, "balance": to_text(abs(balance))}


def months_in(span: Span) -> list[int]:
    """The months of a span, yyyymm."""
    months, at = [], span.first
    while at <= span.last:
        months.append(month_of(at))
        at = (at.replace(day=28) + timedelta(days=4)).replace(day=1)
    return months


def run_general(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """总账 By account and month; of one account and those below it, or of all."""
    if kept := kept_from(viewer):
        return kept
    chart, span = charts.read(), months_of(span_of(parameters))
    code = code_of(chart, parameters.get("account"))
    only = None if code is None else chart.under(code)
    found: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    named = None if code is None else chart.booked_under(code)
    for leg, month, debit, credit in books.flows(span.first.year * 100 + 1, month_of(span.last), named):
        for above in chart.of(leg).path:
            numbers = found[above][month]
            numbers[0], numbers[1] = numbers[0] + debit, numbers[1] + credit
    chosen = (one for one in sorted(found) if only is None or one in only)
    rows = [row for one in chosen for row in Account(chart.nodes[one], found[one]).rows(chart, span)]
    return Report(rows[:limit], None, note_of(span), limit is not None and len(rows) > limit)


@dataclass(slots=True)
class Ledger:
    """明细账 The legs of an account and those below it in a span, with a running balance."""

    chart: Chart
    codes: set[str]
    legs: books.Legs
    opening: int

    def rows(self, *, streamed: bool) -> Iterator[dict[str, Any]]:
        """The opening, then every leg with the balance it leaves."""
        balance, first = self.opening, self.legs.span.first.isoformat()
        yield {"document_date": first, "remark": said("期初余额", "Opening balance"), "balance": to_text(balance)}
        for row in self.legs.rows("posting", streamed=streamed):
            node = self.chart.of(row.leg)
            if node.code not in self.codes:
                continue
            balance += row.debit - row.credit
            yield {
                "document_date": str(row.day),
                "voucher": f"{word('记', 'voucher')}-{row.posting}",
                "document": document_ref(row.document, row.type, row.number),
                "remark": row.remark,
                "account_name": self.chart.full_name(node),
                "party_name": row.party,
                "debit": to_text(row.debit) if row.debit else None,
                "credit": to_text(row.credit) if row.credit else None,
                "balance": to_text(balance),
            }


def opening_of(chart: Chart, codes: set[str], booked: Sequence[str], day: date) -> int:
    """期初余额 Balance before a day: the kept months before its month, and the rows of its month before it."""
    kept = books.flows(month_of(day), books.month_before(day), booked)
    found = sum(debit - credit for leg, _, debit, credit in kept if chart.of(leg).code in codes)
    if day.day == 1:
        return found
    cut = books.Legs(Span(day.replace(day=1), day - timedelta(days=1)), booked)
    return found + sum(debit - credit for leg, debit, credit in cut.totals() if chart.of(leg).code in codes)


def run_ledger(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """科目明细账 Every leg on an account in a span. Sums and closing balance are those of the whole span."""
    if kept := kept_from(viewer):
        return kept
    chart, span = charts.read(), span_of(parameters)
    code = chart.codes[parameters["account"]]
    codes, booked = chart.under(code), chart.booked_under(code)
    ledger = Ledger(chart, codes, books.Legs(span, booked), opening_of(chart, codes, booked, span.first))
    if limit is None:
        return Report(ledger.rows(streamed=True))
    rows = list(islice(ledger.rows(streamed=True), limit + 2))
    turned = [(debit, credit) for leg, debit, credit in ledger.legs.totals() if chart.of(leg).code in codes]
    debit, credit = sum(one[0] for one in turned), sum(one[1] for one in turned)
    totals = {"debit": to_text(debit), "credit": to_text(credit), "balance": to_text(ledger.opening + debit - credit)}
    return Report(rows[: limit + 1], totals, None, len(rows) > limit + 1)


DRILL = {"report": "account_ledger", "parameters": {"account": "account", "date_from": "date_from", "date_to": "date_to"}}
CODE = Field(name="account_code", label="科目编码", width=110)
NAME = Field(name="account_name", label="科目", width=240)
TRIAL_BALANCE = ReportType(
    name="trial_balance",
    label="科目余额表",
    menu="accounting",
    parameters=(FROM, report.TO_PARAMETER, Field(name="level", label="级次", kind=Kind.CHOICE, choices=LEVELS, default="all", width=110)),
    columns=(
        CODE,
        replace(NAME, drill=DRILL),
        report.money("opening_debit", "期初借方"),
        report.money("opening_credit", "期初贷方"),
        report.money("debit", "本期借方"),
        report.money("credit", "本期贷方"),
        report.money("closing_debit", "期末借方"),
        report.money("closing_credit", "期末贷方"),
    ),
    run=run_trial,
)
GENERAL_LEDGER = ReportType(
    name="general_ledger",
    label="总账",
    menu="accounting",
    parameters=(FROM, report.TO_PARAMETER, ACCOUNT),
    columns=(
        CODE,
        replace(NAME, drill=DRILL),
        Field(name="month", label="期间", width=90),
        Field(name="remark", label="摘要", width=110),
        report.money("debit", "借方", total=False),
        report.money("credit", "贷方", total=False),
        Field(name="direction", label="方向", width=60),
        report.money("balance", "余额", total=False),
    ),
    run=run_general,
)
ACCOUNT_LEDGER = ReportType(
    name="account_ledger",
    label="科目明细账",
    menu="accounting",
    parameters=(replace(ACCOUNT, required=True), FROM, report.TO_PARAMETER),
    columns=(
        *COLUMNS,
        NAME,
        Field(name="party_name", label="往来单位", width=160),
        report.money("debit", "借方"),
        report.money("credit", "贷方"),
        report.money("balance", "余额", total=False),
    ),
    run=run_ledger,
)
