"""开票立账 Debts that wait for their bills: whatever the parts, rates and discounts, nothing is left once all is billed."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

import pytest

from hengcang.base import bulk
from hengcang.base.book import change_book
from hengcang.core.amounts import to_decimal
from hengcang.core.billing_errors import NotBilled
from hengcang.core.posting import Account
from hengcang.documents import conversion
from hengcang.ledger import credit, queries
from hengcang.meta import registry
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db
UNBILLED = (Account.UNBILLED_PAYABLE, Account.UNBILLED_RECEIVABLE, Account.PENDING_OUTPUT_TAX)


def balances(*accounts: Account) -> dict[str, tuple[Decimal, Decimal]]:
    """What stands on accounts in the book's currency and in that of the documents; without those of nothing."""
    marks = bulk.placeholders(accounts)
    rows = bulk.fetch(
        "SELECT account, CAST(SUM(amount) AS bigint), CAST(SUM(foreign_amount) AS bigint) FROM ledger_moneyentry "
        f"WHERE account IN ({marks}) GROUP BY account",
        [one.value for one in accounts],
    )
    return {account: (to_decimal(amount), to_decimal(foreign)) for account, amount, foreign in rows if amount or foreign}


def documents_of(at: Company, draw: Random, header: dict[str, Any]) -> list[tuple[Document, str, dict[str, Any]]]:
    """A receipt, a return of part of it, a delivery, a return of that: each with the type of its bill."""
    prices = [str(Decimal(draw.randrange(1, 99999)) / 1000) for _ in range(4)]
    lines = [
        {"item": at.item(f"T{n}", tax_rate=Decimal(draw.choice(["0", "0.01", "0.13"]))).pk, "quantity": "7", "unit_price_net": price}
        for n, price in enumerate(prices)
    ]
    buys, sells = {**header, "party": at.supplier.pk}, {**header, "party": at.customer.pk}
    place = at.places["A"].pk
    cut = {"discount_amount": str(Decimal(draw.randrange(0, 90)) / 100)}
    got = at.posted("purchase_receipt", day(1), lines, target_place=place, **buys, **cut)
    back = at.posted("purchase_return", day(2), bill_lines(got, "2"), source_place=place, **buys)
    sold = at.posted("sales_delivery", day(3), [{**line, "quantity": "3"} for line in lines], source_place=place, **sells, **cut)
    came = at.posted("sales_return", day(4), bill_lines(sold, "1"), target_place=place, **sells)
    return [
        (got, "purchase_invoice", buys),
        (back, "purchase_credit_note", buys),
        (sold, "sales_invoice", sells),
        (came, "sales_credit_note", sells),
    ]


def bill_lines(document: Document, quantity: str) -> list[dict[str, Any]]:
    """Lines that name every line of a document, at its price."""
    rows = document.goods_lines.filter(revision=document.revision).order_by("position")
    return [{"item": row.item_id, "quantity": quantity, "unit_price_net": str(row.unit_price_net), "source_line": row.pk} for row in rows]


@pytest.mark.parametrize("taxpayer", ["general_taxpayer", "small_scale_taxpayer"])
@pytest.mark.parametrize("abroad", [False, True], ids=["own", "dollars"])
@pytest.mark.parametrize("seed", range(3))
def test_once_all_is_billed_nothing_waits(taxpayer: str, abroad: bool, seed: int) -> None:
    draw = Random(f"{taxpayer} {abroad} {seed}")
    at = make.company()
    change_book(taxpayer=taxpayer, debts_at="bill")
    header: dict[str, Any] = {}
    if abroad:
        dollar, _ = make.dollars(at, {1: "7.1234"})
        header = {"currency": dollar.pk, "currency_rate": "7.1234"}
    made = documents_of(at, draw, header)
    assert balances(Account.PAYABLE, Account.RECEIVABLE, Account.INPUT_TAX, Account.OUTPUT_TAX) == {}
    assert set(balances(*UNBILLED)) >= {Account.UNBILLED_PAYABLE, Account.UNBILLED_RECEIVABLE}
    bills = []
    for document, type_name, own in made:
        left = document.goods_lines.filter(revision=document.revision).earliest("position").quantity
        while left > 0:
            part = min(left, Decimal(draw.randrange(1, 4000)) / 1000)
            left -= part
            rate = {"currency_rate": draw.choice(["7.1234", "7.2"])} if abroad else {}
            bills.append(at.posted(type_name, day(5), bill_lines(document, str(part)), **{**own, **rate}))
    assert balances(*UNBILLED) == {}
    owed = balances(Account.PAYABLE, Account.RECEIVABLE)
    billed = {one: sum((bill.amount_gross for bill in bills if bill.type == one), Decimal(0)) for one in {bill.type for bill in bills}}
    assert owed[Account.PAYABLE][1] == billed["purchase_credit_note"] - billed["purchase_invoice"]
    assert owed[Account.RECEIVABLE][1] == billed["sales_invoice"] - billed["sales_credit_note"]
    draw.shuffle(bills)
    for number, bill in enumerate(bills):
        at.act(bill, "unpost" if number % 2 else "reverse")
    again = balances(*UNBILLED)
    assert set(again) >= {Account.UNBILLED_PAYABLE, Account.UNBILLED_RECEIVABLE}
    for document, _, _ in reversed(made):
        at.act(document, "reverse")
    assert balances(*UNBILLED) == {}


def test_a_document_keeps_to_what_the_book_said_when_it_was_posted() -> None:
    at = make.company()
    at.item("M6", tax_rate=Decimal("0.13"))
    change_book(debts_at="bill")
    waits = at.receipt(day(1), "10", "10")
    change_book(debts_at="goods")
    owes = at.receipt(day(1), "10", "10")
    assert balances(Account.PAYABLE, Account.UNBILLED_PAYABLE) == {
        Account.PAYABLE: (Decimal(-113), Decimal(-113)),
        Account.UNBILLED_PAYABLE: (Decimal(-100), Decimal(-100)),
    }
    at.posted("purchase_invoice", day(2), [*bill_lines(waits, "10"), *bill_lines(owes, "10")], party=at.supplier.pk)
    assert balances(Account.PAYABLE, Account.UNBILLED_PAYABLE) == {Account.PAYABLE: (Decimal(-226), Decimal(-226))}
    assert [one.ext.get("unbilled") for one in (waits, owes)] == ["net", None]


def test_what_is_posted_again_follows_the_book_of_then() -> None:
    at = make.company()
    change_book(debts_at="bill")
    receipt = at.receipt(day(1), "10", "10")
    at.act(receipt, "unpost")
    change_book(debts_at="goods")
    at.act(receipt)
    assert balances(Account.PAYABLE, Account.UNBILLED_PAYABLE) == {Account.PAYABLE: (Decimal(-100), Decimal(-100))}


def test_there_is_nothing_to_pay_before_the_bill() -> None:
    at = make.company()
    change_book(debts_at="bill")
    receipt = at.receipt(day(1), "10", "10")
    wanted = conversion.Wanted("outgoing_payment", [receipt.pk])
    with pytest.raises(NotBilled, match="还没有可付款的款项"):
        conversion.convert(at.viewer, registry.document("purchase_receipt"), wanted)
    assert queries.open_items_of(receipt.pk) == []


def test_what_is_delivered_and_not_billed_uses_credit() -> None:
    at = make.company()
    change_book(debts_at="bill")
    at.receipt(day(1), "10", "10")
    delivery = at.delivery(day(2), "4", price="20")
    used = credit.exposures([at.customer.pk], {})[at.customer.pk]
    assert (used.receivable, used.unbilled, used.total) == (0, 80_000_000, 80_000_000)
    at.posted("sales_invoice", day(3), bill_lines(delivery, "3"), party=at.customer.pk)
    used = credit.exposures([at.customer.pk], {})[at.customer.pk]
    assert (used.receivable, used.unbilled, used.total) == (60_000_000, 20_000_000, 80_000_000)
