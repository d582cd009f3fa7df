"""内部结算读取 What transfers at a changed price settle between two sides, line by line, and what the goods cost; three statements.

Where a move leaves its cost pool the books hold its value, and every row that corrects it, each on its own day. A move inside
one pool carries none: its cost is apportioned (参考) at the average of the pool just before it, as the stock card shows it:
what the pool held the evening before the span, and every row that crossed its border from then on, in the order of the card.
Where the pool then holds nothing, or a value of the other sign, the item's reference cost of that day takes its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.core.amounts import share, times
from hengcang.ledger.reports import POOL_LATER_SQL, Limit, Span, month_of, within
from hengcang.places.houses import houses_of

LINES = """ledger_stockmove m
JOIN records_goodsline l ON l.id=m.line_id JOIN records_document d ON d.id=l.document_id AND d.revision=l.revision
WHERE m.document_date BETWEEN %s AND %s AND d.state IN ('posted','closed') AND d.reverses_id IS NULL AND l.unit_price_net IS NOT NULL
  AND ((m.kind='transfer' AND d.type IN ({arriving})) OR (m.kind='scrap' AND d.type IN ({missing}))){limits}"""
SETTLED_SQL = """
SELECT l.id, MAX(CASE WHEN m.kind='scrap' THEN 1 ELSE 0 END), MIN(d.id), MIN(d.type), MIN(d.number), MIN(m.document_date), MIN(l.item_id),
  MIN(l.source_place_id), MIN(COALESCE(l.target_place_id,s.target_place_id)), MIN(d.department_id), MIN({department}),
  MIN(l.unit_price_net), MIN(l.factor), CAST(SUM(m.quantity) AS bigint), MIN(l.amount_net), CAST(SUM(m.value) AS bigint)
FROM {lines} GROUP BY l.id ORDER BY 6, 3, 1
"""
APPORTIONED_SQL = """
WITH asked AS (
  SELECT m.id, m.line_id, m.source_pool_id AS pool, m.document_date, m.sequence, m.quantity, m.reference
  FROM {lines} AND m.quantity<>0 AND m.source_pool_id=m.target_pool_id
), flows AS (
  SELECT target_pool_id AS pool, document_date, sequence, id, quantity AS q, value AS v FROM ledger_stockmove
  WHERE target_pool_id IN (SELECT pool FROM asked) AND (source_pool_id IS NULL OR source_pool_id<>target_pool_id)
    AND document_date BETWEEN %s AND %s
  UNION ALL
  SELECT source_pool_id, document_date, sequence, id, -quantity, -value FROM ledger_stockmove
  WHERE source_pool_id IN (SELECT pool FROM asked) AND (target_pool_id IS NULL OR source_pool_id<>target_pool_id)
    AND document_date BETWEEN %s AND %s
  UNION ALL
  SELECT pool, document_date, sequence, id, 0, 0 FROM asked
), running AS (
  SELECT pool, id, SUM(q) OVER so_far AS q, SUM(v) OVER so_far AS v FROM flows
  WINDOW so_far AS (PARTITION BY pool ORDER BY document_date, sequence, id ROWS UNBOUNDED PRECEDING)
)
SELECT a.line_id, a.pool, a.quantity, a.reference, CAST(r.q AS bigint), CAST(r.v AS bigint)
FROM asked a JOIN running r ON r.id=a.id AND r.pool=a.pool ORDER BY a.id
"""
POOLS_SQL = f"""
WITH later AS ({POOL_LATER_SQL})
SELECT p.id, CAST(p.quantity-COALESCE(l.q,0) AS bigint), CAST(p.value-COALESCE(l.v,0) AS bigint)
FROM ledger_costpool p LEFT JOIN later l ON l.pool_id=p.id WHERE p.id """


@dataclass(frozen=True, slots=True)
class Asked:
    """条件 Which types bring goods to the other side, which say what is missing, in a span, as far as the limits let see."""

    arriving: Sequence[str]
    missing: Sequence[str]
    span: Span
    limits: Sequence[Limit]

    @property
    def days(self) -> list[str]:
        """The days of the span."""
        return [self.span.first.isoformat(), self.span.last.isoformat()]

    def lines(self) -> tuple[str, list[Any]]:
        """The moves asked for, and the parameters."""
        limits, keys = within(self.limits, "d")
        arriving, missing = list(self.arriving) or [""], list(self.missing) or [""]
        sql = LINES.format(arriving=bulk.placeholders(arriving), missing=bulk.placeholders(missing), limits=limits)
        return sql, [*self.days, *arriving, *missing, *keys]


class Settled(NamedTuple):
    """结算行 What a line of a transfer settles in a span, in micro: `quantity` in the base unit, `amount` at the price, `cost` of the
    goods. A row that only corrects an earlier span has a cost alone. `apportioned`: the cost is a part of a pool's average."""

    missing: bool
    document: int
    type: str
    number: str
    day: date
    item: int
    source: int
    target: int
    department: int
    target_department: int
    price: int
    factor: int
    quantity: int
    amount: int
    cost: int
    apportioned: bool


def settled(asked: Asked) -> list[Settled]:
    """内部结算 The lines, the oldest first; goods in bins are their warehouse's."""
    lines, parameters = asked.lines()
    kept = "CAST(d.ext->>'target_department' AS bigint)" if bulk.is_postgresql() else "json_extract(d.ext,'$.target_department')"
    joined = lines.replace("\nWHERE", " LEFT JOIN records_goodsline s ON s.id=l.source_line_id\nWHERE", 1)
    rows = bulk.fetch(SETTLED_SQL.format(lines=joined, department=kept), parameters)
    parts = apportioned(asked)
    found = []
    for line, missing, document, kind, number, day, item, source, target, own, other, price, factor, quantity, amount, value in rows:
        on = bulk.read_date(day)
        assert on is not None
        found.append(
            Settled(
                bool(missing), document, kind, number, on, item, source or 0, target or 0, own or 0, other or 0, price, factor,
                quantity, amount if quantity else 0, value + parts.get(line, 0), line in parts,
            )
        )  # fmt: skip
    houses = houses_of({place for one in found for place in (one.source, one.target)})
    return [one._replace(source=houses.get(one.source, one.source), target=houses.get(one.target, one.target)) for one in found]


def apportioned(asked: Asked) -> dict[int, int]:
    """池均价分摊 By line, the cost of its moves that stay inside one pool."""
    lines, parameters = asked.lines()
    rows = bulk.fetch(APPORTIONED_SQL.format(lines=lines), [*parameters, *asked.days, *asked.days])
    opening = pools_before({row[1] for row in rows}, asked.span.first)
    found: dict[int, int] = defaultdict(int)
    for line, pool, quantity, reference, came, worth in rows:
        held, value = opening[pool][0] + came, opening[pool][1] + worth
        found[line] += cost_at(quantity, held, value, reference or 0)
    return found


def cost_at(quantity: int, held: int, value: int, reference: int) -> int:
    """分摊成本 What a quantity costs at the average of a pool that holds `held` worth `value`, to the cent; else at the reference cost."""
    return share(value, quantity, held) if held and value * held >= 0 else times(quantity, reference)


def pools_before(pools: Collection[int], day: date) -> dict[int, tuple[int, int]]:
    """期初成本池 Quantity and value of some pools the evening before a day, by id."""
    if not pools:
        return {}
    before = day - timedelta(days=1)
    month, iso = month_of(before), before.isoformat()
    chosen, ids = bulk.among(sorted(pools))
    rows = bulk.fetch(POOLS_SQL + chosen, [month, month, iso, month, iso, ids])
    return {pool: (quantity, value) for pool, quantity, value in rows}
