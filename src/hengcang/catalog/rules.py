"""商品规则 Rules of the item's record: what is derived, what contradicts itself, what another item already has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from hengcang.base.book import book, change_book
from hengcang.base.pinyin import initials
from hengcang.catalog import families
from hengcang.catalog.models import Barcode, Item, ItemCategory, ItemUnit
from hengcang.core.errors import DuplicateValue, FieldInvalid, HengcangError, InvalidDocument

Record = Mapping[str, Any]

has_moved: list[Callable[[int], bool]] = []
"""有无库存移动 Filled by the books at start-up: whether an item ever moved; then costing, tracking and base unit stand."""

limits_changed: list[Callable[[Collection[int]], None]] = []
"""库存限额变化 Filled by the books at start-up: what follows when the limits of items, or whether they are in use, were saved."""

SECOND = {"second_unit": "辅助单位", "second_factor": "辅助换算率"}
FIXED_ONCE_MOVED = {"costing_method": "计价方法", "tracking": "批次/序列号管理", "base_unit": "基本单位"}


def prepare_item(values: dict[str, Any]) -> dict[str, Any]:
    """整理商品 Pinyin initials and the search text; contradictions are refused. Raises InvalidDocument."""
    faults = [*_unit_faults(values), *_second_faults(values), *_barcode_faults(values), *_limit_faults(values)]
    if faults:
        raise InvalidDocument(faults)
    pinyin = initials(values["name"])
    parts = [values["code"], values["name"], pinyin, values["spec"], *barcodes_of(values)]
    return {"pinyin": pinyin, "search_text": families.search_text_of(parts)}


def barcodes_of(values: Record) -> list[str]:
    """条码 Every barcode of the record, its units' and further ones included."""
    further = [line["code"] for line in values["barcodes"]]
    own = [values["barcode"], *(line["barcode"] for line in values["units"]), *further]
    return [code for code in own if code]


def _unit_faults(values: Record) -> list[HengcangError]:
    faults: list[HengcangError] = []
    seen = {values["base_unit"]}
    for index, line in enumerate(values["units"]):
        where = f"多单位第 {index + 1} 行："
        if line["factor"] is not None and line["factor"] <= 0:
            words = {"label": "换算率", "value": line["factor"], "reason": "必须大于 0", "where": where}
            faults.append(FieldInvalid(path=f"units.{index}.factor", **words))
        if line["unit"] in seen:
            words = {"label": "单位", "value": "", "reason": "与基本单位或前面的行重复", "where": where}
            faults.append(FieldInvalid(path=f"units.{index}.unit", **words))
        seen.add(line["unit"])
    for index, line in enumerate(values["barcodes"]):
        if line["unit"] is not None and line["unit"] not in seen:
            words = {"label": "单位", "value": "", "reason": "不是本商品的单位", "where": f"条码第 {index + 1} 行："}
            faults.append(FieldInvalid(path=f"barcodes.{index}.unit", **words))
    return faults


def _second_faults(values: Record) -> list[HengcangError]:
    """What contradicts a second unit: it is none of the item's units, of a ratio that is above zero, and of no single pieces."""
    unit, factor = values["second_unit"], values["second_factor"]
    found: list[tuple[str, object, str]] = []
    if unit is None and factor is not None:
        found.append(("second_factor", factor, "请先选辅助单位"))
    if unit is not None and unit in {values["base_unit"], *(line["unit"] for line in values["units"])}:
        found.append(("second_unit", "", "与本商品的基本单位或多单位重复；比例固定的单位请只放在多单位里"))
    if unit is not None and values["tracking"] == "serial":
        found.append(("second_unit", "", "按序列号管理的商品逐件记账，不能再有辅助单位"))
    if unit is not None and factor is not None and factor <= 0:
        found.append(("second_factor", factor, "必须大于 0"))
    return [FieldInvalid(path=name, label=SECOND[name], value=value, reason=reason) for name, value, reason in found]


def _barcode_faults(values: Record) -> list[HengcangError]:
    places = [("barcode", values["barcode"])]
    places += [(f"units.{index}.barcode", line["barcode"]) for index, line in enumerate(values["units"])]
    places += [(f"barcodes.{index}.code", line["code"]) for index, line in enumerate(values["barcodes"])]
    faults: list[HengcangError] = []
    seen: set[str] = set()
    for path, code in places:
        if code and code in seen:
            faults.append(DuplicateValue(path=path, label="条码", value=code))
        seen.add(code)
    return faults


def _limit_faults(values: Record) -> list[HengcangError]:
    faults: list[HengcangError] = []
    seen: set[int] = set()
    for index, line in enumerate(values["limits"]):
        where = f"库存上下限第 {index + 1} 行："
        low, high = line["stock_min"], line["stock_max"]
        if low is not None and high is not None and low > high:
            words = {"label": "库存下限", "value": low, "reason": f"不能高于上限 {high}", "where": where}
            faults.append(FieldInvalid(path=f"limits.{index}.stock_min", **words))
        if line["place"] in seen:
            faults.append(DuplicateValue(path=f"limits.{index}.place", label="仓库", value=index + 1, where=where))
        seen.add(line["place"])
    return faults


def check_item(before: Record | None, after: Record) -> None:
    """核对商品 No other item has one of its barcodes, or its values in its family; what the books need stands. Raises InvalidDocument."""
    faults = _taken_barcodes(after.get("id") or 0, after) + families.variant_faults(after)
    if before is not None:
        fixed = FIXED_ONCE_MOVED | ({"second_unit": SECOND["second_unit"]} if before["second_unit"] is not None else {})
        changed = [name for name in fixed if before[name] != after[name]]
        if changed and any(moved(before["id"]) for moved in has_moved):
            reason = "已有库存业务，不能再改"
            faults += [FieldInvalid(path=name, label=fixed[name], value=str(after[name]), reason=reason) for name in changed]
    if faults:
        raise InvalidDocument(faults)


def _taken_barcodes(item_id: int, after: Record) -> list[HengcangError]:
    codes = barcodes_of(after)
    if not codes:
        return []
    taken = set(
        Item.objects.filter(barcode__in=codes).exclude(pk=item_id).values_list("barcode").union(
            ItemUnit.objects.filter(barcode__in=codes).exclude(item_id=item_id).values_list("barcode"),
            Barcode.objects.filter(code__in=codes).exclude(item_id=item_id).values_list("code"),
        )
    )  # fmt: skip
    found = {row[0] for row in taken}
    places: Sequence[tuple[str, str]] = [
        ("barcode", after["barcode"]),
        *((f"units.{index}.barcode", line["barcode"]) for index, line in enumerate(after["units"])),
        *((f"barcodes.{index}.code", line["code"]) for index, line in enumerate(after["barcodes"])),
    ]
    return [DuplicateValue(path=path, label="条码", value=code) for path, code in places if code in found]


def check_category(before: Record | None, after: Record) -> None:
    """分类层级 A category cannot stand under itself. Raises FieldInvalid."""
    if before is None or after["parent"] is None:
        return
    path = ItemCategory.objects.filter(pk=after["parent"]).values_list("path", flat=True).get()
    if f"/{before['id']}/" in path:
        raise FieldInvalid(path="parent", label="上级分类", value=after["name"], reason="不能选自己或自己的下级")


def place_category(before: Record | None, after: Record) -> None:
    """分类路径 Keep `path`, the chain of ids, right for the category and everything under it."""
    if before is not None and before["parent"] == after["parent"]:
        return
    head = "/"
    if after["parent"] is not None:
        head = ItemCategory.objects.filter(pk=after["parent"]).values_list("path", flat=True).get()
    new = f"{head}{after['id']}/"
    if before is None:
        ItemCategory.objects.filter(pk=after["id"]).update(path=new)
        return
    old = ItemCategory.objects.filter(pk=after["id"]).values_list("path", flat=True).get()
    below = list(ItemCategory.objects.filter(path__startswith=old))
    for one in below:
        one.path = new + one.path[len(old) :]
    ItemCategory.objects.bulk_update(below, ["path"])


def item_saved(before: Record | None, after: Record) -> None:
    """商品已存 One of a family takes its spec from there. The book shows second units from the first item on that has one."""
    if after["second_unit"] is not None and not book().second_units:
        change_book(second_units=True)
    if after["family"] is not None:
        families.refresh([after["id"]])


def limits_differ(before: Record | None, after: Record) -> bool:
    """限额有变 Whether the limits of the item, or whether it is in use, changed."""
    if before is None:
        return bool(after["limits"])
    return any(before.get(name) != after.get(name) for name in ("limits", "active"))


def follow_limits(items: Collection[int]) -> None:
    """限额跟随 What hangs on the limits of items follows, with nobody posting beside."""
    for follow in limits_changed:
        follow(items)
