"""兑换行 Lines of money that is exchanged: the rate of each side, the rate the bank gave, and what is given in the book's currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from hengcang.access.viewer import Viewer
from hengcang.core.amounts import to_micro, to_text
from hengcang.core.currency_errors import ExchangeUnlikely, LineRateMissing
from hengcang.core.errors import HengcangError
from hengcang.core.exchange import at_rate
from hengcang.core.pricing import to_cents
from hengcang.documents.facts import Opened
from hengcang.documents.rates import OWN_RATE, newest_rates
from hengcang.places.models import CashAccount, Currency
from hengcang.records.models import Document, MoneyLine

RATES = {"cash_account_id": "currency_rate", "target_account_id": "target_rate"}
SIXTH = Decimal("0.000001")


class Before(NamedTuple):
    """原值 What a line had when it was last saved: its accounts, by field of its rate, and its rates."""

    accounts: dict[str, int | None]
    rates: dict[str, object]

    def keeps(self, field: str, row: MoneyLine) -> bool:
        """Whether a line has the rate it had."""
        return self.rates.get(field) is not None and to_micro(str(self.rates[field])) == to_micro(str(row.ext[field]))


class Side(NamedTuple):
    """一边 A side of a line whose rate is asked for: where the document and line stand, its field, currency and day."""

    row: MoneyLine
    field: str
    currency: int
    day: date


def settle(wanted: Sequence[tuple[Document, MoneyLine]]) -> None:
    """定兑换汇率 Give each side of each line its rate: as entered, else the newest on its document's day.

    A side in the book's currency has none, and one whose account is of another currency than before does not keep its
    rate. Three statements at most. Raises LineRateMissing.
    """
    before = kept(wanted)
    named = [getattr(row, name) for _, row in wanted for name in RATES] + [one for old in before.values() for one in old.accounts.values()]
    accounts = {one for one in named if one is not None}
    currencies: dict[int | None, int | None] = dict(CashAccount.objects.filter(pk__in=accounts).values_list("pk", "currency"))
    waiting = []
    for document, row in wanted:
        for name, field in RATES.items():
            currency, old = currencies.get(getattr(row, name)), before.get(row.pk)
            if currency is None:
                row.ext[field] = None
            elif not row.ext.get(field) or (old is not None and currencies.get(old.accounts[field]) != currency and old.keeps(field, row)):
                waiting.append(Side(row, field, currency, document.document_date))
    found = newest_rates([(one.currency, one.day) for one in waiting])
    for at, one in enumerate(waiting):
        if at not in found:
            name = Currency.objects.values_list("name", flat=True).get(pk=one.currency)
            path = f"money_lines.{one.row.position - 1}.{one.field}"
            raise LineRateMissing(path=path, line=one.row.position, currency=name, date=one.day.isoformat())
        one.row.ext[one.field] = to_text(to_micro(found[at]))
    for _, row in wanted:
        value(row, own=currencies.get(row.cash_account_id) is None)


def kept(wanted: Sequence[tuple[Document, MoneyLine]]) -> Mapping[int, Before]:
    """The accounts and rates of the lines as they were saved before; one statement, none where all are new."""
    known = [row.pk for _, row in wanted if row.pk is not None]
    if not known:
        return {}
    rows = MoneyLine.objects.filter(pk__in=known).values_list("pk", "cash_account", "target_account", "ext")
    return {key: Before(dict(zip(RATES.values(), accounts, strict=True)), ext) for key, *accounts, ext in rows}


def value(row: MoneyLine, *, own: bool) -> None:
    """折算 What a line gives in the book's currency, and the bank's rate: of one unit of the other currency where the line gives the
    book's (`own`), else of one unit of what it gives."""
    row.book_amount = at_rate(row.amount, Decimal(row.ext.get("currency_rate") or OWN_RATE))
    given, taken = row.amount, row.target_amount or Decimal(0)
    if given and taken:
        rate = given / taken if own else taken / given
        row.ext["bank_rate"] = to_text(to_micro(rate.quantize(SIXTH, ROUND_HALF_UP)))


def unlikely(viewer: Viewer, opened: Opened) -> list[HengcangError]:
    """核对兑换 Warnings of lines that give more than a tenth more or less than their booked rates would."""
    if not opened.declaration.exchanges:
        return []
    found: list[HengcangError] = []
    for row in opened.money:
        given = at_rate(row.amount, Decimal(row.ext.get("currency_rate") or OWN_RATE))
        taken = at_rate(row.target_amount or Decimal(0), Decimal(row.ext.get("target_rate") or OWN_RATE))
        if abs(taken - given) * 10 > given:
            expected = to_cents(given / Decimal(row.ext.get("target_rate") or OWN_RATE))
            words = {"expected": expected, "amount": row.target_amount, "difference": abs(taken - given)}
            found.append(ExchangeUnlikely(path=f"money_lines.{row.line_number - 1}.target_amount", line=row.line_number, **words))
    return found
