"""可用量 Available quantity: what the book's formula makes of on hand, held back, coming and going.

What an order line holds back counts as held back; 待发 is what of unfinished orders is not held back, so that where the
formula takes both off nothing counts twice.
"""

from __future__ import annotations

from collections import defaultdict

from hengcang.base.book import book
from hengcang.core.stock import AvailableFormula
from hengcang.ledger.promises import Flow, OpenLine, open_lines
from hengcang.ledger.reports import StockFilter
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
            found.append(Flow(one.name, role, way.purpose, one.expected, target.inward, shown))
    return found


def lines(wanted: StockFilter) -> list[OpenLine]:
    """未交行 All open lines of orders at the wanted items and places."""
    return open_lines(flows(), wanted)


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


def by_item(found: OnWay) -> dict[int, tuple[int, int]]:
    """按商品 The same by item, over its places."""
    sums: dict[int, tuple[int, int]] = {}
    for (item, _), (incoming, outgoing) in found.items():
        before = sums.get(item, (0, 0))
        sums[item] = (before[0] + incoming, before[1] + outgoing)
    return sums
