"""账簿窗口 Windows: the part of the books a replay needs, loaded by a constant number of statements.

The state of a pool at a position is its present state less everything that came later, and what came later must be
read for the replay anyway: no history before the window is scanned. A window begins where the pool holds stock (or
has its beginning), so that no shortage is open there; where it would not, it is moved back.

A correcting row bears day and sequence of the move it corrects, so one index range per side of a pool gives moves and
corrections together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.core.costing import Books, Layer, Method, Move, Named, Piece, PoolState, Position, unnamed
from hengcang.ledger.rows import PoolRow

Start = tuple[int, int]

NET_COLUMNS = """
COALESCE(m.corrects_id, m.id), MIN(m.day), MIN(m.sequence),
CAST(SUM(CASE WHEN m.entry_kind='variance' THEN 0 ELSE m.quantity END) AS bigint),
MAX(CASE WHEN m.corrects_id IS NULL THEN m.source_pool_id END), MAX(CASE WHEN m.corrects_id IS NULL THEN m.target_pool_id END),
MAX(CASE WHEN m.corrects_id IS NULL THEN m.rule END), CAST(SUM(m.given) AS bigint), MAX(m.fallback), MAX(m.named_id),
MAX(m.cost_group), MAX(m.part), MAX(m.whole),
CAST(SUM(CASE WHEN m.entry_kind='variance' THEN 0 ELSE m.value END) AS bigint),
CAST(SUM(CASE WHEN m.entry_kind='variance' THEN m.value ELSE 0 END) AS bigint), MAX(m.reference)
"""
LIVE = "HAVING SUM(CASE WHEN m.entry_kind='reversal' THEN 1 ELSE 0 END)=0"
LEGS = """
  SELECT {columns} FROM s JOIN ledger_stockmove m ON m.source_pool_id=s.pool AND (m.day, m.sequence) >= (s.day, s.seq)
  WHERE m.corrects_id IS {null}
  UNION ALL
  SELECT {columns} FROM s JOIN ledger_stockmove m ON m.target_pool_id=s.pool AND (m.day, m.sequence) >= (s.day, s.seq)
  WHERE m.corrects_id IS {null}
    AND NOT EXISTS (SELECT 1 FROM s o WHERE o.pool=m.source_pool_id AND (m.day, m.sequence) >= (o.day, o.seq))
"""
ORIGINAL_COLUMNS = (
    "m.id, m.day, m.sequence, m.quantity, m.source_pool_id, m.target_pool_id, m.rule, m.given, m.fallback, m.named_id, "
    "m.cost_group, m.part, m.whole, m.value, m.reference"
)
WINDOW_SQL = f"""
WITH s(pool, day, seq) AS (SELECT c0, c1, c2 FROM {{starts}}),
m AS ({LEGS.format(columns=ORIGINAL_COLUMNS, null="NULL")}),
k AS ({LEGS.format(columns="m.corrects_id, m.entry_kind, m.quantity, m.given, m.value", null="NOT NULL")}),
c AS (
  SELECT corrects_id, CAST(SUM(CASE WHEN entry_kind='variance' THEN 0 ELSE quantity END) AS bigint) AS quantity,
    CAST(SUM(given) AS bigint) AS given, CAST(SUM(CASE WHEN entry_kind='variance' THEN 0 ELSE value END) AS bigint) AS value,
    CAST(SUM(CASE WHEN entry_kind='variance' THEN value ELSE 0 END) AS bigint) AS variance,
    MAX(CASE WHEN entry_kind='reversal' THEN 1 ELSE 0 END) AS gone
  FROM k GROUP BY corrects_id
)
SELECT m.id, m.day, m.sequence, m.quantity+COALESCE(c.quantity,0), m.source_pool_id, m.target_pool_id, m.rule,
  m.given+COALESCE(c.given,0), m.fallback, m.named_id, m.cost_group, m.part, m.whole, m.value+COALESCE(c.value,0), COALESCE(c.variance,0),
  m.reference
FROM m LEFT JOIN c ON c.corrects_id=m.id WHERE COALESCE(c.gone,0)=0 ORDER BY m.day, m.sequence, m.id
"""
GROUP_SQL = f"""
SELECT {NET_COLUMNS} FROM ledger_stockmove m WHERE m.cost_group IN ({{ids}})
GROUP BY COALESCE(m.corrects_id, m.id) {LIVE} ORDER BY 2, 3, 1
"""
NAMING_SQL = f"""
SELECT {NET_COLUMNS} FROM ledger_stockmove m WHERE m.named_id IS NOT NULL AND m.item_id IN ({{ids}})
GROUP BY COALESCE(m.corrects_id, m.id) {LIVE} ORDER BY 2, 3, 1
"""
BY_LINE_SQL = f"""
SELECT MAX(m.line_id), {NET_COLUMNS} FROM ledger_stockmove m WHERE m.line_id IN ({{ids}})
GROUP BY COALESCE(m.corrects_id, m.id) ORDER BY 2
"""
BY_ID_SQL = f"""
SELECT {NET_COLUMNS} FROM ledger_stockmove m WHERE m.id IN ({{ids}}) OR m.corrects_id IN ({{ids}})
GROUP BY COALESCE(m.corrects_id, m.id)
"""
LAYER_SQL = """
WITH s(pool, day, seq) AS (SELECT c0, c1, c2 FROM {starts}),
m AS (
  SELECT m.id FROM s JOIN ledger_stockmove m ON m.source_pool_id=s.pool
    AND m.corrects_id IS NULL AND (m.day, m.sequence) >= (s.day, s.seq)
  UNION ALL
  SELECT m.id FROM s JOIN ledger_stockmove m ON m.target_pool_id=s.pool AND m.rule='adjust'
    AND m.corrects_id IS NULL AND (m.day, m.sequence) >= (s.day, s.seq)
),
u AS (
  SELECT u.layer_id, SUM(u.quantity) AS quantity, SUM(u.value) AS value FROM m JOIN ledger_layeruse u ON u.move_id=m.id GROUP BY u.layer_id
)
SELECT l.pool_id, l.move_id, l.position, CAST(l.quantity_left + COALESCE(u.quantity,0) AS bigint),
  CAST(l.value_left + COALESCE(u.value,0) AS bigint), l.age
FROM s JOIN ledger_costlayer l ON l.pool_id=s.pool JOIN ledger_stockmove b ON b.id=l.move_id AND (b.day, b.sequence) < (s.day, s.seq)
LEFT JOIN u ON u.layer_id=l.id
WHERE l.quantity_left + COALESCE(u.quantity,0) > 0 ORDER BY b.day, b.sequence, b.id, l.position
"""
PIECE_SQL = """
SELECT l.move_id, l.quantity_in, l.value_in, l.age FROM ledger_costlayer l WHERE l.move_id IN ({ids}) ORDER BY l.move_id, l.position
"""
EARLIER_SQL = """
WITH s(pool, day, seq, since) AS (SELECT c0, c1, c2, c3 FROM {starts})
SELECT pool, day, sequence, CAST(SUM(q) AS bigint) FROM (
  SELECT s.pool, m.day, m.sequence, m.quantity AS q FROM s JOIN ledger_stockmove m
    ON m.target_pool_id=s.pool AND (m.day, m.sequence) < (s.day, s.seq) AND m.day >= s.since
  UNION ALL
  SELECT s.pool, m.day, m.sequence, -m.quantity FROM s JOIN ledger_stockmove m
    ON m.source_pool_id=s.pool AND (m.day, m.sequence) < (s.day, s.seq) AND m.day >= s.since
) legs GROUP BY pool, day, sequence ORDER BY pool, day DESC, sequence DESC
"""
# How many days back a start is looked for, first near, then in the whole history of the pools that held nothing there.
LOOKED_BACK = (62, 10**7)


AVERAGE_SQL = """
SELECT v.c0, a.quantity, a.value FROM {starts} JOIN ledger_poolaverage a ON a.pool_id=v.c0
  AND a.last_day=(SELECT MAX(b.last_day) FROM ledger_poolaverage b WHERE b.pool_id=v.c0 AND b.last_day<v.c1)
"""


class Window(NamedTuple):
    """窗口 What was loaded: pools' starts, their states there, and the live moves from there on."""

    starts: dict[int, Start]
    states: dict[int, PoolState]
    moves: list[Move]


def start_table(starts: Mapping[int, Start]) -> tuple[str, list[Any]]:
    """The starts as a table to join with, and its parameters."""
    return bulk.table_of([(pool, *start) for pool, start in sorted(starts.items())], ["bigint"] * 3)


def load_moves(starts: Mapping[int, Start], more: Collection[int] = ()) -> list[Move]:
    """Every live move at or after the starts, in order of valuation, whole cost groups included; `more` names further groups."""
    table, parameters = start_table(starts)
    moves = list(map(Move._make, bulk.fetch(WINDOW_SQL.format(starts=table), parameters)))
    groups = sorted({*more, *(move.group for move in moves if move.group is not None)})
    if groups:
        known = {move.id for move in moves}
        rows = bulk.fetch(GROUP_SQL.format(ids=bulk.placeholders(groups)), groups)
        moves += [Move._make(row) for row in rows if row[0] not in known]
        moves.sort(key=lambda move: move[1:3] + move[:1])
    return moves


def pools_of_groups(groups: Collection[int]) -> list[tuple[int | None, int | None]]:
    """成本组的成本池 The pools of every move of some groups: a product's share hangs on what all of them hold."""
    if not groups:
        return []
    marks = bulk.placeholders(sorted(groups))
    sql = f"SELECT DISTINCT source_pool_id, target_pool_id FROM ledger_stockmove WHERE cost_group IN ({marks})"
    return bulk.fetch(sql, sorted(groups))


def legs_after(moves: Iterable[Move], starts: Mapping[int, Start]) -> dict[int, list[int]]:
    """What the moves brought to each pool at or after its start: [quantity, value, legs]."""
    sums: dict[int, list[int]] = {pool: [0, 0, 0] for pool in starts}
    ordered = len(set(starts.values())) > 1 or any(move.group is not None and move.group < 0 for move in moves)
    for move in moves:
        source, target, quantity, net = move.source_pool, move.target_pool, move.quantity, move.net or 0
        if source in sums and (not ordered or move[1:3] >= starts[source]):
            leg = sums[source]
            leg[0] -= quantity
            leg[1] -= net
            leg[2] += 1
        if target in sums and (not ordered or move[1:3] >= starts[target]):
            leg = sums[target]
            leg[0] += quantity
            leg[1] += net - move.variance
            leg[2] += 1
    return sums


def earlier_starts(empty: Mapping[int, tuple[Start, int]]) -> dict[int, Start]:
    """The latest position before each pool's start at which it held stock, or its beginning; by (start, quantity there)."""
    found: dict[int, Start] = {}
    waiting = dict(empty)
    for days in LOOKED_BACK:
        if not waiting:
            break
        rows = [(pool, *start, start[0] - days) for pool, (start, _) in sorted(waiting.items())]
        source, parameters = bulk.table_of(rows, ["bigint"] * 4)
        running = {pool: quantity for pool, (_, quantity) in waiting.items()}
        first = {pool: start for pool, (start, _) in waiting.items()}
        for pool, day, sequence, change in bulk.fetch(EARLIER_SQL.format(starts=source), parameters):
            if pool in found:
                continue
            running[pool] -= change
            first[pool] = (day, sequence)
            if running[pool] > 0:
                found[pool] = first[pool]
        waiting = {pool: known for pool, known in waiting.items() if pool not in found}
    return {**{pool: first[pool] for pool in waiting}, **found}


def load_window(pools: Mapping[int, PoolRow], wanted: Mapping[int, Start], groups: Collection[int] = ()) -> Window:
    """The window of the pools from the wanted starts (or earlier, where the pool held no stock there), and whole `groups`."""
    starts = dict(wanted)
    moves: list[Move] = []
    legs: dict[int, list[int]] = {pool: [0, 0, 0] for pool in starts}
    if groups or any((pools[pool].last_day, pools[pool].last_sequence) >= start for pool, start in starts.items()):
        moves = load_moves(starts, groups)
        legs = legs_after(moves, starts)
    quantities = {pool: pools[pool].quantity - legs[pool][0] for pool in wanted}
    empty = {pool: (wanted[pool], held) for pool, held in quantities.items() if held < 0 or (held == 0 and legs[pool][2])}
    starts.update(earlier_starts(empty))
    if starts != dict(wanted):
        moves = load_moves(starts, groups)
        legs = legs_after(moves, starts)
    layers = load_layers({pool: start for pool, start in starts.items() if pools[pool].method == Method.FIFO})
    averages = load_averages({pool: start for pool, start in starts.items() if pools[pool].method == Method.MONTHLY})
    states = {pool: state_at(pools[pool], legs[pool], layers.get(pool, ()), averages.get(pool)) for pool in starts}
    return Window(starts, states, moves)


def load_averages(starts: Mapping[int, Start]) -> dict[int, tuple[int, int]]:
    """全月平均 The last average that was run before each start."""
    if not starts:
        return {}
    table, parameters = start_table(starts)
    return {pool: (quantity, value) for pool, quantity, value in bulk.fetch(AVERAGE_SQL.format(starts=table), parameters)}


def state_at(row: PoolRow, later: list[int], layers: tuple[Layer, ...], average: tuple[int, int] | None) -> PoolState:
    """The pool before what came later to it. Its last known unit cost is the kept one only where nothing did.

    Elsewhere the window starts where the pool holds stock, or at its beginning, where no cost was known yet.
    """
    quantity, value = row.quantity - later[0], row.value - later[1]
    now = quantity == 0 and not later[2]
    return PoolState(
        method=row.method,
        quantity=quantity,
        value=value,
        last_quantity=row.last_quantity if now else quantity,
        last_value=row.last_value if now else value,
        layers=layers,
        average=average,
    )


def load_layers(starts: Mapping[int, Start]) -> dict[int, tuple[Layer, ...]]:
    """The layers of first-in-first-out pools as they stood at the starts, oldest arrival first."""
    if not starts:
        return {}
    table, parameters = start_table(starts)
    found: dict[int, list[Layer]] = defaultdict(list)
    for pool, *layer in bulk.fetch(LAYER_SQL.format(starts=table), parameters):
        found[pool].append(Layer._make(layer))
    return {pool: tuple(layers) for pool, layers in found.items()}


def load_by_line(lines: Sequence[int]) -> dict[int, list[Move]]:
    """The moves of each goods line, net of their corrections: what returns and charges name. Pieces with a pool each are many."""
    found: dict[int, list[Move]] = {}
    for line, *move in bulk.fetch(BY_LINE_SQL.format(ids=bulk.placeholders(lines)), lines):
        found.setdefault(line, []).append(Move._make(move))
    return found


def load_by_id(ids: Collection[int]) -> dict[int, Move]:
    """Moves by id, net of their corrections, reversed ones included."""
    found: dict[int, Move] = {}
    ordered = sorted(ids)
    for at in range(0, len(ordered), bulk.ROWS_PER_STATEMENT):
        part = ordered[at : at + bulk.ROWS_PER_STATEMENT]
        rows = bulk.fetch(BY_ID_SQL.format(ids=bulk.placeholders(part)), part + part)
        found.update({row[0]: Move._make(row) for row in rows})
    return found


def load_pieces(moves: Iterable[Move], pools: Mapping[int, PoolState]) -> dict[int, tuple[Piece, ...]]:
    """The recorded layers of moves between a first-in-first-out pool that is loaded and one that is not."""
    borders = [
        move.id
        for move in moves
        if move.source_pool is not None and move.target_pool is not None and (move.source_pool in pools) != (move.target_pool in pools)
    ]
    if not borders or all(state.method != Method.FIFO for state in pools.values()):
        return {}
    found: dict[int, list[Piece]] = defaultdict(list)
    for move, *piece in bulk.fetch(PIECE_SQL.format(ids=bulk.placeholders(borders)), borders):
        found[move].append(Piece._make(piece))
    return {move: tuple(pieces) for move, pieces in found.items()}


class Names(NamedTuple):
    """引用 What a command names: its items, the moves of whose cost less is taken, those removed, those known already; and
    the day through which 全月一次 months were run."""

    items: Collection[int]
    released: Mapping[int, Position]
    removed: Collection[int]
    known: Mapping[int, Move]
    run_through: int | None


def books_of(window: Window, moves: list[Move], wanted: Names) -> Books:
    """The books for the core: the window with `moves` (new ones in, removed ones out), and what they name."""
    asked = window.moves or any(move.named is not None for move in moves)
    naming = [move for move in naming_moves(wanted.items) if move.id not in wanted.removed] if asked else []
    names = {move.named for move in moves if move.named is not None}
    names |= wanted.released.keys() & {move.named for move in naming if move.named is not None}
    loaded = {move.id for move in moves}
    takers, followers = outside_takers(naming, moves, {move.id for move in moves if inside(window, move)})
    outside = {name: wanted.known[name] for name in names if name in wanted.known and name not in loaded}
    outside.update(load_by_id([name for name in names if name not in loaded and name not in outside]))
    by_id = {move.id: move for move in moves if move.id in names}
    named: dict[int, Named] = {}
    for name in names:
        origin = outside.get(name) or by_id[name]
        if name in outside or name in takers:
            named[name] = Named(origin.net or 0, origin.quantity, *takers.get(name, (0, 0)))
    quantities = {name: move.quantity for name, move in (outside | by_id).items() if name not in wanted.removed}
    return Books(
        pools=window.states,
        starts={pool: (*start, 0) for pool, start in window.starts.items()},
        moves=unnamed(moves, quantities) if names else moves,
        named=named,
        followers={move: tuple(pools) for move, pools in followers.items()},
        released=wanted.released,
        run_through=wanted.run_through,
        pieces=load_pieces(window.moves, window.states),
    )


def inside(window: Window, move: Move) -> bool:
    """窗口之内 Whether a leg of a move lies in the window; a member of a cost group may be there for its group's sake alone."""
    return any(pool in window.starts and window.starts[pool] <= move[1:3] for pool in (move.source_pool, move.target_pool))


Followers = dict[int, list[tuple[int, Position]]]


def outside_takers(naming: Sequence[Move], moves: Sequence[Move], loaded: Collection[int]) -> tuple[dict[int, list[int]], Followers]:
    """What moves that are not loaded took of named costs (a return that was taken back: nothing), and where they stand."""
    taken_back = {move.named for move in (*naming, *moves) if move.named is not None}
    takers: dict[int, list[int]] = {}
    followers: Followers = defaultdict(list)
    for move in naming:
        if move.id in loaded or move.named is None:
            continue
        if move.id not in taken_back:
            taken = takers.setdefault(move.named, [0, 0])
            taken[0] += move.quantity
            taken[1] += move.net or 0
        for pool in (move.source_pool, move.target_pool):
            if pool is not None:
                followers[move.named].append((pool, (move.day, move.sequence, move.id)))
    return takers, followers


def naming_moves(items: Collection[int]) -> list[Move]:
    """Every live move of the items that names another (returns)."""
    if not items:
        return []
    ordered = sorted(items)
    rows = bulk.fetch(NAMING_SQL.format(ids=bulk.placeholders(ordered)), ordered)
    return [Move._make(row) for row in rows]
