"""余额与成本池 Rows of balances and pools: made where missing, locked in order, read as plain tuples."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.core.costing import Method
from hengcang.ledger.facts import ItemFacts, PlaceFacts

BalanceKey = tuple[int, int, int]
PoolKey = tuple[int, int, int, int]


class BalanceRow(NamedTuple):
    """库存余额 A balance under lock."""

    id: int
    item: int
    place: int
    lot: int
    quantity: int
    reserved: int
    second: int
    last_day: int
    last_sequence: int


class SerialRow(NamedTuple):
    """序列号现存地 Where a piece stands, under lock; place 0 is not with us."""

    serial: int
    place: int
    lot: int
    last_day: int
    last_sequence: int


class PoolRow(NamedTuple):
    """成本池 A pool under lock."""

    id: int
    item: int
    place: int
    lot: int
    method: str
    quantity: int
    value: int
    last_day: int
    last_sequence: int
    last_quantity: int
    last_value: int
    tangles: int
    serial: int

    @property
    def key(self) -> PoolKey:
        """Its item, and the place, lot or piece it is limited to."""
        return (self.item, self.place, self.lot, self.serial)


BALANCE_COLUMNS = (
    "t.id, t.item_id, t.place_id, COALESCE(t.lot_id,0), t.quantity, t.reserved, t.second_quantity, t.last_day, t.last_sequence"
)
POOL_COLUMNS = (
    "t.id, t.item_id, COALESCE(t.place_id,0), COALESCE(t.lot_id,0), t.method, t.quantity, t.value, t.last_day, t.last_sequence, "
    "t.last_quantity, t.last_value, "
    "(SELECT COUNT(*) FROM ledger_costtangle g WHERE g.item_id=t.item_id), COALESCE(t.serial_id,0)"
)


def _lock_by_keys(table: str, columns: str, keys: Sequence[tuple[int, int, int]], more: str = "") -> list[tuple[Any, ...]]:
    """Rows of (item, place or 0, lot or 0), locked in the order of their ids."""
    lock = "FOR NO KEY UPDATE OF t" if bulk.is_postgresql() else ""
    source, parameters = bulk.table_of(keys, ["bigint"] * 3)
    sql = (
        f"SELECT {columns} FROM {source} JOIN {table} t "
        f"ON t.item_id=v.c0 AND COALESCE(t.place_id,0)=v.c1 AND COALESCE(t.lot_id,0)=v.c2{more} ORDER BY t.id {lock}"
    )
    return bulk.fetch(sql, parameters)


def _pools_by_keys(keys: Sequence[PoolKey]) -> dict[PoolKey, PoolRow]:
    """The pools of the keys, locked; those of pieces are found by the piece."""
    wide = [key[:3] for key in keys if not key[3]]
    rows = _lock_by_keys("ledger_costpool", POOL_COLUMNS, wide, " AND t.serial_id IS NULL") if wide else []
    serials = [key[3] for key in keys if key[3]]
    if serials:
        lock = "FOR NO KEY UPDATE OF t" if bulk.is_postgresql() else ""
        chosen, wanted = bulk.among(serials)
        rows += bulk.fetch(f"SELECT {POOL_COLUMNS} FROM ledger_costpool t WHERE t.serial_id {chosen} ORDER BY t.id {lock}", [wanted])
    found = map(PoolRow._make, rows)
    return {row.key: row for row in found}


def lock_balances(keys: Collection[BalanceKey]) -> dict[BalanceKey, BalanceRow]:
    """The balances of the keys, made where missing."""
    if not keys:
        return {}
    ordered = sorted(keys)
    found = {row[1:4]: BalanceRow._make(row) for row in _lock_by_keys("ledger_stockbalance", BALANCE_COLUMNS, ordered)}
    missing = [key for key in ordered if key not in found]
    if missing:
        columns = ("item_id", "place_id", "lot_id", "quantity", "reserved", "second_quantity", "last_day", "last_sequence")
        rows = [(item, place, lot or None, 0, 0, 0, 0, 0) for item, place, lot in missing]
        bulk.insert_rows("ledger_stockbalance", columns, rows, "ON CONFLICT DO NOTHING")
        for row in _lock_by_keys("ledger_stockbalance", BALANCE_COLUMNS, missing):
            found[row[1:4]] = BalanceRow._make(row)
    return found


def lock_pools(keys: Collection[PoolKey], items: dict[int, ItemFacts]) -> dict[PoolKey, PoolRow]:
    """The pools of the keys, made where missing with the item's method (fixed from then on)."""
    if not keys:
        return {}
    ordered = sorted(keys)
    found = _pools_by_keys(ordered)
    missing = [key for key in ordered if key not in found]
    if missing:
        names = ("item_id", "place_id", "lot_id", "serial_id", "method")
        zeros = ("quantity", "value", "last_day", "last_sequence", "last_quantity", "last_value")
        rows = [(key[0], *(part or None for part in key[1:]), items[key[0]].method, *([0] * 6)) for key in missing]
        bulk.insert_rows("ledger_costpool", names + zeros, rows, "ON CONFLICT DO NOTHING")
        found.update(_pools_by_keys(missing))
    return found


SERIAL_COLUMNS = "t.serial_id, COALESCE(t.place_id,0), COALESCE(t.lot_id,0), t.last_day, t.last_sequence"


def lock_serials(items: Mapping[int, int]) -> dict[int, SerialRow]:
    """Where the pieces (with their items) stand, locked in order, made where missing."""
    if not items:
        return {}
    lock = "FOR NO KEY UPDATE OF t" if bulk.is_postgresql() else ""
    sql = f"SELECT {SERIAL_COLUMNS} FROM ledger_serialplace t WHERE t.serial_id {{}} ORDER BY t.serial_id {lock}"
    chosen, wanted = bulk.among(sorted(items))
    found = {row[0]: SerialRow._make(row) for row in bulk.fetch(sql.format(chosen), [wanted])}
    missing = sorted(items.keys() - found.keys())
    if missing:
        columns = ("serial_id", "item_id", "last_day", "last_sequence")
        bulk.insert_rows("ledger_serialplace", columns, [(one, items[one], 0, 0) for one in missing], "ON CONFLICT DO NOTHING")
        chosen, wanted = bulk.among(missing)
        found.update({row[0]: SerialRow._make(row) for row in bulk.fetch(sql.format(chosen), [wanted])})
    return found


def lock_pool_ids(ids: Collection[int]) -> dict[int, PoolRow]:
    """Pools by id, locked in order: those a replay reaches beyond the ones a posting names."""
    if not ids:
        return {}
    lock = "FOR NO KEY UPDATE OF t" if bulk.is_postgresql() else ""
    chosen, ordered = bulk.among(sorted(ids))
    sql = f"SELECT {POOL_COLUMNS} FROM ledger_costpool t WHERE t.id {chosen} ORDER BY t.id {lock}"
    return {row[0]: PoolRow._make(row) for row in bulk.fetch(sql, [ordered])}


def pool_key(item: ItemFacts, place: PlaceFacts, lot: int, serial: int, pool_kind: str) -> PoolKey | None:
    """Which pool holds the value of an item at a place: the piece's, the lot's, the company's or the warehouse's; none outside.

    全月一次加权平均 is kept in the company pool always.
    """
    if not place.holds_stock:
        return None
    if item.method == Method.SPECIFIC:
        return (item.id, 0, 0 if serial else lot, serial)
    if pool_kind == "warehouse" and item.method != Method.MONTHLY:
        return (item.id, place.pool, 0, 0)
    return (item.id, 0, 0, 0)
