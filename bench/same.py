"""手写过账 The hand-written posting of a draft: every row that posting leaves, into the same tables, and nothing else.

No rights, no lifecycle, no rules, no costing (the world's only cost is 10.00), no checks but that no stock goes below
zero. What it writes is what posting would have written, so `hengcang check` finds nothing afterwards. This is what the
aim of 2.5× is measured against; `limits.post` beside it writes the bare minimum of a ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from bench.world import COST, MICRO, MOVE_COLUMNS, World
from hengcang.base import audit, bulk, clock, outbox
from hengcang.ledger.money import ENTRY_COLUMNS

LINES_SQL = """
SELECT l.id, l.item_id, b.id, p.id FROM records_goodsline l JOIN ledger_stockbalance b ON b.item_id=l.item_id AND b.place_id=%s
JOIN ledger_costpool p ON p.item_id=l.item_id WHERE l.document_id=%s ORDER BY p.id
"""
ADD_SQL = """
UPDATE {table} SET quantity=quantity+v.c1, {value} last_day=v.c3, last_sequence=v.c4 FROM {rows} WHERE id=v.c0
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """种类 What differs between a receipt and a delivery."""

    name: str
    move: str
    rule: str
    accounts: tuple[str, str]
    entries: tuple[str, str]
    sign: int
    delivery: str | None = None


RECEIPT = Kind("purchase_receipt", "purchase", "given", ("2202.99", "1405"), ("2202.99", "2202"), 1)
DELIVERY = Kind("sales_delivery", "sale", "at_cost", ("1405", "5401"), ("1122", "5001"), -1, "to_ship")


def post(world: World, kind: Kind, document: int, day: date, quantity: int = MICRO) -> None:
    """过账 Post a draft of lines of `quantity` pieces at 10.00 each in the first warehouse."""
    place, number, month = world.places[0], day.toordinal(), day.year * 100 + day.month
    value = quantity // MICRO * COST
    with transaction.atomic():
        lines = bulk.fetch(LINES_SQL, [place, document])
        (posting,), moves, entries = bulk.draw_many([("ledger_posting", 1), ("ledger_stockmove", len(lines)), ("ledger_moneyentry", 2)])
        with bulk.together():
            now = bulk.instant(clock.now())
            user = world.viewer.user_id
            columns = ("id", "document_id", "revision", "kind", "posted_at", "posted_by")
            bulk.insert_rows("ledger_posting", columns, [(posting, document, 0, "post", now, user)])
            rows = []
            for move, (line, item, _, pool) in zip(moves, lines, strict=True):
                ends = (world.virtual["supplier"], place, None, pool) if kind.sign > 0 else (place, world.virtual["customer"], pool, None)
                given = value if kind.rule == "given" else 0
                rows.append(
                    (move, posting, line, kind.move, "move", item, *ends, *kind.accounts, quantity, value,
                     day.isoformat(), month, number, posting, kind.rule, given, 0, 0)
                )  # fmt: skip
            bulk.insert_rows("ledger_stockmove", MOVE_COLUMNS, rows)
            derive(kind, lines, (month, number, posting), quantity, value)
            settle(world, kind, (document, posting, entries), day, value * len(lines))
            turn_over(world, kind, lines, month, value)
        finish(world, kind, document, posting, day)
        if kind.sign < 0:
            chosen, ids = bulk.among([line[2] for line in lines])
            assert not bulk.fetch(f"SELECT id FROM ledger_stockbalance WHERE quantity<0 AND id {chosen}", [ids])


def derive(kind: Kind, lines: list[tuple[int, ...]], at: tuple[int, int, int], quantity: int, value: int) -> None:
    """Balances, pools and their months."""
    month, day, sequence = at
    both = (quantity, 0) if kind.sign > 0 else (0, quantity)
    worth = (value, 0) if kind.sign > 0 else (0, value)
    stock = sorted((line[2], month, kind.move, *both, 0, 0) for line in lines)
    beside = ("second_in", "second_out")
    bulk.add_rows("ledger_stockmonth", ("balance_id", "month", "kind"), ("quantity_in", "quantity_out", *beside), stock)
    sums = ("quantity_in", "quantity_out", "value_in", "value_out", *beside)
    pools = sorted((line[3], month, kind.move, *both, *worth, 0, 0) for line in lines)
    bulk.add_rows("ledger_poolmonth", ("pool_id", "month", "kind"), sums, pools)
    for table, key, more in (("ledger_stockbalance", 2, ""), ("ledger_costpool", 3, "value=value+v.c2,")):
        changes = sorted((line[key], kind.sign * quantity, kind.sign * value, day, sequence) for line in lines)
        source, parameters = bulk.table_of(changes, ["bigint"] * 5)
        bulk.write(table, ADD_SQL.format(table=table, value=more, rows=source), parameters)


def settle(world: World, kind: Kind, ids: tuple[int, int, list[int]], day: date, amount: int) -> None:
    """Entries, the party's balance, the open item."""
    document, posting, entries = ids
    party = world.supplier if kind.sign > 0 else world.customer
    owed, other = (1, 0) if kind.sign > 0 else (0, 1)
    rows = []
    for at, (entry, account) in enumerate(zip(entries, kind.entries, strict=True)):
        signed = amount if at == 0 else -amount
        whose = (party, day.isoformat()) if at == owed else (None, None)
        rows.append(
            (entry, posting, None, None, account, whose[0], None, None, None, signed, "CNY", signed, day.isoformat(), whose[1], None, None)
        )
    bulk.insert_rows("ledger_moneyentry", ENTRY_COLUMNS, rows)
    signed = amount if other else -amount
    account = kind.entries[owed]
    bulk.add_rows("ledger_partybalance", ("party_id", "account"), ("balance",), [(party, account, signed)])
    columns = ("entry_id", "document_id", "party_id", "account", "amount", "open", "due_date")
    bulk.insert_rows("ledger_openitem", columns, [(entries[owed], document, party, account, signed, signed, day.isoformat())])


def turn_over(world: World, kind: Kind, lines: list[tuple[int, ...]], month: int, value: int) -> None:
    """The months of the accounts: two legs of every move, and the entries."""
    goods, other = ("1405", kind.accounts[0]) if kind.sign > 0 else ("1405", kind.accounts[1])
    goods_at, other_at = ((value, 0), (0, value)) if kind.sign > 0 else ((0, value), (value, 0))
    legs = [(month, account, line[1], 0, 0, 0, *sums) for line in lines for account, sums in ((goods, goods_at), (other, other_at))]
    party, total = (world.supplier if kind.sign > 0 else world.customer), value * len(lines)
    owed = 1 if kind.sign > 0 else 0
    legs += [
        (month, account, 0, party if at == owed else 0, 0, 0, *((total, 0) if at == 0 else (0, total)))
        for at, account in enumerate(kind.entries)
    ]
    bulk.add_rows(
        "ledger_accountmonth", ("month", "account", "item", "party", "cash_account", "category"), ("debit", "credit"), sorted(legs)
    )


def finish(world: World, kind: Kind, document: int, posting: int, day: date) -> None:
    """The number, the header, the audit row, the outbox row."""
    prefix = "CGRK" if kind.sign > 0 else "XSCK"
    series = f"{prefix}-{day:%Y%m%d}-"
    last = bulk.fetch(
        "INSERT INTO records_numberseries (series, last) VALUES (%s, 1) "
        "ON CONFLICT (series) DO UPDATE SET last=records_numberseries.last+1 RETURNING last",
        [series],
    )[0][0]
    changes = {
        "state": "posted", "posted_by_id": world.viewer.user_id, "posted_at": bulk.instant(clock.now()),
        "number": f"{series}{last:04d}", "version": 2, "delivery_state": kind.delivery,
    }  # fmt: skip
    with bulk.together():
        bulk.update_row("records_document", document, changes)
        audit.record(
            world.viewer.actor, "post", kind.name, document, [{"field": "number", "before": None, "after": changes["number"]}], posting
        )
        outbox.add("document_posted", kind.name, document, posting)


def kind_of(name: str) -> Kind:
    """The kind of a document type."""
    return RECEIPT if name == RECEIPT.name else DELIVERY
