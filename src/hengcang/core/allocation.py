"""分配 Allocation: sharing a header discount over lines, and holding stock back for order lines."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from hengcang.core.amounts import split, to_decimal, to_micro


def share_amount(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """整单金额分摊 `amount` over lines by weight, in cents; the remainder goes to the last of the largest."""
    return [to_decimal(part) for part in split(to_micro(amount), [to_micro(weight) for weight in weights])]


def held_back(ordered: Decimal, delivered: Decimal, *, live: bool) -> Decimal:
    """占用数量 What an order line that asks for it keeps reserved: what is still open while the order is live."""
    return max(ordered - delivered, Decimal(0)) if live else Decimal(0)
