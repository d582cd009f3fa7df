"""附加字段 What is kept in the JSON of a document comes back as it was entered, from both databases alike."""

from __future__ import annotations

from typing import Any

import pytest

from hengcang.documents.present import document_json
from hengcang.meta import registry
from hengcang.meta.dataset import dataset_of
from hengcang.meta.query import Query, run
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db
TEXTS = ("00123456", "12345678", "26442000000012345678", "1e5", "1.50", "true", "null", '{"a": 1}', "老发票 7")
INVOICE = "purchase_invoice"


def invoices(company: Company) -> list[str]:
    """An invoice with each text for its number; gives the texts as a list shows them."""
    for text in TEXTS:
        receipt = company.receipt(day(1), "1", "2")
        line = {"item": company.item().pk, "quantity": "1", "unit_price_net": "2", "source_line": receipt.goods_lines.get().pk}
        company.draft(INVOICE, day(2), [line], party=company.supplier.pk, invoice_number=text)
    return shown(company)


def shown(company: Company, **query: Any) -> list[str]:
    """The invoice numbers that a query finds."""
    rows = run(dataset_of(registry.document(INVOICE)), Query(columns=["invoice_number"], sort=["id"], **query), company.viewer).rows
    return [row["invoice_number"] for row in rows]


def test_a_text_that_looks_like_a_number_stays_the_text_it_is() -> None:
    company = make.company()
    assert invoices(company) == list(TEXTS)
    for text in TEXTS:
        assert shown(company, where=[{"field": "invoice_number", "op": "eq", "value": text}]) == [text]


def test_texts_are_grouped_as_they_are() -> None:
    company = make.company()
    invoices(company)
    query = Query(group=["invoice_number"], measures=["amount_net"], sort=["invoice_number"])
    rows = run(dataset_of(registry.document(INVOICE)), query, company.viewer).rows
    assert sorted(row["invoice_number"] for row in rows) == sorted(TEXTS)
    assert {row["amount_net"] for row in rows} == {"2"}


def test_a_line_keeps_its_text_too() -> None:
    company = make.company()
    lines = [{"party": company.customer.pk, "amount": "5", "original_number": text} for text in TEXTS]
    opening = company.draft("opening_receivable", day(1), lines)
    document = document_json(company.viewer, registry.document(opening.type), opening.pk)
    assert [line["original_number"] for line in document["money_lines"]] == list(TEXTS)


def test_money_and_references_keep_their_form() -> None:
    company = make.company()
    receipt = company.receipt(day(1), "1", "2")
    line = {"item": company.item().pk, "quantity": "1", "source_line": receipt.goods_lines.get().pk}
    for amount in ("12.10", "0.3", "900000000000.01"):
        cost = company.draft("landed_cost", day(2), [line], party=company.supplier.pk, charge_amount=amount, charge_tax="0")
        document = document_json(company.viewer, registry.document("landed_cost"), cost.pk)
        assert (document["charge_amount"].rstrip("0"), document["charge_tax"], document["basis"]) == (amount.rstrip("0"), "0", "amount")
