"""The life of a document: every transition from every state is allowed or refused, and a refusal changes nothing."""

from __future__ import annotations

import pytest

from hengcang.access.viewer import Viewer
from hengcang.base.book import change_book
from hengcang.core.errors import (
    EmptyDocument,
    HengcangError,
    IdempotencyMismatch,
    InvalidDocument,
    NotFound,
    PermissionRefused,
    ReasonRequired,
    RevisionConflict,
    TransitionRefused,
)
from hengcang.core.lifecycle import TRANSITIONS
from hengcang.core.period_errors import (
    PeriodClosed,
)
from hengcang.documents import drafts, services
from hengcang.documents.commands import Key
from hengcang.meta import registry
from hengcang.records.models import Document
from tests import make
from tests.faults.test_every_statement import everything
from tests.make import Company, day

REACHED_BY = {
    "draft": (),
    "posted": ("post",),
    "closed": ("post", "close"),
    "reversed": ("post", "reverse"),
    "void": ("void",),
}
ALLOWED = {
    "draft": {"post": "posted", "void": "void"},
    "posted": {"unpost": "draft", "reverse": "reversed", "close": "closed", "release": "posted"},
    "closed": {"reopen": "posted"},
    "reversed": {},
    "void": {},
}
# What is handed over needs lines that take it over: tests/documents/test_reservations_by_line.py.
CASES = [(state, name) for state in REACHED_BY for name in TRANSITIONS if (state, name) != ("posted", "reassign")]


def order(company: Company) -> Document:
    """A draft order, which can be closed."""
    lines = [{"item": company.item().pk, "quantity": "2", "unit_price_net": "5"}]
    return company.draft("sales_order", day(1), lines, party=company.customer.pk, source_place=company.places["A"].pk, reserve=True)


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "name"), CASES, ids=[f"{state}-{name}" for state, name in CASES])
def test_a_transition_is_allowed_as_the_table_says_and_else_changes_nothing(state: str, name: str) -> None:
    company = make.company()
    document = order(company)
    for step in REACHED_BY[state]:
        company.act(document, step, reason="试")
    assert document.state == state
    if name in ALLOWED[state]:
        company.act(document, name, reason="试")
        assert document.state == ALLOWED[state][name]
        return
    before = everything()
    with pytest.raises(TransitionRefused) as refusal:
        company.act(document, name, reason="试")
    assert str(refusal.value) == f"销售订单当前为“{refusal.value.params['state']}”，不能{TRANSITIONS[name].label}。"
    assert everything() == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["reject", "reverse", "close", "void"])
def test_what_undoes_or_stops_a_document_asks_for_a_reason(name: str) -> None:
    company = make.company()
    if name == "reject":
        change_book(approvals=("sales_order",))
    document = order(company)
    if name != "void":
        company.act(document, "submit" if name == "reject" else "post")
    before = everything()
    for reason in ("", " \t"):
        with pytest.raises(ReasonRequired) as refusal:
            company.act(document, name, reason=reason)
        label = TRANSITIONS[name].label
        assert (refusal.value.path, str(refusal.value)) == ("reason", f"{label}须说明原因。请填写原因后再{label}。")
    assert everything() == before
    company.act(document, name, reason="客户取消")
    assert document.state == TRANSITIONS[name].target


@pytest.mark.django_db
def test_other_steps_ask_for_no_reason() -> None:
    company = make.company()
    document = order(company)
    for name in ("post", "unpost", "post"):
        company.act(document, name, reason="")
    company.act(document, "close")
    company.act(document, "reopen", reason="")
    assert document.state == "posted"


@pytest.mark.django_db
def test_only_orders_can_be_closed() -> None:
    company = make.company()
    receipt = company.receipt(day(1), "1", "1")
    with pytest.raises(TransitionRefused):
        company.act(receipt, "close", reason="试")


@pytest.mark.django_db
def test_who_saw_an_older_version_is_told_both_versions_and_changes_nothing() -> None:
    company = make.company()
    document = order(company)
    sales_order = registry.document("sales_order")
    drafts.save(company.viewer, sales_order, document.pk, {"version": 1, "remark": "先"})
    before = everything()
    for act in (
        lambda: drafts.save(company.viewer, sales_order, document.pk, {"version": 1, "remark": "后"}),
        lambda: company.act(document, "post", version=1),
    ):
        with pytest.raises(RevisionConflict) as refusal:
            act()
        assert refusal.value.params == {"seen": 1, "current": 2}
    assert everything() == before


@pytest.mark.django_db
def test_a_draft_has_no_number_and_only_a_draft_without_one_is_deleted() -> None:
    company = make.company()
    sales_order = registry.document("sales_order")
    document, other = order(company), order(company)
    assert document.number is None
    company.act(document)
    assert document.number == "XSDD-20260301-0001"
    company.act(document, "unpost")
    with pytest.raises(TransitionRefused, match="请改为作废"):
        drafts.delete(company.viewer, sales_order, document.pk)
    drafts.delete(company.viewer, sales_order, other.pk)
    assert not Document.objects.filter(pk=other.pk).exists()
    company.act(document, "void")
    assert document.number == "XSDD-20260301-0001"


@pytest.mark.django_db
def test_a_posted_document_is_not_saved_and_its_lines_stay_what_they_were() -> None:
    company = make.company()
    document = order(company)
    company.act(document)
    before = everything()
    with pytest.raises(TransitionRefused, match="不能修改"):
        drafts.save(company.viewer, registry.document("sales_order"), document.pk, {"version": document.version, "goods_lines": []})
    assert everything() == before


@pytest.mark.django_db
def test_an_empty_document_is_kept_as_a_draft_but_not_posted() -> None:
    company = make.company()
    document = company.draft("sales_order", day(1), [], party=company.customer.pk)
    before = everything()
    with pytest.raises(EmptyDocument):
        company.act(document)
    assert everything() == before


@pytest.mark.django_db
def test_lines_keep_their_ids_through_saves_and_a_line_left_out_is_gone() -> None:
    company = make.company()
    lines = [{"item": company.item(code).pk, "quantity": "2", "unit_price_net": "5"} for code in ("M6", "M8", "M10")]
    document = company.draft("sales_order", day(1), lines, party=company.customer.pk, source_place=company.places["A"].pk)
    first, second, third = document.goods_lines.order_by("position")
    changed = [{"id": third.pk, "quantity": "7"}, {"id": first.pk}, {"item": company.item("M12").pk, "quantity": "1"}]
    drafts.save(company.viewer, registry.document("sales_order"), document.pk, {"version": 1, "goods_lines": changed})
    kept = list(document.goods_lines.order_by("position"))
    assert [row.pk for row in kept[:2]] == [third.pk, first.pk]
    assert not document.goods_lines.filter(pk=second.pk).exists()
    assert [str(row.quantity) for row in kept] == ["7", "2", "1"]
    document.refresh_from_db()
    assert str(document.amount_net) == "45"


@pytest.mark.django_db
def test_every_fault_of_a_draft_is_named_at_once_with_its_path() -> None:
    company = make.company()
    lines = [{"item": company.item().pk, "quantity": "-1"}, {"quantity": "x"}]
    before = everything()
    with pytest.raises(InvalidDocument) as refusal:
        company.draft("sales_order", day(1), lines, party=10**9, nonsense=1)
    paths = {error.path for error in refusal.value.errors}
    assert {"party", "nonsense", "goods_lines.0.quantity", "goods_lines.1.quantity", "goods_lines.1.item"} <= paths
    assert everything() == before


@pytest.mark.django_db
@pytest.mark.parametrize("type_name", ["purchase_receipt", "purchase_order"])
def test_nothing_is_posted_or_undone_in_a_closed_period(type_name: str) -> None:
    company = make.company()
    lines = [{"item": company.item().pk, "quantity": "2", "unit_price_net": "5"}]
    where = {"party": company.supplier.pk, "target_place": company.places["A"].pk}
    posted = company.posted(type_name, day(1), lines, **where)
    draft = company.draft(type_name, day(1), lines, **where)
    change_book(closed_through=day(1))
    before = everything()
    for document, name in ((draft, "post"), (posted, "unpost")):
        with pytest.raises(PeriodClosed):
            company.act(document, name)
    assert everything() == before


@pytest.mark.django_db
def test_who_may_nothing_is_refused_by_the_name_of_the_permission() -> None:
    company = make.company()
    document = order(company)
    nobody = Viewer(company.viewer.user_id, "无权")
    before = everything()
    sales_order = registry.document("sales_order")
    for act in (
        lambda: services.transition(nobody, sales_order, services.Order(document.pk, "post")),
        lambda: drafts.create(nobody, sales_order, {}),
        lambda: drafts.save(nobody, sales_order, document.pk, {}),
        lambda: drafts.delete(nobody, sales_order, document.pk),
    ):
        with pytest.raises(PermissionRefused):
            act()
    assert everything() == before


@pytest.mark.django_db
def test_a_document_is_not_found_through_another_type() -> None:
    company = make.company()
    document = order(company)
    with pytest.raises(NotFound):
        services.transition(company.viewer, registry.document("purchase_order"), services.Order(document.pk, "post"))


@pytest.mark.django_db
def test_one_key_gives_the_same_answer_once_and_refuses_another_content() -> None:
    company = make.company()
    company.receipt(day(1), "5", "1")
    lines = [{"item": company.item().pk, "quantity": "2", "unit_price_net": "5"}]
    raw = {"document_date": "2026-03-02", "party": company.customer.pk, "source_place": company.places["A"].pk, "goods_lines": lines}
    delivery = registry.document("sales_delivery")
    first = drafts.create(company.viewer, delivery, raw, Key("k1", "a"))
    assert drafts.create(company.viewer, delivery, raw, Key("k1", "a")) == first
    order = services.Order(first["document"], "post")
    posted = services.transition(company.viewer, delivery, order, Key("k2", "b"))
    after = everything()
    assert services.transition(company.viewer, delivery, order, Key("k2", "b")) == posted
    with pytest.raises(IdempotencyMismatch):
        services.transition(company.viewer, delivery, order, Key("k2", "c"))
    assert everything() == after


@pytest.mark.django_db
def test_a_refused_command_leaves_its_key_free() -> None:
    company = make.company()
    delivery = company.draft(
        "sales_delivery", day(2), [{"item": company.item().pk, "quantity": "2"}], party=company.customer.pk,
        source_place=company.places["A"].pk,
    )  # fmt: skip
    with pytest.raises(HengcangError):
        company.act(delivery, key=Key("k", "d"))
    company.receipt(day(1), "5", "1")
    assert company.act(delivery, key=Key("k", "d"))["document"] == delivery.pk


@pytest.mark.django_db
def test_a_count_that_froze_the_books_is_voided_where_another_draft_would_be_deleted() -> None:
    company = make.company()
    company.receipt(day(1), "10", "10")
    count = company.draft("stock_count", day(2), [{"item": company.item().pk, "quantity": "9"}], source_place=company.places["A"].pk)
    drafts.delete(company.viewer, registry.document("stock_count"), count.pk)
    count.refresh_from_db()
    assert (count.state, count.number) == ("void", None)
