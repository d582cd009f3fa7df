"""库存检查 Invariants of stock: balances, pools, layers, monthly flows and reservations against the moves they sum up."""

from __future__ import annotations

from collections.abc import Iterator

from hengcang.base.book import load_book
from hengcang.core.fulfilment import RELEASING
from hengcang.ledger import stock_alerts
from hengcang.ledger.check_words import Check, Found, by_sql, closing_types, differing, is_true, named, ordinal, quoted, unlike, yyyymm
from hengcang.ledger.facts import FORBIDDEN, STOCK_KINDS_SQL
from hengcang.ledger.reservations import reserving_types


def legs(amount: str = "quantity") -> str:
    """Every change of a place that holds stock: item_id, place_id, lot_id, day, sequence, amount (of that column)."""
    columns = "COALESCE(m.lot_id,0) AS lot_id, m.day, m.sequence"
    return (
        f"SELECT m.item_id, m.target_id AS place_id, {columns}, m.{amount} AS amount FROM ledger_stockmove m "
        f"JOIN places_place p ON p.id=m.target_id AND p.kind IN ({STOCK_KINDS_SQL}) WHERE m.{amount}<>0 "
        f"UNION ALL SELECT m.item_id, m.source_id, {columns}, -m.{amount} FROM ledger_stockmove m "
        f"JOIN places_place p ON p.id=m.source_id AND p.kind IN ({STOCK_KINDS_SQL}) WHERE m.{amount}<>0"
    )


CROSSES_IN = "m.target_pool_id IS NOT NULL AND (m.source_pool_id IS NULL OR m.source_pool_id<>m.target_pool_id)"
CROSSES_OUT = "m.source_pool_id IS NOT NULL AND (m.target_pool_id IS NULL OR m.source_pool_id<>m.target_pool_id)"
BALANCE_KEY = "item_id, place_id, lot_id"
STORED_BALANCE = "SELECT item_id, place_id, COALESCE(lot_id,0) AS lot_id, {} AS amount FROM ledger_stockbalance"
POOL_OF = "JOIN catalog_item i ON i.id=p.item_id"


POOL_LEGS = (
    f"SELECT m.target_pool_id AS pool_id, m.quantity, m.value FROM ledger_stockmove m WHERE {CROSSES_IN} "
    f"UNION ALL SELECT m.source_pool_id, -m.quantity, -m.value FROM ledger_stockmove m WHERE {CROSSES_OUT}"
)
POOLS = unlike("pool_id", ("quantity", "value"), "SELECT id AS pool_id, quantity, value FROM ledger_costpool", POOL_LEGS)


def balances() -> str:
    """I-01, places."""
    rebuilt = f"SELECT {BALANCE_KEY}, amount FROM ({legs()}) l"
    return differing(BALANCE_KEY, STORED_BALANCE.format("quantity"), rebuilt)


def second_balances() -> str:
    """I-01, places, in second units."""
    rebuilt = f"SELECT {BALANCE_KEY}, amount FROM ({legs('second_quantity')}) l"
    return differing(BALANCE_KEY, STORED_BALANCE.format("second_quantity"), rebuilt)


RUNNING = """
SELECT item_id, place_id, lot_id, day, sequence,
  CAST(SUM(SUM(amount)) OVER (PARTITION BY item_id, place_id, lot_id ORDER BY day, sequence) AS bigint) AS quantity
FROM ({legs}) l GROUP BY item_id, place_id, lot_id, day, sequence
"""


def negative() -> Iterator[Found]:
    """I-02: a key below zero at some position where the item's, else the warehouse's, else the book's policy forbids it."""
    return named(
        f"SELECT i.code AS item, p.name AS place, r.lot_id, r.day, r.sequence, r.quantity FROM ({RUNNING.format(legs=legs())}) r "
        f"JOIN catalog_item i ON i.id=r.item_id JOIN places_place p ON p.id=r.place_id LEFT JOIN places_place h ON h.id=p.warehouse_id "
        f"WHERE r.quantity<0 AND {FORBIDDEN}",
        [load_book().negative_stock],
    )


RESERVED = differing(
    "balance_id",
    "SELECT id AS balance_id, reserved AS amount FROM ledger_stockbalance",
    "SELECT balance_id, quantity AS amount FROM ledger_reservation",
)


RESERVATION_IS_MOVES = unlike(
    "line_id, balance_id",
    ("quantity", "wanted"),
    "SELECT line_id, balance_id, quantity, wanted FROM ledger_reservation",
    "SELECT line_id, balance_id, quantity, wanted FROM ledger_reservationmove",
)
HELD_IS_OPEN = differing(
    "line_id",
    "SELECT line_id, quantity AS amount FROM ledger_reservation",
    "SELECT l.id AS line_id, CASE WHEN r.wanted>COALESCE(p.quantity,0) THEN r.wanted-COALESCE(p.quantity,0) ELSE 0 END AS amount "
    "FROM ledger_reservation r JOIN records_goodsline l ON l.id=r.line_id "
    "JOIN records_document d ON d.id=l.document_id AND d.revision=l.revision "
    f"LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose='{RELEASING}' "
    "WHERE d.state='posted' AND d.reverses_id IS NULL",
)
MISPLACED = """
SELECT r.line_id AS line, r.wanted AS wanted_quantity, l.base_quantity AS quantity
FROM ledger_reservation r JOIN records_goodsline l ON l.id=r.line_id JOIN ledger_stockbalance b ON b.id=r.balance_id
WHERE r.wanted<0 OR r.wanted>l.base_quantity OR b.item_id<>l.item_id
  OR b.place_id<>COALESCE(l.source_place_id,0) OR COALESCE(b.lot_id,0)<>COALESCE(l.lot_id,0)
"""


def holding_orders() -> str:
    """I-46: a live order says that it holds stock back when one of its lines is to, and only then."""
    lines = (
        "SELECT 1 FROM records_goodsline l LEFT JOIN ledger_reservation r ON r.line_id=l.id "
        "WHERE l.document_id=d.id AND l.revision=d.revision AND l.source_place_id IS NOT NULL AND l.base_quantity>0"
    )
    asks, held = is_true("d.ext", "reserve"), f"EXISTS ({lines} AND r.wanted>0)"
    wrong = f"({asks} AND EXISTS ({lines}) AND NOT {held}) OR (NOT {asks} AND {held})"
    return (
        f"SELECT d.id AS document, d.number FROM records_document d WHERE d.type IN ({quoted(reserving_types())}) "
        f"AND d.state IN ('posted','closed') AND d.reverses_id IS NULL AND ({wrong})"
    )


POOL_IS_LAYERS = """
SELECT p.id AS pool, i.code AS item, CASE WHEN p.quantity>0 THEN p.quantity ELSE 0 END AS stored,
  COALESCE(l.quantity,0) AS rebuilt, CASE WHEN p.quantity>0 THEN p.value ELSE 0 END AS stored_value, COALESCE(l.value,0) AS rebuilt_value
FROM ledger_costpool p JOIN catalog_item i ON i.id=p.item_id LEFT JOIN (
  SELECT pool_id, CAST(SUM(quantity_left) AS bigint) AS quantity, CAST(SUM(value_left) AS bigint) AS value
  FROM ledger_costlayer GROUP BY pool_id
) l ON l.pool_id=p.id WHERE p.method='fifo' AND (CASE WHEN p.quantity>0 THEN p.quantity ELSE 0 END<>COALESCE(l.quantity,0)
  OR CASE WHEN p.quantity>0 THEN p.value ELSE 0 END<>COALESCE(l.value,0))
"""
LAYER_CONSERVED = """
SELECT l.id AS layer, l.pool_id AS pool, l.move_id AS move, l.quantity_in, l.quantity_left, COALESCE(u.quantity,0) AS used_quantity,
  l.value_in, l.value_left, COALESCE(u.value,0) AS used_value
FROM ledger_costlayer l LEFT JOIN (
  SELECT layer_id, CAST(SUM(quantity) AS bigint) AS quantity, CAST(SUM(value) AS bigint) AS value FROM ledger_layeruse GROUP BY layer_id
) u ON u.layer_id=l.id WHERE l.quantity_in<>l.quantity_left+COALESCE(u.quantity,0)
OR (l.value_in<>l.value_left+COALESCE(u.value,0) AND NOT EXISTS (
  SELECT 1 FROM ledger_stockmove v WHERE v.corrects_id=l.move_id AND v.entry_kind='variance'))
"""
USES_ARE_ISSUE = """
SELECT n.move, n.quantity, n.value, COALESCE(u.quantity,0) AS used_quantity, COALESCE(u.value,0) AS used_value FROM (
  SELECT COALESCE(m.corrects_id, m.id) AS move, CAST(SUM(m.quantity) AS bigint) AS quantity, CAST(SUM(m.value) AS bigint) AS value
  FROM ledger_costpool p JOIN ledger_stockmove m ON m.source_pool_id=p.id
  WHERE p.method='fifo' AND p.quantity>=0 AND m.entry_kind<>'variance' AND (m.target_pool_id IS NULL OR m.target_pool_id<>m.source_pool_id)
  GROUP BY COALESCE(m.corrects_id, m.id) HAVING SUM(m.quantity)>0
) n LEFT JOIN (
  SELECT move_id, CAST(SUM(quantity) AS bigint) AS quantity, CAST(SUM(value) AS bigint) AS value FROM ledger_layeruse GROUP BY move_id
) u ON u.move_id=n.move WHERE COALESCE(u.quantity,0)<>n.quantity OR COALESCE(u.value,0)<>n.value
"""
EMPTY_POOL = f"SELECT p.id AS pool, i.code AS item, p.quantity, p.value FROM ledger_costpool p {POOL_OF} WHERE p.quantity=0 AND p.value<>0"
SIGNS = (
    f"SELECT p.id AS pool, i.code AS item, p.quantity, p.value FROM ledger_costpool p {POOL_OF} "
    "WHERE (p.quantity>0 AND p.value<0) OR (p.quantity<0 AND p.value>0)"
)


def shapes() -> str:
    """I-10: goods and value cannot vanish between two places.

    A side that holds stock has a pool and one that does not has none; inside one pool nothing is worth anything; a
    correcting row has the places, pools, item and lot of the row it corrects (a cost variance leaves its pool).
    """
    kinds = STOCK_KINDS_SQL
    other = "COALESCE({0}.{1},0)<>COALESCE({2}.{1},0)"
    same = " OR ".join(other.format("m", name, "o") for name in ("source_pool_id", "target_pool_id", "lot_id"))
    return f"""
    SELECT m.id AS move, 'pool' AS what FROM ledger_stockmove m
    JOIN places_place s ON s.id=m.source_id JOIN places_place t ON t.id=m.target_id
    WHERE (s.kind IN ({kinds}))<>(m.source_pool_id IS NOT NULL) OR (t.kind IN ({kinds}))<>(m.target_pool_id IS NOT NULL)
      OR (m.source_pool_id=m.target_pool_id AND m.value<>0) OR m.quantity<0 AND m.entry_kind='move' AND m.kind<>'count'
    UNION ALL SELECT m.id, 'correction' FROM ledger_stockmove m JOIN ledger_stockmove o ON o.id=m.corrects_id
    WHERE o.corrects_id IS NOT NULL OR m.day<>o.day OR m.sequence<>o.sequence OR m.item_id<>o.item_id
      OR (m.entry_kind<>'variance' AND (m.source_id<>o.source_id OR m.target_id<>o.target_id OR {same}))
      OR (m.entry_kind='variance' AND m.quantity<>0)
    """


COUNTED = """
WITH c AS (
  SELECT m.item_id, m.source_id AS place_id, COALESCE(m.lot_id,0) AS lot_id, m.day, m.sequence, m.line_id, l.base_quantity
  FROM ledger_stockmove m JOIN records_goodsline l ON l.id=m.line_id JOIN records_document d ON d.id=l.document_id
  WHERE m.kind='count' AND m.corrects_id IS NULL AND d.reverses_id IS NULL AND d.state IN ('posted','closed') AND l.revision=d.revision
), r AS ({running})
SELECT c.line_id AS line, c.base_quantity AS counted, COALESCE((SELECT r.quantity FROM r WHERE r.item_id=c.item_id AND r.place_id=c.place_id
  AND r.lot_id=c.lot_id AND (r.day, r.sequence)<=(c.day, c.sequence) ORDER BY r.day DESC, r.sequence DESC LIMIT 1),0) AS rebuilt
FROM c WHERE c.base_quantity<>COALESCE((SELECT r.quantity FROM r WHERE r.item_id=c.item_id AND r.place_id=c.place_id
  AND r.lot_id=c.lot_id AND (r.day, r.sequence)<=(c.day, c.sequence) ORDER BY r.day DESC, r.sequence DESC LIMIT 1),0)
"""


def counted() -> str:
    """I-33: quantity on hand at each live count's freeze position, its own difference included, is what was counted."""
    of_counted = (
        f"SELECT l.* FROM ({legs()}) l "
        "WHERE EXISTS (SELECT 1 FROM c WHERE c.item_id=l.item_id AND c.place_id=l.place_id AND c.lot_id=l.lot_id)"
    )
    return COUNTED.format(running=RUNNING.format(legs=of_counted))


SECOND = "COALESCE(m.second_quantity,0)"
STOCK_FLOWS = ("quantity_in", "quantity_out", "second_in", "second_out")


def stock_months() -> str:
    """I-46: monthly flows of balances against the rows, inward and outward apart, in second units too."""
    flow = (
        "SELECT m.item_id, m.{side}_id AS place_id, COALESCE(m.lot_id,0) AS lot_id, m.month, m.kind, {amounts} FROM ledger_stockmove m "
        f"JOIN places_place p ON p.id=m.{{side}}_id AND p.kind IN ({STOCK_KINDS_SQL}) WHERE m.quantity<>0 OR m.second_quantity<>0"
    )
    came = flow.format(side="target", amounts=f"m.quantity AS quantity_in, 0 AS quantity_out, {SECOND} AS second_in, 0 AS second_out")
    went = flow.format(side="source", amounts=f"0, m.quantity, 0, {SECOND}")
    kept = (
        f"SELECT b.item_id, b.place_id, COALESCE(b.lot_id,0) AS lot_id, s.month, s.kind, {', '.join(STOCK_FLOWS)} "
        "FROM ledger_stockmonth s JOIN ledger_stockbalance b ON b.id=s.balance_id"
    )
    return unlike(f"{BALANCE_KEY}, month, kind", STOCK_FLOWS, kept, f"{came} UNION ALL {went}")


POOL_FLOWS = ("quantity_in", "value_in", "second_in", "quantity_out", "value_out", "second_out")
POOL_MONTHS = unlike(
    "pool_id, month, kind",
    POOL_FLOWS,
    f"SELECT pool_id, month, kind, {', '.join(POOL_FLOWS)} FROM ledger_poolmonth",
    f"SELECT m.target_pool_id AS pool_id, m.month, m.kind, m.quantity AS quantity_in, m.value AS value_in, {SECOND} AS second_in, "
    f"0 AS quantity_out, 0 AS value_out, 0 AS second_out FROM ledger_stockmove m WHERE {CROSSES_IN} UNION ALL "
    f"SELECT m.source_pool_id, m.month, m.kind, 0, 0, 0, m.quantity, m.value, {SECOND} FROM ledger_stockmove m WHERE {CROSSES_OUT}",
)
BALANCE_IS_FLOWS = unlike(
    "balance_id",
    ("quantity", "second"),
    "SELECT id AS balance_id, quantity, second_quantity AS second FROM ledger_stockbalance",
    "SELECT balance_id, quantity_in-quantity_out AS quantity, second_in-second_out AS second FROM ledger_stockmonth",
)
POOL_IS_FLOWS = differing(
    "pool_id",
    "SELECT id AS pool_id, value AS amount FROM ledger_costpool",
    "SELECT pool_id, value_in-value_out AS amount FROM ledger_poolmonth",
)
WAREHOUSES_ARE_POOLS = differing(
    "item_id",
    "SELECT item_id, quantity AS amount FROM ledger_costpool",
    "SELECT item_id, quantity AS amount FROM ledger_stockbalance",
)


def dates() -> Iterator[Found]:
    """I-52: a row counts at its move's date, or on the first open day where that was closed; its month is its date's.

    With I-51 this makes stock at every open day a prefix of the one replay. What was appended while a month was closed
    stays where it was put when the month is opened again.
    """
    closed = load_book().closed_through
    open_from = closed.toordinal() + 1 if closed else 0
    at = ordinal("m.document_date")
    was_closed = (
        f"SELECT 1 FROM ledger_posting p JOIN records_document d ON d.id=p.document_id AND d.type IN ({closing_types()}) "
        f"WHERE p.kind='post' AND p.id<m.posting_id AND {ordinal('d.document_date')}+1={at} AND NOT EXISTS ("
        "SELECT 1 FROM ledger_posting u WHERE u.document_id=p.document_id AND u.kind='unpost' AND u.id>p.id AND u.id<m.posting_id)"
    )
    return named(
        f"SELECT m.id AS move, m.document_date, m.day, m.month FROM ledger_stockmove m "
        f"WHERE m.month<>{yyyymm('m.document_date')} OR {at}<m.day "
        f"OR ({at}>m.day AND (m.corrects_id IS NULL OR ({at}>%s AND NOT EXISTS ({was_closed}))))",
        [open_from],
    )


CHECKS = (
    by_sql("I-01", "库存余额与移动之和不符", balances),
    by_sql("I-01", "辅助数量余额与移动之和不符", second_balances),
    by_sql("I-01", "成本池与移动之和不符", POOLS),
    Check("I-02", "禁止负库存处出现过负数", negative),
    by_sql("I-03", "占用合计与占用明细不符", RESERVED),
    by_sql("I-03", "占用明细与占用变动不符", RESERVATION_IS_MOVES),
    by_sql("I-05", "成本池与成本层之和不符", POOL_IS_LAYERS),
    by_sql("I-06", "成本层收入与结余加耗用不符", LAYER_CONSERVED),
    by_sql("I-06", "出库净值与成本层耗用不符", USES_ARE_ISSUE),
    by_sql("I-07", "数量为零而金额不为零", EMPTY_POOL),
    by_sql("I-08", "数量与金额符号相反", SIGNS),
    by_sql("I-10", "移动两端不守恒", shapes),
    by_sql("I-33", "冻结时点的库存与盘点数不符", counted),
    by_sql("I-46", "月度收发数量与移动不符", stock_months),
    by_sql("I-46", "月度成本与移动不符", POOL_MONTHS),
    by_sql("I-46", "占用与订单未交数量不符", HELD_IS_OPEN),
    by_sql("I-46", "占用不在订单行的商品、仓库、批次上，或超过订货数量", MISPLACED),
    by_sql("I-46", "订单是否占用库存与各行不符", holding_orders),
    by_sql("I-46", "库存预警与余额、上下限不符", stock_alerts.differences),
    by_sql("I-47", "期初加收入减发出不等于结存（数量）", BALANCE_IS_FLOWS),
    by_sql("I-47", "期初加收入减发出不等于结存（金额）", POOL_IS_FLOWS),
    by_sql("I-47", "各仓库之和不等于公司", WAREHOUSES_ARE_POOLS),
    Check("I-52", "移动的日期或月份不在其应在的位置", dates),
)
