"""可用量 Available quantity: what the book's formula makes of on hand, held back, coming and going.

What an order line holds back counts as held back until its day has passed (占用到期日);
待发 is what of unfinished orders is not held back, so that where the
formula takes both off nothing counts twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from hengcang.base import clock
from hengcang.base.book import book
from hengcang.core.stock import AvailableFormula
from hengcang.ledger.promises import Flow, OpenLine, expired, open_lines
from hengcang.ledger.reports import StockFilter
from hengcang.ledger.reservations import reserving_types
from hengcang.meta import registry

OnWay = dict[tuple[int, int], tuple[int, int]]


def formula() -> AvailableFormula:
    """可用量公式 That of the book."""
    now = book()
    return AvailableFormula(now.available_less_reserved, now.available_plus_incoming, now.available_less_outgoing)


def flows() -> list[Flow]:
    """订单流向 Every table of an order's lines that becomes goods that come in or go out."""
    found = []
    for one in registry.documents().values():
        if not one.expected:
            continue
        for way in one.conversions:
            target = registry.document(way.target)
            if way.money or not (target.inward or target.outward):
                continue
            role = way.role or one.main_role
            shown = way.purpose == one.progress_purpose and role == one.main_role
            found.append(Flow(one.name, role, way.purpose, one.expected, target.inward, shown, one.reserves))
    return found


def lines(wanted: StockFilter) -> list[OpenLine]:
    """未交行 All open lines of orders at the wanted items and places."""
    return open_lines(flows(), wanted, clock.today())


def on_way(wanted: StockFilter) -> OnWay:
    """待入与待发 (coming, going and not held back) by item and place; nothing is read where the formula does not ask."""
    rule = formula()
    if not (rule.plus_incoming or rule.less_outgoing):
        return {}
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for one in lines(wanted):
        taken = one.open if one.inward or not rule.less_reserved else one.open - one.held
        sums[one.item, one.place][0 if one.inward else 1] += taken
    return {key: (incoming, outgoing) for key, (incoming, outgoing) in sums.items()}


def no_longer_held(wanted: StockFilter) -> dict[tuple[int, int, int], int]:
    """到期占用 What is held back beyond its day and does not count, by item, place and lot (0: any); nothing is read where the
    formula does not ask."""
    return expired(reserving_types(), wanted, clock.today()) if formula().less_reserved else {}


def added_up(found: Mapping[tuple[int, int, int], int], by: str) -> Mapping[tuple[int, int, int], int]:
    """汇总 Quantities by item, place and lot added up as rows `by` item, place, bin or lot are keyed: 0 for what these leave out."""
    if by == "lot":
        return found
    sums: dict[tuple[int, int, int], int] = defaultdict(int)
    for (item, place, _), quantity in found.items():
        sums[item, place if by in ("place", "bin") else 0, 0] += quantity
    return sums


def by_item(found: OnWay) -> dict[int, tuple[int, int]]:
    """按商品 The same by item, over its places."""
    sums: dict[int, tuple[int, int]] = {}
    for (item, _), (incoming, outgoing) in found.items():
        before = sums.get(item, (0, 0))
        sums[item] = (before[0] + incoming, before[1] + outgoing)
    return sums
