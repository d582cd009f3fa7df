"""对账单: made from the books, sent, answered; what changes a confirmed period is told and shows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from hengcang.access.viewer import Viewer
from hengcang.core.errors import NotFound, SideKept, StatementIncomplete
from hengcang.documents import drafts, many
from hengcang.documents.present import document_json
from hengcang.documents.scope import in_sight
from hengcang.ledger.models import Posting
from hengcang.ledger.reports import Span
from hengcang.meta import registry
from hengcang.meta.dataset import dataset_of
from hengcang.meta.declarations import DocumentType
from hengcang.meta.query import Query, run
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


def test_who_may_not_see_the_prices_of_a_side_makes_and_sees_no_statement_of_it() -> None:
    company = make.company()
    sold(company)
    rights = frozenset({("party_statement", "*"), ("party", "view"), ("customer", "view"), ("supplier", "view")})
    parties = {"customer": company.customer.pk, "supplier": company.supplier.pk}
    for side, mask, other in (("customer", "sales_price", "supplier"), ("supplier", "purchase_price", "customer")):
        clerk = Viewer(company.viewer.user_id, "甲", permissions=rights, masks=frozenset({mask}))
        raw = {**MARCH, "document_date": "2026-03-31"}
        for insert in (drafts.create, inserted):
            before = Document.objects.count()
            with pytest.raises(SideKept):
                insert(clerk, PARTY_STATEMENT, {**raw, "side": side, "party": parties[side]})
            assert Document.objects.count() == before
        mine = drafts.create(clerk, PARTY_STATEMENT, {**raw, "side": other, "party": parties[other]})["document"]
        assert document_json(clerk, PARTY_STATEMENT, mine)["closing"] != "0"
        theirs = drafts.create(company.viewer, PARTY_STATEMENT, {**raw, "side": side, "party": parties[side]})["document"]
        with pytest.raises(NotFound):
            document_json(clerk, PARTY_STATEMENT, theirs)
        rows = run(dataset_of(PARTY_STATEMENT), Query(columns=("side",)), clerk).rows
        assert {row["side"] for row in rows} == {other} and in_sight(clerk, [mine, theirs]) == {mine}
        with pytest.raises(SideKept):
            drafts.save(clerk, PARTY_STATEMENT, mine, {"side": side, "party": parties[side], "version": 1})


def inserted(viewer: Viewer, declaration: DocumentType, raw: dict[str, Any]) -> None:
    """As an import makes it."""
    with transaction.atomic():
        many.insert([many.Draft(viewer, declaration, raw)])


def test_a_statement_is_made_by_who_may_see_all_that_it_tells_of() -> None:
    company = make.company()
    sold(company)
    rights = frozenset({("party_statement", "*"), ("party", "view"), ("customer", "view")})
    raw = {**MARCH, "party": company.customer.pk, "document_date": "2026-03-31"}
    only = {name: frozenset({place.pk}) for name, place in company.places.items()}
    near = Viewer(company.viewer.user_id, "甲", permissions=rights, scopes={"warehouse": only["A"]})
    assert document_json(near, PARTY_STATEMENT, drafts.create(near, PARTY_STATEMENT, raw)["document"])["closing"] == "40"
    far = Viewer(company.viewer.user_id, "乙", permissions=rights, scopes={"warehouse": only["B"]})
    with pytest.raises(StatementIncomplete) as refused:
        drafts.create(far, PARTY_STATEMENT, raw)
    assert "顺达商行在 2026-03-31 以前有您无权查看的单据" in refused.value.message()
    with pytest.raises(StatementIncomplete):
        drafts.create(far, PARTY_STATEMENT, {**raw, "date_from": "2026-03-15"})


def test_what_changed_is_asked_for_before_the_page_is_cut(django_assert_num_queries: Any) -> None:
    company = make.company()
    sold(company)
    for last in ("2026-03-05", "2026-03-31", "2026-03-12"):
        company.act(company.draft("party_statement", day(31), party=company.customer.pk, **{**MARCH, "date_to": last}))
    late = company.delivery(day(20), "1")
    report = registry.reports()["statement_changes"].run
    with django_assert_num_queries(1):
        page = report(company.viewer, {}, 1)
    assert [(row["date_to"], row["change"]) for row in page.rows] == [("2026-03-31", "20")] and not page.truncated
    assert len(report(company.viewer, {"which": "all"}, 2).rows) == 2 and report(company.viewer, {"which": "all"}, 2).truncated
    assert len(list(report(company.viewer, {"which": "all"}, None).rows)) == 3
    assert list(report(company.viewer, {"which": "all", "party": company.supplier.pk}).rows) == []
    company.act(late, "unpost")
    assert list(report(company.viewer, {}).rows) == []


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
