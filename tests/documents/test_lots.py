"""Lots: what a receipt says of them is kept, expired ones are not shipped, and lines are shared over them by expiry."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from hengcang.base.book import change_book
from hengcang.catalog.models import Item, ItemUnit, Lot, Unit
from hengcang.core.errors import HengcangError, InvalidDocument
from hengcang.documents import allocating
from hengcang.ledger.models import StockBalance
from hengcang.meta import registry
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def dairy() -> Company:
    """A company with 牛奶, kept by lot for thirty days."""
    made = make.company()
    made.item("牛奶", tracking="lot", shelf_life_days=30)
    return made


def receive(company: Company, on: int, lot: str, produced: int | None, quantity: str = "10", **more: Any) -> Document:
    """A posted receipt of a lot, produced on a day."""
    dates = {"production_date": day(produced).isoformat()} if produced is not None else {}
    return company.receipt(day(on), quantity, "3", "牛奶", lot=lot, **dates, **more)


def refused(act: Any, code: str, message: str) -> None:
    """The act is refused in these words, and no stock moved."""
    before = sorted(StockBalance.objects.values_list("lot", "place", "quantity"))
    with pytest.raises(HengcangError) as caught:
        act()
    errors = getattr(caught.value, "errors", [caught.value])
    assert [(one.code, one.message()) for one in errors] == [(code, message)]
    assert sorted(StockBalance.objects.values_list("lot", "place", "quantity")) == before


def test_the_first_receipt_makes_the_lot_with_its_dates(dairy: Company) -> None:
    receipt = receive(dairy, 5, "L1", 1, supplier_lot="X-9", attributes="色号 12")
    lot = Lot.objects.get(number="L1")
    assert (lot.production_date, lot.expiry_date, lot.supplier_lot, lot.attributes) == (day(1), day(31), "X-9", "色号 12")
    assert receipt.goods_lines.get().ext["expiry_date"] == day(31).isoformat()


def test_an_entered_expiry_date_stands(dairy: Company) -> None:
    receive(dairy, 5, "L1", 1, expiry_date=day(20).isoformat())
    assert Lot.objects.get(number="L1").expiry_date == day(20)


def test_a_later_receipt_fills_in_what_the_lot_does_not_say(dairy: Company) -> None:
    receive(dairy, 5, "L1", None)
    assert Lot.objects.get(number="L1").expiry_date is None
    receive(dairy, 6, "L1", 2)
    assert Lot.objects.get(number="L1").expiry_date == day(32)


def test_another_date_for_a_lot_that_moved_is_refused(dairy: Company) -> None:
    receive(dairy, 5, "L1", 1, expiry_date=day(20).isoformat())
    refused(
        lambda: receive(dairy, 6, "L1", 1, expiry_date=day(21).isoformat()),
        "lot_differs",
        "商品明细第 1 行：批次 L1 的有效期已是 2026-03-20，本行填的是 2026-03-21。请核对批号；确要更正，请改批次资料。",
    )
    assert Lot.objects.get(number="L1").expiry_date == day(20)


def test_a_date_mistyped_in_a_draft_can_be_corrected(dairy: Company) -> None:
    line = {"item": dairy.item("牛奶").pk, "quantity": "1", "unit_price_net": "1", "lot": "L1"}
    header = {"party": dairy.supplier.pk, "target_place": dairy.places["A"].pk}
    dairy.draft("purchase_receipt", day(5), [{**line, "expiry_date": "2026-04-01"}], **header)
    dairy.draft("purchase_receipt", day(5), [{**line, "expiry_date": "2026-05-01"}], **header)
    assert str(Lot.objects.get(number="L1").expiry_date) == "2026-05-01"


def test_an_expired_lot_is_not_shipped_but_may_be_scrapped_and_sent_back(dairy: Company) -> None:
    receive(dairy, 1, "L1", 1)
    refused(
        lambda: dairy.delivery(day(32), "1", "牛奶", lot="L1"),
        "lot_expired",
        "第 1 行：商品牛奶 批次 L1 已于 2026-03-31 到期，不能出库。请换批次，或办报损、退货。",
    )
    dairy.delivery(day(31), "1", "牛奶", lot="L1")
    line = [{"item": dairy.item("牛奶").pk, "quantity": "1", "lot": "L1"}]
    dairy.posted("stock_scrap", day(40), line, source_place=dairy.places["A"].pk)
    back = [{**line[0], "unit_price_net": "3"}]
    dairy.posted("purchase_return", day(40), back, party=dairy.supplier.pk, source_place=dairy.places["A"].pk)


def told(company: Company, on: int) -> list[str]:
    """The warnings of a delivery of one of L1."""
    lines = [{"item": company.item("牛奶").pk, "quantity": "1", "unit_price_net": "9", "lot": "L1"}]
    draft = company.draft("sales_delivery", day(on), lines, party=company.customer.pk, source_place=company.places["A"].pk)
    return [one["message"] for one in company.act(draft)["warnings"]]


def test_book_and_item_say_whether_expired_lots_may_go(dairy: Company) -> None:
    receive(dairy, 1, "L1", 1)
    change_book(expired_lots="warn", near_expiry_days=5)
    assert told(dairy, 40) == ["第 1 行：商品牛奶 批次 L1 已于 2026-03-31 到期，请留意。"]
    assert told(dairy, 27) == ["第 1 行：商品牛奶 批次 L1 将于 2026-03-31 到期，还有 4 天。"]
    assert told(dairy, 20) == []
    Item.objects.filter(code="牛奶").update(expired_lots="allow")
    assert told(dairy, 40) == []
    Item.objects.filter(code="牛奶").update(expired_lots="forbid")
    with pytest.raises(InvalidDocument):
        told(dairy, 40)


def suggested(company: Company, on: int, *quantities: str) -> list[tuple[list[tuple[str, str]], str]]:
    """What lines of these quantities would take."""
    lines = [{"item": company.item("牛奶").pk, "quantity": one, "source_place": company.places["A"].pk} for one in quantities]
    answer = allocating.suggest(company.viewer, registry.document("sales_delivery"), {"document_date": day(on).isoformat(), "lines": lines})
    return [([(one["lot"]["code"], one["quantity"]) for one in line["lots"]], line["missing"]) for line in answer["lines"]]


def test_lines_are_shared_over_lots_by_expiry_and_never_from_expired_ones(dairy: Company) -> None:
    receive(dairy, 9, "L9", 9)
    receive(dairy, 10, "L5", 5)
    receive(dairy, 11, "L1", 1)
    assert suggested(dairy, 12, "25") == [([("L1", "10"), ("L5", "10"), ("L9", "5")], "0")]
    assert suggested(dairy, 12, "12", "12") == [([("L1", "10"), ("L5", "2")], "0"), ([("L5", "8"), ("L9", "4")], "0")]
    assert suggested(dairy, 33, "25") == [([("L5", "10"), ("L9", "10")], "5")]


def test_lots_without_expiry_go_as_they_came_and_after_those_that_expire(dairy: Company) -> None:
    for number in ("Z", "A"):
        receive(dairy, 1, number, None)
    receive(dairy, 2, "L2", 2)
    assert suggested(dairy, 3, "25") == [([("L2", "10"), ("Z", "10"), ("A", "5")], "0")]


def test_expiry_days_are_counted_from_production(dairy: Company) -> None:
    receive(dairy, 5, "L1", 5)
    expires = Lot.objects.get(number="L1").expiry_date
    assert expires is not None and expires - day(5) == timedelta(days=30)


def boxes(company: Company, quantity: str, decimals: int) -> Any:
    """What a line of boxes of 24 takes."""
    box = Unit.objects.create(code="box", name="箱", decimals=decimals)
    ItemUnit.objects.create(item=company.item("牛奶"), unit=box, factor=Decimal(24))
    line = {"item": company.item("牛奶").pk, "unit": box.pk, "quantity": quantity, "source_place": company.places["A"].pk}
    raw = {"document_date": day(12).isoformat(), "lines": [line]}
    answer = allocating.suggest(company.viewer, registry.document("sales_delivery"), raw)["lines"][0]
    return answer["unit"], [(one["lot"]["code"], one["quantity"]) for one in answer["lots"]], answer["missing"]


def test_parts_that_are_not_whole_in_the_unit_of_the_line_are_told_in_the_base_unit(dairy: Company) -> None:
    receive(dairy, 9, "L1", 1, "10")
    receive(dairy, 10, "L5", 5, "30")
    base = {"id": dairy.unit.pk, "label": "个", "factor": "1", "factor_before": "24"}
    assert boxes(dairy, "2", 2) == (base, [("L1", "10"), ("L5", "30")], "8")


def test_whole_parts_stay_in_the_unit_of_the_line(dairy: Company) -> None:
    receive(dairy, 9, "L1", 1, "24")
    receive(dairy, 10, "L5", 5, "30")
    assert boxes(dairy, "2", 0) == (None, [("L1", "1"), ("L5", "1")], "0")


def test_half_a_box_is_told_in_pieces_where_boxes_are_not_divided(dairy: Company) -> None:
    receive(dairy, 9, "L1", 1, "12")
    receive(dairy, 10, "L5", 5, "30")
    base = {"id": dairy.unit.pk, "label": "个", "factor": "1", "factor_before": "24"}
    assert boxes(dairy, "1", 0) == (base, [("L1", "12"), ("L5", "12")], "0")
