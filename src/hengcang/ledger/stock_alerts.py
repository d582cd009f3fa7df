"""库存预警 Stock alerts, kept: which items stand beyond a bound of theirs at which places.

The posting that moves goods or holds them back writes the alerts of what it touched, in its transaction, after the
balances: one statement, however many lines it has. What is over stays as a row that is not live, for the next time.
Whoever changes the limits of an item does the same for that item.
More is held back than there is where a lot lacks some of what is held back of it, or what is free of all lots is less than
what is held back of any; `quantity` of that alert is what there is for it.
Everything follows from balances and limits, so `rebuild` gives the same rows; only `since` remembers when one began.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from hengcang.base import bulk, clock
from hengcang.core.posting import PlaceKind
from hengcang.ledger.check_words import differing
from hengcang.ledger.facts import STOCK_KINDS_SQL
from hengcang.ledger.work import Work
from hengcang.places.houses import house

KINDS = ("below_min", "below_safety", "above_max", "negative", "over_reserved")
MOVED = f"""
SELECT m.item_id, {house("p")} AS place_id FROM ledger_stockmove m
JOIN places_place p ON p.id IN (m.source_id, m.target_id) AND p.kind IN ({STOCK_KINDS_SQL}) WHERE m.posting_id=%s AND m.quantity<>0
"""
HELD = f"SELECT b.item_id, {house('p')} AS place_id FROM ledger_stockbalance b JOIN places_place p ON p.id=b.place_id"
EVERYWHERE = f"{HELD} UNION SELECT item_id, place_id FROM catalog_stocklimit"
OF_ITEMS = f"""
{HELD} WHERE b.item_id {{among}} UNION
SELECT item_id, place_id FROM catalog_stocklimit WHERE item_id {{among}} UNION
SELECT item_id, place_id FROM ledger_stockalert WHERE item_id {{among}}
"""
LIMITED = "JOIN catalog_item i ON i.id=h.item_id AND i.active JOIN catalog_stocklimit s ON s.item_id=h.item_id AND s.place_id=h.place_id"
WANTED = f"""
t AS MATERIALIZED ({{touched}}),
k AS (SELECT item_id, place_id, lot_id, SUM(held) AS held, SUM(reserved) AS reserved, SUM(CASE WHEN held<0 THEN held ELSE 0 END) AS short
  FROM (SELECT t.item_id, t.place_id, COALESCE(b.lot_id,0) AS lot_id, b.quantity AS held, b.reserved
      FROM t JOIN ledger_stockbalance b ON b.item_id=t.item_id JOIN places_place p ON p.id=b.place_id AND {house("p")}=t.place_id
    UNION ALL SELECT item_id, place_id, 0, 0, 0 FROM t) x
  GROUP BY item_id, place_id, lot_id),
h AS (SELECT item_id, place_id, CAST(SUM(held) AS bigint) AS held, CAST(SUM(reserved) AS bigint) AS reserved,
    CAST(SUM(short) AS bigint) AS short, CAST(SUM(CASE WHEN lot_id=0 THEN reserved ELSE 0 END) AS bigint) AS of_any,
    CAST(SUM(CASE WHEN lot_id=0 OR reserved<=0 THEN held WHEN held>reserved THEN held-reserved ELSE 0 END) AS bigint) AS free,
    CAST(SUM(CASE WHEN lot_id<>0 AND reserved>0 AND reserved>held THEN reserved-held ELSE 0 END) AS bigint) AS lots_lack
  FROM k GROUP BY item_id, place_id),
o AS (SELECT item_id, place_id, reserved, lots_lack+CASE WHEN of_any>0 AND of_any>free THEN of_any-free ELSE 0 END AS lack FROM h),
w AS (SELECT 'negative' AS kind, item_id, place_id, short AS quantity, 0 AS bound FROM h WHERE short<0
  UNION ALL SELECT 'over_reserved', item_id, place_id, reserved-lack, reserved FROM o WHERE lack>0
  UNION ALL SELECT 'below_min', h.item_id, h.place_id, held, s.stock_min FROM h {LIMITED} AND held<s.stock_min
  UNION ALL SELECT 'below_safety', h.item_id, h.place_id, held, s.safety_stock FROM h {LIMITED} AND held<s.safety_stock
    AND (s.stock_min IS NULL OR held>=s.stock_min)
  UNION ALL SELECT 'above_max', h.item_id, h.place_id, held, s.stock_max FROM h {LIMITED} AND held>s.stock_max)
"""
FOLLOW = f"""
WITH {WANTED} INSERT INTO ledger_stockalert (kind, item_id, place_id, quantity, bound, since, live)
SELECT kind, item_id, place_id, quantity, bound, {{now}}, TRUE FROM w
UNION ALL SELECT a.kind, a.item_id, a.place_id, h.held, a.bound, a.since, FALSE FROM ledger_stockalert a
  JOIN h ON h.item_id=a.item_id AND h.place_id=a.place_id
  WHERE a.live AND NOT EXISTS (SELECT 1 FROM w WHERE w.kind=a.kind AND w.item_id=a.item_id AND w.place_id=a.place_id)
ORDER BY 2, 3, 1
ON CONFLICT (item_id, place_id, kind) DO UPDATE SET quantity=excluded.quantity, bound=excluded.bound, live=excluded.live,
  since=CASE WHEN ledger_stockalert.live THEN ledger_stockalert.since ELSE excluded.since END
RETURNING kind, item_id, place_id, live
"""
STORED = "SELECT kind, item_id, place_id, quantity, bound, 1 AS amount FROM ledger_stockalert WHERE live"


def follow(work: Work) -> set[tuple[int, int]]:
    """跟随记账 The alerts of what a posting moved and held back, once its balances are written.

    Gives the (item, place) of these of which more is held back than there is.
    """
    reserves = sorted({(one.item, one.place) for one in work.request.posting.reserves})
    if not (work.bound or work.removed or reserves):
        return set()
    wait_for_others(work)
    held, parameters = bulk.table_of(reserves, ["bigint"] * 2)
    touched = f"{MOVED} UNION SELECT v.c0, v.c1 FROM {held}"
    written = write(touched, [work.sequence, *parameters], work.header.posted_at)
    return {(item, place) for kind, item, place, live in written if kind == "over_reserved" and live}


def wait_for_others(work: Work) -> None:
    """Postings of one item wait for each other at its balance; where it has one for each lot or bin, or what is held
    back stands beside them, they may not, and their alerts are one row."""
    items = {one.wanted.item for one in work.bound if one.wanted.lot is not None or PlaceKind.BIN in (one.source.kind, one.target.kind)}
    items |= {work.pools[pool].item for move in work.removed for pool in (move.source_pool, move.target_pool) if pool in work.pools}
    items |= {reserve.item for reserve in work.request.posting.reserves}
    if items and bulk.is_postgresql():
        source, parameters = bulk.table_of([(item,) for item in sorted(items)], ["bigint"])
        bulk.fetch(f"SELECT pg_advisory_xact_lock(hashtext('stock alert'), CAST(v.c0 AS integer)) FROM {source}", parameters)


def of_items(items: Collection[int]) -> None:
    """商品限额变化 The alerts of items whose limits, or whether they are in use, were changed; the caller holds the gate alone.

    A posting reads limits and locks balances in an order of its own: no row is locked here that it may wait for.
    """
    among, wanted = bulk.among(items)
    write(OF_ITEMS.format(among=among), [wanted] * 3, clock.now())


def rebuild() -> None:
    """重建 All alerts from balances and limits."""
    bulk.execute("DELETE FROM ledger_stockalert")
    write(EVERYWHERE, [], clock.now())


def write(touched: str, parameters: Collection[Any], now: datetime) -> list[tuple[Any, ...]]:
    """Write the alerts of some (item, place) that stand, and end those that are over; gives (kind, item, place, live): one statement."""
    return bulk.fetch(FOLLOW.format(touched=touched, now=bulk.instant_mark()), [*parameters, bulk.instant(now)])


def differences() -> str:
    """I-46: the alerts that are kept against those that balances and limits give."""
    wanted = f"WITH {WANTED.format(touched=EVERYWHERE)} SELECT kind, item_id, place_id, quantity, bound, 1 AS amount FROM w"
    return differing("kind, item_id, place_id, quantity, bound", STORED, wanted)
