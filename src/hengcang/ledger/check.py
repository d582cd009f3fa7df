"""台账自检 The check: every invariant the books must hold, as questions whose answers must be empty.

`run` asks all of them on either database, set by set, without
building objects; `check_posting` (in `check_touched`) asks a few about what one posting touched, inside its
transaction. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Collection

from hengcang.ledger import check_bills, check_costs, check_documents, check_house, check_money, check_serials, check_stock, gathering
from hengcang.ledger.check_touched import check_posting
from hengcang.ledger.check_words import Check, Fault, first

CHECKS: tuple[Check, ...] = (
    *check_stock.CHECKS,
    *check_money.CHECKS,
    *check_bills.CHECKS,
    *check_documents.CHECKS,
    *check_costs.CHECKS,
    *check_serials.CHECKS,
    *check_house.CHECKS,
    *gathering.CHECKS,
)
__all__ = ["CHECKS", "Check", "Fault", "check_posting", "run"]


def run(only: Collection[str] | None = None) -> list[Fault]:
    """自检 The invariants that do not hold, each with its first rows; empty when the books stand. `only` names ids."""
    faults = []
    for check in CHECKS:
        if only is None or check.id in only:
            rows = first(check.find())
            if rows:
                faults.append(Fault(check.id, check.text, rows))
    return faults
