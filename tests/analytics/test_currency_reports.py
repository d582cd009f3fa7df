"""往来 in foreign currency: ledger, ageing and open items of one currency, statements of one, and what is on paper."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from hengcang.base import clock
from hengcang.core.currency_errors import CurrencyAndOwn
from hengcang.core.errors import HengcangError, StatementSent
from hengcang.documents import drafts, printing
from hengcang.documents.present import document_json
from hengcang.ledger.reports import Span
from hengcang.meta import registry
from hengcang.places.models import CurrencyRate
from hengcang.records.models import Document
from hengcang.settlement.batch import state_all
from hengcang.settlement.party_statement import PARTY_STATEMENT
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db
MARCH = {"date_from": "2026-03-01", "date_to": "2026-03-31", "side": "customer"}


class Seller:
    """A customer who owes 100 dollars at 7.10, of which 40 were paid at 7.20, and 50 yuan; both due in thirty days."""

    def __init__(self) -> None:
        self.company = make.company()
        self.dollar, self.bank = make.dollars(self.company, {1: "7.10", 10: "7.20"})
        self.company.receipt(day(1), "100", "1")
        self.first = self.sell(day(5), "10", currency=self.dollar.pk)
        self.sell(day(6), "5")
        lines = [{"cash_account": self.bank.pk, "amount": "40"}, {"cleared_document": self.first.pk, "amount": "40"}]
        self.company.posted("incoming_payment", day(12), lines, party=self.company.customer.pk, currency=self.dollar.pk)

    def sell(self, on: Any, quantity: str, **header: Any) -> Document:
        """A sale at 10 apiece."""
        lines = [{"item": self.company.item().pk, "quantity": quantity, "unit_price_net": "10"}]
        where = {"party": self.company.customer.pk, "source_place": self.company.places["A"].pk}
        return self.company.posted("sales_delivery", on, lines, **where, **header)

    def report(self, name: str, **parameters: Any) -> Any:
        """A report of the customer's."""
        given = {"party": self.company.customer.pk, "side": "customer", **parameters}
        return registry.reports()[name].run(self.company.viewer, given)

    def statement(self, **header: Any) -> Document:
        """A draft of March."""
        return self.company.draft("party_statement", day(31), party=self.company.customer.pk, **MARCH, **header)


def ledger(found: Any) -> list[tuple[Any, ...]]:
    """The rows of a ledger: debit, credit, balance, in foreign currency, and what is left of it."""
    return [(*(row.get(name) for name in ("debit", "credit", "balance", "foreign_amount", "foreign_balance")),) for row in found.rows]


def test_the_ledger_of_one_currency_runs_in_it_and_in_the_books() -> None:
    at = Seller()
    dates = {"date_from": day(1), "date_to": day(31)}
    found = at.report("party_ledger", currency=at.dollar.pk, **dates)
    assert ledger(found) == [(None, None, "0", None, "0"), ("710", None, "710", "100", "100"), (None, "284", "426", "-40", "60")]
    totals = {"debit": "710", "credit": "284", "balance": "426", "foreign_amount": "60", "foreign_balance": "60"}
    assert found.totals == totals
    later = at.report("party_ledger", currency=at.dollar.pk, date_from=day(10), date_to=day(31))
    assert ledger(later) == [(None, None, "710", None, "100"), (None, "284", "426", "-40", "60")]
    own = at.report("party_ledger", currencies="own_currency", **dates)
    assert ledger(own) == [(None, None, "0", None, None), ("50", None, "50", None, None)]
    everything = at.report("party_ledger", **dates)
    assert [row[2] for row in ledger(everything)] == ["0", "710", "760", "476"] and everything.totals["balance"] == "476"
    cut = registry.reports()["party_ledger"].run(
        at.company.viewer, {"party": at.company.customer.pk, "side": "customer", "currency": at.dollar.pk, **dates}, 1
    )
    assert cut.truncated and cut.totals == totals
    with pytest.raises(CurrencyAndOwn):
        at.report("party_ledger", currency=at.dollar.pk, currencies="own_currency")


def test_a_revaluation_changes_the_books_side_of_a_ledger_only() -> None:
    at = Seller()
    CurrencyRate.objects.create(currency=at.dollar, rate_date=day(31), rate=Decimal("7.25"))
    with clock.standing_at(datetime(2026, 4, 5, 10, tzinfo=timezone(timedelta(hours=8)))):
        at.company.posted("period_close", day(31))
        found = at.report("party_ledger", currency=at.dollar.pk, date_from=day(20), date_to=day(40))
    # 60 dollars at 7.25 are 435; on the day after they stand at what they came in at.
    assert ledger(found)[1:] == [("9", None, "435", "0", "60"), (None, "9", "426", "0", "60")]


AGES = ("owed", "not_due", "days_30", "advance", "net", "currency", "foreign_amount", "book_amount")


def aged(found: Any) -> list[tuple[Any, ...]]:
    """The rows of an ageing."""
    return [tuple(row.get(name) for name in AGES) for row in found.rows]


def test_debts_age_by_currency_in_the_books_and_of_one_currency_in_it() -> None:
    at = Seller()
    found = at.report("ageing", day=day(35))
    assert aged(found) == [
        ("50", "50", "0", "0", "50", None, None, None),
        ("426", "426", "0", "0", "426", "USD", "60", None),
    ]
    assert (found.totals["net"], "foreign_amount" in found.totals) == ("476", False)
    found = at.report("ageing", day=day(36), currency=at.dollar.pk)
    assert aged(found) == [("60", "0", "60", "0", "60", "USD", "60", "426")]
    assert (found.totals["net"], found.totals["book_amount"]) == ("60", "426")
    assert "各列金额以 USD 计" in found.note
    assert [row["currency_asked"] for row in found.rows] == [at.dollar.pk]
    assert aged(at.report("ageing", day=day(36), currencies="own_currency")) == [("50", "50", "0", "0", "50", None, None, None)]
    assert aged(at.report("ageing", day=day(11), currency=at.dollar.pk)) == [("100", "100", "0", "0", "100", "USD", "100", "710")]


def test_open_items_of_one_currency_are_summed_in_it() -> None:
    at = Seller()
    for asked in ({}, {"day": day(31)}):
        found = at.report("open_items", currency=at.dollar.pk, **asked)
        assert [(row["open"], row["foreign_amount"]) for row in found.rows] == [("426", "60")]
        assert found.totals == {"amount": "710", "open": "426", "foreign_amount": "60"}
        own = at.report("open_items", currencies="own_currency", **asked)
        assert [row["open"] for row in own.rows] == ["50"] and own.totals == {"amount": "50", "open": "50"}
        assert at.report("open_items", **asked).totals == {"amount": "760", "open": "476"}


def test_a_statement_in_dollars_is_answered_printed_and_told_apart() -> None:
    at = Seller()
    draft = at.statement(currency=at.dollar.pk)
    shown = document_json(at.company.viewer, PARTY_STATEMENT, draft.pk)
    assert [shown[name] for name in ("opening", "amount_gross", "closing", "closing_book")] == ["0", "60", "60", "426"]
    assert [(row["amount"], row["balance"], row["book_amount"]) for row in shown["money_lines"]] == [
        ("100", "100", "710"), ("-40", "60", "-284"),
    ]  # fmt: skip
    at.company.act(draft)
    data = printing.data_of(at.company.viewer, PARTY_STATEMENT, document_json(at.company.viewer, PARTY_STATEMENT, draft.pk))
    assert {"label": "币别", "value": "美元"} in data["header"] and {"label": "期末折本位币", "value": "426.00"} in data["header"]
    assert [one["label"] for one in data["columns"]][3:] == ["我方金额", "余额", "折本位币"]
    assert (data["totals"][3:], data["words"]) == (["60.00", "", "426.00"], "美元陆拾元整")
    assert printing.print_document(at.company.viewer, PARTY_STATEMENT, draft.pk, "standard").startswith(b"%PDF")
    own = at.statement(currencies="own_currency")
    kept = printing.data_of(at.company.viewer, PARTY_STATEMENT, document_json(at.company.viewer, PARTY_STATEMENT, own.pk))
    assert [one["label"] for one in kept["columns"]][3:] == ["我方金额", "余额"] and kept["words"] == "伍拾元整"


@pytest.mark.parametrize("change", ["party", "side", "date_to", "currency", "currencies"])
def test_what_a_sent_statement_was_asked_for_stays(change: str) -> None:
    at = Seller()
    sent = at.statement(currency=at.dollar.pk)
    at.company.act(sent)
    at.company.act(sent, "unpost")
    other = {
        "party": at.company.supplier.pk, "side": "supplier", "date_to": "2026-03-30", "currency": None, "currencies": "own_currency",
    }  # fmt: skip
    with pytest.raises(StatementSent):
        drafts.save(at.company.viewer, PARTY_STATEMENT, sent.pk, {"version": sent.version, change: other[change]})
    drafts.save(at.company.viewer, PARTY_STATEMENT, sent.pk, {"version": sent.version, "their_closing": "60", "confirmed_on": "2026-04-01"})
    sent.refresh_from_db()
    assert (sent.ext["result"], sent.ext["closing"]) == ("confirmed", "60")


def test_statements_of_one_currency_are_made_for_whom_it_concerns() -> None:
    at = Seller()
    span = Span(day(1), day(31))
    (made,) = state_all(at.company.viewer, "customer", span, at.dollar)
    assert Document.objects.get(pk=made).ext["closing"] == "60"
    assert state_all(at.company.viewer, "supplier", span, at.dollar) == []
    lines = [{"cash_account": at.bank.pk, "amount": "60"}, {"cleared_document": at.first.pk, "amount": "60"}]
    at.company.posted("incoming_payment", day(31), lines, party=at.company.customer.pk, currency=at.dollar.pk)
    assert state_all(at.company.viewer, "customer", Span(day(32), day(60)), at.dollar) == []
    assert len(state_all(at.company.viewer, "customer", Span(day(32), day(60)))) == 1


def test_a_statement_needs_no_rate() -> None:
    at: Company = make.company()
    dollar, _ = make.dollars(at, {})
    made = at.draft("party_statement", day(31), party=at.customer.pk, currency=dollar.pk, **MARCH)
    assert (made.ext["closing"], made.ext["closing_book"], made.currency_rate) == ("0", "0", Decimal(1))
    with pytest.raises(HengcangError) as refused:
        at.draft("outgoing_payment", day(31), [{"amount": "1"}], party=at.supplier.pk, currency=dollar.pk)
    assert refused.value.code == "currency_rate_missing"
