"""往来数据 What reports read of one party: its entries in a span, and its balance before a day; in all currencies, or in one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.ledger.reports import ENTRIES, Limit, Span, first_rows, some_or_all, within


@dataclass(frozen=True, slots=True)
class Owed:
    """往来范围 A party on some accounts; with limits only the entries of documents inside them, with a currency (its code, the
    book's own among them) only those in it."""

    party: int
    accounts: Sequence[str]
    limits: Sequence[Limit] = ()
    currency: str | None = None

    def condition(self) -> tuple[str, list[Any]]:
        """The condition on entries `e` of documents `d`."""
        more, keys = within(self.limits, "d")
        if self.currency is not None:
            more, keys = f"{more} AND e.currency=%s", [*keys, self.currency]
        return f"e.party_id=%s AND e.account IN ({bulk.placeholders(self.accounts)}){more}", [self.party, *self.accounts, *keys]


class Balance(NamedTuple):
    """余额 Debit positive: in the book's currency, and in the one asked for (nothing where all are)."""

    book: int
    foreign: int


class Turnover(NamedTuple):
    """发生额 Debits and credits in the book's currency, and what both come to in the one asked for (nothing where all are)."""

    debit: int
    credit: int
    foreign: int


def party_rows(owed: Owed, span: Span, limit: int | None) -> Iterator[tuple[Any, ...]]:
    """往来明细 Entries in a span, in order. Without a limit as they come."""
    condition, keys = owed.condition()
    sql = f"""
    SELECT e.id, e.document_date, d.id, d.type, d.number, e.account, e.amount, e.due_date, COALESCE(NULLIF(m.remark,''), d.remark),
      e.currency, e.foreign_amount
    FROM {ENTRIES} LEFT JOIN records_moneyline m ON m.id=e.money_line_id
    WHERE {condition} AND e.document_date>=%s AND e.document_date<=%s ORDER BY e.document_date, e.id{first_rows(limit)}
    """
    return some_or_all(sql, [*keys, span.first.isoformat(), span.last.isoformat()], limit)


def party_totals(owed: Owed, span: Span) -> Turnover:
    """往来发生额 Debits and credits of every entry that `party_rows` has."""
    condition, keys = owed.condition()
    sql = f"""
    SELECT CAST(COALESCE(SUM(CASE WHEN e.amount>0 THEN e.amount END),0) AS bigint),
      CAST(COALESCE(SUM(CASE WHEN e.amount<0 THEN -e.amount END),0) AS bigint), {foreign_sum(owed)} FROM {ENTRIES}
    WHERE {condition} AND e.document_date>=%s AND e.document_date<=%s
    """
    row = bulk.fetch(sql, [*keys, span.first.isoformat(), span.last.isoformat()])[0]
    return Turnover(*map(int, row))


def party_opening(owed: Owed, day: date) -> Balance:
    """往来期初 Balance before a day: the kept balance less what came since; inside limits or in one currency the entries before."""
    condition, keys = owed.condition()
    if owed.limits or owed.currency is not None:
        sums = f"SELECT CAST(COALESCE(SUM(e.amount),0) AS bigint), {foreign_sum(owed)}"
        rows = bulk.fetch(f"{sums} FROM {ENTRIES} WHERE {condition} AND e.document_date<%s", [*keys, day.isoformat()])
        return Balance(*map(int, rows[0]))
    kept = f"party_id=%s AND account IN ({bulk.placeholders(owed.accounts)})"
    sql = f"""
    SELECT CAST(COALESCE((SELECT SUM(balance) FROM ledger_partybalance WHERE {kept}),0)
      - COALESCE((SELECT SUM(amount) FROM ledger_moneyentry WHERE {kept} AND document_date>=%s),0) AS bigint)
    """
    return Balance(int(bulk.fetch(sql, [*keys, *keys, day.isoformat()])[0][0]), 0)


def foreign_sum(owed: Owed) -> str:
    """The sum of entries in the currency asked for."""
    return "0" if owed.currency is None else "CAST(COALESCE(SUM(e.foreign_amount),0) AS bigint)"


def parties_with(accounts: Sequence[str], span: Span, currency: str | None = None) -> list[int]:
    """有往来的单位 The parties that have a balance on some accounts now, or an entry in a span, by id; in all currencies, or in one."""
    marks, days = bulk.placeholders(accounts), [span.first.isoformat(), span.last.isoformat()]
    balance = f"SELECT party_id FROM ledger_partybalance WHERE account IN ({marks}) GROUP BY party_id HAVING SUM(balance)<>0"
    entries = f"FROM ledger_moneyentry WHERE account IN ({marks}) AND party_id IS NOT NULL"
    one: list[str] = [] if currency is None else [currency]
    if currency is not None:
        entries += " AND currency=%s"
        balance = f"SELECT party_id {entries} GROUP BY party_id HAVING SUM(foreign_amount)<>0"
    sql = f"{balance} UNION SELECT party_id {entries} AND document_date BETWEEN %s AND %s ORDER BY 1"
    return [row[0] for row in bulk.fetch(sql, [*accounts, *one, *accounts, *one, *days])]
