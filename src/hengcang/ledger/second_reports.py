"""辅助数量报表 What reports read of second quantities, beside the quantities of `reports` and in the same way.

What comes and leaves in second units is kept by month with the quantities (a column each way of balances and of pools, written
by the statements that write those), so that a past date or a span costs the months between it and today and the rest of a cut
month, not the moves. A pool keeps no second quantity: what it has is that of the places in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hengcang.base import bulk
from hengcang.ledger import reports
from hengcang.ledger.reports import Span, StockFilter

POOL_PLACE = (
    "CASE WHEN EXISTS (SELECT 1 FROM ledger_costpool o WHERE o.item_id=b.item_id AND o.place_id IS NOT NULL) "
    "THEN COALESCE(h.warehouse_id,h.id) ELSE 0 END"
)
POOL_SUMMARY_SQL = """
SELECT d.item_id, d.place, CAST(SUM(d.held-d.later-d.qi+d.qo) AS bigint), CAST(SUM(d.qi) AS bigint), CAST(SUM(d.qo) AS bigint),
  CAST(SUM(d.held-d.later) AS bigint)
FROM (
  SELECT b.item_id, {place} AS place, b.second_quantity AS held, 0 AS qi, 0 AS qo, 0 AS later
  FROM ledger_stockbalance b JOIN places_place h ON h.id=b.place_id WHERE b.second_quantity<>0
  UNION ALL
  SELECT p.item_id, COALESCE(p.place_id,0), 0, f.qi, f.qo, f.later_q FROM ledger_costpool p JOIN ({flows}) f ON f.pool_id=p.id
) d JOIN catalog_item i ON i.id=d.item_id WHERE i.second_unit_id IS NOT NULL{items} GROUP BY 1, 2
"""


def second_on_hand(wanted: StockFilter, by: str, day: date | None = None) -> dict[tuple[int, int, int], int]:
    """辅助数量 By (item, place or 0, lot or 0) as `on_hand_rows`, now or at the end of a past day, of items with a second unit."""
    places, place_keys = reports.among("b.place_id", wanted.places)
    items, item_keys = reports.item_condition(wanted)
    place, join = reports.place_by(by, "b.place_id")
    lot = "COALESCE(b.lot_id,0)" if by == "lot" else "0"
    held, days = "b.second_quantity", []
    if day is not None:
        later = reports.BALANCE_LATER_SQL.format(flow="second", amount="COALESCE(m.second_quantity,0)")
        join += f" LEFT JOIN ({later}) l ON l.balance_id=b.id"
        held += "-COALESCE(l.q,0)"
        month, iso = reports.month_of(day), day.isoformat()
        days = [month, month, iso, month, iso]
    sql = f"""
    SELECT b.item_id, {place}, {lot}, CAST(SUM({held}) AS bigint) FROM ledger_stockbalance b JOIN catalog_item i ON i.id=b.item_id{join}
    WHERE i.second_unit_id IS NOT NULL{places}{items} GROUP BY 1, 2, 3
    """
    return {row[:3]: int(row[3]) for row in bulk.fetch(sql, [*days, *place_keys, *item_keys])}


def second_summary(span: Span, wanted: StockFilter) -> Mapping[tuple[int, int], tuple[int, ...]]:
    """进销存汇总的辅助数量 Opening, in, out and closing by (item, place), of items with a second unit: one statement.

    As `summary_rows` by the place of the pool (0 for the company's), as `place_summary_rows` where places are asked for.
    """
    items, item_keys = reports.item_condition(wanted)
    parameters: list[Any]
    if wanted.places is None:
        flows, parameters = reports.flows_sql(span, "pool_id", reports.POOL_MONTHS_SQL, reports.POOL_MOVES_SQL, second=True)
        sql = POOL_SUMMARY_SQL.format(place=POOL_PLACE, flows=flows, items=items)
    else:
        places, place_keys = reports.among("b.place_id", wanted.places)
        flows, parameters = reports.flows_sql(span, "balance_id", reports.PLACE_MONTHS_SQL, reports.PLACE_MOVES_SQL, second=True)
        place, join = reports.place_by("place", "b.place_id")
        only = f" AND i.second_unit_id IS NOT NULL{items}"
        sql = reports.PLACE_SUMMARY_SQL.format(held="second_quantity", flows=flows, places=places, items=only, place=place, join=join)
        parameters += place_keys
    return {row[:2]: row[2:] for row in bulk.fetch(sql, [*parameters, *item_keys])}
