"""核销 Clearing: which debit meets which credit, and for how much.

What is cleared of one party on one account sums to nothing: items of both signs (a debt and a return, a payment's own
entry) meet each other in the order given; every pair names one debit and one credit. Amounts are micro, signed like
entries (debit positive).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from hengcang.core.posting import Control


class Claim(NamedTuple):
    """待核销 What of an entry takes part: `key` names the entry, `amount` is signed."""

    key: int
    amount: int


class Pair(NamedTuple):
    """核销对 `amount` (> 0) of a debit entry meets a credit entry."""

    debit: int
    credit: int
    amount: int


def cleared_amount(lines: Iterable[tuple[Control, Decimal]]) -> Decimal:
    """核销金额 What a clearing of several accounts amounts to: the larger of its debit and its credit side."""
    sums = {1: Decimal(0), -1: Decimal(0)}
    for control, amount in lines:
        sums[control.sign] += amount
    return max(sums[1], sums[-1], key=abs)


def exceeds(amount: int, open_amount: int) -> bool:
    """Whether clearing `amount` takes more than is open, or of the wrong sign."""
    if amount * open_amount < 0:
        return True
    return abs(amount) > abs(open_amount)


def pair(claims: Sequence[Claim]) -> list[Pair]:
    """Debits against credits, first come first met. The claims must balance (their sum is zero)."""
    assert sum(claim.amount for claim in claims) == 0, "claims must balance"
    debits = [[claim.key, claim.amount] for claim in claims if claim.amount > 0]
    credits = [[claim.key, -claim.amount] for claim in claims if claim.amount < 0]
    pairs: list[Pair] = []
    at = 0
    for debit in debits:
        while debit[1] > 0:
            credit = credits[at]
            amount = min(debit[1], credit[1])
            pairs.append(Pair(debit[0], credit[0], amount))
            debit[1] -= amount
            credit[1] -= amount
            if credit[1] == 0:
                at += 1
    return pairs


def spread(amount: int, open_items: Sequence[Claim]) -> list[Claim]:
    """核销分配 Spread `amount` (signed) over open items in the order given, each up to what is open of it.

    Items of the other sign are taken whole first, since they enlarge what can be taken of the rest. The amount must not
    exceed the sum of the items.
    """
    chosen = [claim for claim in open_items if claim.amount * amount < 0]
    left = amount - sum(claim.amount for claim in chosen)
    for claim in open_items:
        if claim.amount * amount > 0 and left:
            take = min(claim.amount, left, key=abs)
            chosen.append(Claim(claim.key, take))
            left -= take
    assert left == 0, "more is cleared than is open"
    return chosen
