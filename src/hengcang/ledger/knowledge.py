"""当时所知 The second axis of time: what the books said of a day at an earlier moment, before later postings changed it.

Nothing in the books is ever edited, so what was known at a moment is what is known now less the rows posted since. The
cost is those rows, not the history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hengcang.base import bulk
from hengcang.ledger import reports
from hengcang.ledger.facts import STOCK_KINDS_SQL
from hengcang.ledger.reports import StockFilter, among, first_rows, item_condition, some_or_all

SINCE = "FROM ledger_posting p JOIN ledger_stockmove m ON m.posting_id=p.id WHERE p.posted_at>%s AND m.document_date<=%s"
PLACES_SQL = f"""
SELECT i.id, x.place, x.lot, CAST(SUM(x.q) AS bigint) FROM (
  SELECT m.item_id, m.target_id AS place, COALESCE(m.lot_id,0) AS lot, m.quantity AS q {SINCE}
  UNION ALL
  SELECT m.item_id, m.source_id, COALESCE(m.lot_id,0), -m.quantity {SINCE}
) x JOIN catalog_item i ON i.id=x.item_id JOIN places_place p ON p.id=x.place AND p.kind IN ({STOCK_KINDS_SQL})
WHERE 1=1{{places}}{{items}} GROUP BY i.id, x.place, x.lot HAVING SUM(x.q)<>0
"""
POOLS_SQL = f"""
SELECT c.item_id, COALESCE(c.place_id,0), COALESCE(c.lot_id,0), CAST(SUM(x.q) AS bigint), CAST(SUM(x.v) AS bigint) FROM (
  SELECT m.target_pool_id AS pool, m.quantity AS q, m.value AS v {SINCE} AND m.target_pool_id IS NOT NULL
    AND (m.source_pool_id IS NULL OR m.source_pool_id<>m.target_pool_id)
  UNION ALL
  SELECT m.source_pool_id, -m.quantity, -m.value {SINCE} AND m.source_pool_id IS NOT NULL
    AND (m.target_pool_id IS NULL OR m.source_pool_id<>m.target_pool_id)
) x JOIN ledger_costpool c ON c.id=x.pool WHERE c.item_id {{chosen}} GROUP BY c.item_id, c.place_id, c.lot_id
"""
CARD_SQL = """
SELECT COALESCE(m.corrects_id, m.id), m.document_date, d.id, d.type, d.number, m.kind, m.entry_kind, s.name, s.kind, t.name, t.kind,
  b.number, m.quantity, m.value, c.id, c.type, c.number, p.posted_at,
  CASE WHEN m.target_pool_id IS NULL THEN -1 WHEN m.source_pool_id IS NULL THEN 1 ELSE 0 END
FROM ledger_stockmove m JOIN ledger_posting p ON p.id=m.posting_id JOIN records_document c ON c.id=p.document_id
JOIN records_goodsline l ON l.id=m.line_id JOIN records_document d ON d.id=l.document_id
JOIN places_place s ON s.id=m.source_id JOIN places_place t ON t.id=m.target_id LEFT JOIN catalog_lot b ON b.id=m.lot_id
WHERE m.item_id=%s AND m.day>=%s AND m.day<=%s AND p.posted_at<=%s{places}
ORDER BY m.day, m.sequence, COALESCE(m.corrects_id, m.id), m.id{limit}
"""


@dataclass(frozen=True, slots=True)
class Known:
    """所知 The books of a day as they stood at a moment."""

    day: date
    moment: datetime

    @property
    def asked(self) -> list[Any]:
        """What one part of a statement asks for."""
        return [bulk.instant(self.moment), self.day.isoformat()]


def places_since(known: Known, wanted: StockFilter) -> dict[tuple[int, int, int], int]:
    """之后的数量 What later postings changed of that day's balances, by (item, place, lot)."""
    places, place_keys = among("x.place", wanted.places)
    items, item_keys = item_condition(wanted)
    rows = bulk.fetch(PLACES_SQL.format(places=places, items=items), [*known.asked * 2, *place_keys, *item_keys])
    return {row[:3]: row[3] for row in rows}


def pool_rows(known: Known, items: Collection[int]) -> list[tuple[Any, ...]]:
    """成本池 (item, place or 0, lot or 0, quantity, value) of the items, as known; the pools of pieces together."""
    if not items:
        return []
    chosen, ordered = bulk.among(sorted(items))
    later = bulk.fetch(POOLS_SQL.format(chosen=chosen), [*known.asked * 2, ordered])
    found: dict[tuple[int, int, int], list[int]] = {}
    for sign, rows in ((1, reports.pool_rows(items, known.day)), (-1, later)):
        for row in rows:
            sums = found.setdefault(row[:3], [0, 0])
            sums[0] += sign * row[3]
            sums[1] += sign * row[4]
    return [(*key, *sums) for key, sums in found.items()]


def card_rows(
    item: int, places: Collection[int] | None, days: Sequence[date], moment: datetime, limit: int | None
) -> Iterator[tuple[Any, ...]]:
    """成本卡 The rows of one item's moves between two days, each move followed by what corrected it, as known at a moment.

    (move, document_date, document id, type and number, kind, entry_kind, source and target names and kinds, lot, quantity,
    value, id, type and number of the document that caused the row, posted_at, sign: 1 in, −1 out, 0 from pool to pool).
    """
    sources, keys = among("m.source_id", places)
    targets, _ = among("m.target_id", places)
    limited = "" if places is None else f" AND (({sources[5:]}) OR ({targets[5:]}))"
    sql = CARD_SQL.format(places=limited, limit=first_rows(limit))
    first, last = (one.toordinal() for one in days)
    return some_or_all(sql, [item, first, last, bulk.instant(moment), *keys, *keys], limit)
