"""待入与待发 What unfinished orders will bring and take away, line by line with their days: one statement for all types of order."""

from __future__ import annotations

from collections.abc import Sequence
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


class OpenLine(NamedTuple):
    """未交行 A line of an order with what is open of it and what is held back for it, in micro; `day` where one was agreed."""

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


def part(flow: Flow, wanted: StockFilter) -> tuple[str, list[Any]]:
    """The open lines of one flow."""
    place = "l.target_place_id" if flow.inward else "l.source_place_id"
    places, place_keys = among(place, wanted.places)
    items, item_keys = item_condition(wanted)
    day = f"(d.ext->>'{flow.expected}')" if bulk.is_postgresql() else f"json_extract(d.ext,'$.{flow.expected}')"
    sql = (
        f"SELECT {int(flow.inward)} AS inward, l.id, d.id AS document, d.type, d.number, d.document_date, {day} AS expected, "
        f"d.party_id, l.item_id, COALESCE({place},0) AS place, l.base_quantity-COALESCE(p.quantity,0) AS open, "
        "COALESCE(r.quantity,0) AS held "
        "FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision AND l.role=%s "
        "JOIN catalog_item i ON i.id=l.item_id LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose=%s "
        "LEFT JOIN ledger_reservation r ON r.line_id=l.id "
        "WHERE d.type=%s AND d.state='posted' AND d.reverses_id IS NULL AND l.base_quantity>COALESCE(p.quantity,0)"
        f"{' AND d.progress<>%s' if flow.shown else ''}{places}{items}"
    )
    return sql, [flow.role, flow.purpose, flow.type, *(["complete"] if flow.shown else []), *place_keys, *item_keys]


def open_lines(flows: Sequence[Flow], wanted: StockFilter) -> list[OpenLine]:
    """未交行 The open lines of some flows at the wanted items and places: one statement."""
    if not flows:
        return []
    parts = [part(one, wanted) for one in flows]
    rows = bulk.fetch(" UNION ALL ".join(sql for sql, _ in parts), [key for _, keys in parts for key in keys])
    found = []
    for inward, line, document, kind, number, made, expected, party, item, place, left, held in rows:
        day = bulk.read_date(made)
        assert day is not None
        found.append(
            OpenLine(bool(inward), line, document, kind, number, day, bulk.read_date(expected or None), party, item, place, left, held)
        )
    return found
