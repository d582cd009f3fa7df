"""对账 Statements: what stands between a party and us in a period, line by line, and what the other side says of it.

Until it is sent a statement is made anew from the books at every save; what was sent stays as it was sent. Opened again
to note the answer, its own figures stay and only the answer is typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.core.amounts import to_decimal, to_micro, to_text
from hengcang.core.errors import FieldInvalid, StatementIncomplete
from hengcang.core.posting import Control
from hengcang.documents.scope import party_limits
from hengcang.ledger.reports import Owed, Span, party_opening, party_rows, party_totals
from hengcang.meta import registry
from hengcang.meta.refs import document_label
from hengcang.parties.models import Party
from hengcang.records.models import Document, MoneyLine

CONTROLS = {
    "customer": (Control.RECEIVABLE, Control.CUSTOMER_ADVANCE, Control.OTHER_RECEIVABLE),
    "supplier": (Control.PAYABLE, Control.SUPPLIER_ADVANCE, Control.OTHER_PAYABLE),
}
SIGNS = {"customer": 1, "supplier": -1}
Answers = Mapping[str, dict[str, Any]]


def owed_of(document: Document) -> tuple[Owed, Span]:
    """Whose entries of which days a statement is of. Raises FieldInvalid."""
    first, last = (date.fromisoformat(document.ext[name]) for name in ("date_from", "date_to"))
    if first > last:
        raise FieldInvalid(path="date_to", label="结束日期", value=str(last), reason=f"不能早于开始日期 {first}")
    accounts = [str(control.account) for control in CONTROLS[document.ext["side"]]]
    assert document.party_id is not None
    return Owed(document.party_id, accounts), Span(first, last)


def fill(viewer: Viewer, document: Document, standing: Sequence[MoneyLine], answers: Answers) -> list[MoneyLine]:
    """对账明细 The lines of a statement with what was answered, and its figures in the header.

    Three statements at most, four more where its maker does not see every document. Raises StatementIncomplete.
    """
    rows = list(standing) if document.revision else made(viewer, document)
    for row in rows:
        row.ext = {**row.ext, **answers.get(row.ext["key"], {})}
    document.ext["result"] = result_of(document, rows)
    return rows


def made(viewer: Viewer, document: Document) -> list[MoneyLine]:
    """The lines as the books have them now: one for each document and day. Above zero they owe more (or we do)."""
    owed, span = owed_of(document)
    require_whole(viewer, owed, span)
    sign = SIGNS[document.ext["side"]]
    opening = sign * party_opening(owed, span.first)
    balance = opening
    rows: list[MoneyLine] = []
    for (day, key, name, number), entries in groupby(party_rows(owed, span, None), key=lambda row: (str(row[1]), row[2], row[3], row[4])):
        group = list(entries)
        amount = sign * sum(row[6] for row in group)
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
        rows.append(line)
    document.ext |= {"opening": to_text(opening), "closing": to_text(balance)}
    return rows


def require_whole(viewer: Viewer, owed: Owed, span: Span) -> None:
    """须看得全 A statement of a part would be a wrong one. Raises StatementIncomplete where the maker may not see every entry."""
    limits = party_limits(viewer)
    if not limits:
        return
    seen = replace(owed, limits=limits)
    if party_opening(seen, span.first) != party_opening(owed, span.first) or party_totals(seen, span) != party_totals(owed, span):
        name = Party.objects.values_list("name", flat=True).get(pk=owed.party)
        raise StatementIncomplete(path="party", party=name, last=span.last.isoformat())


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
