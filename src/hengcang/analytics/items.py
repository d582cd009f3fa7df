"""商品名称 Names of items, places and lots for report rows: one statement each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from hengcang.base import bulk
from hengcang.catalog.models import ItemCategory, Lot
from hengcang.places.models import Place
from hengcang.places.virtual import shown_name


def item_columns(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The columns that name an item, by id."""
    chosen, wanted = bulk.among(ids)
    rows = bulk.fetch(
        f"SELECT i.id, i.code, i.name, i.spec, u.name FROM catalog_item i JOIN catalog_unit u ON u.id=i.base_unit_id WHERE i.id {chosen}",
        [wanted],
    )
    return {pk: {"item": pk, "item_code": code, "item_name": name, "item_spec": spec, "unit": unit} for pk, code, name, spec, unit in rows}


def place_names(ids: Collection[int]) -> dict[int, str]:
    """Names of places by id."""
    rows = Place.objects.filter(pk__in=ids).values_list("id", "name", "kind")
    return {pk: shown_name(name, kind) for pk, name, kind in rows}


def warehouses(ids: Collection[int]) -> dict[int, int]:
    """The warehouse that each place is or lies in, by id of the place."""
    return {pk: warehouse or pk for pk, warehouse in Place.objects.filter(pk__in=ids).values_list("id", "warehouse_id")}


def lot_columns(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Number and expiry of lots by id."""
    rows = Lot.objects.filter(pk__in=ids).values_list("id", "number", "expiry_date")
    return {pk: {"lot_id": pk, "lot": number, "expiry_date": day.isoformat() if day else None} for pk, number, day in rows}


def category_path(category: int | None) -> str:
    """The path of a category, under which its own lie."""
    if category is None:
        return ""
    return ItemCategory.objects.filter(pk=category).values_list("path", flat=True).first() or "?"
