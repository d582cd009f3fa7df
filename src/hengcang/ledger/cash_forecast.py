"""现金流数据 What a forecast of cash reads: how late parties were, which accounts they used, what is ordered or waits for its bill,
and what there is on every account. One statement each, however many parties there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.core.cash_forecast import NEWEST
from hengcang.ledger.promises import in_ext
from hengcang.ledger.reports import ENTRIES, Limit, within

DELAYS_PART = """
SELECT e.party_id, '{side}' AS side, c.document_date AS paid, e.due_date AS due, c.id AS id
FROM ledger_clearing c JOIN ledger_moneyentry e ON e.id=c.{debt} AND e.account IN ({accounts}) AND e.due_date IS NOT NULL
JOIN ledger_posting p ON p.id=c.posting_id JOIN records_document d ON d.id=p.document_id
WHERE c.amount>0 AND p.revision=d.revision AND d.type IN ({types}) AND d.state IN ('posted','closed') AND d.reverses_id IS NULL
"""
DELAYS_SQL = """
SELECT party_id, side, due, paid FROM (
  SELECT x.*, ROW_NUMBER() OVER (PARTITION BY party_id, side ORDER BY paid DESC, id DESC) AS n FROM ({parts}) x
) y WHERE n<={newest} ORDER BY party_id, side, n
"""
USUAL_SQL = f"""
SELECT party_id, type, currency, cash_account_id FROM (
  SELECT d.party_id, d.type, COALESCE(d.currency_id,0) AS currency, e.cash_account_id, e.document_date, e.id,
    ROW_NUMBER() OVER (PARTITION BY d.party_id, d.type, d.currency_id ORDER BY e.document_date DESC, e.id DESC) AS n
  FROM {ENTRIES} JOIN places_cashaccount a ON a.id=e.cash_account_id AND a.active
  WHERE e.cash_account_id IS NOT NULL AND d.party_id IS NOT NULL AND d.type IN ({{types}}) AND p.revision=d.revision
    AND d.state IN ('posted','closed') AND d.reverses_id IS NULL
) x WHERE n=1 ORDER BY document_date, id
"""
PROMISED_PART = """
SELECT d.id AS document, d.type, d.number, d.document_date, {day} AS day, {due} AS due, d.party_id, y.payment_days,
  COALESCE(d.currency_id,0) AS currency, d.amount_gross, l.id AS line, l.amount_gross AS line_gross,
  l.base_quantity, COALESCE(p.quantity,0) AS done
FROM records_document d JOIN parties_party y ON y.id=d.party_id
JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision AND l.role=%s
LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose=%s
WHERE d.type=%s AND d.state='posted' AND d.reverses_id IS NULL AND {condition}{more}
"""


class Promise(NamedTuple):
    """将有的款 Documents of a type whose goods are paid for later: `expected` names the day in `ext` on which an order's goods move,
    none for goods that moved and wait for their bill; `purpose` is what of their lines is done already."""

    type: str
    role: str
    purpose: str
    expected: str = ""


def delays(accounts: Mapping[str, Sequence[str]], types: Sequence[str]) -> list[tuple[int, str, date, date]]:
    """逾期天数 (party, side, due, cleared) of the newest debts of each party that documents of some types cleared, by side's accounts."""
    parts, parameters = [], []
    for side, own in accounts.items():
        debt = "debit_id" if side == "customer" else "credit_id"
        parts.append(DELAYS_PART.format(side=side, debt=debt, accounts=bulk.placeholders(own), types=bulk.placeholders(types)))
        parameters += [*own, *types]
    sql = DELAYS_SQL.format(parts=" UNION ALL ".join(parts), newest=NEWEST)
    return [(party, side, bulk.read_day(due), bulk.read_day(paid)) for party, side, due, paid in bulk.fetch(sql, parameters)]


def usual_accounts(types: Sequence[str]) -> list[tuple[int, str, int, int]]:
    """常用账户 (party, type, currency, account) last used by documents of some types, the least recent first."""
    rows = bulk.fetch(USUAL_SQL.format(types=bulk.placeholders(types)), list(types))
    return [(int(party), type_name, int(currency), int(account)) for party, type_name, currency, account in rows]


def promised_rows(promises: Sequence[Promise], limits: Sequence[Limit]) -> list[tuple[Any, ...]]:
    """未执行的订单与未开票的收发 Line by line, in order of documents.

    (document, type, number, its day, agreed day, due, party, terms, currency, gross, line, its gross, quantity, done)
    """
    if not promises:
        return []
    more, keys = within(limits, "d")
    parts, parameters = [], []
    for one in promises:
        parts.append(
            PROMISED_PART.format(
                day=in_ext(one.expected) if one.expected else "NULL",
                due="NULL" if one.expected else "CAST(d.due_date AS text)",
                condition="d.progress<>'complete'" if one.expected else f"{in_ext('unbilled')} IS NOT NULL",
                more=more,
            )
        )
        parameters += [one.role, one.purpose, one.type, *keys]
    return bulk.fetch(f"SELECT * FROM ({' UNION ALL '.join(parts)}) x ORDER BY document, line", parameters)


def cash_now(limits: Sequence[Limit]) -> list[tuple[int, str, str, int, int, int]]:
    """现有资金 (account, code, name, currency, balance, balance in its own currency) of every account in use or not empty."""
    more, keys = within(limits, "d")
    sql = f"""
    SELECT a.id, a.code, a.name, COALESCE(a.currency_id,0), COALESCE(s.amount,0), COALESCE(s.foreign_amount,0) FROM places_cashaccount a
    LEFT JOIN (SELECT e.cash_account_id, CAST(SUM(e.amount) AS bigint) AS amount, CAST(SUM(e.foreign_amount) AS bigint) AS foreign_amount
      FROM {ENTRIES} WHERE e.cash_account_id IS NOT NULL{more} GROUP BY e.cash_account_id) s ON s.cash_account_id=a.id
    WHERE a.active OR COALESCE(s.amount,0)<>0 ORDER BY a.code
    """
    return [(int(row[0]), row[1], row[2], int(row[3]), int(row[4]), int(row[5])) for row in bulk.fetch(sql, keys)]
