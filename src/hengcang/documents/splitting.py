"""分单 Splitting: the lines of a conversion by the party that their items name, at the items' own prices.

A party that is no longer used does not count: its lines go where somebody must say whom to ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hengcang.catalog.models import ItemUnit
from hengcang.core.pricing import to_millionths
from hengcang.meta.declarations import DocumentType
from hengcang.meta.values import plain
from hengcang.parties.models import Party
from hengcang.records.models import GoodsLine

Pair = tuple[GoodsLine, dict[str, Any]]


def by_party(name: str, lines: Sequence[Pair]) -> list[tuple[int | None, list[tuple[int, dict[str, Any]]]]]:
    """按往来单位分 The lines with their source line's id by the party of their item, as the parties come; those of nobody last.

    One statement.
    """
    named = {getattr(source.item, f"{name}_id") for source, _ in lines} - {None}
    known = set(Party.objects.filter(pk__in=named, active=True).values_list("pk", flat=True)) if named else set()
    found: dict[int | None, list[tuple[int, dict[str, Any]]]] = {}
    for source, line in lines:
        party = getattr(source.item, f"{name}_id")
        found.setdefault(party if party in known else None, []).append((source.pk, line))
    return sorted(found.items(), key=lambda part: part[0] is None)


def prices(target: DocumentType, lines: Sequence[Pair]) -> dict[int, dict[str, str]]:
    """商品价格 What the form would fill in for each item, by source line: its price in the line's unit. One statement."""
    assert target.goods is not None
    fills = next((one.fills for one in target.goods.fields if one.name == "item"), {})
    key = fills.get("unit_price_net", "")
    if not key:
        return {}
    units = ItemUnit.objects.filter(item__in={source.item_id for source, _ in lines})
    own = {(item, unit): price for item, unit, price in units.values_list("item_id", "unit_id", key) if price is not None}
    found = {}
    for source, _ in lines:
        base = getattr(source.item, key)
        price = own.get((source.item_id, source.unit_id), None if base is None else to_millionths(base * source.factor))
        if price is not None:
            found[source.pk] = {"unit_price_net": plain(price)}
    return found
