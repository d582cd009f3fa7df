"""分配 Allocation: sharing a header discount over lines, holding stock back for order lines, and taking from lots in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hengcang.core.amounts import split, to_decimal, to_micro


def share_amount(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """整单金额分摊 `amount` over lines by weight, in cents; the remainder goes to the last of the largest."""
    return [to_decimal(part) for part in split(to_micro(amount), [to_micro(weight) for weight in weights])]


def held_back(wanted: Decimal, delivered: Decimal, *, live: bool) -> Decimal:
    """占用数量 What an order line keeps reserved: what of the quantity it is to hold back is not delivered, while the order is live."""
    return max(wanted - delivered, Decimal(0)) if live else Decimal(0)


@dataclass(slots=True)
class Supply:
    """可用批次 What is left of a lot, and of what order lines hold back of it; taking from it makes it less."""

    lot: int
    number: str
    expires: date | None
    held: Decimal
    kept: Decimal = Decimal(0)


def take(wanted: Decimal, supply: Sequence[Supply]) -> tuple[list[tuple[Supply, Decimal]], Decimal]:
    """依次取用 What each lot gives, in order, and what is missing."""
    taken = []
    for one in supply:
        quantity = min(wanted, one.held)
        if quantity > 0:
            taken.append((one, quantity))
            one.held -= quantity
            wanted -= quantity
    return taken, wanted


def take_own_first(wanted: Decimal, own: Decimal, lot: int, supply: Sequence[Supply]) -> tuple[list[tuple[Supply, Decimal]], Decimal]:
    """先取自己占用的 As `take`, but first what is held back of a lot for the one who takes: `own` of what is kept of it."""
    mine = next((one for one in supply if one.lot == lot), None)
    if mine is None or own <= 0:
        return take(wanted, supply)
    first = min(wanted, own, mine.kept)
    mine.kept -= first
    taken, missing = take(wanted - first, supply)
    more = sum((quantity for one, quantity in taken if one is mine), Decimal(0))
    rest = [(one, quantity) for one, quantity in taken if one is not mine]
    return ([(mine, first + more), *rest] if first + more > 0 else rest), missing
