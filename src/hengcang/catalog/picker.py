"""商品选择 What the item picker shows beside the declared fields: the units of each, and who has a barcode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.base.book import book
from hengcang.catalog.models import Barcode, Item, ItemUnit
from hengcang.meta.values import plain


def units_of(ids: Sequence[int], viewer: Viewer, parameters: Mapping[str, str]) -> dict[int, dict[str, Any]]:
    """单位 `units: [{id, label, factor}]` of each item, the base unit first: two statements.

    While the book has second units, also `second_unit` (its name, or none), `second_factor` and `second_decimals`.
    """
    found: dict[int, list[dict[str, Any]]] = {}
    seconds: dict[int, dict[str, Any]] = {}
    columns = ("second_unit__name", "second_factor", "second_unit__decimals") if book().second_units else ()
    for item, unit, label, *second in Item.objects.filter(pk__in=ids).values_list("pk", "base_unit_id", "base_unit__name", *columns):
        found[item] = [{"id": unit, "label": label, "factor": "1"}]
        if second:
            name, factor, decimals = second
            shown = {"second_unit": name, "second_factor": None if factor is None else plain(factor), "second_decimals": decimals}
            seconds[item] = shown
    further = ItemUnit.objects.filter(item__in=ids).order_by("position", "id")
    for item, unit, label, factor in further.values_list("item_id", "unit_id", "unit__name", "factor"):
        found[item].append({"id": unit, "label": label, "factor": plain(factor)})
    return {item: {"units": units, **seconds.get(item, {})} for item, units in found.items()}


def by_barcode(code: str) -> dict[int, dict[str, Any]]:
    """按条码 The item that has exactly this barcode, with the unit the barcode stands for (None: the base unit)."""
    own = Item.objects.filter(barcode=code).values_list("pk", "base_unit_id")
    rows = own.union(
        ItemUnit.objects.filter(barcode=code).values_list("item_id", "unit_id"),
        Barcode.objects.filter(code=code).values_list("item_id", "unit_id"),
        all=True,
    )
    return {item: {"barcode_unit": unit} for item, unit in rows}
