"""盘点录入 Count entries: many people count one list at once; every entry is a row of its own, so nobody's is lost.

The plan's row is locked while an entry is checked and written. Who counts may see what there is to count and what he
entered himself; of a blind plan never what the books hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F

from hengcang.access.models import User
from hengcang.access.viewer import Viewer
from hengcang.base import clock
from hengcang.core.amounts import to_micro, to_text
from hengcang.core.count_errors import (
    CountedPieceTwice,
    CountNotRunning,
    NotOnCountList,
    NotOwnEntry,
    NotToCountAgain,
    PiecesToScan,
    SecondCountBySame,
)
from hengcang.core.errors import FieldInvalid, NotFound
from hengcang.core.lifecycle import STATE_LABELS, State
from hengcang.documents import count_figures, gate
from hengcang.documents.commands import NO_KEY, Answer, Key, run
from hengcang.documents.count_figures import FIRST, PHASE_LABELS, PHASES, SECOND, Figure
from hengcang.documents.seconds import Second, fitted
from hengcang.meta.declarations import DocumentType
from hengcang.meta.refs import document_label
from hengcang.records.models import CountEntry, Document

MOST_PLANS = 100
MOST_LOOKED_AT = 500


@dataclass(frozen=True, slots=True)
class Counted:
    """盘点一次 What somebody counted: the line, the pass, a quantity (in the second unit too) or pieces; `sets` replaces what he entered
    before."""

    line: int
    phase: str = FIRST
    quantity: Decimal | None = None
    serials: tuple[str, ...] = ()
    sets: bool = False
    second: Decimal | None = None


def enter(viewer: Viewer, declaration: DocumentType, document: int, counted: Counted, key: Key = NO_KEY) -> Answer:
    """录入 Write one entry. Gives {document, entry, line, phase, own}: what he himself has counted of the line in this pass; of an
    item with a second unit {own_second} too, none where he did not count all of it so.

    Raises PermissionRefused, NotFound, CountNotRunning, NotOnCountList, NotToCountAgain, SecondCountBySame, PiecesToScan,
    CountedPieceTwice, FieldInvalid.
    """
    viewer.require(declaration.name, "count")

    def command(exclusive: bool) -> Answer:
        plan = running(declaration, document)
        figure = figure_of(viewer, plan, counted.line)
        check(viewer, figure, counted)
        quantity = Decimal(len(counted.serials)) if figure.line.tracking == "serial" else counted.quantity
        assert quantity is not None
        entry = CountEntry.objects.create(
            line_id=counted.line,
            phase=counted.phase,
            person_id=viewer.user_id,
            quantity=quantity,
            second_quantity=counted.second,
            sets=counted.sets,
            serials=list(counted.serials),
            created_at=clock.now(),
        )
        before = Decimal(0) if counted.sets else figure.people[counted.phase].get(viewer.user_id, Decimal(0))
        return {
            "document": document,
            "entry": entry.pk,
            "line": counted.line,
            "phase": counted.phase,
            "own": to_text(to_micro(before + quantity)),
            **({"own_second": own_second(viewer, figure, counted)} if figure.line.second_unit else {}),
        }

    return run(viewer, key, command)


def own_second(viewer: Viewer, figure: Figure, counted: Counted) -> str | None:
    """What he has counted in second units once this is entered, none where a part of it was not."""
    before = Decimal(0) if counted.sets else figure.seconds[counted.phase].get(viewer.user_id, Decimal(0))
    if before is None or (counted.second is None and counted.quantity):
        return None
    return to_text(to_micro(before + (counted.second or 0)))


def withdraw(viewer: Viewer, declaration: DocumentType, document: int, entry: int, key: Key = NO_KEY) -> Answer:
    """撤回 Take back an entry of one's own. Raises PermissionRefused, CountNotRunning, NotOwnEntry."""
    viewer.require(declaration.name, "count")

    def command(exclusive: bool) -> Answer:
        plan = running(declaration, document)
        own = CountEntry.objects.filter(pk=entry, person=viewer.user_id, line__document=document, line__revision=plan["revision"])
        if not own.filter(withdrawn_at=None).update(withdrawn_at=clock.now()):
            raise NotOwnEntry
        return {"document": document, "entry": entry}

    return run(viewer, key, command)


def running(declaration: DocumentType, document: int) -> dict[str, Any]:
    """The plan under lock, taking entries. Raises NotFound, CountNotRunning, CountSettled."""
    plan = gate.lock_documents([document]).get(document)
    if plan is None or plan["type"] != declaration.name:
        raise NotFound(label=declaration.label)
    if plan["state"] != State.POSTED:
        raise CountNotRunning(number=document_label(plan["number"], document), state=STATE_LABELS[State(plan["state"])])
    count_figures.refuse_settled(plan)
    if count_figures.is_settled(plan):
        raise CountNotRunning(number=plan["number"], state="已定案")
    return plan


def figure_of(viewer: Viewer, plan: Mapping[str, Any], line: int) -> Figure:
    """The line in question, inside the warehouses of who counts. Raises NotOnCountList."""
    found = count_figures.figures(plan, [line], viewer.scope("warehouse")).get(line)
    if found is None:
        raise NotOnCountList(path="line", where=f"行 {line} ", number=plan["number"])
    return found


def check(viewer: Viewer, figure: Figure, counted: Counted) -> None:
    """Whether this person may enter that now."""
    words = {"item": figure.line.name, "place": figure.line.place_name}
    if counted.phase not in PHASES:
        known = "、".join(f"{phase}（{label}）" for phase, label in PHASE_LABELS.items())
        raise FieldInvalid(path="phase", where="", label="轮次", value=counted.phase[:20], reason=f"应为 {known}之一")
    if counted.phase == SECOND:
        if not figure.differs(FIRST):
            raise NotToCountAgain(path="line", **words)
        if viewer.user_id in figure.people[FIRST]:
            raise SecondCountBySame(path="phase", person=viewer.name, **words)
    if figure.line.tracking == "serial":
        check_pieces(viewer, figure, counted)
    elif counted.quantity is None or counted.serials:
        raise FieldInvalid(path="quantity", where="", label="数量", value="", reason=f"{figure.line.name}不按序列号管理，请填数量")
    elif counted.quantity != round(counted.quantity, figure.line.decimals):
        reason = f"{figure.line.unit}最多 {figure.line.decimals} 位小数"
        raise FieldInvalid(path="quantity", where="", label="数量", value=f"{counted.quantity:f}", reason=reason)
    unit = Second(figure.line.second_decimals, None) if figure.line.second_unit else None
    _, wrong = fitted(counted.quantity or Decimal(len(counted.serials)), counted.second, unit, counted=True)
    if wrong:
        raise FieldInvalid(path="second_quantity", where="", label="辅助数量", value=f"{counted.second:f}", reason=wrong)


def check_pieces(viewer: Viewer, figure: Figure, counted: Counted) -> None:
    """Pieces are scanned, each once in a pass. Raises PiecesToScan, CountedPieceTwice."""
    if not counted.serials and not (counted.sets and counted.quantity == 0):
        raise PiecesToScan(path="serials", item=figure.line.name)
    standing = figure.pieces[counted.phase]
    taken = {serial: person for serial, person in standing.items() if not (counted.sets and person == viewer.user_id)}
    again = next((one for at, one in enumerate(counted.serials) if one in taken or one in counted.serials[:at]), None)
    if again is not None:
        name = User.objects.filter(pk=taken.get(again, viewer.user_id)).values_list("display_name", flat=True).first()
        raise CountedPieceTwice(path="serials", serial=again, person=name or viewer.name)


def plans(viewer: Viewer, declaration: DocumentType) -> list[dict[str, Any]]:
    """可盘的方案 The newest hundred plans that are being counted, of the newest 500 that were begun and not closed: two statements."""
    viewer.require(declaration.name, "count")
    posted = Document.objects.filter(type=declaration.name, state=State.POSTED).order_by("-id")
    rows = list(posted.values_list("id", "number", "document_date", "remark", "ext")[:MOST_LOOKED_AT])
    running = [row for row, done in zip(rows, count_figures.settled([row[-1] for row in rows]), strict=True) if not done]
    return [
        {"id": pk, "number": number, "document_date": day.isoformat(), "remark": remark, "blind": bool(ext.get("blind"))}
        for pk, number, day, remark, ext in running[:MOST_PLANS]
    ]


def own_entries(viewer: Viewer, declaration: DocumentType, document: int) -> list[dict[str, Any]]:
    """我的盘点记录 The newest hundred entries of one's own that stand."""
    viewer.require(declaration.name, "count")
    mine = CountEntry.objects.filter(line__document=document, line__document__type=declaration.name, person=viewer.user_id)
    rows = mine.filter(withdrawn_at=None, line__revision=F("line__document__revision")).order_by("-id")
    own = {"entry": F("id"), "item_code": F("line__item__code"), "item_name": F("line__item__name")}
    units = {"unit": F("line__item__base_unit__name"), "second_unit": F("line__item__second_unit__name")}
    found = rows.values("line", "phase", "quantity", "second_quantity", "sets", "serials", "created_at", **own, **units)
    return [
        {
            **row,
            "quantity": to_text(to_micro(row["quantity"])),
            "second_quantity": None if row["second_quantity"] is None else to_text(to_micro(row["second_quantity"])),
            "created_at": row["created_at"].isoformat(),
        }
        for row in found[:100]
    ]
