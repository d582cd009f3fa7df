"""可承诺量 Available to promise: what stock will be, day by day, and on which day an order line can be met.

Goods that are there go first to what is held back for, then, like goods that come, to the lines in the order in which
they were promised. So a later order never takes what an earlier one waits for, and the day of each line is the first
on which supply reaches all that stands before it and itself. Left out: splitting one line over several days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple


class Day(NamedTuple):
    """一天 What comes and goes on a day, what is there after it, and what of that no later day needs."""

    day: date
    incoming: int
    outgoing: int
    projected: int
    promise: int


def projected(on_hand: int, supply: Iterable[tuple[date, int]], demand: Iterable[tuple[date, int]], today: date) -> list[Day]:
    """按日可承诺量 Today and every day on which something changes; what is overdue is expected today."""
    flows: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    flows[today] = [0, 0]
    for side, rows in enumerate((supply, demand)):
        for day, quantity in rows:
            flows[max(day, today)][side] += quantity
    running, found = on_hand, []
    for day in sorted(flows):
        incoming, outgoing = flows[day]
        running += incoming - outgoing
        found.append(Day(day, incoming, outgoing, running, running))
    least = running
    for at in range(len(found) - 1, -1, -1):
        least = min(least, found[at].projected)
        found[at] = found[at]._replace(promise=max(least, 0))
    return found


def earliest(on_hand: int, supply: Iterable[tuple[date, int]], demand: Sequence[tuple[int, int]], today: date) -> dict[int, date | None]:
    """最早可交 The first day on which each demand (key, quantity), in the order of promise, can be met whole; None where never.

    A key that comes more than once (what is held back for it, then the rest) is met with its last part.
    """
    waves: list[tuple[date, int]] = [(today, on_hand)]
    for day, quantity in sorted((max(day, today), quantity) for day, quantity in supply):
        waves.append((day, quantity))
    found: dict[int, date | None] = {}
    at, reached, wanted = 0, waves[0][1], 0
    for key, quantity in demand:
        wanted += quantity
        while reached < wanted and at + 1 < len(waves):
            at += 1
            reached += waves[at][1]
        found[key] = waves[at][0] if reached >= wanted else None
    return found
