"""对账 Statements: what stands between a party and us in a period, line by line, and what the other side says of it.

Until it is sent a statement is made anew from the books at every save; what was sent stays as it was sent. Opened again
to note the answer, its own figures stay and only the answer is typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.core.amounts import to_decimal, to_micro, to_text
from hengcang.ledger.party_reports import party_opening, party_rows
from hengcang.meta import registry
from hengcang.meta.refs import document_label
from hengcang.records.models import Document, MoneyLine
from hengcang.settlement.statement_scope import owed_of, require_same, require_whole

SIGNS = {"customer": 1, "supplier": -1}
Answers = Mapping[str, dict[str, Any]]


def fill(viewer: Viewer, document: Document, standing: Sequence[MoneyLine], answers: Answers) -> list[MoneyLine]:
    """对账明细 The lines of a statement with what was answered, and its figures in the header.

    Four statements at most, four more where its maker does not see every document. Raises StatementIncomplete, StatementSent.
    """
    if document.revision:
        require_same(document)
    rows = list(standing) if document.revision else made(viewer, document)
    for row in rows:
        row.ext = {**row.ext, **answers.get(row.ext["key"], {})}
    document.ext["result"] = result_of(document, rows)
    return rows


def made(viewer: Viewer, document: Document) -> list[MoneyLine]:
    """The lines as the books have them now: one for each document and day. Above zero they owe more (or we do).

    Of a foreign currency the amounts are in it, and what they are worth in the book's stands beside.
    """
    owed, span = owed_of(document)
    require_whole(viewer, owed, span)
    sign, abroad = SIGNS[document.ext["side"]], document.currency_id is not None
    before = party_opening(owed, span.first)
    opening, worth = sign * (before.foreign if abroad else before.book), before.book
    balance = opening
    rows: list[MoneyLine] = []
    for (day, key, name, number), entries in groupby(party_rows(owed, span, None), key=lambda row: (str(row[1]), row[2], row[3], row[4])):
        group = list(entries)
        amount = sign * sum(row[10] if abroad else row[6] for row in group)
        book_amount = sum(row[6] for row in group)
        worth += book_amount
        if not amount:
            continue
        balance += amount
        ext = {
            "key": f"{day}/{key}",
            "entry_date": day,
            "document_label": f"{registry.document(name).label} {document_label(number, key)}",
            "balance": to_text(balance),
        }
        remark = group[0][8] or ""
        line = MoneyLine(revision=document.revision, position=len(rows) + 1, role="statement", amount=to_decimal(amount), ext=ext)
        line.remark = remark[:200]
        line.book_amount = to_decimal(sign * book_amount) if abroad else None
        rows.append(line)
    document.ext |= {"opening": to_text(opening), "closing": to_text(balance)}
    document.ext["closing_book"] = to_text(sign * worth) if abroad else None
    return rows


def result_of(document: Document, rows: Sequence[MoneyLine]) -> str:
    """对账结果 Whether the other side agreed, said otherwise, or said nothing yet."""
    said = [(row.amount, row.ext.get("their_amount")) for row in rows]
    said.append((document.ext.get("closing", 0), document.ext.get("their_closing")))
    if any(theirs is not None and to_decimal_text(theirs) != to_decimal_text(ours) for ours, theirs in said):
        return "different"
    return "confirmed" if document.ext.get("confirmed_on") else "waiting"


def to_decimal_text(value: Any) -> str:
    """An amount as plain text, so that 5 and 5.00 are alike."""
    return to_text(to_micro(value))
