"""到齐签收 Goods that all arrived are signed for: what a document hands over follows the documents that take it in.

A type with `signed_by` names the purpose under which its lines are taken when they arrive. Once all of them are and something
did come in (what was lost or sent back alone is no delivery), its goods came into the state signed; where an arrival is
undone they are back in the last state that a person wrote down. Each is a row of the history that names its cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hengcang.access.viewer import Viewer
from hengcang.base import audit, bulk, clock, outbox
from hengcang.core.shipping import DeliveryState
from hengcang.documents.facts import Opened
from hengcang.documents.logistics import SHIP, STATE
from hengcang.meta import registry
from hengcang.meta.english import said

NOTES = {
    "post": ("审核，货物到齐", "posted: all goods arrived"),
    "unpost": ("反审核，货物未到齐", "opened again: goods are missing"),
    "reverse": ("红冲，货物未到齐", "reversed: goods are missing"),
}
COMPLETE_SQL = """
SELECT d.id, CASE WHEN EXISTS (
    SELECT 1 FROM records_goodsline l LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose=%s
    WHERE l.document_id=d.id AND l.revision=d.revision AND COALESCE(p.quantity,0)<l.base_quantity
  ) THEN 0 ELSE 1 END, COALESCE((
    SELECT SUM(k.quantity) FROM records_goodsline l JOIN records_linelink k ON k.source_id=l.id AND k.purpose=%s
    JOIN records_goodsline t ON t.id=k.target_id JOIN records_document a ON a.id=t.document_id
    WHERE l.document_id=d.id AND l.revision=d.revision AND a.type IN ({bringing})
  ),0), e.cause_id, COALESCE((
    SELECT h.state FROM records_deliveryevent h WHERE h.id=(
      SELECT MAX(m.id) FROM records_deliveryevent m WHERE m.document_id=d.id AND m.cause_id IS NULL)
  ),'')
FROM records_document d LEFT JOIN records_deliveryevent e ON e.id=(SELECT MAX(n.id) FROM records_deliveryevent n WHERE n.document_id=d.id)
WHERE d.id {chosen} ORDER BY d.id
"""
STATE_SQL = "UPDATE records_document SET delivery_state=v.c1, version=version+1 FROM {rows} WHERE records_document.id=v.c0"


class Arrived(NamedTuple):
    """到货情况 Of a document that hands goods over: whether all is taken, how much came in, by which document its state is what it is
    (none: by a person), and the last state that a person wrote down."""

    document: int
    complete: bool
    came: int
    cause: int | None
    written: str


class Turn(NamedTuple):
    """转变 A document whose goods come into a state, and why."""

    document: int
    type: str
    before: str
    after: DeliveryState
    note: str


def follow(viewer: Viewer, opened: Opened, number: str, act: str) -> None:
    """随到货 Sign for what the document's sources handed over, or take that back. One statement where a source can be signed for, five
    where one is."""
    purpose = opened.declaration.consumes
    sources = {
        one: header
        for one, header in opened.sources.items()
        if purpose and header[STATE.name] is not None and registry.document(header["type"]).signed_by == purpose
    }
    if sources:
        note = f"{number} {said(*NOTES[act])}"
        turns = [turn_of(one, sources[one.document], note) for one in arrived(sources, purpose)]
        write(viewer, [one for one in turns if one is not None], opened.id)


def arrived(sources: Mapping[int, Mapping[str, Any]], purpose: str) -> list[Arrived]:
    """What became of the goods of some documents: one statement."""
    bringing = [one.name for one in registry.documents().values() if one.consumes == purpose and one.inward] or [""]
    chosen, ids = bulk.among(sorted(sources))
    sql = COMPLETE_SQL.format(bringing=bulk.placeholders(bringing), chosen=chosen)
    rows = bulk.fetch(sql, [purpose, purpose, *bringing, ids])
    return [Arrived(one, bool(complete), int(came), cause, written) for one, complete, came, cause, written in rows]


def turn_of(one: Arrived, header: Mapping[str, Any], note: str) -> Turn | None:
    """What a document's goods come into now; nothing where they stay in their state."""
    name, before = header["type"], header[STATE.name]
    if one.complete and one.came > 0:
        return Turn(one.document, name, before, DeliveryState.SIGNED, note) if before != DeliveryState.SIGNED else None
    if before != DeliveryState.SIGNED or one.cause is None:
        return None
    first = registry.document(name).delivery
    assert first is not None
    return Turn(one.document, name, before, DeliveryState(one.written or first), note)


def write(viewer: Viewer, turns: Sequence[Turn], cause: int) -> None:
    """The headers, the rows of the history, the audit rows and the events: four statements for documents of one type."""
    if not turns:
        return
    table, parameters = bulk.table_of([(one.document, one.after.value) for one in turns], ["bigint", "text"])
    bulk.execute(STATE_SQL.format(rows=table), parameters)
    now = bulk.instant(clock.now())
    columns = ("document_id", "state", "happened_at", "note", "created_by_id", "created_at", "cause_id")
    bulk.insert_rows(
        "records_deliveryevent", columns, [(one.document, one.after.value, now, one.note, viewer.user_id, now, cause) for one in turns]
    )
    for name in sorted({one.type for one in turns}):
        changes = {
            one.document: audit.diff({STATE.name: one.before}, {STATE.name: one.after.value, "reason": one.note}, [STATE.name, "reason"])
            for one in turns
            if one.type == name
        }
        audit.record_many(viewer.actor, SHIP, name, changes)
        outbox.add_many("document_shipped", name, list(changes))
