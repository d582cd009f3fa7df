"""物流登记 Shipping: what becomes of the goods after their document was posted, which means nothing to the books.

Facts (carrier, tracking numbers, freight …) are fields of the header that may change under a right of their own; every
change counts the document's version up and is in the audit log. Each state that the goods come into is a row that stays:
when, who, and a word where it is called for. Many documents are written down at once, all or none, in a fixed number of
statements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from hengcang.access.viewer import Viewer
from hengcang.base import audit, bulk, clock, outbox
from hengcang.core.amounts import to_micro
from hengcang.core.errors import FieldInvalid, NotFound, RevisionConflict
from hengcang.core.lifecycle import LIVE, STATE_LABELS, State
from hengcang.core.shipping import DELIVERY_LABELS, DELIVERY_TONES, DeliveryState, wants_note
from hengcang.core.shipping_errors import DeliveryNoteRequired, FreightBilled, NotToShip
from hengcang.documents import charges, gate
from hengcang.documents.commands import NO_KEY, Answer, Key, run
from hengcang.documents.facts import header_value
from hengcang.documents.logistics import SHIP
from hengcang.documents.logistics import STATE as STATE_FIELD
from hengcang.documents.scope import require_in_scope
from hengcang.meta import values
from hengcang.meta.declarations import DocumentType, Field, Kind
from hengcang.meta.english import word
from hengcang.meta.refs import document_label
from hengcang.meta.values import Parsed
from hengcang.records.models import DeliveryEvent

MOST = 500
AHEAD = timedelta(minutes=5)
STATE = STATE_FIELD.name
UPDATE_SQL = """
UPDATE records_document SET carrier_id=v.c1, freight=v.c2, delivery_state=v.c3, ext={ext}, version=version+1 FROM {rows}
WHERE records_document.id=v.c0
"""


@dataclass(frozen=True, slots=True)
class Shipment:
    """登记 What is written down of one document: facts as sent, by field name, and the state its goods came into, when and why."""

    document: int
    version: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    state: DeliveryState | None = None
    note: str = ""
    happened_at: datetime | None = None


@dataclass(slots=True)
class Change:
    """变更 A document under lock with what it is to be afterwards."""

    shipment: Shipment
    header: Mapping[str, Any]
    parsed: Parsed
    after: dict[str, Any]

    @property
    def number(self) -> str:
        """How it is called."""
        return document_label(self.header["number"], self.header["id"])

    @property
    def moved(self) -> bool:
        """Whether its goods came into a state: another one, or the same with something to say of it."""
        state = self.shipment.state
        return state is not None and (state != self.header[STATE] or bool(self.shipment.note))


Told = tuple[Change, list[audit.Change]]


def ship(viewer: Viewer, declaration: DocumentType, wanted: Sequence[Shipment], key: Key = NO_KEY) -> Answer:
    """登记物流 Write it down, all or nothing; what changes nothing leaves no trace. Gives {document, documents}: the first, and all.

    Raises PermissionRefused, NotFound, RevisionConflict, NotToShip, InvalidDocument, DeliveryNoteRequired, FreightBilled.
    """
    viewer.require(declaration.name, SHIP)
    if declaration.delivery is None:
        raise NotFound(label=declaration.label)

    def command(exclusive: bool) -> Answer:
        changes = prepared(viewer, declaration, wanted)
        fields = declaration.fields_open_to(SHIP)
        told = [(one, differences(fields, one)) for one in changes]
        refuse_billed(declaration, told)
        write(viewer, declaration, [(one, changed) for one, changed in told if changed or one.moved])
        return {"document": wanted[0].document, "documents": [one.document for one in wanted]}

    return run(viewer, key, command)


def prepared(viewer: Viewer, declaration: DocumentType, wanted: Sequence[Shipment]) -> list[Change]:
    """The documents under lock, with what was sent of each parsed and checked."""
    ids = [one.document for one in wanted]
    if len(set(ids)) != len(ids) or not 0 < len(ids) <= MOST:
        raise FieldInvalid(path="documents", where="", label="单据", value=str(len(ids)), reason=f"每张一次，1 到 {MOST} 张")
    headers = gate.lock_documents(ids)
    if any(one not in headers or headers[one]["type"] != declaration.name for one in ids):
        raise NotFound(label=declaration.label)
    require_in_scope(viewer, declaration, ids)
    fields, many, changes = declaration.fields_open_to(SHIP), len(ids) > 1, []
    for at, one in enumerate(wanted):
        header = headers[one.document]
        if one.version is not None and one.version != header["version"]:
            raise RevisionConflict(seen=one.version, current=header["version"])
        refuse_unfit(one, header)
        where = values.Where(f"documents.{at}", f"{header['number']}：") if many else values.HERE
        parsed = values.parse_record(fields, one.facts, viewer, new=False, where=where)
        changes.append(Change(one, header, parsed, {}))
    resolved = values.resolve_refs([(fields, [one.parsed for one in changes])], viewer, kept_by(fields, changes))
    values.refuse([*(error for one in changes for error in one.parsed.errors), *resolved.errors])
    for change in changes:
        change.after = after_of(fields, change)
    return changes


def kept_by(fields: Sequence[Field], changes: Sequence[Change]) -> dict[str, set[int]]:
    """What the documents name already: that need not be in use any more."""
    found: dict[str, set[int]] = {}
    for one in fields:
        if one.kind is Kind.REF:
            found.setdefault(one.ref, set()).update(value for change in changes if (value := header_value(change.header, one)) is not None)
    return found


def refuse_unfit(one: Shipment, header: Mapping[str, Any]) -> None:
    """What was posted and stands may be shipped; a step that wants a word has one; nothing happens in the future."""
    number = document_label(header["number"], header["id"])
    if header["state"] not in LIVE or header["reverses_id"] is not None:
        state = "红字单" if header["reverses_id"] is not None else STATE_LABELS[State(header["state"])]
        raise NotToShip(number=number, state=state)
    before = None if header[STATE] is None else DeliveryState(header[STATE])
    if one.state is not None and one.state != before and wants_note(before, one.state) and not one.note:
        raise DeliveryNoteRequired(path="note", number=number, state=DELIVERY_LABELS[one.state])
    if one.happened_at is not None and one.happened_at > clock.now() + AHEAD:
        shown = timezone.localtime(one.happened_at).isoformat(timespec="minutes")
        raise FieldInvalid(path="happened_at", where="", label="发生时间", value=shown, reason="晚于现在")


def after_of(fields: Sequence[Field], one: Change) -> dict[str, Any]:
    """The facts as they will be, by field name, in their wire form; the state among them."""
    after = {}
    for each in fields:
        value = one.parsed.values[each.name] if each.name in one.parsed.values else header_value(one.header, each)
        after[each.name] = value if each.kind is Kind.REF else values.present(each, value)
    after[STATE] = one.shipment.state or one.header[STATE]
    return after


def differences(fields: Sequence[Field], one: Change) -> list[audit.Change]:
    """What changes, as the audit log keeps it; empty where it was empty is none."""
    before = {each.name: header_value(one.header, each) for each in fields}
    shown = {each.name: before[each.name] if each.kind is Kind.REF else values.present(each, before[each.name]) for each in fields}
    names = [name for name in shown if (shown[name] or None) != (one.after[name] or None)]
    changed = audit.diff(shown, one.after, names)
    if one.moved:
        now, note = {STATE: one.after[STATE], "reason": one.shipment.note or None}, "reason"
        changed += audit.diff({STATE: one.header[STATE]}, now, [STATE, note])
    return changed


def refuse_billed(declaration: DocumentType, changes: Sequence[Told]) -> None:
    """What a bill was made of stays as it is while the bill stands: one statement, none where nothing of it changes."""
    of_charges = [(one.target, {one.charge.amount, one.charge.by, one.charge.party}) for one in declaration.conversions if one.charge]
    touched = {one.header["id"]: {change["field"] for change in changed} for one, changed in changes}
    touched = {document: names for document, names in touched.items() if any(names & wanted for _, wanted in of_charges)}
    if not touched:
        return
    standing = charges.bills(touched, drafts=True)
    for one, _ in changes:
        for target, wanted in of_charges:
            bills = standing.get((one.header["id"], target))
            if bills and touched.get(one.header["id"], set()) & wanted:
                raise FreightBilled(where="", number=one.number, bills=charges.named(bills), verb="更改承运商、运费或运费承担")


def write(viewer: Viewer, declaration: DocumentType, changes: Sequence[Told]) -> None:
    """The headers, the states they came into, the audit rows and the events: four statements."""
    if not changes:
        return
    fields = {one.name: one for one in declaration.fields_open_to(SHIP)}
    rows = [row_of(fields, one) for one, _ in changes]
    table, parameters = bulk.table_of(rows, ["bigint", "bigint", "bigint", "text", "text"])
    ext = "CAST(v.c4 AS jsonb)" if bulk.is_postgresql() else "v.c4"
    bulk.execute(UPDATE_SQL.format(rows=table, ext=ext), parameters)
    now = clock.now()
    events = [
        (
            one.header["id"],
            one.after[STATE],
            bulk.instant(one.shipment.happened_at or now),
            one.shipment.note,
            viewer.user_id,
            bulk.instant(now),
        )
        for one, _ in changes
        if one.moved
    ]
    bulk.insert_rows("records_deliveryevent", ("document_id", "state", "happened_at", "note", "created_by_id", "created_at"), events)
    audit.record_many(viewer.actor, SHIP, declaration.name, {one.header["id"]: changed for one, changed in changes})
    outbox.add_many("document_shipped", declaration.name, [one.header["id"] for one, _ in changes])


def row_of(fields: Mapping[str, Field], one: Change) -> tuple[Any, ...]:
    """A header's columns of logistics: what has none of its own goes into the JSON."""
    ext = dict(one.header["ext"])
    for name, each in fields.items():
        if each.path.startswith("ext:") and name in one.parsed.values:
            ext[each.path[4:]] = one.after[name]
    freight = one.parsed.values.get("freight", one.header["freight"])
    return one.header["id"], one.after.get("carrier"), None if freight is None else to_micro(freight), one.after[STATE], bulk.json_text(ext)


def events_json(document: int) -> list[dict[str, Any]]:
    """物流记录 The states that the goods came into, in the order they were written down: one statement."""
    rows = DeliveryEvent.objects.filter(document=document).order_by("id")
    columns = ("id", "state", "happened_at", "note", "created_by__display_name", "created_at")
    return [
        {
            "id": pk,
            "state": state,
            "label": word(DELIVERY_LABELS[DeliveryState(state)], state),
            "tone": DELIVERY_TONES[DeliveryState(state)],
            "happened_at": timezone.localtime(happened).isoformat(timespec="seconds"),
            "note": note,
            "created_by": name,
            "created_at": timezone.localtime(at).isoformat(timespec="seconds"),
        }
        for pk, state, happened, note, name, at in rows.values_list(*columns)
    ]
