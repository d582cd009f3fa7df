"""成本纠缠 Decisions on descent that an entry elsewhere turns: the books keep from where they were made, and load that.

In both histories goods of A仓 cover what B仓 lacked, and their cost flows into the short issue. An entry made later but
dated between lets goods of that issue into A仓, at a value that changes no cost of A仓: nothing but the kept decision
tells that B仓 must be valued anew.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from hengcang.base.book import change_book
from hengcang.ledger import check, store
from hengcang.ledger.models import CostPool, CostTangle, StockMove
from hengcang.places.models import Place
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def company_with(reference: str) -> Company:
    """A company with a third warehouse, cost pools by warehouse, negative stock allowed, and an item with a reference cost."""
    company = make.company(negative_stock="allow")
    change_book(pool_kind="warehouse")
    company.places["D"] = Place.objects.create(code="D", name="D仓", kind="warehouse", negative_stock="allow")
    company.item(reference_cost=Decimal(reference))
    return company


def sold_and_returned(company: Company) -> tuple[Document, Callable[[], Document]]:
    """The short issue is a sale; the entry is its return into A仓."""
    company.receipt(day(1), "5", "10")
    sold = company.delivery(day(2), "4", place="B")
    company.transfer(day(10), "5", "A", "B")
    back = [{"item": company.item().pk, "quantity": "2", "unit_price_net": "20", "source_line": sold.goods_lines.get().pk}]
    where = {"party": company.customer.pk, "target_place": company.places["A"].pk}
    return sold, lambda: company.posted("sales_return", day(5), back, **where)


def sent_and_sent_on(company: Company) -> tuple[Document, Callable[[], Document]]:
    """The short issue is a transfer to D仓; the entry sends those goods on to A仓."""
    company.receipt(day(1), "5", "10")
    sent = company.transfer(day(2), "4", "B", "D")
    company.transfer(day(10), "5", "A", "B")
    return sent, lambda: company.transfer(day(5), "4", "D", "A")


def net(document: Document) -> Decimal:
    """The net value of the one move of a document."""
    move = StockMove.objects.get(line__document=document, corrects=None)
    return sum((row.value for row in StockMove.objects.filter(corrects=move).exclude(entry_kind="variance")), move.value)


HISTORIES = (sold_and_returned, sent_and_sent_on)


@pytest.mark.parametrize("history", HISTORIES)
def test_an_entry_that_turns_a_decision_values_the_short_issue_anew_and_undoing_it_turns_it_back(
    history: Callable[[Company], tuple[Document, Callable[[], Document]]],
) -> None:
    company = company_with("9")
    short, enter = history(company)
    issue = StockMove.objects.get(line__document=short, corrects=None)
    covering = StockMove.objects.get(kind="transfer", document_date=day(10), corrects=None)
    kept = CostTangle.objects.get()
    assert (kept.pool_id, kept.start_day, kept.start_sequence) == (issue.source_pool_id, issue.day, issue.sequence)
    assert (kept.end_day, kept.end_sequence) == (covering.day, covering.sequence)
    assert kept.leaf == (issue.pk if history is sold_and_returned else None)
    assert net(short) == 40
    before = list(CostPool.objects.order_by("id").values_list("quantity", "value"))
    late = enter()
    assert net(short) == 36
    assert StockMove.objects.filter(corrects=covering, entry_kind="variance").count() == 1
    assert CostTangle.objects.get().leaf is None
    assert check.run() == []
    company.act(late, "unpost")
    assert net(short) == 40
    assert list(CostPool.objects.order_by("id").values_list("quantity", "value")) == before
    assert check.run() == []


@pytest.mark.tampers
@pytest.mark.parametrize("history", HISTORIES)
def test_without_the_kept_decisions_the_books_would_differ_from_a_replay_from_the_beginning(
    history: Callable[[Company], tuple[Document, Callable[[], Document]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    company = company_with("9")
    short, enter = history(company)
    monkeypatch.setattr(store, "tangled_starts", lambda work, starts: {})
    enter()
    assert net(short) == 40
    assert {fault.id for fault in check.run()} == {"I-51"}


def test_an_entry_after_the_covering_goods_turns_nothing_and_loads_no_more() -> None:
    company = company_with("9")
    short, _ = sent_and_sent_on(company)
    company.transfer(day(11), "4", "D", "A")
    assert net(short) == 40 and CostTangle.objects.count() == 1
    assert not StockMove.objects.filter(entry_kind="variance").exists()


def test_a_covering_from_outside_is_no_decision() -> None:
    company = company_with("9")
    sold = company.delivery(day(2), "4", place="B")
    company.receipt(day(3), "5", "10", place="B")
    assert net(sold) == 40 and CostTangle.objects.count() == 0
