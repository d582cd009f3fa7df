"""上限 Limits: no balance grows beyond what a 64-bit column holds.

A posting is refused by name before it writes, where its pools and balances are known; what only the database adds up
(party balances, monthly flows, corrections of counts) has CHECK constraints, whose names are turned into the same
refusal. One document is limited to far less than the gap between `MOST` and 2⁶³, so a constraint always speaks first.
"""

from __future__ import annotations

from django.db import IntegrityError

from hengcang.core.amounts import MOST, SCALE
from hengcang.core.costing import Valuation
from hengcang.core.errors import NOWHERE, BalanceTooLarge
from hengcang.ledger.work import Work

WITHIN = {
    "balance_within": "quantity",
    "pool_within": "value",
    "stock_month_within": "flow",
    "pool_month_within": "flow",
    "party_balance_within": "party",
    "account_month_within": "turnover",
}


def refuse_beyond(work: Work, valuation: Valuation) -> None:
    """超限拒绝 Refuse a posting that takes a pool or a balance beyond the limit. Raises BalanceTooLarge, with a line of its item."""
    for pool, state in valuation.pools.items():
        for balance, number in (("quantity", state.quantity), ("value", state.value)):
            if abs(number) > MOST:
                raise too_large(work, work.pools[pool].item, balance)
    held = {key: row.quantity for key, row in work.balances.items()}
    for one, move in zip(work.bound, work.new, strict=False):
        for key, sign in ((one.target_balance, 1), (one.source_balance, -1)):
            if key is not None:
                held[key] += sign * move.quantity
    for (item, _, _), quantity in held.items():
        if abs(quantity) > MOST:
            raise too_large(work, item, "quantity")


def too_large(work: Work, item: int, balance: str) -> BalanceTooLarge:
    """The refusal, pointing at the item's first line in this document, where it has one."""
    lines = (work.request.line_at(one.wanted.line) for one in work.bound if one.item.id == item)
    line = next(lines, NOWHERE)
    known = work.items[item]
    return BalanceTooLarge(path=str(line.named("quantity")["path"]), item=f"{known.code} {known.name}", balance=balance, most=shown())


def shown() -> str:
    """The limit as a person reads it."""
    return f"{MOST // SCALE:,}"


def refusal_of(error: IntegrityError) -> BalanceTooLarge | None:
    """超限约束 The refusal that a failed CHECK stands for; None for any other failure."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = str(getattr(diagnosis, "constraint_name", None) or error).rpartition(": ")[2]
    balance = WITHIN.get(name)
    return None if balance is None else BalanceTooLarge(balance=balance, most=shown())
