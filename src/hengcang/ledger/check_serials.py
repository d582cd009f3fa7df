"""序列号检查 Invariants of serial numbers: no piece in two places, in and out alternate, places and balances agree."""

from __future__ import annotations

from hengcang.core.amounts import SCALE
from hengcang.ledger.check_words import by_sql, differing
from hengcang.ledger.facts import STOCK_KINDS_SQL


def legs() -> str:
    """Every step of a piece into (+1) or out of (−1) a spot of ours, one a position."""
    return (
        "SELECT serial_id, place_id, lot_id, day, sequence, SUM(amount) AS amount FROM ("
        "SELECT k.serial_id, m.target_id AS place_id, COALESCE(m.lot_id,0) AS lot_id, m.day, m.sequence, k.quantity AS amount "
        "FROM ledger_serialmove k JOIN ledger_stockmove m ON m.id=k.move_id "
        f"JOIN places_place p ON p.id=m.target_id AND p.kind IN ({STOCK_KINDS_SQL}) "
        "UNION ALL SELECT k.serial_id, m.source_id, COALESCE(m.lot_id,0), m.day, m.sequence, -k.quantity "
        "FROM ledger_serialmove k JOIN ledger_stockmove m ON m.id=k.move_id "
        f"JOIN places_place p ON p.id=m.source_id AND p.kind IN ({STOCK_KINDS_SQL})"
        ") steps GROUP BY serial_id, place_id, lot_id, day, sequence HAVING SUM(amount)<>0"
    )


def chains() -> str:
    """I-31: at every position a piece is in no place or one, and in a place once or not at all."""
    spot = "SUM(amount) OVER (PARTITION BY serial_id, place_id, lot_id ORDER BY day, sequence)"
    everywhere = "SUM(SUM(amount)) OVER (PARTITION BY serial_id ORDER BY day, sequence)"
    return (
        f"SELECT s.number AS serial, x.day, x.sequence, x.what FROM (SELECT serial_id, day, sequence, 'place' AS what, {spot} AS there "
        f"FROM ({legs()}) a UNION ALL SELECT serial_id, day, sequence, 'anywhere', {everywhere} FROM ({legs()}) b "
        "GROUP BY serial_id, day, sequence) x JOIN catalog_serial s ON s.id=x.serial_id WHERE x.there NOT IN (0,1)"
    )


def places() -> str:
    """I-31: the kept place of a piece is the one its moves lead to."""
    kept = "SELECT serial_id, place_id, COALESCE(lot_id,0) AS lot_id, 1 AS amount FROM ledger_serialplace WHERE place_id IS NOT NULL"
    return differing("serial_id, place_id, lot_id", kept, f"SELECT serial_id, place_id, lot_id, amount FROM ({legs()}) l")


def positions() -> str:
    """I-31: no move of a piece stands behind the last position that is kept of it."""
    return (
        "SELECT s.serial_id AS serial, m.day, m.sequence FROM ledger_serialmove k JOIN ledger_stockmove m ON m.id=k.move_id "
        "JOIN ledger_serialplace s ON s.serial_id=k.serial_id WHERE (m.day, m.sequence) > (s.last_day, s.last_sequence)"
    )


BALANCES = differing(
    "item_id, place_id, lot_id",
    "SELECT b.item_id, b.place_id, COALESCE(b.lot_id,0) AS lot_id, b.quantity AS amount FROM ledger_stockbalance b "
    "JOIN catalog_item i ON i.id=b.item_id AND i.tracking='serial'",
    f"SELECT item_id, place_id, COALESCE(lot_id,0) AS lot_id, {SCALE} AS amount FROM ledger_serialplace WHERE place_id IS NOT NULL",
)
MOVES = differing(
    "move",
    "SELECT m.id AS move, m.quantity AS amount FROM ledger_stockmove m JOIN catalog_item i ON i.id=m.item_id AND i.tracking='serial'",
    f"SELECT move_id AS move, quantity*{SCALE} AS amount FROM ledger_serialmove",
)
CHECKS = (
    by_sql("I-31", "序列号同时在两处，或出入库不交替", chains),
    by_sql("I-31", "序列号现存地与移动不符", places),
    by_sql("I-31", "序列号最后位置早于其移动", positions),
    by_sql("I-31", "序列号个数与库存余额不符", BALANCES),
    by_sql("I-31", "序列号个数与移动数量不符", MOVES),
)
