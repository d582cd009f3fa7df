"""记账所需资料 What the store must know of items and places, one statement each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from hengcang.base import bulk
from hengcang.core.costing import Method
from hengcang.core.posting import AREA_KINDS, SHELF_KINDS, STOCK_KINDS, Area, Move, PlaceKind, PlaceName
from hengcang.places import areas

SHELF_KINDS_SQL = ",".join(f"'{kind.value}'" for kind in sorted(SHELF_KINDS))
STOCK_KINDS_SQL = ",".join(f"'{kind.value}'" for kind in sorted(STOCK_KINDS))


class ItemFacts(NamedTuple):
    """商品 What posting needs of an item. `reference` is a unit cost in micro, `second` the name of its second unit."""

    id: int
    code: str
    name: str
    method: str
    account_class: str
    negative_stock: str
    reference: int | None
    unit: str
    tracking: str
    second: str | None

    @property
    def individual(self) -> bool:
        """Whether every piece is a cost pool of its own."""
        return self.tracking == "serial" and self.method == Method.SPECIFIC


class PlaceFacts(NamedTuple):
    """地点 What posting needs of a place. `pool` is the warehouse whose pool its goods are in; a bin has its `negative_stock`."""

    id: int
    name: str
    kind: PlaceKind
    pool: int
    negative_stock: str

    @property
    def holds_stock(self) -> bool:
        """Whether goods there are ours to count."""
        return self.kind in STOCK_KINDS

    @property
    def house(self) -> int:
        """The place that it counts for: a bin for its warehouse."""
        return self.pool if self.kind is PlaceKind.BIN else self.id

    @property
    def shelves(self) -> bool:
        """Whether goods there are to be used: the warehouse itself, or a bin in it."""
        return self.kind in SHELF_KINDS


class Places:
    """地点表 The places of a posting, found by id, virtual ones by kind, areas by their warehouse and kind."""

    def __init__(self, rows: Iterable[PlaceFacts]) -> None:
        self.by_id = {row.id: row for row in rows}
        self.virtual = {row.kind: row for row in self.by_id.values() if not row.holds_stock}
        self.areas = {(row.pool, row.kind): row for row in self.by_id.values() if row.kind in AREA_KINDS}

    def find(self, name: PlaceName) -> PlaceFacts:
        """The place of that id, the virtual place of that kind, or the area."""
        if isinstance(name, Area):
            return self.areas[self.by_id[name.place].pool, name.kind]
        return self.virtual[name] if isinstance(name, PlaceKind) else self.by_id[name]


ITEM_SQL = """
SELECT i.id, i.code, i.name, i.costing_method, i.account_class, i.negative_stock, i.reference_cost, u.name, i.tracking,
  h.name
FROM catalog_item i JOIN catalog_unit u ON u.id = i.base_unit_id LEFT JOIN catalog_unit h ON h.id = i.second_unit_id WHERE i.id {}
"""
POLICY = "CASE WHEN p.kind='bin' THEN h.negative_stock ELSE p.negative_stock END"
FORBIDDEN = f"COALESCE(NULLIF(i.negative_stock,''), NULLIF({POLICY},''), %s)='forbid'"
"""禁止负库存 SQL: whether the policy of an item `i`, else of a place `p` (a bin has that of its warehouse `h`), else of the book forbids
what is below zero."""
FULL_NAME = "CASE WHEN p.kind='bin' THEN h.name || ' ' || p.name ELSE p.name END"
PLACE_SQL = f"""
SELECT p.id, {FULL_NAME}, p.kind, COALESCE(h.id, p.id), {POLICY}
FROM places_place p LEFT JOIN places_place h ON h.id=p.warehouse_id WHERE p.kind NOT IN ({{}}) OR p.id {{}}
  OR p.id IN (SELECT warehouse_id FROM places_place WHERE kind='bin' AND id {{}})
"""


def load_items(ids: Collection[int]) -> dict[int, ItemFacts]:
    """Items by id."""
    if not ids:
        return {}
    chosen, wanted = bulk.among(sorted(ids))
    rows = bulk.fetch(ITEM_SQL.format(chosen), [wanted])
    return {row[0]: ItemFacts._make(row) for row in rows}


def load_places(moves: Iterable[Move], more: Collection[int] = ()) -> Places:
    """The virtual places and every place that the moves (or `more`) name, with the warehouses of bins; an area is made where it
    is first needed."""
    names = {name for move in moves for name in (move.source, move.target)}
    named = {name for name in names if isinstance(name, int)}
    wanted = {name for name in names if isinstance(name, Area)}
    own = areas.ensure((area.place, area.kind) for area in wanted) if wanted else []
    chosen, ids = bulk.among(sorted({*named, *more, *own, *(area.place for area in wanted)}))
    kinds = sorted(STOCK_KINDS)
    rows = bulk.fetch(PLACE_SQL.format(bulk.placeholders(kinds), chosen, chosen), [*kinds, ids, ids])
    return Places(PlaceFacts(row[0], row[1], PlaceKind(row[2]), row[3], row[4]) for row in rows)
