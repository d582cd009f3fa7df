"""商品名称 Names of items, places and lots for report rows: one statement each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import report
from hengcang.base import bulk
from hengcang.base.book import book
from hengcang.catalog.families import AXES
from hengcang.catalog.models import ItemCategory, ItemFamily, Lot
from hengcang.core.posting import PlaceKind
from hengcang.ledger.reports import StockFilter
from hengcang.places.models import Place
from hengcang.places.virtual import shown_name


def stock_filter(viewer: Viewer, parameters: Mapping[str, Any]) -> StockFilter:
    """库存条件 The items and places that a report's parameters ask for, inside the viewer's scope."""
    return StockFilter(
        items=None if parameters.get("item") is None else {parameters["item"]},
        places=report.visible_places(viewer, parameters.get("place")),
        category_path=category_path(parameters.get("category")),
        search=parameters.get("search") or "",
        family=parameters.get("family") or 0,
        variant=parameters.get("variant") or 0,
        lot=parameters.get("lot") or 0,
    )


def item_columns(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The columns that name an item, by id; with its family and values where the book has families, its second unit likewise."""
    chosen, wanted = bulk.among(ids)
    families, seconds = book().variants, book().second_units
    columns = ", f.id, f.code, f.name" + "".join(f", v{at}.name" for at in AXES)
    joins = "LEFT JOIN catalog_itemfamily f ON f.id=i.family_id " + " ".join(
        f"LEFT JOIN catalog_axisvalue v{at} ON v{at}.id=i.variant_{at}_id" for at in AXES
    )
    rows = bulk.fetch(
        f"SELECT i.id, i.code, i.name, i.spec, u.name, {'h.name' if seconds else 'NULL'}{columns if families else ''} FROM catalog_item i "
        f"JOIN catalog_unit u ON u.id=i.base_unit_id {'LEFT JOIN catalog_unit h ON h.id=i.second_unit_id ' if seconds else ''}"
        f"{joins if families else ''} WHERE i.id {chosen}",
        [wanted],
    )
    found = {}
    for pk, code, name, spec, unit, second, *more in rows:
        found[pk] = {"item": pk, "item_code": code, "item_name": name, "item_spec": spec, "unit": unit}
        if seconds:
            found[pk]["second_unit"] = second
        if more:
            values = {f"variant_{at}": value for at, value in zip(AXES, more[3:], strict=True)}
            found[pk] |= {"family": more[0], "family_name": more[0] and f"{more[1]} {more[2]}", **values}
    return found


def family_columns(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """款的名称 The columns that name a family in the place of its items, by id."""
    rows = ItemFamily.objects.filter(pk__in=ids).values_list("pk", "code", "name", "base_unit__name")
    return {
        pk: {
            "item": None,
            "item_code": code,
            "item_name": name,
            "item_spec": "",
            "unit": unit,
            "family": pk,
            "family_name": f"{code} {name}",
        }
        for pk, code, name, unit in rows
    }


def family_of(ids: Collection[int]) -> dict[int, int]:
    """所属款 The family of each item that has one."""
    chosen, wanted = bulk.among(ids)
    return dict(bulk.fetch(f"SELECT id, family_id FROM catalog_item WHERE family_id IS NOT NULL AND id {chosen}", [wanted]))


def place_names(ids: Collection[int]) -> dict[int, str]:
    """Names of places by id; that of a bin follows its warehouse's."""
    rows = Place.objects.filter(pk__in=ids).values_list("id", "name", "kind", "warehouse__name")
    return {pk: f"{house} {name}" if kind == PlaceKind.BIN else shown_name(name, kind) for pk, name, kind, house in rows}


def warehouses(ids: Collection[int]) -> dict[int, int]:
    """The warehouse that each place is or lies in, by id of the place."""
    return {pk: warehouse or pk for pk, warehouse in Place.objects.filter(pk__in=ids).values_list("id", "warehouse_id")}


def lot_columns(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Number, expiry and attributes of lots by id."""
    rows = Lot.objects.filter(pk__in=ids).values_list("id", "number", "expiry_date", "attributes")
    return {
        pk: {"lot_id": pk, "lot": number, "expiry_date": day.isoformat() if day else None, "attributes": attributes}
        for pk, number, day, attributes in rows
    }


def category_path(category: int | None) -> str:
    """The path of a category, under which its own lie."""
    if category is None:
        return ""
    return ItemCategory.objects.filter(pk=category).values_list("path", flat=True).first() or "?"
