"""库存数量 Stock quantities: may this posting be, and how much can still be promised.

The rule (负库存 禁止/提示/允许) holds at *every* point of the order (date, sequence), not only today: a back-dated
issue may starve a later one that was posted long ago. A position is a whole posting, so that a document may bring
goods in on one line and send them out on another. Only positions that the posting makes worse count: an old deficit
never blocks what does not touch it. Undoing a posting is checked the same way, with its quantities negated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class NegativeStock(StrEnum):
    """负库存 Policy for negative stock: 禁止, 提示 or 允许."""

    FORBID = "forbid"
    WARN = "warn"
    ALLOW = "allow"


class Delta(NamedTuple):
    """增减 Change of one stock key (item, place, lot) at a position; `line` only on the posting's own."""

    key: int
    day: int
    sequence: int
    quantity: int
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Shortage:
    """缺货 Shortage: by how much a posting drives a key below zero at its worst, and the day on which it does."""

    key: int
    day: int
    short: int
    line: int | None


@dataclass(frozen=True, slots=True)
class StockCheck:
    """库存检查 Result of a stock check: what must be refused, and what is only said; both in key order."""

    refused: tuple[Shortage, ...]
    warned: tuple[Shortage, ...]


@dataclass(frozen=True, slots=True)
class AvailableFormula:
    """可用量公式 What counts when stock is promised, besides what is on hand."""

    less_reserved: bool = True
    plus_incoming: bool = False
    less_outgoing: bool = False


def available(on_hand: int, reserved: int = 0, incoming: int = 0, outgoing: int = 0, formula: AvailableFormula | None = None) -> int:
    """可用量 Available quantity: on hand − reserved, + incoming and − outgoing where the formula says so."""
    formula = formula or AvailableFormula()
    return (
        on_hand
        - (reserved if formula.less_reserved else 0)
        + (incoming if formula.plus_incoming else 0)
        - (outgoing if formula.less_outgoing else 0)
    )


def check_stock(
    before: Mapping[int, int],
    later: Iterable[Delta],
    posting: Sequence[Delta],
    policy: Mapping[int, NegativeStock],
) -> StockCheck:
    """库存检查 Check of a posting: the shortages it causes, by policy; a key without policy is 禁止.

    `before` is the quantity of each key just before the posting's first position on it, `later` the live changes
    from there on, in any order. The posting's own lines are in `posting`, in document order.
    """
    own: dict[int, list[Delta]] = defaultdict(list)
    for delta in posting:
        own[delta.key].append(delta)
    live: dict[int, list[Delta]] = defaultdict(list)
    for delta in later:
        if delta.key in own:
            live[delta.key].append(delta)
    refused: list[Shortage] = []
    warned: list[Shortage] = []
    for key in sorted(own):
        rule = policy.get(key, NegativeStock.FORBID)
        if rule == NegativeStock.ALLOW:
            continue
        shortage = worst_shortage(before.get(key, 0), live[key], own[key])
        if shortage is not None:
            (refused if rule == NegativeStock.FORBID else warned).append(shortage)
    return StockCheck(tuple(refused), tuple(warned))


def worst_shortage(before: int, live: Sequence[Delta], own: Sequence[Delta]) -> Shortage | None:
    """最大缺口 Worst shortage of one key: the first position at which the posting adds most to the deficit."""
    changes: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for delta in live:
        changes[delta.day, delta.sequence][0] += delta.quantity
    for delta in own:
        changes[delta.day, delta.sequence][1] += delta.quantity
    old = added = worst = 0
    found: tuple[tuple[int, int], int] | None = None
    for position in sorted(changes):
        old += changes[position][0]
        added += changes[position][1]
        short = min(before + old, 0) - min(before + old + added, 0)
        if short > worst:
            worst, found = short, (position, before + old)
    if found is None:
        return None
    position, without = found
    return Shortage(own[0].key, position[0], worst, short_line(without, position, own))


def short_line(without: int, position: tuple[int, int], own: Sequence[Delta]) -> int | None:
    """缺货行 The first line with which the running quantity falls below zero, given the quantity without the posting."""
    running = without
    last: int | None = None
    for delta in own:
        if (delta.day, delta.sequence) > position:
            continue
        running += delta.quantity
        if delta.quantity < 0:
            last = delta.line
            if running < 0:
                return last
    return last
