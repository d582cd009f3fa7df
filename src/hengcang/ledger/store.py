"""台账写入 The store: the only writer of the books.

`post` and `unpost` lock what a posting touches, load what the decision needs, let the pure core decide, and append.
Lock order (after the caller's idempotency row, gate and documents): pools, balances, in key order, then parties and
open items. The sequence is drawn after the locks, so that order of entry is order of commit for every pool.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hengcang.base import bulk
from hengcang.base.memory import without_collector
from hengcang.core.amounts import split, to_decimal, to_micro
from hengcang.core.costing import Method, Move, Needs, Position, Rule, Valuation, value_moves
from hengcang.core.errors import AdjustmentUnborne, ChargeBelowZero, ReplayTooLarge
from hengcang.core.posting import OWN_GROUP, Adjust, AtCost, CostOf, Given, SumOf, TakenBack
from hengcang.core.posting import Move as Wanted
from hengcang.ledger import (
    account_flows,
    appending,
    gathering,
    limits,
    money,
    reservations,
    revaluing,
    seconds,
    serials,
    stock_alerts,
    stockcheck,
)
from hengcang.ledger.facts import load_items, load_places
from hengcang.ledger.request import Appended, Header, NeedsExclusive, Request
from hengcang.ledger.rows import lock_balances, lock_pool_ids, lock_pools, pool_key
from hengcang.ledger.windows import Names, Start, books_of, load_by_id, load_by_line, load_window, pools_of_groups
from hengcang.ledger.work import Bound, Work

NamedKey = tuple[int, int]

SHELVING = "shelving"

MONTHLY_SQL = "SELECT id FROM ledger_costpool WHERE method=%s AND last_day>=%s ORDER BY id"
TANGLE_SQL = """
SELECT pool_id, start_day, start_sequence, leaf FROM ledger_costtangle
WHERE item_id IN ({}) AND (end_day, end_sequence) >= (%s, %s)
"""


def post(request: Request) -> Appended:
    """记账 Append a posting: moves valued by the core, entries, corrections of what came later, balances.

    Raises:
        InsufficientStock, TakenFromHeld, OverClearing, ReplayTooLarge, BalanceTooLarge: nothing is written (the caller rolls back).
        NeedsExclusive: the replay leaves the locked pools and the gate is held shared; or what a reversal takes back changed.
    """
    work = Work(request)
    work.items = load_items({move.item for move in request.posting.moves})
    work.places = load_places(request.posting.moves, [reserve.place for reserve in request.posting.reserves])
    work.bound = [bind(work, move) for move in serials.spread(work, request.posting.moves)]
    named = named_moves(work)
    charge_lines(work)
    back = request.posting.takes_back
    work.groups = {-move.group for move in request.posting.moves if move.group}
    lock(
        work,
        [
            *pools_of_groups(work.groups),
            *((move.source_pool, move.target_pool) for move in (*named.values(), *work.charged)),
            *(one.pools for one in back),
        ],
    )
    # Read once more: until the pools were locked another posting could change what is named and what is taken back.
    now = load_by_id({move.id for move in named.values()} | {one.move for one in back})
    named = {line: now[move.id] for line, move in named.items()}
    require_unchanged(back, now)
    found = money.lock_open_items(request.posting)
    asked = money.Asked(request.posting.clears, request.posting.unclears, found, request.lines)
    meeting = money.meet(work.header, request.posting.entries, asked)
    ids = appending.draw_ids(work, len(work.bound), len(meeting.entries))
    valuation = None
    with without_collector():
        if work.bound:
            work.new = new_moves(work, named, ids.moves)
            serials.check_posting(work)
            stockcheck.check_posting(work)
            seconds.settle_posting(work)
        if work.bound or work.charges:
            valuation = decide(work, named)
            refuse_unborne(work, valuation)
            limits.refuse_beyond(work, valuation)
        with bulk.together():
            appending.append_posting(work.header, work.sequence)
            settles = valuation is not None and appending.append_stock(work, valuation)
            serials.append(work)
            reservations.change(work)
            appending.change_balances(work)
            money.append_entries(work.header, work.sequence, meeting, ids.entries, asked)
            if settles:
                money.append_settlements(work.header, work.sequence)
            if gathering.touches_groups(work):
                gathering.settle_touched(work)
    account_flows.add(work.sequence)
    reservations.check_taken(work, stock_alerts.follow(work))
    return appended(work)


def unpost(request: Request) -> Appended:
    """反审核 Append the negation of everything a posted revision did, at each move's own date.

    Raises:
        StockUndone: later issues would be without stock. NeedsExclusive, ReplayTooLarge: as for `post`.
    """
    work = Work(request)
    pools = appending.bind_removed(work)
    work.charges = appending.charges_to_undo(work.header)
    work.charged = sorted(load_by_id(work.charges).values())
    lock(work, [*pools_of_groups(work.groups), *pools.values(), *((move.source_pool, move.target_pool) for move in work.charged)])
    # Only now: until the pools were locked another posting could revalue what is to be removed.
    work.removed = sorted(load_by_id(pools).values())
    serials.lock_removed(work)
    work.spare = appending.draw_ids(work, len(work.removed), 0).moves
    valuation = None
    with without_collector():
        if work.removed:
            serials.check_removal(work)
            stockcheck.check_removal(work)
            seconds.settle_removal(work)
        if work.removed or work.charges:
            valuation = decide(work, {})
            limits.refuse_beyond(work, valuation)
        with bulk.together():
            appending.append_posting(work.header, work.sequence)
            settles = valuation is not None and appending.append_removal(work, valuation)
            serials.append_removal(work)
            reservations.change(work)
            appending.change_balances(work)
            money.negate_entries(work.header, work.sequence)
            if settles:
                money.append_settlements(work.header, work.sequence)
            if gathering.touches_groups(work):
                gathering.settle_touched(work)
    account_flows.add(work.sequence)
    stock_alerts.follow(work)
    return appended(work)


def run_months(request: Request, since: int) -> Appended:
    """月末成本运算 Value the 全月一次 pools anew from a day (ordinal) on, as far as `rules.run_through`; needs the gate alone.

    The caller's document heads the corrections. Taking a run back is running through an earlier day;
    what a closing revalued is then negated.
    """
    work = Work(request)
    work.places = load_places(())
    pools = [row[0] for row in bulk.fetch(MONTHLY_SQL, [Method.MONTHLY.value, since])]
    work.pools.update(lock_pool_ids(pools))
    work.items = load_items({row.item for row in work.pools.values()})
    work.anew = dict.fromkeys(pools, (since, 0))
    appending.draw_ids(work, 0, 0)
    with without_collector():
        valuation = decide(work, {}) if pools else None
        with bulk.together():
            appending.append_posting(work.header, work.sequence)
            if valuation is not None and appending.append_stock(work, valuation):
                money.append_settlements(work.header, work.sequence)
            if gathering.touches_groups(work):
                gathering.settle_touched(work)
    if work.header.kind == "unpost":
        money.negate_entries(work.header, work.sequence)
    elif request.closing_rates:
        revaluing.append(work.header, work.sequence, request.closing_rates)
    account_flows.add(work.sequence)
    return appended(work)


def appended(work: Work) -> Appended:
    """What the caller is told, and the check inside the transaction."""
    return Appended(
        sequence=work.sequence,
        warnings=work.warnings,
        late=bool(work.window.moves),
        layered=any(row.method == Method.FIFO for row in work.pools.values()),
        undoing=bool(work.removed),
    )


def require_unchanged(back: Sequence[TakenBack], now: Mapping[int, Move]) -> None:
    """红冲依据未变 What a reversal was decided on still holds, now that the pools are locked.

    Raises NeedsExclusive: decide once more, when nobody else posts.
    """
    for one in back:
        if (now[one.move].quantity, now[one.move].given) != (to_micro(one.quantity), to_micro(one.given)):
            raise NeedsExclusive


def freeze(header: Header) -> int:
    """冻结 Draw the sequence at which a stock count fixes what it counts."""
    (sequence,) = bulk.draw_ids("ledger_posting", 1)
    appending.append_posting(header, sequence)
    return sequence


def bind(work: Work, move: Wanted) -> Bound:
    """The rows that a wanted move touches. What moves between the shelves of one warehouse is 移库, whatever the document is."""
    item = work.items[move.item]
    source, target = work.places.find(move.source), work.places.find(move.target)
    kind = work.request.rules.pool_kind
    lot = move.lot or 0
    serial = (*move.serials, *move.against, 0)[0] if item.individual else 0
    within = source.shelves and target.shelves and source.pool == target.pool
    return Bound(
        wanted=replace(move, kind=SHELVING) if within else move,
        item=item,
        source=source,
        target=target,
        source_pool=pool_key(item, source, lot, serial, kind),
        target_pool=pool_key(item, target, lot, serial, kind),
        source_balance=(item.id, source.id, lot) if source.holds_stock else None,
        target_balance=(item.id, target.id, lot) if target.holds_stock else None,
    )


def named_moves(work: Work) -> dict[NamedKey, Move]:
    """The moves of the goods lines that the posting's values name, by line and, where pieces cost each their own, by piece.

    Raises SerialOfOther: a piece that the named line did not move.
    """
    lines = sorted({one.wanted.value.line for one in work.bound if isinstance(one.wanted.value, CostOf)})
    values = (one.wanted.value for one in work.bound)
    taken_back = {value.line for value in values if isinstance(value, Adjust) and value.line is not None}
    if not lines and not taken_back:
        return {}
    by_line = load_by_line([*lines, *sorted(taken_back)])
    moves = {move.id: move for found in by_line.values() for move in found}
    pieces = serials.pieces_named(work, lines)
    whole = {one.wanted.value.line for one in work.bound if isinstance(one.wanted.value, CostOf) and not one.item.individual}
    return {(line, 0): by_line[line][-1] for line in whole | taken_back} | {key: moves[move] for key, move in pieces.items()}


def charge_lines(work: Work) -> None:
    """费用 Note by how much what each move was given changes. Raises ChargeBelowZero.

    Only a given value bears a charge; it cannot change before the pools are locked, since the documents of the lines are.
    """
    charges = work.request.posting.charges
    if not charges:
        return
    targets = load_by_line(sorted({one.target for one in charges}))
    for one in charges:
        moves = targets[one.target]
        for move, amount in zip(moves, split(to_micro(one.amount), [move.quantity for move in moves]), strict=True):
            assert move.rule in (Rule.GIVEN, Rule.SUM_OF), "a move at cost bears no charge"
            total = work.charges.get(move.id, 0) + amount
            if total < 0 and move.quantity > 0 and move.given + total < 0:
                where = work.request.line_at(one.line).named("item")
                raise ChargeBelowZero(**where, amount=-one.amount, cost=sum(to_decimal(each.given) for each in moves))
            work.charges[move.id] = total
    work.charges = {move: amount for move, amount in work.charges.items() if amount}
    work.charged = sorted(move for moves in targets.values() for move in moves if move.id in work.charges)


def lock(work: Work, named: Iterable[tuple[int | None, int | None]]) -> None:
    """Lock pools, then balances, in key order; also the (source, target) pools of moves that are named, charged or removed."""
    keys = {key for one in work.bound for key in (one.source_pool, one.target_pool) if key is not None}
    found = lock_pools(keys, work.items)
    work.pool_ids = {key: row.id for key, row in found.items()}
    work.pools = {row.id: row for row in found.values()}
    more = {pool for pair in named for pool in pair}
    work.pools.update(lock_pool_ids({pool for pool in more if pool is not None} - work.pools.keys()))
    work.items.update(load_items({row.item for row in work.pools.values()} - work.items.keys()))
    balances = {key for one in work.bound for key in (one.source_balance, one.target_balance) if key is not None}
    balances |= {(reserve.item, reserve.place, reserve.lot) for reserve in work.request.posting.reserves}
    work.balances.update(lock_balances(balances - work.balances.keys()))
    serials.lock(work)


def new_moves(work: Work, named: Mapping[NamedKey, Move], ids: Sequence[int]) -> list[Move]:
    """The wanted moves as the core sees them, with ids of their own."""
    grouped = any(isinstance(one.wanted.value, SumOf) and one.wanted.group is None for one in work.bound)
    return [core_move(work, one, move_id, named, grouped) for one, move_id in zip(work.bound, ids, strict=True)]


def core_move(work: Work, one: Bound, move_id: int, named: Mapping[NamedKey, Move], grouped: bool) -> Move:
    """One wanted move in micro units."""
    value, named_group = one.wanted.value, one.wanted.group
    group = work.sequence if named_group == OWN_GROUP else None if named_group is None else -named_group
    base = Move(
        id=move_id,
        day=work.day,
        sequence=work.place_in_day,
        quantity=to_micro(one.wanted.quantity),
        source_pool=None if one.source_pool is None else work.pool_ids[one.source_pool],
        target_pool=None if one.target_pool is None else work.pool_ids[one.target_pool],
        rule=Rule.AT_COST.value,
        group=work.sequence if grouped else group,
        reference=one.item.reference,
    )
    if isinstance(value, Given):
        return base._replace(rule=Rule.GIVEN.value, given=to_micro(value.amount), group=None, reference=None)
    if isinstance(value, CostOf):
        key = (value.line, one.wanted.serials[0] if one.item.individual else 0)
        part, given = to_micro(value.part), -to_micro(value.plus)
        return base._replace(rule=Rule.COST_OF.value, named=named[key].id, group=group, part=part, given=given)
    if isinstance(value, SumOf):
        part, whole = to_micro(value.part), to_micro(value.whole)
        return base._replace(rule=Rule.SUM_OF.value, given=to_micro(value.plus), part=part, whole=whole, reference=None)
    if isinstance(value, Adjust):
        of = None if value.line is None else named[value.line, 0].id
        return base._replace(rule=Rule.ADJUST.value, given=to_micro(value.amount), named=of, group=None, reference=None)
    assert isinstance(value, AtCost)
    return base._replace(fallback=None if value.fallback is None else to_micro(value.fallback))


def refuse_unborne(work: Work, valuation: Valuation) -> None:
    """调整无处可记 An adjustment that the goods of its pool cannot bear is refused, unless it is settled. Raises AdjustmentUnborne."""
    for one, move in zip(work.bound, work.new, strict=True):
        if move.rule == Rule.ADJUST and valuation.values[move.id] != move.given and one.wanted.settled is None:
            at = work.request.lines[one.wanted.line]
            item = f"{one.item.code} {one.item.name}"
            borne = to_decimal(valuation.values[move.id])
            raise AdjustmentUnborne(**at.named("amount"), item=item, amount=to_decimal(move.given), borne=borne)


def first_positions(work: Work) -> dict[int, Start]:
    """Where the window of each locked pool must begin: at the first move of this command that touches it."""
    starts: dict[int, Start] = {}
    for move in [*work.new, *work.removed, *work.charged]:
        at = (move.day, move.sequence)
        for pool in (move.source_pool, move.target_pool):
            if pool is not None:
                starts[pool] = min(starts.get(pool, at), at)
    return starts


def decide(work: Work, named: Mapping[NamedKey, Move]) -> Valuation:
    """Let the core value every move of the window, widening it until nothing is missing."""
    starts = {**count_starts(work), **work.anew}
    for pool, at in first_positions(work).items():
        starts[pool] = min(starts.get(pool, at), at)
    for pool, at in tangled_starts(work, starts).items():
        starts[pool] = min(starts.get(pool, at), at)
    while True:
        load_missing_pools(work, starts)
        work.window = load_window(work.pools, starts, work.groups)
        refuse_too_large(work)
        moves = merged(work)
        items = {work.pools[pool].item for pool in starts}
        by_id = {move.id: move for move in named.values()}
        removed = {move.id for move in work.removed}
        names = Names(items, released(work, by_id), removed, by_id, work.request.rules.run_through)
        answer = value_moves(books_of(work.window, moves, names))
        if not isinstance(answer, Needs):
            return answer
        for pool, position in answer.pools.items():
            starts[pool] = min(starts.get(pool, position[:2]), position[:2])


def count_starts(work: Work) -> dict[int, Start]:
    """The positions of the counts whose quantity this command corrects."""
    starts: dict[int, Start] = {}
    for move in load_by_id(work.counts | work.count_seconds).values():
        if move.source_pool is not None:
            at = (move.day, move.sequence)
            starts[move.source_pool] = min(starts.get(move.source_pool, at), at)
    return starts


def tangled_starts(work: Work, starts: Mapping[int, Start]) -> dict[int, Start]:
    """The pools whose decisions on descent this command may turn, from where they were made; asked only where any are kept."""
    if not starts or not any(row.tangles for row in work.pools.values()):
        return {}
    names = {move.named for move in [*work.new, *work.removed]}
    items = sorted({row.item for row in work.pools.values()})
    found: dict[int, Start] = {}
    for pool, day, sequence, leaf in bulk.fetch(TANGLE_SQL.format(bulk.placeholders(items)), [*items, *min(starts.values())]):
        if leaf is None or leaf in names:
            found[pool] = min(found.get(pool, (day, sequence)), (day, sequence))
    return found


def released(work: Work, named: Mapping[int, Move]) -> dict[int, Position]:
    """The moves that are removed, or of whose cost less is taken now, with the first position from which that counts.

    Less is taken because a removed move named them, or a return that did is now taken back by a move that names it.
    """
    back = [named[move.named] for move in work.new if move.named is not None]
    found = {move.id: in_order(move) for move in work.removed}
    for move in [*work.removed, *back]:
        if move.named is not None:
            at = in_order(move)
            found[move.named] = min(found.get(move.named, at), at)
    return found


def load_missing_pools(work: Work, starts: Mapping[int, Start]) -> None:
    """Lock pools that the replay reaches beyond those of the posting; only a command that holds the gate alone may."""
    missing = set(starts) - work.pools.keys()
    if not missing:
        return
    if not work.request.exclusive and bulk.is_postgresql():
        raise NeedsExclusive
    work.pools.update(lock_pool_ids(missing))
    unknown = {row.item for row in work.pools.values()} - work.items.keys()
    work.items.update(load_items(unknown))


def refuse_too_large(work: Work) -> None:
    """A replay beyond the limit is refused by name."""
    count = len(work.window.moves)
    limit = work.request.rules.replay_limit
    if count > limit and not work.request.unlimited:
        raise ReplayTooLarge(moves=count, limit=limit)


def merged(work: Work) -> list[Move]:
    """The window with new moves in, removed ones out, and counts at their corrected quantities; in order."""
    removed = {move.id for move in work.removed}
    if not removed and not work.counts and not work.window.moves:
        return work.new
    moves = [move for move in work.window.moves if move.id not in removed] if removed else list(work.window.moves)
    if work.counts:
        moves = [move._replace(quantity=move.quantity + work.counts.get(move.id, 0)) for move in moves]
    if work.charges:
        moves = [move._replace(given=move.given + work.charges[move.id]) if move.id in work.charges else move for move in moves]
    for move in work.new:
        bisect.insort(moves, move, key=in_order)
    return moves


def in_order(move: Move) -> tuple[int, int, int]:
    """The place of a move in the order of valuation."""
    return (move.day, move.sequence, move.id)
