"""商品行计算 Goods lines from what was typed: unit and factor, base quantity, places, lot, prices and amounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from hengcang.catalog.models import Item, ItemUnit, Lot
from hengcang.core.errors import FieldInvalid, HengcangError
from hengcang.core.pricing import line_amounts, to_millionths
from hengcang.documents import lots as lots_kept
from hengcang.documents.seconds import Second, fitted
from hengcang.meta.declarations import DocumentType, Lines
from hengcang.meta.values import Parsed, present, refuse
from hengcang.records.models import Document, GoodsLine

ONE = Decimal(1)
ZERO = Decimal(0)
LARGEST = Decimal("1e10")
MOST = f"最多 {LARGEST:,.0f}"
WRITTEN = (
    "position", "role", "item", "unit", "factor", "quantity", "base_quantity", "second_quantity", "source_place",
    "target_place", "lot", "serials", "price_basis", "unit_price_net", "unit_price_gross", "discount", "tax_rate", "amount_net",
    "tax_amount", "amount_gross", "remark", "source_line", "ext",
)  # fmt: skip


class ItemFacts(NamedTuple):
    """商品 What a line needs of its item."""

    base_unit: int
    decimals: int
    tax_rate: Decimal
    tracking: str
    name: str
    shelf_life_days: int | None
    second: Second | None


def load_items(parsed: Sequence[Parsed]) -> tuple[dict[int, ItemFacts], dict[tuple[int, int], Decimal]]:
    """The items of the lines and the factors of their further units: two statements."""
    ids = {line.values["item"] for line in parsed}
    columns = ("id", "base_unit_id", "base_unit__decimals", "tax_rate", "tracking", "name", "shelf_life_days")
    second = ("second_unit__decimals", "second_factor")
    items = {
        pk: ItemFacts._make((*known, None if decimals is None else Second(decimals, ratio)))
        for pk, *known, decimals, ratio in Item.objects.filter(pk__in=ids).values_list(*columns, *second)
    }
    units = ItemUnit.objects.filter(item__in=ids).values_list("item_id", "unit_id", "factor")
    return items, {(item, unit): factor for item, unit, factor in units}


Table = tuple[Lines, Sequence[Parsed]]


def build(declaration: DocumentType, document: Document, tables: Sequence[Table]) -> list[GoodsLine]:
    """The goods lines of drafts, table by table; statements do not grow with the tables.

    Raises InvalidDocument (a unit the item does not have, too many decimals).
    """
    parsed = [line for _, own in tables for line in own]
    if not parsed:
        return []
    items, factors = load_items(parsed)
    refuse([*lot_faults(items, parsed), *serial_faults(items, parsed)])
    lots = lots_of(parsed, {id(line) for lines, own in tables if declaration.comes_in(lines) for line in own})
    errors: list[HengcangError] = []
    rows = []
    for lines, position, line in ((lines, at, line) for lines, own in tables for at, line in enumerate(own, start=1)):
        row = GoodsLine(pk=line.id, revision=document.revision, position=position, role=lines.role, quantity=ZERO)
        fill(row, line, lines)
        item = items[line.values["item"]]
        if row.quantity is None:
            row.quantity = ZERO
        row.unit_id = line.values.get("unit") or item.base_unit
        factor = ONE if row.unit_id == item.base_unit else factors.get((row.item_id, row.unit_id))
        if factor is None:
            errors.append(fault(line, "unit", "单位", row.unit_id, "这个商品没有此单位"))
            continue
        row.factor = factor
        if row.quantity * factor > LARGEST:
            errors.append(fault(line, "quantity", "数量", row.quantity, f"折合基本单位后超出范围（{MOST}），请改小或拆成几行"))
            continue
        row.base_quantity = to_millionths(row.quantity * factor)
        counted = lines.role == "counted"
        row.second_quantity, wrong = fitted(row.base_quantity, row.second_quantity, item.second, counted=counted)
        if wrong:
            errors.append(fault(line, "second_quantity", "辅助数量", line.values.get("second_quantity"), wrong))
        set_places(row, declaration, document)
        if isinstance(line.values.get("lot"), str) and line.values["lot"]:
            row.lot_id = lots[row.item_id, line.values["lot"]]
        set_amounts(row, item, line, lines)
        if row.amount_gross > LARGEST or (row.unit_price_gross or ZERO) > LARGEST:
            errors.append(fault(line, "quantity", "数量", row.quantity, f"单价或金额超出范围（{MOST}），请核对数量与单价"))
        rows.append(row)
    refuse(errors)
    refuse(lots_kept.describe([(row, line) for row, line in zip(rows, parsed, strict=True) if "expiry_date" in line.values], items))
    return rows


def fault(line: Parsed, name: str, label: str, value: object, reason: str) -> HengcangError:
    """A fault of a cell."""
    return FieldInvalid(path=line.where.at(name), where=line.where.text, label=label, value=value, reason=reason)


def fill(row: GoodsLine, line: Parsed, lines: Lines) -> None:
    """Put parsed values where they are kept."""
    row.ext = {}
    for one in lines.fields:
        if one.name not in line.values or one.name == "lot":
            continue
        value = line.values[one.name]
        if one.path.startswith("ext:"):
            row.ext[one.path[4:]] = present(one, value)
        elif hasattr(row, f"{one.path}_id"):
            setattr(row, f"{one.path}_id", value)
        else:
            setattr(row, one.path, value)
    lot = line.values.get("lot")
    row.lot_id = lot if isinstance(lot, int) else None
    row.source_line_id = line.values.get("source_line")


PLACES = ("source_place_id", "target_place_id")


def places_of(document: Document) -> dict[str, int | None]:
    """The places of the header, by attribute."""
    return {name: getattr(document, name) for name in PLACES}


def set_places(row: GoodsLine, declaration: DocumentType, document: Document) -> None:
    """A line without a place of its own takes the header's."""
    row.source_place_id = row.source_place_id or document.source_place_id
    row.target_place_id = row.target_place_id or document.target_place_id


def follow_header(document: Document, before: Mapping[str, int | None], role: str) -> None:
    """随单头 Lines of a role that a save leaves as they are follow a header whose place changed; one with a place of its own keeps it."""
    for name, place in before.items():
        now = getattr(document, name)
        if place is not None and now != place:
            own = GoodsLine.objects.filter(document=document.pk, revision=document.revision, role=role)
            own.filter(**{name: place}).update(**{name: now})


def set_header_places(document: Document, rows: Sequence[GoodsLine]) -> None:
    """A header without a place takes that of the first line that has one, so that lists show where it belongs."""
    for name in PLACES:
        if getattr(document, name) is None:
            setattr(document, name, next((getattr(row, name) for row in rows if getattr(row, name) is not None), None))


def set_amounts(row: GoodsLine, item: ItemFacts, line: Parsed, lines: Lines) -> None:
    """Prices and amounts by the basis; a type without prices has none, one without tax rates no tax."""
    names = {one.name for one in lines.fields}
    if "unit_price_net" not in names:
        return
    taxed = item.tax_rate if "tax_rate" in names else ZERO
    row.tax_rate = line.values.get("tax_rate") if line.values.get("tax_rate") is not None else taxed
    row.discount = line.values.get("discount") or ZERO
    row.price_basis = line.values.get("price_basis") or "net"
    price = row.unit_price_gross if row.price_basis == "gross" else row.unit_price_net
    amounts = line_amounts(row.quantity, row.price_basis, price, row.discount, row.tax_rate)
    row.unit_price_net, row.unit_price_gross = amounts.unit_price_net, amounts.unit_price_gross
    row.amount_net, row.tax_amount, row.amount_gross = amounts.amount_net, amounts.tax_amount, amounts.amount_gross


def lot_faults(items: Mapping[int, ItemFacts], parsed: Sequence[Parsed]) -> list[HengcangError]:
    """Lots that do not fit their item: of another item, or of one that is not kept by lot."""
    errors = [
        fault(line, "lot", "批次", line.values["lot"], "这个商品不按批次管理，请清空批次")
        for line in parsed
        if line.values.get("lot") not in (None, "") and items[line.values["item"]].tracking == "none"
    ]
    ids = {line.values["lot"] for line in parsed if isinstance(line.values.get("lot"), int)}
    owners = dict(Lot.objects.filter(pk__in=ids).values_list("id", "item_id")) if ids else {}
    errors += [
        fault(line, "lot", "批次", line.values["lot"], "不是这个商品的批次")
        for line in parsed
        if line.values.get("lot") in owners and owners[line.values["lot"]] != line.values["item"]
    ]
    return errors


def serial_faults(items: Mapping[int, ItemFacts], parsed: Sequence[Parsed]) -> list[HengcangError]:
    """Serial numbers of an item that is not kept by serial number."""
    return [
        fault(line, "serials", "序列号", "、".join(line.values["serials"][:3]), "这个商品不按序列号管理，请清空序列号")
        for line in parsed
        if line.values.get("serials") and items[line.values["item"]].tracking != "serial"
    ]


def lots_of(parsed: Sequence[Parsed], coming: Collection[int]) -> dict[tuple[int, str], int]:
    """批次 Lots named by number: found, or made where goods come in. Raises InvalidDocument for an unknown one going out.

    `coming` are the identities of the lines whose goods come in.
    """
    wanted = {(line.values["item"], line.values["lot"]) for line in parsed if isinstance(line.values.get("lot"), str)}
    wanted = {key for key in wanted if key[1]}
    if not wanted:
        return {}
    found = lots_by_number(wanted)
    missing = sorted(wanted - found.keys())
    refuse(
        fault(line, "lot", "批次", line.values["lot"], "没有这个批次")
        for line in parsed
        if id(line) not in coming and (line.values["item"], line.values.get("lot")) in missing
    )
    if missing:
        Lot.objects.bulk_create([Lot(item_id=item, number=number) for item, number in missing], ignore_conflicts=True)
        found = lots_by_number(wanted)
    return found


def lots_by_number(wanted: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Ids of lots by item and number."""
    rows = Lot.objects.filter(item__in={item for item, _ in wanted}, number__in={number for _, number in wanted})
    return {(item, number): pk for pk, item, number in rows.values_list("id", "item_id", "number")}
