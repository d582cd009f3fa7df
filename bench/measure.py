"""计时 Interleaved rounds: ours and the limit take turns, so that both meet the same neighbours."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Act = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Figure:
    """结果 Seconds per act of both sides, and the ratio of each round."""

    name: str
    ours: list[float]
    limit: list[float]

    @property
    def ratio(self) -> float:
        """Median over rounds of ours ÷ limit."""
        return statistics.median(one / other for one, other in zip(self.ours, self.limit, strict=True))

    def line(self) -> str:
        """As a table row."""
        ours, limit = statistics.median(self.ours) * 1000, statistics.median(self.limit) * 1000
        return f"{self.name:<34} {ours:>11.2f} ms {limit:>11.2f} ms {self.ratio:>8.2f}×"


def timed(act: Act) -> float:
    """Seconds that an act takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def compare(name: str, ours: Act, limit: Act, rounds: int) -> Figure:
    """`rounds` turns of each; one turn of both before that does not count."""
    ours(), limit()
    mine, theirs = [], []
    for at in range(rounds):
        if at % 2:
            theirs.append(timed(limit))
            mine.append(timed(ours))
        else:
            mine.append(timed(ours))
            theirs.append(timed(limit))
    return Figure(name, mine, theirs)
