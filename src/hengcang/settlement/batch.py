"""成批对账 Statements for everybody: a draft for each party that has a balance, or moved, on one side."""

from __future__ import annotations

from hengcang.access.viewer import Viewer
from hengcang.documents import drafts
from hengcang.ledger.money_reports import parties_with
from hengcang.ledger.reports import Span
from hengcang.settlement.party_statement import PARTY_STATEMENT
from hengcang.settlement.statements import CONTROLS


def state_all(viewer: Viewer, side: str, span: Span) -> list[int]:
    """成批开对账单 The drafts made, one command each: what was made stays where a later one fails."""
    accounts = [str(control.account) for control in CONTROLS[side]]
    period = {"side": side, "date_from": span.first.isoformat(), "date_to": span.last.isoformat()}
    made = [drafts.create(viewer, PARTY_STATEMENT, {"party": party, **period}) for party in parties_with(accounts, span)]
    return [int(one["document"]) for one in made]
