"""盘点定案 Count results: what is still to be counted, how far a plan is, and the stock counts that it becomes.

One document for every warehouse, at the plan's own frozen position and date, so that trading after the freeze does not
change what was counted. A line that nobody counted counts as zero or is left out, as the person says who settles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from hengcang.access.viewer import Viewer, system_viewer
from hengcang.base import audit
from hengcang.core.amounts import to_micro, to_text
from hengcang.core.count_errors import CountEmpty, CountNotRunning, CountUnfinished, SecondCountMissing
from hengcang.core.errors import FieldInvalid, NotFound
from hengcang.core.lifecycle import STATE_LABELS, State
from hengcang.documents import count_figures, gate, many
from hengcang.documents.commands import NO_KEY, Answer, Key, run
from hengcang.documents.count_figures import FIRST, PHASES, SECOND, Figure
from hengcang.documents.scope import require_in_scope
from hengcang.meta import registry
from hengcang.meta.declarations import DocumentType
from hengcang.meta.refs import document_label
from hengcang.meta.values import LINES_AT_MOST
from hengcang.places.houses import houses_of
from hengcang.records.models import Document

ZERO_THEM, LEAVE_OUT = UNCOUNTED = ("zero", "leave")
MOST_TASKS = 50
Json = dict[str, Any]


def settle(viewer: Viewer, declaration: DocumentType, document: int, uncounted: str, key: Key = NO_KEY) -> Answer:
    """生成盘点单 The drafts of the stock counts that a plan becomes. Gives {document, documents, type}.

    Raises PermissionRefused, NotFound, CountNotRunning, CountSettled, SecondCountMissing, CountUnfinished, CountEmpty.
    """
    viewer.require(declaration.name, "view")
    target = registry.document(declaration.counts)
    viewer.require(target.name, "create")
    if uncounted not in ("", *UNCOUNTED):
        raise FieldInvalid(path="uncounted", where="", label="未盘的行", value=uncounted[:20], reason="应为 zero（按零）或 leave（不处理）")

    def command(exclusive: bool) -> Answer:
        plan = gate.lock_documents([document]).get(document)
        if plan is None or plan["type"] != declaration.name:
            raise NotFound(label=declaration.label)
        require_in_scope(viewer, declaration, [document])
        if plan["state"] != State.POSTED:
            raise CountNotRunning(number=document_label(plan["number"], document), state=STATE_LABELS[State(plan["state"])])
        count_figures.refuse_settled(plan)
        found = list(count_figures.figures(plan).values())
        require_second(plan, found)
        counted = decided(found, uncounted)
        if not counted:
            raise CountEmpty(path="uncounted", number=plan["number"])
        made = make(viewer, target, plan, counted)
        ext = plan["ext"] | {"results": made, "settled": uncounted or "all"}
        Document.objects.filter(pk=document).update(ext=ext, version=plan["version"] + 1)
        changes = audit.diff({"results": None}, {"results": made}, ["results"])
        audit.record(viewer.actor, "settle", declaration.name, document, changes)
        return {"document": document, "documents": made, "type": target.name}

    return run(viewer, key, command)


def require_second(plan: Json, found: Sequence[Figure]) -> None:
    """Raises SecondCountMissing where the plan asks for a second count of what differs."""
    waiting = [one for one in found if one.differs(FIRST) and one.deciding == FIRST] if plan["ext"].get("second_required") else []
    if waiting:
        raise SecondCountMissing(left=len(waiting), item=waiting[0].line.name, place=waiting[0].line.place_name)


def decided(found: Sequence[Figure], uncounted: str) -> list[Figure]:
    """The lines that go into the documents. Raises CountUnfinished where nobody said what becomes of those not counted."""
    missing = [one for one in found if one.final is None]
    if missing and not uncounted:
        raise CountUnfinished(path="uncounted", left=len(missing), item=missing[0].line.name, place=missing[0].line.place_name)
    return [one for one in found if one.final is not None or uncounted == ZERO_THEM]


def make(viewer: Viewer, target: DocumentType, plan: Json, found: Iterable[Figure]) -> list[int]:
    """One draft for every warehouse, several where its lines are more than one takes, at the position of the plan."""
    assert target.goods is not None
    found = list(found)
    houses = houses_of({one.line.place for one in found})
    places: dict[int, list[Json]] = defaultdict(list)
    for one in found:
        shelf = {"source_place": one.line.place} if one.line.place in houses else {}
        places[houses.get(one.line.place, one.line.place)].append(result_line(one) | shelf)
    maker = system_viewer(viewer.user_id, viewer.name)
    ext = {"freeze": plan["ext"]["freeze"], "freeze_day": plan["document_date"].isoformat(), "count_plan": plan["id"]}
    day = plan["document_date"].isoformat()
    parts = [(place, lines[at : at + LINES_AT_MOST]) for place, lines in places.items() for at in range(0, len(lines), LINES_AT_MOST)]
    contents = [{"document_date": day, "source_place": place, target.goods.name: lines} for place, lines in parts]
    return [one.document for one in many.insert([many.Draft(maker, target, raw, ext=ext) for raw in contents])]


def result_line(one: Figure) -> Json:
    """A line of the stock count."""
    final = one.final or Decimal(0)
    pieces = {"serials": list(one.pieces[one.deciding])} if one.line.tracking == "serial" else {}
    second = one.second_of(one.deciding) if one.deciding else None
    heads = {} if second is None else {"second_quantity": to_text(to_micro(second))}
    return {"item": one.line.item, "lot": one.line.lot, "quantity": to_text(to_micro(final)), **heads, **pieces}


def progress(viewer: Viewer, declaration: DocumentType, document: int) -> Json:
    """盘点进度 How far a plan is by pass: to count, counted, and — where the viewer may see what the books hold — differing."""
    viewer.require(declaration.name, "count")
    plan = plan_of(declaration, document)
    found = list(count_figures.figures(plan, places=viewer.scope("warehouse")).values())
    open_books = sees_books(viewer, declaration, plan)
    return {
        "number": plan["number"],
        "blind": bool(plan["ext"].get("blind")),
        "settled": count_figures.is_settled(plan),
        "to_count": len(found),
        "left": sum(one.final is None for one in found),
        "phases": [phase_json(phase, found, open_books) for phase in PHASES],
    }


def phase_json(phase: str, found: Sequence[Figure], open_books: bool) -> Json:
    """One pass."""
    shown: Json = {"phase": phase, "to_count": sum(due(one, phase) for one in found), "counted": sum(phase in one.counted for one in found)}
    return shown | ({"differing": sum(one.differs(phase) for one in found)} if open_books else {})


def due(one: Figure, phase: str) -> bool:
    """Whether a line is on the list of a pass: the second has those that differ in the first."""
    return one.differs(FIRST) if phase == SECOND else True


def sees_books(viewer: Viewer, declaration: DocumentType, plan: Json) -> bool:
    """可见账面 Of an open plan whoever counts, of a blind one whoever may settle it."""
    return not plan["ext"].get("blind") or viewer.may(declaration.counts, "create")


def plan_of(declaration: DocumentType, document: int) -> Json:
    """A plan that has a list. Raises NotFound, CountNotRunning."""
    names = ("id", "type", "number", "state", "revision", "ext", "document_date", "version")
    plan: Json | None = Document.objects.filter(pk=document, type=declaration.name).values(*names).first()
    if plan is None:
        raise NotFound(label=declaration.label)
    if plan["state"] not in (State.POSTED, State.CLOSED):
        raise CountNotRunning(number=document_label(plan["number"], document), state=STATE_LABELS[State(plan["state"])])
    return plan


def tasks(viewer: Viewer, declaration: DocumentType, document: int, phase: str, search: str = "") -> Json:
    """待盘清单 The first lines of a pass that the viewer has still to count, or those that a search or a scan finds.

    Of a blind plan the book quantity, and what others counted, is not in the answer at all.
    """
    viewer.require(declaration.name, "count")
    plan = plan_of(declaration, document)
    text = search.strip().lower()
    found = [one for one in count_figures.figures(plan, places=viewer.scope("warehouse")).values() if due(one, phase)]
    if phase == SECOND:
        found = [one for one in found if viewer.user_id not in one.people[FIRST]]
    if text:
        exact = [one for one in found if text in (one.line.barcode.lower(), one.line.code.lower(), one.line.lot_number.lower())]
        found = exact or [one for one in found if text in matched(one)]
    else:
        found = [one for one in found if phase not in one.counted]
    books = not plan["ext"].get("blind")
    return {"rows": [task_json(one, viewer.user_id, phase, books) for one in found[:MOST_TASKS]], "more": max(len(found) - MOST_TASKS, 0)}


def matched(one: Figure) -> str:
    """What a search looks into."""
    return "\n".join((one.line.code, one.line.name, one.line.spec, one.line.barcode, one.line.lot_number)).lower()


def task_json(one: Figure, person: int, phase: str, books: bool) -> Json:
    """One line as a counter sees it."""
    line, own = one.line, one.people[phase].get(person)
    shown = {
        "line": line.id,
        "item_code": line.code,
        "item_name": line.name,
        "item_spec": line.spec,
        "barcode": line.barcode,
        "unit": line.unit,
        "decimals": line.decimals,
        "tracking": line.tracking,
        "place_name": line.place_name,
        "lot": line.lot_number,
        "own": None if own is None else to_text(to_micro(own)),
    }
    if books:
        shown["book_quantity"] = to_text(to_micro(one.book))
    if line.second_unit:
        heads = one.seconds[phase].get(person)
        shown |= {"second_unit": line.second_unit, "own_second": None if heads is None else to_text(to_micro(heads))}
        if books:
            shown["book_second"] = to_text(to_micro(one.book_second or Decimal(0)))
    return shown
