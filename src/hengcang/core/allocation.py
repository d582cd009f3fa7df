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


def held_back(ordered: Decimal, delivered: Decimal, *, live: bool) -> Decimal:
    """占用数量 What an order line that asks for it keeps reserved: what is still open while the order is live."""
    return max(ordered - delivered, Decimal(0)) if live else Decimal(0)


@dataclass(slots=True)
class Supply:
    """可用批次 What is left of a lot; taking from it makes it less."""

    lot: int
    number: str
    expires: date | None
    held: Decimal


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
