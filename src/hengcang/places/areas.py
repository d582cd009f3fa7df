"""库区 Areas: the parts of a warehouse where goods are ours but not to be used: under way, waiting for inspection, rejected.

A warehouse has one of each kind, made when something is first booked there. Goods there are in the warehouse's pool.
"""

from __future__ import annotations

from collections.abc import Iterable

from hengcang.base import bulk
from hengcang.core.posting import PlaceKind
from hengcang.meta.english import said

SUFFIXES = {PlaceKind.TRANSIT: "·在途", PlaceKind.QUARANTINE: "·待检", PlaceKind.REJECTED: "·不合格"}
ENGLISH = {PlaceKind.TRANSIT: " (in transit)", PlaceKind.QUARANTINE: " (to inspect)", PlaceKind.REJECTED: " (rejected)"}
FOUND_SQL = """
SELECT v.c0, v.c1, w.id, w.name, w.department_id, a.id FROM {rows} JOIN places_place p ON p.id=v.c0
JOIN places_place w ON w.id=COALESCE(p.warehouse_id, p.id) LEFT JOIN places_place a ON a.warehouse_id=w.id AND a.kind=v.c1
"""
RENAME_SQL = "UPDATE places_place SET name=CAST(%s AS text) || {suffix} WHERE warehouse_id=%s AND kind IN ({kinds})"


def ensure(wanted: Iterable[tuple[int, PlaceKind]]) -> list[int]:
    """取库区 The ids of the areas of these kinds of the warehouses of these places, made where missing."""
    source, parameters = bulk.table_of([(place, kind.value) for place, kind in sorted(set(wanted))], ["bigint", "text"])
    sql = FOUND_SQL.format(rows=source)
    rows = bulk.fetch(sql, parameters)
    missing = {(row[2], row[1]): row for row in rows if row[5] is None}
    if not missing:
        return [row[5] for row in rows]
    columns = ("code", "name", "kind", "warehouse_id", "department_id", "negative_stock", "address", "active", "version")
    new = [
        (f"@{kind}:{warehouse}", name + SUFFIXES[PlaceKind(kind)], kind, warehouse, department, "forbid", "", True, 1)
        for (warehouse, kind), (_, _, _, name, department, _) in sorted(missing.items())
    ]
    bulk.insert_rows("places_place", columns, new, "ON CONFLICT DO NOTHING")
    return [row[5] for row in bulk.fetch(sql, parameters)]


def rename(warehouse: int, name: str) -> None:
    """改名 The areas of a warehouse bear its name."""
    cases = " ".join(f"WHEN '{kind.value}' THEN '{suffix}'" for kind, suffix in SUFFIXES.items())
    kinds = ",".join(f"'{kind.value}'" for kind in SUFFIXES)
    bulk.execute(RENAME_SQL.format(suffix=f"CASE kind {cases} END", kinds=kinds), [name, warehouse])


def shown(name: str, kind: str) -> str:
    """库区名称 The name of an area of this kind in the language of the request."""
    one = PlaceKind(kind)
    return said(name, name.removesuffix(SUFFIXES[one]) + ENGLISH[one])
