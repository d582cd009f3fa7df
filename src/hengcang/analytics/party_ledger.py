"""往来明细账与应收应付 What a party owes or is owed: the ledger with a running balance, and the open items by due date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import report
from hengcang.analytics.report import Report
from hengcang.base import clock
from hengcang.core.amounts import to_text
from hengcang.core.posting import ACCOUNT_LABELS, Account
from hengcang.ledger import reports as books
from hengcang.meta import registry
from hengcang.meta.declarations import Choice, Field, Kind, Mask, ReportType
from hengcang.meta.refs import document_label

SIDES = (Choice("customer", "应收（客户）"), Choice("supplier", "应付（供应商）"))
ACCOUNTS = {
    "customer": (str(Account.RECEIVABLE), str(Account.CUSTOMER_ADVANCE)),
    "supplier": (str(Account.PAYABLE), str(Account.SUPPLIER_ADVANCE)),
}


SIDE_MASKS = {"customer": Mask.SALES_PRICE, "supplier": Mask.PURCHASE_PRICE}
KEPT = "您无权查看{price}，这一方向的往来不列示。"


def kept_from(viewer: Viewer, side: str) -> Report | None:
    """An empty report with the reason, where the viewer may not see the prices that the amounts of a side are made of."""
    if SIDE_MASKS[side] not in viewer.masks:
        return None
    return Report([], None, KEPT.format(price="销售价" if side == "customer" else "采购价"))


def document_ref(document: int, type_name: str, number: str | None) -> dict[str, Any]:
    """A document as a cell."""
    collection = registry.document(type_name).collection
    return {"id": document, "type": type_name, "collection": collection, "label": document_label(number, document)}


def run_ledger(viewer: Viewer, parameters: Mapping[str, Any]) -> Report:
    """往来明细账 The entries of one party in a span, with a running balance."""
    party, side = parameters["party"], parameters.get("side") or "customer"
    if kept := kept_from(viewer, side):
        return kept
    last = parameters.get("date_to") or clock.today()
    first = parameters.get("date_from") or (last - timedelta(days=365))
    balance = books.party_opening(party, ACCOUNTS[side], first)
    rows: list[dict[str, Any]] = [{"document_date": first.isoformat(), "account": "期初余额", "balance": to_text(balance)}]
    debit = credit = 0
    for row in books.party_rows(party, ACCOUNTS[side], books.Span(first, last), report.ROW_LIMIT):
        amount = row[6]
        balance += amount
        debit, credit = debit + max(amount, 0), credit + max(-amount, 0)
        rows.append(
            {
                "id": row[0],
                "document_date": str(row[1]),
                "document": document_ref(row[2], row[3], row[4]),
                "account": ACCOUNT_LABELS[Account(row[5])],
                "debit": to_text(amount) if amount > 0 else None,
                "credit": to_text(-amount) if amount < 0 else None,
                "balance": to_text(balance),
                "remark": row[8],
            }
        )
    note = "余额为正表示对方欠我方，为负表示我方欠对方。"
    return Report(rows, {"debit": to_text(debit), "credit": to_text(credit)}, note)


def run_open_items(viewer: Viewer, parameters: Mapping[str, Any]) -> Report:
    """应收应付 Open items, the first due first, with days overdue."""
    side = parameters.get("side") or "customer"
    if kept := kept_from(viewer, side):
        return kept
    today = clock.today()
    rows = []
    amount = still_open = overdue = 0
    sign = 1 if side == "customer" else -1
    for row in books.open_rows(ACCOUNTS[side], parameters.get("party"), report.document_limits(viewer), report.ROW_LIMIT):
        due = row[8] if row[8] is None or not isinstance(row[8], str) else type(today).fromisoformat(row[8])
        late = (today - due).days if due is not None else 0
        amount, still_open = amount + sign * row[10], still_open + sign * row[11]
        overdue += sign * row[11] if late > 0 else 0
        rows.append(
            {
                "id": row[0],
                "party": row[1],
                "party_code": row[2],
                "party_name": row[3],
                "document": document_ref(row[4], row[5], row[6]),
                "document_date": str(row[7]),
                "due_date": None if due is None else due.isoformat(),
                "overdue_days": max(late, 0),
                "account": ACCOUNT_LABELS[Account(row[9])],
                "amount": to_text(sign * row[10]),
                "open": to_text(sign * row[11]),
            }
        )
    totals = {"amount": to_text(amount), "open": to_text(still_open)}
    return Report(rows, totals, f"其中逾期 {to_text(overdue)}。" if overdue else None)


SIDE = Field(name="side", label="方向", kind=Kind.CHOICE, choices=SIDES, default="customer", width=140)
DOCUMENT = Field(name="document", label="单据", kind=Kind.DOCUMENT, width=170, drill={"document": True})
PARTY_LEDGER = ReportType(
    name="party_ledger",
    label="往来明细账",
    menu="settlement",
    parameters=(SIDE, replace(report.PARTY_PARAMETER, required=True), report.FROM_PARAMETER, report.TO_PARAMETER),
    columns=(
        Field(name="document_date", label="日期", kind=Kind.DATE, width=105),
        DOCUMENT,
        Field(name="account", label="科目", width=140),
        report.money("debit", "借方"),
        report.money("credit", "贷方"),
        report.money("balance", "余额", total=False),
        Field(name="remark", label="备注", width=200),
    ),
    run=run_ledger,
)
LEDGER = {"report": "party_ledger", "parameters": {"party": "party"}}
OPEN_ITEMS = ReportType(
    name="open_items",
    label="应收应付",
    menu="settlement",
    parameters=(SIDE, report.PARTY_PARAMETER),
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
    ),
    run=run_open_items,
)
