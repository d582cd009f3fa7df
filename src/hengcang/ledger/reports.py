"""报表数据 What reports read from the books: each one statement (or a constant few), over kept sums wherever there are any.

A past date is reached from the present: balance less what months after it brought, less the rest of its own month
from the moves. So no report scans history; the cost is the months between that date and today.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from hengcang.base import bulk
from hengcang.base.book import book
from hengcang.ledger.facts import STOCK_KINDS_SQL
from hengcang.places.houses import house


@dataclass(frozen=True, slots=True)
class Span:
    """期间 From a day to a day, both inclusive."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class StockFilter:
    """库存条件 Which items and places; None means all. `places` also carries the viewer's scope.

    `family` and `variant` are a family of items and a value that they have on whichever axis, `lot` is one lot where a report
    tells of lots; 0 for any.
    """

    items: Collection[int] | None = None
    places: Collection[int] | None = None
    category_path: str = ""
    search: str = ""
    family: int = 0
    variant: int = 0
    lot: int = 0


@dataclass(frozen=True, slots=True)
class Limit:
    """单据限制 A document counts where one of its columns is among the keys, or (`nobodys`) where all of them are empty.

    With `every`, all that its header and its lines name in these columns must be among the keys.
    """

    columns: Sequence[str]
    keys: Collection[int] | Collection[str]
    nobodys: bool
    every: bool = False


def within(limits: Sequence[Limit], alias: str) -> tuple[str, list[Any]]:
    """The conditions of some limits on a document; nothing for none."""
    sql = ""
    parameters: list[Any] = []
    for limit in limits:
        keys: list[Any] = sorted(limit.keys) or [0]
        if limit.every:
            marks, many = bulk.placeholders(keys), keys * len(limit.columns)
            beyond = [" OR ".join(f"{where}.{column} NOT IN ({marks})" for column in limit.columns) for where in (alias, "beyond")]
            sql += (
                f" AND COALESCE(NOT ({beyond[0]}), TRUE) AND NOT EXISTS (SELECT 1 FROM records_goodsline beyond "
                f"WHERE beyond.document_id={alias}.id AND beyond.revision={alias}.revision AND ({beyond[1]}))"
            )
            parameters += many * 2
            continue
        parts = [f"{alias}.{column} IN ({bulk.placeholders(keys)})" for column in limit.columns]
        parameters += keys * len(limit.columns)
        if limit.nobodys:
            parts.append("(" + " AND ".join(f"{alias}.{column} IS NULL" for column in limit.columns) + ")")
        sql += " AND (" + " OR ".join(parts) + ")"
    return sql, parameters


def month_of(day: date) -> int:
    """The month written yyyymm."""
    return day.year * 100 + day.month


def among(column: str, keys: Collection[int] | None) -> tuple[str, list[Any]]:
    """A condition that a column is one of the keys; nothing for None."""
    if keys is None:
        return "", []
    ordered = sorted(keys) or [0]
    return f" AND {column} IN ({bulk.placeholders(ordered)})", list(ordered)


def item_condition(wanted: StockFilter, alias: str = "i") -> tuple[str, list[Any]]:
    """The conditions on items."""
    sql, parameters = among(f"{alias}.id", wanted.items)
    if wanted.category_path:
        sql += f" AND {alias}.category_id IN (SELECT id FROM catalog_itemcategory WHERE path LIKE %s)"
        parameters.append(wanted.category_path + "%")
    if wanted.family:
        sql += f" AND {alias}.family_id=%s"
        parameters.append(wanted.family)
    if wanted.variant:
        columns = ",".join(f"{alias}.variant_{at}_id" for at in range(1, 6))
        sql += f" AND CAST(%s AS bigint) IN ({columns})"
        parameters.append(wanted.variant)
    if wanted.search:
        like = f"%{wanted.search.lower()}%"
        names = ("code", "name", "pinyin", "spec", "barcode", "search_text")
        sql += " AND (" + " OR ".join(f"LOWER({alias}.{name}) LIKE %s" for name in names) + ")"
        parameters += [like] * len(names)
    return sql, parameters


def place_by(by: str, place: str) -> tuple[str, str]:
    """What rows are told apart by (SQL), with the join it takes: `place` the warehouse with its bins, `bin` and `lot` where goods lie."""
    if by == "place" and book().bins:
        return house("h"), f" JOIN places_place h ON h.id={place}"
    return (place if by in ("place", "bin", "lot") else "0"), ""


def on_hand_rows(wanted: StockFilter, by: str) -> list[tuple[Any, ...]]:
    """现存量 (item, place or 0, lot or 0, quantity, reserved) by item, place, bin or lot, balances of nothing left out."""
    places, place_keys = among("b.place_id", wanted.places)
    items, item_keys = item_condition(wanted)
    place, join = place_by(by, "b.place_id")
    lot = "COALESCE(b.lot_id,0)" if by == "lot" else "0"
    sql = f"""
    SELECT b.item_id, {place}, {lot}, b.quantity, b.reserved FROM ledger_stockbalance b JOIN catalog_item i ON i.id=b.item_id{join}
    WHERE (b.quantity<>0 OR b.reserved<>0 OR b.second_quantity<>0){places}{items} ORDER BY i.code, 2, 3
    """
    rows = bulk.fetch(sql, [*place_keys, *item_keys])
    return rows if by == "lot" else summed(rows)


def summed(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows with neighbours of one key (item, place, lot) added up; grouping in the database would sort them a second time."""
    found: list[tuple[Any, ...]] = []
    for key, group in groupby(rows, itemgetter(0, 1, 2)):
        first, *more = group
        found.append((*key, first[3] + sum(row[3] for row in more), first[4] + sum(row[4] for row in more)) if more else first)
    return found


BALANCE_LATER_SQL = """
SELECT balance_id, SUM(q) AS q FROM (
  SELECT balance_id, {flow}_in-{flow}_out AS q FROM ledger_stockmonth WHERE month>%s
  UNION ALL
  SELECT b.id, {amount} FROM ledger_stockmove m JOIN ledger_stockbalance b
    ON b.item_id=m.item_id AND b.place_id=m.target_id AND COALESCE(b.lot_id,0)=COALESCE(m.lot_id,0)
    WHERE m.month=%s AND m.document_date>%s
  UNION ALL
  SELECT b.id, -{amount} FROM ledger_stockmove m JOIN ledger_stockbalance b
    ON b.item_id=m.item_id AND b.place_id=m.source_id AND COALESCE(b.lot_id,0)=COALESCE(m.lot_id,0)
    WHERE m.month=%s AND m.document_date>%s
) d GROUP BY balance_id
"""


def on_hand_rows_at(wanted: StockFilter, by: str, day: date) -> list[tuple[Any, ...]]:
    """某日现存量 As `on_hand_rows` at the end of a past day, without reservations."""
    places, place_keys = among("b.place_id", wanted.places)
    items, item_keys = item_condition(wanted)
    place, join = place_by(by, "b.place_id")
    lot = "COALESCE(b.lot_id,0)" if by == "lot" else "0"
    sql = f"""
    WITH later AS ({BALANCE_LATER_SQL.format(flow="quantity", amount="m.quantity")})
    SELECT b.item_id, {place}, {lot}, CAST(SUM(b.quantity-COALESCE(l.q,0)) AS bigint), 0
    FROM ledger_stockbalance b JOIN catalog_item i ON i.id=b.item_id{join} LEFT JOIN later l ON l.balance_id=b.id
    WHERE 1=1{places}{items} GROUP BY 1, 2, 3 HAVING SUM(b.quantity-COALESCE(l.q,0))<>0 ORDER BY MIN(i.code), 2, 3
    """
    month, iso = month_of(day), day.isoformat()
    return bulk.fetch(sql, [month, month, iso, month, iso, *place_keys, *item_keys])


POOL_LATER_SQL = """
SELECT pool_id, SUM(q) AS q, SUM(v) AS v FROM (
  SELECT pool_id, quantity_in-quantity_out AS q, value_in-value_out AS v FROM ledger_poolmonth WHERE month>%s
  UNION ALL
  SELECT target_pool_id, quantity, value FROM ledger_stockmove WHERE month=%s AND document_date>%s
    AND target_pool_id IS NOT NULL AND (source_pool_id IS NULL OR source_pool_id<>target_pool_id)
  UNION ALL
  SELECT source_pool_id, -quantity, -value FROM ledger_stockmove WHERE month=%s AND document_date>%s
    AND source_pool_id IS NOT NULL AND (target_pool_id IS NULL OR source_pool_id<>target_pool_id)
) d GROUP BY pool_id
"""


def pool_rows(items: Collection[int], day: date | None = None) -> list[tuple[Any, ...]]:
    """成本池 (item, place or 0, lot or 0, quantity, value) of the items, now or at the end of a past day."""
    if not items:
        return []
    chosen, ordered = bulk.among(sorted(items))
    if day is None:
        sql = (
            "SELECT p.item_id, COALESCE(p.place_id,s.place_id,0), COALESCE(p.lot_id,0), p.quantity, p.value FROM ledger_costpool p "
            f"LEFT JOIN ledger_serialplace s ON s.serial_id=p.serial_id WHERE p.item_id {chosen}"
        )
        return bulk.fetch(sql, [ordered])
    sql = f"""
    WITH later AS ({POOL_LATER_SQL})
    SELECT p.item_id, COALESCE(p.place_id,0), COALESCE(p.lot_id,0),
      CAST(p.quantity-COALESCE(l.q,0) AS bigint), CAST(p.value-COALESCE(l.v,0) AS bigint)
    FROM ledger_costpool p LEFT JOIN later l ON l.pool_id=p.id WHERE p.item_id {chosen}
    """
    month, iso = month_of(day), day.isoformat()
    return bulk.fetch(sql, [month, month, iso, month, iso, ordered])


FLOWS_SQL = """
SELECT {key}, SUM(CASE WHEN later=0 THEN qi ELSE 0 END) AS qi, SUM(CASE WHEN later=0 THEN qo ELSE 0 END) AS qo,
  SUM(CASE WHEN later=0 THEN vi ELSE 0 END) AS vi, SUM(CASE WHEN later=0 THEN vo ELSE 0 END) AS vo,
  SUM(CASE WHEN later=1 THEN qi-qo ELSE 0 END) AS later_q, SUM(CASE WHEN later=1 THEN vi-vo ELSE 0 END) AS later_v
FROM ({parts}) d GROUP BY {key}
"""
POOL_MONTHS_SQL = """
SELECT pool_id, CASE WHEN month>%s THEN 1 ELSE 0 END AS later, {flow}_in AS qi, {flow}_out AS qo, value_in AS vi, value_out AS vo
FROM ledger_poolmonth WHERE month>=%s{whole}
"""
POOL_MOVES_SQL = """
UNION ALL
SELECT target_pool_id, CASE WHEN document_date>%s THEN 1 ELSE 0 END, {amount}, 0, value, 0 FROM ledger_stockmove m
WHERE month IN ({cut}) AND document_date>=%s AND target_pool_id IS NOT NULL AND (source_pool_id IS NULL OR source_pool_id<>target_pool_id)
UNION ALL
SELECT source_pool_id, CASE WHEN document_date>%s THEN 1 ELSE 0 END, 0, {amount}, 0, value FROM ledger_stockmove m
WHERE month IN ({cut}) AND document_date>=%s AND source_pool_id IS NOT NULL AND (target_pool_id IS NULL OR source_pool_id<>target_pool_id)
"""
PLACE_MONTHS_SQL = """
SELECT balance_id, CASE WHEN month>%s THEN 1 ELSE 0 END AS later, {flow}_in AS qi, {flow}_out AS qo, 0 AS vi, 0 AS vo
FROM ledger_stockmonth WHERE month>=%s AND kind<>'shelving'{whole}
"""
PLACE_MOVES_SQL = """
UNION ALL
SELECT b.id, CASE WHEN m.document_date>%s THEN 1 ELSE 0 END, {amount}, 0, 0, 0 FROM ledger_stockmove m JOIN ledger_stockbalance b
  ON b.item_id=m.item_id AND b.place_id=m.target_id AND COALESCE(b.lot_id,0)=COALESCE(m.lot_id,0)
WHERE m.month IN ({cut}) AND m.document_date>=%s AND m.kind<>'shelving'
UNION ALL
SELECT b.id, CASE WHEN m.document_date>%s THEN 1 ELSE 0 END, 0, {amount}, 0, 0 FROM ledger_stockmove m JOIN ledger_stockbalance b
  ON b.item_id=m.item_id AND b.place_id=m.source_id AND COALESCE(b.lot_id,0)=COALESCE(m.lot_id,0)
WHERE m.month IN ({cut}) AND m.document_date>=%s AND m.kind<>'shelving'
"""
SUMMARY_SQL = """
SELECT p.item_id, COALESCE(p.place_id,0),
  CAST(SUM(p.quantity-COALESCE(f.later_q+f.qi-f.qo,0)) AS bigint), CAST(SUM(p.value-COALESCE(f.later_v+f.vi-f.vo,0)) AS bigint),
  CAST(SUM(COALESCE(f.qi,0)) AS bigint), CAST(SUM(COALESCE(f.vi,0)) AS bigint),
  CAST(SUM(COALESCE(f.qo,0)) AS bigint), CAST(SUM(COALESCE(f.vo,0)) AS bigint),
  CAST(SUM(p.quantity-COALESCE(f.later_q,0)) AS bigint), CAST(SUM(p.value-COALESCE(f.later_v,0)) AS bigint)
FROM ledger_costpool p JOIN catalog_item i ON i.id=p.item_id LEFT JOIN ({flows}) f ON f.pool_id=p.id
WHERE 1=1{places}{items} GROUP BY 1, 2 ORDER BY MIN(i.code), 2
"""
PLACE_SUMMARY_SQL = """
SELECT b.item_id, {place},
  CAST(SUM(b.{held}-COALESCE(f.later_q+f.qi-f.qo,0)) AS bigint), CAST(SUM(COALESCE(f.qi,0)) AS bigint),
  CAST(SUM(COALESCE(f.qo,0)) AS bigint), CAST(SUM(b.{held}-COALESCE(f.later_q,0)) AS bigint)
FROM ledger_stockbalance b JOIN catalog_item i ON i.id=b.item_id{join} LEFT JOIN ({flows}) f ON f.balance_id=b.id
WHERE 1=1{places}{items} GROUP BY 1, 2 ORDER BY MIN(i.code), 2
"""


def summary_rows(span: Span, wanted: StockFilter) -> list[tuple[Any, ...]]:
    """进销存汇总 By item and pool place: opening quantity and value, in, out, closing (each quantity, value)."""
    places, place_keys = among("p.place_id", wanted.places)
    items, item_keys = item_condition(wanted)
    flows, parameters = flows_sql(span, "pool_id", POOL_MONTHS_SQL, POOL_MOVES_SQL)
    return bulk.fetch(SUMMARY_SQL.format(flows=flows, places=places, items=items), [*parameters, *place_keys, *item_keys])


def place_summary_rows(span: Span, wanted: StockFilter) -> list[tuple[Any, ...]]:
    """仓库收发汇总 By item and warehouse (or area): opening, in, out and closing quantity; what moves between two is in and out."""
    places, place_keys = among("b.place_id", wanted.places)
    items, item_keys = item_condition(wanted)
    flows, parameters = flows_sql(span, "balance_id", PLACE_MONTHS_SQL, PLACE_MOVES_SQL)
    place, join = place_by("place", "b.place_id")
    sql = PLACE_SUMMARY_SQL.format(held="quantity", flows=flows, places=places, items=items, place=place, join=join)
    return bulk.fetch(sql, [*parameters, *place_keys, *item_keys])


def flows_sql(span: Span, key: str, months: str, moves: str, *, second: bool = False) -> tuple[str, list[Any]]:
    """期间收发 What came and left in a span and, netted, after it: whole months from the kept flows, cut ones from their moves.

    In base units, or in second units.
    """
    flow, amount = ("second", "COALESCE(m.second_quantity,0)") if second else ("quantity", "m.quantity")
    cut = ",".join(str(month) for month in cut_months(span))
    sql = months.format(flow=flow, whole=f" AND month NOT IN ({cut})" if cut else "")
    parameters: list[Any] = [month_of(span.last), month_of(span.first)]
    if cut:
        sql += moves.format(amount=amount, cut=cut)
        parameters += [span.last.isoformat(), span.first.isoformat()] * 2
    return FLOWS_SQL.format(key=key, parts=sql), parameters


def cut_months(span: Span) -> list[int]:
    """被截月份 The months of which a span holds a part only."""
    first, last = month_of(span.first), month_of(span.last)
    cut = {first} if span.first.day != 1 else set()
    if month_of(date.fromordinal(span.last.toordinal() + 1)) == last:
        cut.add(last)
    return sorted(cut)


CARD_SQL = """
SELECT m.id, m.document_date, m.day, m.sequence, d.id, d.type, d.number, m.kind, m.entry_kind, s.name, t.name, y.name,
  CASE WHEN {inward} THEN 1 ELSE 0 END, CASE WHEN {outward} THEN 1 ELSE 0 END, m.quantity, m.value, b.number,
  s.kind, t.kind, COALESCE(m.second_quantity,0)
FROM ledger_stockmove m JOIN records_goodsline l ON l.id=m.line_id JOIN records_document d ON d.id=l.document_id
JOIN places_place s ON s.id=m.source_id JOIN places_place t ON t.id=m.target_id
LEFT JOIN parties_party y ON y.id=d.party_id LEFT JOIN catalog_lot b ON b.id=m.lot_id
WHERE m.item_id=%s AND m.document_date>=%s AND m.document_date<=%s AND ({inward} OR {outward})
ORDER BY m.document_date, m.sequence, m.id{limit}
"""
CARD_TOTALS_SQL = """
SELECT CAST(COALESCE(SUM(inward*quantity),0) AS bigint), CAST(COALESCE(SUM(outward*quantity),0) AS bigint),
  CAST(COALESCE(SUM(inward*value),0) AS bigint), CAST(COALESCE(SUM(outward*value),0) AS bigint),
  CAST(COALESCE(SUM(inward*second_quantity),0) AS bigint), CAST(COALESCE(SUM(outward*second_quantity),0) AS bigint)
FROM (
  SELECT m.quantity, m.value, m.second_quantity, CASE WHEN {inward} THEN 1 ELSE 0 END AS inward,
    CASE WHEN {outward} THEN 1 ELSE 0 END AS outward
  FROM ledger_stockmove m JOIN places_place s ON s.id=m.source_id JOIN places_place t ON t.id=m.target_id
  WHERE m.item_id=%s AND m.document_date>=%s AND m.document_date<=%s
) d WHERE inward<>outward
"""


def card_sides(places: Collection[int] | None) -> tuple[str, str, list[int]]:
    """出入方向 The conditions for a move into and out of some places, or of all that hold stock; and the keys of one of them."""
    if places is None:
        return f"t.kind IN ({STOCK_KINDS_SQL})", f"s.kind IN ({STOCK_KINDS_SQL})", []
    keys = sorted(places) or [0]
    marks = bulk.placeholders(keys)
    return f"m.target_id IN ({marks})", f"m.source_id IN ({marks})", keys


def card_rows(item: int, places: Collection[int] | None, span: Span, limit: int | None) -> Iterator[tuple[Any, ...]]:
    """收发存明细 Rows of one item in a span, in order; of some places, or of all that hold stock. Without a limit as they come."""
    inward, outward, keys = card_sides(places)
    sql = CARD_SQL.format(inward=inward, outward=outward, limit=first_rows(limit))
    return some_or_all(sql, [*keys, *keys, item, span.first.isoformat(), span.last.isoformat(), *keys, *keys], limit)


def card_totals(item: int, places: Collection[int] | None, span: Span) -> tuple[int, ...]:
    """收发合计 Quantity in and out, value in and out, second quantity in and out, of every row that `card_rows` has.

    A move between two of the places is neither in nor out, as on the card.
    """
    inward, outward, keys = card_sides(places)
    sql = CARD_TOTALS_SQL.format(inward=inward, outward=outward)
    row = bulk.fetch(sql, [*keys, *keys, item, span.first.isoformat(), span.last.isoformat()])[0]
    return tuple(int(number) for number in row)


def first_rows(limit: int | None) -> str:
    """The LIMIT of a statement, if there is one."""
    return "" if limit is None else f" LIMIT {int(limit)}"


def some_or_all(sql: str, parameters: Sequence[Any], limit: int | None) -> Iterator[tuple[Any, ...]]:
    """Rows at once where they are limited, else part by part."""
    return bulk.stream(sql, parameters) if limit is None else iter(bulk.fetch(sql, parameters))


ENTRIES = "ledger_moneyentry e JOIN ledger_posting p ON p.id=e.posting_id JOIN records_document d ON d.id=p.document_id"


def in_currency(currency: int | None) -> tuple[str, list[Any]]:
    """币别条件 The condition on documents `d`: all for none, those in the book's own currency for 0, else those in that currency."""
    if currency is None:
        return "", []
    return (" AND d.currency_id=%s", [currency]) if currency else (" AND d.currency_id IS NULL", [])


OPEN_SQL = """
SELECT o.entry_id, y.id, y.code, y.name, d.id, d.type, d.number, d.document_date, o.due_date, o.account, o.amount, o.open,
  o.foreign_open, c.code
FROM ledger_openitem o JOIN parties_party y ON y.id=o.party_id JOIN records_document d ON d.id=o.document_id
LEFT JOIN places_currency c ON c.id=d.currency_id
WHERE o.open<>0 AND o.account IN ({accounts}){more} ORDER BY o.due_date NULLS LAST, o.entry_id{limit}
"""
OPEN_TOTALS_SQL = """
SELECT CAST(COALESCE(SUM(o.amount),0) AS bigint), CAST(COALESCE(SUM(o.open),0) AS bigint),
  CAST(COALESCE(SUM(CASE WHEN o.due_date<%s THEN o.open END),0) AS bigint), CAST(COALESCE(SUM(o.foreign_open),0) AS bigint)
FROM ledger_openitem o JOIN records_document d ON d.id=o.document_id WHERE o.open<>0 AND o.account IN ({accounts}){more}
"""


@dataclass(frozen=True, slots=True)
class OpenNow:
    """未结条件 Open items on some accounts, of documents inside limits; of a party, due before a day, and in a currency (0: the book's
    own), where these are given."""

    accounts: Sequence[str]
    party: int | None = None
    limits: Sequence[Limit] = ()
    due_before: date | None = None
    currency: int | None = None

    def condition(self) -> tuple[str, list[Any]]:
        """The condition on open items `o` of documents `d`."""
        more, keys = within(self.limits, "d")
        if self.party is not None:
            more, keys = f"{more} AND o.party_id=%s", [*keys, self.party]
        if self.due_before is not None:
            more, keys = f"{more} AND o.due_date<%s", [*keys, self.due_before.isoformat()]
        of_currency, one = in_currency(self.currency)
        return more + of_currency, [*keys, *one]


def open_rows(wanted: OpenNow, limit: int | None) -> Iterator[tuple[Any, ...]]:
    """未结项 Open items, the first due first. Without a limit as they come."""
    more, keys = wanted.condition()
    sql = OPEN_SQL.format(accounts=bulk.placeholders(wanted.accounts), more=more, limit=first_rows(limit))
    return some_or_all(sql, [*wanted.accounts, *keys], limit)


def open_totals(wanted: OpenNow, today: date) -> tuple[int, int, int, int]:
    """未结合计 Amount, what is open, what of it is overdue, and what is open in foreign currency, of every item that `open_rows` has."""
    more, keys = wanted.condition()
    sql = OPEN_TOTALS_SQL.format(accounts=bulk.placeholders(wanted.accounts), more=more)
    row = bulk.fetch(sql, [today.isoformat(), *wanted.accounts, *keys])[0]
    return int(row[0]), int(row[1]), int(row[2]), int(row[3])


def open_by_id(ids: Collection[int], limits: Sequence[Limit]) -> list[tuple[Any, ...]]:
    """未结项 (party, document, account, open in its currency, currency) of some open items, of the documents inside some limits."""
    chosen, wanted = bulk.among(sorted(ids))
    more, keys = within(limits, "d")
    sql = (
        "SELECT o.party_id, o.document_id, o.account, COALESCE(o.foreign_open,o.open), d.currency_id "
        "FROM ledger_openitem o JOIN records_document d ON d.id=o.document_id "
        f"WHERE o.open<>0 AND o.entry_id {chosen}{more} ORDER BY o.entry_id"
    )
    return bulk.fetch(sql, [wanted, *keys])


def open_total(account: str, limits: Sequence[Limit]) -> int:
    """未结合计 What is open on an account (debit positive) of the documents inside some limits."""
    more, keys = within(limits, "d")
    sql = f"""
    SELECT CAST(COALESCE(SUM(o.open),0) AS bigint) FROM ledger_openitem o JOIN records_document d ON d.id=o.document_id
    WHERE o.open<>0 AND o.account=%s{more}
    """
    return int(bulk.fetch(sql, [account, *keys])[0][0])


def totals_by_day(types: Sequence[str], span: Span, limits: Sequence[Limit] = ()) -> list[tuple[Any, ...]]:
    """每日合计 (type, day, net, gross, documents) of posted documents; from the headers, by their index."""
    more, keys = within(limits, "records_document")
    sql = f"""
    SELECT type, document_date, CAST(SUM(amount_net) AS bigint), CAST(SUM(amount_gross) AS bigint), COUNT(*) FROM records_document
    WHERE type IN ({bulk.placeholders(types)}) AND state IN ('posted','closed','reversed') AND document_date BETWEEN %s AND %s{more}
    GROUP BY type, document_date ORDER BY document_date
    """
    return bulk.fetch(sql, [*types, span.first.isoformat(), span.last.isoformat(), *keys])


def cost_of_sales(span: Span) -> int:
    """销售成本 Net cost of what was sold less what came back, in a span."""
    sql = """
    SELECT CAST(COALESCE(SUM(CASE WHEN kind='sale' THEN value WHEN kind='sales_return' THEN -value END),0) AS bigint)
    FROM ledger_stockmove WHERE kind IN ('sale','sales_return') AND month BETWEEN %s AND %s AND document_date BETWEEN %s AND %s
    """
    parameters = [month_of(span.first), month_of(span.last), span.first.isoformat(), span.last.isoformat()]
    return int(bulk.fetch(sql, parameters)[0][0])


def stock_value() -> int:
    """库存金额 The value of everything we have."""
    return int(bulk.fetch("SELECT CAST(COALESCE(SUM(value),0) AS bigint) FROM ledger_costpool")[0][0])


def balance_of(account: str) -> int:
    """科目余额 What all parties owe (debit positive) on an account."""
    sql = "SELECT CAST(COALESCE(SUM(balance),0) AS bigint) FROM ledger_partybalance WHERE account=%s"
    return int(bulk.fetch(sql, [account])[0][0])


def last_prices(items: Collection[int], party: int, types: Sequence[str]) -> dict[int, int]:
    """最近价 The net price of the newest posted line of each item with a party; from the lines of each item by index."""
    ordered = sorted(items)
    if not ordered:
        return {}
    sql = f"""
    SELECT item_id, unit_price_net FROM (
      SELECT l.item_id, l.unit_price_net,
        ROW_NUMBER() OVER (PARTITION BY l.item_id ORDER BY d.document_date DESC, d.id DESC, l.id DESC) AS n
      FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision
      WHERE d.party_id=%s AND d.type IN ({bulk.placeholders(types)}) AND d.state IN ('posted','closed')
        AND l.item_id IN ({bulk.placeholders(ordered)}) AND l.unit_price_net IS NOT NULL AND l.factor=1000000
    ) newest WHERE n=1
    """
    return dict(bulk.fetch(sql, [party, *types, *ordered]))


def party_balances(parties: Collection[int], accounts: Sequence[str], limits: Sequence[Limit] = ()) -> dict[int, int]:
    """往来余额 Sum of the balances of each party over some accounts (debit positive); inside limits what is open of documents."""
    ordered = sorted(parties)
    if not ordered or not accounts:
        return {}
    table, amount, (more, keys) = "ledger_partybalance b", "b.balance", within(limits, "d")
    if limits:
        table, amount = "ledger_openitem b JOIN records_document d ON d.id=b.document_id", "b.open"
    sql = f"""
    SELECT b.party_id, CAST(SUM({amount}) AS bigint) FROM {table} WHERE b.party_id IN ({bulk.placeholders(ordered)})
      AND b.account IN ({bulk.placeholders(accounts)}) AND {amount}<>0{more} GROUP BY 1
    """
    return dict(bulk.fetch(sql, [*ordered, *accounts, *keys]))


def best_sellers(span: Span, limit: int, limits: Sequence[Limit] = ()) -> list[tuple[Any, ...]]:
    """畅销商品 (item, code, name, quantity, net amount) of the span, the largest amount first.

    A reversed delivery counts as nothing: neither it nor what reversed it is a sale.
    """
    more, keys = within(limits, "d")
    sql = f"""
    SELECT i.id, i.code, i.name, CAST(SUM(l.base_quantity) AS bigint), CAST(SUM(l.amount_net) AS bigint)
    FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision JOIN catalog_item i ON i.id=l.item_id
    WHERE d.type='sales_delivery' AND d.state IN ('posted','closed') AND d.reverses_id IS NULL
      AND d.document_date BETWEEN %s AND %s{more}
    GROUP BY i.id, i.code, i.name ORDER BY 5 DESC, 1 LIMIT %s
    """
    return bulk.fetch(sql, [span.first.isoformat(), span.last.isoformat(), *keys, limit])
