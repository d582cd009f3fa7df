"""分配 Allocation: sharing a header discount over lines, holding stock back for order lines, and taking from lots in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from hengcang.core.amounts import split, to_decimal, to_micro

ZERO = Decimal(0)


def share_amount(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """整单金额分摊 `amount` over lines by weight, in cents; the remainder goes to the last of the largest."""
    return [to_decimal(part) for part in split(to_micro(amount), [to_micro(weight) for weight in weights])]


def held_back(wanted: Decimal, delivered: Decimal, *, live: bool) -> Decimal:
    """占用数量 What an order line keeps reserved: what of the quantity it is to hold back is not delivered, while the order is live."""
    return max(wanted - delivered, ZERO) if live else Decimal(0)


@dataclass(slots=True)
class Supply:
    """可用批次与库位 What is left of a lot (0: of none) on a shelf, and of what order lines hold back; taking from it makes it less."""

    lot: int
    number: str
    expires: date | None
    held: Decimal
    kept: Decimal = ZERO
    shelf: int = 0


def keep(supply: Sequence[Supply], quantity: Decimal) -> None:
    """留出占用 Leave what order lines hold back of a lot on its last shelves."""
    for one in reversed(supply):
        part = max(min(quantity, one.held), ZERO)
        one.held, one.kept, quantity = one.held - part, one.kept + part, quantity - part


def take(wanted: Decimal, supply: Sequence[Supply]) -> tuple[list[tuple[Supply, Decimal]], Decimal]:
    """依次取用 What each lot gives, in order, and what is missing: of one shelf where it has enough, else of its shelves in order."""
    taken = []
    for _, group in groupby(supply, attrgetter("lot")):
        shelves = list(group)
        enough = next((one for one in shelves if one.held >= wanted), None)
        for one in shelves if enough is None else (enough,):
            quantity = min(wanted, one.held)
            if quantity > 0:
                taken.append((one, quantity))
                one.held -= quantity
                wanted -= quantity
    return taken, wanted


def take_own_first(wanted: Decimal, own: Decimal, lot: int, supply: Sequence[Supply]) -> tuple[list[tuple[Supply, Decimal]], Decimal]:
    """先取自己占用的 As `take`, but first what is held back of a lot for the one who takes: `own` of what is kept of it."""
    mine = [one for one in supply if one.lot == lot]
    first = max(min(wanted, own, sum((one.kept for one in mine), ZERO)), ZERO)
    left = first
    for one in mine:
        part = min(left, one.kept)
        one.kept, one.held, left = one.kept - part, one.held + part, left - part
    taken, _ = take(first, mine)
    more, missing = take(wanted - first, supply)
    sums: dict[int, tuple[Supply, Decimal]] = {}
    for one, quantity in (*taken, *more):
        sums[id(one)] = (one, sums.get(id(one), (one, ZERO))[1] + quantity)
    return list(sums.values()), missing
