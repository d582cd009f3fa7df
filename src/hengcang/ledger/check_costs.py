"""成本检查 The law of cost (I-51): every net value against a fresh replay of all live moves from the beginning.

The moves are read once, in order of item and valuation, and valued item by item; items whose moves share a cost group
(assemblies) are valued together. Nothing that was recorded goes into the replay but quantities, dates and symbolic
values. What the replay gives is compared with net values, variances, pools, layers and their uses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.base.book import load_book
from hengcang.core.costing import Books, Method, Move, Needs, PoolState, Valuation, unnamed, value_moves
from hengcang.ledger.check_words import Check, Found, shown

NET_SQL = """
SELECT m.item_id, m.value+COALESCE(c.value,0), COALESCE(c.variance,0),
  m.id, m.day, m.sequence, m.quantity+COALESCE(c.quantity,0), m.source_pool_id, m.target_pool_id, m.rule, m.given+COALESCE(c.given,0),
  m.fallback, m.named_id, m.cost_group, m.part, m.whole, NULL, 0, m.reference
FROM ledger_stockmove m LEFT JOIN (
  SELECT corrects_id, CAST(SUM(CASE WHEN entry_kind='variance' THEN 0 ELSE quantity END) AS bigint) AS quantity,
    CAST(SUM(CASE WHEN entry_kind='variance' THEN 0 ELSE value END) AS bigint) AS value,
    CAST(SUM(CASE WHEN entry_kind='variance' THEN value ELSE 0 END) AS bigint) AS variance, CAST(SUM(given) AS bigint) AS given,
    SUM(CASE WHEN entry_kind='reversal' THEN 1 ELSE 0 END) AS reversals
  FROM ledger_stockmove WHERE corrects_id IS NOT NULL GROUP BY corrects_id
) c ON c.corrects_id=m.id
WHERE m.corrects_id IS NULL AND COALESCE(c.reversals,0)=0 ORDER BY m.item_id, m.day, m.sequence, m.id
"""
POOL_SQL = """
SELECT p.id, p.item_id, p.method, p.quantity, p.value, i.code
FROM ledger_costpool p JOIN catalog_item i ON i.id=p.item_id
"""
GROUPED_SQL = """
SELECT cost_group, item_id FROM ledger_stockmove WHERE cost_group IS NOT NULL GROUP BY cost_group, item_id ORDER BY cost_group
"""
LAYERS_SQL = """
SELECT pool_id, move_id, position, quantity_in, value_in, quantity_left, value_left, age FROM ledger_costlayer WHERE pool_id IN ({})
"""
USES_SQL = """
SELECT l.pool_id, l.move_id, l.position, u.move_id, u.quantity, u.value
FROM ledger_layeruse u JOIN ledger_costlayer l ON l.id=u.layer_id WHERE l.pool_id IN ({})
"""
Recorded = tuple[int, int]


class Bundle:
    """一组商品 Items that must be valued together: their moves so far, and how many of the items are still to come."""

    def __init__(self, items: set[int]) -> None:
        self.waiting = set(items)
        self.moves: list[Move] = []
        self.recorded: dict[int, Recorded] = {}

    def add(self, rows: Iterable[tuple[Any, ...]], item: int) -> bool:
        """Take the moves of one item; tells whether all items are there."""
        for row in rows:
            self.recorded[row[3]] = (row[1], row[2])
            self.moves.append(Move._make(row[3:]))
        self.waiting.discard(item)
        return not self.waiting


def bundles() -> Iterator[Bundle]:
    """The live moves of the whole book, bundle by bundle."""
    together = joined_items()
    open_bundles: dict[int, Bundle] = {}
    for item, rows in by_item(bulk.stream(NET_SQL)):
        items = together.get(item)
        if items is None:
            alone = Bundle({item})
            alone.add(rows, item)
            yield alone
            continue
        bundle = open_bundles.setdefault(id(items), Bundle(items))
        if bundle.add(rows, item):
            bundle.moves.sort(key=lambda move: (move.day, move.sequence, move.id))
            yield bundle
    for bundle in open_bundles.values():
        if bundle.waiting:
            bundle.moves.sort(key=lambda move: (move.day, move.sequence, move.id))
            yield bundle


def by_item(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """Runs of rows of one item."""
    item: int | None = None
    run: list[tuple[Any, ...]] = []
    for row in rows:
        if row[0] != item:
            if item is not None:
                yield item, run
            item, run = row[0], []
        run.append(row)
    if item is not None:
        yield item, run


def joined_items() -> dict[int, set[int]]:
    """The items that cost groups join, each with the whole set it is in."""
    together: dict[int, set[int]] = {}
    last: tuple[int, int] | None = None
    for group, item in bulk.stream(GROUPED_SQL):
        mine = together.setdefault(item, {item})
        if last is not None and last[0] == group and together[last[1]] is not mine:
            mine |= together[last[1]]
            for other in mine:
                together[other] = mine
        last = (group, item)
    return together


def law_of_cost() -> Iterator[Found]:
    """I-51, I-46 (layers): what differs between the book and its replay."""
    pools = {row[0]: row for row in bulk.stream(POOL_SQL)}
    run = load_book().averaged_through
    averages: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for pool, *month in bulk.stream(AVERAGES_SQL):
        averages[pool].append(tuple(month))
    kept = Kept(pools, averages, None if run is None else run.toordinal())
    for bundle in bundles():
        yield from differences(bundle, kept)


class Kept(NamedTuple):
    """账上所记 What the book keeps beside its moves: pools, the averages of months that were run, and how far they were."""

    pools: dict[int, tuple[Any, ...]]
    averages: dict[int, list[tuple[int, ...]]]
    run_through: int | None


def differences(bundle: Bundle, kept: Kept) -> Iterator[Found]:
    """What differs in one bundle."""
    pools = kept.pools
    used = {pool for move in bundle.moves for pool in (move.source_pool, move.target_pool) if pool is not None}
    states = {pool: PoolState(pools[pool][2]) for pool in used}
    moves = unnamed(bundle.moves, {move.id: move.quantity for move in bundle.moves})
    answer = value_moves(Books(states, dict.fromkeys(used, (0, 0, 0)), moves, run_through=kept.run_through))
    code = pools[next(iter(used))][5] if used else ""
    if isinstance(answer, Needs):
        yield {"item": code, "what": "the replay of all moves asks for more", "pools": sorted(answer.pools)}
        return
    for move, (value, variance) in bundle.recorded.items():
        if answer.values[move] != value:
            yield row(code, "value", answer.values[move], value, move=move)
        if answer.variances.get(move, 0) != variance:
            yield row(code, "variance", answer.variances.get(move, 0), variance, move=move)
    for pool in used:
        state = answer.pools[pool]
        if (state.quantity, state.value) != pools[pool][3:5]:
            yield row(code, "pool value", state.value, pools[pool][4], pool=pool)
    for pool in used:
        replayed, recorded = answer.averages.get(pool, []), kept.averages.get(pool, [])
        if replayed != recorded:
            yield {"item": code, "what": "averages of months", "pool": pool, "only": {"replay": replayed, "book": recorded}}
    yield from layer_differences(answer, {pool for pool in used if pools[pool][2] == Method.FIFO}, code)


AVERAGES_SQL = "SELECT pool_id, last_day, quantity, value FROM ledger_poolaverage ORDER BY pool_id, last_day"


def row(item: str, what: str, replayed: int, recorded: int, **where: int) -> Found:
    """One difference for a person."""
    return {"item": item, "what": what, **where, "replayed": shown("value", replayed), "recorded": shown("value", recorded)}


def layer_differences(answer: Valuation, pools: set[int], code: str) -> Iterator[Found]:
    """Layers and their uses that differ from the replay's."""
    if not pools:
        return
    marks, ids = bulk.placeholders(list(pools)), sorted(pools)
    layers = {(pool, *layer) for pool in pools for layer in answer.layers.get(pool, ())}
    for one in layers.symmetric_difference(bulk.fetch(LAYERS_SQL.format(marks), ids)):
        yield {"item": code, "what": "layer", "only": "replay" if one in layers else "book", "row": one}
    for key in changed(summed(answer.uses), summed(bulk.fetch(USES_SQL.format(marks), ids))):
        yield {"item": code, "what": "layer use", "row": key}


Uses = dict[tuple[Any, ...], tuple[int, int]]


def summed(uses: Iterable[tuple[Any, ...]]) -> Uses:
    """Uses by (pool, layer, move): quantity and value."""
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for pool, move, position, taker, quantity, value in uses:
        total = sums[pool, move, position, taker]
        total[0] += quantity
        total[1] += value
    return {key: (total[0], total[1]) for key, total in sums.items()}


def changed(one: Uses, other: Uses) -> Iterator[tuple[Any, ...]]:
    """What differs between two sets of sums."""
    for key in one.keys() | other.keys():
        if one.get(key) != other.get(key):
            yield (*key, one.get(key), other.get(key))


CHECKS = (Check("I-51", "移动净值与从头重算不符", law_of_cost),)
