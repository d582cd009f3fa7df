"""演示历史 The story: day after day of the demo company, from opening stock to the drafts on today's desk."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from hengcang.integration.demo import calendar
from hengcang.integration.demo.booking import Booking
from hengcang.integration.demo.buying import Buying
from hengcang.integration.demo.catalogue import Item, make_customers, make_items, make_suppliers, make_wares
from hengcang.integration.demo.desk import MAIN, SHOP, Desk, goods_line, user, warehouse
from hengcang.integration.demo.handing import hand_over
from hengcang.integration.demo.making import Workshop
from hengcang.integration.demo.paying import CASHIER, Paying
from hengcang.integration.demo.pieces import Pieces
from hengcang.integration.demo.plans import DocumentOf, Master, Size
from hengcang.integration.demo.selling import LINES, Selling
from hengcang.integration.demo.storing import Storing, plain_line


def tell(seed: int, today: date, size: Size) -> Desk:
    """演绎 The whole history as a plan, the same for the same seed, day and size; nothing is written."""
    rng = Random(seed)
    items = make_items(rng, size)
    suppliers = make_suppliers(rng, size, items)
    customers = make_customers(rng, size)
    expect(items, size)
    first = next(calendar.open_days(calendar.add_months(today, -size.months), today))
    by_code = {item.code: item for item in items}
    desk = Desk(rng, size, first, today, items, suppliers, customers, make_wares(suppliers), by_code=by_code)
    paying, storing = Paying(desk), Storing(desk)
    booking = Booking(desk, paying, Random(seed + 1))
    buying, selling = Buying(desk, paying, booking), Selling(desk, paying)
    workshop, pieces = Workshop(desk, selling, Random(seed + 2)), Pieces(desk, selling, Random(seed + 3))
    for day in calendar.open_days(first, today):
        desk.begin(day)
        if day == first:
            storing.open()
        buying.work()
        storing.work()
        workshop.work()
        pieces.work()
        selling.work()
        booking.work()
        paying.work()
        if day == desk.counting_day:
            storing.begin_cycle()
        if day == desk.count_day(day):
            storing.count()
            booking.close()
    if desk.day != today:
        desk.begin(today)
    if not calendar.is_open(desk.counting_day):
        storing.begin_cycle()
    leave_drafts(desk, paying)
    hand_over(desk, Random(seed + 4))
    return desk


def expect(items: list[Item], size: Size) -> None:
    """日均需求 What is sold of each item on an average day, by popularity."""
    lines = sum(LINES) / len(LINES)
    for item in items:
        item.daily = size.sales * lines * item.weight * item.usual


def leave_drafts(desk: Desk, paying: Paying) -> None:
    """今日草稿 What lies on the desks today, not yet posted."""
    rng = desk.rng
    for _ in range(3):
        customer = rng.choice(desk.customers)
        chosen = rng.sample(desk.items, min(3, len(desk.items)))
        lines = [goods_line(item, rng.randint(1, 3), item.pack, item.sales_price * item.factor) for item in chosen]
        content = {
            "party": Master("customers", customer.code),
            "source_place": warehouse(MAIN),
            "salesperson": user(customer.salesperson),
            "delivery_date": (desk.day + timedelta(days=3)).isoformat(),
            "goods_lines": lines,
        }
        desk.paper("sales_order", customer.salesperson, content)
    supplier = desk.suppliers[0]
    low = sorted((item for item in desk.items if item.supplier == supplier.code), key=lambda item: -item.weight)[:4]
    if low:
        lines = [goods_line(item, 2, item.pack, item.purchase_price * item.factor) for item in low]
        content = {"party": Master("suppliers", supplier.code), "target_place": warehouse(MAIN), "handler": user("caigou1")}
        desk.paper("purchase_order", "caigou1", {**content, "goods_lines": lines})
    lines = [plain_line(item, item.factor, "") for item in rng.sample([one for one in desk.items if not one.by_lot], 2)]
    content = {"source_place": warehouse(MAIN), "target_place": warehouse(SHOP), "handler": user("cangku2"), "goods_lines": lines}
    desk.paper("stock_transfer", "cangku2", content)
    collect_tomorrow(desk, paying)


def collect_tomorrow(desk: Desk, paying: Paying) -> None:
    """待收款 A collection that the cashier has written but not posted."""
    for customer in desk.customers:
        bills = [bill for bill in paying.owed[customer.code] if bill.amount > 0]
        if bills:
            line = {"cash_account": Master("cash_accounts", "ZH01"), "amount": f"{bills[0].amount:f}"}
            clear = {"cleared_document": DocumentOf(bills[0].document), "amount": f"{bills[0].amount:f}"}
            content = {"party": Master("customers", customer.code), "salesperson": user(customer.salesperson), "money_lines": [line, clear]}
            desk.paper("incoming_payment", CASHIER, content)
            return
