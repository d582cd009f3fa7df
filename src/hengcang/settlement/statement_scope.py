"""对账范围 What a statement is of: whose entries of which days in which currency, and whether its maker may see them all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hengcang.access.viewer import Viewer
from hengcang.base.book import book
from hengcang.core.currency_errors import CurrencyAndOwn
from hengcang.core.errors import FieldInvalid, StatementIncomplete, StatementSent
from hengcang.core.posting import Control
from hengcang.documents.scope import party_limits
from hengcang.ledger.party_reports import Owed, party_opening, party_totals
from hengcang.ledger.reports import Span
from hengcang.parties.models import Party
from hengcang.places.models import Currency
from hengcang.records.models import Document

CONTROLS = {
    "customer": (Control.RECEIVABLE, Control.CUSTOMER_ADVANCE, Control.OTHER_RECEIVABLE),
    "supplier": (Control.PAYABLE, Control.SUPPLIER_ADVANCE, Control.OTHER_PAYABLE),
}


def owed_of(document: Document) -> tuple[Owed, Span]:
    """Whose entries of which days, in which currency, a statement is of. Raises FieldInvalid, CurrencyAndOwn."""
    first, last = (date.fromisoformat(document.ext[name]) for name in ("date_from", "date_to"))
    if first > last:
        raise FieldInvalid(path="date_to", label="结束日期", value=str(last), reason=f"不能早于开始日期 {first}")
    accounts = [str(control.account) for control in CONTROLS[document.ext["side"]]]
    assert document.party_id is not None
    return Owed(document.party_id, accounts, currency=currency_of(document)), Span(first, last)


def currency_of(document: Document) -> str | None:
    """币别 The code of the only currency that a statement lists; none where it lists all, in the book's. Raises CurrencyAndOwn."""
    own = document.ext.get("currencies") == "own_currency"
    if document.currency_id is None:
        return book().currency if own else None
    if own:
        raise CurrencyAndOwn(path="currencies")
    return Currency.objects.values_list("code", flat=True).get(pk=document.currency_id)


def require_same(document: Document) -> None:
    """须照旧 What was sent is of the same party, side, days and currency when it is opened again. Raises StatementSent."""
    before = Document.objects.get(pk=document.pk)
    names = ("side", "date_from", "date_to")
    asked = [
        (one.party_id, one.currency_id, one.ext.get("currencies") or "all", *(one.ext.get(name) for name in names))
        for one in (before, document)
    ]
    if asked[0] != asked[1]:
        raise StatementSent(path="party")


def require_whole(viewer: Viewer, owed: Owed, span: Span) -> None:
    """须看得全 A statement of a part would be a wrong one. Raises StatementIncomplete where the maker may not see every entry."""
    limits = party_limits(viewer)
    if not limits:
        return
    seen = replace(owed, limits=limits)
    if party_opening(seen, span.first) != party_opening(owed, span.first) or party_totals(seen, span) != party_totals(owed, span):
        name = Party.objects.values_list("name", flat=True).get(pk=owed.party)
        raise StatementIncomplete(path="party", party=name, last=span.last.isoformat())
