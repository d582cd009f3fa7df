"""对照账 The oracle: what every move is worth, worked out slowly and plainly, with none of the product's code.

It knows nothing of windows, passes, states or stores. It takes all live moves of all pools and works in three steps:

1. Quantities. Walk all moves in order and write down which arrival covers which shortage. Quantities do not depend
   on values, so this is done once. Goods that come out of a short issue must not pay for it: that is decided here
   too, by looking for a path in an explicit graph.
2. Values. Each pool's book is written on its own, from its first line to its last, taking what other pools send from
   the books as written the time before. All books are written again and again until nothing changes.
3. Read off: net value of each move, cost variance of each covering move, and what every pool holds at the end.

Amounts are Fractions in currency units and are rounded (half up, to the cent) exactly where an accountant would
write a figure down.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

MICRO = 1_000_000


def cents(amount: Fraction) -> Fraction:
    """四舍五入: half a cent rounds away from zero."""
    whole = int(abs(amount) * 100 + Fraction(1, 2))
    return Fraction(whole if amount >= 0 else -whole, 100)


def portion(value: Fraction, part: Fraction, whole: Fraction) -> Fraction:
    """Remaining value × share, half up; the last unit takes the rest."""
    return value if part == whole else cents(value * part / whole)


@dataclass
class Event:
    """A move, in units and currency. `at` is its place in the order of valuation."""

    at: int
    id: int
    day: int
    quantity: Fraction
    source: int | None
    target: int | None
    rule: str
    given: Fraction
    fallback: Fraction | None
    named: int | None
    group: int | None
    part: int
    whole: int
    reference: Fraction
    borne: Fraction = Fraction(0)


@dataclass
class Cover:
    """Arrival `by` meets `quantity` of what `short` lacked; its cost flows there, or the difference is a variance."""

    by: int
    short: int
    quantity: Fraction
    flows: bool
    cancels: bool


@dataclass
class Book:
    """One pool's book while it is written."""

    quantity: Fraction = Fraction(0)
    value: Fraction = Fraction(0)
    last: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))
    layers: list[list[Any]] = field(default_factory=list)  # [move, quantity, value, age]
    owed: dict[int, list[Fraction]] = field(default_factory=dict)  # short move → [quantity, provisional value]
    average: tuple[Fraction, Fraction] | None = None
    month: tuple[int, int] | None = None
    base: tuple[Fraction, Fraction] | None = None
    issued: Fraction = Fraction(0)
    sheet: dict[str, list[Event]] = field(default_factory=dict)  # the moves of the month, where it was run


class Oracle:
    """All live moves of all pools, in order. `methods` are by pool."""

    def __init__(self, moves: list[Any], methods: dict[int, str], run_through: int | None = None) -> None:
        ordered = sorted(moves, key=lambda move: (move.day, move.sequence, move.id))
        live = {None, *(m.id for m in moves if m.quantity or m.rule == "adjust")}  # who names what is gone takes the pool's cost
        self.events = [
            Event(at, m.id, m.day, Fraction(m.quantity, MICRO), m.source_pool, m.target_pool, str(m.rule) if m.named in live else "at_cost",
                  Fraction(m.given, MICRO), None if m.fallback is None else Fraction(m.fallback, MICRO),
                  m.named if m.named in live else None, m.group, m.part, m.whole, Fraction(m.reference or 0, MICRO))
            for at, m in enumerate(ordered)
        ]  # fmt: skip
        self.by_id = {event.id: event for event in self.events}
        self.methods, self.run_through = methods, run_through
        self.moving = [e for e in self.events if (e.quantity or e.rule == "adjust") and not (e.source == e.target and e.source is not None)]
        self.legs = {pool: [event for event in self.moving if pool in (event.source, event.target)] for pool in methods}
        self.months: dict[tuple[int, int, int], dict[str, list[Event]]] = {}
        self.covers: list[Cover] = []
        self.edges: dict[int, set[int]] = {event.id: set() for event in self.events}
        for step in (self.draw_graph, self.plan_months, self.plan_covers, self.write_books):
            step()

    # 1  quantities

    def draw_graph(self) -> None:
        """Edges 'the value of b hangs on a', apart from months and covers."""
        for a in self.moving:
            for b in self.moving[self.moving.index(a) + 1 :]:
                leaves = b.source if b.source is not None or b.rule != "at_cost" else b.target
                changed = {a.target, a.source if a.rule == "cost_of" else None}
                out_of_same_pool = leaves is not None and leaves in changed
                names = b.named is not None and b.named in (a.id, a.named)
                product = a.group is not None and b.group == a.group and b.rule == "sum_of" and a.rule != "sum_of"
                if out_of_same_pool or names or product:
                    self.edges[a.id].add(b.id)

    def reached(self, starts: list[int]) -> set[int]:
        """Every move that hangs on one of `starts`, themselves included."""
        seen, todo = set(starts), list(starts)
        while todo:
            todo.extend(new := self.edges[todo.pop()] - seen)
            seen |= new
        return seen

    def month_of(self, pool: int, day: int) -> tuple[int, int, int] | None:
        """(pool, year, month) if that month has been run by 全月一次."""
        if self.methods[pool] != "monthly_average" or self.run_through is None or day > self.run_through:
            return None
        when = date.fromordinal(day)
        return (pool, when.year, when.month)

    def plan_months(self) -> None:
        """Sorts the moves of each month to be run; leaves out months that open or close negative."""
        balance: dict[int, Fraction] = dict.fromkeys(self.methods, Fraction(0))
        ends: dict[tuple[int, int, int], list[Fraction]] = {}
        for event in self.moving:
            for pool, quantity in ((event.source, -event.quantity), (event.target, event.quantity)):
                if pool is None:
                    continue
                if month := self.month_of(pool, event.day):
                    sheet = self.months.setdefault(month, {"out": [], "in": [], "at_average": [], "adjusted": []})
                    ends.setdefault(month, [balance[pool], balance[pool]])[1] += quantity
                    same = event.rule == "cost_of" and event.named in [other.id for other in sheet["out"]]
                    averaged = same or (event.rule == "at_cost" and event.source in (None, pool))
                    part = "out" if quantity < 0 else "at_average" if averaged else "in"
                    sheet["adjusted" if event.rule == "adjust" else part].append(event)
                balance[pool] += quantity
        self.months = {month: sheet for month, sheet in self.months.items() if min(ends[month]) >= 0}
        for sheet in self.months.values():
            tainted = self.reached([event.id for event in sheet["out"]])
            sheet["descended"] = [event for event in sheet["in"] if event.id in tainted and self.internal(event)]
            sheet["in"] = [event for event in sheet["in"] if event not in sheet["descended"]]
            first = min(event.at for part in sheet.values() for event in part)
            for event in sheet["in"]:
                if self.internal(event):  # hangs together with every issue of the month, the earlier ones too
                    for e in self.legs[event.target or 0]:
                        if e.at >= first and (e.source == event.target or (e.source is None and e.rule == "at_cost")):
                            self.edges[event.id].add(e.id)
        bases = {month: ends[month][0] + sum(e.quantity for e in sheet["in"]) for month, sheet in self.months.items()}
        self.months = {month: sheet for month, sheet in self.months.items() if bases[month] > 0}

    @staticmethod
    def internal(event: Event) -> bool:
        """Whether other moves determine what an arrival costs."""
        return (event.source is not None and event.quantity > 0) or event.rule in ("cost_of", "sum_of")

    def plan_covers(self) -> None:
        """Walks the quantities and writes down who covers whom."""
        balance = dict.fromkeys(self.methods, Fraction(0))
        owed: dict[int, list[list[Any]]] = {pool: [] for pool in self.methods}
        for event in self.moving:
            for pool, quantity in ((event.source, -event.quantity), (event.target, event.quantity)):
                if pool is None:
                    continue
                if quantity > 0:
                    self.meet(event, quantity, owed[pool])
                elif self.month_of(pool, event.day) not in self.months:
                    lacking = -quantity - max(min(-quantity, balance[pool]), Fraction(0))
                    if lacking:
                        owed[pool].append([event.id, lacking])
                balance[pool] += quantity

    def meet(self, event: Event, quantity: Fraction, owed: list[list[Any]]) -> None:
        """An arrival meets what a pool owes: its own delivery's first, then in order."""
        own = [debt for debt in owed if event.rule == "cost_of" and debt[0] == event.named]
        for debt in own + [debt for debt in owed if debt not in own]:
            part = min(quantity, debt[1])
            if part == 0:
                break
            cancels = debt in own
            flows = not cancels and not (self.internal(event) and event.id in self.reached([debt[0]]))
            self.covers.append(Cover(event.id, debt[0], part, flows, cancels))
            if flows:
                self.edges[event.id].add(debt[0])
            quantity -= part
            debt[1] -= part
        owed[:] = [debt for debt in owed if debt[1]]

    # 2  values

    def write_books(self) -> None:
        """Writes all books until nothing changes."""
        self.net: dict[int, Fraction] = {event.id: Fraction(0) for event in self.events}
        self.pieces: dict[int, list[list[Any]]] = {}
        for _ in range(3 * len(self.events) + 5):
            self.new_net: dict[int, Fraction] = dict(self.net)
            self.new_pieces: dict[int, list[list[Any]]] = {}
            self.variance: dict[int, Fraction] = {}
            self.books = {pool: self.write(pool) for pool in self.methods}
            if (self.net, self.pieces) == (self.new_net, self.new_pieces):
                return
            self.net, self.pieces = self.new_net, self.new_pieces
        raise AssertionError("the books do not settle")

    def write(self, pool: int) -> Book:
        """Writes one pool's book."""
        book = Book()
        for event in self.legs[pool]:
            self.turn_month(pool, book, event.day)
            if event.rule == "adjust":
                self.adjust(pool, book, event)
            elif event.source == pool and event.quantity > 0:
                self.issue(pool, book, event)
            elif event.source == pool:
                value = self.unpriced(book, event, -event.quantity)
                self.new_net[event.id] = -value
                self.arrive(pool, book, event, [[-event.quantity, value, event.day]])
            else:
                self.arrive(pool, book, event, self.incoming(pool, book, event))
        self.turn_month(pool, book, date.max.toordinal())
        return book

    def turn_month(self, pool: int, book: Book, day: int) -> None:
        """At a month's first line: what its average will be. At its end the average becomes the last one."""
        when = date.fromordinal(day)
        if (when.year, when.month) == book.month:
            return
        if book.base:
            book.average, book.last = book.base, book.last if book.quantity else book.base
        book.month, book.base, book.issued = (when.year, when.month), None, Fraction(0)
        book.sheet = sheet = self.months.get((pool, when.year, when.month), {})
        if not sheet:
            return
        quantity = book.quantity + sum(event.quantity for event in sheet["in"])
        value = book.value + sum(piece[1] for event in sheet["in"] for piece in self.incoming(pool, book, event))
        for event in sheet["adjusted"]:
            event.borne = self.borne(event, value)
            value -= event.borne
        book.base = (quantity, value)

    def borne(self, event: Event, value: Fraction) -> Fraction:
        """What an adjustment takes out of goods worth `value` (below zero: puts in): never more than there is."""
        amount = event.given if event.named is None else self.net[event.named]
        return min(amount, max(value, Fraction(0))) if event.source is not None else -amount

    def adjust(self, pool: int, book: Book, event: Event) -> None:
        """Value alone comes or goes: in a month that was run the base has borne it, else the goods there do, if there are any."""
        taken = event.borne if book.base else self.borne(event, book.value) if book.quantity > 0 else Fraction(0)
        book.value -= taken
        self.new_net[event.id] = taken if event.source is not None else -taken
        weights, left = [layer[2] if taken > 0 else layer[1] for layer in book.layers], taken
        for at, layer in enumerate(book.layers):
            part = portion(left, weights[at], sum(weights[at:], Fraction(0))) if weights[at] else Fraction(0)
            left, layer[2] = left - part, layer[2] - part

    def at_average(self, book: Book, quantity: Fraction) -> Fraction:
        """What `quantity` more issues take at the month's average, by cumulative remainder."""
        assert book.base
        whole, value = book.base
        before = cents(value * book.issued / whole)
        book.issued += quantity
        return cents(value * book.issued / whole) - before

    def issue(self, pool: int, book: Book, event: Event) -> None:
        """Goods go out: what is there at cost, what is not there at a provisional value."""
        wanted = self.share_of_named(event, event.quantity, Fraction(0), Fraction(0)) if event.named else None
        if book.base:
            there = event.quantity
            pieces: list[list[Any]] = [[there, self.at_average(book, there), event.day]]
        else:
            there = max(min(event.quantity, book.quantity), Fraction(0))
            pieces = self.take(pool, book, event, there, wanted) if there else []
        book.quantity, book.value = book.quantity - there, book.value - sum(piece[1] for piece in pieces)
        lacking = event.quantity - there
        if lacking:
            value = self.unknown(book, event, lacking)
            book.owed[event.id] = [lacking, value]
            book.quantity, book.value = book.quantity - lacking, book.value - value
            pieces.append([lacking, value, event.day])
        self.new_pieces[event.id] = pieces
        self.new_net[event.id] = sum((piece[1] for piece in pieces), Fraction(0))

    def take(self, pool: int, book: Book, event: Event, quantity: Fraction, wanted: Fraction | None) -> list[list[Any]]:
        """What is there goes out at the cost of the pool's method."""
        if quantity == book.quantity:
            book.last = (book.quantity, book.value)
        if self.methods[pool] == "fifo":
            pieces: list[list[Any]] = []
            own = [layer for layer in book.layers if event.named is not None and layer[0] == event.named]
            for layer in own + [layer for layer in book.layers if layer not in own]:
                if part := min(quantity, layer[1]):
                    value = portion(layer[2], part, layer[1])
                    pieces.append([part, value, layer[3]])
                    quantity, layer[1], layer[2] = quantity - part, layer[1] - part, layer[2] - value
            book.layers = [layer for layer in book.layers if layer[1]]
            return pieces
        if wanted is None and book.average:
            wanted = cents(book.average[1] * quantity / book.average[0])
        fits = wanted is not None and quantity < book.quantity and wanted <= book.value
        return [[quantity, wanted if fits else portion(book.value, quantity, book.quantity), event.day]]

    def unknown(self, book: Book, event: Event, quantity: Fraction) -> Fraction:
        """Line's price, else (全月一次: last average, else) last known unit cost, else reference cost, else nothing."""
        if event.fallback is not None:
            return portion(event.fallback, quantity, abs(event.quantity))
        whole, value = book.average or book.last
        return cents(value * quantity / whole if whole else event.reference * quantity)

    def unpriced(self, book: Book, event: Event, quantity: Fraction) -> Fraction:
        """Goods come in without a price: at the pool's rate if it has one."""
        if book.base:
            return -self.at_average(book, -quantity)
        return cents(book.value * quantity / book.quantity) if book.quantity > 0 else self.unknown(book, event, quantity)

    def incoming(self, pool: int, book: Book, event: Event) -> list[list[Any]]:
        """What an arrival brings, as pieces of (quantity, value, age)."""
        if event.source is not None:
            return [list(piece) for piece in self.pieces.get(event.id, [[event.quantity, Fraction(0), event.day]])]
        value = event.given
        if event.rule == "sum_of":
            value = self.share_of_group(event)
        elif event.rule == "at_cost":
            value = self.unpriced(book, event, event.quantity)
        elif event.rule == "cost_of":
            value = self.returned(pool, book, event)
        self.new_net[event.id] = value
        return [[event.quantity, value, event.day]]

    def returned(self, pool: int, book: Book, event: Event) -> Fraction:
        """A customer return: its delivery's own shortage at its provisional value, the rest at net cost."""
        if book.base and event in book.sheet["at_average"]:
            return -self.at_average(book, -event.quantity)
        lacking, provisional = book.owed.get(event.named or 0, [Fraction(0), Fraction(0)])
        part = min(lacking, event.quantity)
        cancelled = portion(provisional, part, lacking) if part else Fraction(0)
        return cancelled + self.share_of_named(event, event.quantity - part, part, cancelled)

    def share_of_named(self, event: Event, quantity: Fraction, less: Fraction, less_value: Fraction) -> Fraction:
        """The share of what earlier moves left of the named cost; the last unit takes the rest; never below zero."""
        named = self.by_id[event.named or 0]
        back = {e.named for e in self.moving}
        earlier = [e for e in self.moving if e.named == named.id and e.at < event.at and e.rule == "cost_of" and e.id not in back]
        left = named.quantity - sum(e.quantity for e in earlier) - less
        left_value = max(self.net[named.id] - sum(self.net[e.id] for e in earlier) - less_value, Fraction(0))
        return Fraction(0) if not quantity else left_value if quantity >= left else portion(left_value, quantity, left)

    def share_of_group(self, event: Event) -> Fraction:
        """Product: its part in what its group still holds of its issues, the last product taking the rest, plus its fee."""
        before = [e for e in self.moving if e.group == event.group and e.at < event.at]
        products, others = [e for e in before if e.rule == "sum_of"], [e for e in before if e.rule != "sum_of"]
        held = sum((self.net[e.id] if e.source is not None else -self.net[e.id] for e in others), Fraction(0))
        held += sum((e.given for e in others), Fraction(0)) - sum((self.net[e.id] - e.given for e in products), Fraction(0))
        open_parts = event.whole - sum(e.part for e in products) + sum(e.part for e in others)
        held = held if (event.group or 0) > 0 else max(held, Fraction(0))
        return event.given + (held if event.part >= open_parts else portion(held, Fraction(event.part), Fraction(open_parts)))

    def arrive(self, pool: int, book: Book, event: Event, pieces: list[list[Any]]) -> None:
        """Goods reach the pool: what was owed is settled as planned, the rest stays."""
        if self.methods[pool] != "fifo":
            pieces = [[sum(p[0] for p in pieces), sum(p[1] for p in pieces), event.day]]
        if book.base and event in book.sheet["descended"]:
            value = -self.at_average(book, -pieces[0][0])
            self.variance[event.id] = pieces[0][1] - value
            pieces[0][1] = value
        remaining: list[list[Any]] = [[c, c.quantity] for c in self.covers if c.by == event.id and c.short in book.owed]
        for quantity, value, age in pieces:
            book.quantity, book.value = book.quantity + quantity, book.value + value
            while remaining and quantity:
                cover, debt = remaining[0][0], book.owed[remaining[0][0].short]
                part = min(remaining[0][1], quantity)
                provisional = portion(debt[1], part, debt[0])
                cost = provisional if cover.cancels else portion(value, part, quantity)
                if cover.flows:
                    self.new_net[cover.short] += cost - provisional
                    self.new_pieces[cover.short][-1][1] += cost - provisional
                elif cost != provisional:
                    self.variance[event.id] = self.variance.get(event.id, Fraction(0)) + cost - provisional
                book.value -= cost - provisional
                quantity, value = quantity - part, value - cost
                debt[0], debt[1] = debt[0] - part, debt[1] - provisional
                remaining[0][1] -= part
                remaining = [rest for rest in remaining if rest[1]]
            if quantity and self.methods[pool] == "fifo":
                book.layers.append([event.id, quantity, value, age])
        book.owed = {short: debt for short, debt in book.owed.items() if debt[0]}
