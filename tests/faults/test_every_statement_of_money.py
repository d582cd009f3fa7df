"""Fail at the N-th statement of posting, unposting and reversing every document of money, as of every other command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from hengcang.accounting import bank
from hengcang.accounting.models import BankLine
from hengcang.base import clock
from hengcang.documents import drafts
from hengcang.meta import registry
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


def exchange(company: Company) -> Document:
    """Dollars for the book's currency, with a fee and a difference."""
    _, account = make.dollars(company, {1: "7.10"})
    lines = [{"cash_account": account.pk, "target_account": company.bank.pk, "amount": "10", "target_amount": "70.80", "fee": "0.5"}]
    return company.draft("currency_exchange", day(2), lines)


def opening(type_name: str, party: str) -> Callable[[Company], Document]:
    """Debts and a credit of one party."""

    def prepare(company: Company) -> Document:
        lines = [{"party": getattr(company, party).pk, "amount": amount} for amount in ("5", "-2", "9")]
        return company.draft(type_name, day(1), lines)

    return prepare


def opening_cash(company: Company) -> Document:
    """One account."""
    return company.draft("opening_cash", day(1), [{"cash_account": company.bank.pk, "amount": "5"}])


def statement(company: Company) -> Document:
    """What stands between a customer and us."""
    company.receipt(day(1), "10", "10")
    company.delivery(day(2), "5")
    span = {"side": "customer", "date_from": day(1).isoformat(), "date_to": day(31).isoformat()}
    return company.draft("party_statement", day(31), party=company.customer.pk, **span)


DRAFTS: dict[str, Callable[[Company], Document]] = {
    "clearing": offset,
    "expense": by_category("expense", "expense", "supplier"),
    "other_income": by_category("other_income", "income", "customer"),
    "cash_transfer": transfer,
    "currency_exchange": exchange,
    "opening_receivable": opening("opening_receivable", "customer"),
    "opening_payable": opening("opening_payable", "supplier"),
    "opening_customer_advance": opening("opening_customer_advance", "customer"),
    "opening_supplier_advance": opening("opening_supplier_advance", "supplier"),
    "opening_cash": opening_cash,
    "party_statement": statement,
}


def test_every_type_of_the_room_is_proved() -> None:
    assert {one.name for one in TYPES} == {*DRAFTS, *COVERED_ELSEWHERE}


ACTS = [(type_name, name) for type_name in DRAFTS for name in ("post", "unpost", "reverse")]
ACTS.remove(("party_statement", "reverse"))  # it moves nothing that could be taken back


@pytest.mark.django_db
@pytest.mark.parametrize(("type_name", "name"), ACTS)
def test_money_that_breaks_anywhere_is_not_moved_and_moves_once_when_tried_again(type_name: str, name: str) -> None:
    company = make.company()
    document = DRAFTS[type_name](company)
    if name != "post":
        company.act(document)
    whole_or_nothing(act(company, document, name))


def abroad(company: Company) -> Document:
    """Dollars paid at another rate: a debt, and a return that adjusts what it is worth."""
    dollar, account = make.dollars(company, {1: "7.10", 3: "7.20"})
    goods = [{"item": company.item().pk, "quantity": "3", "unit_price_net": "33.33"}]
    where = {"party": company.supplier.pk, "currency": dollar.pk}
    receipt = company.posted("purchase_receipt", day(1), goods, target_place=company.places["A"].pk, **where)
    back = company.posted("purchase_return", day(3), [{**goods[0], "quantity": "1"}], source_place=company.places["A"].pk, **where)
    lines = [
        {"cash_account": account.pk, "amount": "20"},
        {"cleared_document": receipt.pk, "amount": "53.33"},
        {"cleared_document": back.pk, "amount": "-33.33"},
    ]
    return company.draft("outgoing_payment", day(4), lines, **where)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["post", "unpost", "reverse"])
def test_dollars_that_break_anywhere_are_not_moved_and_move_once_when_tried_again(name: str) -> None:
    company = make.company()
    document = abroad(company)
    if name != "post":
        company.act(document)
    whole_or_nothing(act(company, document, name))


@pytest.mark.django_db
def test_posting_that_frees_a_line_of_the_bank_breaks_whole_and_frees_it_once() -> None:
    company = make.company()
    company.receipt(day(1), "10", "10")
    company.delivery(day(2), "5")
    file = "交易日期,收入,支出,对方户名\n2026-03-10,100,,顺达商行\n"
    bank.import_lines(company.viewer, company.bank.pk, "a.csv", file.encode())
    bank.confirm(company.viewer, company.bank.pk)
    draft = Document.objects.get(type="incoming_payment")
    lines = [{"cash_account": company.bank.pk, "amount": "90"}]
    drafts.save(company.viewer, registry.document(draft.type), draft.pk, {"version": draft.version, "money_lines": lines})
    whole_or_nothing(act(company, draft, "post"))
    assert BankLine.objects.get().document is None


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["post", "unpost"])
def test_a_closing_that_revalues_breaks_whole_and_takes_effect_once(name: str) -> None:
    company = make.company()
    company.act(abroad(company))
    with clock.standing_at(datetime(2026, 4, 5, 10, tzinfo=timezone(timedelta(hours=8)))):
        closing = company.draft("period_close", day(31))
        if name != "post":
            company.act(closing)
        whole_or_nothing(act(company, closing, name))
