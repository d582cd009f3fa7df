"""计时 Interleaved rounds: ours and the limit take turns, so that both meet the same neighbours."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Act = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Figure:
    """结果 Seconds per act of ours and of the hand-written limit by rounds; `bare` is the least that some ledger needs."""

    name: str
    ours: list[float]
    limit: list[float]
    bare: list[float] | None = None

    def ratio(self, other: list[float]) -> float:
        """Median over rounds of ours ÷ other."""
        return statistics.median(one / two for one, two in zip(self.ours, other, strict=True))

    def line(self) -> str:
        """As a table row."""
        ours, limit = statistics.median(self.ours) * 1000, statistics.median(self.limit) * 1000
        least = "" if self.bare is None else f"   最少 {statistics.median(self.bare) * 1000:.2f} ms，{self.ratio(self.bare):.2f}×"
        return f"{self.name:<34} {ours:>11.2f} ms {limit:>11.2f} ms {self.ratio(self.limit):>8.2f}×{least}"


def timed(act: Act) -> float:
    """Seconds that an act takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def compare(name: str, ours: Act, limit: Act, rounds: int, bare: Act | None = None) -> Figure:
    """`rounds` turns of each, in changing order; one turn of all before that does not count."""
    acts = [act for act in (ours, limit, bare) if act is not None]
    for act in acts:
        act()
    taken: list[list[float]] = [[] for _ in acts]
    for at in range(rounds):
        for turn in range(len(acts)):
            one = (at + turn) % len(acts)
            taken[one].append(timed(acts[one]))
    return Figure(name, *taken)
