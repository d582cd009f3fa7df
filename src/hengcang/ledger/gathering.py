"""成本归集 Cost groups: what a group of moves leaves on 生产成本, and how it is settled.

A group is one posting (an assembly; its id is the posting's) or all that names one document (a production order; its id
is below zero). What issues put in and fees add, products take out. A posting's group is settled at once: what it leaves
(only a reversal can, where the pool gave another cost back) goes to 成本差异. A document's is settled when it is closed, and
from then on after every correction that reaches it: what it leaves goes to 生产差异. The settling entries stand on the
group's first line, so the account of a settled group is always zero, and reopening finds what to take back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hengcang.base import bulk
from hengcang.core.posting import Account
from hengcang.ledger import account_flows, appending
from hengcang.ledger.check_words import by_sql
from hengcang.ledger.money import insert_settlements
from hengcang.ledger.request import Appended, NeedsExclusive, Request
from hengcang.ledger.work import Work

PRODUCTION = str(Account.PRODUCTION_COST)
LEFT = f"""
SELECT x.cost_group, x.line, CAST(x.gathered AS bigint) AS gathered, CAST(COALESCE(SUM(e.amount),0) AS bigint) AS settled,
  MAX(e.document_date) AS day
FROM (
  SELECT m.cost_group, CASE WHEN m.cost_group>0 THEN MIN(m.line_id) ELSE (
      SELECT MIN(l.id) FROM records_goodsline l JOIN records_document d ON d.id=l.document_id AND d.revision=l.revision
      WHERE d.id=-m.cost_group) END AS line,
    SUM(CASE WHEN r.id IS NOT NULL THEN 0 ELSE m.given + CASE WHEN m.target_account='{PRODUCTION}' THEN m.value ELSE 0 END
      - CASE WHEN m.source_account='{PRODUCTION}' THEN m.value ELSE 0 END END) AS gathered
  FROM ledger_stockmove m
  LEFT JOIN ledger_stockmove r ON r.corrects_id=COALESCE(m.corrects_id, m.id) AND r.entry_kind='reversal'
  WHERE {{which}} GROUP BY m.cost_group
) x LEFT JOIN ledger_moneyentry e ON e.line_id=x.line AND e.account='{PRODUCTION}' GROUP BY x.cost_group, x.line, x.gathered
"""
TOUCHED = "m.cost_group IN (SELECT t.cost_group FROM ledger_stockmove t WHERE t.posting_id=%s AND t.cost_group IS NOT NULL)"
SETTLING = """
SELECT g.*, (SELECT MAX(t.document_date) FROM ledger_stockmove t WHERE t.posting_id=%s AND t.cost_group=g.cost_group)
FROM ({left}) g WHERE g.cost_group>0 OR EXISTS (SELECT 1 FROM records_document d WHERE d.id=-g.cost_group AND d.state='closed')
"""


class Left(NamedTuple):
    """结余 What a group gathered and was settled for, on which line, and when last."""

    group: int
    line: int
    gathered: int
    settled: int
    day: object


def touches_groups(work: Work) -> bool:
    """Whether the command may have changed what a group leaves."""
    return any(move.group is not None for moves in (work.new, work.removed, work.window.moves) for move in moves)


def settle_touched(work: Work) -> None:
    """结清 Settle what this posting changed in groups that leave nothing: those of one posting, those of closed documents."""
    rows = bulk.fetch(SETTLING.format(left=LEFT.format(which=TOUCHED)), [work.sequence, work.sequence])
    changes = []
    for *row, day in rows:
        left = Left(*row)
        later = max((one for one in (left.day, day) if one is not None), key=str)
        changes.append((left, left.gathered + left.settled, later))
    insert(work, changes)


def close(request: Request, group: int) -> Appended | None:
    """结转 What the group of a document leaves when it is closed goes to 生产差异; nothing where it leaves nothing.

    Raises NeedsExclusive: corrections in other pools may be on their way.
    """
    return act(request, group, 1)


def reopen(request: Request, group: int) -> Appended | None:
    """反结转 Take back what closing settled. Raises NeedsExclusive."""
    return act(request, group, 0)


def act(request: Request, group: int, keep: int) -> Appended | None:
    """Settle a document's group for all that it gathered (`keep` 1) or for nothing (0)."""
    if not request.exclusive and bulk.is_postgresql():
        raise NeedsExclusive
    found = [Left(*row) for row in bulk.fetch(LEFT.format(which="m.cost_group=%s"), [-group])]
    changes = [(one, keep * one.gathered + one.settled, request.header.document_date) for one in found]
    if not any(amount for _, amount, _ in changes):
        return None
    work = Work(request)
    appending.draw_ids(work, 0, 0)
    appending.append_posting(work.header, work.sequence)
    insert(work, changes)
    account_flows.add(work.sequence)
    return Appended(work.sequence, late=False, layered=False)


def insert(work: Work, changes: Sequence[tuple[Left, int, object]]) -> None:
    """借 生产差异 (成本差异) 贷 生产成本 for the amounts."""
    rows = []
    for left, amount, day in changes:
        variance = Account.PRODUCTION_VARIANCE if left.group < 0 else Account.COST_VARIANCE
        if amount:
            rows.append((left.line, str(day), str(variance), PRODUCTION, amount))
    insert_settlements(work.header, work.sequence, rows)


UNSETTLED = f"""
SELECT g.cost_group, g.gathered, g.settled FROM ({LEFT.format(which="m.cost_group IS NOT NULL")}) g
WHERE g.gathered+g.settled<>0 AND (g.cost_group>0
  OR EXISTS (SELECT 1 FROM records_document d WHERE d.id=-g.cost_group AND d.state='closed'))
"""
FEES = f"""
SELECT x.document_id AS document, CAST(SUM(x.amount) AS bigint) AS amount FROM (
  SELECT p.document_id, e.amount FROM ledger_moneyentry e JOIN ledger_posting p ON p.id=e.posting_id
  WHERE e.account='{PRODUCTION}' AND e.line_id IS NULL AND e.money_line_id IS NULL
    AND EXISTS (SELECT 1 FROM ledger_stockmove s JOIN ledger_posting q ON q.id=s.posting_id
      WHERE q.document_id=p.document_id AND s.cost_group IS NOT NULL)
  UNION ALL
  SELECT p.document_id, -m.given FROM ledger_stockmove m JOIN ledger_posting p ON p.id=m.posting_id
  WHERE m.cost_group IS NOT NULL AND m.corrects_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM ledger_stockmove r WHERE r.corrects_id=m.id AND r.entry_kind='reversal')
) x GROUP BY x.document_id HAVING SUM(x.amount)<>0
"""
CHECKS = (
    by_sql("I-12", "组装、拆卸或已关闭的生产订单在生产成本上有余额", UNSETTLED),
    by_sql("I-12", "加工费与进入成本的费用不符", FEES),
)
