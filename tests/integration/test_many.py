"""成批开单 Many drafts at once are what they would have been one by one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests import make

from hengcang.base import clock
from hengcang.core.errors import InvalidDocument
from hengcang.documents import drafts, many
from hengcang.meta import registry
from hengcang.records.models import Document, GoodsLine, MoneyLine

pytestmark = pytest.mark.django_db


def contents(company: make.Company) -> list[tuple[str, dict]]:
    """One draft of several types, with discounts, taxes, bases, lots and money."""
    taxed = company.item("T", tax_rate="0.13").pk
    lot = company.item("L", tracking="lot").pk
    day = make.day(3).isoformat()
    a, b = company.places["A"].pk, company.places["B"].pk
    goods = [
        {"item": taxed, "quantity": "3", "unit_price_gross": "9.99", "price_basis": "gross", "discount": "0.05"},
        {"item": company.item().pk, "quantity": "2.5", "unit_price_net": "1.333333", "remark": "第二行"},
    ]
    return [
        ("purchase_order", {"document_date": day, "party": company.supplier.pk, "target_place": a, "goods_lines": goods}),
        (
            "purchase_receipt",
            {"document_date": day, "party": company.supplier.pk, "target_place": a, "discount_amount": "1.01", "goods_lines": goods},
        ),
        (
            "opening_stock",
            {"document_date": day, "target_place": b, "goods_lines": [{"item": lot, "quantity": "4", "unit_price_net": "2", "lot": "P1"}]},
        ),
        ("stock_transfer", {"document_date": day, "source_place": a, "target_place": b, "goods_lines": [{"item": taxed, "quantity": "1"}]}),
        (
            "incoming_payment",
            {"document_date": day, "party": company.customer.pk, "money_lines": [{"cash_account": company.bank.pk, "amount": "12.30"}]},
        ),
    ]


def columns(model, document: int) -> list[dict]:
    """Every column of the rows of a document, without ids."""
    key = "pk" if model is Document else "document_id"
    rows = model.objects.filter(**{key: document}).order_by("pk").values()
    return [{name: value for name, value in row.items() if name not in ("id", "document_id")} for row in rows]


def test_many_drafts_equal_drafts_made_one_by_one():
    company = make.company()
    moment = clock.now() - timedelta(days=400)
    wanted = [many.Draft(company.viewer, registry.document(kind), raw, moment) for kind, raw in contents(company)]
    with clock.standing_at(moment):
        single = [drafts.insert(company.viewer, registry.document(kind), raw) for kind, raw in contents(company)]
    together = many.insert(wanted)
    assert len(together) == 5
    for one, made in zip(single, together, strict=True):
        for model in (Document, GoodsLine, MoneyLine):
            assert columns(model, made.document) == columns(model, one)
    assert together[1].goods == tuple(
        GoodsLine.objects.filter(document=together[1].document).order_by("position").values_list("pk", flat=True)
    )
    assert Document.objects.get(pk=together[1].document).due_date == make.day(33)
    assert Document.objects.get(pk=together[1].document).created_at == moment


def test_a_draft_that_is_refused_keeps_all_from_being_written():
    company = make.company()
    wrong = {"document_date": make.day(3).isoformat(), "party": company.customer.pk, "goods_lines": []}
    good = contents(company)[0]
    wanted = [many.Draft(company.viewer, registry.document(kind), raw) for kind, raw in (good, ("purchase_receipt", wrong))]
    with pytest.raises(InvalidDocument) as refused:
        many.insert(wanted)
    assert [error.code for error in refused.value.errors] == ["field_invalid"]
    assert [error.path for error in refused.value.errors] == ["party"]
    assert Document.objects.count() == 0


def test_posting_many_takes_numbers_and_times_in_order():
    company = make.company()
    kinds = contents(company)[:2]
    moments = [clock.now() - timedelta(days=9), clock.now() - timedelta(days=8)]
    wanted = [many.Draft(company.viewer, registry.document(kind), raw, at) for (kind, raw), at in zip(kinds, moments, strict=True)]
    many.enter()
    inserted = many.insert(wanted)
    answers = many.post(wanted, inserted)
    assert [answer["warnings"] for answer in answers] == [[], []]
    rows = [Document.objects.get(pk=one.document) for one in inserted]
    assert [row.number for row in rows] == ["CGDD-20260303-0001", "CGRK-20260303-0001"]
    assert [row.posted_at for row in rows] == moments
