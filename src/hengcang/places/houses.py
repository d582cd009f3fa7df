"""库位 Bins: places of a warehouse where goods lie. What is asked of a warehouse is asked of it and its bins together.

Goods that stand at the warehouse itself are not put away yet. A bin has no pool, limits or policies of its own.
"""

from __future__ import annotations

from collections.abc import Collection

from hengcang.base import bulk
from hengcang.base.book import book
from hengcang.core.posting import PlaceKind

BIN = PlaceKind.BIN.value


def house(place: str) -> str:
    """所属仓库 SQL: the key of the warehouse that a place (an alias) counts for: a bin's own, else the place itself."""
    return f"CASE WHEN {place}.kind='{BIN}' THEN {place}.warehouse_id ELSE {place}.id END"


def with_bins(places: Collection[int]) -> set[int]:
    """连同库位 The places and the bins in them: one statement, none while the book has no bins."""
    found = set(places)
    if not (found and book().bins):
        return found
    chosen, wanted = bulk.among(sorted(found))
    return found | {row[0] for row in bulk.fetch(f"SELECT id FROM places_place WHERE kind='{BIN}' AND warehouse_id {chosen}", [wanted])}


def houses_of(places: Collection[int]) -> dict[int, int]:
    """库位的仓库 The warehouse of each of the places that is a bin: one statement, none while the book has no bins."""
    if not (places and book().bins):
        return {}
    chosen, wanted = bulk.among(sorted(places))
    return dict(bulk.fetch(f"SELECT id, warehouse_id FROM places_place WHERE kind='{BIN}' AND id {chosen}", [wanted]))
