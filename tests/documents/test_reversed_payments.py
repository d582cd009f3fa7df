"""Reversed payments: what they cleared is open again from the day of the reversal, as old as it was."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from hengcang.analytics.party_ledger import run_open_items
from hengcang.base import clock
from hengcang.documents import conversion
from hengcang.ledger.models import Clearing, OpenItem
from hengcang.meta import registry
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def at(number: int) -> Any:
    """Ten in the morning of a day."""
    return clock.standing_at(datetime.combine(day(number), datetime.min.time(), timezone(timedelta(hours=8))) + timedelta(hours=10))


def paid(company: Company, sold: Document, amount: str, on: int) -> Document:
    """A collection that clears so much of a delivery."""
    lines = [{"cash_account": company.bank.pk, "amount": amount}, {"cleared_document": sold.pk, "amount": amount}]
    return company.posted("incoming_payment", day(on), lines, party=company.customer.pk)


def test_the_clearing_is_given_back_on_the_day_of_the_reversal_and_the_debt_is_as_old_as_it_was() -> None:
    company = make.company()
    company.receipt(day(1), "10", "5")
    sold = company.delivery(day(2), "10")
    kept, undone = paid(company, sold, "80", 5), paid(company, sold, "120", 6)
    with at(40):
        assert run_open_items(company.viewer, {"side": "customer"}).rows == []
        company.act(undone, "reverse")
        [row] = run_open_items(company.viewer, {"side": "customer"}).rows
    assert (row["document"]["id"], row["amount"], row["open"]) == (sold.pk, "200", "120")
    assert (row["due_date"], row["overdue_days"]) == (day(32).isoformat(), 8)
    red = Document.objects.get(reverses=undone)
    rows = Clearing.objects.order_by("id").values_list("posting__document", "debit__posting__document", "amount", "document_date")
    assert list(rows) == [
        (kept.pk, sold.pk, 80, day(5)),
        (undone.pk, sold.pk, 120, day(6)),
        (red.pk, sold.pk, -120, day(40)),
        (red.pk, red.pk, 120, day(40)),
    ]
    assert list(OpenItem.objects.exclude(open=0).values_list("document__type", "open")) == [
        ("purchase_receipt", -50),
        ("sales_delivery", 120),
    ]


def test_a_reversed_payment_leaves_all_of_the_debt_to_the_next_one() -> None:
    company = make.company()
    company.receipt(day(1), "10", "5")
    sold = company.delivery(day(2), "10")
    with at(7):
        company.act(paid(company, sold, "200", 5), "reverse")
        wanted = conversion.Wanted("incoming_payment", [sold.pk])
        made = conversion.convert(company.viewer, registry.document("sales_delivery"), wanted)["document"]
        next_one = Document.objects.get(pk=made)
        company.act(next_one)
    assert next_one.amount_gross == 200
    assert list(OpenItem.objects.exclude(open=0).values_list("document__type", "open")) == [("purchase_receipt", -50)]
