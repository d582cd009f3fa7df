"""生产报表读取 What production orders planned, took, made and cost: by their cost groups, one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from hengcang.base import bulk
from hengcang.ledger.gathering import PRODUCTION
from hengcang.ledger.reports import Limit, within

GATHERED = f"(CASE WHEN m.target_account='{PRODUCTION}' THEN m.value ELSE -m.value END)"
ORDERS_SQL = f"""
SELECT d.id, d.number, d.document_date, d.ext, d.state, l.item_id, l.base_quantity, COALESCE(p.quantity,0),
  COALESCE(m.issued,0), COALESCE(m.received,0), COALESCE(m.fees,0),
  COALESCE((SELECT -SUM(e.amount) FROM ledger_moneyentry e WHERE e.line_id=l.id AND e.account='{PRODUCTION}'),0)
FROM records_document d
JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision AND l.role='product'
LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose='finished'
LEFT JOIN (
  SELECT m.cost_group,
    SUM(CASE WHEN m.rule='sum_of' OR n.rule='sum_of' THEN 0 ELSE {GATHERED} END) AS issued,
    SUM(CASE WHEN m.rule='sum_of' OR n.rule='sum_of' THEN -{GATHERED} ELSE 0 END) AS received,
    SUM(CASE WHEN r.id IS NULL THEN m.given ELSE 0 END) AS fees
  FROM ledger_stockmove m LEFT JOIN ledger_stockmove n ON n.id=m.named_id
  LEFT JOIN ledger_stockmove r ON r.corrects_id=COALESCE(m.corrects_id, m.id) AND r.entry_kind='reversal'
  WHERE m.cost_group<0 GROUP BY m.cost_group
) m ON m.cost_group=-d.id
WHERE d.type=%s AND d.state IN ('posted','closed') AND d.reverses_id IS NULL AND d.document_date BETWEEN %s AND %s{{limits}}
ORDER BY d.document_date, d.id
"""


class OrderRow(NamedTuple):
    """生产订单执行 One order; quantities and amounts in micro. `variance` is what its closing settled."""

    id: int
    number: str
    day: date
    finish_date: str
    state: str
    item: int
    planned: int
    finished: int
    issued: int
    received: int
    fees: int
    variance: int

    @property
    def open(self) -> int:
        """在产金额 What the order still holds on 生产成本."""
        return self.issued + self.fees - self.received - self.variance


def orders(kind: str, span: tuple[date, date], limits: Sequence[Limit]) -> list[OrderRow]:
    """生产订单执行 The live orders of a type dated in a span, as far as the limits let see them."""
    sql, more = within(limits, "d")
    found = bulk.fetch(ORDERS_SQL.format(limits=sql), [kind, span[0].isoformat(), span[1].isoformat(), *more])
    rows = []
    for own, number, day, ext, *rest in found:
        rows.append(OrderRow(own, number, bulk.read_day(day), bulk.read_json(ext).get("finish_date") or "", *rest))
    return rows
