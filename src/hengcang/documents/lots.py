"""批次 Lots: what a receipt says of a lot is kept on it, expired ones are held back, and a line is shared over lots by 先到期先出."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.base import clock
from hengcang.base.book import Book
from hengcang.catalog.models import Item, ItemUnit, Lot
from hengcang.core.allocation import Supply, take_own_first
from hengcang.core.amounts import to_decimal
from hengcang.core.errors import FieldInvalid, HengcangError, InvalidDocument, OutsideScope
from hengcang.core.piece_errors import LotDiffers, LotExpired, LotExpiredWarning, LotNearExpiry
from hengcang.core.pricing import to_millionths
from hengcang.documents.rows import GoodsRow
from hengcang.ledger import promises, queries, reservations, traces
from hengcang.ledger.reports import StockFilter
from hengcang.meta import values
from hengcang.meta.declarations import DocumentType, Field, Kind
from hengcang.meta.values import Parsed, Where, plain
from hengcang.records.models import GoodsLine

ONE = Decimal(1)
ZERO = Decimal(0)
LABELS = {"production_date": "生产日期", "expiry_date": "有效期", "supplier_lot": "供应商批号", "attributes": "批次属性"}
MOST_LINES = 500
NOTHING = reservations.Held(0, 0, 0, 0, 0, 0)


def describe(lines: Sequence[tuple[GoodsLine, Parsed]], items: Mapping[int, Any]) -> list[HengcangError]:
    """登记批次 Keep what inward lines say of their lots; gives the faults where a lot is already known otherwise.

    The expiry date follows from the production date and the item's 保质期 where it is left empty. What a lot does not say
    yet is filled in; what it says may change while nothing of it ever moved.
    """
    saying = [(row, line) for row, line in lines if row.lot_id is not None]
    for row, line in saying:
        days, produced = items[row.item_id].shelf_life_days, line.values.get("production_date")
        if produced is not None and days and line.values.get("expiry_date") is None:
            line.values["expiry_date"] = produced + timedelta(days=days)
            row.ext["expiry_date"] = line.values["expiry_date"].isoformat()
    telling = [(row, line) for row, line in saying if any(line.values.get(name) for name in LABELS)]
    if not telling:
        return []
    lots = {
        lot.pk: lot for lot in Lot.objects.select_for_update(no_key=True).filter(pk__in={row.lot_id for row, _ in telling}).order_by("pk")
    }
    fixed = queries.lots_moved(lots)
    faults: list[HengcangError] = []
    changed: set[int] = set()
    for row, line in telling:
        assert row.lot_id is not None
        faults += told(lots[row.lot_id], line, fixed=row.lot_id in fixed)
        changed.add(row.lot_id)
        fixed.add(row.lot_id)
    if not faults:
        Lot.objects.bulk_update([lots[one] for one in sorted(changed)], list(LABELS))
    return faults


def told(lot: Lot, line: Parsed, *, fixed: bool) -> list[HengcangError]:
    """What one line says of a lot, put on it where it may be."""
    faults: list[HengcangError] = []
    for name, label in LABELS.items():
        value, kept = line.values.get(name), getattr(lot, name)
        if not value or value == kept:
            continue
        if kept and fixed:
            words = {"lot": lot.number, "label": label, "kept": str(kept), "value": str(value)}
            faults.append(LotDiffers(path=line.where.at(name), where=line.where.text, **words))
        else:
            setattr(lot, name, value)
    return faults


def expiry(declaration: DocumentType, rows: Sequence[GoodsRow], day: date, book: Book) -> list[HengcangError]:
    """效期检查 Warnings of lots that are expired or soon will be, where goods are shipped. Raises InvalidDocument (LotExpired)."""
    if not declaration.ships:
        return []
    refused: list[HengcangError] = []
    warned: list[HengcangError] = []
    for row in rows:
        if row.lot_expiry is None or row.base_quantity <= 0:
            continue
        days = (row.lot_expiry - day).days
        words = {**row.at.named("lot"), "item": row.item_name, "lot": row.lot_number, "expiry": row.lot_expiry.isoformat()}
        policy = row.expired_lots or book.expired_lots
        if days < 0 and policy == "forbid":
            refused.append(LotExpired(**words))
        elif days < 0 and policy == "warn":
            warned.append(LotExpiredWarning(**words))
        elif 0 <= days <= book.near_expiry_days:
            warned.append(LotNearExpiry(**words, days=days))
    if refused:
        raise InvalidDocument(refused)
    return warned


SUGGESTED = (
    Field(name="item", label="商品", kind=Kind.REF, ref="items", required=True),
    Field(name="unit", label="单位", kind=Kind.UNIT),
    Field(name="quantity", label="数量", kind=Kind.QUANTITY, required=True, minimum=ZERO),
    Field(name="source_place", label="仓库", kind=Kind.REF, ref="warehouses", required=True),
    Field(name="line", label="本行", kind=Kind.INTEGER, minimum=ZERO, maximum=Decimal(2**63 - 1)),
)
DAY = Field(name="document_date", label="单据日期", kind=Kind.DATE, default="@today")


def suggest(viewer: Viewer, declaration: DocumentType, raw: Mapping[str, Any]) -> dict[str, Any]:
    """自动分配批次 Lots for outward lines: what expires first first, then what came first; nothing expired by the document's day.

    `{document_date, lines: [{item, unit?, quantity, source_place, line?}]}` → `{lines: [{unit, lots: [{lot, quantity}],
    missing}]}`; lines share what there is in their order. What order lines hold back of a lot is left to them; a line
    that comes from one (`line` is its id in the saved draft) takes its own first. `unit` is null where the quantities are in
    the line's own unit; where they are in the base unit instead, it is that one, with its `factor` and that of the unit it
    replaces (`factor_before`).
    Five statements, eight where anything is held back by lot. Raises PermissionRefused, InvalidDocument.
    """
    viewer.require(declaration.name, "create")
    viewer.require("stock_on_hand", "view")
    sent = raw.get("lines")
    if not isinstance(sent, list) or len(sent) > MOST_LINES:
        raise FieldInvalid(path="lines", where="", label="明细", value="", reason=f"应为最多 {MOST_LINES} 行的列表")
    day = values.parse(DAY, raw.get("document_date")) or values.default(DAY, viewer)
    parsed = [
        values.parse_record(
            SUGGESTED, one if isinstance(one, Mapping) else {}, viewer, new=True, where=Where(f"lines.{at}", f"第 {at + 1} 行：")
        )
        for at, one in enumerate(sent)
    ]
    resolved = values.resolve_refs([(SUGGESTED, parsed)], viewer)
    values.refuse([*(error for line in parsed for error in line.errors), *resolved.errors])
    places = viewer.scope("warehouse")
    if places is not None and any(line.values["source_place"] not in places for line in parsed):
        raise OutsideScope(label=declaration.label)
    supply, own = supplies({(line.values["item"], line.values["source_place"]) for line in parsed}, day, parsed)
    return {"lines": shared(parsed, supply, own)}


Supplies = dict[tuple[int, int], list[Supply]]


def supplies(keys: set[tuple[int, int]], day: date, parsed: Sequence[Parsed]) -> tuple[Supplies, dict[int, reservations.Held]]:
    """What may be taken at each (item, place), in the order in which it should be, and what is held back for each line, by its id.

    What is held back beyond its day is free for everybody.
    """
    lots = traces.lots_on_hand(sorted(keys))
    held_back = {one.item for one in lots if one.reserved}
    over = promises.expired(reservations.reserving_types(), StockFilter(items=held_back), clock.today()) if held_back else {}
    found: Supplies = {}
    for one in lots:
        if one.expires is None or one.expires >= day:
            kept = min(max(one.reserved - to_decimal(over.get((one.item, one.place, one.lot), 0)), ZERO), one.on_hand)
            found.setdefault((one.item, one.place), []).append(Supply(one.lot, one.number, one.expires, one.on_hand - kept, kept))
    for rows in found.values():
        rows.sort(key=lambda one: (one.expires or date.max, one.lot))
    return found, held_for(parsed) if held_back else {}


def held_for(parsed: Sequence[Parsed]) -> dict[int, reservations.Held]:
    """为本行占用 What the order lines from which saved lines come hold back, by the saved line: two statements."""
    own = {line.values["line"] for line in parsed if line.values.get("line")}
    rows = GoodsLine.objects.filter(pk__in=own, source_line__isnull=False).values_list("pk", "source_line") if own else ()
    sources = {line: source for line, source in rows if source is not None}
    held = reservations.held_by(sources.values()) if sources else {}
    return {line: held[source] for line, source in sources.items() if source in held}


def shared(
    parsed: Sequence[Parsed], supply: Mapping[tuple[int, int], list[Supply]], own: Mapping[int, reservations.Held]
) -> list[dict[str, Any]]:
    """Each line over the lots: in its own unit where every part has no more decimals than the unit, else in the base unit."""
    items = {line.values["item"] for line in parsed}
    columns = ("item", "unit", "factor", "unit__decimals")
    units = {(item, unit): known for item, unit, *known in ItemUnit.objects.filter(item__in=items).values_list(*columns)}
    base = {pk: (unit, name) for pk, unit, name in Item.objects.filter(pk__in=items).values_list("pk", "base_unit", "base_unit__name")}
    answer, left = [], dict[int, Decimal]()
    for line in parsed:
        item, unit = line.values["item"], line.values.get("unit")
        factor, decimals = units.get((item, unit), (ONE, 6))
        wanted = to_millionths(line.values["quantity"] * factor)
        place, held = line.values["source_place"], own.get(line.values.get("line") or 0)
        mine = held if held is not None and (held.item, held.place) == (item, place) else NOTHING
        quantity = left.setdefault(mine.line, to_decimal(mine.quantity))
        taken, missing = take_own_first(wanted, quantity, mine.lot, supply.get((item, place), []))
        left[mine.line] -= min(quantity, sum((part for one, part in taken if one.lot == mine.lot), ZERO))
        parts = [*(quantity for _, quantity in taken), missing]
        kept = len([one for one in parts if one]) <= 1 or all(whole(quantity, factor, decimals) for quantity in parts)
        by = factor if kept else ONE
        answer.append(
            {
                "unit": None if kept else unit_json(*base[item], factor),
                "lots": [{"lot": lot_json(one), "quantity": plain(to_millionths(quantity / by))} for one, quantity in taken],
                "missing": plain(to_millionths(missing / by)),
            }
        )
    return answer


def whole(quantity: Decimal, factor: Decimal, decimals: int) -> bool:
    """整数份 Whether a quantity in base units is one of a unit, to its decimals."""
    return round(quantity / factor, decimals) * factor == quantity


def unit_json(unit: int, name: str, replaced: Decimal) -> dict[str, Any]:
    """The base unit as a reference, with the factors by which prices go over to it."""
    return {"id": unit, "label": name, "factor": "1", "factor_before": plain(replaced)}


def lot_json(one: Supply) -> dict[str, Any]:
    """A lot as a reference."""
    return {"id": one.lot, "code": one.number, "label": one.number, "expiry_date": one.expires.isoformat() if one.expires else None}
