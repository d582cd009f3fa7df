"""物流数据 What reports read of deliveries: documents whose goods are on their way, and freight with the bill it became."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from hengcang.base import bulk
from hengcang.ledger.reports import Limit, first_rows, some_or_all, within

LAST_EVENT = "(SELECT MAX(n.id) FROM records_deliveryevent n WHERE n.document_id=d.id)"
UNDER_WAY_SQL = """
SELECT d.id, d.type, d.number, d.document_date, y.name, c.name, d.ext, d.delivery_state, e.happened_at, d.posted_at, e.note, u.display_name
FROM records_document d LEFT JOIN parties_party y ON y.id=d.party_id LEFT JOIN parties_party c ON c.id=d.carrier_id
LEFT JOIN records_deliveryevent e ON e.id={last} LEFT JOIN access_user u ON u.id=e.created_by_id
WHERE d.type IN ({types}) AND d.state IN ('posted','closed') AND d.reverses_id IS NULL AND {states}{more}
ORDER BY d.document_date, d.id{limit}
"""
PAYER = "COALESCE(d.ext->>'freight_payer','')"
BILL = """(SELECT MAX(b.id) FROM records_moneyline m JOIN records_document b ON b.id=m.document_id AND b.revision=m.revision
  WHERE m.cleared_document_id=d.id AND m.category_id IS NOT NULL AND b.type=%s AND b.state NOT IN ('void','reversed')
  AND b.reverses_id IS NULL)"""
FREIGHT_FROM = """
FROM (SELECT d.*, {bill} AS bill_id FROM records_document d
  WHERE d.type IN ({types}) AND d.state IN ('posted','closed') AND d.reverses_id IS NULL AND d.freight>0 AND {payer} IN ({payers}){more}) d
LEFT JOIN parties_party y ON y.id=d.party_id LEFT JOIN parties_party c ON c.id=d.carrier_id
LEFT JOIN records_document b ON b.id=d.bill_id WHERE {billed}
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """物流条件 Which documents: types, limits, carrier, party, span of dates; `state`: none for all that is not over yet;
    `before`: in that state since before a moment."""

    types: Sequence[str]
    limits: Sequence[Limit] = field(default_factory=tuple)
    carrier: int | None = None
    party: int | None = None
    first: date | None = None
    last: date | None = None
    state: str = ""
    before: datetime | None = None

    def condition(self) -> tuple[str, list[Any]]:
        """What holds of a document `d` beyond its type."""
        sql, parameters = within(self.limits, "d")
        for column, operator, value in (
            ("carrier_id", "=", self.carrier),
            ("party_id", "=", self.party),
            ("document_date", ">=", self.first and self.first.isoformat()),
            ("document_date", "<=", self.last and self.last.isoformat()),
        ):
            if value is not None:
                sql += f" AND d.{column}{operator}%s"
                parameters.append(value)
        return sql, parameters

    def waiting(self) -> tuple[str, list[Any]]:
        """What holds of its state, last told in the event `e`."""
        parameters: list[Any] = [self.state] if self.state else []
        sql = (
            "d.delivery_state=%s"
            if self.state
            else "d.delivery_state IS NOT NULL AND d.delivery_state<>'signed' AND d.progress<>'complete'"
        )
        if self.before is not None:
            sql += " AND COALESCE(e.happened_at, d.posted_at)<%s"
            parameters.append(bulk.instant(self.before))
        return sql, parameters


def delivery_rows(wanted: Wanted, limit: int | None) -> Iterator[tuple[Any, ...]]:
    """发货跟踪 (id, type, number, day, party, carrier, ext, state, since, posted, note, by), the oldest first.

    Without a state: what is not signed for yet, and neither wholly taken back nor wholly arrived by a document of its own.
    """
    states, told = wanted.waiting()
    more, parameters = wanted.condition()
    sql = UNDER_WAY_SQL.format(last=LAST_EVENT, types=bulk.placeholders(wanted.types), states=states, more=more, limit=first_rows(limit))
    return some_or_all(sql, [*wanted.types, *told, *parameters], limit)


@dataclass(frozen=True, slots=True)
class Freight:
    """运费条件 Freight of documents that becomes a bill of a type, borne by these; `billed`: whether it has become one, none for both."""

    wanted: Wanted
    bill: str
    payers: Sequence[str]
    billed: bool | None = None

    def sql(self) -> tuple[str, list[Any]]:
        """The FROM and WHERE of a statement over documents `d` with their parties `y`, carriers `c` and bills `b`."""
        more, parameters = self.wanted.condition()
        billed = {None: "1=1", True: "d.bill_id IS NOT NULL", False: "d.bill_id IS NULL"}[self.billed]
        sql = FREIGHT_FROM.format(
            bill=BILL,
            types=bulk.placeholders(self.wanted.types),
            payer=PAYER,
            payers=bulk.placeholders(self.payers),
            more=more,
            billed=billed,
        )
        return sql, [self.bill, *self.wanted.types, *self.payers, *parameters]


def freight_rows(asked: Freight, limit: int | None) -> Iterator[tuple[Any, ...]]:
    """运费 (id, type, number, day, party, carrier, ext, state, freight, bill, its type, its number) by carrier and day."""
    where, parameters = asked.sql()
    columns = "d.id, d.type, d.number, d.document_date, y.name, c.name, d.ext, d.delivery_state, d.freight, b.id, b.type, b.number"
    sql = f"SELECT {columns} {where} ORDER BY c.code, d.document_date, d.id{first_rows(limit)}"
    return some_or_all(sql, parameters, limit)


def freight_total(asked: Freight) -> int:
    """运费合计 Of all of them."""
    where, parameters = asked.sql()
    return int(bulk.fetch(f"SELECT CAST(COALESCE(SUM(d.freight),0) AS bigint) {where}", parameters)[0][0])
