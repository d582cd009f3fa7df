"""演示资料入库 The demo company's masters through their services; gives their ids by collection and code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.core.pricing import to_millionths
from hengcang.integration.demo import words
from hengcang.integration.demo.catalogue import Customer, Item, Supplier
from hengcang.integration.demo.desk import MAIN, SHOP, Desk
from hengcang.integration.loading import save, user_named
from hengcang.integration.source import plain
from hengcang.places.models import ExpenseCategory

Ids = dict[tuple[str, str], int]
ONE = Decimal(1)
LIMIT_DAYS = (5, 240, 3)


def enter_masters(viewer: Viewer, desk: Desk) -> Ids:
    """资料 Departments, warehouses and bins, accounts, users, units, parties, items and what they are made of, count schedules, lots."""
    ids: Ids = {}
    rng = Random(len(desk.items))
    for code, name in words.DEPARTMENTS:
        ids["departments", code] = save(viewer, "departments", {"code": code, "name": name})
    for code, name, department in words.WAREHOUSES:
        ids["warehouses", code] = save(viewer, "warehouses", {"code": code, "name": name, "department": ids["departments", department]})
    for code, name, kind in words.CASH_ACCOUNTS:
        ids["cash_accounts", code] = save(viewer, "cash_accounts", {"code": code, "name": name, "kind": kind})
    for username, name, role in words.USERS:
        ids["users", username] = user_named(username, name, (role,)).pk
    for code in words.BINS:
        ids["bins", code] = save(viewer, "bins", {"warehouse": ids["warehouses", MAIN], "code": code})
    items = [*desk.items, *desk.wares.values()]
    enter_units(viewer, items, ids)
    enter_parties(viewer, rng, desk, ids)
    enter_items(viewer, items, ids)
    enter_bills(viewer, ids)
    enter_schedules(viewer, desk, ids)
    for code, name in (*words.CARRIERS, words.LABOUR):
        helper = {"code": code, "name": name, "payment_terms": "days", "payment_days": 15}
        ids["suppliers", code] = save(viewer, "suppliers", helper)
    ids |= {("expense_categories", name): pk for pk, name in ExpenseCategory.objects.values_list("pk", "name")}
    for code, number, made, expires in desk.plan.lots:
        raw = {"item": ids["items", code], "number": number, "production_date": made, "expiry_date": expires}
        save(viewer, "lots", raw)
    return ids


def enter_units(viewer: Viewer, items: Iterable[Item], ids: Ids) -> None:
    """计量单位 Units; pieces have no decimals."""
    for index, name in enumerate(sorted({name for item in items for name in (item.unit, item.pack)}), start=1):
        ids["units", name] = save(viewer, "units", {"code": f"DW{index:02}", "name": name, "decimals": 0})


def enter_parties(viewer: Viewer, rng: Random, desk: Desk, ids: Ids) -> None:
    """往来单位 Suppliers and customers with contact, address, bank and terms."""
    names = [*words.SUPPLIER_TRADES, *(kind for kind, _ in words.CUSTOMER_KINDS)]
    groups = {name: save(viewer, "party_categories", {"code": f"FL{at:02}", "name": name}) for at, name in enumerate(names, start=1)}
    for supplier in desk.suppliers:
        raw = party(rng, supplier, groups[supplier.group])
        ids["suppliers", supplier.code] = save(viewer, "suppliers", raw)
    for customer in desk.customers:
        raw = party(rng, customer, groups[customer.kind])
        limit = 0 if customer.payment_days == 0 else rng.choice((20_000, 50_000, 100_000))
        raw |= {"salesperson": ids["users", customer.salesperson], "credit_limit": str(limit) if limit else None}
        ids["customers", customer.code] = save(viewer, "customers", raw)


def party(rng: Random, one: Supplier | Customer, category: int) -> dict[str, Any]:
    """One party; every number is made up."""
    phone = f"1{rng.choice('3578')}{rng.randint(0, 9)}{rng.randint(0, 99_999_999):08}"
    address = f"{one.city}市{rng.choice(words.STREETS)}{rng.randint(1, 399)}号"
    return {
        "code": one.code,
        "name": one.name,
        "category": category,
        "payment_terms": "days" if one.payment_days else "cash",
        "payment_days": one.payment_days,
        "tax_number": f"91330{rng.randint(0, 10**13 - 1):013}",
        "bank": f"{rng.choice(words.BANKS)}{one.city}分行",
        "bank_account": f"62{rng.randint(0, 10**17 - 1):017}",
        "contacts": [{"name": one.contact, "phone": phone, "title": rng.choice(("经理", "采购", "老板", "会计")), "main": True}],
        "addresses": [{"text": address, "main": True}],
    }


def enter_items(viewer: Viewer, items: Iterable[Item], ids: Ids) -> None:
    """商品 Items with their category, brand, pack, prices net of tax, and limits of the main warehouse."""
    brands: dict[str, int | None] = {"": None}
    for index, item in enumerate(items, start=1):
        for code, name, parent in ((item.group, item.group, None), (item.category, item.category, item.group)):
            if ("item_categories", code) not in ids:
                raw = {"name": name, "parent": ids["item_categories", parent] if parent else None}
                ids["item_categories", code] = save(viewer, "item_categories", raw)
        if item.brand not in brands:
            brands[item.brand] = save(viewer, "brands", {"name": item.brand})
        ids["items", item.code] = save(viewer, "items", item_raw(item, index, brands[item.brand], ids))


def item_raw(item: Item, index: int, brand: int | None, ids: Ids) -> dict[str, Any]:
    """One item as its service takes it."""
    low, high, safety = (int(item.daily * days) for days in LIMIT_DAYS)
    net = {name: net_of(price, item) for name, price in (("purchase_price", item.purchase_price), ("sales_price", item.sales_price))}
    limit = {"place": ids["warehouses", MAIN], "stock_min": str(low), "stock_max": str(high + 3 * item.factor), "safety_stock": str(safety)}
    pack = {name: plain(Decimal(price) * item.factor) for name, price in net.items()}
    return {
        "code": item.code,
        "name": item.name,
        "spec": item.spec,
        "barcode": barcode(index),
        "category": ids["item_categories", item.category],
        "brand": brand,
        "base_unit": ids["units", item.unit],
        "tax_rate": plain(item.tax_rate),
        **net,
        "tracking": "serial" if item.by_piece else "lot" if item.by_lot else "none",
        "shelf_life_days": item.shelf_life_days or None,
        "default_supplier": ids["suppliers", item.supplier],
        "default_warehouse": ids["warehouses", MAIN],
        "units": [{"unit": ids["units", item.pack], "factor": str(item.factor), **pack}] if item.pack != item.unit else [],
        "limits": [limit] if item.daily else [],
    }


def enter_bills(viewer: Viewer, ids: Ids) -> None:
    """物料清单 What one of each product is made of."""
    for code, *_, parts in words.PRODUCTS:
        components = [{"item": ids["items", part], "quantity": str(each)} for part, each in parts]
        ids["bills_of_materials", code] = save(viewer, "bills_of_materials", {"item": ids["items", code], "components": components})


def enter_schedules(viewer: Viewer, desk: Desk, ids: Ids) -> None:
    """循环盘点计划 By class in the main warehouse, class A beginning this month; food in the shop, which is two days late."""
    house = {"place": ids["warehouses", MAIN], "handler": ids["users", "cangku1"]}
    food = {"place": ids["warehouses", SHOP], "category": ids.get(("item_categories", "食品饮料")), "handler": ids["users", "cangku2"]}
    for code, name, days, starts_on, scope in (
        ("XHPD001", "A 类每月一盘", 30, desk.counting_day, {**house, "abc_class": "A", "second_required": True}),
        ("XHPD002", "B 类每季一盘", 90, desk.today + timedelta(days=12), {**house, "abc_class": "B"}),
        ("XHPD003", "C 类半年一盘", 180, desk.today + timedelta(days=40), {**house, "abc_class": "C"}),
        ("XHPD004", "门店食品半月查效期", 15, desk.today - timedelta(days=2), food),
    ):
        raw = {"code": code, "name": name, "every_days": days, "starts_on": starts_on.isoformat(), **scope}
        ids["count_schedules", code] = save(viewer, "count_schedules", raw)


def net_of(price: Decimal, item: Item) -> str:
    """A gross price net of tax, to four decimals."""
    return plain(to_millionths(price / (ONE + item.tax_rate)).quantize(Decimal("0.0001")))


def barcode(index: int) -> str:
    """条码 A made-up EAN-13 with its check digit (690: China)."""
    digits = f"690{7_100_000_00 + index:09}"
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits))
    return f"{digits}{-total % 10}"
