"""对单读取 What became of ordered lines, and of received or delivered ones that no order asked for: one statement.

Quantities in base units; amounts net of tax, before a discount on the whole, in the documents' currency. Red documents
count below zero, so that what was reversed counts for nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from hengcang.base import bulk
from hengcang.ledger.check_words import quoted
from hengcang.ledger.reports import Limit, within

ROOT = """
SELECT l.id AS root, d.id AS document FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision
WHERE d.type IN ({types}) AND d.state IN ('posted','closed') AND d.reverses_id IS NULL AND d.document_date BETWEEN %s AND %s{more}{limits}
"""
CHAIN = """
WITH ordered AS ({orders}), plain AS ({goods} AND l.source_line_id IS NULL),
moved AS (
  SELECT o.root, g.id AS line, g.document_id, g.base_quantity, g.amount_net FROM ordered o
  JOIN records_linelink k ON k.source_id=o.root AND k.purpose IN ({purposes}) JOIN records_goodsline g ON g.id=k.target_id
  UNION ALL SELECT p.root, g.id, g.document_id, g.base_quantity, g.amount_net FROM plain p JOIN records_goodsline g ON g.id=p.root
),
back AS (
  SELECT m.root, g.id AS line, g.document_id, g.base_quantity, g.amount_net FROM moved m
  JOIN records_linelink k ON k.source_id=m.line AND k.purpose='returned' JOIN records_goodsline g ON g.id=k.target_id
),
billed AS (
  SELECT m.root, g.document_id, g.base_quantity, g.amount_net, m.base_quantity AS of_quantity, m.amount_net AS of_net FROM moved m
  JOIN records_linelink k ON k.source_id=m.line AND k.purpose='invoiced' JOIN records_goodsline g ON g.id=k.target_id
),
credited AS (
  SELECT b.root, g.document_id, g.base_quantity, g.amount_net FROM back b
  JOIN records_linelink k ON k.source_id=b.line AND k.purpose='invoiced' JOIN records_goodsline g ON g.id=k.target_id
)
SELECT root, 'moved', base_quantity, amount_net, 0, 0 FROM moved
UNION ALL SELECT root, 'returned', base_quantity, amount_net, 0, 0 FROM back
UNION ALL SELECT root, 'billed', base_quantity, amount_net, of_quantity, of_net FROM billed
UNION ALL SELECT root, 'credited', base_quantity, amount_net, 0, 0 FROM credited
UNION ALL SELECT x.root, 'open', CAST(SUM(ABS(i.open)) AS bigint), 0, 0, 0 FROM (
  SELECT root, document_id FROM moved UNION SELECT root, document_id FROM back UNION SELECT root, document_id FROM billed
  UNION SELECT root, document_id FROM credited
) x JOIN ledger_openitem i ON i.document_id=x.document_id WHERE i.open<>0 GROUP BY x.root
"""
HEADS = """
SELECT l.id, d.id, d.type, d.number, d.document_date, d.state, d.party_id, l.item_id, l.base_quantity, l.amount_net
FROM records_goodsline l JOIN records_document d ON d.id=l.document_id WHERE l.id IN (
  SELECT root FROM ({orders}) o UNION ALL SELECT root FROM ({goods} AND l.source_line_id IS NULL) p
) ORDER BY d.document_date, d.id, l.position, l.id
"""


class Head(NamedTuple):
    """对单行 The line that a chain begins with."""

    line: int
    document: int
    type: str
    number: str
    day: date
    state: str
    party: int
    item: int
    quantity: int
    net: int


class Part(NamedTuple):
    """一环 One line of a chain; a bill's also says what it bills."""

    quantity: int
    net: int
    of_quantity: int
    of_net: int


class Chain(NamedTuple):
    """单据链 A line with what followed it, by kind: moved, returned, billed, credited; `open`: whether debts of these are open."""

    head: Head
    parts: dict[str, list[Part]]

    def quantity(self, kind: str) -> int:
        """How much of a kind."""
        return sum(one.quantity for one in self.parts.get(kind, ()))

    def net(self, kind: str) -> int:
        """For how much."""
        return sum(one.net for one in self.parts.get(kind, ()))

    @property
    def open(self) -> bool:
        """未结清 Whether any debt of its documents is open."""
        return "open" in self.parts


class Side(NamedTuple):
    """买卖 The types of one side: orders, what fulfils them, and by which purposes."""

    orders: Sequence[str]
    goods: Sequence[str]
    purposes: Sequence[str]


class Asked(NamedTuple):
    """对单条件 Dated in a span, of a party and an item where one is asked for, as far as the limits let see."""

    first: date
    last: date
    party: int | None
    item: int | None
    limits: Sequence[Limit]


def chains(side: Side, asked: Asked) -> list[Chain]:
    """对单 The lines that chains begin with, each with its chain; two statements."""
    sql, parameters = {}, []
    limits, keys = within(asked.limits, "d")
    wanted = {"d.party_id": asked.party, "l.item_id": asked.item}
    more = "".join(f" AND {column}=%s" for column, value in wanted.items() if value is not None)
    for name, types in (("orders", side.orders), ("goods", side.goods)):
        sql[name] = ROOT.format(types=quoted(types), more=more, limits=limits)
        parameters += [asked.first.isoformat(), asked.last.isoformat(), *(one for one in wanted.values() if one is not None), *keys]
    parts: dict[int, dict[str, list[Part]]] = defaultdict(lambda: defaultdict(list))
    for root, kind, *numbers in bulk.fetch(CHAIN.format(**sql, purposes=quoted(side.purposes)), parameters):
        parts[root][kind].append(Part(*numbers))
    found = []
    for line, document, kind, number, day, *rest in bulk.fetch(HEADS.format(**sql), parameters):
        found.append(Chain(Head(line, document, kind, number, bulk.read_day(day), *rest), parts.get(line, {})))
    return found
