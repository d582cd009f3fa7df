"""占用报表 What reports read of what orders hold back: who holds what, since when, until when, and who lacks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hengcang.base import bulk
from hengcang.core.fulfilment import RELEASING
from hengcang.ledger.promises import PASSED, in_ext
from hengcang.ledger.reports import Limit, StockFilter, among, first_rows, item_condition, some_or_all, within

OPEN = "l.base_quantity-COALESCE(p.quantity,0)"
SHOWN = {
    "held": "r.quantity<>0",
    "lacking": f"d.progress<>'complete' AND {OPEN}>COALESCE(r.quantity,0)",
}
HELD_STOCK_SQL = """
SELECT l.id, d.id, d.type, d.number, y.name,
  (SELECT COUNT(*) FROM records_goodsline x WHERE x.document_id=d.id AND x.revision=l.revision AND x.role=l.role
    AND (x.position, x.id)<=(l.position, l.id)),
  l.item_id, l.source_place_id, COALESCE(t.number,''), CASE WHEN {open}>0 THEN {open} ELSE 0 END, COALESCE(r.quantity,0),
  {expected}, {until}, (SELECT MAX(g.posted_at) FROM ledger_reservationmove m JOIN ledger_posting g ON g.id=m.posting_id
    WHERE m.line_id=l.id AND m.wanted>0 AND r.quantity<>0)
FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision
JOIN catalog_item i ON i.id=l.item_id JOIN places_place w ON w.id=l.source_place_id LEFT JOIN catalog_lot t ON t.id=l.lot_id
LEFT JOIN parties_party y ON y.id=d.party_id LEFT JOIN ledger_reservation r ON r.line_id=l.id
LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose='{releasing}'
WHERE d.type IN ({types}) AND d.state='posted' AND d.reverses_id IS NULL AND {shown}{more}
ORDER BY i.code, w.code, 9, d.document_date, d.id, l.position, l.id{limit}
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """占用条件 Orders of these types, each with the field of its agreed day, inside some limits; `shown` is held or lacking.

    `passed`: only what is held back beyond its day.
    """

    expected: Mapping[str, str]
    wanted: StockFilter
    limits: Sequence[Limit]
    today: date
    shown: str = "held"
    party: int | None = None
    passed: bool = False


def held_stock_rows(asked: Asked, limit: int | None) -> Iterator[tuple[Any, ...]]:
    """占用明细 (line, order, type, number, party, line number, item, place, lot, open, held, agreed day, until, since), by item."""
    types = sorted(asked.expected)
    more, parameters = within(asked.limits, "d")
    for sql, keys in (among("l.source_place_id", asked.wanted.places), item_condition(asked.wanted)):
        more += sql
        parameters += keys
    if asked.party is not None:
        more += " AND d.party_id=%s"
        parameters.append(asked.party)
    if asked.passed:
        more += f" AND {PASSED.format(until=in_ext('reserve_until'))}"
        parameters.append(asked.today.isoformat())
    days = " ".join(f"WHEN '{name}' THEN {in_ext(field)}" for name, field in sorted(asked.expected.items()))
    sql = HELD_STOCK_SQL.format(
        open=OPEN,
        expected=f"CASE d.type {days} END",
        until=in_ext("reserve_until"),
        releasing=RELEASING,
        types=bulk.placeholders(types),
        shown=SHOWN[asked.shown],
        more=more,
        limit=first_rows(limit),
    )
    return some_or_all(sql, [*types, *parameters], limit)
