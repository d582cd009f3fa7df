"""一家公司 A company with a long history, written straight into the tables, consistent to the last cent.

Every item costs 10.00 for ever, so that every value is known without valuing: what the fill writes of goods is what posting
would have written; debts and the log it leaves out. 5 warehouses, documents of 10 lines over 640 days.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.management import call_command
from django.db import connection

from hengcang.access.models import User
from hengcang.access.viewer import Viewer, system_viewer
from hengcang.base import bulk, clock
from hengcang.catalog.models import Item, Unit
from hengcang.ledger import account_flows
from hengcang.ledger.facts import load_places
from hengcang.parties.models import Party
from hengcang.places.models import Place

MICRO = 1_000_000
COST = 10 * MICRO
DAYS = 640
LINES = 10
RECEIVED = 440 * MICRO
ISSUED = 10 * MICRO
FIRST_DAY = date(2025, 1, 1)


@dataclass(frozen=True, slots=True)
class World:
    """基准公司 Ids of what the workloads use."""

    viewer: Viewer
    items: list[int]
    places: list[int]
    unit: int
    supplier: int
    customer: int
    virtual: dict[str, int]


def build(moves: int, items: int = 2_000) -> World:
    """Tables, masters and `moves` moves."""
    call_command("migrate", verbosity=0, interactive=False)
    world = masters(items)
    fill(world, moves)
    refresh_statistics()
    return world


def masters(items: int) -> World:
    """Items, warehouses, a supplier, a customer."""
    user = User.objects.create(username="bench", display_name="基准", is_administrator=True)
    unit = Unit.objects.create(code="bench", name="个")
    supplier = Party.objects.create(code="S1", name="供应商", is_supplier=True)
    customer = Party.objects.create(code="C1", name="客户", is_customer=True)
    places = [Place.objects.create(code=f"W{n}", name=f"{n}号仓", kind="warehouse").pk for n in range(5)]
    Item.objects.bulk_create(
        [Item(code=f"{n:06}", name=f"商品{n}", pinyin=f"sp{n}", base_unit=unit, tax_rate=0) for n in range(items)], batch_size=500
    )
    ids = list(Item.objects.order_by("id").values_list("id", flat=True))
    virtual = {kind.value: row.id for kind, row in load_places(()).virtual.items()}
    return World(system_viewer(user.pk, "基准"), ids, places, unit.pk, supplier.pk, customer.pk, virtual)


def fill(world: World, moves: int) -> None:
    """Documents, lines, postings and moves; one receipt of 440 to every four issues of 10 of the same items."""
    chance = random.Random(7)
    documents, lines, postings, rows = [], [], [], []
    now = bulk.instant(clock.now())
    pools = pool_rows(world)
    count = moves // LINES
    offset = first_ids()
    stock: list[tuple[list[int], int]] = []
    for at in range(count):
        day = FIRST_DAY + timedelta(days=at * DAYS // max(count, 1))
        receipt = at % 5 == 0
        if receipt:
            stock.append((chance.sample(world.items, LINES), chance.choice(world.places)))
        items, place = stock[-1]
        document = offset["document"] + at
        documents.append(document_row(world, document, day, receipt=receipt, now=now, place=place))
        postings.append((document, document, 0, "post", now, world.viewer.user_id))
        for position, item in enumerate(items, start=1):
            number = offset["line"] + at * LINES + position - 1
            quantity = RECEIVED if receipt else ISSUED
            lines.append(line_row(world, number, document, position, item, place, quantity, receipt=receipt))
            rows.append(move_row(world, number, document, item, place, pools[item], quantity, day, receipt=receipt))
    write(documents, lines, postings, rows)
    derive()


def first_ids() -> dict[str, int]:
    """Ids from which the fill counts."""
    return {"document": 1, "line": 1}


def pool_rows(world: World) -> dict[int, int]:
    """One company pool per item, and a balance per item and warehouse."""
    names = ("item_id", "method", "quantity", "value", "last_day", "last_sequence", "last_quantity", "last_value")
    bulk.insert_rows("ledger_costpool", names, [(item, "moving_average", 0, 0, 0, 0, 0, 0) for item in world.items])
    columns = ("item_id", "place_id", "quantity", "reserved", "second_quantity", "last_day", "last_sequence")
    keys = [(item, place, 0, 0, 0, 0, 0) for item in world.items for place in world.places]
    bulk.insert_rows("ledger_stockbalance", columns, keys)
    return dict(bulk.fetch("SELECT item_id, id FROM ledger_costpool"))


def document_row(world: World, document: int, day: date, *, receipt: bool, now: object, place: int) -> tuple[object, ...]:
    """A posted header."""
    quantity = RECEIVED if receipt else ISSUED
    amount = LINES * quantity // MICRO * COST
    kind = "purchase_receipt" if receipt else "sales_delivery"
    party = world.supplier if receipt else world.customer
    user = world.viewer.user_id
    return (
        document, kind, f"B-{document:08}", day.isoformat(), party, None if receipt else place, place if receipt else None, None, MICRO, 0,
        amount, 0, amount, "", "posted", "none", 1, 0, "{}", user, now, user, now, None if receipt else "to_ship",
    )  # fmt: skip


def line_row(
    world: World, number: int, document: int, position: int, item: int, place: int, quantity: int, *, receipt: bool
) -> tuple[object, ...]:
    """A goods line."""
    amount = quantity // MICRO * COST
    return (
        number, document, 0, position, "goods", item, world.unit, MICRO, quantity, quantity, None if receipt else place,
        place if receipt else None, "net", COST, COST, 0, 0, amount, 0, amount, "", "{}", "[]",
    )  # fmt: skip


def move_row(
    world: World, number: int, document: int, item: int, place: int, pool: int, quantity: int, day: date, *, receipt: bool
) -> tuple[object, ...]:
    """A move at 10.00 a piece."""
    value = quantity // MICRO * COST
    source, target = (world.virtual["supplier"], place) if receipt else (place, world.virtual["customer"])
    accounts = ("2202.99", "1405") if receipt else ("1405", "5401")
    kind, rule = ("purchase", "given") if receipt else ("sale", "at_cost")
    return (
        number, document, number, kind, "move", item, source, target, None if receipt else pool, pool if receipt else None, *accounts,
        quantity, value, day.isoformat(), day.year * 100 + day.month, day.toordinal(), document, rule, value if receipt else 0, 0, 0,
    )  # fmt: skip


DOCUMENT_COLUMNS = (
    "id", "type", "number", "document_date", "party_id", "source_place_id", "target_place_id", "currency_id", "currency_rate",
    "discount_amount", "amount_net", "tax_amount", "amount_gross", "remark", "state", "progress", "version", "revision", "ext",
    "created_by_id", "created_at", "posted_by_id", "posted_at", "delivery_state",
)  # fmt: skip
LINE_COLUMNS = (
    "id", "document_id", "revision", "position", "role", "item_id", "unit_id", "factor", "quantity", "base_quantity", "source_place_id",
    "target_place_id", "price_basis", "unit_price_net", "unit_price_gross", "discount", "tax_rate", "amount_net", "tax_amount",
    "amount_gross", "remark", "ext", "serials",
)  # fmt: skip
MOVE_COLUMNS = (
    "id", "posting_id", "line_id", "kind", "entry_kind", "item_id", "source_id", "target_id", "source_pool_id", "target_pool_id",
    "source_account", "target_account", "quantity", "value", "document_date", "month", "day", "sequence", "rule", "given", "part", "whole",
)  # fmt: skip


def write(documents: list[object], lines: list[object], postings: list[object], rows: list[object]) -> None:
    """Everything in one transaction."""
    from django.db import transaction

    with transaction.atomic():
        bulk.insert_rows("records_document", DOCUMENT_COLUMNS, documents)  # type: ignore[arg-type]
        bulk.insert_rows("records_goodsline", LINE_COLUMNS, lines)  # type: ignore[arg-type]
        columns = ("id", "document_id", "revision", "kind", "posted_at", "posted_by")
        bulk.insert_rows("ledger_posting", columns, postings)  # type: ignore[arg-type]
        bulk.insert_rows("ledger_stockmove", MOVE_COLUMNS, rows)  # type: ignore[arg-type]
    if bulk.is_postgresql():
        for table in ("records_document", "records_goodsline", "ledger_posting", "ledger_stockmove"):
            bulk.execute(f"SELECT setval(pg_get_serial_sequence('{table}','id'), (SELECT MAX(id) FROM {table}))")


def derive() -> None:
    """Balances, pools and monthly flows from the moves."""
    for sign, place, pool, way in ((1, "target", "target_pool_id", "in"), (-1, "source", "source_pool_id", "out")):
        bulk.execute(
            f"UPDATE ledger_stockbalance SET quantity=quantity+{sign}*d.q, last_day=CASE WHEN d.day>last_day THEN d.day ELSE last_day END, "
            "last_sequence=CASE WHEN d.seq>last_sequence THEN d.seq ELSE last_sequence END FROM "
            f"(SELECT item_id, {place}_id AS place_id, CAST(SUM(quantity) AS bigint) AS q, MAX(day) AS day, MAX(sequence) AS seq "
            f"FROM ledger_stockmove GROUP BY item_id, {place}_id) d "
            "WHERE d.item_id=ledger_stockbalance.item_id AND d.place_id=ledger_stockbalance.place_id"
        )
        bulk.execute(
            f"UPDATE ledger_costpool SET quantity=quantity+{sign}*d.q, value=value+{sign}*d.v, "
            "last_day=CASE WHEN d.day>last_day THEN d.day ELSE last_day END, "
            "last_sequence=CASE WHEN d.seq>last_sequence THEN d.seq ELSE last_sequence END FROM "
            f"(SELECT {pool} AS pool, CAST(SUM(quantity) AS bigint) AS q, CAST(SUM(value) AS bigint) AS v, MAX(day) AS day, "
            f"MAX(sequence) AS seq FROM ledger_stockmove WHERE {pool} IS NOT NULL GROUP BY {pool}) d WHERE d.pool=ledger_costpool.id"
        )
        other = "out" if way == "in" else "in"
        bulk.execute(
            f"INSERT INTO ledger_stockmonth (balance_id, month, kind, quantity_{way}, quantity_{other}, second_in, second_out) "
            "SELECT b.id, m.month, m.kind, CAST(SUM(m.quantity) AS bigint), 0, 0, 0 FROM ledger_stockmove m JOIN ledger_stockbalance b "
            f"ON b.item_id=m.item_id AND b.place_id=m.{place}_id GROUP BY b.id, m.month, m.kind"
        )
        bulk.execute(
            f"INSERT INTO ledger_poolmonth (pool_id, month, kind, quantity_{way}, quantity_{other}, value_{way}, value_{other}, "
            f"second_in, second_out) SELECT {pool}, month, kind, CAST(SUM(quantity) AS bigint), 0, CAST(SUM(value) AS bigint), 0, 0, 0 "
            "FROM ledger_stockmove "
            f"WHERE {pool} IS NOT NULL GROUP BY {pool}, month, kind"
        )
    account_flows.rebuild()
    bulk.execute("UPDATE ledger_costpool SET last_quantity=quantity, last_value=value WHERE quantity>0")


def refresh_statistics() -> None:
    """What the planner knows, as on a database that has lived."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
