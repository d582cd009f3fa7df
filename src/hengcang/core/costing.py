"""存货计价 Costing: the net value of every move, as one replay of the live moves gives it.

The problem: documents arrive late, prices and charges change after the goods have left, stock may go negative, and
four methods (移动加权平均, 先进先出, 个别计价, 全月一次加权平均) must give a cost that is right at commit and
reconstructible for ever (《企业会计准则第1号——存货》). The chosen way is one law: a move's net value equals a fresh
replay of the live moves in order of (date, sequence). `value_moves` replays a *window*: some pools, each from a
point where it holds stock and owes nothing. It gives every net value in the window, or says which further pools
must be loaded because a value changed there (`Needs`); the caller appends the differences.

`costing_types` has the words, `costing_pools` the arithmetic of a pool, `costing_replay` the order of things,
`costing_descent` the one question that needs a search, `costing_months` the months valued as a whole.
"""

from __future__ import annotations

from hengcang.core.costing_descent import Descent
from hengcang.core.costing_pools import FifoPool
from hengcang.core.costing_replay import Pass, after_first_taker, outside, position_of
from hengcang.core.costing_types import (
    Books,
    Layer,
    LayerIn,
    Method,
    Move,
    Named,
    Needs,
    Piece,
    PoolState,
    Position,
    Rule,
    Use,
    Valuation,
)

__all__ = [
    "Books",
    "Layer",
    "LayerIn",
    "Method",
    "Move",
    "Named",
    "Needs",
    "Piece",
    "PoolState",
    "Position",
    "Rule",
    "Use",
    "Valuation",
    "value_moves",
]


def value_moves(books: Books) -> Valuation | Needs:
    """计价 Values every move of the window, or tells which pools must be loaded too.

    The answer is the same for every window that holds what changed: a larger one gives the same values.
    """
    descent = Descent(books, {})
    done = settle(books, descent)
    needs = {**done.needs}
    for pool, position in descent.needs.items():
        needs[pool] = min(needs.get(pool, position), position)
    after_first_taker(books, needs)
    changed_outside(books, done, needs)
    if needs:
        return Needs(needs)
    return valuation(books, done)


def settle(books: Books, descent: Descent) -> Pass:
    """Passes over the moves until the adjustments of two passes agree."""
    known: dict[int, int] = {}
    for _ in range(len(books.moves) + 2):
        done = Pass(books, descent, known)
        done.walk()
        if agrees(done, descent):
            return done
        known = done.adjustments
    raise AssertionError("the passes of a replay do not settle")


def agrees(done: Pass, descent: Descent) -> bool:
    """Whether no adjustment that something depends on differs from the last pass; sets the final values."""
    moved = {
        short: done.adjustments.get(short, 0) - done.known.get(short, 0)
        for short in done.adjustments.keys() | done.known.keys()
    }
    moved = {short: change for short, change in moved.items() if change}
    if any(descent.has_dependents(short) for short in moved):
        return False
    for short, change in moved.items():
        done.values[short] += change
    return True


def changed_outside(books: Books, done: Pass, needs: dict[int, Position]) -> None:
    """Asks for the pools outside the window to which a changed value leads."""
    for move in done.borders:
        if done.values[move.id] == move.net and not pieces_changed(books, done, move):
            continue
        for pool in (move.source_pool, move.target_pool):
            if pool is not None and outside(books, pool, position_of(move)):
                needs[pool] = min(needs.get(pool, position_of(move)), position_of(move))
    if not books.followers:
        return
    for move in books.moves:
        places = books.followers.get(move.id)
        if places and done.values[move.id] != move.net:
            for pool, position in places:
                if outside(books, pool, position):
                    needs[pool] = min(needs.get(pool, position), position)


def pieces_changed(books: Books, done: Pass, move: Move) -> bool:
    """Whether the layers that a move carries out of the window differ from the recorded ones (or none are known)."""
    carried = done.carried.get(move.id)
    if carried is None or move.source_pool is None or not isinstance(done.pools[move.source_pool], FifoPool):
        return False
    return tuple(carried) != books.pieces.get(move.id)


def valuation(books: Books, done: Pass) -> Valuation:
    """The answer, once nothing is missing."""
    variances = {move: amount for move, amount in done.variances.items() if amount}
    for move in books.moves:
        if move.variance and move.id not in variances:
            variances[move.id] = 0
    fifo = {key: pool for key, pool in done.pools.items() if isinstance(pool, FifoPool)}
    return Valuation(
        values=done.values,
        variances=variances,
        pools={key: pool.after() for key, pool in done.pools.items()},
        layers={key: pool.layers_in() for key, pool in fifo.items()},
        uses=[use for pool in fifo.values() for use in pool.uses],
        averages={},
    )
