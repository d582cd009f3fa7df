"""来源追踪 Descent: does this move's value depend on that short issue?

Goods that cover a shortage pass their cost back to the short issue, to its own earlier position. If those goods
came out of the issue itself (sent to another warehouse, then sent back), their cost would depend on itself; there
the difference goes to 成本差异 instead. A move depends on an issue when it can be reached from it:

- a move into a pool reaches every later move out of that pool (in a month valued as a whole, 全月一次, every move
  out of the pool in that month and later);
- a move reaches the moves that name it by COST_OF, and those that share in what is left of the named cost;
- a return to a supplier reaches every later move out of its pool: it takes the cost it names, not the pool's;
- a component reaches the later products of its group;
- a covering move reaches the short issue that it covered, because its cost flowed there.

Without the last line two short issues could cover each other's goods and have no value at all. The relation is
over pools, not single goods: simple to explain, and never too narrow. The search scans the window, which is
needed only when an internal move covers a shortage whose goods stayed inside; plain histories never come here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from hengcang.core.costing_types import Books, Move, Position, Rule, Tangle


class Descent:
    """来源关系 Descent relation of one replay: the cover edges found so far, and the pools that must be known."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.months: dict[int, int] = {}  # index of an arrival in a month valued as a whole → index just before it
        self.covers: dict[int, list[int]] = {}
        self.decided: dict[tuple[int, int], bool] = {}
        self.needs: dict[int, Position] = {}
        self.tangles: list[Tangle] = []

    @cached_property
    def named(self) -> set[int]:
        """The moves that some move names."""
        return {move.named for move in self.books.moves if move.named is not None} | set(self.books.followers)

    @cached_property
    def quantities(self) -> dict[int, int]:
        """The quantity of every loaded move that some move names."""
        return {move.id: move.quantity for move in self.books.moves if move.id in self.named}

    @cached_property
    def leading(self) -> set[int]:
        """The moves whose value other moves use: goods that stay inside, components, what is named or shares a name."""
        inside = {move.id for move in self.books.moves if move.target_pool is not None or move.group is not None or move.named is not None}
        return inside | self.named

    def has_dependents(self, move: int) -> bool:
        """Whether other moves use the value of this one."""
        return move in self.leading

    def flows(self, short: int, covering: int) -> bool:
        """Whether the cost of the move at index `covering` flows into the short issue at index `short`."""
        key = (short, covering)
        known = self.decided.get(key)
        if known is None:
            covering_move = self.books.moves[covering]
            known = True
            if is_internal(covering_move):
                issue = self.books.moves[short]
                assert issue.source_pool is not None
                known = not self.reached((short,), (covering,))
                self.note(issue.source_pool, position_of(issue), position_of(covering_move), (short,))
            self.decided[key] = known
            if known:
                self.covers.setdefault(covering, []).append(short)
        return known

    def reached(self, origins: Iterable[int], goals: Sequence[int]) -> set[int]:
        """The indexes among `goals` that can be reached from one of the moves at `origins`."""
        spread = Spread(self, origins)
        if spread.ends():
            return set()
        spread.scan(len(self.books.moves) - 1 if self.months else max(goals))
        found = spread.marked.intersection(goals)
        if len(found) < len(goals):
            self.ask(spread.marked)
        return found

    def note(self, pool: int, start: Position, end: Position, origins: Sequence[int]) -> None:
        """Notes a decision that changes elsewhere could turn."""
        leaf = origins[0] if len(origins) == 1 and Spread(self, origins).ends() else None
        if self.months and self.books.run_through is not None:
            end = max(end, (self.books.run_through + 1, 0, 0))
        self.tangles.append(Tangle(pool, start, end, None if leaf is None else self.books.moves[leaf].id))

    def ask(self, marked: Iterable[int]) -> None:
        """Notes the pools outside the window into which a marked move leads."""
        for index in marked:
            move = self.books.moves[index]
            if move.target_pool is not None:
                self.need(move.target_pool, position_of(move))
            for pool, position in self.books.followers.get(move.id, ()):
                self.need(pool, position)

    def need(self, pool: int, position: Position) -> None:
        """Notes that a pool must be loaded from a position, unless it is."""
        start = self.books.starts.get(pool)
        if start is None or start > position:
            self.needs[pool] = min(self.needs.get(pool, position), position)


def position_of(move: Move) -> Position:
    """次序 Position of a move in the order of valuation."""
    return (move.day, move.sequence, move.id)


def is_internal(move: Move) -> bool:
    """内部来货 Whether arriving goods have a cost that other moves determine."""
    return (move.source_pool is not None and move.quantity > 0) or move.rule in (Rule.COST_OF, Rule.SUM_OF)


class Spread:
    """扩散 Spread: what one search has reached; pools and named costs with the index after which they count."""

    def __init__(self, descent: Descent, origins: Iterable[int]) -> None:
        self.descent = descent
        self.marked: set[int] = set()
        self.pools: dict[int, int] = {}
        self.named: dict[int, int] = {}
        self.groups: dict[int, int] = {}
        self.at = self.restart = len(descent.books.moves)
        for origin in origins:
            self.mark(origin)

    def ends(self) -> bool:
        """Whether nothing can follow: goods sold, named by nobody."""
        return not (self.pools or self.groups or self.named.keys() & self.descent.named)

    def scan(self, last: int) -> None:
        """Marks everything that can be reached, up to and including the move at index `last`."""
        moves = self.descent.books.moves
        while self.restart <= last:
            start, self.restart = self.restart, last + 1
            for self.at in range(start, last + 1):
                if self.at not in self.marked and self.touches(self.at, moves[self.at]):
                    self.mark(self.at)

    def touches(self, index: int, move: Move) -> bool:
        """Whether a move hangs on something reached."""
        if move.named is not None and self.named.get(move.named, index) < index:
            return True
        if move.rule == Rule.SUM_OF and move.group is not None and self.groups.get(move.group, index) < index:
            return True
        pool = move.source_pool
        if pool is None and move.rule == Rule.AT_COST:
            pool = move.target_pool
        return pool is not None and self.pools.get(pool, index) < index

    def mark(self, index: int) -> None:
        """Adds a move and what it reaches at once."""
        if index in self.marked:
            return
        self.marked.add(index)
        move = self.descent.books.moves[index]
        self.reach(self.named, move.id, index)
        if move.named is not None:
            self.reach(self.named, move.named, index)
        if move.group is not None and move.rule != Rule.SUM_OF:
            self.reach(self.groups, move.group, index)
        if move.target_pool is not None and move.target_pool != move.source_pool:
            self.reach(self.pools, move.target_pool, self.descent.months.get(index, index))
        if move.source_pool is not None and move.rule == Rule.COST_OF:
            self.reach(self.pools, move.source_pool, index)
        for short in self.descent.covers.get(index, ()):
            self.mark(short)

    def reach(self, known: dict[int, int], key: int, since: int) -> None:
        """Lowers the index after which a pool or a named cost counts as reached."""
        if since < known.get(key, since + 1):
            known[key] = since
            if since < self.at:
                self.restart = min(self.restart, since + 1)
