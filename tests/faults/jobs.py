"""Jobs that worker processes do: set a company up, act as one client, look at the books."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any

from django.db import transaction

from hengcang.access.models import User
from hengcang.access.viewer import system_viewer
from hengcang.base import audit
from hengcang.base.book import change_book
from hengcang.base.models import AuditLog
from hengcang.catalog import variants
from hengcang.catalog.models import Item, Unit
from hengcang.core.errors import plain
from hengcang.core.holding import Part
from hengcang.documents import count_entries, count_figures, count_results, drafts, services
from hengcang.documents.commands import Key
from hengcang.ledger import check
from hengcang.ledger.models import Posting, Reservation, StockBalance, StockMove
from hengcang.meta import importing, masters, registry
from hengcang.parties.models import Party
from hengcang.places.models import CashAccount, Place
from hengcang.records.models import Document, GoodsLine
from tests import make
from tests.make import Company, day

PLACED = {
    "purchase_receipt": ("supplier", "target_place"),
    "sales_delivery": ("customer", "source_place"),
    "sales_return": ("customer", "target_place"),
    "stock_count": ("", "source_place"),
}


def company() -> Company:
    """The company that `found` made, as this process finds it."""
    user = User.objects.get(username="boss")
    return Company(
        viewer=system_viewer(user.pk, "老板"),
        places={one.code: one for one in Place.objects.filter(kind="warehouse")},
        supplier=Party.objects.get(code="S1"),
        customer=Party.objects.get(code="C1"),
        bank=CashAccount.objects.get(code="B1"),
        unit=Unit.objects.get(code="pcs"),
        items={one.code: one for one in Item.objects.all()},
    )


def found(stock: dict[str, str]) -> None:
    """A company with stock of some items in A仓."""
    made = make.company()
    for item, quantity in stock.items():
        made.receipt(day(1), quantity, "10", item=item)


def pieces(serials: list[str]) -> None:
    """Pieces of 手机 in A仓."""
    made = make.company()
    made.item("手机", tracking="serial")
    made.receipt(day(1), str(len(serials)), "10", "手机", serials=serials)


def hens(quantity: str, heads: str) -> None:
    """Hens in A仓, weighed and counted."""
    made = make.company()
    unit = Unit.objects.create(code="jin", name="斤", decimals=2)
    head = Unit.objects.create(code="zhi", name="只", decimals=0)
    made.item("鸡", base_unit=unit, second_unit=head, second_factor=Decimal("2.5"))
    change_book(second_units=True)
    made.receipt(day(1), quantity, "10", item="鸡", second_quantity=heads)


def draft_of_hens(quantity: str, heads: str, count: int) -> list[int]:
    """Drafts of deliveries of so much and so many."""
    made = company()
    lines = [{"item": made.items["鸡"].pk, "quantity": quantity, "second_quantity": heads, "unit_price_net": "20"}]
    where = {"source_place": made.places["A"].pk, "party": made.customer.pk}
    return [made.draft("sales_delivery", day(5), lines, **where).pk for _ in range(count)]


def heads() -> dict[str, Any]:
    """Heads on hand, and those that each delivery took, in order."""
    taken = StockMove.objects.filter(kind="sale").order_by("second_quantity").values_list("second_quantity", flat=True)
    return {"on_hand": f"{StockBalance.objects.get().second_quantity.normalize():f}", "taken": [f"{one.normalize():f}" for one in taken]}


def family(values: int) -> dict[str, Any]:
    """A family in so many colours and three sizes, not yet made; gives its id and every combination."""
    made = make.company()
    axes = []
    for name, own in (("颜色", [f"C{at}" for at in range(values)]), ("尺码", ["S", "M", "L"])):
        lines = [{"name": one} for one in own]
        axes.append((masters.save_master(registry.masters()["variant_axis"], {"name": name, "axis_values": lines}, made.viewer), own))
    raw: dict[str, Any] = {"code": "T1", "name": "T恤", "base_unit": made.unit.pk, "sales_price": "50"}
    for at, (axis, own) in enumerate(axes, start=1):
        raw |= {f"axis_{at}": axis, f"chosen_{at}": "、".join(own)}
    family_id = masters.save_master(registry.masters()["item_family"], raw, made.viewer)
    return {"family": family_id, "create": [row["variants"] for row in variants.preview(family_id, made.viewer, {})["rows"]]}


def generate(family: int, create: list[list[int]]) -> dict[str, int]:
    """Make these items of a family, as a client asks for them."""
    return variants.change(family, company().viewer, variants.Wanted(create=[tuple(one) for one in create]))


def items_of(family: int) -> dict[str, Any]:
    """Codes of the items of a family, and how many rows of the log tell that one was made."""
    own = dict(Item.objects.filter(family=family).values_list("pk", "code"))
    return {"codes": sorted(own.values()), "told": AuditLog.objects.filter(action="create", object_type="item", object_id__in=own).count()}


def draft_of_piece(serial: str, count: int) -> list[int]:
    """Drafts of deliveries, each of this one piece."""
    made = company()
    lines = [{"item": made.items["手机"].pk, "quantity": "1", "unit_price_net": "20", "serials": [serial]}]
    where = {"source_place": made.places["A"].pk, "party": made.customer.pk}
    return [made.draft("sales_delivery", day(5), lines, **where).pk for _ in range(count)]


def draft(type_name: str, items: list[str], quantity: str, on: int = 5, count: int = 1, source: int | None = None) -> list[int]:
    """Drafts of deliveries, receipts, counts, or returns of a source document."""
    made = company()
    price = {} if type_name == "stock_count" else {"unit_price_net": "20"}
    lines = [{"item": made.items[code].pk, "quantity": quantity, **price} for code in items]
    if source is not None:
        rows = {row.item_id: row.pk for row in Document.objects.get(pk=source).goods_lines.all()}
        lines = [{**line, "source_line": rows[line["item"]]} for line in lines]
    party, place = PLACED[type_name]
    where = {place: made.places["A"].pk, **({"party": getattr(made, party).pk} if party else {})}
    return [made.draft(type_name, day(on), lines, **where).pk for _ in range(count)]


def act(document: int, name: str = "post", key: str = "", digest: str = "", version: int | None = None) -> dict[str, Any]:
    """One transition, as a client sends it."""
    made = Document.objects.get(pk=document)
    user = User.objects.get(username="boss")
    order = services.Order(document, name, version, "赛")
    return services.transition(system_viewer(user.pk, "老板"), registry.document(made.type), order, Key(key, digest))


def orders_of_a_lot(quantity: str, takers: int) -> dict[str, Any]:
    """An order that holds back all there is of a lot, and others that lack it: their ids and those of their lines."""
    made = make.company()
    made.item("牛奶", tracking="lot")
    made.receipt(day(1), quantity, "10", "牛奶", lot="L1")
    lines = [{"item": made.items["牛奶"].pk, "quantity": quantity, "unit_price_net": "20", "lot": "L1"}]
    where = {"party": made.customer.pk, "source_place": made.places["A"].pk}
    found = [made.posted("sales_order", day(2), lines, **where, reserve=at == 0) for at in range(takers + 1)]
    return {"orders": [one.pk for one in found], "lines": [one.goods_lines.get().pk for one in found]}


def deliver(line: int, quantity: str) -> int:
    """A draft of a delivery of an order's line, of its lot."""
    made, row = company(), GoodsLine.objects.select_related("document").get(pk=line)
    lines = [{"item": row.item_id, "quantity": quantity, "unit_price_net": "20", "lot": row.lot_id, "source_line": line}]
    return made.draft("sales_delivery", day(5), lines, party=row.document.party_id, source_place=row.source_place_id).pk


def hand_over(document: int, line: int, quantity: str, taker: int) -> dict[str, Any]:
    """A part of what an order's line holds back goes to another line."""
    user = User.objects.get(username="boss")
    order = services.Order(document, "reassign", None, "急单", parts=[Part(line, Decimal(quantity), taker)])
    return services.transition(system_viewer(user.pk, "老板"), registry.document("sales_order"), order)


def held() -> dict[str, str]:
    """What each order's line holds back, by line, of those that do."""
    return {str(line): str(plain(quantity)) for line, quantity in Reservation.objects.exclude(quantity=0).values_list("line", "quantity")}


def policy(reserved_stock: str) -> None:
    """What happens when goods are taken that orders hold back."""
    with transaction.atomic():
        change_book(reserved_stock=reserved_stock)


def count_plan(stock: dict[str, str]) -> dict[str, Any]:
    """A count plan that runs over stock of some items, and its lines by item."""
    found(stock)
    made = company()
    document = made.posted("count_plan", day(5))
    lines = GoodsLine.objects.filter(document=document, role="listed").values_list("item__code", "pk")
    return {"document": document.pk, "lines": dict(lines)}


def draft_plan() -> list[int]:
    """A draft of a plan over everything."""
    return [company().draft("count_plan", day(5)).pk]


def listed(document: int) -> dict[str, str]:
    """What the books held of each line at the freeze, as the list and as the ledger say; they must agree."""
    plan = count_results.plan_of(registry.document("count_plan"), document)
    books = {one.line.id: one.book for one in count_figures.figures(plan).values()}
    rows = GoodsLine.objects.filter(document=document, role="listed").select_related("item")
    assert {row.pk: row.book_quantity for row in rows} == books
    return {row.item.code: str(row.book_quantity) for row in rows}


def enter(document: int, line: int, quantity: str, key: str = "", phase: str = "first") -> dict[str, Any]:
    """One entry of a count."""
    user = User.objects.get(username="boss")
    counted = count_entries.Counted(line, phase, Decimal(quantity))
    return count_entries.enter(system_viewer(user.pk, "老板"), registry.document("count_plan"), document, counted, Key(key, "d"))


def settle_plan(document: int) -> dict[str, Any]:
    """The documents that a plan becomes; what nobody counted is zero."""
    user = User.objects.get(username="boss")
    return count_results.settle(system_viewer(user.pk, "老板"), registry.document("count_plan"), document, "zero")


def shelve(bins: list[str], each: str, times: int) -> list[int]:
    """As many M6 in each bin of A仓; so many times for each bin a draft that sells all of it and one that moves all of it to the next."""
    made = make.company()
    shelves = made.bins("A", *bins)
    for one in shelves:
        made.receipt(day(1), each, "10", target_place=one.pk)
    drafts_made, where = [], {"source_place": made.places["A"].pk}
    for at, one in [*enumerate(shelves)] * times:
        line = {"item": made.item().pk, "quantity": each, "source_place": one.pk}
        sold = made.draft("sales_delivery", day(5), [{**line, "unit_price_net": "20"}], party=made.customer.pk, **where)
        onward = {**line, "target_place": shelves[(at + 1) % len(shelves)].pk}
        moved = made.draft("stock_transfer", day(5), [onward], target_place=made.places["A"].pk, **where)
        drafts_made += [sold.pk, moved.pk]
    return drafts_made


def hold_back(quantity: str) -> int:
    """A posted order for M6 at A仓 that holds nothing back yet."""
    made = company()
    line = {"item": made.item().pk, "quantity": quantity, "unit_price_net": "20"}
    return made.posted("sales_order", day(2), [line], party=made.customer.pk, source_place=made.places["A"].pk).pk


def receive_on_shelves(quantity: str, count: int) -> list[int]:
    """Posted receipts of M6 into the bins of A仓 in turn."""
    made = company()
    bins = list(Place.objects.filter(kind="bin").order_by("code").values_list("pk", flat=True))
    return [made.receipt(day(3), quantity, "10", target_place=bins[at % len(bins)]).pk for at in range(count)]


def shelves() -> dict[str, Any]:
    """What lies where, and every fault in the books."""
    found = StockBalance.objects.exclude(quantity=0).values_list("place__code", "quantity")
    sold = Document.objects.filter(type="sales_delivery", state="posted").count()
    return {"faults": [str(fault) for fault in check.run()], "held": {place: str(int(quantity)) for place, quantity in found}, "sold": sold}


def offsets(advance: str, count: int) -> list[int]:
    """Drafts of clearings, each of a whole advance of the customer against a delivery of that amount, and of nothing more."""
    made = company()
    paid = made.posted("incoming_payment", day(3), [{"cash_account": made.bank.pk, "amount": advance}], party=made.customer.pk)
    drafts_made = []
    for _ in range(count):
        sold = made.delivery(day(4), "1", item="M6", price=advance)
        named = ((paid, "customer_advance"), (sold, "receivable"))
        lines = [{"cleared_document": one.pk, "control": control, "amount": advance} for one, control in named]
        document = made.draft("clearing", day(5), lines, party=made.customer.pk, kind="advance_receivable")
        drafts_made.append(document.pk)
    return drafts_made


def save(document: int, version: int, remark: str) -> dict[str, Any]:
    """One save of a draft that was at a version."""
    made = Document.objects.get(pk=document)
    user = User.objects.get(username="boss")
    raw = {"version": version, "remark": remark}
    return drafts.save(system_viewer(user.pk, "老板"), registry.document(made.type), document, raw)


def limit(items: list[str], stock_min: str) -> None:
    """Change the lower limit of items at A仓, one after the other in one transaction, as an import does."""
    made = company()
    limits = [{"place": made.places["A"].pk, "stock_min": stock_min}]
    with transaction.atomic():
        for code in items:
            masters.save_master(registry.masters()["item"], {"limits": limits}, made.viewer, made.item(code).pk)


def read_items(active: dict[str, str]) -> int:
    """A file that says of items, in its order, whether they are in use; gives how many it changed."""
    lines = ["编码,启用", *(f"{code},{word}" for code, word in active.items())]
    outcome = importing.import_master(registry.masters()["item"], "商品.csv", "\n".join(lines).encode(), company().viewer, False)
    assert not outcome.errors, outcome.errors
    return outcome.updated


def look() -> dict[str, Any]:
    """What the books say, and every fault in them."""
    audit.seal(everything=True)
    return {
        "faults": [str(fault) for fault in check.run()],
        "on_hand": {item: str(quantity) for item, quantity in StockBalance.objects.values_list("item__code", "quantity")},
        "states": dict(Document.objects.order_by("id").values_list("id", "state")),
        "numbers": sorted(number for number in Document.objects.values_list("number", flat=True) if number),
        "versions": dict(Document.objects.values_list("id", "version")),
        "remarks": dict(Document.objects.values_list("id", "remark")),
        "postings": Posting.objects.count(),
    }


def loop(path: str) -> None:
    """Make, post and unpost documents until killed, noting each act in a file only after it was acknowledged.

    Ends by itself when whoever started it is gone, and after twenty thousand turns in any case.
    """
    parent = os.getppid()
    made = company()
    codes = sorted(made.items)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for turn in range(20_000):
        if os.getppid() != parent:
            return
        bought = turn % 3 > 0
        party, place = ("supplier", "target_place") if bought else ("customer", "source_place")
        lines = [{"item": made.items[code].pk, "quantity": "1", "unit_price_net": "7"} for code in codes]
        where = {"party": getattr(made, party).pk, place: made.places["A"].pk}
        document = made.draft("purchase_receipt" if bought else "sales_delivery", day(2 + turn * 7 % 20), lines, **where)
        os.write(file, f"draft {document.pk}\n".encode())
        for name in ("post", "unpost") if turn % 5 == 4 else ("post",):
            made.act(document, name)
            os.write(file, f"{name} {document.pk}\n".encode())
