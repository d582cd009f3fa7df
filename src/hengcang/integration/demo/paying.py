"""演示收付款 Money: customers pay on time or late, suppliers are paid twice a month; discounts, advances, credits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hengcang.integration.demo.desk import ZERO, Desk, user
from hengcang.integration.demo.plans import DocumentOf, Master

CASHIER = "caiwu1"
CARRIER = "GY999"
TEN = Decimal(10)


@dataclass(frozen=True, slots=True)
class Bill:
    """账单 What a document leaves to be paid (a credit below zero), from which day on it will be."""

    document: int
    amount: Decimal
    pay_on: date


@dataclass(slots=True)
class Paying:
    """出纳 Open bills by party; `services` are those of carriers and helpers, paid on the next payday whatever their term."""

    desk: Desk
    owed: dict[str, list[Bill]] = field(default_factory=lambda: defaultdict(list))
    owing: dict[str, list[Bill]] = field(default_factory=lambda: defaultdict(list))
    services: dict[str, list[Bill]] = field(default_factory=lambda: defaultdict(list))
    paydays: set[tuple[int, int, int]] = field(default_factory=set)

    def work(self) -> None:
        """一天 Collections of the day; on the first open day from the 10th and the 25th, payments."""
        desk = self.desk
        for customer in desk.customers:
            due = [bill for bill in self.owed[customer.code] if bill.pay_on <= desk.day]
            if due and (customer.payment_days == 0 or desk.rng.random() < 0.12):
                self.collect(customer.code, customer.salesperson, due)
        turn = 2 if desk.day.day >= 25 else 1 if desk.day.day >= 10 else 0
        if turn and (desk.day.year, desk.day.month, turn) not in self.paydays:
            self.paydays.add((desk.day.year, desk.day.month, turn))
            for supplier in desk.suppliers:
                due = [bill for bill in self.owing[supplier.code] if bill.pay_on <= desk.day]
                if due:
                    self.pay(supplier.code, due)
            for party, bills in self.services.items():
                content = self.payment("suppliers", party, bills, sum((bill.amount for bill in bills), ZERO))
                self.desk.post("outgoing_payment", CASHIER, {**content, "handler": user(CASHIER)})
            self.services.clear()

    def collect(self, party: str, salesperson: str, due: list[Bill]) -> None:
        """收款 One payment for all that is due; sometimes the odd yuan are let go, sometimes too much comes in."""
        total = sum((bill.amount for bill in due), ZERO)
        if total <= 0:
            return
        chance = self.desk.rng.random()
        discount = total % TEN if chance < 0.12 and total > 300 else ZERO
        extra = TEN - total % TEN if 0.12 <= chance < 0.16 else ZERO
        content = self.payment("customers", party, due, total - discount + extra)
        content |= {"discount_amount": f"{discount:f}", "salesperson": user(salesperson), "department": Master("departments", "BM01")}
        self.desk.post("incoming_payment", CASHIER, content)
        self.owed[party] = [bill for bill in self.owed[party] if bill not in due]

    def pay(self, party: str, due: list[Bill]) -> None:
        """付款 One payment for all that is due, less the credits."""
        total = sum((bill.amount for bill in due), ZERO)
        if total <= 0:
            return
        discount = total % TEN if self.desk.rng.random() < 0.2 and total > 1000 else ZERO
        content = self.payment("suppliers", party, due, total - discount)
        content |= {"discount_amount": f"{discount:f}", "handler": user(CASHIER)}
        self.desk.post("outgoing_payment", CASHIER, content)
        self.owing[party] = [bill for bill in self.owing[party] if bill not in due]

    def payment(self, side: str, party: str, due: list[Bill], cash: Decimal) -> dict[str, Any]:
        """款项行 Cash on one or two accounts, and what it clears."""
        account = "ZH01" if side == "suppliers" or cash > 800 else "ZH02"
        lines: list[dict[str, Any]] = [{"cash_account": Master("cash_accounts", account), "amount": f"{cash:f}"}]
        if cash > 400 and self.desk.rng.random() < 0.08:
            part = Decimal(self.desk.rng.randint(1, 3) * 100)
            lines[0]["amount"] = f"{cash - part:f}"
            lines.append({"cash_account": Master("cash_accounts", "ZH03"), "amount": f"{part:f}"})
        lines += [{"cleared_document": DocumentOf(bill.document), "amount": f"{bill.amount:f}"} for bill in due]
        return {"party": Master(side, party), "money_lines": lines}

    def advance(self, kind: str, side: str, party: str, amount: Decimal, remark: str) -> None:
        """预收预付 Money without a bill."""
        lines = [{"cash_account": Master("cash_accounts", "ZH01"), "amount": f"{amount:f}"}]
        self.desk.post(kind, CASHIER, {"party": Master(side, party), "remark": remark, "money_lines": lines})
