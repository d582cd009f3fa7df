"""当场自检 The cheap check inside the posting transaction: what one posting touched, in two statements.

It stops what would go on wrong: the caller rolls back and raises the alarm. Its cost follows the size of the posting
(and what stands after it, when it is back-dated), never the size of the books. I-21 is asked as its equivalent here:
what a party has open on an account is its balance there.
"""

from __future__ import annotations

from typing import Any

from hengcang.base import bulk
from hengcang.base.book import book
from hengcang.ledger.check_documents import moving_types
from hengcang.ledger.check_money import OPENING
from hengcang.ledger.check_words import Fault, stock_kinds

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
STOCK_SQL = """
WITH w AS (SELECT id, item_id, COALESCE(lot_id,0) AS lot_id, source_id, target_id, source_pool_id, target_pool_id,
    quantity, value, day, sequence, corrects_id, entry_kind FROM ledger_stockmove WHERE posting_id=%s),
k AS (SELECT item_id, place_id, lot_id, MIN(day) AS day FROM (
    SELECT item_id, target_id AS place_id, lot_id, day FROM w WHERE quantity<>0
    UNION ALL SELECT item_id, source_id, lot_id, day FROM w WHERE quantity<>0
  ) x GROUP BY item_id, place_id, lot_id),
c AS (SELECT b.id, b.quantity AS held, m.day, m.sequence,
    CAST(SUM(CASE WHEN m.target_id=k.place_id THEN m.quantity ELSE -m.quantity END) AS bigint) AS q,
    CAST(SUM(CASE WHEN m.posting_id<>%s THEN 0 WHEN m.target_id=k.place_id THEN m.quantity ELSE -m.quantity END) AS bigint) AS own
  FROM k JOIN places_place p ON p.id=k.place_id AND p.kind IN ({kinds}) JOIN catalog_item i ON i.id=k.item_id
  JOIN ledger_stockbalance b ON b.item_id=k.item_id AND b.place_id=k.place_id AND COALESCE(b.lot_id,0)=k.lot_id
  JOIN ledger_stockmove m ON m.item_id=k.item_id AND m.day>=k.day AND (m.target_id=k.place_id OR m.source_id=k.place_id)
    AND COALESCE(m.lot_id,0)=k.lot_id
  WHERE COALESCE(NULLIF(i.negative_stock,''), NULLIF(p.negative_stock,''), %s)='forbid'
  GROUP BY b.id, b.quantity, m.day, m.sequence),
r AS (SELECT id, held-COALESCE(SUM(q) OVER (PARTITION BY id ORDER BY day DESC, sequence DESC
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),0) AS running,
    SUM(own) OVER (PARTITION BY id ORDER BY day, sequence) AS own FROM c),
t AS (SELECT source_pool_id AS id FROM w WHERE source_pool_id IS NOT NULL
    UNION SELECT target_pool_id FROM w WHERE target_pool_id IS NOT NULL)
SELECT 'I-02', id FROM r WHERE running<0 AND own<0
UNION ALL SELECT 'I-07', p.id FROM t JOIN ledger_costpool p ON p.id=t.id WHERE p.quantity=0 AND p.value<>0
UNION ALL SELECT 'I-05', p.id FROM t JOIN ledger_costpool p ON p.id=t.id
  LEFT JOIN ledger_costlayer l ON l.pool_id=p.id AND l.quantity_left>0
  WHERE p.method='fifo' AND p.quantity>=0 GROUP BY p.id, p.quantity, p.value
  HAVING COALESCE(SUM(l.quantity_left),0)<>p.quantity OR COALESCE(SUM(l.value_left),0)<>p.value
UNION ALL SELECT 'I-10', w.id FROM w JOIN places_place s ON s.id=w.source_id JOIN places_place g ON g.id=w.target_id
  WHERE (s.kind IN ({kinds}))<>(w.source_pool_id IS NOT NULL) OR (g.kind IN ({kinds}))<>(w.target_pool_id IS NOT NULL)
  OR (w.source_pool_id=w.target_pool_id AND w.value<>0)
UNION ALL SELECT 'I-14', d.id FROM ledger_posting p JOIN records_document d ON d.id=p.document_id AND d.type IN ({types})
  WHERE p.id=%s AND p.kind='post' AND (SELECT COUNT(*) FROM w WHERE w.corrects_id IS NULL) NOT IN (0,
    (SELECT COUNT(*) FROM records_goodsline l WHERE l.document_id=d.id AND l.revision=p.revision))
UNION ALL SELECT 'I-16', w.corrects_id FROM w JOIN ledger_stockmove m ON m.id=w.corrects_id OR m.corrects_id=w.corrects_id
  WHERE w.entry_kind='reversal' GROUP BY w.corrects_id
  HAVING SUM(m.quantity)<>0 OR SUM(CASE WHEN m.entry_kind='variance' THEN 0 ELSE m.value END)<>0
"""
MONEY_SQL = """
WITH e AS (SELECT currency, party_id, account, amount FROM ledger_moneyentry WHERE posting_id=%s),
y AS (SELECT DISTINCT party_id, account FROM e WHERE party_id IS NOT NULL AND account IN ({opening}))
SELECT 'I-25', CAST(SUM(amount) AS bigint) FROM e GROUP BY currency HAVING SUM(amount)<>0
UNION ALL SELECT 'I-21', y.party_id FROM y LEFT JOIN ledger_partybalance b ON b.party_id=y.party_id AND b.account=y.account
  WHERE COALESCE(b.balance,0)<>(
    SELECT COALESCE(SUM(o.open),0) FROM ledger_openitem o WHERE o.party_id=y.party_id AND o.account=y.account AND o.open<>0)
UNION ALL SELECT 'I-18', s.id FROM ledger_posting p JOIN records_goodsline g ON g.document_id=p.document_id AND g.revision=p.revision
  JOIN records_goodsline s ON s.id=g.source_line_id JOIN records_lineprogress r ON r.line_id=s.id
  WHERE p.id=%s AND (r.quantity<0 OR (r.quantity>s.base_quantity AND r.quantity-s.base_quantity>s.base_quantity/2))
"""


def check_posting(sequence: int) -> list[Fault]:
    """当场自检 The faults among what posting `sequence` touched; empty when it may stand. Two statements."""
    kinds = stock_kinds()
    stock = STOCK_SQL.format(kinds=kinds, types=moving_types())
    found: list[tuple[Any, ...]] = bulk.fetch(stock, [sequence, sequence, book().negative_stock, sequence])
    found += bulk.fetch(MONEY_SQL.format(opening=OPENING), [sequence, sequence])
    rows: dict[str, list[dict[str, Any]]] = {}
    for name, key in found:
        rows.setdefault(name, []).append({"key": key})
    return [Fault(name, TEXTS[name], where) for name, where in sorted(rows.items())]
