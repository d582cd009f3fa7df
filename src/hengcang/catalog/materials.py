"""物料清单 Bills of materials: what they may not say, what a quantity of a product needs, where an item is used.

A component may have a bill of its own, so bills form levels; an item that is made of itself, however far down, is
refused. Exploding reads every bill that can be reached in one statement and multiplies here: exact fractions from level
to level, rounded up once, at the decimals of the component's unit, so that many levels never need more than they use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.catalog.models import BillOfMaterials
from hengcang.core.amounts import SCALE
from hengcang.core.errors import ComponentsInCircle, DuplicateValue, FieldInvalid, HengcangError, InvalidDocument

Record = Mapping[str, Any]
DEFAULT_BILL = "(SELECT b.id FROM catalog_billofmaterials b WHERE b.item_id={item} AND b.active ORDER BY b.is_default DESC, b.id LIMIT 1)"
TREE_SQL = f"""
WITH RECURSIVE tree(bill) AS (
  SELECT CAST(%s AS bigint)
  UNION
  SELECT n.id FROM tree t JOIN catalog_bomcomponent c ON c.bill_id=t.bill
  JOIN catalog_billofmaterials n ON n.id={DEFAULT_BILL.format(item="c.item_id")}
)
SELECT t.bill, p.item_id, p.quantity, c.item_id, c.quantity, c.scrap_rate, u.decimals FROM tree t
JOIN catalog_billofmaterials p ON p.id=t.bill JOIN catalog_bomcomponent c ON c.bill_id=t.bill
JOIN catalog_item i ON i.id=c.item_id JOIN catalog_unit u ON u.id=i.base_unit_id ORDER BY t.bill, c.position, c.id
"""
CIRCLE_SQL = """
WITH RECURSIVE down(item) AS (
  SELECT c0 FROM {items}
  UNION
  SELECT c.item_id FROM down d JOIN catalog_billofmaterials b ON b.item_id=d.item AND b.id<>%s JOIN catalog_bomcomponent c ON c.bill_id=b.id
)
SELECT i.code, i.name FROM down JOIN catalog_item i ON i.id=down.item WHERE down.item=%s
"""
USES_SQL = """
WITH RECURSIVE up(item, level) AS (
  SELECT CAST(%s AS bigint), 0
  UNION
  SELECT b.item_id, up.level+1 FROM up JOIN catalog_bomcomponent c ON c.item_id=up.item
  JOIN catalog_billofmaterials b ON b.id=c.bill_id AND b.active WHERE up.level<%s
)
SELECT b.id, up.level+1, c.quantity, b.quantity, c.scrap_rate FROM up JOIN catalog_bomcomponent c ON c.item_id=up.item
JOIN catalog_billofmaterials b ON b.id=c.bill_id AND b.active ORDER BY up.level, b.code, b.id
"""
MOST_LEVELS = 30


class Need(NamedTuple):
    """需用量 What is needed of a component, in base units, and on which level below the product it stands."""

    item: int
    quantity: Decimal
    level: int


class Use(NamedTuple):
    """用处 A bill that has the item on some level below its product; the quantities are those of its own line."""

    bill: int
    level: int
    quantity: int
    makes: int
    scrap_rate: int


def prepare_bill(values: dict[str, Any]) -> dict[str, Any]:
    """核对清单 Quantities are above zero, no component stands twice or is the product itself. Raises InvalidDocument."""
    faults: list[HengcangError] = []
    if values["quantity"] is not None and values["quantity"] <= 0:
        faults.append(FieldInvalid(path="quantity", label="产品数量", value=values["quantity"], reason="必须大于 0"))
    seen: set[int] = set()
    for index, line in enumerate(values["components"]):
        where = {"where": f"组件第 {index + 1} 行："}
        if line["quantity"] is not None and line["quantity"] <= 0:
            reason = {"label": "用量", "value": line["quantity"], "reason": "必须大于 0"}
            faults.append(FieldInvalid(path=f"components.{index}.quantity", **where, **reason))
        if line["item"] == values["item"]:
            faults.append(FieldInvalid(path=f"components.{index}.item", label="商品", value="", reason="不能是产品自己", **where))
        if line["item"] in seen:
            faults.append(DuplicateValue(path=f"components.{index}.item", label="组件", value=index + 1, **where))
        seen.add(line["item"])
    if faults:
        raise InvalidDocument(faults)
    return {}


def check_bill(before: Record | None, after: Record) -> None:
    """核对层次 No component is made, on any level, of the product. Raises ComponentsInCircle."""
    items = sorted({(line["item"],) for line in after["components"]})
    if not items:
        return
    wait_for_others()
    source, parameters = bulk.table_of(items, ["bigint"])
    found = bulk.fetch(CIRCLE_SQL.format(items=source), [*parameters, after.get("id") or 0, after["item"]])
    if found:
        raise ComponentsInCircle(path="components", item=f"{found[0][0]} {found[0][1]}")


def wait_for_others() -> None:
    """Bills are checked one after the other until their transactions end: two of them may close a circle that neither has."""
    if bulk.is_postgresql():
        bulk.fetch("SELECT pg_advisory_xact_lock(hashtext('bills of materials'))")


def one_default(before: Record | None, after: Record) -> None:
    """默认版本 A product has one default bill at most: the one that was last said to be it."""
    if after["is_default"]:
        BillOfMaterials.objects.filter(item=after["item"]).exclude(pk=after["id"]).update(is_default=False)


def bills_of(items: Sequence[int]) -> dict[int, int]:
    """默认清单 The default bill of each item that has one: one statement."""
    if not items:
        return {}
    source, parameters = bulk.table_of([(one,) for one in sorted(set(items))], ["bigint"])
    rows = bulk.fetch(f"SELECT v.c0, {DEFAULT_BILL.format(item='v.c0')} FROM {source}", parameters)
    return {item: bill for item, bill in rows if bill is not None}


def explode(bill: int, quantity: Decimal, *, bottom: bool) -> list[Need]:
    """展开 What `quantity` base units of the bill's product need: its components, or (`bottom`) what those are made of in the end.

    An item that stands at several places is one need, where it stands first. One statement. Raises ComponentsInCircle beyond
    30 levels, which bills that were not checked may run to.
    """
    lines: dict[int, list[tuple[Any, ...]]] = {}
    bill_of: dict[int, int] = {}
    decimals: dict[int, int] = {}
    for own, product, makes, item, used, scrap, places in bulk.fetch(TREE_SQL, [bill]):
        lines.setdefault(own, []).append((item, Fraction(used, makes) * (1 + Fraction(scrap, SCALE))))
        bill_of.setdefault(product, own)
        decimals[item] = places
    needs: dict[int, tuple[Fraction, int]] = {}
    layer, level = {bill: Fraction(quantity)}, 1
    while layer:
        if level > MOST_LEVELS:
            raise ComponentsInCircle(item=named(bill))
        below: dict[int, Fraction] = {}
        for own, wanted in layer.items():
            for item, share in lines.get(own, ()):
                if bottom and item in bill_of:
                    below[bill_of[item]] = below.get(bill_of[item], Fraction(0)) + wanted * share
                    continue
                before, first = needs.get(item, (Fraction(0), level))
                needs[item] = (before + wanted * share, first)
        layer, level = below, level + 1
    return [Need(item, rounded_up(wanted, decimals[item]), level) for item, (wanted, level) in needs.items()]


def named(bill: int) -> str:
    """Code and name of what a bill makes."""
    code, name = BillOfMaterials.objects.values_list("item__code", "item__name").get(pk=bill)
    return f"{code} {name}"


def rounded_up(wanted: Fraction, decimals: int) -> Decimal:
    """Up to the decimals that the unit has: half a screw is a screw."""
    scale = 10 ** min(decimals, 6)
    whole = -(-wanted.numerator * scale // wanted.denominator)
    return Decimal(whole) / Decimal(scale)


def uses_of(item: int) -> list[Use]:
    """反查 The bills that have an item on any level below their product, the nearest first: one statement."""
    return [Use._make(row) for row in bulk.fetch(USES_SQL, [item, MOST_LEVELS])]
