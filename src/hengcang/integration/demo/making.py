"""演示车间 The workshop: racks are made in two steps (frames, then racks of them), one production order a week; some get wheels.

An order is begun on the first open day of a week, its material issued the day after, half of it finished in the middle of
the week, the rest at its end; the day after that it is closed. What falls short stays in the order and becomes its variance.
The order of the last week is not finished.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hengcang.core.pricing import to_cents
from hengcang.integration.demo import calendar, words
from hengcang.integration.demo.catalogue import Item, gross_of
from hengcang.integration.demo.desk import MAIN, Desk, amount_of, goods_line, user, warehouse
from hengcang.integration.demo.paying import Bill
from hengcang.integration.demo.plans import LineOf, Master, Verb
from hengcang.integration.demo.selling import KEEPERS, Selling, due
from hengcang.integration.demo.storing import plain_line

FOREMAN = "cangku1"
BATCH = {words.FRAME: 16, words.RACK: 8}
PARTS = {code: dict(parts) for code, *_, parts in words.PRODUCTS}
LOW_BATCHES, BOUGHT_BATCHES = 2, 6
SHORT, GIVEN_BACK = 0.35, 0.5
FEE_EACH = Decimal(6)
WHEELS_DAY, WHEELED = 15, 2
SOLD_A_DAY = 0.27


@dataclass(slots=True)
class Run:
    """一批 A production order under way: its key, what is made, how many are still to come, the key of its issue."""

    key: int
    item: Item
    left: int
    last: bool
    issue: int = 0
    short: bool = False


Task = tuple[Callable[[Run], None], Run]


@dataclass(slots=True)
class Workshop:
    """车间 What is to be done with the orders under way, by day; the last week and month in which something was begun."""

    desk: Desk
    selling: Selling
    rng: Random
    waiting: dict[date, list[Task]] = field(default_factory=lambda: defaultdict(list))
    week: tuple[int, int] = (0, 0)
    month: int = 0

    def work(self) -> None:
        """一天 The steps that are due, then purchases, this week's order, this month's wheels, sales."""
        desk = self.desk
        for step, run in due(self.waiting, desk.day):
            step(run)
        week = week_of(desk.day)
        if week != self.week:
            self.week = week
            self.buy()
            self.begin(words.RACK if self.there(words.FRAME) >= self.needed(words.RACK, words.FRAME) else words.FRAME)
        if desk.day.day >= WHEELS_DAY and desk.day.month != self.month and self.there(words.RACK) >= WHEELED:
            self.month = desk.day.month
            self.put_on_wheels()
        if self.rng.random() < SOLD_A_DAY:
            self.sell()

    def there(self, code: str) -> int:
        """What is there."""
        return self.desk.shelves.on_hand(code, MAIN)

    def needed(self, product: str, part: str) -> int:
        """What a batch of a product needs of a part."""
        return BATCH[product] * PARTS[product].get(part, 0)

    def buy(self) -> None:
        """采购入库 All materials together when one of them runs low: one receipt."""
        desk, lines = self.desk, []
        batch = {code: sum(self.needed(product, code) for product in BATCH) or 4 * WHEELED for code, *_ in words.MATERIALS}
        if all(self.there(code) >= LOW_BATCHES * each for code, each in batch.items()):
            return
        supplier = desk.suppliers[0]
        for code, each in batch.items():
            item, quantity = desk.wares[code], BOUGHT_BATCHES * each - self.there(code)
            price = to_cents(item.purchase_price * self.rng.randint(980, 1030) / 1000)
            lines.append(goods_line(item, quantity, item.unit, price))
            desk.shelves.put(code, MAIN, quantity)
        head = {
            "party": Master("suppliers", supplier.code),
            "target_place": warehouse(MAIN),
            "handler": user("caigou1"),
            "remark": "货架材料",
        }
        key = desk.post("purchase_receipt", self.rng.choice(KEEPERS), {**head, "goods_lines": lines})
        pay_on = desk.day + timedelta(days=supplier.payment_days)
        self.selling.paying.owing[supplier.code].append(Bill(key, amount_of(lines), pay_on))

    def begin(self, code: str) -> None:
        """生产订单 A batch, with the parts that its bill of materials asks for."""
        desk, quantity = self.desk, BATCH[code]
        content = {
            "finish_date": (desk.day + timedelta(days=4)).isoformat(),
            "source_place": warehouse(MAIN),
            "target_place": warehouse(MAIN),
            "handler": user(FOREMAN),
            "department": Master("departments", "BM01"),
            **self.lines(code, quantity),
        }
        key = desk.post("production_order", FOREMAN, content)
        last = week_of(calendar.last_open(desk.today)) == week_of(desk.day)
        run = Run(key, desk.wares[code], quantity, last)
        self.later(1, self.issue, run)

    def lines(self, code: str, quantity: int) -> dict[str, Any]:
        """明细 The product and what it is made of."""
        wares = self.desk.wares
        product = {**plain_line(wares[code], quantity, ""), "bill_of_materials": Master("bills_of_materials", code)}
        parts = [plain_line(wares[part], each * quantity, "") for part, each in PARTS[code].items()]
        return {"product_lines": [product], "component_lines": parts}

    def later(self, days: int, step: Callable[[Run], None], run: Run) -> None:
        """之后 A step of an order, so many days on."""
        self.waiting[self.desk.day + timedelta(days=days)].append((step, run))

    def issue(self, run: Run) -> None:
        """领料 All that is planned."""
        desk, lines = self.desk, []
        for at, (part, each) in enumerate(PARTS[run.item.code].items(), start=1):
            quantity = each * run.left
            desk.shelves.take(part, MAIN, quantity)
            lines.append({**plain_line(desk.wares[part], quantity, ""), "source_line": LineOf(run.key, at)})
        content = {"source_place": warehouse(MAIN), "handler": user(FOREMAN), "goods_lines": lines}
        run.issue = desk.post("material_issue", FOREMAN, content)
        self.later(2, self.finish_half, run)

    def finish_half(self, run: Run) -> None:
        """完工入库 The first half; the rest of the last order is still to come."""
        self.finish(run, run.left // 2)
        if not run.last:
            self.later(1, self.finish_rest, run)

    def finish_rest(self, run: Run) -> None:
        """完工入库 The rest, or one less: then what was not used of it may go back, and what stays is lost."""
        run.short = self.rng.random() < SHORT
        if run.short and self.rng.random() < GIVEN_BACK:
            self.give_back(run)
        self.finish(run, run.left - run.short)
        self.later(1, self.close, run)

    def finish(self, run: Run, quantity: int) -> None:
        """完工入库 So many, with what the helpers are owed for them."""
        desk, fee = self.desk, FEE_EACH * quantity
        line = {**plain_line(run.item, quantity, ""), "source_line": LineOf(run.key, 0)}
        content = {
            "target_place": warehouse(MAIN),
            "party": Master("suppliers", words.LABOUR[0]),
            "fee": f"{fee:f}",
            "handler": user(FOREMAN),
            "goods_lines": [line],
        }
        key = desk.post("finished_receipt", FOREMAN, content)
        desk.shelves.put(run.item.code, MAIN, quantity)
        run.left -= quantity
        self.selling.paying.services[words.LABOUR[0]].append(Bill(key, fee, desk.day))

    def give_back(self, run: Run) -> None:
        """退料 What one piece would have taken of the first part."""
        part, each = next(iter(PARTS[run.item.code].items()))
        line = {**plain_line(self.desk.wares[part], each, ""), "source_line": LineOf(run.issue, 0)}
        content = {"target_place": warehouse(MAIN), "handler": user(FOREMAN), "remark": "未用完退回", "goods_lines": [line]}
        self.desk.post("material_return", FOREMAN, content)
        self.desk.shelves.put(part, MAIN, each)

    def close(self, run: Run) -> None:
        """关闭 The order is settled."""
        reason = "少做一件，余料计入差异" if run.short else "完工结案"
        self.desk.act(run.key, Verb.CLOSE, self.desk.tick(), FOREMAN, reason)

    def put_on_wheels(self) -> None:
        """组装 A rack or two become rolling ones."""
        for part, each in PARTS[words.ROLLING].items():
            self.desk.shelves.take(part, MAIN, each * WHEELED)
        head = {"source_place": warehouse(MAIN), "target_place": warehouse(MAIN), "handler": user(FOREMAN)}
        self.desk.post("assembly", FOREMAN, {**head, **self.lines(words.ROLLING, WHEELED)})
        self.desk.shelves.put(words.ROLLING, MAIN, WHEELED)

    def sell(self) -> None:
        """销售出库 A few racks, of the kind of which there are some."""
        desk = self.desk
        kinds = [code for code in (words.RACK, words.ROLLING) if self.there(code)]
        if not kinds:
            return
        item, customer = desk.wares[self.rng.choice(kinds)], desk.buyer(self.rng)
        quantity = min(self.there(item.code), self.rng.randint(1, 4))
        desk.shelves.take(item.code, MAIN, quantity)
        lines = [goods_line(item, quantity, item.unit, gross_of(item, customer.price_share, 1), discount="0")]
        key = desk.post("sales_delivery", self.rng.choice(KEEPERS), {**self.selling.head(customer, MAIN), "goods_lines": lines})
        self.selling.settle(key, customer, amount_of(lines), None)


def week_of(day: date) -> tuple[int, int]:
    """The week of a day: year and number."""
    return day.isocalendar()[:2]
