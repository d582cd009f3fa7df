"""款的价税 The prices and the tax rate that items have otherwise than their family, and giving them the family's on request.

An item takes them over when it is made and is of its own from then on. What the family says now goes to the items that are
named, by units too where both have the unit. Left out: units that an item lacks, which are a matter of each item.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F

from hengcang.access.viewer import Viewer
from hengcang.base import audit, bulk
from hengcang.catalog.models import FamilyUnit, Item, ItemFamily, ItemUnit
from hengcang.core.amounts import to_micro
from hengcang.meta import registry
from hengcang.meta.declarations import Field

ALIKE = ("tax_rate", "purchase_price", "sales_price", "reference_cost")
OF_UNITS = ("purchase_price", "sales_price")
Prices = dict[str, Decimal | None]


class Unlike(NamedTuple):
    """与款不同 An item with what it has and what the family says; of its units all lines, and the family's prices by line."""

    item: int
    has: Prices
    says: Prices
    units: list[dict[str, Any]]
    units_say: dict[int, Prices]


def seen(viewer: Viewer, names: Sequence[str] = ALIKE) -> list[Field]:
    """可见价税 The fields of an item among these that somebody may see; of others he neither learns nor changes anything."""
    return [one for one in registry.masters()["item"].fields if one.name in names and viewer.sees(one)]


def unlike(family: ItemFamily, viewer: Viewer, items: Collection[int] | None = None, *, locked: bool = False) -> list[Unlike]:
    """比较 The items of a family (or those of them named) that differ from it, as far as he sees: two statements, three with units."""
    names = [one.name for one in seen(viewer)]
    prices = [one.name for one in seen(viewer, OF_UNITS)]
    rows = Item.objects.filter(family=family).order_by("pk")
    if items is not None:
        rows = rows.filter(pk__in=items)
    if locked and bulk.is_postgresql():
        rows = rows.select_for_update(no_key=True)
    own: dict[int, Prices] = {row.pop("pk"): row for row in rows.values("pk", *names)}
    said: dict[int, Prices] = {row.pop("unit"): row for row in FamilyUnit.objects.filter(family=family).values("unit", *prices)}
    lines: dict[int, list[dict[str, Any]]] = {item: [] for item in own}
    if said:
        found = ItemUnit.objects.filter(item__family=family, item__in=own).order_by("position", "id")
        for line in found.values("pk", "item", "unit", "factor", "barcode", *OF_UNITS, label=F("unit__name")):
            lines[line["item"]].append(line)
    of_family: Prices = {name: getattr(family, name) for name in names}
    different = []
    for item, has in own.items():
        says = {name: value for name, value in of_family.items() if has[name] != value}
        units_say = {line["pk"]: said[line["unit"]] for line in lines[item] if differs(line, said.get(line["unit"], {}))}
        if says or units_say:
            different.append(Unlike(item, has, says, lines[item], units_say))
    return different


def differs(line: dict[str, Any], says: Prices) -> bool:
    """Whether a line of a unit has another price than the family."""
    return any(line[name] != value for name, value in says.items())


def changes_of(one: Unlike, viewer: Viewer) -> list[dict[str, Any]]:
    """差异 `{name, label, kind, before, after}` of each price that would change, for the wire."""
    told = [(field, "", one.has[field.name], one.says[field.name]) for field in seen(viewer) if field.name in one.says]
    for line in one.units:
        says = one.units_say.get(line["pk"], {})
        fields = [field for field in seen(viewer, OF_UNITS) if field.name in says and says[field.name] != line[field.name]]
        told += [(field, f"（{line['label']}）", line[field.name], says[field.name]) for field in fields]
    return [
        {
            "name": field.name,
            "label": f"{field.label}{unit}",
            "kind": field.kind.value,
            "before": audit.plain(before),
            "after": audit.plain(after),
        }
        for field, unit, before, after in told
    ]


def give(family: ItemFamily, viewer: Viewer, items: Collection[int]) -> int:
    """按款更新 Give the items what their family says; gives how many changed. A row of the log for each, statements constant."""
    found = unlike(family, viewer, items, locked=True) if items else []
    if not found:
        return 0
    says = {field.name: getattr(family, field.name) for field in seen(viewer)}
    Item.objects.filter(pk__in=[one.item for one in found]).update(**says, version=F("version") + 1)
    names = [field.name for field in seen(viewer, OF_UNITS)]
    rows = [(line, *(micro(prices[name]) for name in names)) for one in found for line, prices in one.units_say.items()]
    bulk.update_rows("catalog_itemunit", names, rows)
    audit.record_many(viewer.actor, "change", "item", {one.item: log_of(one) for one in found})
    return len(found)


def micro(price: Decimal | None) -> int | None:
    """A price as the database keeps it."""
    return None if price is None else to_micro(price)


def log_of(one: Unlike) -> list[dict[str, Any]]:
    """What the log tells of an item: prices as fields, units as the table they are."""
    changes = audit.diff(one.has, one.says, one.says)
    if one.units_say:
        shown = ("unit", "factor", "barcode", *OF_UNITS)
        before, after = (
            [{name: audit.plain({**line, **more.get(line["pk"], {})}[name]) for name in shown} for line in one.units]
            for more in ({}, one.units_say)
        )
        changes.append({"field": "units", "before": before, "after": after})
    return changes
