"""重算 Replay: one pass over the moves, and passes until nothing changes.

A pass walks the moves in order of valuation. Goods that cover a shortage change the value of an *earlier* move, so
its effect on what happened in between is seen by the next pass only: each pass takes the adjustments that the last
one found, until two passes agree. Because covering goods that descend from the issue do not flow back (see
`costing_descent`), every chain of dependence ends, and so do the passes. Who covers whom depends on quantities
alone and is the same in every pass. Plain histories take exactly one pass.

Left out on purpose: stopping a replay at the point where the state equals the old one. The caller compares net
values and appends differences only; a pass over 100,000 plain moves is cheaper than finding out.
"""

from __future__ import annotations

from typing import NamedTuple

from hengcang.core.amounts import CENT, share
from hengcang.core.costing_descent import Descent, position_of
from hengcang.core.costing_months import MonthlyPool, Sheets
from hengcang.core.costing_pools import FifoPool, OpenLayer, Pool, Short
from hengcang.core.costing_types import Books, Method, Move, Piece, PoolState, Position, Rule

GIVEN, AT_COST, COST_OF, SUM_OF, ADJUST = (str(rule.value) for rule in Rule)


def make_pool(key: int, start: Position, state: PoolState) -> Pool:
    """开池 The pool of a method, in the given state."""
    if state.method == Method.FIFO:
        return FifoPool(key, start, state)
    return MonthlyPool(key, start, state) if state.method == Method.MONTHLY else Pool(key, start, state)


class Found(NamedTuple):
    """上一遍所得 What a pass found that the next one needs: adjustments of short issues, and costs in months."""

    adjustments: dict[int, int]
    noted: dict[int, int]


class Pass:
    """一遍 One pass: the state while the moves are walked, with the adjustments that the last pass found."""

    def __init__(self, books: Books, descent: Descent, sheets: Sheets, known: Found) -> None:
        self.books = books
        self.descent = descent
        self.known = known
        self.found = Found({}, {})
        self.values: dict[int, int] = {}
        self.variances: dict[int, int] = {}
        self.taken: dict[int, list[int]] = {}
        self.sums: dict[int, list[int]] = {}
        self.borders: list[Move] = []
        self.carried: dict[int, list[Piece]] = {}
        self.needs: dict[int, Position] = {}
        self.pools = {key: make_pool(key, books.starts[key], state) for key, state in books.pools.items()}
        self.monthly = {key: pool for key, pool in self.pools.items() if isinstance(pool, MonthlyPool)}
        for pool in self.monthly.values():
            pool.sheets, pool.noted, pool.variances, pool.named = sheets, self.found.noted, self.variances, books.named

    def walk(self) -> None:
        """Values every move in order: long plain stretches in a tight loop, every other move by its rule."""
        moves = self.books.moves
        index, count = 0, len(moves)
        plain: dict[int | None, Pool] = {key: pool for key, pool in self.pools.items() if type(pool) is Pool}
        from_here = max(self.books.starts.values(), default=(0, 0, 0))
        while index < count:
            if plain and position_of(moves[index]) >= from_here:
                index = self.walk_plain(plain, index)
                if index == count:
                    break
            self.step(index, moves[index])
            index += 1

    def walk_plain(self, plain: dict[int | None, Pool], first: int) -> int:
        """Values given receipts, covered issues and transfers of average pools, as `step` would.

        Gives the index of the first move that is none of these.
        """
        values, moves, find = self.values, self.books.moves, plain.get
        for index in range(first, len(moves)):
            move_id, _, _, moved, source, target, rule, given, _, _, group, _, _, _, _, _ = moves[index]
            if source is None:
                pool = find(target)
                if rule != GIVEN or pool is None or pool.quantity < 0 or moved <= 0 or given < 0:
                    return index
                pool.quantity += moved
                pool.value += given
                values[move_id] = given
                continue
            pool = find(source)
            if pool is None or rule != AT_COST or group is not None or moved <= 0:
                return index
            receiver = None
            if target is not None:
                if target == source:
                    values[move_id] = 0
                    continue
                receiver = find(target)
                if receiver is None or receiver.quantity < 0:
                    return index
            quantity, value = pool.quantity, pool.value
            if moved < quantity and value >= 0:
                out = (2 * value * moved + quantity * CENT) // (2 * CENT * quantity) * CENT
            elif moved == quantity:
                out = pool.last_value = value
                pool.last_quantity = quantity
            else:
                return index
            pool.quantity = quantity - moved
            pool.value = value - out
            values[move_id] = out
            if receiver is not None:
                receiver.quantity += moved
                receiver.value += out
        return len(moves)

    def step(self, index: int, move: Move) -> None:
        """Values one move: the source leg, then the target leg."""
        if move.rule == ADJUST:
            self.adjust(move)
            return
        if move.quantity == 0 or (move.source_pool == move.target_pool and move.source_pool is not None):
            self.values[move.id] = 0
            return
        source = self.loaded(move, move.source_pool)
        target = self.loaded(move, move.target_pool)
        if move.source_pool is not None:
            pieces = self.leave(index, move, source, target)
        else:
            pieces = [Piece(move.quantity, self.enter(move, target), move.day)]
        value = sum(piece.value for piece in pieces)
        if move.quantity < 0:
            value = -value
        self.values[move.id] = value
        if move.group is not None and move.rule != SUM_OF:
            self.gather(move, move.group, value)
        if target is not None:
            self.arrive(target, index, move, pieces)

    def adjust(self, move: Move) -> None:
        """Value alone is taken out of a pool or put into it."""
        source = self.loaded(move, move.source_pool)
        pool = source or self.loaded(move, move.target_pool)
        assert pool is not None, "an adjustment is loaded with its pool"
        sign = 1 if pool is source else -1
        wanted = move.given if move.named is None else self.named_cost(move)[0]
        self.values[move.id] = sign * pool.adjust(move, sign * wanted)

    def loaded(self, move: Move, key: int | None) -> Pool | None:
        """The pool of a leg, if the leg lies inside the window."""
        if key is None:
            return None
        pool = self.pools.get(key)
        if pool is None or pool.start > position_of(move):
            if not self.borders or self.borders[-1] is not move:
                self.borders.append(move)
            return None
        if key in self.monthly:
            self.monthly[key].turn(move.day, self.known.noted)
        return pool

    # the source leg

    def leave(self, index: int, move: Move, source: Pool | None, target: Pool | None) -> list[Piece]:
        """The goods of a move out of a pool, piece by piece."""
        if source is None:
            return self.recorded(move, target)
        if move.quantity < 0:
            gain = Piece(-move.quantity, source.price_in(move, -move.quantity), move.day)
            self.arrive(source, index, move, [gain])
            return [gain]
        pieces = self.issue(index, move, source)
        if target is None and move.target_pool is not None:
            self.carried[move.id] = pieces
        return pieces

    def recorded(self, move: Move, target: Pool | None) -> list[Piece]:
        """The goods that come from a pool outside the window, as recorded."""
        if isinstance(target, FifoPool):
            pieces = self.books.pieces.get(move.id)
            if pieces is not None:
                return list(pieces)
        elif move.net is not None:
            return [Piece(abs(move.quantity), abs(move.net), move.day)]
        assert move.source_pool is not None
        self.need(move.source_pool, position_of(move))
        return [Piece(abs(move.quantity), abs(move.net or 0), move.day)]

    def issue(self, index: int, move: Move, pool: Pool) -> list[Piece]:
        """Goods leave a pool; what it does not hold leaves at a provisional value."""
        wanted = self.share_of_named(move, move.quantity, 0, 0) if move.rule == COST_OF else None
        covered = pool.covered(move.quantity)
        pieces = pool.take(move, covered, wanted) if covered else []
        uncovered = move.quantity - covered
        if uncovered:
            provisional = pool.unknown(move, uncovered)
            pool.shorts.append(Short(index, move.id, uncovered, provisional))
            pool.quantity -= uncovered
            pool.value -= provisional
            pieces.append(Piece(uncovered, provisional + self.known.adjustments.get(move.id, 0), move.day))
        if move.rule == COST_OF:
            self.book_taken(move, sum(piece.value for piece in pieces))
        return pieces

    # the target leg

    def enter(self, move: Move, target: Pool | None) -> int:
        """The value of goods that come from outside."""
        if move.rule == GIVEN:
            return move.given
        if move.rule == SUM_OF:
            return self.share_of_group(move)
        if target is None:
            return move.net or 0
        if move.rule == COST_OF:
            return self.returned(move, target)
        return target.price_in(move, move.quantity)

    def returned(self, move: Move, target: Pool) -> int:
        """A customer return: what it cancels of its delivery's own shortage, and its share of the rest."""
        if target.averages_return(move):
            value = target.price_in(move, move.quantity)
            self.book_taken(move, value)
            return value
        short = self.own_short(move, target)
        quantity = min(short.quantity, move.quantity) if short else 0
        cancelled = share(short.value, quantity, short.quantity) if short else 0
        value = cancelled + self.share_of_named(move, move.quantity - quantity, quantity, cancelled)
        self.book_taken(move, value)
        return value

    def own_short(self, move: Move, pool: Pool) -> Short | None:
        """The open shortage in this pool of the delivery that a return names."""
        return next((short for short in pool.shorts if short.move == move.named), None)

    def share_of_named(self, move: Move, quantity: int, less_quantity: int, less_value: int) -> int:
        """The share of `quantity` in what is left of the named net cost; never below zero."""
        net, whole, taken = self.named_cost(move)
        left_quantity = whole - taken[0] - less_quantity
        left_value = max(net - taken[1] - less_value, 0)
        if quantity >= left_quantity:
            return left_value if quantity else 0
        return share(left_value, quantity, left_quantity)

    def named_cost(self, move: Move) -> tuple[int, int, list[int]]:
        """The net cost and quantity of the named move, and [quantity, value] taken of it so far."""
        assert move.named is not None
        outside = self.books.named.get(move.named)
        taken = self.taken.get(move.named)
        if taken is None:
            taken = [outside.taken_quantity, outside.taken_value] if outside else [0, 0]
            self.taken[move.named] = taken
        if move.named in self.values:
            return self.values[move.named], self.descent.quantities[move.named], taken
        assert outside is not None, f"the move named by {move.id} is neither loaded nor given"
        return outside.net, outside.quantity, taken

    def book_taken(self, move: Move, value: int) -> None:
        """Notes what a move took of the cost it names; a return that was itself taken back took nothing."""
        if move.id in self.descent.named:
            return
        taken = self.named_cost(move)[2]
        taken[0] += move.quantity
        taken[1] += value

    def gather(self, move: Move, group: int, value: int) -> None:
        """What a move that is no product puts into its group: components, less what of them came back; a product taken back
        puts its value in again, without its fee, and gives its part free."""
        sums = self.sums.setdefault(group, [0, 0])
        assert group < 0 or sums[1] == 0, "a component after a product of its group"
        sums[0] += (value if move.source_pool is not None else -value) + move.given
        sums[1] -= move.part

    def share_of_group(self, move: Move) -> int:
        """A product's share of what is left of its components' cost, the last product taking the rest, plus its own fee.

        More may have come back to stock than a group that spans postings had left: then a product takes nothing of it.
        """
        assert move.group is not None
        sums = self.sums.setdefault(move.group, [0, 0])
        rest, left = sums[0] if move.group > 0 else max(sums[0], 0), move.whole - sums[1]
        value = rest if move.part >= left else share(rest, move.part, left)
        sums[0] -= value
        sums[1] += move.part
        return value + move.given

    def arrive(self, pool: Pool, index: int, move: Move, pieces: list[Piece]) -> None:
        """Goods reach a pool: first they cover its shortages in order, the rest stays."""
        for piece in pool.arrivals(move, pieces):
            layer = pool.open_layer(move, piece)
            quantity, value = piece.quantity, piece.value
            if pool.shorts and move.rule == COST_OF:
                quantity, value = self.cancel(pool, layer, move, quantity, value)
            while pool.shorts and quantity:
                quantity, value = self.cover(pool, layer, index, quantity, value)
            pool.put(layer, quantity, value)

    def cancel(self, pool: Pool, layer: OpenLayer | None, move: Move, quantity: int, value: int) -> tuple[int, int]:
        """A return cancels its own delivery's shortage at its provisional value."""
        short = self.own_short(move, pool)
        if short is None:
            return quantity, value
        part = min(short.quantity, quantity)
        provisional = self.settle(pool, short, part)
        pool.use(layer, short.move, part, provisional)
        return quantity - part, value - provisional

    def cover(self, pool: Pool, layer: OpenLayer | None, index: int, quantity: int, value: int) -> tuple[int, int]:
        """Arriving goods cover the oldest shortage; the difference flows into it, or to 成本差异."""
        short = pool.shorts[0]
        part = min(short.quantity, quantity)
        cost = share(value, part, quantity)
        provisional = self.settle(pool, short, part)
        if self.descent.flows(short.index, index):
            adjustments = self.found.adjustments
            adjustments[short.move] = adjustments.get(short.move, 0) + cost - provisional
            pool.use(layer, short.move, part, cost)
        else:
            covering = self.books.moves[index].id
            self.variances[covering] = self.variances.get(covering, 0) + cost - provisional
            pool.use(layer, short.move, part, provisional)
        return quantity - part, value - cost

    def settle(self, pool: Pool, short: Short, part: int) -> int:
        """Takes a part out of a shortage and gives its provisional value."""
        provisional = share(short.value, part, short.quantity)
        short.quantity -= part
        short.value -= provisional
        pool.quantity += part
        pool.value += provisional
        if short.quantity == 0:
            pool.shorts.remove(short)
        return provisional

    def need(self, pool: int, position: Position) -> None:
        """Notes that a pool must be loaded from a position."""
        self.needs[pool] = min(self.needs.get(pool, position), position)


def after_first_taker(books: Books, needs: dict[int, Position]) -> None:
    """Asks for moves outside the window that share in a named cost *after* a loaded or removed move took of it.

    Their shares depend on what was taken before them, to the cent.
    """
    if not books.followers:
        return
    first = dict(books.released)
    for move in books.moves:
        if move.named is not None:
            first[move.named] = min(first.get(move.named, position_of(move)), position_of(move))
    for named, taken in first.items():
        for pool, position in books.followers.get(named, ()):
            if position > taken and outside(books, pool, position):
                needs[pool] = min(needs.get(pool, position), position)


def outside(books: Books, pool: int, position: Position) -> bool:
    """窗口之外 Whether a position of a pool lies outside the window."""
    start = books.starts.get(pool)
    return start is None or start > position
