"""物流 What becomes of goods after posting: facts, states, who may write them down, and that the books never notice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.viewer import Viewer
from hengcang.base import clock
from hengcang.base.models import AuditLog, OutboxEvent
from hengcang.core.errors import HengcangError, InvalidDocument, NotFound, PermissionRefused, RevisionConflict
from hengcang.core.posting import Account
from hengcang.core.shipping import DeliveryState
from hengcang.core.shipping_errors import DeliveryNoteRequired, FreightBilled, NoFreight, NotToShip
from hengcang.documents import conversion, drafts, present, services, shipping, trace
from hengcang.documents.commands import Key
from hengcang.documents.shipping import Shipment
from hengcang.ledger import check
from hengcang.ledger.models import MoneyEntry, OpenItem, Posting
from hengcang.meta import registry
from hengcang.parties.models import Party
from hengcang.records.models import DeliveryEvent, Document
from tests import make
from tests.faults.test_every_statement import everything
from tests.make import Company, day

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 9, 12, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    """Everything happens at noon of 9 March."""
    with clock.standing_at(NOON):
        yield


def carrier(code: str = "SF", name: str = "顺丰速运") -> Party:
    """A carrier: a party that is a supplier, paid after 15 days."""
    return Party.objects.create(code=code, name=name, is_supplier=True, payment_days=15)


def sold(company: Company, on: int = 2, **header: Any) -> Document:
    """A posted delivery of two."""
    lines = [{"item": company.item().pk, "quantity": "2", "unit_price_net": "20"}]
    return company.posted("sales_delivery", day(on), lines, party=company.customer.pk, source_place=company.places["A"].pk, **header)


def stocked() -> Company:
    """A company with goods."""
    company = make.company()
    company.receipt(day(1), "100", "10")
    return company


def ship(company: Company, document: Document, state: str = "", note: str = "", viewer: Viewer | None = None, **facts: Any) -> Document:
    """Write something down of one document."""
    version = facts.pop("version", None)
    happened = facts.pop("happened_at", None)
    one = Shipment(document.pk, version, facts, DeliveryState(state) if state else None, note, happened)
    shipping.ship(viewer or company.viewer, registry.document(document.type), [one])
    document.refresh_from_db()
    return document


def refused(company: Company, document: Document, error: type[HengcangError], *args: Any, **facts: Any) -> HengcangError:
    """A refusal after which everything is as it was."""
    before = everything()
    with pytest.raises(error) as caught:
        ship(company, document, *args, **facts)
    assert everything() == before
    return caught.value


def test_posting_leaves_goods_to_be_shipped_and_what_follows_is_written_down_without_touching_the_books() -> None:
    company, sf = stocked(), carrier()
    document = sold(company)
    assert document.delivery_state == "to_ship"
    books = (Posting.objects.count(), list(MoneyEntry.objects.values_list("id", "amount")), document.version)
    ship(company, document, "shipped", carrier=sf.pk, tracking_numbers="SF1001 SF1002", packages=2, weight="3.5", freight="18")
    assert (document.delivery_state, document.carrier_id, document.freight, document.version) == (
        "shipped",
        sf.pk,
        Decimal(18),
        books[2] + 1,
    )
    assert document.ext == {"tracking_numbers": "SF1001 SF1002", "packages": 2, "weight": "3.5", "freight_payer": ""}
    ship(company, document, "on_the_way", "到达武汉转运中心", happened_at=NOON - timedelta(hours=3))
    ship(company, document, "on_the_way", "派送中")
    ship(company, document, "signed")
    rows = DeliveryEvent.objects.order_by("id").values_list("state", "happened_at", "note", "created_by__display_name", "created_at")
    assert list(rows) == [
        ("shipped", NOON, "", "老板", NOON),
        ("on_the_way", NOON - timedelta(hours=3), "到达武汉转运中心", "老板", NOON),
        ("on_the_way", NOON, "派送中", "老板", NOON),
        ("signed", NOON, "", "老板", NOON),
    ]
    assert (Posting.objects.count(), list(MoneyEntry.objects.values_list("id", "amount"))) == books[:2]
    first = json.loads(AuditLog.objects.filter(action="ship", object_id=document.pk).order_by("id")[0].changes)
    assert {one["field"]: (one["before"], one["after"]) for one in first} == {
        "carrier": (None, sf.pk),
        "tracking_numbers": ("", "SF1001 SF1002"),
        "packages": (None, 2),
        "weight": (None, "3.5"),
        "freight": (None, "18"),
        "delivery_state": ("to_ship", "shipped"),
    }
    assert OutboxEvent.objects.filter(kind="document_shipped", object_id=document.pk).count() == 4
    assert check.run() == []


def test_nothing_is_written_where_nothing_changes_and_no_fact_changes_by_a_state() -> None:
    company, sf = stocked(), carrier()
    document = ship(company, sold(company), "shipped", carrier=sf.pk, freight="18")
    version, rows = document.version, AuditLog.objects.count()
    ship(company, document, "shipped", carrier=sf.pk, freight="18.00", tracking_numbers="", packages=None)
    assert (document.version, AuditLog.objects.count(), DeliveryEvent.objects.count()) == (version, rows, 1)
    ship(company, document, "signed")
    assert (document.carrier_id, document.freight) == (sf.pk, Decimal(18))


@pytest.mark.parametrize(
    ("before", "after"), [("shipped", "to_ship"), ("signed", "shipped"), ("shipped", "refused"), ("to_ship", "exception")]
)
def test_a_step_back_and_what_goes_astray_is_explained(before: str, after: str) -> None:
    company = stocked()
    document = sold(company)
    if before != "to_ship":
        ship(company, document, before)
    error = refused(company, document, DeliveryNoteRequired, after)
    assert error.path == "note" and str(document.number) in error.message()
    ship(company, document, after, "客户改期")
    assert document.delivery_state == after
    ship(company, document, "signed")


def test_what_is_refused_leaves_everything_as_it_was() -> None:
    company, sf = stocked(), carrier()
    document = sold(company)
    refused(company, document, RevisionConflict, "signed", version=document.version - 1)
    refused(company, document, InvalidDocument, carrier=company.customer.pk)
    refused(company, document, InvalidDocument, freight="-1")
    refused(company, document, InvalidDocument, amount_gross="5")
    refused(company, document, InvalidDocument, remark="不是物流")
    late = refused(company, document, HengcangError, "signed", happened_at=NOON + timedelta(hours=1))
    assert late.path == "happened_at"
    lines = [{"item": company.item().pk, "quantity": "1", "unit_price_net": "20"}]
    draft = company.draft("sales_delivery", day(3), lines, party=company.customer.pk, source_place=company.places["A"].pk, carrier=sf.pk)
    assert "草稿" in refused(company, draft, NotToShip, "shipped").message()
    assert present.document_json(company.viewer, registry.document("sales_delivery"), draft.pk)["carrier"]["label"] == "顺丰速运"


def test_shipping_is_a_right_of_its_own_inside_the_scope_of_who_has_it() -> None:
    company = stocked()
    document = sold(company)

    def who(*rights: str, **scopes: Any) -> Viewer:
        return replace(company.viewer, administrator=False, permissions=frozenset(("sales_delivery", one) for one in rights), scopes=scopes)

    for viewer, error in (
        (who("view", "change"), PermissionRefused),
        (who("ship", warehouse=frozenset({company.places["B"].pk})), NotFound),
    ):
        before = everything()
        with pytest.raises(error):
            ship(company, document, "shipped", viewer=viewer)
        assert everything() == before
    ship(company, document, "shipped", viewer=who("ship"), freight="12")
    assert document.freight == Decimal(12)


def test_many_are_written_down_at_once_all_or_none_in_as_many_statements_as_one() -> None:
    company, sf = stocked(), carrier()
    documents = [sold(company) for _ in range(12)]

    def all_of(some: list[Document], state: DeliveryState) -> int:
        wanted = [Shipment(one.pk, None, {"carrier": sf.pk, "tracking_numbers": f"SF{one.pk}"}, state) for one in some]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            shipping.ship(company.viewer, registry.document("sales_delivery"), wanted)
        return len(captured)

    one = all_of(documents[:1], DeliveryState.SHIPPED)
    assert all_of(documents[1:], DeliveryState.SHIPPED) == one
    assert all_of(documents, DeliveryState.SIGNED) <= one
    assert set(Document.objects.filter(type="sales_delivery").values_list("delivery_state", flat=True)) == {"signed"}
    company.act(documents[3], "unpost")
    before = everything()
    with pytest.raises(DeliveryNoteRequired):
        all_of(documents, DeliveryState.REFUSED)
    with pytest.raises(NotToShip):
        wanted = [Shipment(each.pk, None, {}, DeliveryState.EXCEPTION, "整车事故") for each in documents]
        shipping.ship(company.viewer, registry.document("sales_delivery"), wanted)
    assert everything() == before


def test_a_key_writes_down_once() -> None:
    company = stocked()
    document = sold(company)
    wanted = [Shipment(document.pk, None, {}, DeliveryState.ON_THE_WAY, "在途")]
    key = Key("once", "same")
    answers = [shipping.ship(company.viewer, registry.document("sales_delivery"), wanted, key) for _ in range(2)]
    assert answers == [{"document": document.pk, "documents": [document.pk]}] * 2 and DeliveryEvent.objects.count() == 1


def test_what_was_shipped_stays_shipped_when_its_document_is_corrected_and_is_nobody_elses() -> None:
    company, sf = stocked(), carrier()
    document = ship(company, sold(company), "shipped", carrier=sf.pk, tracking_numbers="SF1", freight="18")
    company.act(document, "unpost")
    company.act(document, "post")
    assert (document.delivery_state, document.carrier_id, document.ext["tracking_numbers"]) == ("shipped", sf.pk, "SF1")
    declaration = registry.document("sales_delivery")
    copied = Document.objects.get(pk=drafts.copy(company.viewer, declaration, document.pk)["document"])
    answer = conversion.convert(company.viewer, declaration, conversion.Wanted("sales_return", [document.pk]))
    returned = Document.objects.get(pk=answer["document"])
    company.act(returned)
    assert returned.delivery_state == "signed"
    company.act(returned, "unpost")
    company.act(document, "reverse")
    red = Document.objects.get(reverses=document)
    for other in (copied, returned, red):
        assert (other.carrier_id, other.freight, other.ext.get("tracking_numbers") or "") == (None, None, "")
    assert red.delivery_state is None
    refused(company, document, NotToShip, "signed")
    refused(company, red, NotToShip, "signed")
    assert check.run() == []


def bill(company: Company, documents: list[Document], target: str = "expense") -> Document:
    """The bill that the freight of some documents becomes."""
    wanted = conversion.Wanted(target, [one.pk for one in documents])
    return Document.objects.get(pk=conversion.convert(company.viewer, registry.document(documents[0].type), wanted)["document"])


def test_our_freight_becomes_one_bill_of_the_carrier_and_never_two() -> None:
    company, sf = stocked(), carrier()
    documents = [
        ship(company, sold(company, on), "shipped", carrier=sf.pk, tracking_numbers=f"SF{on}", freight=str(10 + on)) for on in (2, 3)
    ]
    with CaptureQueriesContext(connection) as captured:
        expense = bill(company, documents)
    lines = [
        (one.category.name if one.category else "", one.amount, one.cleared_document_id, one.remark)
        for one in expense.money_lines.order_by("position")
    ]
    assert lines == [("运费", Decimal(12), documents[0].pk, "SF2"), ("运费", Decimal(13), documents[1].pk, "SF3")]
    assert (expense.party_id, expense.amount_gross, expense.due_date) == (sf.pk, Decimal(25), day(9) + timedelta(days=15))
    assert len(captured) <= 40
    with pytest.raises(FreightBilled) as again:
        bill(company, documents[:1])
    assert f"草稿 #{expense.pk}" in again.value.message()
    refused(company, documents[0], FreightBilled, freight="20")
    refused(company, documents[0], FreightBilled, freight_payer="theirs")
    ship(company, documents[0], "signed", packages=3)
    company.act(expense)
    owed = OpenItem.objects.get(document=expense)
    assert (owed.account, owed.open, owed.party_id) == (str(Account.OTHER_PAYABLE), Decimal(-25), sf.pk)
    chain = trace.trace(company.viewer, documents[1].pk)
    assert {(one["source"], one["target"], one["purpose"]) for one in chain["links"]} == {
        (one.pk, expense.pk, "freight") for one in documents
    }
    second = company.draft(
        "expense", day(9), [{"category": lines_category(expense), "amount": "12", "charged_document": documents[0].pk}], party=sf.pk
    )
    before = everything()
    with pytest.raises(FreightBilled) as twice:
        company.act(second)
    assert everything() == before and str(expense.number) in twice.value.message()
    with pytest.raises(HengcangError) as named:
        company.act(documents[0], "unpost")
    assert str(expense.number) in named.value.message()
    company.act(expense, "reverse")
    company.act(second)
    assert check.run() == []


def lines_category(document: Document) -> int:
    """The category of its first line."""
    found = document.money_lines.order_by("position").values_list("category_id", flat=True)[0]
    assert found is not None
    return int(found)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [({"carrier": "other"}, "承运商"), ({"freight_payer": "theirs"}, "运费承担"), ({"freight": "0"}, "运费")],
)
def test_a_line_is_the_freight_of_a_document_that_has_one_with_this_party(facts: dict[str, str], reason: str) -> None:
    company, sf = stocked(), carrier()
    other = carrier("YT", "圆通速递")
    document = ship(company, sold(company), "shipped", **{"carrier": sf.pk, "freight": "18"})
    expense = bill(company, [document])
    lines = [{"id": one.pk, "charged_document": None} for one in expense.money_lines.all()]
    declaration = registry.document("expense")
    drafts.save(company.viewer, declaration, expense.pk, {"version": expense.version, "money_lines": lines})
    ship(company, document, **{name: other.pk if value == "other" else value for name, value in facts.items()})
    lines = [{"id": one.pk, "charged_document": document.pk} for one in expense.money_lines.all()]
    expense.refresh_from_db()
    drafts.save(company.viewer, declaration, expense.pk, {"version": expense.version, "money_lines": lines})
    before = everything()
    with pytest.raises(HengcangError) as caught:
        company.act(expense)
    assert (caught.value.code, reason in caught.value.message(), everything() == before) == ("freight_mismatch", True, True)


def test_freight_advanced_for_the_customer_is_owed_by_him_and_costs_us_nothing() -> None:
    company, sf = stocked(), carrier()
    document = ship(company, sold(company), "shipped", carrier=sf.pk, freight="30", freight_payer="advanced")
    expense, income = bill(company, [document]), bill(company, [document], "other_income")
    company.act(expense)
    company.act(income)
    assert (income.party_id, income.amount_gross) == (company.customer.pk, Decimal(30))
    assert dict(OpenItem.objects.filter(document__in=[expense, income]).values_list("document", "open")) == {
        expense.pk: Decimal(-30),
        income.pk: Decimal(30),
    }
    profit = MoneyEntry.objects.filter(posting__document__in=[expense, income], party=None).values_list("amount", flat=True)
    assert sorted(profit) == [Decimal(-30), Decimal(30)]
    shown = present.document_json(company.viewer, registry.document("sales_delivery"), document.pk)
    assert [one["name"] for one in shown["allowed"] if one["kind"] == "shipping"] == ["ship"]
    assert check.run() == []


def test_only_freight_of_ours_is_offered_to_be_billed() -> None:
    company, sf = stocked(), carrier()
    document = sold(company)
    declaration = registry.document("sales_delivery")

    def offered() -> set[str]:
        shown = present.document_json(company.viewer, declaration, document.pk)
        return {one["name"] for one in shown["allowed"] if one["kind"] == "conversion"} & {"expense", "other_income"}

    assert offered() == set()
    before = everything()
    with pytest.raises(NoFreight) as nothing:
        bill(company, [document])
    assert everything() == before
    assert nothing.value.message() == f"{document.number} 的“运费”没有填，或不是由我方支付，没有可带出的运费。请先在“登记物流”中填写。"
    ship(company, document, carrier=sf.pk, freight="30", freight_payer="theirs")
    assert offered() == set()
    with pytest.raises(NoFreight) as theirs:
        bill(company, [document])
    assert (theirs.value.code, theirs.value.params["label"]) == ("no_freight", "运费承担")
    ship(company, document, freight_payer="")
    assert offered() == {"expense"}
    ship(company, document, freight_payer="advanced")
    assert offered() == {"expense", "other_income"}


def moved_out(company: Company, lines: int = 1) -> Document:
    """A posted transfer of two of each line, on its way."""
    rows = [{"item": company.item().pk, "quantity": "2"}] * lines
    places = {"source_place": company.places["A"].pk, "target_place": company.places["B"].pk}
    return ship(company, company.posted("transfer_out", day(2), rows, **places), "on_the_way")


def arriving(company: Company, source: Document, target: str = "transfer_in") -> Document:
    """The draft of what is still under way."""
    made = conversion.convert(company.viewer, registry.document("transfer_out"), conversion.Wanted(target, [source.pk]))
    return Document.objects.get(pk=made["document"])


def test_goods_that_all_arrived_are_signed_for_by_whoever_takes_them_in_and_that_is_written_down() -> None:
    company = stocked()
    document = moved_out(company)
    version, shipped = document.version, OutboxEvent.objects.filter(kind="document_shipped").count()
    keeper = replace(company.viewer, administrator=False, permissions=frozenset({("transfer_in", "*")}))
    arrival = arriving(company, document)
    services.transition(keeper, registry.document("transfer_in"), services.Order(arrival.pk, "post"))
    document.refresh_from_db()
    assert (document.delivery_state, document.version) == ("signed", version + 1)
    event = DeliveryEvent.objects.latest("id")
    assert (event.document_id, event.state, event.cause_id, event.created_by_id) == (
        document.pk,
        "signed",
        arrival.pk,
        company.viewer.user_id,
    )
    row = AuditLog.objects.filter(object_type="transfer_out", object_id=document.pk).latest("id")
    changed = {one["field"]: (one["before"], one["after"]) for one in json.loads(row.changes)}
    arrival.refresh_from_db()
    assert (row.action, changed) == (
        "ship", {"delivery_state": ("on_the_way", "signed"), "reason": (None, f"{arrival.number} 审核，货物到齐")},
    )  # fmt: skip
    assert OutboxEvent.objects.filter(kind="document_shipped").count() == shipped + 1
    assert check.run() == []


def test_what_went_astray_and_arrived_after_all_is_signed_for_and_what_never_came_is_not() -> None:
    company = stocked()
    astray, lost = moved_out(company), moved_out(company)
    ship(company, astray, "exception", "车辆故障")
    company.act(arriving(company, astray))
    company.act(arriving(company, lost, "transfer_difference"))
    assert [Document.objects.get(pk=one.pk).delivery_state for one in (astray, lost)] == ["signed", "on_the_way"]


def test_signing_takes_as_many_statements_however_many_lines_arrive() -> None:
    company = stocked()
    counts = []
    for lines in (1, 1, 20):
        arrival = arriving(company, moved_out(company, lines))
        with CaptureQueriesContext(connection) as captured:
            company.act(arrival)
        counts.append(len(captured.captured_queries))
    assert counts[1] == counts[2] <= 36, counts
