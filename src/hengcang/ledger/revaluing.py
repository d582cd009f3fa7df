"""期末调汇 Revaluation: what is open in a foreign currency, and foreign cash, as worth at the closing rate of a month.

Open items are revalued on the last day and taken back on the day after (《小企业会计准则》第七十六条 asks for the rate of the
balance sheet date there): a later clearing is measured from the rate of the document, and each period bears what its own
rates brought. Cash is revalued for good, since nothing is cleared against it. Reopening the month negates both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hengcang.base import bulk
from hengcang.core.amounts import to_decimal
from hengcang.core.currency_errors import CurrencyRateMissing
from hengcang.core.exchange import difference, revalued
from hengcang.core.posting import ZERO, Account, Entry
from hengcang.ledger import money
from hengcang.ledger.money_reports import ITEMS_AT
from hengcang.ledger.request import Header

OPEN_SQL = f"""
{ITEMS_AT} SELECT e.currency, i.entry_id, i.party_id, i.account, i.foreign_open, i.open
FROM items i JOIN ledger_moneyentry e ON e.id=i.entry_id WHERE i.foreign_open<>0 ORDER BY i.entry_id
"""
CASH_SQL = """
SELECT c.code, a.id, e.account, CAST(SUM(e.foreign_amount) AS bigint), CAST(SUM(e.amount) AS bigint)
FROM places_cashaccount a JOIN places_currency c ON c.id=a.currency_id JOIN ledger_moneyentry e ON e.cash_account_id=a.id
WHERE e.document_date<=%s GROUP BY c.code, a.id, e.account ORDER BY a.id
"""
Entries = dict[str, list[Entry]]


def append(header: Header, sequence: int, rates: Mapping[str, Decimal]) -> None:
    """调汇 Append the revaluation of a month that ends at the header's date. Raises CurrencyRateMissing."""
    day = header.document_date
    items, cash = of_items(day, rates), of_cash(day, rates)
    both = {code: [*items.get(code, ()), *cash.get(code, ())] for code in sorted({*items, *cash})}
    write(header, sequence, both)
    after = {code: [replace(one, amount=-one.amount) for one in entries] for code, entries in items.items()}
    write(replace(header, document_date=day + timedelta(days=1)), sequence, after)


def of_items(day: date, rates: Mapping[str, Decimal]) -> Entries:
    """By currency, by how much each open item is worth more."""
    found: Entries = defaultdict(list)
    for code, entry, party, account, foreign, book in bulk.fetch(OPEN_SQL, [day.isoformat()] * 4):
        more = revalued(foreign, book, rate_of(code, day, rates))
        if more:
            found[code].append(Entry(Account(account), to_decimal(more), party, foreign=ZERO, adjusts=entry))
    return found


def of_cash(day: date, rates: Mapping[str, Decimal]) -> Entries:
    """By currency, by how much each cash account is worth more."""
    found: Entries = defaultdict(list)
    for code, cash, account, foreign, book in bulk.fetch(CASH_SQL, [day.isoformat()]):
        more = revalued(foreign, book, rate_of(code, day, rates)) if foreign or book else 0
        if more:
            found[code].append(Entry(Account(account), to_decimal(more), cash_account=cash, foreign=ZERO))
    return found


def rate_of(code: str, day: date, rates: Mapping[str, Decimal]) -> Decimal:
    """The closing rate of a currency. Raises CurrencyRateMissing."""
    if code not in rates:
        raise CurrencyRateMissing(path="document_date", currency=code, date=day.isoformat())
    return rates[code]


def write(header: Header, sequence: int, by_currency: Mapping[str, Iterable[Entry]]) -> None:
    """Append entries with the exchange difference that balances them, by currency."""
    for code, entries in by_currency.items():
        own = [*entries]
        own += difference(own)
        money.append_plain(replace(header, currency=code), sequence, own)
