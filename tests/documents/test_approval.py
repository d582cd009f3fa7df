"""Approval: a type that the book puts under approval goes submit → approve → post, each step with its own permission."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hengcang.access.viewer import Viewer
from hengcang.base.book import change_book
from hengcang.core.errors import PermissionRefused, TransitionRefused
from hengcang.documents import present, services
from hengcang.ledger import queries
from hengcang.meta import registry
from hengcang.records.models import Document
from tests import make
from tests.make import day

pytestmark = pytest.mark.django_db
RECEIPT = "purchase_receipt"


def draft_of(company: make.Company) -> Document:
    """A draft receipt of ten pieces."""
    lines = [{"item": company.item().pk, "quantity": "10", "unit_price_net": "3"}]
    return company.draft(RECEIPT, day(1), lines, party=company.supplier.pk, target_place=company.places["A"].pk)


def test_a_draft_under_approval_cannot_be_posted_before_it_is_approved() -> None:
    company = make.company()
    change_book(approvals=(RECEIPT,))
    document = draft_of(company)
    with pytest.raises(TransitionRefused) as refused:
        company.act(document, "post")
    assert refused.value.message() == "采购入库单当前为“草稿”，不能审核。"
    assert queries.moves_of(document.pk) == []


def test_submitting_draws_the_number_and_posting_keeps_it() -> None:
    company = make.company()
    change_book(approvals=(RECEIPT,))
    document = draft_of(company)
    company.act(document, "submit")
    assert (document.state, document.number) == ("submitted", "CGRK-20260301-0001")
    company.act(document, "approve")
    assert queries.moves_of(document.pk) == []
    company.act(document, "post")
    assert (document.state, document.number) == ("posted", "CGRK-20260301-0001")
    assert queries.on_hand([company.item().pk], None)[company.item().pk]["on_hand"] == 10


def test_what_is_rejected_can_be_changed_submitted_again_or_voided_and_keeps_its_number() -> None:
    company = make.company()
    change_book(approvals=(RECEIPT,))
    document = draft_of(company)
    company.act(document, "submit")
    company.act(document, "reject", reason="价格偏高")
    names = [one["name"] for one in present.document_json(company.viewer, registry.document(RECEIPT), document.pk)["allowed"]]
    assert names == ["submit", "void", "save", "copy"]
    company.act(document, "submit")
    company.act(document, "reject", reason="价格偏高")
    company.act(document, "void")
    assert (document.state, document.number) == ("void", "CGRK-20260301-0001")


def test_approving_is_a_permission_of_its_own() -> None:
    company = make.company()
    change_book(approvals=(RECEIPT,))
    document = draft_of(company)
    company.act(document, "submit")
    clerk = Viewer(company.viewer.user_id, "王五", permissions=frozenset({(RECEIPT, "view"), (RECEIPT, "submit"), (RECEIPT, "post")}))
    with pytest.raises(PermissionRefused):
        services.transition(clerk, registry.document(RECEIPT), services.Order(document.pk, "approve"))
    document.refresh_from_db()
    assert document.state == "submitted"
    able = replace(clerk, permissions=clerk.permissions | {(RECEIPT, "approve")})
    services.transition(able, registry.document(RECEIPT), services.Order(document.pk, "approve"))
    document.refresh_from_db()
    assert document.state == "approved"


def test_a_type_without_approval_has_none_of_its_steps() -> None:
    company = make.company()
    document = draft_of(company)
    with pytest.raises(TransitionRefused):
        company.act(document, "submit")
    company.act(document, "post")
    assert document.state == "posted"
