"""加工 Documents of making: which table a fault is in, what a reversal leaves, what closing an order settles, statements."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.analytics.production_progress import PRODUCTION_PROGRESS
from hengcang.core.errors import HengcangError, InvalidDocument, LineIncomplete, NamedByDocuments, OverFulfilment
from hengcang.documents import drafts, services
from hengcang.ledger import queries
from hengcang.ledger.models import MoneyEntry
from hengcang.meta import registry
from hengcang.records.models import Document, GoodsLine
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def lines(company: Company, *wanted: tuple[str, str], **more: Any) -> list[dict[str, Any]]:
    return [{"item": company.item(code).pk, "quantity": quantity, **more} for code, quantity in wanted]


def places(company: Company) -> dict[str, int]:
    return {"source_place": company.places["A"].pk, "target_place": company.places["B"].pk}


def assembled(company: Company, on: int, count: str, used: str) -> Document:
    header = {"product_lines": lines(company, ("P", count)), "component_lines": lines(company, ("C", used)), **places(company)}
    declaration = registry.document("assembly")
    made = drafts.create(company.viewer, declaration, {"document_date": day(on).isoformat(), **header})
    document = Document.objects.get(pk=made["document"])
    company.act(document)
    return document


def follow(company: Company, source: Document, kind: str, on: int, quantity: str, **header: Any) -> Document:
    """A posted follow-up of the last line of a source."""
    first = "role" if kind == "material_issue" else "-role"
    row = GoodsLine.objects.filter(document=source, revision=source.revision).order_by(first, "id")[0]
    own = [{"item": row.item_id, "quantity": quantity, "source_line": row.pk}]
    return company.posted(kind, day(on), own, **header)


def order(company: Company, on: int = 2) -> Document:
    header = {"product_lines": lines(company, ("P", "10")), "component_lines": lines(company, ("C", "20")), **places(company)}
    declaration = registry.document("production_order")
    made = drafts.create(company.viewer, declaration, {"document_date": day(on).isoformat(), **header})
    document = Document.objects.get(pk=made["document"])
    company.act(document)
    return document


def test_a_fault_says_in_which_table_it_is() -> None:
    company = make.company()
    header = {"product_lines": lines(company, ("P", "1")), "component_lines": lines(company, ("C", "1"), ("C", "0")), **places(company)}
    declaration = registry.document("assembly")
    made = drafts.create(company.viewer, declaration, {"document_date": "2026-03-02", **header})["document"]
    with pytest.raises(InvalidDocument) as refused:
        company.act(Document.objects.get(pk=made))
    (fault,) = refused.value.errors
    assert isinstance(fault, LineIncomplete) and fault.path == "component_lines.1.quantity"
    assert fault.message().startswith("组件第 2 行") and fault.message("en").startswith("Component lines: ")
    with pytest.raises(HengcangError, match="最多 1 行"):
        drafts.create(company.viewer, declaration, {**header, "product_lines": lines(company, ("P", "1"), ("P", "1"))})


def test_saving_one_table_leaves_the_other_as_it_is() -> None:
    company = make.company()
    header = {"product_lines": lines(company, ("P", "1")), "component_lines": lines(company, ("C", "3")), **places(company)}
    declaration = registry.document("assembly")
    made = drafts.create(company.viewer, declaration, header)["document"]
    drafts.save(company.viewer, declaration, made, {"version": 1, "product_lines": lines(company, ("P", "2"))})
    rows = GoodsLine.objects.filter(document=made).order_by("role").values_list("role", "quantity")
    assert [(role, str(quantity.normalize())) for role, quantity in rows] == [("component", "3"), ("product", "2")]


def test_a_product_taken_back_at_another_cost_leaves_the_difference_in_cost_variance() -> None:
    company = make.company()
    company.receipt(day(1), "10", "10", item="C")
    first = assembled(company, 2, "1", "2")
    company.receipt(day(3), "1", "40", item="P", place="B")
    company.delivery(day(4), "1", item="P", place="B")
    company.act(first, "reverse")
    moves = queries.live_moves(Document.objects.get(reverses=first).pk, 0)
    assert sorted(str(move["value"]) for move in moves) == ["20", "30"]
    found = MoneyEntry.objects.filter(account__in=("4001", "5401.03")).order_by("account").values_list("account", "amount")
    assert [(account, str(amount.normalize())) for account, amount in found] == [("4001", "-1E+1"), ("5401.03", "1E+1")]


def test_an_order_that_was_begun_cannot_be_undone_and_takes_no_more_than_planned() -> None:
    company = make.company()
    company.receipt(day(1), "40", "10", item="C")
    own = order(company)
    issue = follow(company, own, "material_issue", 3, "20", source_place=company.places["A"].pk)
    with pytest.raises(NamedByDocuments):
        company.act(own, "unpost")
    with pytest.raises(OverFulfilment):
        follow(company, own, "material_issue", 3, "2.1", source_place=company.places["A"].pk)
    follow(company, issue, "material_return", 4, "5", target_place=company.places["A"].pk)
    follow(company, own, "material_issue", 5, "7", source_place=company.places["A"].pk)
    assert queries.progress([row.pk for row in own.goods_lines.all()], "issued").popitem()[1] == 22


def test_the_report_of_orders_says_what_went_in_what_came_out_and_what_closing_settled() -> None:
    company = make.company()
    company.receipt(day(1), "40", "10", item="C")
    own = order(company)
    issue = follow(company, own, "material_issue", 3, "20", source_place=company.places["A"].pk)
    follow(company, issue, "material_return", 4, "5", target_place=company.places["A"].pk)
    follow(company, own, "finished_receipt", 5, "4", target_place=company.places["B"].pk, fee="10")
    wrong = follow(company, own, "finished_receipt", 6, "1", target_place=company.places["B"].pk, fee="3")
    company.act(wrong, "reverse")
    parameters = {"date_from": day(1), "date_to": day(30)}
    (row,) = PRODUCTION_PROGRESS.run(company.viewer, parameters).rows
    named = ("planned", "finished", "issued", "fees", "received", "open", "variance")
    assert [row[name] for name in named] == ["10", "4", "150", "10", "70", "90", "0"]
    company.act(own, "close")
    (row,) = PRODUCTION_PROGRESS.run(company.viewer, parameters).rows
    assert [row[name] for name in named] == ["10", "4", "150", "10", "70", "0", "90"]
    company.act(own, "reopen")
    (row,) = PRODUCTION_PROGRESS.run(company.viewer, parameters).rows
    assert (row["open"], row["variance"]) == ("90", "0")


@pytest.mark.parametrize("name", ["post", "unpost"])
def test_statements_of_an_assembly_do_not_grow_with_its_components(name: str) -> None:
    company = make.company()
    counts = []
    for count in (2, 30):
        codes = [(f"{count}-{at}", "1") for at in range(count)]
        bought = lines(company, *codes, unit_price_net="5")
        company.posted("purchase_receipt", day(1), bought, party=company.supplier.pk, target_place=company.places["B"].pk)
        header = {"product_lines": lines(company, (f"P{count}", "1")), "component_lines": lines(company, *codes)}
        places_here = {"source_place": company.places["B"].pk, "target_place": company.places["B"].pk}
        made = drafts.create(company.viewer, registry.document("assembly"), {"document_date": "2026-03-02", **header, **places_here})
        document = Document.objects.get(pk=made["document"])
        if name == "unpost":
            company.act(document)
        with CaptureQueriesContext(connection) as captured:
            services.transition(company.viewer, registry.document("assembly"), services.Order(document.pk, name))
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries))
    assert counts[0] == counts[1] <= {"post": 30, "unpost": 40}[name]
