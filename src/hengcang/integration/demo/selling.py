"""演示销售 Selling: orders and deliveries by season and popularity, the rest of an order later, goods that come back."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hengcang.integration.demo import calendar, words
from hengcang.integration.demo.catalogue import Customer, Item, gross_of
from hengcang.integration.demo.desk import DEPARTMENT_OF, MAIN, Desk, amount_of, goods_line, house_of, spot, user, warehouse
from hengcang.integration.demo.paying import Bill, Paying
from hengcang.integration.demo.plans import LineOf, Master, SoldLine, Verb

KEEPERS = ("cangku1", "cangku2")
LINES = (2, 3, 4, 4, 5, 5, 6, 7, 8, 10)
KIND_SIZE = {"批发客户": 1.5, "门店客户": 0.7, "单位客户": 0.9, "线上客户": 0.5}
WEEKDAYS = (1.15, 1.05, 1.0, 1.0, 1.1, 0.7, 0.0)
RETURN_SHARE = 0.07
HELD_BACK = ((16, 6), (5, 20), (3, 15), (2, 30))
BUSY = 4
TRIES = 6


@dataclass(slots=True)
class Wish:
    """一行需求 What a customer wants of an item, and what he already got (in the unit)."""

    item: Item
    unit: str
    factor: int
    quantity: int
    price: Decimal
    discount: str
    done: int = 0

    @property
    def left(self) -> int:
        """余量 What is still open."""
        return self.quantity - self.done


@dataclass(slots=True)
class Order:
    """未完订单 An order that is not yet delivered in full."""

    key: int
    customer: Customer
    place: str
    wishes: list[Wish]
    tries: int = 0


@dataclass(slots=True)
class Selling:
    """销售 Open orders by the day of the next delivery, returns by the day they come, the items that late orders hold back."""

    desk: Desk
    paying: Paying
    open: dict[date, list[Order]] = field(default_factory=lambda: defaultdict(list))
    returning: dict[date, list[tuple[int, Customer, str, SoldLine]]] = field(default_factory=lambda: defaultdict(list))
    held: set[str] = field(default_factory=set)

    def work(self) -> None:
        """一天 Deliveries that are due, then new business, then what comes back, of late orders that hold stock back for later."""
        desk = self.desk
        for order in due(self.open, desk.day):
            self.go_on(order)
        for _ in range(self.deals()):
            self.deal()
        for key, customer, place, line in due(self.returning, desk.day):
            self.take_back(key, customer, place, line)
        for before, days in HELD_BACK:
            if calendar.last_open(desk.today - timedelta(days=before)) == desk.day:
                self.hold_back(days)

    def deals(self) -> int:
        """今日单数 How many deals the day brings."""
        desk = self.desk
        growth = 0.8 + 0.3 * desk.progress
        mean = desk.size.sales * growth * WEEKDAYS[desk.day.weekday()]
        mean *= sum(calendar.season(desk.day, group) for group in calendar.MONTHS) / 4
        if calendar.promotion(desk.day):
            mean *= 1.25
        whole = int(mean)
        found = whole + (desk.rng.random() < mean - whole) + (desk.rng.random() < 0.25) - (desk.rng.random() < 0.25 and whole > 0)
        return max(found, BUSY) if desk.day == desk.today else found

    def deal(self) -> None:
        """一笔生意 A customer comes, and either orders or takes the goods at once."""
        desk = self.desk
        customer = desk.rng.choices(desk.customers, [one.weight for one in desk.customers])[0]
        wishes = self.wishes(customer)
        ordered = desk.rng.random() < (0.2 if customer.payment_days == 0 else 0.6)
        if ordered:
            self.order(customer, wishes)
        else:
            self.deliver(customer, customer.warehouse, wishes, None)

    def wishes(self, customer: Customer) -> list[Wish]:
        """需求 Items by popularity and season, each once; quantities around the usual; whole packs where it is that much."""
        desk = self.desk
        groups = set(customer.groups)
        fitting = [item for item in desk.items if item.group in groups]
        weights = [item.weight * calendar.season(desk.day, item.group) for item in fitting]
        chosen = dict.fromkeys(item.code for item in desk.rng.choices(fitting, weights, k=desk.rng.choice(LINES)))
        online = customer.kind == "线上客户" and calendar.promotion(desk.day)
        return [self.wish(customer, desk.by_code[code], "0.05" if online else "0") for code in chosen]

    def wish(self, customer: Customer, item: Item, discount: str) -> Wish:
        """One line's need."""
        rng = self.desk.rng
        amount = max(1, round(item.usual * KIND_SIZE[customer.kind] * rng.lognormvariate(0, 0.5)))
        if amount >= item.factor * 0.8:
            return Wish(
                item,
                item.pack,
                item.factor,
                max(1, round(amount / item.factor)),
                gross_of(item, customer.price_share, item.factor),
                discount,
            )
        return Wish(item, item.unit, 1, amount, gross_of(item, customer.price_share, 1), discount)

    def order(self, customer: Customer, wishes: list[Wish]) -> None:
        """销售订单 An order; large customers have stock held back, some pay a deposit."""
        desk = self.desk
        delivery_day = desk.day + timedelta(days=desk.rng.randint(1, 6))
        lines = [goods_line(wish.item, wish.quantity, wish.unit, wish.price, discount=wish.discount) for wish in wishes]
        content = {
            "delivery_date": delivery_day.isoformat(),
            "reserve": customer.kind == "批发客户" and desk.rng.random() < 0.6,
            **self.head(customer, customer.warehouse),
            "goods_lines": lines,
        }
        key = desk.post("sales_order", customer.salesperson, content)
        self.open[delivery_day].append(Order(key, customer, customer.warehouse, wishes))
        if customer.kind == "批发客户" and desk.rng.random() < 0.06:
            deposit = max((amount_of(lines) * 3 / 10).quantize(Decimal(1)), Decimal(100))
            self.paying.advance("incoming_payment", "customers", customer.code, deposit, "订单定金")

    def hold_back(self, days: int) -> None:
        """占用 An order for a building site: a quarter of what there is of a few goods, held back for so many days."""
        desk = self.desk
        customer = desk.rng.choice([one for one in desk.customers if one.kind == "批发客户"])
        free = [item for item in desk.items if not item.by_lot and item.code not in self.held]
        plenty = [(item, desk.shelves.on_hand(item.code, MAIN) // item.factor // 4) for item in free]
        plenty = [(item, packs) for item, packs in plenty if packs and not item.neglected]
        chosen = desk.rng.sample(plenty, min(len(plenty), desk.rng.randint(2, 4)))
        self.held.update(item.code for item, _ in chosen)
        lines = [goods_line(item, packs, item.pack, gross_of(item, customer.price_share, item.factor)) for item, packs in chosen]
        content = {
            **self.head(customer, MAIN),
            "delivery_date": (desk.day + timedelta(days=days + 3)).isoformat(),
            "reserve": True,
            "reserve_until": (desk.day + timedelta(days=days)).isoformat(),
            "remark": "工地备货，开工后提货",
            "goods_lines": lines,
        }
        if lines:
            desk.post("sales_order", customer.salesperson, content)

    def head(self, customer: Customer, place: str) -> dict[str, Any]:
        """单头 What orders and deliveries share."""
        return {
            "party": Master("customers", customer.code),
            "source_place": warehouse(place),
            "salesperson": user(customer.salesperson),
            "department": Master("departments", DEPARTMENT_OF[place]),
            "remark": calendar.promotion(self.desk.day),
        }

    def go_on(self, order: Order) -> None:
        """发货 What of an order can leave; the rest waits, and after some tries the customer gives it up."""
        desk = self.desk
        wishes = [wish for wish in order.wishes if wish.left > 0]
        self.deliver(order.customer, order.place, wishes, order)
        order.tries += 1
        if not any(wish.left for wish in order.wishes):
            return
        if order.tries < TRIES:
            self.open[desk.day + timedelta(days=desk.rng.randint(4, 12))].append(order)
        else:
            desk.act(order.key, Verb.CLOSE, desk.tick(), order.customer.salesperson, "客户取消余量")

    def deliver(self, customer: Customer, place: str, wishes: list[Wish], order: Order | None) -> None:
        """销售出库 What is there of the wishes leaves, lot by lot; lines of an order name its lines."""
        desk = self.desk
        lines: list[dict[str, Any]] = []
        sold: list[SoldLine] = []
        for wish in wishes:
            for origin, lot, quantity in self.pick_anywhere(wish, place):
                more: dict[str, Any] = {"discount": wish.discount}
                if origin != place:
                    more["source_place"] = spot(origin)
                if lot:
                    more["lot"] = lot
                if order is not None:
                    more["source_line"] = LineOf(order.key, order.wishes.index(wish))
                sold.append(SoldLine(len(lines), wish.item.code, quantity, wish.unit, wish.factor, wish.price, lot, origin))
                lines.append(goods_line(wish.item, quantity, wish.unit, wish.price, **more))
                wish.done += quantity
        if not lines:
            return
        content = {**self.head(customer, place), "goods_lines": lines}
        amount = amount_of(lines)
        if order is None and amount > 2000 and desk.rng.random() < 0.1:
            content["discount_amount"] = f"{amount % 10:f}"
            amount -= amount % 10
        calm = order is None or order.tries == 0  # an order that may soon be closed gets no papers after that
        late = desk.enter_late() if calm else None
        keeper = desk.rng.choice(KEEPERS)
        key = desk.post("sales_delivery", keeper, content, late)
        self.settle(key, customer, amount, late)
        redone = calm and late is None and customer.payment_days >= 15 and desk.redo(key, keeper)
        if desk.rng.random() < RETURN_SHARE and not redone and not content.get("discount_amount"):
            back = (late.date() if late else desk.day) + timedelta(days=desk.rng.randint(2, 12))
            line = desk.rng.choice(sold)
            self.returning[back].append((key, customer, house_of(line.place), line))

    def pick_anywhere(self, wish: Wish, place: str) -> list[tuple[str, str, int]]:
        """找货 From the place; what it lacks, from the main warehouse: there from the bins where they hold some, then from the floor."""
        found: list[tuple[str, str, int]] = []
        for origin in dict.fromkeys((place, *words.BINS, MAIN) if place != MAIN else (*words.BINS, MAIN)):
            left = wish.left - sum(quantity for _, _, quantity in found)
            can = min(left, self.desk.shelves.on_hand(wish.item.code, origin) // wish.factor)
            found += [(origin, lot, quantity) for lot, quantity in self.pick(wish, origin, can)]
        return found

    def pick(self, wish: Wish, place: str, can: int) -> list[tuple[str, int]]:
        """拣货 Whole units lot by lot, the oldest first; of a lot with less than a unit nothing."""
        if can <= 0:
            return []
        code, shelves = wish.item.code, self.desk.shelves
        if not wish.item.by_lot:
            shelves.take(code, place, can * wish.factor)
            return [("", can)]
        picked: list[tuple[str, int]] = []
        for lot, held in list(shelves.held[code, place].items()):
            part = min(held // wish.factor, can)
            if part:
                shelves.take_lot(code, place, lot, part * wish.factor)
                picked.append((lot, part))
                can -= part
        return picked

    def settle(self, key: int, customer: Customer, amount: Decimal, late: datetime | None) -> None:
        """结算 When the delivery will be paid: never before it is entered."""
        desk = self.desk
        entered = late.date() if late else desk.day
        days = customer.payment_days + (desk.rng.randint(0, customer.late_days) if customer.late_days else 0)
        if customer.payment_days == 0:
            days = desk.rng.randint(0, 1)
        pay_on = max(desk.day + timedelta(days=days), entered + timedelta(days=1))
        self.paying.owed[customer.code].append(Bill(key, amount, pay_on))

    def take_back(self, key: int, customer: Customer, place: str, line: SoldLine) -> None:
        """销售退货 A part of a line comes back, at its price, and is credited."""
        desk = self.desk
        quantity = max(1, line.quantity // desk.rng.choice((2, 4, 5)))
        if quantity > line.quantity - line.returned:
            return
        line.returned += quantity
        item = desk.by_code[line.item]
        original = desk.plan.documents[key].content["goods_lines"][line.at]
        more: dict[str, Any] = {"source_line": LineOf(key, line.at), "discount": original["discount"]}
        if line.lot:
            more["lot"] = line.lot
        lines = [goods_line(item, quantity, line.unit, line.price, **more)]
        content = self.head(customer, place)
        content["target_place"] = content.pop("source_place")
        content |= {"remark": desk.rng.choice(("包装破损", "规格不符", "客户多订", "质量问题")), "goods_lines": lines}
        made = desk.post("sales_return", desk.rng.choice(KEEPERS), content)
        desk.shelves.put(item.code, place, quantity * line.factor, line.lot)
        self.paying.owed[customer.code].append(Bill(made, -amount_of(lines), desk.day + timedelta(days=1)))


def due(waiting: dict[date, list[Any]], day: date) -> list[Any]:
    """到期 Everything that waited for a day up to this one, in order of days."""
    days = sorted(one for one in waiting if one <= day)
    return [entry for one in days for entry in waiting.pop(one)]
