"""逐行占用 What orders hold back line by line: what a command makes of it, and what a person chooses from.

`hold` and `release` of a whole order, or of chosen lines and parts of them; `reassign` gives what a line holds back to a line
of another order, for the same goods in the same place. The documents of both sides are under lock, by id; both keep it in
their history. Statements do not grow with the lines.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.base import audit, bulk, outbox
from hengcang.base.audit import Change
from hengcang.core.amounts import to_decimal
from hengcang.core.errors import FieldRequired, TransitionRefused
from hengcang.core.holding import Holding, Part, changed
from hengcang.core.holding_errors import NoSuchLine
from hengcang.core.lifecycle import TRANSITIONS, State
from hengcang.core.posting import Reserve
from hengcang.documents.facts import Opened
from hengcang.documents.scope import document_limits, require_in_scope
from hengcang.ledger import reservations
from hengcang.meta import registry
from hengcang.meta.refs import document_label
from hengcang.meta.values import plain

REASSIGN = "reassign"
UPDATE_SQL = "UPDATE records_document SET ext={ext}, version=version+1 FROM {rows} WHERE records_document.id=v.c0"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Plan:
    """占用方案 What a command does: to the books, and by document to the header's `ext` and in the history."""

    reserves: Sequence[Reserve]
    ext: Mapping[int, dict[str, Any]]
    told: Mapping[int, Sequence[Change]]


def takers_of(parts: Sequence[Part]) -> set[int]:
    """接收的订单 The orders whose lines take over what is handed over: one statement, none where nothing is."""
    return set(reservations.orders_of({part.taker for part in parts if part.taker is not None}).values())


def plan(viewer: Viewer, opened: Opened, name: str, parts: Sequence[Part], today: date) -> Plan:
    """占用 What `hold`, `release` or `reassign` of an order comes to.

    Raises TransitionRefused where a whole order holds back already or nothing, FieldRequired where nothing is handed over,
    PermissionRefused, NotFound, NoSuchLine, and what the lines themselves refuse.
    """
    if name == REASSIGN and (not parts or any(part.taker is None for part in parts)):
        raise FieldRequired(path="lines", where="", label="接收的订单行")
    assert name == REASSIGN or all(part.taker is None for part in parts), "what is held back or let go goes to no other line"
    orders = {opened.id: opened.header}
    if name == REASSIGN:
        orders |= taking_orders(viewer, opened, name, parts)
    lines = reservations.holdings(orders)
    for part in parts:
        if part.line not in lines or lines[part.line].document != opened.id or (part.taker is not None and part.taker not in lines):
            wrong = part.line if part.line not in lines or lines[part.line].document != opened.id else part.taker
            raise NoSuchLine(path=part.path, line=wrong)
    after, amounts = changed(lines, name, parts) if parts else (whole(opened, name, lines), [])
    return Plan(
        reserves=[change_of(one, after[line]) for line, one in lines.items() if after[line] != one],
        ext={document: ext_of(header["ext"], of_order(lines, after, document), name, parts, today) for document, header in orders.items()},
        told=told(lines, after, name, list(zip(parts, amounts, strict=True))),
    )


def taking_orders(viewer: Viewer, opened: Opened, name: str, parts: Sequence[Part]) -> dict[int, Mapping[str, Any]]:
    """The headers of the orders that take over: live ones of types that hold stock back, which the viewer may do this to."""
    headers = {document: opened.sources[document] for document in takers_of(parts) - {opened.id}}
    for type_name in sorted({header["type"] for header in headers.values()}):
        viewer.require(type_name, name)
        own = [document for document, header in headers.items() if header["type"] == type_name]
        require_in_scope(viewer, registry.document(type_name), own)
    return {
        document: header
        for document, header in headers.items()
        if registry.document(header["type"]).reserves and header["state"] == State.POSTED and header["reverses_id"] is None
    }


def of_order(before: Mapping[int, Holding], after: Mapping[int, Holding], document: int) -> list[tuple[Holding, Holding]]:
    """The lines of one order, before and after."""
    return [(one, after[line]) for line, one in before.items() if one.document == document]


def whole(opened: Opened, name: str, lines: Mapping[int, Holding]) -> dict[int, Holding]:
    """整单 All lines hold back all that is open of them, or nothing. Raises TransitionRefused where that is so already."""
    holds, asked = bool(opened.header["ext"].get("reserve")), name == "hold"
    if holds is asked and not (asked and any(one.room for one in lines.values())):
        state = "已占用库存" if asked else "没有占用库存"
        raise TransitionRefused(label=opened.declaration.label, state=state, transition=TRANSITIONS[name].label)
    if asked:
        return {line: replace(one, held=one.open, wanted=one.ordered) for line, one in lines.items()}
    return {line: replace(one, held=ZERO, wanted=ZERO) for line, one in lines.items()}


def change_of(before: Holding, after: Holding) -> Reserve:
    """What a line's change is to the books."""
    return Reserve(before.line, before.item, before.place, after.held - before.held, before.lot, after.wanted - before.wanted)


def ext_of(
    ext: Mapping[str, Any], lines: Sequence[tuple[Holding, Holding]], name: str, parts: Sequence[Part], today: date
) -> dict[str, Any]:
    """The header's facts after it: whether it holds back, and the day it does so until, which does not stand once it has passed."""
    holds = any(after.wanted for _, after in lines) if parts else name == "hold"
    until, takes = ext.get("reserve_until"), name == "hold" or any(after.held > before.held for before, after in lines)
    passed = {"reserve_until": None} if takes and until and until < today.isoformat() else {}
    return {**ext, **passed, "reserve": holds}


def told(
    before: Mapping[int, Holding], after: Mapping[int, Holding], name: str, parts: Sequence[tuple[Part, Decimal]]
) -> dict[int, list[Change]]:
    """逐行变更 What the history of each order says of its chosen lines; of a whole order nothing line by line."""
    found: dict[int, list[Change]] = {}
    if not parts:
        return found
    for line, one in before.items():
        if after[line] != one:
            label = f"第 {one.line_number} 行 {one.item_name} 占用"
            found.setdefault(one.document, []).extend(audit.diff({label: one.held}, {label: after[line].held}, [label]))
    for part, amount in parts:
        if part.taker is not None:
            giver, taker = before[part.line], before[part.taker]
            lines = f"{giver.number} 第 {giver.line_number} 行 → {taker.number} 第 {taker.line_number} 行"
            change = {"field": TRANSITIONS[name].label, "before": None, "after": f"{lines}：{plain(amount)} {giver.unit}"}
            for document in dict.fromkeys((giver.document, taker.document)):
                found.setdefault(document, []).append(change)
    return found


def finish_takers(viewer: Viewer, opened: Opened, made: Plan, reason: str) -> None:
    """接收方留痕 The header, the audit row and the event of every order that took over: as many statements for one as for many."""
    others = {document: ext for document, ext in made.ext.items() if document != opened.id}
    if not others:
        return
    rows, parameters = bulk.table_of([(one, bulk.json_text(ext)) for one, ext in sorted(others.items())], ["bigint", "text"])
    bulk.execute(UPDATE_SQL.format(rows=rows, ext="CAST(v.c1 AS jsonb)" if bulk.is_postgresql() else "v.c1"), parameters)
    by_type: dict[str, list[int]] = {}
    for document in sorted(others):
        by_type.setdefault(opened.sources[document]["type"], []).append(document)
    for name, documents in by_type.items():
        changes = {one: history_of(opened.sources[one]["ext"], others[one], made.told.get(one, ()), reason) for one in documents}
        audit.record_many(viewer.actor, REASSIGN, name, changes)
        outbox.add_many("document_reassigned", name, documents)


def history_of(before: Mapping[str, Any], after: Mapping[str, Any], lines: Sequence[Change], reason: str) -> list[Change]:
    """What an order that took over keeps of it."""
    names = [name for name in after if after[name] != before.get(name)]
    return [*audit.diff({**before, "reason": None}, {**after, "reason": reason or None}, ["reason", *names]), *lines]


def holdings_json(viewer: Viewer, document: int) -> list[dict[str, Any]]:
    """占用明细 The lines of an order that can hold stock back, in base units, each with the lines that may take over what it holds.

    `[{line, line_number, item, unit, place, lot, ordered, done, open, held, room, available?, takers: [{line, document, type,
    label, line_number, party, room}]}]`; `available` only for who may see stock. Four statements.
    """
    lines = reservations.holdings([document])
    keys = sorted({(one.item, one.place, one.lot) for one in lines.values()})
    free = reservations.available(keys) if viewer.may("stock_on_hand", "view") else {}
    names = reservations.names_of(keys)
    takers = taking_lines(viewer, [one for one in lines.values() if one.held])
    return [
        {
            "line": one.line,
            "line_number": one.line_number,
            "item": {"code": names[one.item, one.place, one.lot].code, "label": one.item_name},
            "unit": one.unit,
            "place": names[one.item, one.place, one.lot].place,
            "lot": names[one.item, one.place, one.lot].lot,
            **{name: plain(getattr(one, name)) for name in ("ordered", "done", "open", "held", "room")},
            **(
                {"available": plain(to_decimal(free.get((one.item, one.place, one.lot), 0)))} if viewer.may("stock_on_hand", "view") else {}
            ),
            "takers": [taker for key, taker in takers if key == (one.item, one.place, one.lot) and taker["line"] != one.line],
        }
        for one in lines.values()
    ]


def taking_lines(viewer: Viewer, givers: Collection[Holding]) -> list[tuple[tuple[int, int, int], dict[str, Any]]]:
    """可接收的订单行 Lines of live orders that lack what the givers hold back, by (item, place, lot): those the viewer may hand it to."""
    types = [name for name in reservations.reserving_types() if viewer.may(name, REASSIGN)]
    keys = {(one.item, one.place, one.lot) for one in givers}
    if not types or not keys:
        return []
    return [
        (
            row[:3],
            {
                "line": row.line,
                "document": row.document,
                "type": row.type,
                "label": document_label(row.number, row.document),
                "line_number": row.line_number,
                "party": row.party,
                "room": plain(to_decimal(row.room)),
            },
        )
        for row in reservations.lacking(sorted(keys), types, document_limits(viewer))
    ]
