"""罗斯文 2010 对账 The figures of Access 2010's Northwind beside those of the book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from decimal import Decimal

from django.db.models import F

from hengcang.integration.northwind_access_book import Book
from hengcang.integration.reconciliation import Reconciliation
from hengcang.integration.source import number
from hengcang.ledger import queries
from hengcang.parties.models import Party
from hengcang.records.models import Document, GoodsLine

ZERO = Decimal(0)
RULES = (
    "采购订单按 submitted_date 记账，状态 Submitted（未批准）的 3 张留作草稿；入库按 date_received，由订单下推。",
    "销售订单按 order_date 记账；没有明细或明细数量为 0 的订单无可记账，留作草稿。",
    "出库按 shipped_date，由订单下推；没有 shipped_date 的按发票日与订单日中较晚的一天；货未到的等到入库那天。",
    "行状态 Allocated 的订单占用库存；On Hold 中超出订单行的数量，记为“库存占用”客户的占用订单。",
    "收款按 paid_date 与出库日中较晚的一天，金额为出库金额（源数据没有收款金额）；源数据没有付款记录。",
    "税率全部为 0（源数据全部免税）；金额按账套本位币装入；重复的商品编码后加源数据 id。",
    "发票、库存事务即出库单、入库单本身，不另立单据；承运商没有对应资料，不装入。",
)


def amounts(documents: Collection[int]) -> dict[int, Decimal]:
    """价税合计 What documents amount to."""
    return dict(Document.objects.filter(pk__in=documents).order_by("pk").values_list("pk", "amount_gross"))


def reconcile(book: Book) -> Reconciliation:
    """对账 Every figure the source has."""
    result = Reconciliation("Northwind access2010", rules=list(RULES), details=list(book.notes))
    masters(book, result)
    buying(book, result)
    selling(book, result)
    stock(book, result)
    return result


def masters(book: Book, result: Reconciliation) -> None:
    """Counts of masters."""
    tables = book.tables
    result.compare("供应商", len(tables["suppliers"]), Party.objects.filter(is_supplier=True).count())
    customers = Party.objects.filter(is_customer=True).count()
    result.compare("客户", len(tables["customers"]), customers, 1, "“库存占用”客户")
    result.compare("商品", len(tables["products"]), len(book.items))


def lines_of(kind: str, states: Sequence[str] = ("posted", "draft")) -> list[tuple[Decimal, Decimal]]:
    """(base quantity, net amount) of every line of a type, without the orders that only hold back."""
    rows = GoodsLine.objects.filter(document__type=kind, document__state__in=states, revision=F("document__revision"))
    return list(rows.exclude(document__party__code="NW-HOLD").values_list("base_quantity", "amount_net"))


def total(rows: Sequence[tuple[Decimal, Decimal]], column: int) -> Decimal:
    """Sum of a column."""
    return sum((row[column] for row in rows), ZERO)


def buying(book: Book, result: Reconciliation) -> None:
    """Orders and receipts."""
    details = book.tables["purchase_order_details"]
    posted = [row for row in details if row["posted_to_inventory"] == "1"]
    ordered, received = lines_of("purchase_order"), lines_of("purchase_receipt", ("posted",))
    result.compare("采购订单", len(book.tables["purchase_orders"]), Document.objects.filter(type="purchase_order").count())
    result.compare("采购订单行", len(details), len(ordered))
    result.compare("采购订单金额", value(details, "unit_cost"), total(ordered, 1))
    result.compare("入库行", len(posted), len(received))
    result.compare("入库金额", value(posted, "unit_cost"), total(received, 1))


def value(rows: Sequence[dict[str, str]], price: str) -> Decimal:
    """Quantity × price − discount over source lines."""
    return sum((number(row["quantity"]) * number(row[price]) * (1 - number(row.get("discount", ""))) for row in rows), ZERO)


def selling(book: Book, result: Reconciliation) -> None:
    """Orders, deliveries, payments, freight."""
    details = book.tables["order_details"]
    invoiced = [row for row in details if row["status_id"] == "2"]
    ordered, delivered = lines_of("sales_order"), lines_of("sales_delivery", ("posted",))
    count = Document.objects.filter(type="sales_order").exclude(party__code="NW-HOLD").count()
    result.compare("销售订单", len(book.tables["orders"]), count)
    result.compare("销售订单行", len(details), len(ordered))
    result.compare("销售订单金额", value(details, "unit_price"), total(ordered, 1))
    result.compare("出库行", len(invoiced), len(delivered))
    result.compare("出库金额", value(invoiced, "unit_price"), total(delivered, 1))
    filled = {row["order_id"] for row in invoiced}
    paid = [row for row in book.tables["orders"] if row["paid_date"]]
    empty = sum(row["id"] not in filled for row in paid)
    payments = Document.objects.filter(type="incoming_payment", state="posted").count()
    result.compare("已收款订单", len(paid), payments, -empty, f"{empty} 张没有明细的订单无可收款")
    freight = sum((number(row["shipping_fee"]) for row in book.tables["orders"]), ZERO)
    result.compare("运费 (orders.shipping_fee)", freight, 0, -freight, "单据没有运费栏，未装入")


def stock(book: Book, result: Reconciliation) -> None:
    """Units in, out, on hand, on hold and available; good by good."""
    bought: Counter[str] = Counter()
    sold: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for row in book.tables["inventory_transactions"]:
        {"1": bought, "2": sold, "3": held}[row["transaction_type"]][row["product_id"]] += int(number(row["quantity"]))
    result.compare("采购入库数量", bought.total(), int(total(lines_of("purchase_receipt", ("posted",)), 0)))
    result.compare("销售出库数量", sold.total(), int(total(lines_of("sales_delivery", ("posted",)), 0)))
    state = queries.on_hand(list(book.items.values()), None)
    hand = {product: int(state[item]["on_hand"]) for product, item in book.items.items() if item in state}
    reserved = {product: int(state[item]["reserved"]) for product, item in book.items.items() if item in state}
    moved = {*bought, *sold}
    result.compare("有库存业务的商品", len(moved), sum(queries.moved(item) for item in book.items.values()))
    result.compare("现存量", bought.total() - sold.total(), sum(hand.values()))
    result.compare("占用量", held.total(), sum(reserved.values()))
    available = bought.total() - sold.total() - held.total()
    result.compare("可用量", available, sum(hand.values()) - sum(reserved.values()))
    wrong = sum((bought[one] - sold[one], held[one]) != (hand.get(one, 0), reserved.get(one, 0)) for one in book.items)
    result.compare("现存量或占用量不符的商品", 0, wrong)
