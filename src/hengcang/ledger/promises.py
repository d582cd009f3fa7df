"""待入与待发 What unfinished orders will bring and take away, line by line with their days: one statement for all types of order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.ledger.reports import StockFilter, among, item_condition


class Flow(NamedTuple):
    """订单流向 Lines of a role of a type of order that become goods that come in (or go out); `expected` is the day's name in `ext`.

    `shown`: the order's own progress is read from these lines, so that finished orders need not be looked at.
    """

    type: str
    role: str
    purpose: str
    expected: str
    inward: bool
    shown: bool
    reserves: bool = False


class OpenLine(NamedTuple):
    """未交行 A line of an order with what is open of it and what is held back for it, in micro; `day` where one was agreed.

    What is held back until a day that has passed is held back no longer.
    """

    inward: bool
    line: int
    document: int
    type: str
    number: str
    document_date: date
    day: date | None
    party: int | None
    item: int
    place: int
    open: int
    held: int


def in_ext(name: str, row: str = "d") -> str:
    """A value of a row (of the document `d`) that is kept in `ext`: text, but a number on SQLite where it is one.

    Days are written YYYY-MM-DD and so in order.
    """
    return f"({row}.ext->>'{name}')"


PASSED = "COALESCE(NULLIF({until},''),'9999')<%s"


def part(flow: Flow, wanted: StockFilter, today: date) -> tuple[str, list[Any]]:
    """The open lines of one flow."""
    place = "l.target_place_id" if flow.inward else "l.source_place_id"
    places, place_keys = among(place, wanted.places)
    items, item_keys = item_condition(wanted)
    day, passed = in_ext(flow.expected), PASSED.format(until=in_ext("reserve_until"))
    held = f"CASE WHEN {passed} THEN 0 ELSE COALESCE(r.quantity,0) END" if flow.reserves else "0"
    sql = (
        f"SELECT {int(flow.inward)} AS inward, l.id, d.id AS document, d.type, d.number, d.document_date, {day} AS expected, "
        f"d.party_id, l.item_id, COALESCE({place},0) AS place, l.base_quantity-COALESCE(p.quantity,0) AS open, "
        f"{held} AS held "
        "FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision AND l.role=%s "
        "JOIN catalog_item i ON i.id=l.item_id LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose=%s "
        "LEFT JOIN ledger_reservation r ON r.line_id=l.id "
        "WHERE d.type=%s AND d.state='posted' AND d.reverses_id IS NULL AND l.base_quantity>COALESCE(p.quantity,0)"
        f"{' AND d.progress<>%s' if flow.shown else ''}{places}{items}"
    )
    return sql, [
        *([today.isoformat()] if flow.reserves else []),
        flow.role,
        flow.purpose,
        flow.type,
        *(["complete"] if flow.shown else []),
        *place_keys,
        *item_keys,
    ]


def open_lines(flows: Sequence[Flow], wanted: StockFilter, today: date) -> list[OpenLine]:
    """未交行 The open lines of some flows at the wanted items and places: one statement."""
    if not flows:
        return []
    parts = [part(one, wanted, today) for one in flows]
    rows = bulk.fetch(" UNION ALL ".join(sql for sql, _ in parts), [key for _, keys in parts for key in keys])
    found = []
    for inward, line, document, kind, number, made, expected, party, item, place, left, held in rows:
        day, agreed = bulk.read_day(made), bulk.read_date(expected or None)
        found.append(OpenLine(bool(inward), line, document, kind, number, day, agreed, party, item, place, left, held))
    return found


EXPIRED = """
FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision
JOIN ledger_reservation r ON r.line_id=l.id AND r.quantity<>0 JOIN catalog_item i ON i.id=l.item_id
WHERE d.type IN ({types}) AND d.state='posted' AND d.progress<>'complete' AND {passed}
"""


def expired(types: Sequence[str], wanted: StockFilter, today: date) -> dict[tuple[int, int, int], int]:
    """到期占用 What unfinished orders hold back beyond their day, by item, place and lot (0: any): one statement."""
    if not types:
        return {}
    source = EXPIRED.format(types=bulk.placeholders(types), passed=PASSED.format(until=in_ext("reserve_until")))
    places, place_keys = among("l.source_place_id", wanted.places)
    items, item_keys = item_condition(wanted)
    sums = "SELECT l.item_id, l.source_place_id, COALESCE(l.lot_id,0), CAST(SUM(r.quantity) AS bigint)"
    rows = bulk.fetch(f"{sums} {source}{places}{items} GROUP BY 1, 2, 3", [*types, today.isoformat(), *place_keys, *item_keys])
    return {(item, place, lot): quantity for item, place, lot, quantity in rows}


def passed(lines: Collection[int], today: date) -> set[int]:
    """到期的订单行 Those of the lines whose orders hold stock back until a day that has passed: one statement."""
    if not lines:
        return set()
    chosen, wanted = bulk.among(sorted(lines))
    sql = "SELECT l.id FROM records_goodsline l JOIN records_document d ON d.id=l.document_id"
    condition = PASSED.format(until=in_ext("reserve_until"))
    return {row[0] for row in bulk.fetch(f"{sql} WHERE l.id {chosen} AND {condition}", [wanted, today.isoformat()])}


def expired_orders(types: Sequence[str], today: date) -> list[tuple[int, str]]:
    """到期占用的订单 (id, type) of unfinished orders that hold stock back beyond their day, the oldest first."""
    if not types:
        return []
    source = EXPIRED.format(types=bulk.placeholders(types), passed=PASSED.format(until=in_ext("reserve_until")))
    return [(row[0], row[1]) for row in bulk.fetch(f"SELECT DISTINCT d.id, d.type {source} ORDER BY 1", [*types, today.isoformat()])]
