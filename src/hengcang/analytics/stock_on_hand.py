"""库存查询 Stock on hand: 现存量, 占用, 可用, 金额, by item, warehouse or lot, now or at a past day.

The value of a place inside a wider pool is an apportionment by quantity, marked 参考; the remainder goes to the last
of the largest, so the parts add up to the pool.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import availability, items, report
from hengcang.analytics.cost_card import KNOWN_PARAMETER, moment_of
from hengcang.analytics.report import Report
from hengcang.base import clock
from hengcang.base.book import book
from hengcang.core.amounts import SCALE, half_up, split, to_text
from hengcang.core.stock import available
from hengcang.ledger import knowledge, second_reports
from hengcang.ledger import reports as books
from hengcang.meta.declarations import BINS, VARIANTS, Choice, Field, Kind, Mask, ReportType
from hengcang.meta.english import said
from hengcang.places.houses import houses_of

BY = (
    Choice("item", "商品"),
    Choice("place", "商品 + 仓库"),
    Choice("bin", "商品 + 库位", feature=BINS),
    Choice("lot", "商品 + 仓库 + 批次"),
    Choice("family", "款", feature=VARIANTS),
)
LOT_COLUMNS = ("lot", "expiry_date", "attributes")
NO_LOT: dict[str, Any] = {"lot_id": None, **dict.fromkeys(LOT_COLUMNS)}
UNUSED = {"item": ("place_name", *LOT_COLUMNS), "family": ("place_name", *LOT_COLUMNS), "lot": ()}
"""不列的列 Columns that rows of a kind have none of; of warehouses and bins the lot's."""


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """The rows, most recent state or that of a past day."""
    wished = parameters.get("by") or "place"
    by = "item" if wished == "family" else wished
    day: date | None = parameters.get("day")
    known = parameters.get("known_at")
    past = day if day is not None and day < clock.today() else clock.today() if known is not None else None
    wanted = items.stock_filter(viewer, parameters)
    rows = books.on_hand_rows(wanted, by) if past is None else books.on_hand_rows_at(wanted, by, past)
    since = None if known is None or past is None else knowledge.Known(past, moment_of(known))
    if since is not None:
        rows = as_known(rows, since, wanted, by)
    values = value_of_rows(rows, by, past, since, partial=wanted.places is not None)
    free = available_of_rows(rows, by, wanted) if past is None else [row[3] for row in rows]
    totals = {
        "quantity": to_text(sum(row[3] for row in rows)),
        "reserved": to_text(sum(row[4] for row in rows)),
        "available": to_text(sum(free)),
        "value": to_text(sum(values)),
    }
    valued = [(*row, amount, left) for row, amount, left in zip(rows, values, free, strict=True)]
    if wished == "family":
        valued = by_family(valued)
    truncated = limit is not None and len(valued) > limit
    beside = second_reports.second_on_hand(wanted, by, past) if book().second_units and known is None and wished != "family" else {}
    unused = UNUSED.get(wished, LOT_COLUMNS)
    return Report(report.shown(valued, limit, partial(show, seconds=beside)), totals, note(), truncated, unused)


def by_family(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """按款汇总 Rows of items with those of one family added up, under minus its id; an item of none stands alone."""
    families = items.family_of({row[0] for row in rows})
    found: dict[int, tuple[Any, ...]] = {}
    for row in rows:
        key = -families[row[0]] if row[0] in families else row[0]
        held = found.get(key, (key, 0, 0, 0, 0, 0, 0))
        found[key] = (key, 0, 0, *(mine + more for mine, more in zip(held[3:], row[3:], strict=True)))
    return list(found.values())


def available_of_rows(rows: Sequence[tuple[Any, ...]], by: str, wanted: books.StockFilter) -> list[int]:
    """可用量 Of each row, by the book's formula. By bin or lot nothing that comes or goes counts: most orders are not for these."""
    rule, over = availability.formula(), availability.no_longer_held(wanted)
    way = {} if by in ("bin", "lot") else availability.on_way(wanted)
    overs = availability.added_up(over, by)
    ways: Mapping[Any, tuple[int, int]] = availability.by_item(way) if by == "item" else way
    found = []
    for row in rows:
        key = row[0] if by == "item" else row[:2]
        held = row[4] - overs.get(row[:3], 0)
        found.append(available(row[3], held, *ways.get(key, (0, 0)), formula=rule))
    return found


def as_known(rows: Sequence[tuple[Any, ...]], known: knowledge.Known, wanted: books.StockFilter, by: str) -> list[tuple[Any, ...]]:
    """当时所知 The rows of a day less what was posted since a moment; what was there then and is not now comes in."""
    held = {row[:3]: row[3] for row in rows}
    since = knowledge.places_since(known, wanted)
    houses = houses_of({place for _, place, _ in since}) if by == "place" else {}
    for (item, place, lot), quantity in since.items():
        key = (item, houses.get(place, place) if by != "item" else 0, lot if by == "lot" else 0)
        held[key] = held.get(key, 0) - quantity
    codes = items.item_columns({key[0] for key in held})
    ordered = sorted(held, key=lambda key: (codes[key[0]]["item_code"], *key[1:]))
    return [(*key, held[key], 0) for key in ordered if held[key]]


def note() -> str:
    """Where values come from, and what the book counts as available."""
    rule = availability.formula()
    zh = "现存量" + "－占用" * rule.less_reserved + "＋待入" * rule.plus_incoming + "－待发" * rule.less_outgoing
    en = "on hand" + " − reserved" * rule.less_reserved + " + incoming" * rule.plus_incoming + " − outgoing" * rule.less_outgoing
    return said(
        f"金额按成本池数量分摊，供参考。可用量＝{zh}。",
        f"Values are shares of the cost pools by quantity, for reference. Available = {en}.",
    )


def show(rows: Sequence[tuple[Any, ...]], seconds: Mapping[tuple[int, int, int], int]) -> list[dict[str, Any]]:
    """Rows (item, place, lot, quantity, reserved, value, available) with their names, for the wire; `seconds` by their keys."""
    names = items.item_columns({row[0] for row in rows if row[0] > 0})
    names |= {-pk: own for pk, own in items.family_columns({-row[0] for row in rows if row[0] < 0}).items()}
    places = items.place_names({row[1] for row in rows})
    lots = items.lot_columns({row[2] for row in rows})
    everywhere = said("全部", "All")
    found = []
    for item, place, lot, quantity, reserved, amount, left in rows:
        found.append(
            {
                **names[item],
                "place": place or None,
                "place_name": places.get(place, everywhere),
                **(lots[lot] if lot else NO_LOT),
                "quantity": to_text(quantity),
                **({"second_quantity": to_text(seconds[item, place, lot])} if (item, place, lot) in seconds else {}),
                "reserved": to_text(reserved) if reserved else "0",
                "available": to_text(left),
                "value": to_text(amount),
                "unit_cost": to_text(half_up(amount * SCALE, quantity)) if quantity > 0 else None,
            }
        )
    return found


def value_of_rows(
    rows: Sequence[tuple[Any, ...]], by: str, day: date | None, known: knowledge.Known | None = None, *, partial: bool
) -> list[int]:
    """The value of each row, an item's rows together: of its own pool where it has one, else its share of the wider pool."""
    pools: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    wanted = {row[0] for row in rows}
    for pool in books.pool_rows(wanted, day) if known is None else knowledge.pool_rows(known, wanted):
        pools[pool[0]].append(pool)
    kept_apart = any(pool[1] for own in pools.values() for pool in own)
    homes = items.warehouses({row[1] for row in rows}) if kept_apart else {}
    values: list[int] = []
    for item, group in groupby(rows, itemgetter(0)):
        own = pools[item]
        if len(own) == 1 and own[0][1:3] == (0, 0):
            values += shares(own, [row[3] for row in group], partial=partial)
        else:
            values += values_of_item([(row[0], homes.get(row[1], row[1]), *row[2:]) for row in group], own, by, partial=partial)
    return values


def values_of_item(rows: Sequence[tuple[Any, ...]], pools: Sequence[tuple[Any, ...]], by: str, *, partial: bool) -> list[int]:
    """The value of each row of one item that has several pools; a row's place is here the warehouse that it is in."""
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        groups[pool_of(row, pools, by)].append(at)
    values = [0] * len(rows)
    for (place, lot), members in groups.items():
        matching = [pool for pool in pools if (not place or pool[1] == place) and (not lot or pool[2] == lot)]
        for at, part in zip(members, shares(matching, [rows[at][3] for at in members], partial=partial), strict=True):
            values[at] = part
    return values


def shares(pools: Sequence[tuple[Any, ...]], weights: list[int], *, partial: bool) -> list[int]:
    """The value of some pools over quantities in them; where only a part of the places is shown, the rest bears its own."""
    quantity, value = sum(pool[3] for pool in pools), sum(pool[4] for pool in pools)
    missing = quantity - sum(weights) if partial else 0
    return split(value, [*weights, missing])[:-1] if missing else split(value, weights)


def pool_of(row: tuple[Any, ...], pools: Sequence[tuple[Any, ...]], by: str) -> tuple[int, int]:
    """Which of its item's pools a row belongs to, as (place, lot); (0, 0) is all of them."""
    _, place, lot = row[:3]
    if by == "lot" and any(pool[2] == lot and lot for pool in pools):
        return (0, lot)
    if by != "item" and any(pool[1] == place and place for pool in pools):
        return (place, 0)
    return (0, 0)


CARD = {"report": "stock_card", "parameters": {"item": "item", "place": "place"}}
STOCK_ON_HAND = ReportType(
    name="stock_on_hand",
    label="库存查询",
    menu="inventory",
    parameters=(
        Field(name="by", label="汇总方式", kind=Kind.CHOICE, choices=BY, default="place", width=160),
        report.SEARCH_PARAMETER,
        report.SHELF_PARAMETER,
        report.CATEGORY_PARAMETER,
        report.ITEM_PARAMETER,
        *report.FAMILY_PARAMETERS,
        report.DAY_PARAMETER,
        KNOWN_PARAMETER,
    ),
    columns=(
        report.ITEM_CODE,
        report.ITEM_NAME,
        report.ITEM_SPEC,
        *report.VARIANT_COLUMNS,
        report.UNIT_NAME,
        Field(name="place_name", label="仓库", width=120),
        Field(name="lot", label="批次", width=120, drill={"report": "lot_trace", "parameters": {"lot": "lot_id"}}),
        Field(name="expiry_date", label="有效期至", kind=Kind.DATE, width=110),
        Field(name="attributes", label="批次属性", width=140),
        report.quantity("quantity", "现存量", drill=CARD),
        report.second("second_quantity", "辅助数量"),
        report.SECOND_UNIT,
        report.quantity("reserved", "占用"),
        report.quantity("available", "可用量"),
        report.value("value", "金额（参考）"),
        Field(name="unit_cost", label="单位成本", kind=Kind.PRICE, scale=4, mask=Mask.COST, width=110),
    ),
    run=run,
)
