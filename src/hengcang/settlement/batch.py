"""成批对账 Statements for everybody: a draft for each party that has a balance, or moved, on one side, of all currencies or of one."""

from __future__ import annotations

from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.documents import drafts
from hengcang.ledger.party_reports import parties_with
from hengcang.ledger.reports import Span
from hengcang.places.models import Currency
from hengcang.settlement.party_statement import PARTY_STATEMENT
from hengcang.settlement.statement_scope import CONTROLS


def state_all(viewer: Viewer, side: str, span: Span, currency: Currency | None = None) -> list[int]:
    """成批开对账单 The drafts made, one command each: what was made stays where a later one fails."""
    accounts = [str(control.account) for control in CONTROLS[side]]
    period: dict[str, Any] = {"side": side, "date_from": span.first.isoformat(), "date_to": span.last.isoformat()}
    if currency is not None:
        period["currency"] = currency.pk
    parties = parties_with(accounts, span, currency.code if currency else None)
    made = [drafts.create(viewer, PARTY_STATEMENT, {"party": party, **period}) for party in parties]
    return [int(one["document"]) for one in made]
