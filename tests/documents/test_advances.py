"""Advances: a later payment may use an earlier one, or pay back what is left of it; so many clicks, so many rows."""

from __future__ import annotations

import pytest

from hengcang.core.errors import ClearingMismatch
from hengcang.documents import conversion, services
from hengcang.ledger.models import Clearing, MoneyEntry, OpenItem
from hengcang.meta import registry
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def advance(company: Company, type_name: str, amount: str, on: int = 2) -> Document:
    """A payment that clears nothing."""
    party = company.customer if type_name == "incoming_payment" else company.supplier
    return company.posted(type_name, day(on), [{"cash_account": company.bank.pk, "amount": amount}], party=party.pk)


def entries(document: Document) -> list[tuple[str, str]]:
    """Accounts and amounts of what a document booked."""
    rows = MoneyEntry.objects.filter(posting__document=document).order_by("account", "id")
    return [(account, str(amount)) for account, amount in rows.values_list("account", "amount")]


@pytest.mark.parametrize(
    ("type_name", "account", "sign"), [("incoming_payment", "2203", 1), ("outgoing_payment", "1123", -1)], ids=["customer", "supplier"]
)
def test_what_is_left_of_an_advance_is_paid_back_in_one_step(type_name: str, account: str, sign: int) -> None:
    company = make.company()
    made = advance(company, type_name, "100")
    wanted = conversion.Wanted(type_name, [made.pk])
    back = Document.objects.get(pk=conversion.convert(company.viewer, registry.document(type_name), wanted)["document"])
    assert [(row.cash_account_id, row.cleared_document_id, row.amount) for row in back.money_lines.order_by("position")] == [
        (company.bank.pk, None, -100),
        (None, made.pk, -100),
    ]
    company.act(back)
    assert back.amount_gross == -100
    assert sorted(entries(back)) == sorted([("1002", str(-100 * sign)), (account, str(100 * sign))])
    assert not OpenItem.objects.exclude(open=0).exists()
    assert [str(amount) for amount in Clearing.objects.values_list("amount", flat=True)] == ["100"]


def test_a_supplier_is_paid_with_an_advance_he_has() -> None:
    company = make.company()
    made = advance(company, "outgoing_payment", "100")
    bought = company.receipt(day(3), "10", "30")
    lines = [
        {"cash_account": company.bank.pk, "amount": "200"},
        {"cleared_document": bought.pk, "amount": "300"},
        {"cleared_document": made.pk, "amount": "-100"},
    ]
    paid = company.posted("outgoing_payment", day(4), lines, party=company.supplier.pk)
    assert entries(paid) == [("1002", "-200"), ("1123", "-100"), ("2202", "300")]
    assert not OpenItem.objects.exclude(open=0).exists()


def test_a_customers_advance_is_not_for_paying_a_supplier() -> None:
    company = make.company()
    company.customer.is_supplier = True
    company.customer.save()
    made = advance(company, "incoming_payment", "100")
    lines = [{"cash_account": company.bank.pk, "amount": "10"}, {"cleared_document": made.pk, "amount": "10"}]
    document = company.draft("outgoing_payment", day(3), lines, party=company.customer.pk)
    with pytest.raises(ClearingMismatch) as refused:
        services.transition(company.viewer, registry.document("outgoing_payment"), services.Order(document.pk, "post"))
    assert refused.value.message() == f"第 2 行：{made.number} 不是同一方向的往来单据，不能在这里核销。请另选单据。"
    assert OpenItem.objects.exclude(open=0).values_list("open", flat=True).get() == -100
