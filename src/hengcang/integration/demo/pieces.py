"""演示序列号 Pieces: goods kept by serial number are bought, moved to the shop, sold one by one, and now and then come back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hengcang.core.pricing import to_cents
from hengcang.integration.demo import words
from hengcang.integration.demo.catalogue import Customer, Item, gross_of
from hengcang.integration.demo.desk import MAIN, SHOP, Desk, amount_of, goods_line, user, warehouse
from hengcang.integration.demo.paying import Bill
from hengcang.integration.demo.plans import LineOf, Master
from hengcang.integration.demo.selling import KEEPERS, Selling, due
from hengcang.integration.demo.storing import plain_line

LOW, BOUGHT = 3, 8
SHOWN = 2
SOLD_A_DAY, TWO, BACK = 0.09, 0.2, 0.05


@dataclass(frozen=True, slots=True)
class Sold:
    """已售 A delivery of a piece that will come back: its key, to whom, of what, where from, the number, the price."""

    key: int
    customer: Customer
    item: Item
    place: str
    number: str
    price: Decimal


@dataclass(slots=True)
class Pieces:
    """单件 The numbers that are there by item and place, and what comes back on which day."""

    desk: Desk
    selling: Selling
    rng: Random
    held: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    coming_back: dict[date, list[Sold]] = field(default_factory=lambda: defaultdict(list))
    drawn: int = 0
    sold: set[str] = field(default_factory=set)

    def work(self) -> None:
        """一天 Returns, purchases when few are left, once a week to the shop, sales."""
        for one in due(self.coming_back, self.desk.day):
            self.take_back(one)
        for code, *_, letters in words.PIECES:
            item = self.desk.wares[code]
            if len(self.held[code, MAIN]) < LOW:
                self.buy(item, letters)
            if self.desk.day.weekday() == 3 and len(self.held[code, SHOP]) < SHOWN:
                self.show(item)
            if self.rng.random() < SOLD_A_DAY:
                self.sell(item)

    def buy(self, item: Item, letters: str) -> None:
        """采购入库 A handful, each with its number."""
        desk = self.desk
        numbers = [f"{letters}{desk.day:%y%m}{self.drawn + at:05}" for at in range(1, BOUGHT + 1)]
        self.drawn += BOUGHT
        price = to_cents(item.purchase_price * self.rng.randint(985, 1015) / 1000)
        lines = [goods_line(item, BOUGHT, item.unit, price, serials=numbers)]
        content = {
            "party": Master("suppliers", item.supplier),
            "target_place": warehouse(MAIN),
            "handler": user("caigou1"),
            "goods_lines": lines,
        }
        key = desk.post("purchase_receipt", self.rng.choice(KEEPERS), content)
        self.selling.paying.owing[item.supplier].append(Bill(key, amount_of(lines), desk.day + timedelta(days=30)))
        self.held[item.code, MAIN] += numbers

    def show(self, item: Item) -> None:
        """调拨 One or two to the shop."""
        numbers = self.held[item.code, MAIN][:SHOWN]
        del self.held[item.code, MAIN][:SHOWN]
        line = {**plain_line(item, len(numbers), ""), "serials": numbers}
        content = {"source_place": warehouse(MAIN), "target_place": warehouse(SHOP), "handler": user("cangku2"), "goods_lines": [line]}
        self.desk.post("stock_transfer", "cangku2", content)
        self.held[item.code, SHOP] += numbers

    def sell(self, item: Item) -> None:
        """销售出库 One, sometimes two, the oldest first; the first that is ever sold comes back, later ones seldom do."""
        desk = self.desk
        customer = desk.buyer(self.rng)
        place = SHOP if customer.warehouse == SHOP and self.held[item.code, SHOP] else MAIN
        there = self.held[item.code, place]
        numbers = there[: 2 if self.rng.random() < TWO else 1]
        if not numbers:
            return
        del there[: len(numbers)]
        price = gross_of(item, customer.price_share, 1)
        lines = [goods_line(item, len(numbers), item.unit, price, serials=numbers)]
        key = desk.post("sales_delivery", self.rng.choice(KEEPERS), {**self.selling.head(customer, place), "goods_lines": lines})
        self.selling.settle(key, customer, amount_of(lines), None)
        if item.code not in self.sold or self.rng.random() < BACK:
            back = desk.day + timedelta(days=self.rng.randint(4, 8))
            self.coming_back[back].append(Sold(key, customer, item, place, numbers[0], price))
        self.sold.add(item.code)

    def take_back(self, one: Sold) -> None:
        """销售退货 The piece comes back to where it left from, and is credited."""
        lines = [goods_line(one.item, 1, one.item.unit, one.price, serials=[one.number], source_line=LineOf(one.key, 0))]
        content = self.selling.head(one.customer, one.place)
        content["target_place"] = content.pop("source_place")
        content |= {"remark": self.rng.choice(("开机异常，换货", "客户型号买错")), "goods_lines": lines}
        key = self.desk.post("sales_return", self.rng.choice(KEEPERS), content)
        self.held[one.item.code, one.place].append(one.number)
        bill = Bill(key, -amount_of(lines), self.desk.day + timedelta(days=1))
        self.selling.paying.owed[one.customer.code].append(bill)
