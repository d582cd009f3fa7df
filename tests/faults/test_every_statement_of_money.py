"""Fail at the N-th statement of posting, unposting and reversing every document of money, as of every other command."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hengcang.places.models import CashAccount, ExpenseCategory
from hengcang.records.models import Document
from hengcang.settlement import TYPES
from tests import make
from tests.faults.test_every_statement import act, whole_or_nothing
from tests.make import Company, day

COVERED_ELSEWHERE = {"incoming_payment", "outgoing_payment", "period_close"}


def offset(company: Company) -> Document:
    """An advance against a delivery."""
    company.receipt(day(1), "10", "10")
    sold = company.delivery(day(2), "5")
    advance = company.posted("incoming_payment", day(3), [{"cash_account": company.bank.pk, "amount": "30"}], party=company.customer.pk)
    named = ((sold, "receivable"), (advance, "customer_advance"))
    lines = [{"cleared_document": document.pk, "control": control, "amount": "30"} for document, control in named]
    return company.draft("clearing", day(4), lines, party=company.customer.pk, kind="advance_receivable")


def by_category(type_name: str, direction: str, party: str) -> Callable[[Company], Document]:
    """Half of it paid at once."""

    def prepare(company: Company) -> Document:
        category = ExpenseCategory.objects.filter(direction=direction)[0].pk
        lines = [{"category": category, "amount": "5", "cash_account": company.bank.pk}, {"category": category, "amount": "6"}]
        return company.draft(type_name, day(2), lines, party=getattr(company, party).pk)

    return prepare


def transfer(company: Company) -> Document:
    """With a fee."""
    till = CashAccount.objects.create(code="T", name="现金", kind="cash")
    lines = [{"cash_account": company.bank.pk, "target_account": till.pk, "amount": "5", "fee": "0.5"}]
    return company.draft("cash_transfer", day(2), lines)


def opening(type_name: str, party: str) -> Callable[[Company], Document]:
    """Debts and a credit of one party."""

    def prepare(company: Company) -> Document:
        lines = [{"party": getattr(company, party).pk, "amount": amount} for amount in ("5", "-2", "9")]
        return company.draft(type_name, day(1), lines)

    return prepare


def opening_cash(company: Company) -> Document:
    """One account."""
    return company.draft("opening_cash", day(1), [{"cash_account": company.bank.pk, "amount": "5"}])


DRAFTS: dict[str, Callable[[Company], Document]] = {
    "clearing": offset,
    "expense": by_category("expense", "expense", "supplier"),
    "other_income": by_category("other_income", "income", "customer"),
    "cash_transfer": transfer,
    "opening_receivable": opening("opening_receivable", "customer"),
    "opening_payable": opening("opening_payable", "supplier"),
    "opening_customer_advance": opening("opening_customer_advance", "customer"),
    "opening_supplier_advance": opening("opening_supplier_advance", "supplier"),
    "opening_cash": opening_cash,
}


def test_every_type_of_the_room_is_proved() -> None:
    assert {one.name for one in TYPES} == {*DRAFTS, *COVERED_ELSEWHERE}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["post", "unpost", "reverse"])
@pytest.mark.parametrize("type_name", DRAFTS)
def test_money_that_breaks_anywhere_is_not_moved_and_moves_once_when_tried_again(type_name: str, name: str) -> None:
    company = make.company()
    document = DRAFTS[type_name](company)
    if name != "post":
        company.act(document)
    whole_or_nothing(act(company, document, name))
