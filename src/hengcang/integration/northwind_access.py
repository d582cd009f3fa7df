"""罗斯文 2010 Northwind of Access 2010: purchase orders, receipts, sales orders, shipments, payments, stock on hold.

Every document is posted at the source's business date, in the order of those dates. What the data leaves open is
decided by the rules that the reconciliation states (`RULES`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.base import clock
from hengcang.documents import conversion, drafts, services
from hengcang.integration import northwind_access_check
from hengcang.integration.loading import at_opening, save, user_named
from hengcang.integration.northwind_access_book import Book
from hengcang.integration.reconciliation import Reconciliation
from hengcang.integration.source import Table, by_id, day, number, plain, read
from hengcang.meta import registry
from hengcang.records.models import GoodsLine

TABLES = (
    "suppliers", "customers", "employees", "shippers", "products", "purchase_orders", "purchase_order_details", "orders",
    "order_details", "invoices", "inventory_transactions",
)  # fmt: skip
PURCHASED, SOLD, ON_HOLD = "1", "2", "3"
SUBMITTED = "1"
INVOICED, ALLOCATED = "2", "1"
HOLDER = "NW-HOLD"


def load(folder: Path, viewer: Viewer) -> Reconciliation:
    """装载 Masters first, then every document by business date; inside the caller's transaction."""
    book = Book(viewer, {name: read(folder, name) for name in TABLES})
    load_masters(book)
    plan = plan_deliveries(book)
    shipments = [(when, 3, deliver, order, lines) for (order, when), lines in plan.items()]
    events = [*purchases(book), *receipts(book), *sales(book), *holds(book), *shipments, *payments(book, plan)]
    for when, _, act, *arguments in sorted(events, key=lambda event: (event[0], event[1])):
        with clock.standing_at(at_opening(when)):
            act(book, when, *arguments)
    return northwind_access_check.reconcile(book)


Event = tuple[Any, ...]


def load_masters(book: Book) -> None:
    """基础资料 Suppliers, customers, employees, goods; one warehouse, one cash account per way of payment."""
    viewer, tables = book.viewer, book.tables
    book.place = save(viewer, "warehouses", {"code": "NW", "name": "Northwind 仓库"})
    for code, name, kind in (("Check", "支票户", "bank"), ("Credit Card", "信用卡户", "online"), ("Cash", "现金", "cash")):
        book.cash[code] = save(viewer, "cash_accounts", {"code": code, "name": name, "kind": kind})
    for row in tables["employees"]:
        name = f"{row['first_name']} {row['last_name']}"
        book.users[row["id"]] = user_named(f"nw{row['id']}", name, ("销售员",)).pk
    for row in tables["suppliers"]:
        book.suppliers[row["id"]] = save(viewer, "suppliers", party_of(row, f"NW-S{row['id']}"))
    for row in tables["customers"]:
        book.customers[row["id"]] = save(viewer, "customers", party_of(row, f"NW-C{row['id']}"))
    book.customers[HOLDER] = save(viewer, "customers", {"code": HOLDER, "name": "库存占用（源数据无订单）"})
    load_items(book)


def party_of(row: dict[str, str], code: str) -> dict[str, Any]:
    """往来单位 A party with its contact and address."""
    contact = {
        "name": f"{row['first_name']} {row['last_name']}",
        "phone": row["business_phone"],
        "email": row["email_address"],
        "title": row["job_title"],
        "main": True,
    }
    parts = (row["address"], row["city"], row["state_province"], row["zip_postal_code"], row["country_region"])
    address = ", ".join(part for part in parts if part)
    addresses = [{"text": address, "main": True}] if address else []
    return {"code": code, "name": row["company"], "contacts": [contact], "addresses": addresses, "note": row["notes"][:300]}


def load_items(book: Book) -> None:
    """商品 Goods with prices, limits and their first supplier; a product code used twice gets the id added."""
    viewer = book.viewer
    unit = save(viewer, "units", {"code": "NW", "name": "件", "decimals": 0})
    categories: dict[str, int] = {}
    taken: set[str] = set()
    for row in book.tables["products"]:
        name = row["category"] or "Other"
        if name not in categories:
            categories[name] = save(viewer, "item_categories", {"name": name})
        code = row["product_code"] if row["product_code"] not in taken else f"{row['product_code']}-{row['id']}"
        taken.add(code)
        raw = {
            "code": code,
            "name": row["product_name"],
            "spec": row["quantity_per_unit"],
            "category": categories[name],
            "base_unit": unit,
            "tax_rate": "0",
            "purchase_price": plain(number(row["standard_cost"])),
            "sales_price": plain(number(row["list_price"])),
            "default_supplier": book.suppliers[row["supplier_ids"].split(";")[0]],
            "limits": [{"place": book.place, "stock_min": row["reorder_level"] or "0", "stock_max": row["target_level"] or "0"}],
        }
        book.items[row["id"]] = save(viewer, "items", raw)


def lines_by(table: Table, column: str) -> dict[str, Table]:
    """The rows of a table of lines by their document."""
    found: dict[str, Table] = defaultdict(list)
    for row in table:
        found[row[column]].append(row)
    return found


def purchases(book: Book) -> list[Event]:
    """采购订单 At the day of submission; those not yet approved stay drafts."""
    lines = lines_by(book.tables["purchase_order_details"], "purchase_order_id")
    return [(day(row["submitted_date"]), 0, enter_order, "purchase_order", row, lines[row["id"]]) for row in book.tables["purchase_orders"]]


def sales(book: Book) -> list[Event]:
    """销售订单 At the day of the order, holding stock back where a line of it is allocated."""
    lines = lines_by(book.tables["order_details"], "order_id")
    return [(day(row["order_date"]), 2, enter_order, "sales_order", row, lines[row["id"]]) for row in book.tables["orders"]]


def enter_order(book: Book, when: date, kind: str, row: dict[str, str], lines: Table) -> None:
    """An order; without lines (or approval) it stays a draft."""
    raw: dict[str, Any] = {"document_date": when.isoformat(), "remark": f"Northwind #{row['id']} {row['notes']}".strip()}
    price = "unit_cost" if kind == "purchase_order" else "unit_price"
    if kind == "purchase_order":
        handler = book.users.get(row["created_by"] or row["submitted_by"])
        raw |= {"party": book.suppliers[row["supplier_id"]], "target_place": book.place, "handler": handler}
    else:
        reserve = any(line["status_id"] == ALLOCATED for line in lines)
        raw |= {"party": book.customers[row["customer_id"]], "source_place": book.place, "reserve": reserve}
        raw["salesperson"] = book.users.get(row["employee_id"])
    raw["goods_lines"] = [
        {
            "item": book.items[line["product_id"]],
            "quantity": plain(number(line["quantity"])),
            "unit_price_net": plain(number(line[price])),
            "discount": plain(number(line.get("discount", ""))),
        }
        for line in lines
    ]
    complete = bool(lines) and all(number(line["quantity"]) for line in lines)
    post = complete and not (kind == "purchase_order" and row["status_id"] == SUBMITTED)
    made = enter(book, kind, raw, post=post)
    book.documents[kind, row["id"]] = made
    ids = GoodsLine.objects.filter(document=made).order_by("position").values_list("pk", flat=True)
    book.lines |= {(kind, line["id"]): pk for line, pk in zip(lines, ids, strict=True)}


def enter(book: Book, kind: str, raw: dict[str, Any], *, post: bool = True) -> int:
    """Make a draft and post it; gives its id."""
    declaration = registry.document(kind)
    made = drafts.insert(book.viewer, declaration, raw)
    if post:
        services.apply(book.viewer, declaration, services.Order(made, "post"), True)
    return made


def convert(book: Book, kind: str, order: str, target: str, lines: Table) -> int:
    """下推 Carry lines of an order into the next document and post it; gives its id."""
    quantities = {book.lines[kind, line["id"]]: number(line["quantity"]) for line in lines}
    wanted = conversion.Wanted(target, [book.documents[kind, order]], quantities)
    made = int(conversion.convert(book.viewer, registry.document(kind), wanted)["document"])
    services.apply(book.viewer, registry.document(target), services.Order(made, "post"), True)
    return made


def receipts(book: Book) -> list[Event]:
    """采购入库 One receipt per order and day on which lines of it came in."""
    groups = lines_by(book.tables["purchase_order_details"], "purchase_order_id")
    events: list[Event] = []
    for order, lines in groups.items():
        days = sorted({line["date_received"] for line in lines if line["posted_to_inventory"] == "1"})
        for when in days:
            came = [line for line in lines if line["date_received"] == when and line["posted_to_inventory"] == "1"]
            events.append((day(when), 1, receive, order, came))
    return events


def receive(book: Book, when: date, order: str, lines: Table) -> None:
    """A receipt from its order."""
    convert(book, "purchase_order", order, "purchase_receipt", lines)


def shipping_day(order: dict[str, str], invoices: dict[str, dict[str, str]]) -> date:
    """发货日 The day of shipping; where the source has none, the day of the invoice, but not before the order."""
    if order["shipped_date"]:
        return day(order["shipped_date"])
    return max(day(order["order_date"]), day(invoices[order["id"]]["invoice_date"]))


Plan = dict[tuple[str, date], Table]


def plan_deliveries(book: Book) -> Plan:
    """出库计划 Lines by order and day: at the day of shipping, or when the goods are there, if that is later (noted)."""
    orders, invoices = by_id(book.tables["orders"]), by_id(book.tables["invoices"], "order_id")
    planned = {order: shipping_day(row, invoices) for order, row in orders.items() if order in invoices or row["shipped_date"]}
    changes = [
        (day(line["date_received"]), 0, line) for line in book.tables["purchase_order_details"] if line["posted_to_inventory"] == "1"
    ]
    changes += [(planned[line["order_id"]], 1, line) for line in book.tables["order_details"] if line["status_id"] == INVOICED]
    stock: Counter[str] = Counter()
    waiting: Table = []
    plan: Plan = defaultdict(list)
    for when, leaving, line in sorted(changes, key=lambda change: change[:2]):
        if leaving:
            waiting.append(line)
        else:
            stock[line["product_id"]] += int(number(line["quantity"]))
        for one in list(waiting):
            if stock[one["product_id"]] < number(one["quantity"]):
                continue
            stock[one["product_id"]] -= int(number(one["quantity"]))
            waiting.remove(one)
            plan[one["order_id"], when].append(one)
            if planned[one["order_id"]] != when:
                book.notes.append(late(one, planned[one["order_id"]], when))
    assert not waiting, waiting
    return plan


def late(line: dict[str, str], planned: date, when: date) -> str:
    """What is said of a delivery that had to wait."""
    goods = f"product {line['product_id']} × {line['quantity']}"
    return f"order {line['order_id']} {goods}：源数据发货日 {planned}，货于 {when} 才入库，出库单记 {when}。"


def deliver(book: Book, when: date, order: str, lines: Table) -> None:
    """A delivery from its order."""
    book.delivered[order].append(convert(book, "sales_order", order, "sales_delivery", lines))


def payments(book: Book, plan: Plan) -> list[Event]:
    """收款 What an order says was paid, when goods for it have left: a payment cannot clear what is not yet owed."""
    last: dict[str, date] = {}
    for order, when in plan:
        last[order] = max(when, last.get(order, when))
    return [
        (max(day(row["paid_date"]), last[row["id"]]), 4, collect, row)
        for row in book.tables["orders"]
        if row["paid_date"] and row["id"] in last
    ]


def collect(book: Book, when: date, row: dict[str, str]) -> None:
    """A payment that clears the deliveries of an order."""
    declaration = registry.document("incoming_payment")
    owed = northwind_access_check.amounts(book.delivered[row["id"]])
    lines: list[dict[str, Any]] = [{"cash_account": book.cash[row["payment_type"]], "amount": plain(sum(owed.values(), Decimal(0)))}]
    lines += [{"cleared_document": document, "amount": plain(amount)} for document, amount in owed.items()]
    raw = {
        "document_date": when.isoformat(),
        "party": book.customers[row["customer_id"]],
        "salesperson": book.users[row["employee_id"]],
        "remark": f"Northwind #{row['id']} {row['payment_type']} paid {row['paid_date'][:10]}",
        "money_lines": lines,
    }
    made = drafts.insert(book.viewer, declaration, raw)
    services.apply(book.viewer, declaration, services.Order(made, "post"), True)
    book.documents["incoming_payment", row["id"]] = made


def holds(book: Book) -> list[Event]:
    """占用 What the source holds back beyond its order lines: an order that reserves, of a stand-in customer."""
    lines = {line["inventory_id"]: line for line in book.tables["order_details"]}
    events: list[Event] = []
    for row in book.tables["inventory_transactions"]:
        if row["transaction_type"] != ON_HOLD:
            continue
        ordered = lines.get(row["id"])
        extra = number(row["quantity"]) - (number(ordered["quantity"]) if ordered else Decimal(0))
        if extra > 0:
            events.append((day(row["transaction_created_date"]), 2, hold, row, extra))
    return events


def hold(book: Book, when: date, row: dict[str, str], quantity: Decimal) -> None:
    """An order that only holds back."""
    raw = {
        "document_date": when.isoformat(),
        "party": book.customers[HOLDER],
        "source_place": book.place,
        "reserve": True,
        "salesperson": None,
        "remark": f"inventory_transactions #{row['id']}：源数据占用，无对应订单行",
        "goods_lines": [{"item": book.items[row["product_id"]], "quantity": plain(quantity), "unit_price_net": "0"}],
    }
    book.documents["hold", row["id"]] = enter(book, "sales_order", raw)
    book.notes.append(f"inventory_transactions #{row['id']}：product {row['product_id']} 占用 {quantity}，没有订单行，记为占用订单。")
