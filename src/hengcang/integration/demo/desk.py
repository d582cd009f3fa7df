"""演示前台 The desk of the demo company: its clock, its day, its papers. What every department of the simulation shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from hengcang.core.pricing import line_amounts
from hengcang.integration.demo import calendar, words
from hengcang.integration.demo.catalogue import Customer, Item, Supplier
from hengcang.integration.demo.plans import Action, DocumentOf, LineOf, Master, Plan, Planned, Size, Verb
from hengcang.integration.demo.shelves import Shelves

ZERO = Decimal(0)
MAIN, SHOP, ONLINE = "CK01", "CK02", "CK03"
HOUSES = (MAIN, SHOP, ONLINE)
DEPARTMENT_OF = {MAIN: "BM01", SHOP: "BM02", ONLINE: "BM02"}
ENTERED_LATE = (time(8, 5), time(8, 25))


@dataclass(slots=True)
class Desk:
    """前台 The state of the simulation: the day, the moment, the plan so far, stock, and the people."""

    rng: Random
    size: Size
    first: date
    today: date
    items: list[Item]
    suppliers: list[Supplier]
    customers: list[Customer]
    wares: dict[str, Item] = field(default_factory=dict)
    plan: Plan = field(default_factory=Plan)
    shelves: Shelves = field(default_factory=Shelves)
    day: date = date.min
    at: datetime = datetime.min  # noqa: DTZ901 — a moment of the simulation has no zone until it is entered
    late: int = 0
    redone: int = 0
    by_code: dict[str, Item] = field(default_factory=dict)
    arriving: dict[date, list[tuple[str, str, int, str]]] = field(default_factory=dict)
    expires: dict[tuple[str, str], date] = field(default_factory=dict)

    def begin(self, day: date) -> None:
        """开门 A new day; goods whose papers come late are there from now on."""
        self.day = day
        opening = time(8, 2) if day == self.today else time(8, 30)
        self.at = datetime.combine(day, opening)
        for item, place, quantity, lot in self.arriving.pop(day, []):
            self.shelves.put(item, place, quantity, lot)

    def lot(self, item: str, number: str, made: date, expires: date) -> None:
        """批次 A lot that goods come in, to be made beforehand."""
        self.expires[item, number] = expires
        self.plan.lots.append((item, number, made.isoformat(), expires.isoformat()))

    def tick(self) -> datetime:
        """下一刻 The next moment of the day, always later than the last."""
        longest = 3 if self.day == self.today else 25 if self.at.hour < 17 else 2
        self.at += timedelta(minutes=self.rng.randint(1, longest), seconds=self.rng.randint(0, 59))
        return self.at

    @property
    def progress(self) -> float:
        """进展 How far the history has come, 0 to 1."""
        return (self.day - self.first).days / max((self.today - self.first).days, 1)

    def paper(self, type_name: str, by: str, content: dict[str, Any], made: datetime | None = None) -> int:
        """开单 A draft of that day (its date) made at a moment; gives its key."""
        key = len(self.plan.documents) + 1
        content = {"document_date": self.day.isoformat(), **content}
        self.plan.documents[key] = Planned(key, type_name, aware(made or self.tick()), by, content, needs_of(content))
        return key

    def post(self, type_name: str, by: str, content: dict[str, Any], made: datetime | None = None, posted_by: str = "") -> int:
        """开单并审核 A document made and, a few minutes later, posted; gives its key."""
        key = self.paper(type_name, by, content, made)
        moment = self.plan.documents[key].made + timedelta(seconds=self.rng.randint(20, 55))
        self.plan.actions.append(Action(moment, key, Verb.POST, posted_by or by))
        return key

    def act(self, key: int, verb: Verb, moment: datetime, by: str, reason: str) -> None:
        """动作 Something done with a document later."""
        self.plan.actions.append(Action(aware(moment), key, verb, by, reason))

    def count_day(self, day: date) -> date:
        """盘点日 The last open day of the month of a day."""
        last = calendar.add_months(day, 1) - timedelta(days=1)
        return max(calendar.open_days(day.replace(day=1), last))

    def buyer(self, rng: Random) -> Customer:
        """买家 A customer who comes for what is not sold online."""
        near = [one for one in self.customers if one.kind != "线上客户"]
        return rng.choices(near, [one.weight for one in near])[0]

    @property
    def counting_day(self) -> date:
        """循环盘点日 On which day the count of this month begins: its first open day, else today."""
        return next(calendar.open_days(self.today.replace(day=1), self.today), self.today)

    def owned(self, item: str) -> int:
        """总量 What is there of an item everywhere."""
        return sum(self.shelves.on_hand(item, place) for place in (*HOUSES, *words.BINS))

    def later_day(self, days: int) -> date | None:
        """补录日 An open day so many days on that lies before the next count and before today; else none."""
        day = self.day + timedelta(days=days)
        while not calendar.is_open(day):
            day += timedelta(days=1)
        fits = day < self.count_day(self.day) and day < self.today
        return day if fits else None

    def enter_late(self) -> datetime | None:
        """补录时刻 For some papers: the early morning of a later day on which they are entered under their old date."""
        if self.late >= self.size.backdated or self.rng.random() > 0.11:
            return None
        day = self.later_day(self.rng.randint(1, 5))
        if day is None:
            return None
        self.late += 1
        start, end = ENTERED_LATE
        seconds = self.rng.randint(start.minute * 60, end.minute * 60)
        return datetime.combine(day, time(start.hour)) + timedelta(seconds=seconds)

    def redo(self, key: int, by: str) -> bool:
        """反审核重审 For some documents: unposted and posted again on the next open morning; tells whether this is one."""
        if self.redone >= self.size.redone or self.rng.random() > 0.05:
            return False
        day = self.later_day(1)
        if day is None:
            return False
        self.redone += 1
        moment = datetime.combine(day, time(8)) + timedelta(seconds=self.rng.randint(10, 280))
        self.act(key, Verb.REDO, moment, by, "客户要求补充备注")
        return True


def aware(moment: datetime) -> datetime:
    """A moment of the simulation in the book's time zone."""
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def needs_of(content: Any) -> set[int]:
    """The keys of the documents that a content names."""
    if isinstance(content, LineOf | DocumentOf):
        return {content.document}
    if isinstance(content, dict):
        return {key for value in content.values() for key in needs_of(value)}
    if isinstance(content, list):
        return {key for value in content for key in needs_of(value)}
    return set()


def user(name: str) -> Master:
    """A user."""
    return Master("users", name)


def warehouse(code: str) -> Master:
    """A warehouse."""
    return Master("warehouses", code)


def spot(place: str) -> Master:
    """A bin of the main warehouse, or a warehouse."""
    return Master("bins", place) if place in words.BINS else warehouse(place)


def house_of(place: str) -> str:
    """The warehouse that a place is in."""
    return MAIN if place in words.BINS else place


def goods_line(item: Item, quantity: int, unit: str, price: Decimal, **more: Any) -> dict[str, Any]:
    """商品行 A line at a gross price."""
    return {
        "item": Master("items", item.code),
        "unit": Master("units", unit),
        "quantity": str(quantity),
        "price_basis": "gross",
        "unit_price_gross": f"{price:f}",
        "tax_rate": f"{item.tax_rate:f}",
        **more,
    }


def amount_of(lines: list[dict[str, Any]]) -> Decimal:
    """价税合计 What lines at gross prices amount to."""
    return sum(
        (
            line_amounts(
                Decimal(line["quantity"]),
                "gross",
                Decimal(line["unit_price_gross"]),
                Decimal(line.get("discount", "0")),
                Decimal(line["tax_rate"]),
            ).amount_gross
            for line in lines
        ),
        ZERO,
    )
