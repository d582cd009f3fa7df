"""演示仓储 The warehouses: opening stock, transfers to the shops and onto the shelves, counts, gifts and own use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from hengcang.integration.demo import words
from hengcang.integration.demo.catalogue import Item
from hengcang.integration.demo.desk import HOUSES, MAIN, ONLINE, SHOP, Desk, aware, goods_line, user, warehouse
from hengcang.integration.demo.plans import Master, Tally

SHARES = {MAIN: 0.6, SHOP: 0.27, ONLINE: 0.13}
OPENING_DAYS = {MAIN: 30, SHOP: 15, ONLINE: 15}
LINES_PER_TRANSFER = 18
LINES_PER_COUNT = 20
COUNT_TIME = time(20, 30)
SHELVED_DAYS = 60
ITEMS_PER_BIN = 2
BIN_DAYS, BIN_LOW_DAYS = 12, 5
COUNTED = (("cangku1", 0, 8, 0), ("cangku2", 8, 5, -2))


@dataclass(slots=True)
class Storing:
    """仓储 What the storekeepers do."""

    desk: Desk
    turn: int = 0
    counted: dict[str, int] = field(default_factory=dict)

    def open(self) -> None:
        """期初库存 One document per warehouse: stock for the first weeks, at the usual price."""
        desk = self.desk
        for place, days in OPENING_DAYS.items():
            lines = []
            for item in desk.items:
                quantity = -(-int(item.daily * SHARES[place] * days + 2 * item.usual) // item.factor) * item.factor
                if place != MAIN and item.weight < 0.0012:
                    continue
                more: dict[str, Any] = {}
                if item.by_lot:
                    more["lot"] = "QC01"
                lines.append(goods_line(item, quantity, item.unit, item.purchase_price, **more))
                desk.shelves.put(item.code, place, quantity, more.get("lot", ""))
            content = {"target_place": warehouse(place), "handler": user("cangku1"), "remark": "系统启用期初", "goods_lines": lines}
            desk.post("opening_stock", "cangku1", content)
        made, expires = desk.day - timedelta(days=30), desk.day + timedelta(days=150)
        for item in desk.items:
            if item.by_lot:
                desk.lot(item.code, "QC01", made, expires)

    def work(self) -> None:
        """一天 What has expired is thrown away; transfers and goods put away once a week, small receipts and issues now and then."""
        desk = self.desk
        for place in HOUSES:
            self.clear_out(place)
        if desk.day.weekday() == 2:
            for place in (SHOP, ONLINE):
                self.transfer(place)
        if desk.day.weekday() in (1, 4) and (desk.today - desk.day).days <= SHELVED_DAYS:
            self.put_away()
        if desk.rng.random() < 0.1:
            self.issue()
        if desk.rng.random() < 0.06:
            self.gift()

    def clear_out(self, place: str) -> None:
        """报损 Lots that expire today or have expired, before anybody sells of them."""
        desk, shelves = self.desk, self.desk.shelves
        lines: list[dict[str, Any]] = []
        for item in desk.items:
            for lot, held in list(shelves.held[item.code, place].items()):
                if lot and desk.expires[item.code, lot] <= desk.day and held:
                    shelves.take_lot(item.code, place, lot, held)
                    lines.append(plain_line(item, held, lot))
        if lines:
            content = {"source_place": warehouse(place), "reason": "expired", "handler": user("cangku1"), "goods_lines": lines}
            desk.post("stock_scrap", "cangku1", content)

    def transfer(self, place: str) -> None:
        """调拨 What the shop is short of, from the main warehouse."""
        desk, shelves = self.desk, self.desk.shelves
        short: list[tuple[float, Item, int]] = []
        for item in desk.items:
            need = item.daily * SHARES[place]
            if item.weight < 0.0012 or shelves.on_hand(item.code, place) >= need * 10:
                continue
            packs = -(-int(need * 28) // item.factor)
            can = min(packs, shelves.on_hand(item.code, MAIN) // item.factor - 1)
            if can > 0:
                short.append((shelves.on_hand(item.code, place) / max(need, 0.01), item, can * item.factor))
        lines: list[dict[str, Any]] = []
        for _, item, quantity in sorted(short, key=lambda one: (one[0], one[1].code))[:LINES_PER_TRANSFER]:
            for lot, part in shelves.take(item.code, MAIN, quantity):
                shelves.put(item.code, place, part, lot)
                lines.append(plain_line(item, part, lot))
        if lines:
            content = {
                "source_place": warehouse(MAIN),
                "target_place": warehouse(place),
                "handler": user("cangku2"),
                "department": Master("departments", "BM01"),
                "target_department": Master("departments", "BM02"),
                "goods_lines": lines,
            }
            desk.post("stock_transfer", "cangku2", content)

    def put_away(self) -> None:
        """移库 Goods that sell well have a bin each, which is filled from the floor when it runs low."""
        desk, shelves = self.desk, self.desk.shelves
        shelved = sorted((item for item in desk.items if not item.by_lot), key=lambda item: (-item.weight, item.code))
        lines: list[dict[str, Any]] = []
        for at, item in enumerate(shelved[: ITEMS_PER_BIN * len(words.BINS)]):
            place, daily = words.BINS[at % len(words.BINS)], item.daily * SHARES[MAIN]
            packs = min(-(-int(daily * BIN_DAYS) // item.factor), shelves.on_hand(item.code, MAIN) // item.factor // 2)
            if shelves.on_hand(item.code, place) > daily * BIN_LOW_DAYS or packs < 1:
                continue
            shelves.take(item.code, MAIN, packs * item.factor)
            shelves.put(item.code, place, packs * item.factor)
            lines.append({**plain_line(item, packs * item.factor, ""), "target_place": Master("bins", place)})
        if lines:
            head = {"source_place": warehouse(MAIN), "target_place": warehouse(MAIN), "handler": user("cangku1"), "remark": "上架"}
            desk.post("stock_transfer", "cangku1", {**head, "goods_lines": lines})

    def issue(self) -> None:
        """其他出库 Own use, samples, gifts: one to three things."""
        desk = self.desk
        place = desk.rng.choice((MAIN, MAIN, SHOP))
        lines: list[dict[str, Any]] = []
        for item in desk.rng.sample(desk.items, desk.rng.randint(1, 3)):
            quantity = desk.rng.randint(1, 3)
            if desk.shelves.on_hand(item.code, place) > quantity * 5:
                lines += [plain_line(item, part, lot) for lot, part in desk.shelves.take(item.code, place, quantity)]
        if lines:
            reason = desk.rng.choice(("own_use", "sample", "gift"))
            content = {"source_place": warehouse(place), "reason": reason, "handler": user("cangku1"), "goods_lines": lines}
            desk.post("other_issue", "cangku1", content)

    def gift(self) -> None:
        """其他入库 A supplier's gift: one thing, without a price or at a small one."""
        desk = self.desk
        item = desk.rng.choice([one for one in desk.items if not one.by_lot])
        quantity = desk.rng.randint(2, 12)
        line = goods_line(item, quantity, item.unit, item.purchase_price)
        if desk.rng.random() < 0.5:
            line = plain_line(item, quantity, "")
        content = {"target_place": warehouse(MAIN), "reason": "gift", "handler": user("cangku1"), "goods_lines": [line]}
        desk.post("other_receipt", "cangku1", content)
        desk.shelves.put(item.code, MAIN, quantity)

    def count(self) -> None:
        """月末盘点 After closing time: some goods of every warehouse, a few of them not as booked."""
        desk = self.desk
        moment = datetime.combine(desk.day, COUNT_TIME)
        for index, place in enumerate(HOUSES):
            there = [item for item in desk.items if not item.by_lot and desk.shelves.on_hand(item.code, place) > 5]
            lines = []
            for item in desk.rng.sample(there, min(LINES_PER_COUNT, len(there))):
                booked = desk.shelves.on_hand(item.code, place)
                change = desk.rng.choice((0, 0, 0, 0, 0, 0, -1, -1, -2, 1))
                if change < 0:
                    desk.shelves.take(item.code, place, -change)
                elif change:
                    desk.shelves.put(item.code, place, change)
                lines.append(plain_line(item, booked + change, ""))
            if lines:
                content = {"source_place": warehouse(place), "handler": user("cangku1"), "remark": "月末抽盘", "goods_lines": lines}
                desk.post("stock_count", "cangku1", content, moment + timedelta(minutes=index * 10))

    def begin_cycle(self) -> None:
        """循环盘点 The plan of this month's turn of class A: two people have begun, one of them found a line otherwise than booked."""
        desk = self.desk
        content = {
            "source_place": warehouse(MAIN),
            "abc_class": "A",
            "objects": "stock",
            "blind": True,
            "second_required": True,
            "schedule": Master("count_schedules", "XHPD001"),
            "handler": user("cangku1"),
            "remark": "A 类商品循环盘点",
        }
        key = desk.post("count_plan", "cangku1", content)
        for by, first, lines, off in COUNTED:
            desk.plan.tallies.append(Tally(aware(desk.tick()), key, by, first, lines, off))


def plain_line(item: Item, quantity: int, lot: str) -> dict[str, Any]:
    """A line without a price, in base units."""
    line: dict[str, Any] = {"item": Master("items", item.code), "unit": Master("units", item.unit), "quantity": str(quantity)}
    if lot:
        line["lot"] = lot
    return line
