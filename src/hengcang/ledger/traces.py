"""追溯 Reading pieces: which stood where at a position, and which a move took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from hengcang.base import bulk
from hengcang.core.amounts import to_decimal
from hengcang.places.houses import house

ZERO = Decimal(0)

HERE_SQL = """
SELECT v.c0, s.serial_id FROM {keys} JOIN ledger_serialplace s ON s.item_id=v.c1 AND s.place_id=v.c2 AND COALESCE(s.lot_id,0)=v.c3
"""
LATER_SQL = """
SELECT v.c0, k.serial_id, SUM(CASE WHEN m.target_id=v.c2 THEN k.quantity ELSE -k.quantity END)
FROM {keys} JOIN ledger_stockmove m ON m.item_id=v.c1 AND (m.day, m.sequence) > (%s, %s)
  AND (m.target_id=v.c2 OR m.source_id=v.c2) AND COALESCE(m.lot_id,0)=v.c3
JOIN ledger_serialmove k ON k.move_id=m.id GROUP BY v.c0, k.serial_id
"""
SHELVES_SQL = f"""
SELECT v.c0, v.c1, b.place_id, COALESCE(b.lot_id,0), COALESCE(t.number,''), t.expiry_date, b.quantity, b.reserved
FROM {{keys}} JOIN ledger_stockbalance b ON b.item_id=v.c0 JOIN places_place p ON p.id=b.place_id AND v.c1 IN (p.id, {house("p")})
LEFT JOIN catalog_lot t ON t.id=b.lot_id WHERE b.quantity>0 OR b.reserved>0 ORDER BY 1, 2, 4, p.kind, p.code
"""
IN_STOCK_SQL = """
SELECT s.number FROM ledger_serialplace p JOIN catalog_serial s ON s.id=p.serial_id WHERE p.item_id=%s AND p.place_id=%s ORDER BY s.number
"""
PIECES_SQL = """
SELECT COALESCE(m.corrects_id, m.id), k.serial_id, SUM(k.quantity) FROM ledger_stockmove m JOIN ledger_serialmove k ON k.move_id=m.id
WHERE m.id {chosen} OR m.corrects_id {chosen} GROUP BY 1, 2 HAVING SUM(k.quantity)<>0 ORDER BY 1, 2
"""


def pieces_at(day: int, sequence: int, keys: Sequence[tuple[int, int, int, int]]) -> dict[int, set[int]]:
    """某时点在库序列号 The pieces by line of (line, item, place, lot) after the position (day, sequence): those there now, and back."""
    source, parameters = bulk.table_of(keys, ["bigint"] * 4)
    held: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for line, serial in bulk.fetch(HERE_SQL.format(keys=source), parameters):
        held[line][serial] += 1
    for line, serial, change in bulk.fetch(LATER_SQL.format(keys=source), [*parameters, day, sequence]):
        held[line][serial] -= change
    return {line: {serial for serial, there in found.items() if there > 0} for line, found in held.items()}


def pieces_of(moves: Collection[int]) -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
    """移动的序列号 The pieces that went with each move, and those that came against it, corrections included."""
    found: dict[int, tuple[list[int], list[int]]] = {}
    chosen, wanted = bulk.among(sorted(moves))
    for move, serial, quantity in bulk.fetch(PIECES_SQL.format(chosen=chosen), [wanted, wanted]):
        found.setdefault(move, ([], []))[0 if quantity > 0 else 1].append(serial)
    return {move: (tuple(went), tuple(came)) for move, (went, came) in found.items()}


class OnShelf(NamedTuple):
    """库位现存 What a shelf of the place asked for (itself, or a bin in it) holds of an item, of a lot or of none (0), in base units.

    What order lines hold back stands at the warehouse, of whichever of its shelves.
    """

    item: int
    place: int
    shelf: int
    lot: int
    number: str
    expires: date | None
    on_hand: Decimal
    reserved: Decimal


def on_shelves(keys: Sequence[tuple[int, int]]) -> list[OnShelf]:
    """各库位现存 Every shelf of each (item, place) that holds something, or of which something is held back: one statement.

    By lot, bins first, in the order of their codes.
    """
    if not keys:
        return []
    source, parameters = bulk.table_of(keys, ["bigint"] * 2)
    rows = bulk.fetch(SHELVES_SQL.format(keys=source), parameters)
    return [
        OnShelf(item, place, shelf, lot, number, bulk.read_date(day), to_decimal(held), to_decimal(reserved))
        for item, place, shelf, lot, number, day, held, reserved in rows
    ]


class LotOnHand(NamedTuple):
    """批次现存 What a place, its bins included, holds of a lot, and what order lines hold back of it, in base units."""

    item: int
    place: int
    lot: int
    number: str
    expires: date | None
    on_hand: Decimal
    reserved: Decimal


def lots_on_hand(keys: Sequence[tuple[int, int]]) -> list[LotOnHand]:
    """各批次现存 Every lot that (item, place) holds: one statement."""
    found = []
    for (item, place, lot), group in groupby(on_shelves(keys), attrgetter("item", "place", "lot")):
        shelves = list(group)
        held = sum((max(one.on_hand, ZERO) for one in shelves), ZERO)
        if lot and held > 0:
            reserved = sum((one.reserved for one in shelves), ZERO)
            found.append(LotOnHand(item, place, lot, shelves[0].number, shelves[0].expires, held, reserved))
    return found


def pieces_in_stock(item: int, place: int) -> list[str]:
    """在库序列号 The numbers of an item's pieces at a place, in order."""
    return [row[0] for row in bulk.fetch(IN_STOCK_SQL, [item, place])]
