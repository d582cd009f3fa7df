"""Foreign currency: what is booked at which rate, and that an item wholly cleared leaves no cent in either currency."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.db.models import Sum

from hengcang.base import clock
from hengcang.core.errors import HengcangError
from hengcang.ledger.models import MoneyEntry, OpenItem
from hengcang.places.models import CurrencyRate
from tests import make

pytestmark = pytest.mark.django_db


class Abroad:
    """A company that buys and sells in dollars: 7.10 from March 1 on, 7.20 from March 10 on."""

    def __init__(self) -> None:
        self.company = make.company()
        self.dollar, self.bank = make.dollars(self.company, {1: "7.10", 10: "7.20"})

    def buy(self, on: date, quantity: str = "3", price: str = "33.33", **header: object):
        """A posted receipt in dollars."""
        lines = [{"item": self.company.item().pk, "quantity": quantity, "unit_price_net": price}]
        place = self.company.places["A"].pk
        return self.company.posted(
            "purchase_receipt", on, lines, party=self.company.supplier.pk, target_place=place, currency=self.dollar.pk, **header
        )

    def pay(self, on: date, amount: str, document: int, **header: object):
        """A payment in dollars that clears a document."""
        lines = [{"cash_account": self.bank.pk, "amount": amount}, {"cleared_document": document, "amount": amount}]
        return self.company.posted("outgoing_payment", on, lines, party=self.company.supplier.pk, currency=self.dollar.pk, **header)


def balances() -> dict[str, tuple[str, str]]:
    """Book and foreign balance by account, where either is not zero."""
    rows = MoneyEntry.objects.values_list("account").annotate(a=Sum("amount"), f=Sum("foreign_amount")).order_by("account")
    return {account: (f"{a:.2f}", f"{f:.2f}") for account, a, f in rows if a or f}


def test_a_receipt_takes_the_newest_rate_and_two_payments_at_another_leave_no_cent() -> None:
    abroad = Abroad()
    receipt = abroad.buy(make.day(5))
    assert receipt.currency_rate == Decimal("7.1")
    assert receipt.amount_gross == Decimal("99.99")
    item = OpenItem.objects.get(document=receipt)
    assert (item.open, item.foreign_open) == (Decimal("-709.93"), Decimal("-99.99"))
    abroad.pay(make.day(12), "33.33", receipt.pk)
    item.refresh_from_db()
    assert (item.open, item.foreign_open) == (Decimal("-473.29"), Decimal("-66.66"))
    assert balances()["5603.05"] == ("3.34", "0.00")
    payment = abroad.pay(make.day(20), "66.66", receipt.pk)
    item.refresh_from_db()
    assert (item.open, item.foreign_open) == (Decimal(0), Decimal(0))
    assert balances() == {
        "1002": ("-719.93", "-99.99"),
        "2202.99": ("709.93", "99.99"),
        "5603.05": ("10.00", "0.00"),
    }
    abroad.company.act(payment, "unpost")
    item.refresh_from_db()
    assert (item.open, item.foreign_open) == (Decimal("-473.29"), Decimal("-66.66"))
    abroad.company.act(payment)
    abroad.company.act(payment, "reverse")
    item.refresh_from_db()
    assert (item.open, item.foreign_open) == (Decimal("-473.29"), Decimal("-66.66"))


def test_a_debt_and_a_return_at_two_rates_meet_with_an_exchange_difference() -> None:
    abroad = Abroad()
    receipt = abroad.buy(make.day(5), "10", "10")
    lines = [{"item": abroad.company.item().pk, "quantity": "4", "unit_price_net": "10"}]
    back = abroad.company.posted(
        "purchase_return",
        make.day(12),
        lines,
        party=abroad.company.supplier.pk,
        source_place=abroad.company.places["A"].pk,
        currency=abroad.dollar.pk,
    )
    clearing = [{"cleared_document": receipt.pk, "amount": "40"}, {"cleared_document": back.pk, "amount": "-40"}]
    payment = abroad.company.posted("outgoing_payment", make.day(12), clearing, party=abroad.company.supplier.pk, currency=abroad.dollar.pk)
    left = {one.document_id: (one.open, one.foreign_open) for one in OpenItem.objects.all()}
    assert left[receipt.pk] == (Decimal("-426"), Decimal("-60"))
    assert left[back.pk] == (Decimal(0), Decimal(0))
    assert balances()["5603.05"] == ("4.00", "0.00")
    abroad.company.act(payment, "unpost")
    left = {one.document_id: (one.open, one.foreign_open) for one in OpenItem.objects.all()}
    assert left == {receipt.pk: (Decimal("-710"), Decimal("-100")), back.pk: (Decimal("288"), Decimal("40"))}
    abroad.company.act(payment)
    abroad.company.act(payment, "reverse")
    left = {one.document_id: (one.open, one.foreign_open) for one in OpenItem.objects.exclude(open=0)}
    assert left == {receipt.pk: (Decimal("-710"), Decimal("-100")), back.pk: (Decimal("288"), Decimal("40"))}


def test_amounts_of_a_line_with_tax_are_booked_to_the_cent_and_balance() -> None:
    abroad = Abroad()
    item = abroad.company.item("T", tax_rate=Decimal("0.13"))
    lines = [{"item": item.pk, "quantity": "1", "unit_price_net": price} for price in ("0.33", "0.35", "7.77")]
    receipt = abroad.company.posted(
        "purchase_receipt",
        make.day(5),
        lines,
        party=abroad.company.supplier.pk,
        target_place=abroad.company.places["A"].pk,
        currency=abroad.dollar.pk,
        currency_rate="7.1234",
    )
    rows = dict(MoneyEntry.objects.filter(posting__document=receipt).values_list("account", "amount"))
    assert rows == {"2202.99": Decimal("60.19"), "2221.01.01": Decimal("7.84"), "2202": Decimal("-68.03")}


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        ({"cash": "own"}, "invalid_document", "第 1 行：结算账户“基本户”是CNY账户，本单是USD。请改选账户，或改单据的币别。"),
        ({"currency": None}, "clearing_mismatch", "第 2 行：CGRK-20260305-0001 币别与本单不同，不能在这里核销。请另选单据。"),
        ({"day": -5}, "currency_rate_missing", "美元 在 2026-02-23 及以前没有汇率。请在单头填写汇率，或先在“币别”中登记。"),
    ],
)
def test_what_does_not_fit_the_currency_is_refused_and_changes_nothing(change: dict[str, object], code: str, message: str) -> None:
    abroad = Abroad()
    receipt = abroad.buy(make.day(5))
    before = MoneyEntry.objects.count()
    account = abroad.company.bank if "cash" in change or "currency" in change else abroad.bank
    lines = [{"cash_account": account.pk, "amount": "5"}, {"cleared_document": receipt.pk, "amount": "5"}]
    currency = None if "currency" in change else abroad.dollar.pk
    on = make.day(int(str(change.get("day", 12))))
    with pytest.raises(HengcangError) as refusal:
        abroad.company.posted("outgoing_payment", on, lines, party=abroad.company.supplier.pk, currency=currency)
    errors = getattr(refusal.value, "errors", [refusal.value])
    assert (refusal.value.code, str(errors[0].message())) == (code, message)
    assert MoneyEntry.objects.count() == before


def closed(abroad: Abroad, on: date):
    """The posted closing of a month."""
    return abroad.company.posted("period_close", on)


def as_of(on: date) -> dict[str, str]:
    """Book balance by account at the end of a day."""
    rows = MoneyEntry.objects.filter(document_date__lte=on).values_list("account").annotate(a=Sum("amount"))
    return {account: f"{amount:.2f}" for account, amount in rows if amount}


def test_a_month_end_between_receipt_and_payments_revalues_and_each_month_bears_its_own() -> None:
    abroad = Abroad()
    receipt = abroad.buy(make.day(5), "10", "10")
    abroad.pay(make.day(12), "40", receipt.pk)
    assert as_of(make.day(31)) == {"1002": "-288.00", "2202": "-426.00", "2202.99": "710.00", "5603.05": "4.00"}
    CurrencyRate.objects.create(currency=abroad.dollar, rate_date=make.day(31), rate=Decimal("7.25"))
    CurrencyRate.objects.create(currency=abroad.dollar, rate_date=make.day(35), rate=Decimal("7.20"))
    with clock.standing_at(datetime(2026, 4, 5, 10, tzinfo=timezone(timedelta(hours=8)))):
        closing = closed(abroad, make.day(31))
        # 60 dollars owed: 435 − 426; 40 dollars paid out of an account of dollars that stands at −288: −290.
        assert as_of(make.day(31)) == {"1002": "-290.00", "2202": "-435.00", "2202.99": "710.00", "5603.05": "15.00"}
        assert as_of(make.day(32)) == {"1002": "-290.00", "2202": "-426.00", "2202.99": "710.00", "5603.05": "6.00"}
        item = OpenItem.objects.get(document=receipt)
        assert (item.open, item.foreign_open) == (Decimal("-426"), Decimal("-60"))
        last = abroad.pay(make.day(35), "60", receipt.pk)
        item.refresh_from_db()
        assert (item.open, item.foreign_open) == (Decimal(0), Decimal(0))
        assert as_of(make.day(35)) == {"1002": "-722.00", "2202.99": "710.00", "5603.05": "12.00"}
        abroad.company.act(closing, "unpost")
        assert as_of(make.day(31)) == {"1002": "-288.00", "2202": "-426.00", "2202.99": "710.00", "5603.05": "4.00"}
        assert as_of(make.day(35)) == {"1002": "-720.00", "2202.99": "710.00", "5603.05": "10.00"}
        abroad.company.act(closing)
        assert as_of(make.day(31))["2202"] == "-435.00"
        abroad.company.act(last, "unpost")
        item = OpenItem.objects.get(document=receipt)
        assert (item.open, item.foreign_open) == (Decimal("-426"), Decimal("-60"))
