"""ABC 分类 Items ranked by what they bring about: few make most of it and are watched closely, many make little.

An item is of class A where those before it have not yet made the first bound of the whole, of class B up to the second,
else of class C; so the one that crosses a bound is still of the better class. What made nothing is C.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

A, B, C = CLASSES = ("A", "B", "C")


class Ranked(NamedTuple):
    """排名 A key with its amount, all that it and those before it made, and its class; amounts in one unit, any."""

    key: int
    amount: int
    through: int
    rank: str


def ranked(amounts: Mapping[int, int], first: int, second: int) -> list[Ranked]:
    """ABC 分类 The keys, the largest amount first (of equals the smaller key); bounds in percent, 0 < first ≤ second ≤ 100."""
    assert 0 < first <= second <= 100
    order = sorted(amounts, key=lambda key: (-amounts[key], key))
    whole = sum(amount for amount in amounts.values() if amount > 0)
    found, before = [], 0
    for key in order:
        amount = max(amounts[key], 0)
        rank = C if not amount else A if before * 100 < first * whole else B if before * 100 < second * whole else C
        before += amount
        found.append(Ranked(key, amount, before, rank))
    return found
