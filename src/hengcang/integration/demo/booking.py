"""演示账务 The accountant: bills that come after the goods, freight of what was bought, running expenses, money moved, months closed.

He draws his own numbers, so that what is traded does not depend on what is booked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hengcang.core.pricing import to_cents
from hengcang.integration.demo import calendar
from hengcang.integration.demo.catalogue import Supplier
from hengcang.integration.demo.desk import Desk, amount_of, goods_line, user
from hengcang.integration.demo.paying import CARRIER, CASHIER, Bill, Paying
from hengcang.integration.demo.plans import LineOf, Master, SoldLine
from hengcang.integration.demo.selling import due

ACCOUNTANT = "caiwu1"
CLOSING_TIME = time(21, 30)
BANK, TILL = "ZH01", "ZH02"
MONTHLY = (("房租", "12000", 5), ("水电费", "1860", 12), ("通讯费", "480", 12), ("办公费", "650", 18), ("广告费", "3000", 20))
BILLED, DIFFERENT, FREIGHTED = 0.55, 0.18, 0.12


@dataclass(frozen=True, slots=True)
class Goods:
    """到货 A receipt that a bill or a freight will come for: its key, whose it is, what came."""

    key: int
    supplier: Supplier
    lines: Sequence[SoldLine]


@dataclass(slots=True)
class Booking:
    """账务 What bills and freights are to come, by day."""

    desk: Desk
    paying: Paying
    rng: Random
    bills: dict[date, list[Goods]] = field(default_factory=lambda: defaultdict(list))
    freights: dict[date, list[Goods]] = field(default_factory=lambda: defaultdict(list))
    done: set[tuple[int, int, str]] = field(default_factory=set)

    def expect(self, goods: Goods, entered: date) -> None:
        """到货后 Most receipts are billed within weeks; for some the carrier sends his bill, often after goods left."""
        if self.rng.random() < BILLED:
            self.bills[entered + timedelta(days=self.rng.randint(5, 20))].append(goods)
        if self.rng.random() < FREIGHTED:
            self.freights[entered + timedelta(days=self.rng.randint(2, 35))].append(goods)

    def work(self) -> None:
        """一天 Bills and freights that have come, expenses that are due, the till's money to the bank on Mondays."""
        for goods in due(self.bills, self.desk.day):
            self.bill(goods)
        for goods in due(self.freights, self.desk.day):
            self.freight(goods)
        for category, amount, day in MONTHLY:
            month = (self.desk.day.year, self.desk.day.month, category)
            if self.desk.day.day >= day and month not in self.done:
                self.done.add(month)
                self.spend(category, Decimal(amount) * self.rng.randint(95, 110) / 100)
        if self.desk.day.weekday() == 0 and self.rng.random() < 0.5:
            self.to_bank()

    def bill(self, goods: Goods) -> None:
        """采购发票 At the price of the receipt, sometimes at another; the difference is paid or credited with the rest."""
        different = self.rng.random() < DIFFERENT
        change = Decimal(self.rng.choice((97, 98, 102, 103))) / 100 if different else Decimal(1)
        lines, booked = [], []
        for line in goods.lines:
            item = self.desk.by_code[line.item]
            booked.append(goods_line(item, line.quantity, line.unit, line.price))
            price = to_cents(line.price * change)
            lines.append(goods_line(item, line.quantity, line.unit, price, source_line=LineOf(goods.key, line.at)))
        content = {
            "party": Master("suppliers", goods.supplier.code),
            "invoice_number": f"{self.rng.randint(10**19, 10**20 - 1)}",
            "handler": user(ACCOUNTANT),
            "remark": "价格与入库不同，按发票" if different else "",
            "goods_lines": lines,
        }
        key = self.desk.post("purchase_invoice", ACCOUNTANT, content)
        more = amount_of(lines) - amount_of(booked)
        if more:
            pay_on = self.desk.day + timedelta(days=goods.supplier.payment_days)
            self.paying.owing[goods.supplier.code].append(Bill(key, more, pay_on))

    def freight(self, goods: Goods) -> None:
        """到岸费用 What the carrier asks for, shared by amount; paid from the bank at the end of the month."""
        lines = [
            {
                "item": Master("items", line.item),
                "unit": Master("units", line.unit),
                "quantity": str(line.quantity),
                "source_line": LineOf(goods.key, line.at),
            }
            for line in goods.lines
        ]
        net = Decimal(self.rng.randint(60, 480))
        content: dict[str, Any] = {
            "party": Master("suppliers", CARRIER),
            "charge_amount": f"{net:f}",
            "charge_tax": f"{to_cents(net * 9 / 100):f}",
            "basis": "amount",
            "handler": user(ACCOUNTANT),
            "goods_lines": lines,
        }
        key = self.desk.post("landed_cost", ACCOUNTANT, content)
        self.paying.services[CARRIER].append(Bill(key, net + to_cents(net * 9 / 100), self.desk.day))

    def spend(self, category: str, amount: Decimal) -> None:
        """费用单 Rent, power and the like, paid from the bank."""
        line = {
            "category": Master("expense_categories", category),
            "cash_account": Master("cash_accounts", BANK),
            "amount": f"{to_cents(amount):f}",
        }
        content = {"department": Master("departments", "BM01"), "handler": user(CASHIER), "money_lines": [line]}
        self.desk.post("expense", CASHIER, content)

    def to_bank(self) -> None:
        """资金转账 What the till took, to the bank."""
        line = {
            "cash_account": Master("cash_accounts", TILL),
            "target_account": Master("cash_accounts", BANK),
            "amount": str(self.rng.randint(2, 9) * 100),
        }
        self.desk.post("cash_transfer", CASHIER, {"handler": user(CASHIER), "money_lines": [line]})

    def close(self) -> None:
        """期末结账 In the evening of a month's last day, after the count; last month and this one stay open."""
        desk = self.desk
        end = calendar.add_months(desk.day, 1) - timedelta(days=1)
        if end >= calendar.add_months(desk.today, -1):
            return
        content = {"document_date": end.isoformat(), "remark": f"{end.year} 年 {end.month} 月结账"}
        desk.post("period_close", ACCOUNTANT, content, datetime.combine(end, CLOSING_TIME))
