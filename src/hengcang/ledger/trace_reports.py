"""追溯报表 What became of a lot and where it came from, and the life of a piece: each one statement over the books."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from hengcang.base import bulk
from hengcang.ledger import reports
from hengcang.ledger.facts import STOCK_KINDS_SQL

DEEPEST = 10
REACHED = """
WITH RECURSIVE r(lot, depth) AS (
  SELECT CAST(%s AS bigint), 0
  UNION
  SELECT {next}.lot_id, r.depth+1 FROM r JOIN ledger_stockmove {near} ON {near}.lot_id=r.lot AND {near}.corrects_id IS NULL
  JOIN ledger_stockmove {next} ON {next}.posting_id={near}.posting_id AND {next}.corrects_id IS NULL AND {next}.lot_id IS NOT NULL
    AND {next}.lot_id<>r.lot
  JOIN places_place i ON i.id=used.target_id AND i.kind='production' JOIN places_place o ON o.id=made.source_id AND o.kind='production'
  WHERE r.depth<{deepest} AND NOT EXISTS (SELECT 1 FROM ledger_stockmove x WHERE x.corrects_id=used.id AND x.entry_kind='reversal')
)
"""
NET = """
LEFT JOIN (SELECT corrects_id, SUM(quantity) AS quantity FROM ledger_stockmove
  WHERE corrects_id IS NOT NULL AND lot_id IN (SELECT lot FROM r) GROUP BY corrects_id) c ON c.corrects_id=m.id
"""
LOT_SQL = """
SELECT m.id, m.document_date, d.id, d.type, d.number, m.kind, m.entry_kind, y.name, s.name, s.kind, t.name, t.kind, i.id, i.code, i.name,
  b.id, b.number, CASE WHEN s.kind IN ({kinds}) THEN 1 ELSE 0 END, CASE WHEN t.kind IN ({kinds}) THEN 1 ELSE 0 END,
  CAST(m.quantity+COALESCE(c.quantity,0) AS bigint)
FROM ledger_stockmove m {net} JOIN records_goodsline l ON l.id=m.line_id JOIN records_document d ON d.id=l.document_id
JOIN places_place s ON s.id=m.source_id JOIN places_place t ON t.id=m.target_id JOIN catalog_item i ON i.id=m.item_id
JOIN catalog_lot b ON b.id=m.lot_id LEFT JOIN parties_party y ON y.id=d.party_id
WHERE m.lot_id IN (SELECT lot FROM r) AND m.corrects_id IS NULL AND m.quantity+COALESCE(c.quantity,0)<>0{places}
ORDER BY m.document_date, m.sequence, m.id
"""
LIFE_SQL = """
SELECT m.id, m.document_date, d.id, d.type, d.number, m.kind, m.entry_kind, y.name, s.name, s.kind, t.name, t.kind, i.id, i.code, i.name,
  n.id, n.number, SUM(k.quantity)
FROM catalog_serial n JOIN ledger_serialmove k ON k.serial_id=n.id JOIN ledger_stockmove a ON a.id=k.move_id
JOIN ledger_stockmove m ON m.id=COALESCE(a.corrects_id, a.id)
JOIN records_goodsline l ON l.id=m.line_id JOIN records_document d ON d.id=l.document_id
JOIN places_place s ON s.id=m.source_id JOIN places_place t ON t.id=m.target_id JOIN catalog_item i ON i.id=n.item_id
LEFT JOIN parties_party y ON y.id=d.party_id
WHERE n.number=%s{items}{places}
GROUP BY m.id, d.id, y.id, s.id, t.id, i.id, n.id HAVING SUM(k.quantity)<>0 ORDER BY n.id, m.day, m.sequence, m.id
"""
PIECES_SQL = """
SELECT n.id, i.id, i.code, i.name, i.spec, n.number, w.id, w.name, b.number FROM ledger_serialplace p
JOIN catalog_serial n ON n.id=p.serial_id JOIN catalog_item i ON i.id=p.item_id JOIN places_place w ON w.id=p.place_id
LEFT JOIN catalog_lot b ON b.id=p.lot_id WHERE p.place_id IS NOT NULL{items}{places} ORDER BY i.code, w.code, n.number{limit}
"""


def lot_rows(lot: int, places: Collection[int] | None, *, forward: bool) -> list[tuple[Any, ...]]:
    """批次追溯 Every standing move of a lot, and of the lots made of it (or, backward, that it was made of), in order."""
    reached = REACHED.format(near="used" if forward else "made", next="made" if forward else "used", deepest=DEEPEST)
    limit, keys = among_places(places)
    return bulk.fetch(reached + LOT_SQL.format(kinds=STOCK_KINDS_SQL, net=NET, places=limit), [lot, *keys, *keys])


def life_rows(number: str, item: int | None, places: Collection[int] | None) -> list[tuple[Any, ...]]:
    """序列号履历 Every standing move of the pieces with a number, in order."""
    limit, keys = among_places(places)
    of_item, items = ("", []) if item is None else (" AND n.item_id=%s", [item])
    return bulk.fetch(LIFE_SQL.format(items=of_item, places=limit), [number, *items, *keys, *keys])


def among_places(places: Collection[int] | None) -> tuple[str, list[Any]]:
    """The condition that a move touches one of some places."""
    if places is None:
        return "", []
    chosen, wanted = bulk.among(sorted(places))
    return f" AND (m.source_id {chosen} OR m.target_id {chosen})", [wanted]


def stands_at(number: str, places: Collection[int] | None) -> list[tuple[str, str, str]]:
    """现在何处 (item code, item name, place or nothing) of the pieces with a number; a place out of sight is not told."""
    limit, keys = reports.among("p.place_id", places)
    sql = (
        "SELECT i.code, i.name, COALESCE(w.name,''), CASE WHEN p.place_id IS NULL THEN 0 ELSE 1 END FROM catalog_serial n "
        "JOIN ledger_serialplace p ON p.serial_id=n.id JOIN catalog_item i ON i.id=n.item_id "
        f"LEFT JOIN places_place w ON w.id=p.place_id WHERE n.number=%s AND (p.place_id IS NULL OR (1=1{limit})) ORDER BY i.code"
    )
    return [(row[0], row[1], row[2]) for row in bulk.fetch(sql, [number, *keys])]


def piece_rows(item: int | None, places: Collection[int] | None, limit: int | None) -> list[tuple[Any, ...]]:
    """在库序列号 The pieces in stock by item, place and number."""
    where, keys = reports.among("p.place_id", places)
    of_item, items = ("", []) if item is None else (" AND p.item_id=%s", [item])
    tail = "" if limit is None else f" LIMIT {limit + 1}"
    return bulk.fetch(PIECES_SQL.format(items=of_item, places=where, limit=tail), [*items, *keys])
