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

from collections.abc import Mapping, Sequence

from hengcang.core.costing_descent import Descent, position_of
from hengcang.core.costing_months import Sheets, build_sheets
from hengcang.core.costing_pools import FifoPool
from hengcang.core.costing_replay import Found, Pass, after_first_taker, outside
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
    Tangle,
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
    "Tangle",
    "Use",
    "Valuation",
    "unnamed",
    "value_moves",
]


def value_moves(books: Books) -> Valuation | Needs:
    """计价 Values every move of the window, or tells which pools must be loaded too.

    The answer is the same for every window that holds what changed: a larger one gives the same values.
    """
    descent = Descent(books)
    sheets = build_sheets(books, descent)
    done = settle(books, descent, sheets)
    needs = {**done.needs}
    for pool, position in descent.needs.items():
        needs[pool] = min(needs.get(pool, position), position)
    if needs:
        return Needs(needs)
    after_first_taker(books, needs)
    changed_outside(books, done, needs)
    if needs:
        return Needs(needs)
    return valuation(books, done, descent)


def unnamed(moves: Sequence[Move], quantities: Mapping[int, int]) -> list[Move]:
    """源单成本已无 The moves, those that name what was taken out (or moves nothing) at the pool's cost: no named cost is left.

    `quantities` are those of the named moves that live. Only a return that was itself taken back can be left so.
    """
    return [
        move
        if move.named is None or quantities.get(move.named) or move.rule == Rule.ADJUST
        else move._replace(rule=Rule.AT_COST.value, named=None)
        for move in moves
    ]


def settle(books: Books, descent: Descent, sheets: Sheets) -> Pass:
    """Passes over the moves until two of them find the same."""
    known = Found({}, {})
    for _ in range(len(books.moves) + 3):
        done = Pass(books, descent, sheets, known)
        done.walk()
        if agrees(done, descent):
            return done
        known = done.found
    raise AssertionError("the passes of a replay do not settle")


def agrees(done: Pass, descent: Descent) -> bool:
    """Whether nothing on which something depends differs from the last pass; if so, sets the final values.

    An adjustment of goods that were sold and are named by nobody needs no further pass: it is simply added.
    """
    if done.found.noted:
        expected = {move.id: move.given for move in done.books.moves if move.id in done.found.noted}
        expected.update(done.known.noted)
        if any(expected[move] != cost for move, cost in done.found.noted.items()):
            return False
    found, known = done.found.adjustments, done.known.adjustments
    changes = {short: found.get(short, 0) - known.get(short, 0) for short in found.keys() | known.keys()}
    changes = {short: change for short, change in changes.items() if change}
    if any(descent.has_dependents(short) for short in changes):
        return False
    for short, change in changes.items():
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


def valuation(books: Books, done: Pass, descent: Descent) -> Valuation:
    """The answer, once nothing is missing."""
    states = {key: pool.after() for key, pool in done.pools.items()}
    variances = {move: amount for move, amount in done.variances.items() if amount}
    for move in books.moves:
        if move.variance and move.id not in variances:
            pool = move.target_pool if move.quantity > 0 else move.source_pool
            arrives_here = pool is not None and not outside(books, pool, position_of(move))
            variances[move.id] = 0 if arrives_here else move.variance
    fifo = {key: pool for key, pool in done.pools.items() if isinstance(pool, FifoPool)}
    return Valuation(
        values=done.values,
        variances=variances,
        pools=states,
        layers={key: pool.layers_in() for key, pool in fifo.items()},
        uses=[use for pool in fifo.values() for use in pool.uses],
        averages={key: pool.averages for key, pool in done.monthly.items()},
        tangles=descent.tangles,
    )
