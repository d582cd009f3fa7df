"""科目数据 What reports read of accounts: the legs of vouchers in a span, and turnovers from the kept months.

A leg is described by what a user's chart may tell apart (`core.accounts.Leg`): the caller finds the account. Turnovers
cost the kept months, never the rows; of a month that is cut the rows before the day are read by date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.core.accounts import Leg
from hengcang.ledger.account_flows import DEBITED, ENTRIES, IS_VOUCHER
from hengcang.ledger.reports import Span, month_of

ORDERS = {"posting": "day, posting", "document": "day, document, posting", "day": "day, posting"}


class Posted(NamedTuple):
    """凭证行 One leg of a voucher as booked, debit and credit in micro."""

    day: Any
    posting: int
    document: int
    type: str
    number: str | None
    leg: Leg
    party: str | None
    debit: int
    credit: int
    remark: str


@dataclass(frozen=True, slots=True)
class Legs:
    """凭证范围 The legs in a span, on some booked accounts or on all."""

    span: Span
    accounts: Sequence[str] | None = None

    def condition(self, row: str, account: str) -> tuple[str, list[Any]]:
        """The condition on one part."""
        sql, values = f" AND {row}.document_date>=%s AND {row}.document_date<=%s", [self.span.first.isoformat(), self.span.last.isoformat()]
        if self.accounts is None:
            return sql, values
        named = list(self.accounts) or ["-"]
        return f"{sql} AND {row}.{account} IN ({bulk.placeholders(named)})", [*values, *named]

    def parts(self) -> tuple[str, list[Any]]:
        """The three parts with everything that is shown of a leg."""
        sql, parameters = [], []
        for side, amounts in (("target", "m.value, 0"), ("source", "0, m.value")):
            more, values = self.condition("m", f"{side}_account")
            parameters += values
            sql.append(
                f"SELECT m.document_date AS day, m.posting_id AS posting, p.document_id AS document, d.type AS type, d.number AS number, "
                f"m.{side}_account AS account, i.account_class AS account_class, COALESCE(c.path,'') AS path, 0 AS cash, 0 AS category, "
                f"0 AS party_category, y.name AS party, {amounts.replace(', ', ' AS debit, ', 1)} AS credit, d.remark AS remark "
                "FROM ledger_stockmove m JOIN ledger_posting p ON p.id=m.posting_id JOIN records_document d ON d.id=p.document_id "
                "JOIN catalog_item i ON i.id=m.item_id LEFT JOIN catalog_itemcategory c ON c.id=i.category_id "
                f"LEFT JOIN parties_party y ON y.id=d.party_id WHERE {IS_VOUCHER}{more}"
            )
        more, values = self.condition("e", "account")
        sql.append(
            "SELECT e.document_date, e.posting_id, p.document_id, d.type, d.number, e.account, COALESCE(i.account_class,''), "
            "COALESCE(c.path,''), COALESCE(e.cash_account_id,0), COALESCE(n.category_id,0), COALESCE(y.category_id,0), y.name, "
            f"CASE WHEN {DEBITED} THEN e.amount ELSE 0 END, CASE WHEN {DEBITED} THEN 0 ELSE -e.amount END, "
            f"COALESCE(NULLIF(n.remark,''), d.remark) FROM {ENTRIES} LEFT JOIN catalog_item i ON i.id=l.item_id "
            "LEFT JOIN catalog_itemcategory c ON c.id=i.category_id LEFT JOIN parties_party y ON y.id=e.party_id "
            f"WHERE e.amount<>0{more}"
        )
        return " UNION ALL ".join(sql), [*parameters, *values]

    def rows(self, by: str, *, streamed: bool) -> Iterator[Posted]:
        """凭证行 The legs in order of day and posting (or document); `streamed` reads them part by part."""
        parts, parameters = self.parts()
        sql = f"SELECT * FROM ({parts}) x ORDER BY {ORDERS[by]}, account"
        found = bulk.stream(sql, parameters) if streamed else bulk.fetch(sql, parameters)
        for (
            day,
            posting,
            document,
            kind,
            number,
            account,
            klass,
            path,
            cash,
            category,
            party_category,
            party,
            debit,
            credit,
            remark,
        ) in found:
            leg = Leg(account, klass, path, cash, category, party_category)
            yield Posted(day, posting, document, kind, number, leg, party, debit, credit, remark)

    def totals(self) -> list[tuple[Leg, int, int]]:
        """发生额 Debits and credits of each kind of leg in the span."""
        parts, parameters = self.parts()
        keys = "account, account_class, path, cash, category, party_category"
        sql = f"SELECT {keys}, CAST(SUM(debit) AS bigint), CAST(SUM(credit) AS bigint) FROM ({parts}) x GROUP BY {keys}"
        return [(Leg(*row[:6]), row[6], row[7]) for row in bulk.fetch(sql, parameters)]


FLOWS_SQL = """
SELECT f.account, COALESCE(i.account_class,''), COALESCE(c.path,''), f.cash_account, f.category, COALESCE(y.category_id,0), {month},
  CAST(SUM(f.debit) AS bigint), CAST(SUM(f.credit) AS bigint)
FROM ledger_accountmonth f LEFT JOIN catalog_item i ON i.id=f.item LEFT JOIN catalog_itemcategory c ON c.id=i.category_id
LEFT JOIN parties_party y ON y.id=f.party WHERE f.month<=%s{more} GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


def flows(since: int, until: int, accounts: Sequence[str] | None = None) -> list[tuple[Leg, int, int, int]]:
    """月度发生额 (leg, month, debit, credit) to a month (yyyymm); what lies before `since` is summed under month 0. One statement."""
    more = "" if accounts is None else f" AND f.account IN ({bulk.placeholders(list(accounts) or ['-'])})"
    sql = FLOWS_SQL.format(month="CASE WHEN f.month<%s THEN 0 ELSE f.month END", more=more)
    rows = bulk.fetch(sql, [since, until, *([] if accounts is None else list(accounts) or ["-"])])
    return [(Leg(*row[:6]), row[6], row[7], row[8]) for row in rows]


def months_used() -> tuple[int, int] | None:
    """有账月份 The first and the last month with anything in it."""
    first, last = bulk.fetch("SELECT MIN(month), MAX(month) FROM ledger_accountmonth")[0]
    return None if first is None else (int(first), int(last))


def month_before(day: date) -> int:
    """The month before that of a day, yyyymm."""
    return month_of(date.fromordinal(day.replace(day=1).toordinal() - 1))
