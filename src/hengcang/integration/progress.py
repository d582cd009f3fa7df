"""进度条 Progress bar: how far a long load has come, how fast, and how long it may still take."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

WIDTH = 30
PAUSE_SECONDS = 0.2


@dataclass(slots=True)
class Progress:
    """进度 Counts up to `total`; draws over its own line of a terminal, says every tenth part elsewhere."""

    say: Callable[[str], None]
    label: str
    total: int
    done: int = 0
    started: float = field(default_factory=time.monotonic)
    drawn: float = 0.0
    tenth: int = 0
    skipped: int = 0

    def skip(self, count: int) -> None:
        """略过 `count` were done before: they tell nothing about the speed."""
        self.skipped += count
        self.done += count
        self.tenth = self.done * 10 // self.total if self.total else 0

    def advance(self, count: int = 1) -> None:
        """前进 `count` more are done."""
        self.done += count
        if sys.stderr.isatty():
            now = time.monotonic()
            if now - self.drawn >= PAUSE_SECONDS or self.done >= self.total:
                self.drawn = now
                sys.stderr.write("\r" + self.text())
                sys.stderr.flush()
        elif self.total and self.done * 10 // self.total > self.tenth:
            self.tenth = self.done * 10 // self.total
            self.say(self.text())

    def finish(self) -> None:
        """结束 Leave the line."""
        if sys.stderr.isatty():
            sys.stderr.write("\n")

    def text(self) -> str:
        """进度文本 The bar as it stands."""
        share = min(self.done / self.total, 1.0) if self.total else 1.0
        full = int(share * WIDTH)
        seconds = time.monotonic() - self.started
        speed = (self.done - self.skipped) / seconds if seconds else 0.0
        left = (self.total - self.done) / speed if speed else 0.0
        bar = "█" * full + "·" * (WIDTH - full)
        return f"{self.label} {bar} {share:4.0%} {self.done:,}/{self.total:,} {speed:,.0f}/s 已用 {seconds:.0f}s 剩余 {left:.0f}s "
