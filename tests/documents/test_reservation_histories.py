"""Random lives of orders that hold stock back, by lot and by line, beside a small model that knows nothing of ours."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest

from hengcang.base.book import change_book
from hengcang.core.errors import HengcangError
from hengcang.core.holding import Part
from hengcang.documents import services
from hengcang.ledger import check
from hengcang.ledger.models import Reservation, StockBalance
from hengcang.meta import registry
from hengcang.records.models import Document
from tests import make
from tests.make import day

pytestmark = pytest.mark.django_db
LOTS = ("L1", "L2")
STEPS = 45


@dataclass
class Line:
    """A line as the model has it: ordered, delivered, and how much of the ordered it is to hold back."""

    pk: int
    lot: str
    ordered: int
    wanted: int
    done: int = 0
    live: bool = True

    @property
    def held(self) -> int:
        return max(self.wanted - self.done, 0) if self.live else 0

    @property
    def room(self) -> int:
        return self.ordered - self.done - self.held


class Life:
    """The company, its orders and deliveries, and the model beside them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.company = make.company()
        self.company.item("牛奶", tracking="lot")
        change_book(reserved_stock="forbid")
        self.stock = dict.fromkeys(LOTS, 60)
        for lot in LOTS:
            self.company.receipt(day(1), "60", "3", "牛奶", lot=lot)
        self.orders: list[tuple[Document, list[Line]]] = []
        self.delivered: list[tuple[Document, Line, str, int]] = []

    @property
    def lines(self) -> list[Line]:
        return [line for _, lines in self.orders for line in lines]

    def takes(self, line: Line, lot: str, quantity: int) -> bool:
        """Whether shipping that of a lot for a line takes what is held back: of the lot, or of any in the warehouse."""
        given_up = line.held - max(line.wanted - line.done - quantity, 0)
        of_lot = sum(one.held for one in self.lines if one.lot == lot) - (given_up if line.lot == lot else 0)
        of_all = sum(one.held for one in self.lines) - given_up
        lot_falls, all_falls = quantity > (given_up if line.lot == lot else 0), quantity > given_up
        lot_lacks, all_lack = self.stock[lot] - quantity < of_lot, sum(self.stock.values()) - quantity < of_all
        return (lot_falls and lot_lacks and of_lot > 0) or (all_falls and all_lack and of_all > 0)

    def order(self) -> None:
        chosen = [(self.random.choice((*LOTS, "")), self.random.randint(1, 9)) for _ in range(self.random.randint(1, 3))]
        asks = self.random.random() < 0.7
        rows = [{"item": self.company.item("牛奶").pk, "quantity": str(n), "unit_price_net": "5", "lot": lot or None} for lot, n in chosen]
        where = {"party": self.company.customer.pk, "source_place": self.company.places["A"].pk}
        made = self.company.posted("sales_order", day(2), rows, **where, reserve=asks)
        pks = made.goods_lines.order_by("position").values_list("pk", flat=True)
        self.orders.append((made, [Line(pk, lot, n, n if asks else 0) for pk, (lot, n) in zip(pks, chosen, strict=True)]))

    def deliver(self) -> None:
        """Some of a line, of its lot or another; refused where others hold that back."""
        line, lot = self.random.choice(self.lines), self.random.choice(LOTS)
        if not line.live or line.done >= line.ordered:
            return
        quantity = self.random.randint(1, line.ordered - line.done)
        row = {"item": self.company.item("牛奶").pk, "quantity": str(quantity), "unit_price_net": "5", "source_line": line.pk, "lot": lot}
        where = {"party": self.company.customer.pk, "source_place": self.company.places["A"].pk}
        draft = self.company.draft("sales_delivery", day(3), [row], **where)
        short, taken = self.stock[lot] < quantity, self.takes(line, lot, quantity)
        try:
            self.company.act(draft)
        except HengcangError as refusal:
            assert refusal.code == ("insufficient_stock" if short else "taken_from_held") and (short or taken), refusal
            return
        assert not short and not taken
        line.done += quantity
        self.stock[lot] -= quantity
        self.delivered.append((draft, line, lot, quantity))

    def undo(self) -> None:
        if not self.delivered:
            return
        draft, line, lot, quantity = self.delivered.pop(self.random.randrange(len(self.delivered)))
        self.company.act(draft, self.random.choice(("unpost", "reverse")))
        line.done -= quantity
        self.stock[lot] += quantity

    def some(self, name: str) -> None:
        """Lines of an order let go of a part, or take it again; more than can be is refused."""
        document, lines = self.random.choice(self.orders)
        line, quantity = self.random.choice(lines), self.random.choice((None, self.random.randint(1, 9)))
        most = line.held if name == "release" else line.room
        amount = most if quantity is None else quantity
        if self.tried(document, name, Part(line.pk, None if quantity is None else Decimal(quantity)), line.live and 0 < amount <= most):
            self.hold(line, line.held + (amount if name == "hold" else -amount))

    def hand_over(self) -> None:
        (document, givers), (_, takers) = self.random.choice(self.orders), self.random.choice(self.orders)
        giver, taker, quantity = self.random.choice(givers), self.random.choice(takers), self.random.randint(1, 6)
        fits = giver is not taker and giver.lot == taker.lot and giver.live and taker.live
        fits = fits and quantity <= giver.held and quantity <= taker.room
        if self.tried(document, "reassign", Part(giver.pk, Decimal(quantity), taker.pk), fits):
            self.hold(giver, giver.held - quantity)
            self.hold(taker, taker.held + quantity)

    def hold(self, line: Line, held: int) -> None:
        line.wanted = line.done + held if held else 0

    def tried(self, document: Document, name: str, part: Part, fits: bool) -> bool:
        """Whether it was done; it must have been exactly where it fits."""
        order = services.Order(document.pk, name, None, "随机", parts=[part])
        try:
            services.transition(self.company.viewer, registry.document("sales_order"), order)
        except HengcangError:
            assert not fits
            return False
        assert fits
        return True

    def whole(self) -> None:
        """A whole order lets go, takes again, is closed or opened again."""
        document, lines = self.random.choice(self.orders)
        name = self.random.choice(("release", "hold", "close", "reopen"))
        document.refresh_from_db()
        try:
            self.company.act(document, name)
        except HengcangError:
            return
        for line in lines:
            line.live = document.state == "posted"
            if name in ("release", "hold"):
                line.wanted = line.ordered if name == "hold" else 0

    def steps(self) -> Iterator[None]:
        self.order()
        self.order()
        acts = (self.order, self.deliver, self.deliver, self.deliver, self.undo, lambda: self.some("release"), lambda: self.some("hold"),
                self.hand_over, self.hand_over, self.whole)  # fmt: skip
        for _ in range(STEPS):
            self.random.choice(acts)()
            yield


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_to_orders_their_lines_hold_back_what_a_small_model_says(seed: int) -> None:
    life = Life(seed)
    for _ in life.steps():
        held = dict(Reservation.objects.values_list("line", "quantity"))
        assert {line.pk: held.get(line.pk, 0) for line in life.lines} == {line.pk: line.held for line in life.lines}
        kept = {
            lot or "": (quantity, reserved)
            for lot, quantity, reserved in StockBalance.objects.values_list("lot__number", "quantity", "reserved")
        }
        for lot in (*LOTS, ""):
            wanted = (life.stock.get(lot, 0), sum(line.held for line in life.lines if line.lot == lot))
            assert kept.get(lot, (0, 0)) == wanted, lot
    assert check.run() == []
