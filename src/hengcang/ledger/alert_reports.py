"""预警数据 What alerts are made of: stock beyond its bounds (kept), and what the clock brings about (by index, when asked).

Each list is one statement and `counts` is one for all of them, however large the books are. What the clock brings about
has no row of its own: goods near their expiry are found by what is held by lot, orders by those that are not finished,
debts by their due day.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hengcang.base import bulk, clock
from hengcang.base.book import book
from hengcang.ledger.promises import in_ext
from hengcang.ledger.reports import Limit, StockFilter, among, first_rows, item_condition, within
from hengcang.places.houses import house

Part = tuple[str, list[Any]]
AGREED_DAY = in_ext("delivery_date")
STOCK_KINDS = ("below_min", "below_safety", "above_max", "negative", "over_reserved")


@dataclass(frozen=True, slots=True)
class Sight:
    """可见范围 The places and the limits of documents of who asks; `orders` and `receipts`: those types he may see."""

    places: Collection[int] | None = None
    limits: Sequence[Limit] = ()
    orders: Sequence[str] = ()
    receipts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """时点 The day of the question, the thresholds in days by kind, since when something counts as new, the last closed day."""

    today: date
    days: dict[str, int]
    seen: datetime
    closed: date

    def before(self, kind: str, day: date | None = None) -> date:
        """The day that lies the kind's threshold before a day (today)."""
        return (day or self.today) - timedelta(days=self.days.get(kind, 0))

    def within(self, kind: str, day: date | None = None) -> date:
        """The day that lies the kind's threshold after a day (today)."""
        return (day or self.today) + timedelta(days=self.days.get(kind, 0))

    @property
    def looked(self) -> date:
        """The day on which alerts were last looked at."""
        return clock.day_of(self.seen)


STOCK_SQL = """
SELECT a.id, a.item_id, a.place_id, a.kind, a.quantity, a.bound, s.stock_min, s.stock_max, s.safety_stock, i.default_supplier_id, a.since
FROM ledger_stockalert a JOIN catalog_item i ON i.id=a.item_id
LEFT JOIN catalog_stocklimit s ON s.item_id=a.item_id AND s.place_id=a.place_id
WHERE {kinds}{places}{items} ORDER BY i.code, a.place_id, a.kind{limit}
"""


def stock_rows(kinds: Sequence[str], wanted: StockFilter, limit: int | None, ids: Collection[int] | None = None) -> list[tuple[Any, ...]]:
    """库存预警 (id, item, place, kind, quantity, bound, lower, upper, safety, supplier, since) of some kinds, or by id."""
    places, place_keys = among("a.place_id", wanted.places)
    items, item_keys = item_condition(wanted)
    own, own_keys = among("a.id", ids)
    sql = STOCK_SQL.format(
        kinds=f"a.live AND a.kind IN ({bulk.placeholders(kinds)}){own}", places=places, items=items, limit=first_rows(limit)
    )
    return bulk.fetch(sql, [*kinds, *own_keys, *place_keys, *item_keys])


EXPIRING = """
FROM ledger_stockbalance b JOIN catalog_lot t ON t.id=b.lot_id JOIN catalog_item i ON i.id=b.item_id
WHERE b.lot_id IS NOT NULL AND b.quantity>0 AND t.expiry_date<=%s{places}
"""


def expiring_rows(wanted: StockFilter, through: date, limit: int | None, ids: Collection[int] | None = None) -> list[tuple[Any, ...]]:
    """临期 (balance, item, place, lot, quantity, expiry day) of what is held and expires through a day, the first first."""
    places, place_keys = among("b.place_id", wanted.places)
    items, item_keys = item_condition(wanted)
    own, own_keys = among("b.id", ids)
    if wanted.lot:
        own, own_keys = f"{own} AND t.id=%s", [*own_keys, wanted.lot]
    sql = (
        f"SELECT b.id, b.item_id, b.place_id, b.lot_id, b.quantity, t.expiry_date {EXPIRING.format(places=places)}{items}{own} "
        f"ORDER BY t.expiry_date, i.code, b.id{first_rows(limit)}"
    )
    return bulk.fetch(sql, [through.isoformat(), *place_keys, *item_keys, *own_keys])


USED = "m.corrects_id IS NULL AND m.quantity>0 AND q.kind IN ('customer','production','other')"
BY_HOUSE = f"""(SELECT z.id, z.item_id, z.quantity, {house("s")} AS place_id
  FROM ledger_stockbalance z JOIN places_place s ON s.id=z.place_id)"""


def there(end: str) -> str:
    """Whether a move's end is the place of `b`, or a bin in it."""
    if not book().bins:
        return f"m.{end}_id=b.place_id"
    shelves = "SELECT o.id FROM places_place o WHERE o.id=b.place_id OR (o.kind='bin' AND o.warehouse_id=b.place_id)"
    return f"m.{end}_id IN ({shelves})"


def left_last() -> str:
    """最后一次售用 The last day on which goods of `b` were sold or used."""
    return (
        "(SELECT MAX(m.day) FROM ledger_stockmove m JOIN places_place q ON q.id=m.target_id "
        f"WHERE m.item_id=b.item_id AND {there('source')} AND {USED})"
    )


def came_first() -> str:
    """最早到货 The first day on which goods of `b` came to the warehouse."""
    return (
        f"(SELECT MIN(m.day) FROM ledger_stockmove m WHERE m.item_id=b.item_id AND {there('target')} AND m.kind<>'shelving' "
        "AND m.corrects_id IS NULL AND m.quantity>0)"
    )


def slow(places: str) -> str:
    """滞销 What has lain in a warehouse or area, `b` with its bins, since before a day without being sold or used after another."""
    held = BY_HOUSE if book().bins else "ledger_stockbalance"
    return f"""
    FROM {held} b JOIN catalog_item i ON i.id=b.item_id WHERE b.quantity>0{places}
      AND NOT EXISTS (SELECT 1 FROM ledger_stockmove m JOIN places_place q ON q.id=m.target_id
        WHERE m.item_id=b.item_id AND {there("source")} AND m.day>%s AND {USED})
      AND EXISTS (SELECT 1 FROM ledger_stockmove m
        WHERE m.item_id=b.item_id AND {there("target")} AND m.kind<>'shelving' AND m.day<=%s AND m.quantity>0)
    """


TO_COUNT_SQL = f"""
SELECT b.item_id, v.c1, b.place_id, b.lot_id, b.quantity FROM {{keys}} JOIN ledger_stockbalance b ON b.item_id=v.c0
JOIN places_place p ON p.id=b.place_id AND {house("p")}=v.c1 WHERE b.quantity<>0 ORDER BY b.item_id, p.kind, p.code, b.lot_id
"""


def shelves_of(keys: Collection[tuple[int, int]]) -> list[tuple[int, int, int, int | None, int]]:
    """在架 (item, warehouse, shelf, lot, quantity) of what each (item, warehouse or area) has where: one statement, none for no keys."""
    if not keys:
        return []
    source, parameters = bulk.table_of(sorted(keys), ["bigint"] * 2)
    return bulk.fetch(TO_COUNT_SQL.format(keys=source), parameters)


def slow_rows(wanted: StockFilter, since: date, limit: int | None, ids: Collection[int] | None = None) -> list[tuple[Any, ...]]:
    """滞销 (id, item, place, quantity, last day it was sold or used) of what has lain since a day without either."""
    places, place_keys = among("b.place_id", wanted.places)
    items, item_keys = item_condition(wanted)
    having = f" HAVING MIN(b.id) IN ({bulk.placeholders(sorted(ids) or [0])})" if ids is not None else ""
    sql = (
        f"SELECT MIN(b.id), b.item_id, b.place_id, CAST(SUM(b.quantity) AS bigint), {left_last()} {slow(places)}{items} "
        f"GROUP BY b.item_id, b.place_id{having} ORDER BY 5 NULLS FIRST, MIN(i.code), 3{first_rows(limit)}"
    )
    day = since.toordinal()
    rows = bulk.fetch(sql, [*place_keys, day, day, *item_keys, *(sorted(ids) or [0] if ids is not None else [])])
    return [(*row[:4], None if row[4] is None else date.fromordinal(row[4])) for row in rows]


UNPRICED = """
FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision
LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose='invoiced'
WHERE d.type IN ({types}) AND d.state IN ('posted','closed') AND d.reverses_id IS NULL AND d.document_date>%s
  AND l.unit_price_net IS NULL AND l.amount_gross=0 AND COALESCE(p.quantity,0)<l.base_quantity{more}
"""


def unpriced_rows(types: Sequence[str], since: date, limits: Sequence[Limit], limit: int | None) -> list[tuple[Any, ...]]:
    """待补价 (line, document, type, number, day, party, item, place, quantity not yet billed) of unpriced lines after a day."""
    more, keys = within(limits, "d")
    sql = (
        "SELECT l.id, d.id, d.type, d.number, d.document_date, y.name, l.item_id, l.target_place_id, "
        "l.base_quantity-COALESCE(p.quantity,0) "
        + UNPRICED.format(types=bulk.placeholders(types), more=more).replace(
            "WHERE", "LEFT JOIN parties_party y ON y.id=d.party_id WHERE", 1
        )
        + f" ORDER BY d.document_date, d.id, l.position{first_rows(limit)}"
    )
    return bulk.fetch(sql, [*types, since.isoformat(), *keys])


def late_orders(types: Sequence[str], limits: Sequence[Limit]) -> Part:
    """The unfinished orders whose agreed day lies before a day, which is the last parameter."""
    more, keys = within(limits, "d")
    sql = f"FROM records_document d WHERE d.type IN ({bulk.placeholders(types)}) AND d.state='posted' AND d.progress<>'complete'{more} "
    return sql + f"AND {AGREED_DAY}<%s", [*types, *keys]


def late_rows(types: Sequence[str], limits: Sequence[Limit], today: date, limit: int | None) -> list[tuple[Any, ...]]:
    """订单逾期 (document, type, number, day, party, agreed day, amount, progress), the longest overdue first."""
    sql, keys = late_orders(types, limits)
    sql = sql.replace("WHERE", "LEFT JOIN parties_party y ON y.id=d.party_id WHERE", 1)
    return bulk.fetch(
        f"SELECT d.id, d.type, d.number, d.document_date, y.name, {AGREED_DAY}, d.amount_gross, d.progress {sql} "
        f"ORDER BY 6, d.id{first_rows(limit)}",
        [*keys, today.isoformat()],
    )


def counts(kinds: Collection[str], sight: Sight, at: Clock) -> dict[str, tuple[int, int]]:
    """预警数 How many of each of some kinds there are, and how many are new since somebody last looked: one statement, none for none."""
    kept = [kind for kind in STOCK_KINDS if kind in kinds]
    others = [*lying_parts(sight, at), *document_parts(sight, at)]
    parts = [*(stock_parts(kept, sight, at) if kept else ()), *(part for kind, part in others if kind in kinds)]
    if not parts:
        return {}
    sql = " UNION ALL ".join(part for part, _ in parts)
    return {kind: (int(count), int(fresh or 0)) for kind, count, fresh in bulk.fetch(sql, [one for _, keys in parts for one in keys])}


def stock_parts(kinds: Sequence[str], sight: Sight, at: Clock) -> list[Part]:
    """The kept alerts: new by when they began."""
    places, keys = among("place_id", sight.places)
    fresh = f"SUM(CASE WHEN since>{bulk.instant_mark()} THEN 1 ELSE 0 END)"
    chosen = f"live AND kind IN ({bulk.placeholders(kinds)})"
    sql = f"SELECT kind, COUNT(*), {fresh} FROM ledger_stockalert WHERE {chosen}{places} GROUP BY kind"
    return [(sql, [bulk.instant(at.seen), *kinds, *keys])]


def lying_parts(sight: Sight, at: Clock) -> list[tuple[str, Part]]:
    """Goods near their expiry, and goods that lie: new where they would not have been told when somebody last looked."""
    places, keys = among("b.place_id", sight.places)
    near = f"SELECT 'near_expiry', COUNT(*), SUM(CASE WHEN t.expiry_date>%s THEN 1 ELSE 0 END) {EXPIRING.format(places=places)}"
    then, now = at.before("slow_moving", at.looked).toordinal(), at.before("slow_moving").toordinal()
    lying = (
        f"SELECT 'slow_moving', COUNT(*), SUM(CASE WHEN last>%s THEN 1 ELSE 0 END) FROM (SELECT b.item_id, b.place_id, "
        f"COALESCE({left_last()}, {came_first()}) AS last {slow(places)} GROUP BY b.item_id, b.place_id) x"
    )
    return [
        ("near_expiry", (near, [at.within("near_expiry", at.looked).isoformat(), at.within("near_expiry").isoformat(), *keys])),
        ("slow_moving", (lying, [then, *keys, now, now])),
    ]


def document_parts(sight: Sight, at: Clock) -> list[tuple[str, Part]]:
    """Debts and orders past their day, and receipts without a price."""
    more, keys = within(sight.limits, "d")
    parts: list[tuple[str, Part]] = []
    for kind, sign, accounts in (("overdue_receivable", "o.open>0", "'1122','1221'"), ("overdue_payable", "o.open<0", "'2202','2241'")):
        sql = (
            f"SELECT '{kind}', COUNT(*), SUM(CASE WHEN o.due_date>=%s THEN 1 ELSE 0 END) FROM ledger_openitem o "
            f"JOIN records_document d ON d.id=o.document_id WHERE {sign} AND o.account IN ({accounts}) AND o.due_date<%s{more}"
        )
        parts.append((kind, (sql, [at.before(kind, at.looked).isoformat(), at.before(kind).isoformat(), *keys])))
    for name in sight.orders:
        late, late_keys = late_orders([name], sight.limits)
        kind = f"late_{name}"
        sql = f"SELECT '{kind}', COUNT(*), SUM(CASE WHEN {AGREED_DAY}>=%s THEN 1 ELSE 0 END) {late}"
        parts.append((kind, (sql, [at.before(kind, at.looked).isoformat(), *late_keys, at.before(kind).isoformat()])))
    if sight.receipts:
        sql = UNPRICED.format(types=bulk.placeholders(sight.receipts), more=more)
        sql = f"SELECT 'unpriced', COUNT(*), SUM(CASE WHEN d.posted_at>{bulk.instant_mark()} THEN 1 ELSE 0 END) {sql}"
        parts.append(("unpriced", (sql, [bulk.instant(at.seen), *sight.receipts, at.closed.isoformat(), *keys])))
    return parts
