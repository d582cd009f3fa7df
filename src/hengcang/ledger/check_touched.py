"""当场自检 The cheap check inside the posting transaction: what one posting touched, in one statement.

It stops what would go on wrong: the caller rolls back and raises the alarm. Its cost follows the size of the posting
(and what stands after it, when it is back-dated), never the size of the books; what the posting cannot have touched is
not asked. I-21 is asked as its equivalent here:
what a party has open on an account is its balance there.
"""

from __future__ import annotations

from typing import Any

from hengcang.base import bulk
from hengcang.base.book import book
from hengcang.ledger.check_documents import moving_types
from hengcang.ledger.check_money import OPENING
from hengcang.ledger.check_words import Fault
from hengcang.ledger.facts import FORBIDDEN, STOCK_KINDS_SQL
from hengcang.ledger.request import Appended

TEXTS = {
    "I-02": "禁止负库存处出现负数",
    "I-05": "成本池与成本层之和不符",
    "I-07": "数量为零而金额不为零",
    "I-10": "移动两端不守恒",
    "I-14": "单据行与库存移动不符",
    "I-16": "冲回与原移动不符",
    "I-18": "执行数量超过源单数量",
    "I-21": "往来余额与未结项不符",
    "I-25": "记账借贷不平",
}
ROWS_SQL = """
WITH w AS MATERIALIZED (SELECT id, item_id, COALESCE(lot_id,0) AS lot_id, line_id, source_id, target_id, source_pool_id, target_pool_id,
    quantity, value, day, sequence, corrects_id, entry_kind FROM ledger_stockmove WHERE posting_id=%s),
t AS (SELECT source_pool_id AS id FROM w WHERE source_pool_id IS NOT NULL
    UNION SELECT target_pool_id FROM w WHERE target_pool_id IS NOT NULL),
e AS (SELECT currency, party_id, account, amount FROM ledger_moneyentry WHERE posting_id=%s),
y AS (SELECT DISTINCT party_id, account FROM e WHERE party_id IS NOT NULL AND account IN ({opening})),
g AS (SELECT p.id, p.kind, p.document_id, p.revision FROM ledger_posting p WHERE p.id=%s)
SELECT 'I-07', p.id FROM t JOIN ledger_costpool p ON p.id=t.id WHERE p.quantity=0 AND p.value<>0
UNION ALL SELECT 'I-10', w.id FROM w JOIN places_place s ON s.id=w.source_id JOIN places_place q ON q.id=w.target_id
  WHERE (s.kind IN ({kinds}))<>(w.source_pool_id IS NOT NULL) OR (q.kind IN ({kinds}))<>(w.target_pool_id IS NOT NULL)
  OR (w.source_pool_id=w.target_pool_id AND w.value<>0)
UNION ALL SELECT 'I-14', d.id FROM g JOIN records_document d ON d.id=g.document_id AND d.type IN ({types})
  WHERE g.kind='post' AND (SELECT COUNT(DISTINCT w.line_id) FROM w WHERE w.corrects_id IS NULL) NOT IN (0,
    (SELECT COUNT(*) FROM records_goodsline l WHERE l.document_id=d.id AND l.revision=g.revision))
UNION ALL SELECT 'I-25', CAST(SUM(amount) AS bigint) FROM e GROUP BY CASE WHEN EXISTS (SELECT 1 FROM g JOIN records_moneyline m
    ON m.document_id=g.document_id AND m.revision=g.revision AND m.target_amount IS NOT NULL) THEN '' ELSE currency END
  HAVING SUM(amount)<>0
UNION ALL SELECT 'I-21', y.party_id FROM y LEFT JOIN ledger_partybalance b ON b.party_id=y.party_id AND b.account=y.account
  WHERE COALESCE(b.balance,0)<>(
    SELECT COALESCE(SUM(o.open),0) FROM ledger_openitem o WHERE o.party_id=y.party_id AND o.account=y.account AND o.open<>0)
UNION ALL SELECT 'I-18', s.id FROM g JOIN records_goodsline l ON l.document_id=g.document_id AND l.revision=g.revision
  JOIN records_goodsline s ON s.id=l.source_line_id JOIN records_lineprogress r ON r.line_id=s.id
  WHERE r.quantity<0 OR (r.quantity>s.base_quantity AND r.quantity-s.base_quantity>s.base_quantity/2)
"""
LAST_SQL = """
UNION ALL SELECT 'I-02', b.id FROM w JOIN ledger_stockbalance b ON b.place_id=w.source_id AND b.item_id=w.item_id
    AND COALESCE(b.lot_id,0)=w.lot_id AND b.quantity<0
  JOIN places_place p ON p.id=b.place_id AND p.kind IN ({kinds}) LEFT JOIN places_place h ON h.id=p.warehouse_id
  JOIN catalog_item i ON i.id=b.item_id WHERE {forbidden} AND 0>(
    SELECT SUM(CASE WHEN x.target_id=b.place_id THEN x.quantity ELSE -x.quantity END) FROM w x
    WHERE x.item_id=b.item_id AND x.lot_id=COALESCE(b.lot_id,0) AND (x.target_id=b.place_id OR x.source_id=b.place_id))
"""
LATE_SQL = """
UNION ALL SELECT * FROM (WITH k AS (SELECT item_id, place_id, lot_id, MIN(day) AS day FROM (
    SELECT item_id, target_id AS place_id, lot_id, day, quantity AS q FROM w WHERE quantity<>0
    UNION ALL SELECT item_id, source_id, lot_id, day, -quantity FROM w WHERE quantity<>0
  ) x GROUP BY item_id, place_id, lot_id HAVING MIN(q)<0),
h AS (SELECT b.id, b.quantity AS held, k.item_id, k.place_id, k.lot_id, k.day
  FROM k JOIN places_place p ON p.id=k.place_id AND p.kind IN ({kinds}) LEFT JOIN places_place h ON h.id=p.warehouse_id
  JOIN catalog_item i ON i.id=k.item_id
  JOIN ledger_stockbalance b ON b.item_id=k.item_id AND b.place_id=k.place_id AND COALESCE(b.lot_id,0)=k.lot_id
  WHERE {forbidden})
SELECT 'I-02', id FROM (
  SELECT id, held-COALESCE(SUM(q) OVER (PARTITION BY id ORDER BY day DESC, sequence DESC
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),0) AS running, SUM(own) OVER (PARTITION BY id ORDER BY day, sequence) AS own
  FROM (SELECT h.id, h.held, m.day, m.sequence,
      CAST(SUM(CASE WHEN m.target_id=h.place_id THEN m.quantity ELSE -m.quantity END) AS bigint) AS q,
      CAST(SUM(CASE WHEN m.posting_id<>%s THEN 0 WHEN m.target_id=h.place_id THEN m.quantity ELSE -m.quantity END) AS bigint) AS own
    FROM h JOIN ledger_stockmove m ON m.item_id=h.item_id AND m.day>=h.day AND (m.target_id=h.place_id OR m.source_id=h.place_id)
      AND COALESCE(m.lot_id,0)=h.lot_id
    GROUP BY h.id, h.held, m.day, m.sequence) c
) r WHERE running<0 AND own<0) late
"""
LAYER_SQL = """
UNION ALL SELECT 'I-05', p.id FROM t JOIN ledger_costpool p ON p.id=t.id
  LEFT JOIN ledger_costlayer l ON l.pool_id=p.id AND l.quantity_left>0
  WHERE p.method='fifo' AND p.quantity>=0 GROUP BY p.id, p.quantity, p.value
  HAVING COALESCE(SUM(l.quantity_left),0)<>p.quantity OR COALESCE(SUM(l.value_left),0)<>p.value
"""
UNDO_SQL = """
UNION ALL SELECT 'I-16', u.id FROM (SELECT DISTINCT corrects_id AS id FROM w WHERE entry_kind='reversal') u
  JOIN ledger_stockmove o ON o.id=u.id LEFT JOIN ledger_stockmove m ON {hint}(m.corrects_id=u.id)
  GROUP BY u.id, o.quantity, o.value
  HAVING o.quantity+SUM(m.quantity)<>0 OR o.value+SUM(CASE WHEN m.entry_kind='variance' THEN 0 ELSE m.value END)<>0
"""


def check_posting(appended: Appended) -> list[Fault]:
    """当场自检 The faults among what a posting touched; empty when it may stand. One statement."""
    sequence = appended.sequence
    sql = ROWS_SQL + (LATE_SQL if appended.late else LAST_SQL)
    parameters: list[Any] = [sequence, sequence, sequence, book().negative_stock, *([sequence] if appended.late else [])]
    sql += (LAYER_SQL if appended.layered else "") + (UNDO_SQL if appended.undoing else "")
    rows: dict[str, list[dict[str, Any]]] = {}
    # Statistics from before anything was corrected would have SQLite read every move for each.
    hint = "" if bulk.is_postgresql() else "unlikely"
    words = {"kinds": STOCK_KINDS_SQL, "forbidden": FORBIDDEN, "types": moving_types(), "opening": OPENING, "hint": hint}
    for name, key in bulk.fetch(sql.format(**words), parameters):
        rows.setdefault(name, []).append({"key": key})
    return [Fault(name, TEXTS[name], where) for name, where in sorted(rows.items())]
