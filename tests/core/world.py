"""业务世界 A small trading world: turns drawn numbers into legal documents on a MemoryStore.

Every operation either happens or is refused (and then nothing may have changed). Pools 1–3 are warehouses of one
item, pool 4 is the product assembled from it. Quantities and prices are awkward on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random

from hengcang.core.amounts import CENT, SCALE, cents
from hengcang.core.costing import Method, Move, Rule
from hengcang.core.counting import Count, count_corrections, count_difference
from hengcang.core.stock import Delta, NegativeStock, check_stock
from tests.core.memory_store import MemoryStore

FIRST_DAY = date(2024, 1, 1).toordinal()
MONTH_ENDS = [date(2023, 12, 31).toordinal(), date(2024, 1, 31).toordinal(), date(2024, 2, 29).toordinal(),
              date(2024, 3, 31).toordinal()]  # fmt: skip
QUANTITIES = [1, 2, 3, 5, 7, 10, 0.5, 2.333333, 12, 20]
PRICES = [10, 12, 0.01, 3.33, 16.67, 0, 99.99, 7]
PRODUCT = 4


@dataclass(frozen=True)
class Setting:
    """What is fixed for one history."""

    method: str
    product_method: str
    warehouses: int
    negative: bool
    reference: bool


@dataclass(frozen=True)
class Draw:
    """Drawn numbers of one operation; each operation reads them as it needs."""

    kind: int
    place: int = 0
    other: int = 0
    quantity: int = 0
    price: int = 0
    day: int = 0
    pick: int = 0
    flag: bool = False


@dataclass
class World:
    setting: Setting
    store: MemoryStore = field(init=False)
    sequence: int = 0
    next_id: int = 0
    postings: dict[int, list[int]] = field(default_factory=dict)
    counts: dict[int, Count] = field(default_factory=dict)
    reversals: set[int] = field(default_factory=set)
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        setting = self.setting
        count = 1 if setting.method == Method.MONTHLY else setting.warehouses
        self.places = list(range(1, count + 1))
        methods = {**dict.fromkeys(self.places, setting.method), PRODUCT: setting.product_method}
        self.store = MemoryStore(methods)

    # the store's side of a posting

    def post(self, added: list[Move], removed: list[int] | None = None, changed: list[Move] | None = None) -> bool:
        """Posts if stock allows, correcting the counts that it passes."""
        removed, changed = removed or [], changed or []
        deltas = [delta for move in added for delta in deltas_of(move, 1)]
        deltas += [delta for one in removed for delta in deltas_of(self.store.moves[one], -1)]
        live = [count for count in self.counts.values() if count.move not in removed]
        corrections = count_corrections(live, deltas)
        for one, quantity in corrections.items():
            move = self.store.moves[one]
            changed.append(move._replace(quantity=move.quantity + quantity))
            deltas.append(Delta(move.source_pool or 0, move.day, move.sequence, -quantity))
        if not self.setting.negative and not self.stock_allows(deltas):
            return False
        self.store.change(added, removed, changed)
        for one in removed:
            self.counts.pop(one, None)
        return True

    def stock_allows(self, deltas: list[Delta]) -> bool:
        keys = {delta.key: min((d.day, d.sequence) for d in deltas if d.key == delta.key) for delta in deltas}
        live = [delta for move in self.store.moves.values() for delta in deltas_of(move, 1)]
        before = {key: sum(d.quantity for d in live if d.key == key and (d.day, d.sequence) < first) for key, first in keys.items()}
        later = [d for d in live if d.key in keys and (d.day, d.sequence) >= keys[d.key]]
        return not check_stock(before, later, deltas, dict.fromkeys(keys, NegativeStock.FORBID)).refused

    def move(self, draw: Draw, source: int | None, target: int | None, rule: Rule, **more: int | None) -> Move:
        """A move at the drawn day, quantity and price, at the current sequence; the reference cost changes all the time."""
        self.next_id += 1
        reference = (9 + self.sequence % 3) * SCALE if self.setting.reference else None
        values: dict[str, int | None] = {"quantity": quantity_of(draw), "reference": reference, **more}
        day = FIRST_DAY + draw.day
        return Move(self.next_id, day, self.sequence, source_pool=source, target_pool=target, rule=rule, **values)  # type: ignore[arg-type]

    def place(self, number: int) -> int:
        return self.places[number % len(self.places)]

    # documents

    def run(self, draw: Draw) -> bool:
        """Does one operation; tells whether anything was posted."""
        self.sequence += 1
        operation = OPERATIONS[draw.kind % len(OPERATIONS)]
        done = operation(self, draw)
        if done and self.next_id:
            self.log.append(f"{operation.__name__} {draw}")
        return done

    def book(self, moves: list[Move]) -> bool:
        if not self.post(moves):
            return False
        self.postings[self.sequence] = [move.id for move in moves]
        return True

    def receive(self, draw: Draw) -> bool:
        amount = cents(quantity_of(draw) * price_of(draw), SCALE)
        return self.book([self.move(draw, None, self.place(draw.place), Rule.GIVEN, given=amount)])

    def receive_unpriced(self, draw: Draw) -> bool:
        pool = PRODUCT if draw.other % 5 == 0 else self.place(draw.place)
        return self.book([self.move(draw, None, pool, Rule.AT_COST, fallback=self.fallback(draw))])

    def issue(self, draw: Draw) -> bool:
        pool = PRODUCT if draw.other % 5 == 0 else self.place(draw.place)
        return self.book([self.move(draw, pool, None, Rule.AT_COST, fallback=self.fallback(draw))])

    def fallback(self, draw: Draw) -> int | None:
        return cents(quantity_of(draw) * price_of(draw), SCALE) if draw.flag else None

    def transfer(self, draw: Draw) -> bool:
        source, target = self.place(draw.place), self.place(draw.place + 1 + draw.other)
        return self.book([self.move(draw, source, target, Rule.AT_COST, fallback=self.fallback(draw))])

    def returnable(self, draw: Draw, wanted: Callable[[Move], bool]) -> tuple[Move, int] | None:
        """A move that can be named, and what is left of it."""
        moves = [move for move in self.store.moves.values() if wanted(move) and move.day <= FIRST_DAY + draw.day]
        if not moves:
            return None
        named = moves[draw.pick % len(moves)]
        back = {move.named for move in self.store.moves.values()}
        taken = sum(move.quantity for move in self.store.moves.values() if move.named == named.id and move.id not in back)
        left = min(named.quantity - taken, quantity_of(draw) if draw.pick % 3 else named.quantity)
        return (named, left) if left > 0 else None

    def sales_return(self, draw: Draw) -> bool:
        found = self.returnable(draw, lambda m: m.target_pool is None and m.group is None and m.id not in self.counts
                                and m.rule == Rule.AT_COST)  # fmt: skip
        if found is None:
            return False
        named, quantity = found
        source = named.source_pool or 0
        pool = self.place(draw.place) if draw.flag and source != PRODUCT else source
        return self.book([self.move(draw, None, pool, Rule.COST_OF, named=named.id, quantity=quantity)])

    def purchase_return(self, draw: Draw) -> bool:
        found = self.returnable(draw, lambda m: m.source_pool is None and m.rule == Rule.GIVEN)
        if found is None:
            return False
        named, quantity = found
        pool = self.place(draw.place) if draw.flag else named.target_pool
        return self.book([self.move(draw, pool, None, Rule.COST_OF, named=named.id, quantity=quantity)])

    def take_back(self, draw: Draw) -> bool:
        """A return is reversed, whole and for good: the goods go back at what it took."""
        moves = self.store.moves
        back = {move.named for move in moves.values()}
        found = [move for move in moves.values() if move.rule == Rule.COST_OF and move.id not in back and move.id not in self.reversals]
        if not found:
            return False
        one = found[draw.pick % len(found)]
        on = replace(draw, day=max(draw.day, one.day - FIRST_DAY))
        move = self.move(on, one.target_pool, one.source_pool, Rule.COST_OF, named=one.id, quantity=one.quantity, group=one.group)
        if not self.post([move]):
            return False
        self.reversals.add(move.id)
        return True

    def order_issue(self, draw: Draw) -> bool:
        """Material goes to one of two orders."""
        return self.book([self.move(draw, self.place(draw.place), None, Rule.AT_COST, group=self.order(draw))])

    def order(self, draw: Draw) -> int:
        return -1 - draw.pick % 2

    def order_receipt(self, draw: Draw) -> bool:
        """Some of what an order makes comes to stock."""
        quantity, fee = quantity_of(draw) // 2, price_of(draw) // CENT * CENT
        return self.book([self.move(draw, None, PRODUCT, Rule.SUM_OF, group=self.order(draw), given=fee, quantity=quantity, part=quantity,
                                    whole=10 * SCALE)])  # fmt: skip

    def order_return(self, draw: Draw) -> bool:
        """Material comes back from an order."""
        found = self.returnable(draw, lambda m: m.rule == Rule.AT_COST and (m.group or 0) < 0)
        if found is None:
            return False
        named, quantity = found
        pool = self.place(draw.place) if draw.flag else named.source_pool
        return self.book([self.move(draw, None, pool, Rule.COST_OF, named=named.id, quantity=quantity, group=named.group)])

    def order_take_back(self, draw: Draw) -> bool:
        """A product of an order is taken back, whole."""
        found = self.returnable(draw, lambda m: m.rule == Rule.SUM_OF and (m.group or 0) < 0)
        if found is None or found[1] != found[0].quantity:
            return False
        one, quantity = found
        move = self.move(draw, one.target_pool, None, Rule.COST_OF, named=one.id, quantity=quantity, group=one.group, part=one.part,
                         given=-one.given)  # fmt: skip
        if not self.post([move]):
            return False
        self.reversals.add(move.id)
        return True

    def assemble(self, draw: Draw) -> bool:
        group = self.sequence
        moves = [self.move(draw, self.place(draw.place), None, Rule.AT_COST, group=group)]
        if draw.flag:
            moves.append(self.move(draw, self.place(draw.place + 1), None, Rule.AT_COST, group=group, quantity=SCALE))
        moves.append(self.move(draw, None, PRODUCT, Rule.SUM_OF, group=group, given=price_of(draw) // CENT * CENT,
                               quantity=quantity_of(draw) // 2))  # fmt: skip
        return self.book(moves)

    def disassemble(self, draw: Draw) -> bool:
        group, whole = self.sequence, 7
        moves = [self.move(draw, PRODUCT, None, Rule.AT_COST, group=group)]
        for part, place in ((4, draw.place), (3, draw.place + 1)):
            moves.append(self.move(draw, None, self.place(place), Rule.SUM_OF, group=group, part=part, whole=whole))
        return self.book(moves)

    def count(self, draw: Draw) -> bool:
        pool = self.place(draw.place)
        here = (FIRST_DAY + draw.day, self.sequence)
        before = [d for move in self.store.moves.values() for d in deltas_of(move, 1) if d.key == pool]
        book = sum(d.quantity for d in before if (d.day, d.sequence) < here)
        counted = max(book + (quantity_of(draw) if draw.flag else -quantity_of(draw)) // 2, 0)
        move = self.move(draw, pool, None, Rule.AT_COST, quantity=count_difference(book, counted))
        if not self.book([move]):
            return False
        self.counts[move.id] = Count(move.id, pool, move.day, move.sequence)
        return True

    def charge(self, draw: Draw) -> bool:
        """Landed cost, or a price that turns out different."""
        moves = [move for move in self.store.moves.values() if move.rule in (Rule.GIVEN, Rule.SUM_OF)]
        if not moves:
            return False
        move = moves[draw.pick % len(moves)]
        amount = price_of(draw) * 3 // CENT * CENT
        self.store.change(changed=[move._replace(given=amount if draw.flag else move.given + amount)])
        return True

    def adjust(self, draw: Draw) -> bool:
        """Value alone is taken out of a pool, or put in."""
        pool = PRODUCT if draw.other % 5 == 0 else self.place(draw.place)
        ends = (pool, None) if draw.flag else (None, pool)
        amount = (price_of(draw) * 3 + CENT) // CENT * CENT
        return self.book([self.move(draw, *ends, Rule.ADJUST, quantity=0, given=amount)])

    def adjust_back(self, draw: Draw) -> bool:
        """An adjustment is taken back, whole and for good."""
        moves = self.store.moves
        back = {move.named for move in moves.values()}
        found = [move for move in moves.values() if move.rule == Rule.ADJUST and move.named is None and move.id not in back]
        if not found:
            return False
        one = found[draw.pick % len(found)]
        on = replace(draw, day=max(draw.day, one.day - FIRST_DAY))
        ends = (one.target_pool, one.source_pool)
        return self.post([self.move(on, *ends, Rule.ADJUST, quantity=0, given=one.net or 0, named=one.id)])

    def unpost(self, draw: Draw) -> bool:
        if not self.postings:
            return False
        return self.undo(list(self.postings)[draw.pick % len(self.postings)])

    def undo(self, sequence: int) -> bool:
        """Takes a posting out, unless a live move names it (a return that was taken back does not count) or stock forbids."""
        ids = self.postings[sequence]
        back = {move.named for move in self.store.moves.values()}
        if any(move.named in ids and move.id not in back for move in self.store.moves.values()):
            return False
        if not self.post([], removed=ids):
            return False
        del self.postings[sequence]
        return True

    def run_months(self, draw: Draw) -> bool:
        """Runs 全月一次 through the end of a month, or takes the run back."""
        if Method.MONTHLY not in self.store.methods.values():
            return self.receive(draw)
        through = MONTH_ENDS[draw.pick % len(MONTH_ENDS)]
        first = min(through, self.store.run_through or MONTH_ENDS[0]) + 1
        self.store.run_through = through
        self.store.change(from_day=first)
        return True


def quantity_of(draw: Draw) -> int:
    return round(QUANTITIES[draw.quantity % len(QUANTITIES)] * SCALE)


def price_of(draw: Draw) -> int:
    return round(PRICES[draw.price % len(PRICES)] * SCALE)


def deltas_of(move: Move, sign: int) -> list[Delta]:
    """What a move does to the stock of its pools."""
    found = []
    if move.source_pool != move.target_pool:
        if move.source_pool is not None:
            found.append(Delta(move.source_pool, move.day, move.sequence, -sign * move.quantity))
        if move.target_pool is not None:
            found.append(Delta(move.target_pool, move.day, move.sequence, sign * move.quantity))
    return found


OPERATIONS: list[Callable[[World, Draw], bool]] = [
    World.receive, World.issue, World.transfer, World.sales_return, World.receive, World.issue, World.count,
    World.purchase_return, World.unpost, World.charge, World.assemble, World.disassemble, World.transfer,
    World.receive_unpriced, World.run_months, World.issue, World.take_back,
    World.order_issue, World.order_receipt, World.order_return, World.order_take_back, World.order_issue, World.order_receipt,
    World.adjust, World.adjust, World.adjust_back,
]  # fmt: skip


def seeded(numbers: Random) -> tuple[Setting, list[Draw]]:
    """A setting and a history from a seeded source, for runs that must always be the same."""
    methods = [str(method) for method in Method]
    setting = Setting(
        numbers.choice(methods), numbers.choice(methods), numbers.randint(1, 3), numbers.random() < 0.75,
        numbers.random() < 0.5,
    )  # fmt: skip
    days = 75 if numbers.random() < 0.8 else 5
    draws = [
        Draw(numbers.randint(0, len(OPERATIONS) - 1), numbers.randint(0, 2), numbers.randint(0, 4), numbers.randint(0, 9),
             numbers.randint(0, 7), numbers.randint(0, days), numbers.randint(0, 20), numbers.random() < 0.5)
        for _ in range(numbers.randint(1, 24))
    ]  # fmt: skip
    return setting, draws
