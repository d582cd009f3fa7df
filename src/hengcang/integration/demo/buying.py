"""演示采购 Buying: what runs low is ordered, with the supplier's other goods that soon would; it comes in parts, some goes back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hengcang.core.pricing import to_cents
from hengcang.integration.demo import calendar
from hengcang.integration.demo.booking import Booking, Goods
from hengcang.integration.demo.catalogue import Item, Supplier
from hengcang.integration.demo.desk import MAIN, Desk, amount_of, goods_line, user, warehouse
from hengcang.integration.demo.paying import Bill, Paying
from hengcang.integration.demo.plans import LineOf, Master, SoldLine
from hengcang.integration.demo.selling import KEEPERS, due

REVIEW_EVERY = 12
COVER_DAYS = 60
JOINED = 1.7
SAFETY_DAYS = 2
LINES_AT_MOST = 14
NEGLECTED_DAYS = 45


@dataclass(slots=True)
class Arrival:
    """到货 Lines of an order that come in on a day: (line of the order, item, packs, price of a pack)."""

    key: int
    supplier: Supplier
    lines: list[tuple[int, Item, int, Decimal]]


@dataclass(slots=True)
class Buying:
    """采购 What is on its way, and what will be sent back, by day."""

    desk: Desk
    paying: Paying
    booking: Booking
    coming: dict[date, list[Arrival]] = field(default_factory=lambda: defaultdict(list))
    leaving: dict[date, list[tuple[int, Supplier, SoldLine]]] = field(default_factory=lambda: defaultdict(list))
    lots: set[tuple[str, str]] = field(default_factory=set)
    reviews: int = 0

    def work(self) -> None:
        """一天 Arrivals, returns, then the orders of the suppliers whose turn it is."""
        for arrival in due(self.coming, self.desk.day):
            self.receive(arrival)
        for key, supplier, line in due(self.leaving, self.desk.day):
            self.send_back(key, supplier, line)
        self.reviews += 1
        for index, supplier in enumerate(self.desk.suppliers):
            if index % REVIEW_EVERY == self.reviews % REVIEW_EVERY:
                self.review(supplier)

    def review(self, supplier: Supplier) -> None:
        """补货 When something runs low, order all that soon would, up to the cover; some goods are forgotten at the end."""
        desk = self.desk
        low = False
        wanted: list[tuple[Item, int]] = []
        for item in desk.items:
            if item.supplier != supplier.code or (item.neglected and (desk.today - desk.day).days < NEGLECTED_DAYS):
                continue
            daily = item.daily * calendar.season(desk.day + timedelta(days=supplier.lead_days + 12), item.group)
            position = desk.shelves.coming[item.code] + desk.owned(item.code)
            least = daily * (supplier.lead_days + REVIEW_EVERY + SAFETY_DAYS) + 2 * item.usual
            low = low or position < least
            if position < least * JOINED:
                packs = max(1, -(-int(daily * COVER_DAYS + 3 * item.usual - position) // item.factor))
                wanted.append((item, packs))
        if not low:
            return
        for start in range(0, len(wanted), LINES_AT_MOST):
            self.order(supplier, wanted[start : start + LINES_AT_MOST])

    def order(self, supplier: Supplier, wanted: list[tuple[Item, int]]) -> None:
        """采购订单 One order; some are prepaid in part."""
        desk = self.desk
        priced = [(item, packs, self.price(item)) for item, packs in wanted]
        expected = desk.day + timedelta(days=supplier.lead_days)
        buyer = "caigou1" if supplier.group in ("五金工具", "日用百货") else "caigou2"
        lines = [goods_line(item, packs, item.pack, price) for item, packs, price in priced]
        content = {
            "party": Master("suppliers", supplier.code),
            "delivery_date": expected.isoformat(),
            "target_place": warehouse(MAIN),
            "handler": user(buyer),
            "department": Master("departments", "BM01"),
            "goods_lines": lines,
        }
        key = desk.post("purchase_order", buyer, content)
        for item, packs, _ in priced:
            desk.shelves.coming[item.code] += packs * item.factor
        arrives = expected + timedelta(days=desk.rng.choice((-1, 0, 0, 0, 1, 2, 4)))
        self.coming[arrives].append(Arrival(key, supplier, [(at, *one) for at, one in enumerate(priced)]))
        if desk.rng.random() < 0.05:
            amount = max((amount_of(lines) * 3 / 10).quantize(Decimal(1)), Decimal(200))
            self.paying.advance("outgoing_payment", "suppliers", supplier.code, amount, "采购预付款")

    def price(self, item: Item) -> Decimal:
        """进价 Around the usual price, slowly rising."""
        drift = Decimal(self.desk.rng.randint(975, 1030)) / 1000 + Decimal(str(round(0.03 * self.desk.progress, 4)))
        return to_cents(item.purchase_price * item.factor * drift)

    def receive(self, arrival: Arrival) -> None:
        """采购入库 All that comes, or the greater part of it and the rest some days later."""
        desk = self.desk
        partly = len(arrival.lines) > 1 and desk.rng.random() < 0.16
        now = [line for index, line in enumerate(arrival.lines) if not (partly and index % 3 == 2)]
        rest = [line for line in arrival.lines if line not in now]
        if rest:
            self.coming[desk.day + timedelta(days=desk.rng.randint(2, 7))].append(Arrival(arrival.key, arrival.supplier, rest))
        late = desk.enter_late()
        lines: list[dict[str, Any]] = []
        bought: list[SoldLine] = []
        for at, item, packs, price in now:
            lot = self.lot(item, arrival.supplier)
            more: dict[str, Any] = {"source_line": LineOf(arrival.key, at)}
            if lot:
                more["lot"] = lot
            bought.append(SoldLine(len(lines), item.code, packs, item.pack, item.factor, price, lot))
            lines.append(goods_line(item, packs, item.pack, price, **more))
        content = {
            "party": Master("suppliers", arrival.supplier.code),
            "target_place": warehouse(MAIN),
            "handler": user("caigou1"),
            "goods_lines": lines,
        }
        key = desk.post("purchase_receipt", desk.rng.choice(KEEPERS), content, late)
        for line in bought:
            quantity = line.quantity * line.factor
            desk.shelves.coming[line.item] -= quantity
            if late is None:
                desk.shelves.put(line.item, MAIN, quantity, line.lot)
            else:
                desk.arriving.setdefault(late.date(), []).append((line.item, MAIN, quantity, line.lot))
        entered = late.date() if late else desk.day
        pay_on = max(desk.day + timedelta(days=arrival.supplier.payment_days), entered + timedelta(days=1))
        self.paying.owing[arrival.supplier.code].append(Bill(key, amount_of(lines), pay_on))
        self.booking.expect(Goods(key, arrival.supplier, bought), entered)
        if desk.rng.random() < 0.08:
            self.leaving[entered + timedelta(days=desk.rng.randint(1, 6))].append((key, arrival.supplier, desk.rng.choice(bought)))

    def lot(self, item: Item, supplier: Supplier) -> str:
        """批号 The day and the supplier; production some days before, expiry by shelf life."""
        if not item.by_lot:
            return ""
        number = f"{self.desk.day:%y%m%d}{supplier.code[-3:]}"
        if (item.code, number) not in self.lots:
            self.lots.add((item.code, number))
            made = self.desk.day - timedelta(days=self.desk.rng.randint(5, 30))
            expires = made + timedelta(days=item.shelf_life_days)
            self.desk.lot(item.code, number, made, expires)
        return number

    def send_back(self, key: int, supplier: Supplier, line: SoldLine) -> None:
        """采购退货 A pack or two go back, if they are still there."""
        desk = self.desk
        item = desk.by_code[line.item]
        packs = min(line.quantity, desk.rng.randint(1, 2))
        quantity = packs * line.factor
        if desk.shelves.of_lot(line.item, MAIN, line.lot) < quantity:
            return
        desk.shelves.take_lot(line.item, MAIN, line.lot, quantity)
        more: dict[str, Any] = {"source_line": LineOf(key, line.at)}
        if line.lot:
            more["lot"] = line.lot
        lines = [goods_line(item, packs, line.unit, line.price, **more)]
        content = {
            "party": Master("suppliers", supplier.code),
            "source_place": warehouse(MAIN),
            "handler": user("caigou1"),
            "remark": desk.rng.choice(("外箱破损", "来货与订单不符", "抽检不合格")),
            "goods_lines": lines,
        }
        made = desk.post("purchase_return", desk.rng.choice(KEEPERS), content)
        self.paying.owing[supplier.code].append(Bill(made, -amount_of(lines), desk.day + timedelta(days=1)))
