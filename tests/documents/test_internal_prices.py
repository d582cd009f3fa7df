"""变价调拨 Transfers at a price of their own: where the price comes from, what carries it, who sees it, and that no book knows it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from hengcang.access.viewer import Viewer
from hengcang.base.book import change_book
from hengcang.catalog.models import ItemUnit, Unit
from hengcang.core.errors import FieldInvalid, FieldNotNow, InvalidDocument
from hengcang.core.transfer_errors import PriceNotShown, TransferUnpriced
from hengcang.documents import conversion, drafts, present, printing
from hengcang.ledger.models import CostPool, MoneyEntry, StockMove
from hengcang.meta import registry
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day


@pytest.fixture
def at(db: None) -> Company:
    """A company with a hundred screws of 10 in A仓; a box is twelve. Bought at 10, sold at 15, by reference 9."""
    found = make.company()
    item = found.item(purchase_price=Decimal(10), sales_price=Decimal(15), reference_cost=Decimal(9))
    box = Unit.objects.create(code="box", name="盒")
    ItemUnit.objects.create(item=item, unit=box, factor=Decimal(12), position=1, sales_price=Decimal(170))
    found.receipt(day(1), "100", "10")
    return found


def places(company: Company) -> dict[str, int]:
    return {"source_place": company.places["A"].pk, "target_place": company.places["B"].pk}


def line(company: Company, quantity: str = "3", price: str | None = None, **more: Any) -> dict[str, Any]:
    priced = {} if price is None else {"unit_price_net": price}
    return {"item": company.item().pk, "quantity": quantity, **priced, **more}


def transfer(company: Company, *lines: dict[str, Any], on: int = 2, kind: str = "stock_transfer", **header: Any) -> Document:
    """A posted transfer from A仓 to B仓."""
    return company.posted(kind, day(on), lines, **places(company), **header)


def shown(company: Company, document: Document, viewer: Viewer | None = None) -> dict[str, Any]:
    return present.document_json(viewer or company.viewer, registry.document(document.type), document.pk)


def prices(document: Document) -> list[tuple[Decimal | None, Decimal]]:
    """Price and amount of the lines of the present revision."""
    rows = document.goods_lines.filter(revision=document.revision).order_by("position")
    return list(rows.values_list("unit_price_net", "amount_net"))


def without(company: Company, *masks: str) -> Viewer:
    """Somebody who may do everything but is kept from some fields."""
    return replace(company.viewer, administrator=False, permissions=frozenset({("*", "*")}), masks=frozenset(masks))


def save(company: Company, document: Document, **raw: Any) -> None:
    drafts.save(company.viewer, registry.document(document.type), document.pk, raw)
    document.refresh_from_db()


def books() -> tuple[list[Any], list[Any], list[Any]]:
    """All that the books hold: moves, entries, pools."""
    moves = StockMove.objects.order_by("id").values_list("kind", "quantity", "value", "source_account", "target_account")
    entries = MoneyEntry.objects.order_by("id").values_list("account", "amount")
    return list(moves), list(entries), list(CostPool.objects.order_by("id").values_list("quantity", "value"))


@pytest.mark.parametrize("pool_kind", ["company", "warehouse"])
def test_no_row_of_the_books_depends_on_the_price(db: None, pool_kind: str) -> None:
    def play(pricing: str) -> Any:
        company = make.company()
        change_book(pool_kind=pool_kind)
        company.receipt(day(1), "100", "10")
        price = "12.5" if pricing == "changed" else None
        transfer(company, line(company, "3", price), pricing=pricing)
        sent = transfer(company, line(company, "10", price), kind="transfer_out", pricing=pricing)
        source = sent.goods_lines.get().pk
        company.posted("transfer_in", day(3), [line(company, "4", source_line=source)], **places(company))
        company.posted("transfer_difference", day(4), [line(company, "2", source_line=source)], source_place=company.places["A"].pk)
        return books()

    def apart(pricing: str) -> Any:
        with transaction.atomic():
            found = play(pricing)
            transaction.set_rollback(True)
        return found

    assert apart("changed") == apart("same")


def test_a_same_price_transfer_has_no_price_and_takes_none(at: Company) -> None:
    plain = transfer(at, line(at))
    assert prices(plain) == [(None, Decimal(0))] and plain.amount_net == 0
    body = shown(at, plain)
    assert body["pricing"] == "same" and body["amount_net"] is None
    assert (body["goods_lines"][0]["unit_price_net"], body["goods_lines"][0]["amount_net"]) == (None, None)
    paper = printing.data_of(at.viewer, registry.document("stock_transfer"), body)
    assert not {"调拨单价", "调拨金额"} & {one["label"] for one in paper["columns"]}
    before = Document.objects.count()
    for header in ({}, {"pricing": "same"}):
        with pytest.raises(InvalidDocument) as refused:
            at.draft("stock_transfer", day(2), [line(at, "1", "12")], **places(at), **header)
        [error] = refused.value.errors
        assert isinstance(error, FieldNotNow) and error.path == "goods_lines.0.unit_price_net"
        assert error.message() == ("商品明细第 1 行：“调价方式”为“变价调拨”时才有“调拨单价”。请清空它，或先改“调价方式”。")
    with pytest.raises(InvalidDocument):
        at.draft("stock_transfer", day(2), [line(at, "1")], **places(at), price_source="sales_price")
    assert Document.objects.count() == before


def test_a_changed_price_is_typed_or_taken_from_the_item_in_the_line_s_unit(at: Company) -> None:
    box = Unit.objects.get(code="box").pk
    typed = transfer(at, line(at, "3", "12.345"), line(at, "1", "0"), pricing="changed")
    assert prices(typed) == [(Decimal("12.345"), Decimal("37.04")), (Decimal(0), Decimal(0))]
    assert (typed.amount_net, typed.amount_gross, typed.tax_amount) == (Decimal("37.04"), Decimal("37.04"), Decimal(0))
    lines = [line(at, "2"), line(at, "1", unit=box), line(at, "1", "7")]
    bought = transfer(at, *lines, pricing="changed", price_source="purchase_price", markup="0.1")
    assert prices(bought) == [(Decimal(11), Decimal(22)), (Decimal(132), Decimal(132)), (Decimal(7), Decimal(7))]
    sold = transfer(at, *lines, pricing="changed", price_source="sales_price")
    assert prices(sold) == [(Decimal(15), Decimal(30)), (Decimal(170), Decimal(170)), (Decimal(7), Decimal(7))]
    cost = transfer(at, *lines, pricing="changed", price_source="reference_cost", markup="-0.5")
    assert prices(cost) == [(Decimal("4.5"), Decimal(9)), (Decimal(54), Decimal(54)), (Decimal(7), Decimal(7))]
    paper = printing.data_of(at.viewer, registry.document("stock_transfer"), shown(at, sold))
    labels = [one["label"] for one in paper["columns"]]
    assert paper["totals"][labels.index("调拨金额")] == "207.00" and paper["rows"][1][labels.index("调拨单价")] == "170"


def test_an_item_without_that_price_can_be_saved_and_not_posted(at: Company) -> None:
    at.item("M8")
    at.receipt(day(1), "5", "1", item="M8")
    draft = at.draft("stock_transfer", day(2), [line(at), {"item": at.item("M8").pk, "quantity": "1"}], **places(at), pricing="changed",
        price_source="sales_price")  # fmt: skip
    assert prices(draft) == [(Decimal(15), Decimal(45)), (None, Decimal(0))]
    with pytest.raises(TransferUnpriced) as refused:
        at.act(draft)
    assert refused.value.params["line"] == 2
    assert StockMove.objects.filter(kind="transfer").count() == 0 and draft.number is None
    save(at, draft, pricing="same")
    assert prices(draft) == [(None, Decimal(0)), (None, Decimal(0))] and draft.amount_net == 0
    assert (draft.ext["pricing"], draft.ext["price_source"], draft.ext["markup"]) == ("same", "", None)
    at.act(draft)
    assert draft.number == "DB-20260302-0001"


def test_a_header_saved_alone_prices_its_standing_lines(at: Company) -> None:
    draft = at.draft("transfer_out", day(2), [line(at)], **places(at))
    save(at, draft, pricing="changed", price_source="purchase_price", markup="0.25")
    assert prices(draft) == [(Decimal("12.5"), Decimal("37.5"))] and draft.amount_net == Decimal("37.5")
    save(at, draft, remark="快")
    assert prices(draft) == [(Decimal("12.5"), Decimal("37.5"))]


def test_what_arrives_and_what_is_missing_has_the_price_it_was_sent_at(at: Company) -> None:
    box = Unit.objects.get(code="box").pk
    sent = transfer(at, line(at, "2", "120.5", unit=box), kind="transfer_out", pricing="changed")
    source = sent.goods_lines.get().pk
    wanted = conversion.Wanted("transfer_in", [sent.pk], {source: Decimal("0.5")})
    made = conversion.convert(at.viewer, registry.document("transfer_out"), wanted)
    arrived = Document.objects.get(pk=made["document"])
    assert prices(arrived) == [(Decimal("120.5"), Decimal("60.25"))] and arrived.amount_net == Decimal("60.25")
    assert arrived.ext["pricing"] == "changed"
    at.act(arrived)
    typed = line(at, "6", "1", source_line=source)
    loose = at.posted("transfer_in", day(3), [typed], **places(at))
    assert prices(loose) == [(Decimal("10.041667"), Decimal("60.25"))]
    lost = at.posted("transfer_difference", day(4), [line(at, "12", source_line=source)], source_place=at.places["A"].pk)
    assert prices(lost) == [(Decimal("10.041667"), Decimal("120.5"))]
    assert Document.objects.get(pk=sent.pk).progress == "complete"
    cheap = transfer(at, line(at, "2"), kind="transfer_out")
    plain = at.posted("transfer_in", day(5), [line(at, "2", source_line=cheap.goods_lines.get().pk)], **places(at))
    assert prices(plain) == [(None, Decimal(0))] and plain.ext["pricing"] == "same"


def test_undoing_and_copying_keep_the_price_and_reversing_negates_the_amount(at: Company) -> None:
    first = transfer(at, line(at, "3", "12"), pricing="changed")
    at.act(first, "unpost")
    assert prices(first) == [(Decimal(12), Decimal(36))]
    at.act(first)
    copied = drafts.copy(at.viewer, registry.document("stock_transfer"), first.pk)["document"]
    assert prices(Document.objects.get(pk=copied)) == [(Decimal(12), Decimal(36))]
    at.act(first, "reverse")
    red = Document.objects.get(reverses=first)
    assert prices(red) == [(Decimal(12), Decimal(-36))] and red.amount_net == -36


def test_who_is_kept_from_transfer_prices_neither_sees_nor_sends_them_and_may_still_transfer(at: Company) -> None:
    keeper = without(at, "cost", "purchase_price", "sales_price", "transfer_price")
    declaration = registry.document("stock_transfer")
    raw = {"document_date": day(2).isoformat(), **places(at), "pricing": "changed", "price_source": "purchase_price"}
    with pytest.raises(InvalidDocument):
        drafts.create(keeper, declaration, {**raw, "goods_lines": [line(at, "1", "12")]})
    made = drafts.create(keeper, declaration, {**raw, "goods_lines": [line(at, "2")]})["document"]
    assert prices(Document.objects.get(pk=made)) == [(Decimal(10), Decimal(20))]
    body = present.document_json(keeper, declaration, made)
    assert not {"amount_net", "markup"} & set(body) and not {"unit_price_net", "amount_net"} & set(body["goods_lines"][0])


def test_no_price_is_taken_for_whom_it_would_tell_what_he_may_not_see(at: Company) -> None:
    seller = without(at, "cost", "purchase_price")
    declaration = registry.document("stock_transfer")
    raw = {"document_date": day(2).isoformat(), **places(at), "pricing": "changed", "goods_lines": [line(at, "2")]}
    before = Document.objects.count()
    for source, label in (("purchase_price", "采购价"), ("reference_cost", "参考成本")):
        with pytest.raises(PriceNotShown) as refused:
            drafts.create(seller, declaration, {**raw, "price_source": source})
        assert refused.value.params["label"] == label
    assert Document.objects.count() == before
    made = drafts.create(seller, declaration, {**raw, "price_source": "sales_price"})["document"]
    assert prices(Document.objects.get(pk=made)) == [(Decimal(15), Decimal(30))]


def test_the_button_prices_every_line_as_typed_and_keeps_nothing(at: Company) -> None:
    declaration = registry.document("stock_transfer")
    [button] = declaration.line_fills
    raw = {"pricing": "changed", "price_source": "purchase_price", "markup": "0.1", "goods_lines": [line(at, "3", "99", id=7)]}
    [found] = button.fill(at.viewer, declaration, raw)["goods_lines"]
    assert (found["id"], found["unit_price_net"], found["amount_net"], found["item"]["code"]) == (7, "11", "33", "M6")
    assert button.fill(at.viewer, declaration, {**raw, "goods_lines": 7}) == {"goods_lines": []}
    with pytest.raises(FieldInvalid):
        button.fill(at.viewer, declaration, {**raw, "price_source": None})
    with pytest.raises(PriceNotShown):
        button.fill(without(at, "cost"), declaration, raw)


def test_prices_cost_no_statement_more_for_more_lines(at: Company) -> None:
    def statements(count: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            at.draft("stock_transfer", day(2), [line(at, "1")] * count, **places(at), pricing="changed", price_source="sales_price")
        return len(caught)

    assert statements(2) == statements(20)
