"""红冲与反审核 Undoing: lines of a new revision, and the counter-document (红字单) of a reversal.

The counter-document is of the same type, dated today, with negative quantities and amounts; each of its lines names
the line it takes back. Goods go back the way they came at the net cost of the move they name; moves inside our own
places, and gains of a count, go back at the pool's cost. What the old one cleared is given back first, so that its
entries are wholly open; the new ones negate and clear them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hengcang.base import bulk, clock
from hengcang.core.amounts import to_micro
from hengcang.core.fulfilment import REPEATED
from hengcang.core.posting import (
    OWN_GROUP,
    STOCK_KINDS,
    ZERO,
    Account,
    Adjust,
    AtCost,
    Clear,
    CostOf,
    Entry,
    Move,
    PlaceKind,
    Posting,
    TakenBack,
    Value,
)
from hengcang.documents import links
from hengcang.documents.facts import Opened
from hengcang.ledger import queries, traces
from hengcang.ledger.counts import LISTED
from hengcang.ledger.money import OWN
from hengcang.meta.declarations import DocumentType

GOODS = (
    "position", "role", "item_id", "unit_id", "factor", "quantity", "base_quantity", "second_quantity", "book_quantity",
    "source_place_id", "target_place_id", "lot_id", "price_basis", "unit_price_net", "unit_price_gross", "discount",
    "tax_rate", "amount_net", "tax_amount", "amount_gross", "remark", "serials", "source_line_id", "ext",
)  # fmt: skip
MONEY = (
    "position", "role", "cash_account_id", "target_account_id", "cleared_document_id", "category_id", "party_id", "amount", "fee",
    "target_amount", "book_amount", "due_date", "remark", "ext",
)  # fmt: skip
NEGATED = {
    "quantity", "base_quantity", "second_quantity", "amount_net", "tax_amount", "amount_gross", "amount", "fee", "target_amount",
    "book_amount",
}  # fmt: skip
HEADER = (
    "type", "party_id", "source_place_id", "target_place_id", "department_id", "salesperson_id", "handler_id", "currency_id",
    "currency_rate", "discount_amount", "amount_net", "tax_amount", "amount_gross", "remark", "ext",
)  # fmt: skip
NEGATED_HEADER = {"discount_amount", "amount_net", "tax_amount", "amount_gross"}


def copy_lines(declaration: DocumentType, document: int, revision: int) -> None:
    """The lines of a revision once more, as the lines of the next: those that were posted are never changed."""
    tables = (
        (declaration.goods is not None, "records_goodsline", GOODS, f" AND role<>'{LISTED}'" if declaration.counts else ""),
        (declaration.money is not None, "records_moneyline", MONEY, ""),
    )
    for has, table, columns, entered in tables:
        if not has:
            continue
        names = ",".join(columns)
        bulk.execute(
            f"INSERT INTO {table} (document_id, revision, {names}) SELECT document_id, revision+1, {names} FROM {table} "
            f"WHERE document_id=%s AND revision=%s{entered} ORDER BY position, id",
            [document, revision],
        )


def create(opened: Opened, user: int, today: date) -> int:
    """红字单 The counter-document with its lines; gives its id."""
    names = ",".join(HEADER)
    picks = ",".join(f"-{name}" if name in NEGATED_HEADER else bulk.json_mark() if name == "ext" else name for name in HEADER)
    own = {one.path[4:] for one in opened.declaration.fields if one.after_posting and one.path.startswith("ext:")}
    ext = bulk.json_text({name: value for name, value in opened.header["ext"].items() if name not in own})
    now = bulk.instant(clock.now())
    rows = bulk.fetch(
        f"INSERT INTO records_document ({names}, document_date, due_date, state, progress, version, revision, reverses_id, "
        f"created_by_id, created_at) SELECT {picks}, {bulk.date_mark()}, {bulk.date_mark()}, 'draft', 'none', 1, 0, id, %s, "
        f"{bulk.instant_mark()} "
        "FROM records_document WHERE id=%s RETURNING id",
        [ext, today.isoformat(), today.isoformat(), user, now, opened.id],
    )
    counter = int(rows[0][0])
    for table, columns in (("records_goodsline", GOODS), ("records_moneyline", MONEY)):
        names = ",".join(columns)
        picks = ",".join(pick(name) for name in columns)
        bulk.execute(
            f"INSERT INTO {table} (document_id, revision, {names}) SELECT %s, 0, {picks} FROM {table} "
            "WHERE document_id=%s AND revision=%s ORDER BY position, id",
            [counter, opened.id, opened.header["revision"]],
        )
    return counter


def pick(column: str) -> str:
    """How a column of the counter-document's line follows from the old line."""
    if column == "source_line_id":
        return "id"
    return f"-{column}" if column in NEGATED else column


def posting_of(opened: Opened, red: Opened) -> Posting:
    """The posting of the counter-document."""
    line_of = {row.source_line: row.id for row in red.goods}
    live = queries.live_moves(opened.id, opened.header["revision"])
    gone = traces.pieces_of([move["id"] for move in live]) if any(row.tracking == "serial" for row in opened.goods) else {}
    entries = queries.live_entries(opened.id, opened.header["revision"])
    unclears = queries.clearings_of(opened.id, opened.header["revision"]) if opened.money else []
    return Posting(
        moves=[
            counter_move(move, line_of[move["line"]], gone.get(move["id"], ((), ())))
            for move in live
            if move["quantity"] or move["second"] or move["id"] in gone or move["rule"] == "adjust"
        ],
        entries=[counter_entry(entry, red) for entry in entries],
        clears=[
            Clear(opened.id, Account(entry["account"]), entry["foreign"], 0, entry["party"], entry["entry"])
            for entry in entries
            if entry["entry"]
        ],
        unclears=unclears,
        charges=[replace(one, amount=-one.amount) for one in queries.charges_of(opened.id, opened.header["revision"])],
        takes_back=[TakenBack(move["id"], (move["source_pool"], move["target_pool"]), move["quantity"], move["given"]) for move in live],
    )


def counter_move(move: dict[str, Any], line: int, pieces: tuple[tuple[int, ...], tuple[int, ...]]) -> Move:
    """One move the other way, with the pieces that went with it and against it."""
    source, target, quantity, second = move["target"], move["source"], move["quantity"], move["second"]
    if move["rule"] == "adjust":
        return Move(
            line, move["item"], quantity, source, target, Adjust(move["value"], move["line"]), move["kind"], move["lot"], move["settled"]
        )
    if quantity < 0:
        source, target, quantity, pieces = target, source, -quantity, pieces[::-1]
        second = None if second is None else -second
    group, product = move["group"], move["rule"] == "sum_of"
    inside = PlaceKind(move["source_kind"]) in STOCK_KINDS and PlaceKind(move["target_kind"]) in STOCK_KINDS
    value: Value = AtCost() if inside or move["quantity"] <= 0 else CostOf(move["line"])
    if product:
        value = CostOf(move["line"], move["part"] if group < 0 else ZERO, move["given"])
    settled = move["given"] if move["rule"] == "given" else move["settled"]
    own = None if group is None else OWN_GROUP if group > 0 else -group
    return Move(line, move["item"], quantity, source, target, value, move["kind"], move["lot"], settled, *pieces, group=own, second=second)


def counter_entry(entry: dict[str, Any], red: Opened) -> Entry:
    """One entry negated, dated today; what waited to be cleared is cleared by it."""
    opens, day = entry["entry"] is not None, red.header["document_date"]
    return Entry(
        account=Account(entry["account"]),
        amount=-entry["amount"],
        party=entry["party"],
        cash_account=entry["cash_account"],
        due_date=day if opens else None,
        opens=opens,
        settles=opens,
        foreign=None if entry["currency"] == OWN else -entry["foreign"],
        adjusts=entry["adjusts"],
        currency=entry["currency"],
    )


def give_back(opened: Opened, red: Opened) -> None:
    """关联 Link the counter-lines to the lines they take back, and give back what those took of their own sources."""
    rows = [(row.source_line, row.id, "reversed", 0, 0) for row in red.goods]
    old = {row.id: row for row in opened.goods}
    purpose = opened.declaration.consumes
    taken = []
    for row in red.goods:
        assert row.source_line is not None
        source = old[row.source_line].source_line
        if source is not None and purpose:
            counted = 0 if purpose in REPEATED else 1
            taken.append((source, row.id, purpose, counted * to_micro(row.base_quantity), to_micro(row.amount_gross)))
    columns = ("source_id", "target_id", "purpose", "quantity", "amount")
    bulk.insert_rows("records_linelink", columns, [*rows, *taken])
    if taken:
        links.add_progress(taken, 1)
