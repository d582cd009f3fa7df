"""罗斯文经典 Classic Northwind: 830 sales orders and their shipments; what was there before is one opening stock.

The source has no purchases. One opening stock, the day before the first order, brings what was shipped later plus
what the source still has (`UnitsInStock`); so the book ends at exactly the source's stock.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import F

from hengcang.access.viewer import Viewer
from hengcang.documents import many
from hengcang.integration.loading import Batch, at_opening, save, user_named
from hengcang.integration.reconciliation import Reconciliation
from hengcang.integration.source import Table, day, number, plain, read, to_cents
from hengcang.ledger import queries
from hengcang.meta import masters, registry
from hengcang.parties.models import Party
from hengcang.records.models import Document, GoodsLine

TABLES = ("suppliers", "customers", "employees", "categories", "products", "orders", "order_details")
COST_SHARE = Decimal("0.75")
ZERO = Decimal(0)
RULES = (
    "源数据没有采购：首张订单前一天记一张期初库存，数量 = 此后全部出库 + UnitsInStock，故期末现存量应等于 UnitsInStock。",
    "期初成本 = 标价 UnitPrice × 75%（与 access2010 一套中 standard_cost ÷ list_price 的比例相同），舍入到分。",
    "订单按 OrderDate 记账；有 ShippedDate 的全部出库（出库行关联订单行），按 ShippedDate 记账；没有的订单未执行。",
    "行金额在行上四舍五入到分；源数据按未舍入的乘积求和，逐行差异列在明细里。",
    "运费 Freight 没有对应栏，写在备注；源数据没有收款、付款，故应收全部未结。",
    "停产商品 Discontinued 装完后停用；税率 0；金额按账套本位币装入；承运商不装入。",
    "在订量 UnitsOnOrder 没有供应商单据可依，不装入。",
)


@dataclass(slots=True)
class Book:
    """账套对照 The source's tables and the ids its records got."""

    viewer: Viewer
    tables: dict[str, Table]
    place: int = 0
    items: dict[str, int] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    lines: dict[str, Table] = field(default_factory=lambda: defaultdict(list))


def load(folder: Path, viewer: Viewer) -> Reconciliation:
    """装载 Masters, opening stock, then orders and deliveries by date; inside the caller's transaction."""
    book = Book(viewer, {name: read(folder, name) for name in TABLES})
    for row in book.tables["order_details"]:
        book.lines[row["OrderID"]].append(row)
    load_masters(book)
    opening(book)
    trade(book)
    discontinue(book)
    return reconcile(book)


def load_masters(book: Book) -> None:
    """基础资料 Suppliers, customers, employees, categories, goods, one warehouse."""
    viewer, tables = book.viewer, book.tables
    book.place = save(viewer, "warehouses", {"code": "NW", "name": "Northwind 仓库"})
    unit = save(viewer, "units", {"code": "NW", "name": "件", "decimals": 0})
    for row in tables["employees"]:
        book.users[row["EmployeeID"]] = user_named(f"nw{row['EmployeeID']}", f"{row['FirstName']} {row['LastName']}", ("销售员",)).pk
    suppliers = {row["SupplierID"]: save(viewer, "suppliers", party_of(row, f"NW-S{row['SupplierID']}")) for row in tables["suppliers"]}
    for row in tables["customers"]:
        book.customers[row["CustomerID"]] = save(viewer, "customers", party_of(row, f"NW-{row['CustomerID'].upper()}"))
    categories = {
        row["CategoryID"]: save(viewer, "item_categories", {"code": f"NW{row['CategoryID']}", "name": row["CategoryName"]})
        for row in tables["categories"]
    }
    for row in tables["products"]:
        raw = {
            "code": f"NW-{int(row['ProductID']):02}",
            "name": row["ProductName"],
            "spec": row["QuantityPerUnit"],
            "category": categories[row["CategoryID"]],
            "base_unit": unit,
            "tax_rate": "0",
            "purchase_price": plain(cost(row)),
            "sales_price": plain(number(row["UnitPrice"])),
            "default_supplier": suppliers[row["SupplierID"]],
            "limits": [{"place": book.place, "stock_min": plain(number(row["ReorderLevel"]))}],
        }
        book.items[row["ProductID"]] = save(viewer, "items", raw)


def party_of(row: dict[str, str], code: str) -> dict[str, Any]:
    """往来单位 A party with its contact and address."""
    contact = {"name": row["ContactName"], "phone": row["Phone"], "title": row["ContactTitle"], "main": True}
    address = ", ".join(row[name] for name in ("Address", "City", "Region", "PostalCode", "Country") if row[name])
    addresses = [{"text": address, "main": True}] if address else []
    return {"code": code, "name": row["CompanyName"], "contacts": [contact], "addresses": addresses}


def cost(product: dict[str, str]) -> Decimal:
    """期初成本 Three quarters of the list price."""
    return to_cents(number(product["UnitPrice"]) * COST_SHARE)


def opening(book: Book) -> None:
    """期初库存 What was shipped later, and what is left."""
    shipped = {row["OrderID"] for row in book.tables["orders"] if row["ShippedDate"]}
    quantity: Counter[str] = Counter()
    for row in book.tables["order_details"]:
        if row["OrderID"] in shipped:
            quantity[row["ProductID"]] += int(number(row["Quantity"]))
    for row in book.tables["products"]:
        quantity[row["ProductID"]] += int(number(row["UnitsInStock"]))
    lines = [
        {"item": book.items[row["ProductID"]], "quantity": str(quantity[row["ProductID"]]), "unit_price_net": plain(cost(row))}
        for row in book.tables["products"]
        if quantity[row["ProductID"]]
    ]
    when = min(day(row["OrderDate"]) for row in book.tables["orders"]) - timedelta(days=1)
    raw = {"document_date": when.isoformat(), "target_place": book.place, "remark": "Northwind 期初", "goods_lines": lines}
    batch = Batch(book.viewer)
    batch.add("opening", many.Draft(book.viewer, registry.document("opening_stock"), raw, at_opening(when)))
    batch.flush()


def trade(book: Book) -> None:
    """订单与出库 Drafts of every order, then of every shipment naming its order's lines; posted in one order of days."""
    rows = book.tables["orders"]
    orders = {row["OrderID"]: order_draft(book, row) for row in rows}
    ordered = dict(zip(orders, many.insert(list(orders.values())), strict=True))
    shipments = {row["OrderID"]: shipment_draft(book, row, orders, ordered) for row in rows if row["ShippedDate"]}
    shipped = dict(zip(shipments, many.insert(list(shipments.values())), strict=True))
    acts = [(draft.moment, 0, number, draft, ordered[number]) for number, draft in orders.items()]
    acts += [(draft.moment, 1, number, draft, shipped[number]) for number, draft in shipments.items()]
    acts.sort(key=lambda act: act[:3])
    many.post([act[3] for act in acts], [act[4] for act in acts])


def order_draft(book: Book, row: dict[str, str]) -> many.Draft:
    """销售订单 One order."""
    when = day(row["OrderDate"])
    raw = {
        "document_date": when.isoformat(),
        "delivery_date": row["RequiredDate"][:10],
        **head(book, row),
        "goods_lines": [
            {
                "item": book.items[line["ProductID"]],
                "quantity": plain(number(line["Quantity"])),
                "unit_price_net": plain(number(line["UnitPrice"])),
                "discount": plain(number(line["Discount"])),
            }
            for line in book.lines[row["OrderID"]]
        ],
    }
    return many.Draft(book.viewer, registry.document("sales_order"), raw, at_opening(when))


def head(book: Book, row: dict[str, str]) -> dict[str, Any]:
    """What an order and its shipment share."""
    return {
        "party": book.customers[row["CustomerID"]],
        "source_place": book.place,
        "salesperson": book.users[row["EmployeeID"]],
        "remark": f"Northwind {row['OrderID']} freight {row['Freight']}",
    }


def shipment_draft(book: Book, row: dict[str, str], orders: dict[str, many.Draft], ordered: dict[str, many.Inserted]) -> many.Draft:
    """销售出库 All lines of an order, each naming the order's line."""
    when = day(row["ShippedDate"])
    lines = orders[row["OrderID"]].raw["goods_lines"]
    taken = [{**line, "source_line": source} for line, source in zip(lines, ordered[row["OrderID"]].goods, strict=True)]
    raw = {"document_date": when.isoformat(), **head(book, row), "goods_lines": taken}
    return many.Draft(book.viewer, registry.document("sales_delivery"), raw, at_opening(when))


def discontinue(book: Book) -> None:
    """停用 Goods that the source has given up."""
    for row in book.tables["products"]:
        if row["Discontinued"] == "1":
            master = registry.master_by_collection("items")
            masters.save_master(master, {"active": False}, book.viewer, book.items[row["ProductID"]])


def sums(kind: str) -> tuple[int, Decimal, Decimal]:
    """Lines, base quantity and net amount of the posted documents of a type."""
    rows = GoodsLine.objects.filter(document__type=kind, document__state="posted", revision=F("document__revision"))
    found = list(rows.values_list("base_quantity", "amount_net"))
    return len(found), sum((row[0] for row in found), ZERO), sum((row[1] for row in found), ZERO)


def exact(line: dict[str, str]) -> Decimal:
    """The unrounded amount of a source line."""
    return number(line["UnitPrice"]) * number(line["Quantity"]) * (1 - number(line["Discount"]))


def reconcile(book: Book) -> Reconciliation:
    """对账 Every figure the source has."""
    result = Reconciliation("Northwind classic", rules=list(RULES))
    tables, details = book.tables, book.tables["order_details"]
    shipped = {row["OrderID"] for row in tables["orders"] if row["ShippedDate"]}
    leaving = [row for row in details if row["OrderID"] in shipped]
    result.compare("供应商", len(tables["suppliers"]), Party.objects.filter(is_supplier=True).count())
    result.compare("客户", len(tables["customers"]), Party.objects.filter(is_customer=True).count())
    result.compare("商品", len(tables["products"]), len(book.items))
    result.compare("销售订单", len(tables["orders"]), Document.objects.filter(type="sales_order", state="posted").count())
    lines, quantity, amount = sums("sales_order")
    result.compare("订单行", len(details), lines)
    result.compare("订单数量", whole(details), int(quantity))
    amounts(result, "净销售额（全部订单）", details, amount)
    result.compare("已发货订单", len(shipped), Document.objects.filter(type="sales_delivery", state="posted").count())
    lines, quantity, amount = sums("sales_delivery")
    result.compare("出库行", len(leaving), lines)
    result.compare("出库数量", whole(leaving), int(quantity))
    amounts(result, "净销售额（已发货）", leaving, amount)
    brought = whole(leaving) + sum(int(number(row["UnitsInStock"])) for row in tables["products"])
    result.compare("期初库存数量（推出）", brought, int(sums("opening_stock")[1]))
    stock(book, result)
    freight = sum((number(row["Freight"]) for row in tables["orders"]), ZERO)
    result.compare("运费 (Freight)", freight, 0, -freight, "写在备注，不记账")
    result.details += rounding_details(details)
    return result


def whole(rows: Table) -> int:
    """Units of source lines."""
    return sum(int(number(row["Quantity"])) for row in rows)


def amounts(result: Reconciliation, name: str, rows: Table, book: Decimal) -> None:
    """Net sales: the difference must be what rounding each line to the cent makes."""
    source = sum(map(exact, rows), ZERO)
    rounding = sum((to_cents(exact(row)) - exact(row) for row in rows), ZERO)
    count = sum(to_cents(exact(row)) != exact(row) for row in rows)
    result.compare(name, source, book, rounding, f"{count} 行舍入到分")


def rounding_details(rows: Table) -> list[str]:
    """The lines whose amount is not whole cents."""
    return [
        f"order {row['OrderID']} product {row['ProductID']}：{row['Quantity']} × {row['UnitPrice']} × (1 − {row['Discount']}) = "
        f"{exact(row).normalize():f} → {to_cents(exact(row))}（{to_cents(exact(row)) - exact(row):+f}）"
        for row in rows
        if to_cents(exact(row)) != exact(row)
    ]


def stock(book: Book, result: Reconciliation) -> None:
    """What is left, good by good."""
    state = queries.on_hand(list(book.items.values()), None)
    hand = {product: int(state[item]["on_hand"]) if item in state else 0 for product, item in book.items.items()}
    units = {row["ProductID"]: int(number(row["UnitsInStock"])) for row in book.tables["products"]}
    result.compare("现存量 (UnitsInStock)", sum(units.values()), sum(hand.values()))
    result.compare("现存量不符的商品", 0, sum(units[one] != hand[one] for one in units))
    on_order = sum(int(number(row["UnitsOnOrder"])) for row in book.tables["products"])
    result.compare("在订量 (UnitsOnOrder)", on_order, 0, -on_order, "没有单据可依，未装入")
