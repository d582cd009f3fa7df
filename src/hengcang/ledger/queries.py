"""台账读取 The reader of the books: what other rooms may ask, in sets, as plain values.

Quantities and amounts are `Decimal`. Nothing here scans history: balances are kept, past dates are reached from the
present by monthly flows, and what belongs to a document is found by its index.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from hengcang.base import bulk
from hengcang.core.amounts import to_decimal
from hengcang.core.posting import Charge, PlaceKind, Unclear

LineKey = tuple[int, int, int | None, int | None]

LATER_SQL = """
SELECT v.c0, CAST(SUM(CASE WHEN m.target_id=v.c2 THEN m.quantity ELSE -m.quantity END) AS bigint)
FROM {keys} JOIN ledger_stockmove m ON m.item_id=v.c1 AND (m.day, m.sequence) > (%s, %s)
  AND (m.target_id=v.c2 OR m.source_id=v.c2) AND COALESCE(m.lot_id,0)=v.c3
GROUP BY v.c0
"""
BALANCE_SQL = """
SELECT v.c0, b.quantity FROM {keys} JOIN ledger_stockbalance b
ON b.item_id=v.c1 AND b.place_id=v.c2 AND COALESCE(b.lot_id,0)=v.c3
"""
LIVE_MOVES_SQL = """
SELECT o.id, o.line_id, o.kind, o.item_id, o.lot_id, o.source_id, o.target_id, s.kind, t.kind,
  CAST(SUM(CASE WHEN m.entry_kind='variance' THEN 0 ELSE m.quantity END) AS bigint),
  CAST(SUM(CASE WHEN m.entry_kind='variance' THEN 0 ELSE m.value END) AS bigint),
  o.rule, CAST(SUM(m.given) AS bigint), o.settled, o.source_pool_id, o.target_pool_id, o.cost_group, o.part,
  CAST(SUM(m.second_quantity) AS bigint)
FROM ledger_stockmove o JOIN ledger_posting p ON p.id=o.posting_id AND p.document_id=%s AND p.revision=%s AND p.kind='post'
JOIN ledger_stockmove m ON m.id=o.id OR m.corrects_id=o.id
JOIN places_place s ON s.id=o.source_id JOIN places_place t ON t.id=o.target_id
WHERE o.corrects_id IS NULL GROUP BY o.id, s.kind, t.kind ORDER BY 1
"""
MOVE_KEYS = (
    "id", "line", "kind", "item", "lot", "source", "target", "source_kind", "target_kind", "quantity", "value", "rule", "given", "settled",
    "source_pool", "target_pool", "group", "part", "second",
)  # fmt: skip
LIVE_ENTRIES_SQL = """
SELECT e.account, e.party_id, e.cash_account_id, CAST(SUM(e.amount) AS bigint), o.entry_id, CAST(SUM(e.foreign_amount) AS bigint),
  e.adjusts_id, e.currency
FROM ledger_moneyentry e LEFT JOIN ledger_posting p ON p.id=e.posting_id LEFT JOIN ledger_openitem o ON o.entry_id=e.id
WHERE ((p.document_id=%s AND p.revision=%s) OR e.line_id IN (SELECT id FROM records_goodsline WHERE document_id=%s AND revision=%s))
  AND NOT EXISTS (SELECT 1 FROM ledger_stockmove m WHERE m.line_id=e.line_id AND m.settled IS NOT NULL)
GROUP BY e.account, e.party_id, e.cash_account_id, o.entry_id, e.adjusts_id, e.currency
HAVING SUM(e.amount)<>0 OR SUM(e.foreign_amount)<>0 ORDER BY e.account, o.entry_id, e.currency
"""


def on_hand_at(day: date, sequence: int, keys: Sequence[LineKey]) -> dict[int, Decimal]:
    """某时点现存量 Quantity by line id of (line, item, place, lot) after the position (day, sequence)."""
    rows = [(line, item, place or 0, lot or 0) for line, item, place, lot in keys]
    if not rows:
        return {}
    source, parameters = bulk.table_of(rows, ["bigint"] * 4)
    held = dict(bulk.fetch(BALANCE_SQL.format(keys=source), parameters))
    later = dict(bulk.fetch(LATER_SQL.format(keys=source), [*parameters, day.toordinal(), sequence]))
    return {line: to_decimal(held.get(line, 0) - later.get(line, 0)) for line, *_ in rows}


SECOND_AT_SQL = """
SELECT v.c0, CAST(COALESCE(MAX(b.second_quantity),0)
  - COALESCE(SUM(CASE WHEN m.target_id=v.c2 THEN m.second_quantity ELSE -m.second_quantity END),0) AS bigint)
FROM {keys} LEFT JOIN ledger_stockbalance b ON b.item_id=v.c1 AND b.place_id=v.c2 AND COALESCE(b.lot_id,0)=v.c3
LEFT JOIN ledger_stockmove m ON m.item_id=v.c1 AND (m.day, m.sequence) > (%s, %s)
  AND (m.target_id=v.c2 OR m.source_id=v.c2) AND COALESCE(m.lot_id,0)=v.c3
GROUP BY v.c0
"""
SECOND_PROGRESS_SQL = """
SELECT k.source_id, CAST(SUM(l.second_quantity) AS bigint) FROM records_linelink k JOIN records_goodsline l ON l.id=k.target_id
WHERE k.purpose=%s AND k.quantity<>0 AND l.second_quantity IS NOT NULL AND k.source_id {chosen} GROUP BY k.source_id
"""


def second_at(day: int, sequence: int, keys: Sequence[LineKey]) -> dict[int, Decimal]:
    """某时点辅助数量 Second quantity by line id, as `on_hand_at` gives the quantity; the day is an ordinal: one statement."""
    rows = [(line, item, place or 0, lot or 0) for line, item, place, lot in keys]
    if not rows:
        return {}
    source, parameters = bulk.table_of(rows, ["bigint"] * 4)
    found = bulk.fetch(SECOND_AT_SQL.format(keys=source), [*parameters, day, sequence])
    return {line: to_decimal(int(second)) for line, second in found}


def second_progress(lines: Collection[int], purpose: str) -> dict[int, Decimal]:
    """辅助执行数量 What of source lines was done under a purpose, in second units: one statement, none for no lines."""
    if not lines:
        return {}
    chosen, ordered = bulk.among(sorted(lines))
    rows = bulk.fetch(SECOND_PROGRESS_SQL.format(chosen=chosen), [purpose, ordered])
    return {line: to_decimal(int(second)) for line, second in rows}


def progress(lines: Collection[int], purpose: str) -> dict[int, Decimal]:
    """执行数量 What of source lines was done under a purpose, in base units."""
    if not lines:
        return {}
    ordered = sorted(set(lines))
    sql = f"SELECT line_id, quantity FROM records_lineprogress WHERE purpose=%s AND line_id IN ({bulk.placeholders(ordered)})"
    return {line: to_decimal(quantity) for line, quantity in bulk.fetch(sql, [purpose, *ordered])}


def onward_progress(lines: Collection[int], purpose: str, onward: str) -> dict[int, Decimal]:
    """后续执行数量 What was done under `onward` of the lines that took of source lines under `purpose`, by source line: one statement."""
    if not lines:
        return {}
    chosen, ordered = bulk.among(sorted(set(lines)))
    sql = (
        "SELECT k.source_id, CAST(SUM(p.quantity) AS bigint) FROM records_linelink k "
        f"JOIN records_lineprogress p ON p.line_id=k.target_id AND p.purpose=%s "
        f"WHERE k.purpose=%s AND k.source_id {chosen} GROUP BY k.source_id"
    )
    return {line: to_decimal(int(quantity)) for line, quantity in bulk.fetch(sql, [onward, purpose, ordered])}


def reserved_by_line(lines: Collection[int]) -> dict[int, Decimal]:
    """占用数量 What order lines hold back, in base units."""
    if not lines:
        return {}
    ordered = sorted(set(lines))
    marks = bulk.placeholders(ordered)
    sql = f"SELECT line_id, CAST(SUM(quantity) AS bigint) FROM ledger_reservation WHERE line_id IN ({marks}) GROUP BY line_id"
    return {line: to_decimal(quantity) for line, quantity in bulk.fetch(sql, ordered)}


def live_moves(document: int, revision: int) -> list[dict[str, Any]]:
    """单据移动 The moves of a posted revision, net of their corrections."""
    rows = [dict(zip(MOVE_KEYS, row, strict=True)) for row in bulk.fetch(LIVE_MOVES_SQL, [document, revision])]
    for row in rows:
        for name in ("quantity", "value", "given", "part"):
            row[name] = to_decimal(row[name])
        for name in ("settled", "second"):
            row[name] = None if row[name] is None else to_decimal(row[name])
    return rows


def live_entries(document: int, revision: int) -> list[dict[str, Any]]:
    """单据分录 The entries of a posted revision, summed by account, party, cash account and currency; open items one by one (`entry`).

    Without those that follow from settled moves: the store makes them anew for whatever move is settled.
    """
    rows = bulk.fetch(LIVE_ENTRIES_SQL, [document, revision, document, revision])
    keys = ("account", "party", "cash_account", "amount", "entry", "foreign", "adjusts", "currency")
    found = [dict(zip(keys, row, strict=True)) for row in rows]
    for row in found:
        row["amount"], row["foreign"] = to_decimal(row["amount"]), to_decimal(row["foreign"])
    return found


CLEARINGS_SQL = """
SELECT c.debit_id, c.credit_id, CAST(SUM(c.amount) AS bigint), dp.document_id, kp.document_id,
  CAST(SUM(c.foreign_amount) AS bigint)
FROM ledger_posting p JOIN ledger_clearing c ON c.posting_id=p.id
JOIN ledger_moneyentry d ON d.id=c.debit_id JOIN ledger_posting dp ON dp.id=d.posting_id
JOIN ledger_moneyentry k ON k.id=c.credit_id JOIN ledger_posting kp ON kp.id=k.posting_id
WHERE p.document_id=%s AND p.revision=%s AND p.kind='post'
GROUP BY c.debit_id, c.credit_id, dp.document_id, kp.document_id ORDER BY 1, 2
"""


def clearings_of(document: int, revision: int) -> list[Unclear]:
    """单据的核销 What the posting of a revision cleared, pair by pair, its own entries or others': to be given back."""
    rows = bulk.fetch(CLEARINGS_SQL, [document, revision])
    return [
        Unclear(debit, credit, to_decimal(amount), (debtor, creditor), None if foreign is None else to_decimal(foreign))
        for debit, credit, amount, debtor, creditor, foreign in rows
    ]


CHARGES_SQL = """
SELECT m.line_id, CAST(SUM(m.given) AS bigint) FROM ledger_stockmove m JOIN ledger_posting p ON p.id=m.posting_id
WHERE p.document_id=%s AND p.revision=%s AND p.kind='post' AND m.entry_kind='charge' GROUP BY m.line_id HAVING SUM(m.given)<>0 ORDER BY 1
"""


def charges_of(document: int, revision: int) -> list[Charge]:
    """单据的费用 What the posting of a revision charged to moves of other documents, by goods line."""
    return [Charge(line, to_decimal(given)) for line, given in bulk.fetch(CHARGES_SQL, [document, revision])]


STANDING_SQL = """
SELECT i.id, i.code, i.name, p.name, p.kind FROM ledger_stockbalance b
JOIN catalog_item i ON i.id=b.item_id JOIN places_place p ON p.id=b.place_id
LEFT JOIN (SELECT balance_id, SUM(quantity_in-quantity_out) AS q FROM ledger_stockmonth WHERE month>%s GROUP BY balance_id) m
  ON m.balance_id=b.id
WHERE b.quantity-COALESCE(m.q,0){sign}0{kinds} ORDER BY i.code, p.name
"""


def standing_at(month_end: date, kinds: Sequence[PlaceKind] = (), *, negative: bool) -> list[tuple[int, str, str, str, str]]:
    """期末结存 (item, code, name, place, kind) of balances that are below zero (else: not empty) at the end of a day's month.

    At places of these kinds, or (none named) at all.
    """
    chosen = f" AND p.kind IN ({bulk.placeholders(kinds)})" if kinds else ""
    sql = STANDING_SQL.format(sign="<" if negative else "<>", kinds=chosen)
    return bulk.fetch(sql, [month_end.year * 100 + month_end.month, *(kind.value for kind in kinds)])


def due_dates(documents: Collection[int], party: int) -> dict[tuple[int, str], date]:
    """到期日 When what is open of documents with a party is due at the earliest, by document and account."""
    if not documents:
        return {}
    chosen, wanted = bulk.among(sorted(documents))
    sql = (
        f"SELECT document_id, account, MIN(due_date) FROM ledger_openitem WHERE document_id {chosen} AND party_id=%s AND open<>0 "
        "AND due_date IS NOT NULL GROUP BY document_id, account"
    )
    found = ((key, account, bulk.read_date(day)) for key, account, day in bulk.fetch(sql, [wanted, party]))
    return {(document, account): day for document, account, day in found if day is not None}


def open_items_of(document: int) -> list[dict[str, Any]]:
    """未结项 What of a document is still open in its own currency, by account (signed as the entry)."""
    sql = (
        "SELECT account, CAST(SUM(COALESCE(foreign_open,open)) AS bigint) FROM ledger_openitem "
        "WHERE document_id=%s AND open<>0 GROUP BY account ORDER BY account"
    )
    return [{"account": row[0], "open": to_decimal(row[1])} for row in bulk.fetch(sql, [document])]


MOVES_OF_SQL = """
SELECT m.posting_id, p.kind, p.posted_at, u.display_name, m.id, m.line_id, l.position, i.id, i.code, i.name, b.number,
  s.name, t.name, m.quantity, m.value, m.kind, m.entry_kind, m.document_date, m.corrects_id, m.source_account, m.target_account,
  s.kind, t.kind
FROM ledger_stockmove m JOIN ledger_posting p ON p.id=m.posting_id JOIN access_user u ON u.id=p.posted_by
JOIN records_goodsline l ON l.id=m.line_id AND l.document_id=%s
JOIN catalog_item i ON i.id=m.item_id LEFT JOIN catalog_lot b ON b.id=m.lot_id
JOIN places_place s ON s.id=m.source_id JOIN places_place t ON t.id=m.target_id
ORDER BY m.posting_id, m.id
"""
ENTRIES_OF_SQL = """
SELECT e.posting_id, p.kind, p.posted_at, u.display_name, e.id, e.line_id, e.account, y.id, y.code, y.name, c.name, e.amount,
  e.document_date, e.due_date
FROM ledger_moneyentry e JOIN ledger_posting p ON p.id=e.posting_id JOIN access_user u ON u.id=p.posted_by
LEFT JOIN parties_party y ON y.id=e.party_id LEFT JOIN places_cashaccount c ON c.id=e.cash_account_id
WHERE p.document_id=%s OR e.line_id IN (SELECT id FROM records_goodsline WHERE document_id=%s)
ORDER BY e.posting_id, e.id
"""
MOVE_OF_KEYS = (
    "posting", "posting_kind", "posted_at", "posted_by", "id", "line", "position", "item", "item_code", "item_name", "lot",
    "source", "target", "quantity", "value", "kind", "entry_kind", "document_date", "corrects", "source_account", "target_account",
    "source_kind", "target_kind",
)  # fmt: skip
ENTRY_OF_KEYS = (
    "posting", "posting_kind", "posted_at", "posted_by", "id", "line", "account", "party", "party_code", "party_name", "cash_account",
    "amount", "document_date", "due_date",
)  # fmt: skip


def moves_of(document: int) -> list[dict[str, Any]]:
    """单据的全部移动 Every row of stock that concerns a document's lines, corrections by later postings included."""
    rows = [dict(zip(MOVE_OF_KEYS, row, strict=True)) for row in bulk.fetch(MOVES_OF_SQL, [document])]
    for row in rows:
        row["quantity"], row["value"] = to_decimal(row["quantity"]), to_decimal(row["value"])
    return rows


def entries_of(document: int) -> list[dict[str, Any]]:
    """单据的全部分录 Every entry that concerns a document."""
    rows = [dict(zip(ENTRY_OF_KEYS, row, strict=True)) for row in bulk.fetch(ENTRIES_OF_SQL, [document, document])]
    for row in rows:
        row["amount"] = to_decimal(row["amount"])
    return rows


def on_hand(items: Collection[int], places: Collection[int] | None) -> dict[int, dict[str, Decimal]]:
    """现存量与占用 On hand and reserved by item, at some places or (None) in all."""
    if not items:
        return {}
    ordered = sorted(items)
    more, keys = ("", []) if places is None else (f" AND place_id IN ({bulk.placeholders(sorted(places) or [0])})", sorted(places) or [0])
    sql = (
        "SELECT item_id, CAST(SUM(quantity) AS bigint), CAST(SUM(reserved) AS bigint) FROM ledger_stockbalance "
        f"WHERE item_id IN ({bulk.placeholders(ordered)}){more} GROUP BY item_id"
    )
    rows = bulk.fetch(sql, [*ordered, *keys])
    return {item: {"on_hand": to_decimal(quantity), "reserved": to_decimal(reserved)} for item, quantity, reserved in rows}


def lots_moved(lots: Collection[int]) -> set[int]:
    """已动批次 The lots of which anything ever moved."""
    if not lots:
        return set()
    chosen, wanted = bulk.among(sorted(lots))
    sql = f"SELECT DISTINCT lot_id FROM ledger_stockmove WHERE lot_id {chosen}"
    return {row[0] for row in bulk.fetch(sql, [wanted])}


def anything_moved() -> bool:
    """是否已有库存业务 Whether anything ever moved (the kind of cost pools is fixed then)."""
    return bool(bulk.fetch("SELECT 1 FROM ledger_costpool LIMIT 1"))


def moved(item: int) -> bool:
    """是否发生过业务 Whether an item has ever moved (its costing method is fixed then)."""
    return bool(bulk.fetch("SELECT 1 FROM ledger_costpool WHERE item_id=%s LIMIT 1", [item]))
