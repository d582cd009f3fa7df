"""往来明细账与应收应付 What a party owes or is owed: the ledger with a running balance, and the open items by due date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import remedies, report
from hengcang.analytics.report import Report
from hengcang.base import bulk, clock
from hengcang.core.amounts import to_text
from hengcang.core.posting import ACCOUNT_LABELS, CONTROL_OF_ACCOUNT, Account
from hengcang.documents.scope import document_limits, numbered, party_limits
from hengcang.ledger import party_reports as books
from hengcang.ledger.money_reports import OpenAt, open_rows_at, open_totals_at
from hengcang.ledger.reports import OpenNow, Span, open_rows, open_totals
from hengcang.meta.declarations import FOREIGN, Choice, Field, Kind, Mask, Remedy, ReportType
from hengcang.meta.english import said, word
from hengcang.meta.refs import document_ref

SIDES = (Choice("customer", "应收（客户）"), Choice("supplier", "应付（供应商）"))
ACCOUNTS = {
    "customer": (str(Account.RECEIVABLE), str(Account.CUSTOMER_ADVANCE), str(Account.OTHER_RECEIVABLE)),
    "supplier": (str(Account.PAYABLE), str(Account.SUPPLIER_ADVANCE), str(Account.OTHER_PAYABLE)),
}


SIDE_MASKS = {"customer": Mask.SALES_PRICE, "supplier": Mask.PURCHASE_PRICE}
KEPT = {
    "customer": ("您无权查看销售价，这一方向的往来不列示。", "You may not see sales prices, so what customers owe is not shown."),
    "supplier": ("您无权查看采购价，这一方向的往来不列示。", "You may not see purchase prices, so what suppliers are owed is not shown."),
}


def kept_from(viewer: Viewer, side: str) -> Report | None:
    """An empty report with the reason, where the viewer may not see the prices that the amounts of a side are made of."""
    if SIDE_MASKS[side] not in viewer.masks:
        return None
    return Report([], None, said(*KEPT[side]))


def account_name(account: str) -> str:
    """科目名称 The name of an account."""
    one = Account(account)
    return word(ACCOUNT_LABELS[one], one.name.lower())


@dataclass(slots=True)
class Ledger:
    """往来账 One party on the accounts of a side: the balance before a span, and every entry in it."""

    owed: books.Owed
    span: Span
    opening: int = 0
    debit: int = 0
    credit: int = 0
    foreign: int | None = None
    abroad: int = 0

    def rows(self, limit: int | None) -> Iterator[dict[str, Any]]:
        """The entries, each with the balance it leaves; `debit`, `credit` and `abroad` grow with them.

        The balance in foreign currency too, where one currency is asked for (`foreign` is what it was before).
        """
        balance = self.opening
        opening = said("期初余额", "Opening balance")
        yield {"document_date": self.span.first.isoformat(), "account": opening, "balance": to_text(balance), **self.left(0)}
        for row in books.party_rows(self.owed, self.span, limit):
            amount = row[6]
            balance += amount
            self.debit, self.credit = self.debit + max(amount, 0), self.credit + max(-amount, 0)
            self.abroad += row[10]
            yield {
                "id": row[0],
                "document_date": str(row[1]),
                "document": document_ref(row[2], row[3], row[4]),
                "account": account_name(row[5]),
                "debit": to_text(amount) if amount > 0 else None,
                "credit": to_text(-amount) if amount < 0 else None,
                "balance": to_text(balance),
                "remark": row[8],
                **report.abroad(row[9], row[10]),
                **self.left(self.abroad),
            }

    def left(self, came: int) -> dict[str, str]:
        """外币余额 What is left in the currency asked for after so much came."""
        return {} if self.foreign is None else {"foreign_balance": to_text(self.foreign + came)}


def run_ledger(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """往来明细账 The entries of one party in a span, in all currencies or in one, with a running balance.

    Sums and closing balance are of the whole span.
    """
    party, side = parameters["party"], parameters.get("side") or "customer"
    if kept := kept_from(viewer, side):
        return kept
    last = parameters.get("date_to") or clock.today()
    first = parameters.get("date_from") or (last - timedelta(days=365))
    currency = report.asked_currency(parameters)
    owed = books.Owed(party, ACCOUNTS[side], party_limits(viewer), report.code_of(currency))
    opening, abroad = books.party_opening(owed, first)
    ledger = Ledger(owed, Span(first, last), opening, foreign=abroad if currency else None)
    note = said("余额为正表示对方欠我方，为负表示我方欠对方。", "A positive balance is owed to us, a negative one is owed by us.")
    if owed.limits:
        note += said("只含您可见单据的往来，不是全部余额。", " Only documents you may see are counted, not the whole balance.")
    if limit is None:
        return Report(ledger.rows(None), note=note)
    rows = list(ledger.rows(limit + 1))
    truncated = len(rows) > limit + 1
    debit, credit, foreign = ledger.debit, ledger.credit, ledger.abroad
    if truncated:
        debit, credit, foreign = books.party_totals(owed, ledger.span)
    totals = {"debit": to_text(debit), "credit": to_text(credit), "balance": to_text(opening + debit - credit)}
    if currency:
        totals |= {"foreign_amount": to_text(foreign), "foreign_balance": to_text(abroad + foreign)}
    return Report(rows[: limit + 1], totals, note, truncated)


def run_open_items(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """应收应付 Open items now, or at the end of a past day, the first due first, with days overdue."""
    side = parameters.get("side") or "customer"
    if kept := kept_from(viewer, side):
        return kept
    day: date | None = parameters.get("day")
    today = day or clock.today()
    sign = 1 if side == "customer" else -1
    late = parameters.get("overdue_days")
    due_before = None if late is None else today - timedelta(days=late)
    limits = numbered(document_limits(viewer), parameters.get("number"))
    currency = report.asked_currency(parameters)
    asked = (ACCOUNTS[side], parameters.get("party"), limits, due_before, currency)
    some = None if limit is None else limit + 1
    rows_of = open_rows(OpenNow(*asked), some) if day is None else open_rows_at(OpenAt(day, *asked), some)
    if limit is None:
        return Report(open_item(row, sign, today) for row in rows_of)
    found = list(rows_of)
    truncated = len(found) > limit
    sums = sums_of_open(found, today)
    if truncated:
        sums = open_totals(OpenNow(*asked), today) if day is None else open_totals_at(OpenAt(day, *asked))
    amount, still_open, overdue, foreign = (to_text(sign * number) for number in sums)
    rows = [open_item(row, sign, today) for row in found[:limit]]
    note = said(f"其中逾期 {overdue}。", f"Of this {overdue} is overdue.") if sums[2] else None
    return Report(rows, {"amount": amount, "open": still_open, **({"foreign_amount": foreign} if currency else {})}, note, truncated)


def sums_of_open(rows: Sequence[tuple[Any, ...]], today: date) -> tuple[int, int, int, int]:
    """Amount, what is open, what of it is overdue, and what is open in foreign currency."""
    late = sum(row[11] for row in rows if days_late(row[8], today) > 0)
    return sum(row[10] for row in rows), sum(row[11] for row in rows), late, sum(row[12] or 0 for row in rows)


def days_late(due: Any, today: date) -> int:
    """逾期天数 Days after the due day; not above zero where it is not overdue."""
    day = bulk.read_date(due)
    return 0 if day is None else (today - day).days


def open_item(row: tuple[Any, ...], sign: int, today: date) -> dict[str, Any]:
    """One open item for the wire; `control`, `clearable` and `to_clear` are what a document that clears it takes."""
    control = CONTROL_OF_ACCOUNT[Account(row[9])]
    own = row[11] if row[12] is None else row[12]
    return {
        "id": row[0],
        "party": row[1],
        "party_code": row[2],
        "party_name": row[3],
        "document": document_ref(row[4], row[5], row[6]),
        "document_date": str(row[7]),
        "due_date": None if row[8] is None else str(row[8]),
        "overdue_days": max(days_late(row[8], today), 0),
        "account": account_name(row[9]),
        "amount": to_text(sign * row[10]),
        "open": to_text(sign * row[11]),
        "control": control,
        "clearable": to_text(control.sign * own),
        "to_clear": to_text(sign * own),
        **report.abroad(row[13], sign * own),
    }


SIDE = Field(name="side", label="方向", kind=Kind.CHOICE, choices=SIDES, default="customer", width=140)
DOCUMENT = Field(name="document", label="单据", kind=Kind.DOCUMENT, width=170, drill={"document": True})
PARTY_LEDGER = ReportType(
    name="party_ledger",
    label="往来明细账",
    menu="settlement",
    parameters=(
        SIDE, replace(report.PARTY_PARAMETER, required=True), report.FROM_PARAMETER, report.TO_PARAMETER, *report.CURRENCY_PARAMETERS,
    ),
    columns=(
        Field(name="document_date", label="日期", kind=Kind.DATE, width=105),
        DOCUMENT,
        Field(name="account", label="科目", width=140),
        report.money("debit", "借方"),
        report.money("credit", "贷方"),
        report.money("balance", "余额", total=False),
        *report.ABROAD,
        Field(name="foreign_balance", label="外币余额", kind=Kind.MONEY, scale=2, feature=FOREIGN, width=120),
        Field(name="remark", label="备注", width=200),
    ),
    run=run_ledger,
)  # fmt: skip
LEDGER = {"report": "party_ledger", "parameters": {"party": "party"}}
OPEN_ITEMS = ReportType(
    name="open_items",
    label="应收应付",
    menu="settlement",
    parameters=(
        SIDE,
        report.PARTY_PARAMETER,
        report.NUMBER_PARAMETER,
        report.DAY_PARAMETER,
        report.OVERDUE_PARAMETER,
        *report.CURRENCY_PARAMETERS,
    ),
    columns=(
        Field(name="party_code", label="编码", width=90),
        Field(name="party_name", label="往来单位", width=200, drill=LEDGER),
        DOCUMENT,
        Field(name="document_date", label="单据日期", kind=Kind.DATE, width=105),
        Field(name="due_date", label="到期日", kind=Kind.DATE, width=105),
        Field(name="overdue_days", label="逾期天数", kind=Kind.INTEGER, width=90),
        Field(name="account", label="科目", width=110),
        report.money("amount", "原金额"),
        report.money("open", "未结金额"),
        *report.ABROAD,
    ),
    run=run_open_items,
    remedies=(
        Remedy(
            name="collect",
            label="生成收款单",
            target="incoming_payment",
            drafts=remedies.settle("incoming_payment"),
            when={"side": ("customer",)},
        ),
        Remedy(
            name="pay",
            label="生成付款单",
            target="outgoing_payment",
            drafts=remedies.settle("outgoing_payment"),
            when={"side": ("supplier",)},
        ),
    ),
)
