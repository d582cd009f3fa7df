"""盘点数 Count figures: of every line of a plan's list what the books held, what each pass counted, and what counts in the end.

The book quantity is that at the freeze, late entries included: the one that the stock count will book against. What
counts is the sample where there is one, else the second count, else the first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hengcang.core.amounts import to_decimal
from hengcang.core.count_errors import CountResultsOpen, CountSettled
from hengcang.core.lifecycle import LIVE, STATE_LABELS, State
from hengcang.ledger import counts, queries, traces
from hengcang.ledger.counts import ListedLine
from hengcang.meta.refs import document_label
from hengcang.records.models import Document

FIRST, SECOND, SAMPLE = PHASES = ("first", "second", "sample")
PHASE_LABELS = {FIRST: "初盘", SECOND: "复盘", SAMPLE: "抽盘"}
DONE = LIVE | {State.REVERSED}


@dataclass(slots=True)
class Figure:
    """盘点行 One line: quantities by pass (a pass that nobody made is absent), by person, and pieces where the item is kept by piece.

    `seconds` are the same in the item's second unit, by pass and person: none where anybody counted without it.
    """

    line: ListedLine
    book: Decimal
    counted: dict[str, Decimal] = field(default_factory=dict)
    people: dict[str, dict[int, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    pieces: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    book_pieces: frozenset[str] = frozenset()
    book_second: Decimal | None = None
    seconds: dict[str, dict[int, Decimal | None]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def deciding(self) -> str:
        """定数的一轮 The pass that decides; empty where nobody counted."""
        return next((phase for phase in reversed(PHASES) if phase in self.counted), "")

    @property
    def final(self) -> Decimal | None:
        """实盘数 What was counted in the end."""
        return self.counted.get(self.deciding)

    def second_of(self, phase: str) -> Decimal | None:
        """辅助数量 What a pass counted in the item's second unit; none where somebody in it did not, or it has none."""
        parts = list(self.seconds[phase].values()) if self.line.second_unit else []
        known = [one for one in parts if one is not None]
        return sum(known, Decimal(0)) if parts and len(known) == len(parts) else None

    def differs(self, phase: str) -> bool:
        """有差异 Whether a pass found something else than the books: another quantity, second quantity, or other pieces."""
        if phase not in self.counted:
            return False
        second = self.second_of(phase)
        if second is not None and second != self.book_second:
            return True
        return self.counted[phase] != self.book or (self.line.tracking == "serial" and set(self.pieces[phase]) != self.book_pieces)


def figures(plan: Mapping[str, Any], lines: Collection[int] | None = None, places: Collection[int] | None = None) -> dict[int, Figure]:
    """盘点数 The figures of a plan's lines, all or some, in order: four statements, one more where any has a second unit, and up to
    four where pieces are counted."""
    listed = counts.lines_of(plan["id"], plan["revision"], lines, places)
    day, before = plan["document_date"], (plan["ext"].get("freeze") or 0) - 1
    books = queries.on_hand_at(day, before, [(one.id, one.item, one.place, one.lot) for one in listed])
    found = {one.id: Figure(one, books[one.id]) for one in listed}
    weighed = [(one.id, one.item, one.place, one.lot) for one in listed if one.second_unit]
    for line, second in queries.second_at(day.toordinal(), before, weighed).items():
        found[line].book_second = second
    for line, phase, person, quantity, heads in counts.totals(plan["id"], plan["revision"], lines):
        if line in found:
            found[line].people[phase][person] = to_decimal(quantity)
            found[line].seconds[phase][person] = None if heads is None else to_decimal(heads)
            found[line].counted[phase] = found[line].counted.get(phase, Decimal(0)) + to_decimal(quantity)
    if any(one.tracking == "serial" for one in listed):
        add_pieces(plan, found, (day, before), lines)
    return found


def add_pieces(plan: Mapping[str, Any], found: dict[int, Figure], position: tuple[date, int], lines: Collection[int] | None) -> None:
    """The pieces that were there, and those that were scanned."""
    for line, phase, person, serials in counts.pieces(plan["id"], plan["revision"], lines):
        if line in found:
            found[line].pieces[phase] |= dict.fromkeys(serials, person)
    keys = [(one.line.id, one.line.item, one.line.place, one.line.lot or 0) for one in found.values() if one.line.tracking == "serial"]
    held = traces.pieces_at(position[0].toordinal(), position[1], keys)
    names = counts.numbers_of({serial for serials in held.values() for serial in serials})
    for line, there in held.items():
        found[line].book_pieces = frozenset(names[serial] for serial in there)


def results_of(plan: Mapping[str, Any]) -> list[tuple[int, str | None, str]]:
    """盘点结果单 (id, number, state) of the documents that a plan became, void ones left out."""
    ids = plan["ext"].get("results") or []
    if not ids:
        return []
    return list(Document.objects.filter(pk__in=ids).exclude(state=State.VOID).order_by("id").values_list("id", "number", "state"))


def settled(plans: Sequence[Mapping[str, Any]]) -> list[bool]:
    """已定案 Of each plan, given by its `ext`, whether it was settled and anything that it became stands: one statement.

    What was reversed stands: its difference is in the books at the frozen position and taken back on a later day, so
    that another count at that position would find it there and be taken back with it. That is counted by a new plan.
    """
    made = {one for ext in plans for one in ext.get("results") or ()}
    standing = set(Document.objects.filter(pk__in=made).exclude(state=State.VOID).values_list("pk", flat=True)) if made else set()
    return ["settled" in ext and (not ext.get("results") or not standing.isdisjoint(ext["results"])) for ext in plans]


def is_settled(plan: Mapping[str, Any]) -> bool:
    """已定案 Whether the plan was settled, and what it became still stands."""
    return settled([plan["ext"]])[0]


def refuse_settled(plan: Mapping[str, Any]) -> None:
    """Raises CountSettled while documents that came of the plan stand."""
    standing = results_of(plan)
    if standing:
        raise CountSettled(number=plan["number"], documents="、".join(document_label(number, one) for one, number, _ in standing[:5]))


def require_settled(plan: Mapping[str, Any]) -> None:
    """Raises CountResultsOpen unless every line is counted or decided and what came of it is posted, or posted and reversed."""
    if not is_settled(plan):
        raise CountResultsOpen(number=plan["number"], reason="请先生成盘点单，未盘的行选择处理方式")
    waiting = [(document_label(number, one), state) for one, number, state in results_of(plan) if State(state) not in DONE]
    if waiting:
        told = "、".join(f"{number} 还是{STATE_LABELS[State(state)]}" for number, state in waiting[:5])
        raise CountResultsOpen(number=plan["number"], reason=told)
