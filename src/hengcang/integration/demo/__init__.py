"""演示数据 Demo data: a believable Chinese trading company, made from a seed, posted through the document service."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hengcang.base import clock
from hengcang.base.book import change_book
from hengcang.documents import many
from hengcang.integration.demo.entering import Entry, enter_plan
from hengcang.integration.demo.masters import enter_masters
from hengcang.integration.demo.plans import FULL, Action, Planned, Size, Verb
from hengcang.integration.demo.story import tell
from hengcang.integration.loading import Say, at_opening, loading_viewer, require_empty, seal
from hengcang.integration.progress import Progress
from hengcang.records.models import Document

NAME = "衡仓演示商贸"


@dataclass(frozen=True, slots=True)
class Built:
    """演示概况 What the demo holds."""

    documents: int
    lines: int
    backdated: int
    redone: int
    by_type: dict[str, int]

    def text(self) -> str:
        """文本 One sentence."""
        counts = f"已审核单据 {self.documents:,} 张、明细 {self.lines:,} 行"
        return f"演示账套已就绪：{counts}，其中补录 {self.backdated}、反审核重审 {self.redone}。"


def ensure_demo(seed: int, say: Say) -> None:
    """备好演示 Build the demo of today where the book has no documents; leave any other book alone."""
    if Document.objects.exists():
        say("账套已有单据，直接使用。")
        return
    say(build_demo(seed, clock.today(), say).text())


def build_demo(seed: int, today: date, say: Say, size: Size = FULL) -> Built:
    """建演示账套 The history of `size.months` months up to today, whole or not at all. Raises BookNotEmpty.

    The same seed, day and size give the same book.
    """
    desk = tell(seed, today, size)
    with transaction.atomic():
        many.enter()
        require_empty()
        change_book(name=NAME)
        viewer = loading_viewer()
        with clock.standing_at(at_opening(desk.first)):
            ids = enter_masters(viewer, desk)
        enter_plan(Entry(desk.plan, ids, Progress(say, "演示数据", len(desk.plan.steps()))))
    seal()
    return summary(desk.plan.actions, desk.plan.documents)


def summary(actions: list[Action], documents: dict[int, Planned]) -> Built:
    """概况 Counts of what was posted."""
    posted = [documents[action.key] for action in actions if action.verb is Verb.POST]
    late = sum(one.made.date().isoformat() > one.content["document_date"] for one in posted)
    lines = sum(len(rows) for one in posted for name, rows in one.content.items() if name.endswith("_lines"))
    redone = sum(action.verb is Verb.REDO for action in actions)
    return Built(len(posted), lines, late, redone, dict(Counter(one.type for one in posted)))
