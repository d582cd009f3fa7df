"""单据汇率 The rate of a document: as entered, else the newest of its currency on or before its date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from hengcang.base import bulk
from hengcang.core.amounts import to_decimal
from hengcang.core.currency_errors import CurrencyRateMissing
from hengcang.meta import registry
from hengcang.places.models import Currency
from hengcang.records.models import Document

OWN_RATE = Decimal(1)
NEWEST_SQL = """
SELECT v.c0, r.rate FROM {keys} JOIN places_currencyrate r ON r.currency_id=v.c1 AND r.rate_date=(
  SELECT MAX(o.rate_date) FROM places_currencyrate o WHERE o.currency_id=v.c1 AND o.rate_date<={day})
"""


def newest_rates(wanted: Sequence[tuple[int, date]]) -> dict[int, Decimal]:
    """最新汇率 By place in `wanted`, the newest rate of (currency, day): one statement; what has none is left out."""
    if not wanted:
        return {}
    keys, parameters = bulk.table_of([(at, one, day.isoformat()) for at, (one, day) in enumerate(wanted)], ["bigint", "bigint", "text"])
    day = "CAST(v.c2 AS date)" if bulk.is_postgresql() else "v.c2"
    return {at: to_decimal(rate) for at, rate in bulk.fetch(NEWEST_SQL.format(keys=keys, day=day), parameters)}


def closing_rates(day: date) -> dict[str, Decimal]:
    """期末汇率 The rate of each currency at the end of a day, by code; two statements, one where there is no currency."""
    currencies = list(Currency.objects.order_by("pk").values_list("pk", "code"))
    found = newest_rates([(one, day) for one, _ in currencies])
    return {code: found[at] for at, (_, code) in enumerate(currencies) if at in found}


def settle(documents: Sequence[Document], before: tuple[int | None, Decimal] | None = None) -> None:
    """定汇率 Give each document its rate: one statement, none where all are in the book's currency.

    `before` is what a saved draft had: another currency does not keep its rate. Raises CurrencyRateMissing.
    """
    waiting = []
    for one in documents:
        if one.currency_id is None:
            one.currency_rate = OWN_RATE
        elif (one.currency_rate is None or stale(one, before)) and rated(one.type):
            waiting.append(one)
    found = newest_rates([(one.currency_id or 0, one.document_date) for one in waiting])
    for at, one in enumerate(waiting):
        if at not in found:
            name = Currency.objects.values_list("name", flat=True).get(pk=one.currency_id or 0)
            raise CurrencyRateMissing(path="currency_rate", currency=name, date=one.document_date.isoformat())
        one.currency_rate = found[at]


def rated(name: str) -> bool:
    """有汇率 Whether documents of a type have a rate: one that books nothing may be in a currency without."""
    return any(one.name == "currency_rate" for one in registry.document(name).fields)


def stale(document: Document, before: tuple[int | None, Decimal] | None) -> bool:
    """Whether a draft changed its currency and kept the rate of the other."""
    return before is not None and before[0] != document.currency_id and before[1] == document.currency_rate
