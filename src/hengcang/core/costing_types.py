"""计价用语 Words of costing: the plain values that go into a replay and come out of it.

Every number is an integer in micro (see `amounts`); values are whole cents. A `Position` (day, sequence, id)
says where in the order of valuation something stands. Nothing here decides; `costing` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

Position = tuple[int, int, int]


class Method(StrEnum):
    """计价方法 Costing method: how a pool prices what leaves it."""

    MOVING_AVERAGE = "moving_average"
    FIFO = "fifo"
    SPECIFIC = "specific_cost"
    MONTHLY = "monthly_average"


class Rule(StrEnum):
    """取价规则 Value rule: where the value of a move comes from."""

    GIVEN = "given"
    AT_COST = "at_cost"
    COST_OF = "cost_of"
    SUM_OF = "sum_of"
    ADJUST = "adjust"


class Move(NamedTuple):
    """移动 One live move, as the valuation sees it.

    `quantity` > 0 flows from source to target; the move of a stock count may be negative (goods found) or zero. One by the
    rule ADJUST has no quantity and one pool: `given` (> 0), or what the adjustment it names comes to, is taken out of it
    or put into it, as far as it can bear that. A pool of None is outside: supplier, customer, loss, production. `given`,
    `fallback`, `net` and `variance` are amounts for the whole quantity. `part`/`whole` is a product's share of its group's
    sum (0/0 = all of it).
    `reference` is the item's reference cost (of a unit, in micro) as it was when the move was posted: a later change
    of the item changes no history. It counts where the pool has no cost of its own to give. A `group` below zero spans
    postings: each product takes its part in what the group gathered before it, less what came back; a COST_OF move of it
    with a `part` is such a product taken back (`given` is then its fee, negative).
    """

    id: int
    day: int
    sequence: int
    quantity: int
    source_pool: int | None
    target_pool: int | None
    rule: str
    given: int = 0
    fallback: int | None = None
    named: int | None = None
    group: int | None = None
    part: int = 0
    whole: int = 0
    net: int | None = None
    variance: int = 0
    reference: int | None = None


class Layer(NamedTuple):
    """成本层 FIFO layer: what is left of one arrival; `age` is the date ordinal at which the goods first came."""

    move: int
    index: int  # type: ignore[assignment]  # a field may hide tuple.index
    quantity: int
    value: int
    age: int


class LayerIn(NamedTuple):
    """新成本层 Layer born in the window: what came in and what is left.

    quantity_in = quantity_left + the quantities of its uses; value_in = value_left + the values of its uses +
    the part of the move's cost variance that arose on it.
    """

    move: int
    index: int  # type: ignore[assignment]  # a field may hide tuple.index
    quantity_in: int
    value_in: int
    quantity_left: int
    value_left: int
    age: int


class Use(NamedTuple):
    """成本层耗用 Layer use: `move` took quantity and value from the layer (layer_move, layer_index) of `pool`."""

    pool: int
    layer_move: int
    layer_index: int
    move: int
    quantity: int
    value: int


class Piece(NamedTuple):
    """一批货 Piece: part of a move's goods with one cost and one age; a FIFO transfer carries several."""

    quantity: int
    value: int
    age: int


class Named(NamedTuple):
    """被引用的移动 A move named by loaded moves, and what moves that are not loaded took of it by COST_OF."""

    net: int
    quantity: int
    taken_quantity: int
    taken_value: int


class Tangle(NamedTuple):
    """牵连 Tangle: a decision on descent that a change *elsewhere* could turn.

    Whether covering goods descend from a short issue depends on moves of other pools between `start` and `end`. A
    posting (or reversal) at or before `end`, in whatever pool, must therefore load `pool` from `start`. Where the
    goods were sold, `leaf` is the short move, and only a posting that names it matters.
    """

    pool: int
    start: Position
    end: Position
    leaf: int | None


@dataclass(frozen=True, slots=True)
class PoolState:
    """成本池状态 Pool state: totals, never a rate.

    `last_*` is the state when the pool last held stock, the source of the last known unit cost. `average` is
    (quantity, value) of the last month that was run, for 全月一次 only.
    """

    method: str
    quantity: int = 0
    value: int = 0
    last_quantity: int = 0
    last_value: int = 0
    layers: tuple[Layer, ...] = ()
    average: tuple[int, int] | None = None


@dataclass(slots=True)
class Books:
    """账簿窗口 Books: the pools to be replayed, each from its own start, and the moves from there on.

    `moves` are in order of valuation and hold, for every loaded pool, each live move at or after its start; and
    for every group with a member among them, all members of the group (components before products). `named`
    has an entry for each move that a loaded move names and that is itself not loaded, or of which moves that are
    not loaded took something. `followers` tells, for loaded moves and for those that they or removed moves name, the
    pools and positions of moves outside the window that name them. `pieces` are the recorded layers, as they came
    in, of moves between a loaded and a not loaded FIFO pool; without them such a pool is asked for. `released` tells
    which moves were removed, or named by removed moves or by returns that are now taken back, with the first position
    of one: later shares of that cost change too. A return that is named was taken back and takes nothing of a cost.
    """

    pools: dict[int, PoolState]
    starts: dict[int, Position]
    moves: Sequence[Move]
    named: Mapping[int, Named] = field(default_factory=dict)
    followers: Mapping[int, tuple[tuple[int, Position], ...]] = field(default_factory=dict)
    run_through: int | None = None
    pieces: Mapping[int, tuple[Piece, ...]] = field(default_factory=dict)
    released: Mapping[int, Position] = field(default_factory=dict)


@dataclass(slots=True)
class Valuation:
    """计价结果 Valuation: the net value of every loaded move, and the state of every pool after them.

    `variances` has the amount that leaves the pool to 成本差异 at a move; zero where the move recorded one that is
    gone, and as recorded where it arrives in a pool outside the window. `averages` lists (last day of month,
    quantity, value) of every month that was run, by pool. `tangles` replace those recorded for the loaded pools
    from their starts on.
    """

    values: dict[int, int]
    variances: dict[int, int]
    pools: dict[int, PoolState]
    layers: dict[int, list[LayerIn]]
    uses: list[Use]
    averages: dict[int, list[tuple[int, int, int]]]
    tangles: list[Tangle]


@dataclass(frozen=True, slots=True)
class Needs:
    """尚缺账簿 Needs: pools that must be loaded from the given position (or earlier) before the values are known."""

    pools: dict[int, Position]
