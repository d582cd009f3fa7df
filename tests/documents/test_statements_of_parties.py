"""对账单: made from the books, sent, answered; what changes a confirmed period is told and shows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from hengcang.documents import drafts, many
from hengcang.documents.present import document_json
from hengcang.ledger.models import Posting
from hengcang.ledger.reports import Span
from hengcang.meta import registry
from hengcang.records.models import Document
from hengcang.settlement.batch import state_all
from hengcang.settlement.party_statement import PARTY_STATEMENT
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db
MARCH = {"date_from": "2026-03-01", "date_to": "2026-03-31", "side": "customer"}


def shown(company: Company, document: Document) -> dict[str, Any]:
    """The document as its screen has it."""
    return document_json(company.viewer, PARTY_STATEMENT, document.pk)


def figures(company: Company, document: Document) -> tuple[Any, ...]:
    """Opening, of the period, closing, result, and the lines' amounts and balances."""
    one = shown(company, document)
    lines = [(line["entry_date"], line["document_label"].split(" ")[0], line["amount"], line["balance"]) for line in one["money_lines"]]
    return one["opening"], one["amount_gross"], one["closing"], one["result"], lines


def saved(company: Company, document: Document, **changes: Any) -> None:
    """A save of a draft."""
    document.refresh_from_db()
    drafts.save(company.viewer, PARTY_STATEMENT, document.pk, {"version": document.version, **changes})
    document.refresh_from_db()


def sold(company: Company) -> Document:
    """Two sales and a payment; gives the second sale."""
    company.receipt(day(1), "100", "5")
    company.delivery(day(2), "5")
    first = company.delivery(day(40), "1")
    lines = [{"cash_account": company.bank.pk, "amount": "60"}]
    company.posted("incoming_payment", day(10), lines, party=company.customer.pk)
    return first


def test_a_statement_is_made_of_the_books_and_moves_nothing() -> None:
    company = make.company()
    sold(company)
    before = Posting.objects.count()
    march = company.draft("party_statement", day(31), party=company.customer.pk, **MARCH)
    assert figures(company, march) == (
        "0", "40", "40", "waiting", [("2026-03-02", "销售出库单", "100", "100"), ("2026-03-10", "收款单", "-60", "40")],
    )  # fmt: skip
    april = company.draft(
        "party_statement", day(60), party=company.customer.pk, side="customer", date_from="2026-04-01", date_to="2026-04-30"
    )
    assert figures(company, april)[:3] == ("40", "20", "60")
    company.act(march)
    assert Posting.objects.count() == before
    assert march.number.startswith("DZD-")


def test_until_it_is_sent_it_follows_the_books_and_then_it_stays() -> None:
    company = make.company()
    company.receipt(day(1), "100", "5")
    march = company.draft("party_statement", day(31), party=company.customer.pk, **MARCH)
    company.delivery(day(3), "2")
    saved(company, march)
    assert figures(company, march)[2] == "40"
    company.act(march)
    company.delivery(day(4), "1")
    company.act(march, "unpost")
    line = shown(company, march)["money_lines"][0]
    saved(company, march, money_lines=[{"id": line["id"], "their_amount": "38", "reason": "少发 1 个"}])
    assert figures(company, march)[1:4] == ("40", "40", "different")
    kept = shown(company, march)["money_lines"][0]
    assert (kept["their_amount"], kept["reason"], kept["amount"]) == ("38", "少发 1 个", "40")
    saved(company, march, remark="再问")
    assert shown(company, march)["money_lines"][0]["their_amount"] == "38"
    saved(company, march, money_lines=[{"id": shown(company, march)["money_lines"][0]["id"], "their_amount": None}], confirmed_by="王会计")
    assert figures(company, march)[3] == "waiting"
    saved(company, march, confirmed_on="2026-04-02")
    assert figures(company, march)[3] == "confirmed"


def confirmed(company: Company) -> Document:
    """March, confirmed by the customer."""
    march = company.draft("party_statement", day(31), party=company.customer.pk, **MARCH)
    company.act(march)
    company.act(march, "unpost")
    saved(company, march, confirmed_on="2026-04-02", confirmed_by="王会计")
    company.act(march)
    return march


def test_what_changes_a_confirmed_period_is_told_and_shows() -> None:
    company = make.company()
    later = sold(company)
    march = confirmed(company)
    assert list(registry.reports()["statement_changes"].run(company.viewer, {}).rows) == []
    late = company.draft("sales_delivery", day(20), [{"item": company.item("M6").pk, "quantity": "1", "unit_price_net": "20"}],
                         party=company.customer.pk, source_place=company.places["A"].pk)  # fmt: skip
    told = company.act(late)["warnings"]
    assert [one["code"] for one in told] == ["confirmed_period"]
    assert march.number in told[0]["message"] and "顺达商行" in told[0]["message"]
    assert company.act(later, "unpost")["warnings"] == [], "April is not confirmed"
    (row,) = registry.reports()["statement_changes"].run(company.viewer, {}).rows
    assert (row["closing"], row["current"], row["change"], row["result"]) == ("40", "60", "20", "confirmed")
    assert [one["code"] for one in company.act(late, "unpost")["warnings"]] == ["confirmed_period"]
    assert list(registry.reports()["statement_changes"].run(company.viewer, {}).rows) == []
    (row,) = registry.reports()["statement_changes"].run(company.viewer, {"which": "all"}).rows
    assert row["change"] == "0"


def test_a_command_makes_one_for_everybody_with_a_balance() -> None:
    company = make.company()
    sold(company)
    assert len(state_all(company.viewer, "customer", Span(day(1), day(31)))) == 1
    (supplier,) = state_all(company.viewer, "supplier", Span(day(1), day(31)))
    assert figures(company, Document.objects.get(pk=supplier))[:4] == ("0", "500", "500", "waiting")


def test_an_imported_statement_is_filled_too() -> None:
    company = make.company()
    sold(company)
    raw = {"party": company.customer.pk, "document_date": "2026-04-01", **MARCH}
    with transaction.atomic():
        (made,) = many.insert([many.Draft(company.viewer, PARTY_STATEMENT, raw)])
    assert figures(company, Document.objects.get(pk=made.document))[:3] == ("0", "40", "40")
