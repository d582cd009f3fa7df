"""Currency exchange: what each side is booked at, drafts that keep the right rate, loading in bulk, and the checks of it."""

from __future__ import annotations

import re
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.db.models import Sum

from hengcang.accounting import journal
from hengcang.base import clock
from hengcang.base.append_only import lifted
from hengcang.core.amounts import share, to_decimal, to_micro
from hengcang.documents import books, drafts, many
from hengcang.ledger import check
from hengcang.ledger.models import APPEND_ONLY, MoneyEntry, Posting
from hengcang.ledger.request import Appended
from hengcang.meta import registry
from hengcang.places.models import CashAccount, Currency, CurrencyRate, ExpenseCategory
from hengcang.records.models import Document, MoneyLine
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db
EXCHANGE = "currency_exchange"


class Exchanger:
    """A company with accounts in its own money, in dollars (7.10, from March 10 on 7.20) and in euros (7.80)."""

    def __init__(self) -> None:
        self.company = make.company()
        self.dollar, self.dollars = make.dollars(self.company, {1: "7.10", 10: "7.20"})
        euro = Currency.objects.create(code="EUR", name="欧元")
        CurrencyRate.objects.create(currency=euro, rate_date=day(1), rate=Decimal("7.80"))
        self.euros = CashAccount.objects.create(code="E1", name="欧元户", kind="bank", currency=euro)
        self.own = self.company.bank

    def line(self, source: CashAccount, amount: str, target: CashAccount, received: str, **more: object) -> dict[str, object]:
        """A line as the API takes it."""
        return {"cash_account": source.pk, "amount": amount, "target_account": target.pk, "target_amount": received, **more}

    def saved(self, document: Document, **line: object) -> MoneyLine:
        """A draft whose only line is changed; the line afterwards."""
        old = document.money_lines.get(revision=document.revision)
        raw = {"version": document.version, "money_lines": [{"id": old.pk, **line}]}
        drafts.save(self.company.viewer, registry.document(EXCHANGE), document.pk, raw)
        document.refresh_from_db()
        return document.money_lines.get(revision=document.revision)


def entries(document: Document) -> list[tuple[str, str, str, str]]:
    """Account, amount, currency and amount in it, of every entry of a document."""
    rows = MoneyEntry.objects.filter(posting__document=document).order_by("id")
    return [(one.account, f"{one.amount:.2f}", one.currency, f"{one.foreign_amount:.2f}") for one in rows]


def test_each_side_stands_in_its_own_currency_and_the_voucher_balances_in_the_books() -> None:
    at = Exchanger()
    sold = at.company.posted(EXCHANGE, day(12), [at.line(at.dollars, "33.33", at.own, "239.31", fee="0.07")])
    # 33.40 × 7.20 = 240.48; 0.07 × 7.20 = 0.504.
    assert entries(sold) == [
        ("1002", "239.31", "CNY", "239.31"),
        ("5603.04", "0.50", "USD", "0.07"),
        ("1002", "-240.48", "USD", "-33.40"),
        ("5603.05", "0.67", "USD", "0.00"),
    ]
    assert sold.amount_gross == Decimal("239.98")
    bought = at.company.posted(EXCHANGE, day(12), [at.line(at.own, "720", at.dollars, "100", fee="3")])
    assert entries(bought) == [
        ("1002", "720.00", "USD", "100.00"),
        ("5603.04", "3.00", "CNY", "3.00"),
        ("1002", "-723.00", "CNY", "-723.00"),
    ]
    assert [row.ext["bank_rate"] for row in MoneyLine.objects.order_by("id")] == ["7.180018", "7.2"]


def test_amounts_that_stand_the_wrong_way_round_are_told_of() -> None:
    at = Exchanger()
    likely = at.company.draft(EXCHANGE, day(5), money_lines=[at.line(at.dollars, "100", at.own, "700")])
    assert at.company.act(likely)["warnings"] == []
    swapped = at.company.draft(EXCHANGE, day(5), money_lines=[at.line(at.dollars, "700", at.own, "100")])
    [told] = at.company.act(swapped)["warnings"]
    assert told["message"] == "第 1 行：按记账汇率约应转入 4970，填的是 100，差额 4870 记入汇兑损益。请核对两边金额是否填反。"


def test_what_was_exchanged_is_taken_back_to_the_cent_in_every_currency() -> None:
    at = Exchanger()
    lines = [
        at.line(at.dollars, "33.33", at.own, "239.31", fee="0.07"),
        at.line(at.dollars, "50", at.euros, "46", fee="1", fee_from="target"),
    ]
    document = at.company.posted(EXCHANGE, day(12), lines)
    at.company.act(document, "unpost")
    sums = MoneyEntry.objects.values_list("account", "currency").annotate(a=Sum("amount"), f=Sum("foreign_amount"))
    assert [row for row in sums if row[2] or row[3]] == []
    at.company.act(document)
    at.company.act(document, "reverse")
    assert [row for row in sums.all() if row[2] or row[3]] == []
    red = Document.objects.get(reverses=document)
    assert red.amount_gross == Decimal("-599.98")
    assert [row.target_amount for row in red.money_lines.order_by("position")] == [Decimal("-239.31"), Decimal("-46")]


def test_a_draft_takes_the_rates_of_its_day_and_another_currency_does_not_keep_the_old_one() -> None:
    at = Exchanger()
    draft = at.company.draft(EXCHANGE, day(5), [at.line(at.dollars, "10", at.own, "70")])
    assert (draft.money_lines.get().ext["currency_rate"], draft.money_lines.get().ext["target_rate"]) == ("7.1", None)
    assert at.saved(draft, cash_account=at.euros.pk).ext["currency_rate"] == "7.8"
    assert at.saved(draft, currency_rate="7.81").ext["currency_rate"] == "7.81"
    row = at.saved(draft, amount="20")
    assert (row.ext["currency_rate"], row.ext["bank_rate"], row.book_amount) == ("7.81", "3.5", Decimal("156.20"))
    assert draft.amount_gross == Decimal("156.20")
    assert at.saved(draft, cash_account=at.own.pk, target_account=at.dollars.pk).ext["currency_rate"] is None
    assert draft.amount_gross == Decimal(20)


def test_a_copy_takes_the_rate_of_its_own_day() -> None:
    at = Exchanger()
    draft = at.company.draft(EXCHANGE, day(5), [at.line(at.dollars, "10", at.own, "70", currency_rate="6.9")])
    copied = Document.objects.get(pk=drafts.copy(at.company.viewer, registry.document(EXCHANGE), draft.pk)["document"])
    assert copied.money_lines.get().ext["currency_rate"] == "7.2"


def test_exchanges_of_a_loader_are_what_single_drafts_are() -> None:
    at = Exchanger()
    declaration = registry.document(EXCHANGE)
    raw = {"document_date": day(12).isoformat(), "money_lines": [at.line(at.dollars, "100", at.own, "718")]}
    wanted = [many.Draft(at.company.viewer, declaration, raw)] * 2
    many.enter()
    made = many.insert(wanted)
    many.post(wanted, made)
    single = at.company.posted(EXCHANGE, day(12), [at.line(at.dollars, "100", at.own, "718")])
    for one in made:
        document = Document.objects.get(pk=one.document)
        assert (document.amount_gross, entries(document)) == (Decimal(720), entries(single))


def test_the_preview_and_the_journal_show_a_voucher_that_balances() -> None:
    at = Exchanger()
    draft = at.company.draft(EXCHANGE, day(12), [at.line(at.dollars, "100", at.own, "718")])
    seen = books.preview(at.company.viewer, registry.document(EXCHANGE), draft.pk)["postings"][0]["entries"]
    assert [(one["account"], one["debit"], one["credit"]) for one in seen] == [
        ("1002", "718", None), ("1002", None, "720"), ("5603.05", "2", None),
    ]  # fmt: skip
    at.company.act(draft)
    text = "".join(journal.lines("beancount", journal.whole(None, None, day(31))))
    [voucher] = [part for part in text.split("\n\n") if "外币兑换单" in part]
    assert sum(Decimal(one) for one in re.findall(r"(-?[\d.]+) CNY", voucher)) == 0


@pytest.mark.parametrize("seed", range(4))
def test_after_any_exchanges_a_closing_leaves_every_account_at_its_amount_times_the_rate(seed: int) -> None:
    at, pick = Exchanger(), Random(seed)
    accounts = [at.own, at.dollars, at.euros]
    for number in range(12):
        lines = []
        for _ in range(pick.randint(1, 3)):
            source, target = pick.sample(accounts, 2)
            amount, received, fee = (f"{pick.randint(low, 99_999) / 100:.2f}" for low in (1, 10_000, 0))
            fee = fee if pick.random() < 0.5 else "0"
            side = "target" if Decimal(fee) < Decimal(received) and pick.random() < 0.5 else "source"
            lines.append(at.line(source, amount, target, received, fee=fee, fee_from=side))
        document = at.company.posted(EXCHANGE, day(2 + number), lines)
        if pick.random() < 0.3:
            at.company.act(document, pick.choice(("unpost", "reverse")))
        if document.state == "draft":
            at.company.act(document, "void")
    for currency, rate in ((at.dollar, "7.25"), (at.euros.currency, "7.91")):
        CurrencyRate.objects.create(currency=currency, rate_date=day(31), rate=Decimal(rate))
    with clock.standing_at(datetime(2026, 4, 5, 10, tzinfo=timezone(timedelta(hours=8)))):
        closing = at.company.posted("period_close", day(31))
        assert worth(at, "7.25", "7.91")
        at.company.act(closing, "unpost")
        at.company.act(closing)
    assert worth(at, "7.25", "7.91")
    assert {fault.id for fault in check.run()} <= {"I-38"}, "but for the audit rows of April, which nobody sealed"


def worth(at: Exchanger, dollar: str, euro: str) -> bool:
    """Whether every account stands in the books at its amount times its rate, exactly, and something stands there."""
    sums = MoneyEntry.objects.filter(document_date__lte=day(31)).exclude(cash_account=None).values("cash_account").order_by()
    found = {one: (foreign, amount) for one, foreign, amount in sums.values_list("cash_account", Sum("foreign_amount"), Sum("amount"))}
    rates = {at.own.pk: Decimal(1), at.dollars.pk: Decimal(dollar), at.euros.pk: Decimal(euro)}
    return set(found) == set(rates) and all(
        amount == to_decimal(share(to_micro(foreign), to_micro(rates[one]), 1_000_000)) for one, (foreign, amount) in found.items()
    )


TAMPERINGS = (
    ("I-20", "UPDATE records_moneyline SET book_amount=book_amount+10000"),
    ("I-25", "UPDATE records_moneyline SET target_amount=target_amount+10000"),
    ("I-25", "UPDATE ledger_moneyentry SET foreign_amount=foreign_amount-10000 WHERE foreign_amount<0"),
    ("I-55", "UPDATE ledger_moneyentry SET amount=amount+10000 WHERE account='5603.05'"),
)


def tamper(statement: str) -> None:
    """One statement past every guard."""
    with ExitStack() as stack, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        stack.enter_context(lifted(APPEND_ONLY))
        cursor.execute(statement)
        assert cursor.rowcount > 0


@pytest.mark.tampers
@pytest.mark.parametrize(("name", "statement"), TAMPERINGS)
def test_the_checks_find_an_exchange_that_is_not_what_its_lines_say(name: str, statement: str) -> None:
    at = Exchanger()
    document = at.company.posted(EXCHANGE, day(12), [at.line(at.dollars, "100", at.own, "718")])
    assert name not in {fault.id for fault in check.run()}
    tamper(statement)
    assert name in {fault.id for fault in check.run()}
    touched = {fault.id for fault in check.check_posting(Appended(Posting.objects.get(document=document).pk))}
    assert ("I-25" in touched) is (name == "I-55")


@pytest.mark.tampers
def test_money_does_not_change_its_currency_on_the_way_where_nothing_is_exchanged() -> None:
    at: Company = Exchanger().company
    category = ExpenseCategory.objects.filter(direction="income")[0].pk
    fresh = at.posted("other_income", day(3), [{"category": category, "amount": "5", "cash_account": at.bank.pk}])
    tamper("UPDATE ledger_moneyentry SET currency='USD' WHERE account='1002'")
    assert "I-25" in {fault.id for fault in check.run()}
    assert {fault.id for fault in check.check_posting(Appended(Posting.objects.get(document=fresh).pk))} == {"I-25"}
