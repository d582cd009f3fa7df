"""对账 Agreement of a store with the oracle, and what must hold in any case."""

from __future__ import annotations

from collections import defaultdict

from hengcang.core.amounts import CENT
from hengcang.core.costing import Method
from tests.core.memory_store import MemoryStore
from tests.core.oracle import MICRO, Oracle


def oracle_of(store: MemoryStore) -> Oracle:
    return Oracle(list(store.moves.values()), store.methods, store.run_through)


def check(store: MemoryStore) -> None:
    """The store's figures are those of a fresh replay by the oracle, to the cent, at every date."""
    oracle = oracle_of(store)
    assert {one: move.net for one, move in store.moves.items()} == {one: net * MICRO for one, net in oracle.net.items()}
    variances = {one: move.variance for one, move in store.moves.items() if move.variance}
    assert variances == {one: amount * MICRO for one, amount in oracle.variance.items() if amount}
    for pool, book in oracle.books.items():
        state = store.pools[pool]
        assert state.quantity == book.quantity * MICRO
        assert state.value == book.value * MICRO
        assert state.value % CENT == 0
        layers = [(layer.move, layer.quantity, layer.value, layer.age) for layer in state.layers]
        assert layers == [(move, q * MICRO, v * MICRO, age) for move, q, v, age in book.layers]
    check_prefixes(store)
    check_layers(store)
    check_conservation(store)


def check_prefixes(store: MemoryStore) -> None:
    """The appended rows add up to the live moves; at every position an empty pool is worth nothing, and signs agree."""
    rows: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for one, day, amount, variance in store.rows:
        rows[one, day][0] += amount
        rows[one, day][1] += variance
    live = {(one, move.day): [move.net or 0, move.variance] for one, move in store.moves.items()}
    assert {key: sums for key, sums in rows.items() if any(sums)} == {key: s for key, s in live.items() if any(s)}
    for pool, method in store.methods.items():
        quantity = value = 0
        for (day, _, _), moved, worth, _ in store.legs(store.moves, pool):
            quantity += moved
            value += worth
            whole_month = method == Method.MONTHLY and store.run_through is not None and day <= store.run_through
            assert whole_month or (value == 0 if quantity == 0 else value * quantity >= 0)
        assert (quantity, value) == (store.pools[pool].quantity, store.pools[pool].value)
        assert quantity != 0 or value == 0


def check_layers(store: MemoryStore) -> None:
    """Layers and uses balance in quantity and in value."""
    used: dict[tuple[int, int, int], list[int]] = defaultdict(lambda: [0, 0])
    taken: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for use in store.uses:
        for sums in (used[use.pool, use.layer_move, use.layer_index], taken[use.pool, use.move]):
            sums[0] += use.quantity
            sums[1] += use.value
    assert set(used) <= set(store.layers)
    variance: dict[tuple[int, int], int] = defaultdict(int)
    for key, layer in store.layers.items():
        assert layer.quantity_in == layer.quantity_left + used[key][0]
        variance[key[0], key[1]] += layer.value_in - layer.value_left - used[key][1]
    for (pool, one), amount in variance.items():
        move = store.moves[one]
        assert amount == move.variance, (pool, move)
    for (pool, one), (quantity, value) in taken.items():
        move = store.moves[one]
        if quantity == move.quantity:
            assert value == (move.net if move.source_pool == pool else -(move.net or 0)), (pool, move)


def check_conservation(store: MemoryStore) -> None:
    """What pools hold is what came from outside, less what went outside, less the variances; groups balance."""
    came = sum(move.net or 0 for move in store.moves.values() if move.source_pool is None)
    went = sum(move.net or 0 for move in store.moves.values() if move.target_pool is None)
    variances = sum(move.variance for move in store.moves.values())
    assert sum(state.value for state in store.pools.values()) == came - went - variances
    groups: dict[int, int] = defaultdict(int)
    for move in store.moves.values():
        if move.group is not None and move.group > 0:
            groups[move.group] += (move.net or 0) - move.given if move.source_pool is None else -(move.net or 0)
    assert not any(groups.values())


def check_never_negative(store: MemoryStore) -> None:
    """Where negative stock is forbidden, no posting ever left a pool negative, at any position."""
    for pool in store.methods:
        running: dict[tuple[int, int], int] = defaultdict(int)
        for (day, sequence, _), moved, _, _ in store.legs(store.moves, pool):
            running[day, sequence] += moved
        quantity = 0
        for position in sorted(running):
            quantity += running[position]
            assert quantity >= 0


def figures(store: MemoryStore) -> dict[str, object]:
    """All figures that a reader could see, dated: to tell whether two histories are the same."""
    live = {one: (move.day, move.quantity, move.net, move.variance) for one, move in store.moves.items()}
    layers = {key: layer for key, layer in store.layers.items() if layer.quantity_left}
    return {"moves": live, "pools": dict(store.pools), "layers": layers}
