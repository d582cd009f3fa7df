"""序列号 Serial numbers: where a piece may go, and what one piece of a move is worth.

A piece stands at one spot (place and lot) of ours, or outside. Its moves in order of (date, sequence) must form a chain:
each begins where the one before it ended. So it is never in two places, and in and out alternate, whatever is entered
late or taken back. Under 个别计价 every piece is a cost pool of its own, and a move of many pieces is as many moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from hengcang.core.amounts import split, to_decimal, to_micro
from hengcang.core.posting import ZERO, AtCost, CostOf, Given, Move, PlaceKind, SumOf, Value

ONE = Decimal(1)
Spot = tuple[int, int]
OUTSIDE: Spot = (0, 0)


class Leg(NamedTuple):
    """一步 One move of one piece, from spot to spot; `move` is 0 while it is being decided."""

    day: int
    sequence: int
    move: int
    source: Spot
    target: Spot


class Broken(NamedTuple):
    """断链 The first leg that does not begin where the piece stands."""

    leg: Leg
    stands: Spot


def follow(legs: Iterable[Leg]) -> Spot | Broken:
    """走一遍 Where the piece stands after all its legs, or where the chain breaks."""
    spot = OUTSIDE
    for leg in sorted(legs, key=lambda leg: (leg.day, leg.sequence)):
        if leg.source != spot:
            return Broken(leg, spot)
        spot = leg.target
    return spot


def pieces(move: Move) -> list[Move]:
    """逐件 A move of individually costed pieces as one move each; a count keeps a move of nothing that says it was counted."""
    count = len(move.serials) + len(move.against)
    marker = [replace(move, quantity=ZERO, serials=(), against=())] if move.target == PlaceKind.COUNT else []
    values = values_of(move.value, count)
    settled = parts_of(move.settled, count) if move.settled is not None else [None] * count
    signed = [*((one, ONE) for one in move.serials), *((one, -ONE) for one in move.against)]
    return marker + [
        replace(
            move,
            quantity=sign,
            value=value,
            settled=part,
            serials=(serial,) if sign > 0 else (),
            against=(serial,) if sign < 0 else (),
        )
        for (serial, sign), value, part in zip(signed, values, settled, strict=True)
    ]


def parts_of(amount: Decimal, count: int) -> list[Decimal]:
    """An amount over as many pieces, in cents; the last takes the rest."""
    return [to_decimal(part) for part in split(to_micro(amount), [1] * count)]


def values_of(value: Value, count: int) -> list[Value]:
    """The value of each piece."""
    if isinstance(value, Given):
        return [Given(part) for part in parts_of(value.amount, count)]
    if isinstance(value, AtCost):
        return [AtCost(part) for part in parts_of(value.fallback, count)] if value.fallback is not None else [value] * count
    if isinstance(value, SumOf):
        fees = parts_of(value.plus, count)
        shares = split(to_micro(value.part), [1] * count)
        return [SumOf(fee, to_decimal(share), value.whole) for fee, share in zip(fees, shares, strict=True)]
    assert isinstance(value, CostOf)
    return [value] * count
