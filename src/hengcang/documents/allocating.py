"""自动分配 Sharing outward lines over lots and bins: what expires first first (先到期先出), and from as few shelves as will do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.base import clock
from hengcang.catalog.models import Item, ItemUnit
from hengcang.core.allocation import Supply, keep, take_own_first
from hengcang.core.amounts import to_decimal
from hengcang.core.errors import FieldInvalid, OutsideScope
from hengcang.core.pricing import to_millionths
from hengcang.ledger import promises, reservations, traces
from hengcang.ledger.reports import StockFilter
from hengcang.meta import refs, values
from hengcang.meta.declarations import DocumentType, Field, Kind
from hengcang.meta.values import Parsed, Where, plain
from hengcang.places.houses import houses_of
from hengcang.records.models import GoodsLine

ONE = Decimal(1)
ZERO = Decimal(0)
MOST_LINES = 500
NOTHING = reservations.Held(0, 0, 0, 0, 0, 0)

SUGGESTED = (
    Field(name="item", label="商品", kind=Kind.REF, ref="items", required=True),
    Field(name="unit", label="单位", kind=Kind.UNIT),
    Field(name="quantity", label="数量", kind=Kind.QUANTITY, required=True, minimum=ZERO),
    Field(name="source_place", label="仓库", kind=Kind.REF, ref="places", required=True),
    Field(name="lot", label="批次", kind=Kind.REF, ref="lots"),
    Field(name="line", label="本行", kind=Kind.INTEGER, minimum=ZERO, maximum=Decimal(2**63 - 1)),
)
DAY = Field(name="document_date", label="单据日期", kind=Kind.DATE, default="@today")


def suggest(viewer: Viewer, declaration: DocumentType, raw: Mapping[str, Any]) -> dict[str, Any]:
    """自动分配批次与库位 Lots and bins for outward lines: what expires first first, then what came first; nothing expired by that day.

    `{document_date, lines: [{item, unit?, quantity, source_place, lot?, line?}]}` → `{lines: [{unit, lots: [{lot, place, quantity}],
    missing}]}`; lines share what there is in their order. A line that names a warehouse is shared over its bins, and what is not
    put away last; one that names a bin, or a lot, takes from that. `lot` is null where the item has none, `place` where it is the
    line's own. What order lines hold back of a lot is left to them; a line that comes from one (`line` is its id in the saved
    draft) takes its own first. `unit` is null where the quantities are in the line's own unit; where they are in the base unit
    instead, it is that one, with its `factor` and that of the unit it replaces (`factor_before`).
    Eleven statements at most, five where there are no bins and nothing is held back by lot. Raises PermissionRefused, InvalidDocument.
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

    What is held back beyond its day is free for everybody. A shelf that is asked for by itself and as part of its warehouse is
    one supply.
    """
    houses = houses_of({place for _, place in keys})
    rows = traces.on_shelves(sorted(keys | {(item, houses[place]) for item, place in keys if place in houses}))
    held_back = {one.item for one in rows if one.lot and one.reserved}
    over = promises.expired(reservations.reserving_types(), StockFilter(items=held_back), clock.today()) if held_back else {}
    shelves: dict[tuple[int, int, int], Supply] = {}
    found: Supplies = {}
    for (item, place, lot), group in groupby(rows, attrgetter("item", "place", "lot")):
        own = list(group)
        if own[0].expires is not None and own[0].expires < day:
            continue
        supply = [
            shelves.setdefault((item, one.shelf, lot), Supply(lot, one.number, one.expires, one.on_hand, shelf=one.shelf))
            for one in own
            if one.on_hand > 0
        ]
        keep(supply, sum((one.reserved for one in own), ZERO) - to_decimal(over.get((item, place, lot), 0)) if lot else ZERO)
        found.setdefault((item, place), []).extend(supply)
    for several in found.values():
        several.sort(key=lambda one: (one.expires or date.max, one.lot))
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
    """Each line over lots and shelves: in its own unit where every part has no more decimals than the unit, else in the base unit."""
    items = {line.values["item"] for line in parsed}
    columns = ("item", "unit", "factor", "unit__decimals")
    units = {(item, unit): known for item, unit, *known in ItemUnit.objects.filter(item__in=items).values_list(*columns)}
    names = ("pk", "tracking", "base_unit", "base_unit__name")
    base = {pk: (tracking, unit, name) for pk, tracking, unit, name in Item.objects.filter(pk__in=items).values_list(*names)}
    answer: list[dict[str, Any]] = []
    named: list[dict[str, Any]] = []
    left: dict[int, Decimal] = {}
    for line in parsed:
        item, unit, lot = line.values["item"], line.values.get("unit"), line.values.get("lot")
        tracking, base_unit, base_name = base[item]
        factor, decimals = units.get((item, unit), (ONE, 6))
        wanted = to_millionths(line.values["quantity"] * factor)
        place, held = line.values["source_place"], own.get(line.values.get("line") or 0)
        mine = held if held is not None and (held.item, held.place) == (item, place) else NOTHING
        quantity = left.setdefault(mine.line, to_decimal(mine.quantity))
        fits = [one for one in supply.get((item, place), []) if bool(one.lot) == (tracking == "lot") and lot in (None, one.lot)]
        taken, missing = take_own_first(wanted, quantity, mine.lot, fits)
        left[mine.line] -= min(quantity, sum((part for one, part in taken if one.lot == mine.lot), ZERO))
        parts = [*(part for _, part in taken), missing]
        kept = len([part for part in parts if part]) <= 1 or all(whole(part, factor, decimals) for part in parts)
        by = factor if kept else ONE
        lots = [part_json(one, place, plain(to_millionths(part / by))) for one, part in taken]
        named += lots
        unit_shown = None if kept else unit_json(base_unit, base_name, factor)
        answer.append({"unit": unit_shown, "lots": lots, "missing": plain(to_millionths(missing / by))})
    name_shelves(named)
    return answer


def part_json(one: Supply, place: int, quantity: str) -> dict[str, Any]:
    """A part of a line that names a place."""
    return {"lot": lot_json(one), "place": one.shelf if one.shelf != place else None, "quantity": quantity}


def name_shelves(parts: Sequence[dict[str, Any]]) -> None:
    """Bins as references: one statement, none where every part is at its line's own place."""
    labels = refs.labels("places", {part["place"] for part in parts if part["place"] is not None})
    for part in parts:
        part["place"] = labels.get(part["place"])


def whole(quantity: Decimal, factor: Decimal, decimals: int) -> bool:
    """整数份 Whether a quantity in base units is one of a unit, to its decimals."""
    return round(quantity / factor, decimals) * factor == quantity


def unit_json(unit: int, name: str, replaced: Decimal) -> dict[str, Any]:
    """The base unit as a reference, with the factors by which prices go over to it."""
    return {"id": unit, "label": name, "factor": "1", "factor_before": plain(replaced)}


def lot_json(one: Supply) -> dict[str, Any] | None:
    """A lot as a reference."""
    if not one.lot:
        return None
    return {"id": one.lot, "code": one.number, "label": one.number, "expiry_date": one.expires.isoformat() if one.expires else None}
