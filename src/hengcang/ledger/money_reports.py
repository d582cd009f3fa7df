"""往来与资金数据 What reports read of money as of a day: open items, how old they are, and what moved on cash accounts.

What was open on a day is reached from the present: what is open now, plus what was cleared after that day. An entry that
was unposted is gone on every day; one that was reversed stands until the day of its reversal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hengcang.base import bulk
from hengcang.ledger.money import OWN
from hengcang.ledger.reports import ENTRIES, Limit, Span, first_rows, in_currency, some_or_all, within

AGES = (0, 30, 60, 90)
ITEMS_AT = """
WITH later AS (
  SELECT entry_id, CAST(SUM(amount) AS bigint) AS amount, CAST(SUM(foreign_amount) AS bigint) AS foreign_amount FROM (
    SELECT debit_id AS entry_id, amount, foreign_amount FROM ledger_clearing WHERE document_date>%s
    UNION ALL SELECT credit_id, -amount, -foreign_amount FROM ledger_clearing WHERE document_date>%s
    UNION ALL SELECT adjusts_id, -amount, 0 FROM ledger_moneyentry WHERE adjusts_id IS NOT NULL AND document_date>%s
  ) c GROUP BY entry_id
), items AS (
  SELECT o.entry_id, o.document_id, o.party_id, o.account, o.amount, o.due_date, e.document_date, e.currency,
    o.open+COALESCE(l.amount,0) AS open,
    o.foreign_open+COALESCE(l.foreign_amount,0) AS foreign_open
  FROM (SELECT entry_id FROM ledger_openitem WHERE open<>0 UNION SELECT entry_id FROM later) k
  JOIN ledger_openitem o ON o.entry_id=k.entry_id JOIN ledger_moneyentry e ON e.id=o.entry_id LEFT JOIN later l ON l.entry_id=o.entry_id
  WHERE e.document_date<=%s
)
"""
FROM_ITEMS = """
FROM items i JOIN parties_party y ON y.id=i.party_id JOIN records_document d ON d.id=i.document_id
WHERE i.open<>0 AND i.account IN ({accounts}){more}
"""


@dataclass(frozen=True, slots=True)
class OpenAt:
    """某日未结 What was open on some accounts at the end of a day: of a party or of all, of documents inside limits, due before a day, in
    a currency (0: the book's own)."""

    day: date
    accounts: Sequence[str]
    party: int | None = None
    limits: Sequence[Limit] = ()
    due_before: date | None = None
    currency: int | None = None

    def sql(self, columns: str, tail: str = "") -> str:
        """A statement over these items `i`, their parties `y` and documents `d`."""
        more, _ = within(self.limits, "d")
        more += ("" if self.party is None else " AND i.party_id=%s") + ("" if self.due_before is None else " AND i.due_date<%s")
        more += in_currency(self.currency)[0]
        return f"{ITEMS_AT} SELECT {columns} {FROM_ITEMS.format(accounts=bulk.placeholders(self.accounts), more=more)} {tail}"

    def parameters(self, *of_columns: Any) -> list[Any]:
        """Its parameters, those of the columns among them."""
        day, (_, keys) = self.day.isoformat(), within(self.limits, "d")
        own = [*([] if self.party is None else [self.party]), *([] if self.due_before is None else [self.due_before.isoformat()])]
        own += in_currency(self.currency)[1]
        return [day, day, day, day, *of_columns, *self.accounts, *keys, *own]


def open_rows_at(asked: OpenAt, limit: int | None) -> Iterator[tuple[Any, ...]]:
    """某日未结项 As `reports.open_rows` at the end of a day. Without a limit as they come."""
    columns = "i.entry_id, y.id, y.code, y.name, d.id, d.type, d.number, i.document_date, i.due_date, i.account, i.amount, i.open, "
    columns += "i.foreign_open, (SELECT c.code FROM places_currency c WHERE c.id=d.currency_id)"
    tail = f"ORDER BY i.due_date IS NULL, i.due_date, i.entry_id{first_rows(limit)}"
    return some_or_all(asked.sql(columns, tail), asked.parameters(), limit)


def open_totals_at(asked: OpenAt) -> tuple[int, int, int, int]:
    """某日未结合计 Amount, what was open, what of it was overdue that day, and what was open in foreign currency, of every item."""
    columns = (
        "CAST(COALESCE(SUM(i.amount),0) AS bigint), CAST(COALESCE(SUM(i.open),0) AS bigint), "
        "CAST(COALESCE(SUM(CASE WHEN i.due_date<%s THEN i.open END),0) AS bigint), CAST(COALESCE(SUM(i.foreign_open),0) AS bigint)"
    )
    row = bulk.fetch(asked.sql(columns), asked.parameters(asked.day.isoformat()))[0]
    return int(row[0]), int(row[1]), int(row[2]), int(row[3])


def ageing_rows(asked: OpenAt, advances: Sequence[str]) -> list[tuple[Any, ...]]:
    """账龄 (party, code, name, currency, open in it, open in the book's, not due, 1–30, 31–60, 61–90, more than 90 days overdue,
    advances) by party and currency, in order of code.

    By due day; what has none is not due. An item due on the day itself is not overdue. Advances are not aged. Where a foreign
    currency is asked for, the ages and advances are in it, else in the book's.
    """
    days = [(asked.day - timedelta(days=age)).isoformat() for age in AGES]
    ages: list[tuple[str, Sequence[str]]] = [
        ("(i.due_date IS NULL OR i.due_date>=%s)", days[:1]),
        *(("i.due_date<%s AND i.due_date>=%s", pair) for pair in pairwise(days)),
        ("i.due_date<%s", days[-1:]),
    ]
    amount = "COALESCE(i.foreign_open,i.open)" if asked.currency else "i.open"
    apart, columns, parameters = f"i.account IN ({bulk.placeholders(advances)})", "y.id, y.code, y.name, i.currency", []
    columns += ", CAST(SUM(COALESCE(i.foreign_open,i.open)) AS bigint), CAST(SUM(i.open) AS bigint)"
    for condition, bounds in ages:
        columns += f", CAST(SUM(CASE WHEN {condition} AND NOT {apart} THEN {amount} ELSE 0 END) AS bigint)"
        parameters += [*bounds, *advances]
    columns += f", CAST(SUM(CASE WHEN {apart} THEN {amount} ELSE 0 END) AS bigint)"
    sql = asked.sql(columns, "GROUP BY y.id, y.code, y.name, i.currency ORDER BY y.code, y.id, i.currency")
    return bulk.fetch(sql, asked.parameters(*parameters, *advances))


def booked_cash(account: int, span: Span) -> list[tuple[Any, ...]]:
    """已记收付 (entry, day, amount in the account's currency, party, document, revision) of a cash account in a span.

    What was undone or took back is left out, and what only changes what the money is worth in the book's currency.
    """
    sql = f"""
    SELECT e.id, e.document_date, e.foreign_amount, d.party_id, d.id, p.revision FROM {ENTRIES}
    WHERE e.cash_account_id=%s AND e.document_date BETWEEN %s AND %s AND e.corrects_id IS NULL AND e.foreign_amount<>0
      AND d.reverses_id IS NULL AND d.state<>'reversed'
      AND NOT EXISTS (SELECT 1 FROM ledger_posting u WHERE u.document_id=d.id AND u.kind='unpost' AND u.revision=p.revision)
    ORDER BY e.document_date, e.id
    """
    return bulk.fetch(sql, [account, span.first.isoformat(), span.last.isoformat()])


def cash_of(document: int, revision: int) -> dict[int, int]:
    """单据收付 What the posting of a revision moved on each cash account, in the account's currency, in above zero."""
    sql = """
    SELECT e.cash_account_id, CAST(SUM(e.foreign_amount) AS bigint) FROM ledger_moneyentry e JOIN ledger_posting p ON p.id=e.posting_id
    WHERE p.document_id=%s AND p.revision=%s AND e.cash_account_id IS NOT NULL GROUP BY e.cash_account_id
    """
    return {account: int(amount) for account, amount in bulk.fetch(sql, [document, revision])}


STATED_SQL = """
SELECT * FROM (
  SELECT d.id, d.type, d.number, d.party_id, y.code, y.name, d.ext->>'side' AS side, d.ext->>'date_from', d.ext->>'date_to',
    d.ext->>'result', d.ext->>'closing' AS closing, COALESCE((
      SELECT CAST(SUM(CASE WHEN c.code IS NULL THEN e.amount ELSE e.foreign_amount END) AS bigint) FROM ledger_moneyentry e
      WHERE e.party_id=d.party_id AND e.document_date<={day}
        AND (e.currency=c.code OR (c.code IS NULL AND (COALESCE(d.ext->>'currencies','all')='all' OR e.currency='{own}')))
        AND ((d.ext->>'side'='customer' AND e.account IN ({customer})) OR (d.ext->>'side'='supplier' AND e.account IN ({supplier})))
    ),0) AS now, d.document_date, c.code AS currency, c.id AS currency_id
  FROM records_document d JOIN parties_party y ON y.id=d.party_id LEFT JOIN places_currency c ON c.id=d.currency_id
  WHERE d.type IN ({types}) AND d.state='posted'{party}
) x{changed} ORDER BY x.document_date DESC, x.id DESC{limit}
"""
# Half a cent: what SQLite reads of a text is a floating number.
CHANGED = " WHERE ABS(CAST(x.closing AS numeric)*1000000-CASE WHEN x.side='customer' THEN x.now ELSE -x.now END)>5000"


@dataclass(frozen=True, slots=True)
class Stated:
    """对账条件 Statements of these types that were sent: to a party or to all, only those whose period changed since or all."""

    types: Sequence[str]
    party: int | None = None
    changed: bool = True


def statements(asked: Stated, customer: Sequence[str], supplier: Sequence[str], limit: int | None) -> Iterator[tuple[Any, ...]]:
    """对账余额 (document, type, number, party, code, name, side, from, to, result, closing as stated, balance now, day, currency and
    its id), the newest first.

    The balance is that of the accounts of the side at the end of the period, debit positive: in the statement's currency and
    of what is in it, else in the book's, of all currencies or of that one.
    """
    sql = STATED_SQL.format(
        own=OWN,
        day="CAST(d.ext->>'date_to' AS date)" if bulk.is_postgresql() else "d.ext->>'date_to'",
        customer=bulk.placeholders(customer),
        supplier=bulk.placeholders(supplier),
        types=bulk.placeholders(asked.types),
        party="" if asked.party is None else " AND d.party_id=%s",
        changed=CHANGED if asked.changed else "",
        limit=first_rows(limit),
    )
    return some_or_all(sql, [*customer, *supplier, *asked.types, *([] if asked.party is None else [asked.party])], limit)


# What undoes another entry stands in that one's column, below zero (红字).
CAME_IN = "(CASE WHEN e.corrects_id IS NULL AND d.reverses_id IS NULL THEN e.amount ELSE -e.amount END)>0"


def cash_rows(account: int, span: Span, limits: Sequence[Limit], limit: int | None) -> Iterator[tuple[Any, ...]]:
    """资金明细 Entries of a cash account in a span, in order, each with whether it came in. Without a limit as they come."""
    more, keys = within(limits, "d")
    sql = f"""
    SELECT e.id, e.document_date, d.id, d.type, d.number, y.name, e.amount, CASE WHEN {CAME_IN} THEN 1 ELSE 0 END,
      COALESCE(NULLIF(m.remark,''), d.remark), e.currency, e.foreign_amount
    FROM {ENTRIES} LEFT JOIN parties_party y ON y.id=d.party_id LEFT JOIN records_moneyline m ON m.id=e.money_line_id
    WHERE e.cash_account_id=%s AND e.document_date>=%s AND e.document_date<=%s{more} ORDER BY e.document_date, e.id{first_rows(limit)}
    """
    return some_or_all(sql, [account, span.first.isoformat(), span.last.isoformat(), *keys], limit)


def cash_sums(span: Span, limits: Sequence[Limit], account: int | None = None) -> list[tuple[Any, ...]]:
    """资金收支 (account, before the span, in, out) of cash accounts: one of them, or all that ever moved before its end."""
    more, keys = within(limits, "d")
    sql = f"""
    SELECT e.cash_account_id, CAST(COALESCE(SUM(CASE WHEN e.document_date<%s THEN e.amount END),0) AS bigint),
      CAST(COALESCE(SUM(CASE WHEN e.document_date>=%s AND {CAME_IN} THEN e.amount END),0) AS bigint),
      CAST(COALESCE(SUM(CASE WHEN e.document_date>=%s AND NOT {CAME_IN} THEN -e.amount END),0) AS bigint) FROM {ENTRIES}
    WHERE e.cash_account_id {"IS NOT NULL" if account is None else "=%s"} AND e.document_date<=%s{more} GROUP BY e.cash_account_id
    """
    first, named = span.first.isoformat(), [] if account is None else [account]
    return bulk.fetch(sql, [first, first, first, *named, span.last.isoformat(), *keys])
