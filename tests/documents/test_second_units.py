"""辅助数量: goods weighed and counted by head, through documents, undoing, counts and reports; exact on both databases."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.analytics.stock_card import STOCK_CARD
from hengcang.analytics.stock_on_hand import STOCK_ON_HAND
from hengcang.base import clock
from hengcang.base.book import book, change_book
from hengcang.catalog.models import Item, Unit
from hengcang.core.errors import InvalidDocument
from hengcang.documents import conversion, present, printing
from hengcang.ledger.models import StockBalance, StockMove
from hengcang.meta import registry
from hengcang.meta.declarations import SECOND_UNITS
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day


@pytest.fixture
def at(db: None) -> Company:
    """A company that weighs hens (斤) and counts them (只), as a rule 2.5 斤 each."""
    found = make.company()
    unit = Unit.objects.create(code="jin", name="斤", decimals=2)
    head = Unit.objects.create(code="zhi", name="只", decimals=0)
    found.item("鸡", name="土鸡", base_unit=unit, second_unit=head, second_factor=Decimal("2.5"))
    change_book(second_units=True)
    return found


def held(company: Company, place: str = "A", item: str = "鸡") -> tuple[str, str]:
    """Quantity and second quantity of the hens at a place."""
    row = StockBalance.objects.get(item=company.items[item], place=company.places[place])
    return f"{row.quantity.normalize():f}", f"{row.second_quantity.normalize():f}"


def buy(company: Company, on: int, quantity: str, second: str | None, **more: Any) -> Document:
    """A posted receipt of hens."""
    beside = {} if second is None else {"second_quantity": second}
    return company.receipt(day(on), quantity, "10", item="鸡", **beside, **more)


def sell(company: Company, on: int, quantity: str, second: str | None, **more: Any) -> Document:
    """A posted delivery of hens."""
    beside = {} if second is None else {"second_quantity": second}
    return company.delivery(day(on), quantity, item="鸡", **beside, **more)


def test_both_quantities_are_kept_and_what_empties_the_place_takes_what_is_left_of_the_second(at: Company) -> None:
    buy(at, 1, "25.3", "10")
    assert held(at) == ("25.3", "10")
    sell(at, 2, "7.8", "3")
    assert held(at) == ("17.5", "7")
    lines = [{"item": at.items["鸡"].pk, "quantity": "17.5", "second_quantity": "6", "unit_price_net": "20"}]
    last = at.draft("sales_delivery", day(3), lines, party=at.customer.pk, source_place=at.places["A"].pk)
    (warning,) = at.act(last)["warnings"]
    assert (warning["code"], warning["path"]) == ("second_remainder", "goods_lines.0.second_quantity")
    assert warning["message"] == "第 1 行：鸡 土鸡 的数量在此清零，辅助数量按余下的 7 只 记账，不是 6 只。如不符请盘点。"
    assert held(at) == ("0", "0")
    assert StockMove.objects.get(line__document=last).second_quantity == 7
    at.act(last, "unpost")
    assert held(at) == ("17.5", "7")
    at.act(last)
    at.act(last, "reverse")
    assert held(at) == ("17.5", "7")


def test_an_empty_second_quantity_is_suggested_by_the_usual_ratio_at_least_one_step(at: Company) -> None:
    assert [str(row.second_quantity) for row in buy(at, 1, "25.3", None).goods_lines.all()] == ["10"]
    assert [str(row.second_quantity) for row in sell(at, 2, "0.8", None).goods_lines.all()] == ["1"]
    assert held(at) == ("24.5", "9")


@pytest.mark.parametrize(
    ("quantity", "second", "reason"),
    [("25.3", "0", "数量不为 0，辅助数量也不能为 0"), ("0", "2", "数量为 0，辅助数量也应为 0"), ("25.3", "9.5", "辅助单位没有小数")],
)
def test_a_second_quantity_that_does_not_fit_is_refused(at: Company, quantity: str, second: str, reason: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        buy(at, 1, quantity, second)
    (error,) = refused.value.errors
    assert (error.path, error.params["reason"]) == ("goods_lines.0.second_quantity", reason)
    assert Document.objects.count() == 0


def test_an_item_without_a_second_unit_takes_no_second_quantity(at: Company) -> None:
    with pytest.raises(InvalidDocument) as refused:
        at.receipt(day(1), "5", "1", second_quantity="2")
    assert refused.value.errors[0].params["reason"] == "这个商品没有辅助单位，请清空辅助数量"


def test_without_a_usual_ratio_posting_asks_for_the_second_quantity(at: Company) -> None:
    Item.objects.filter(pk=at.items["鸡"].pk).update(second_factor=None)
    with pytest.raises(InvalidDocument) as refused:
        buy(at, 1, "25.3", None)
    (error,) = refused.value.errors
    assert (error.code, error.path, error.params["label"]) == ("line_incomplete", "goods_lines.0.second_quantity", "辅助数量")
    assert StockMove.objects.count() == 0


def test_a_transfer_takes_heads_along_and_undoing_brings_them_back(at: Company) -> None:
    buy(at, 1, "25.3", "10")
    moved = at.transfer(day(2), "10.3", item="鸡", second_quantity="4")
    assert (held(at), held(at, "B")) == (("15", "6"), ("10.3", "4"))
    at.act(moved, "reverse")
    assert (held(at), held(at, "B")) == (("25.3", "10"), ("0", "0"))


def test_undoing_what_empties_the_place_takes_what_is_left(at: Company) -> None:
    first = buy(at, 1, "20", "8")
    buy(at, 2, "5", "2")
    sell(at, 3, "5", "3")
    at.act(first, "unpost")
    assert held(at) == ("0", "0")
    at.act(first)
    assert held(at) == ("20", "8")


def test_conversions_carry_the_open_share_and_the_last_part_takes_the_rest(at: Company) -> None:
    buy(at, 1, "30", "12")
    lines = [{"item": at.items["鸡"].pk, "quantity": "25.3", "second_quantity": "10", "unit_price_net": "20"}]
    order = at.posted("sales_order", day(2), lines, party=at.customer.pk, source_place=at.places["A"].pk)
    line = order.goods_lines.get().pk
    first = convert(at, order, {line: Decimal("8")})
    assert [(str(row.quantity), str(row.second_quantity)) for row in first.goods_lines.all()] == [("8", "3")]
    at.act(first)
    rest = convert(at, order, {})
    assert [(str(row.quantity), str(row.second_quantity)) for row in rest.goods_lines.all()] == [("17.3", "7")]
    at.act(rest)
    at.act(rest, "unpost")
    assert [str(row.second_quantity) for row in convert(at, order, {}).goods_lines.all()] == ["7"]
    assert held(at) == ("22", "9")


def convert(company: Company, order: Document, quantities: dict[int, Decimal]) -> Document:
    """The delivery that an order is converted into, on the day after."""
    declaration = registry.document(order.type)
    answer = conversion.convert(company.viewer, declaration, conversion.Wanted("sales_delivery", [order.pk], quantities))
    return Document.objects.get(pk=answer["document"])


def count(company: Company, on: int, quantity: str, second: str | None) -> Document:
    """A posted count of the hens."""
    beside = {} if second is None else {"second_quantity": second}
    lines = [{"item": company.items["鸡"].pk, "quantity": quantity, **beside}]
    return company.posted("stock_count", day(on), lines, source_place=company.places["A"].pk)


def test_a_count_corrects_heads_alone_and_a_late_entry_is_taken_up_by_it(at: Company) -> None:
    buy(at, 1, "25.3", "10")
    counted = count(at, 5, "25.3", "9")
    assert held(at) == ("25.3", "9")
    late = buy(at, 2, "5", "2")
    assert held(at) == ("25.3", "9")
    at.act(late, "unpost")
    assert held(at) == ("25.3", "9")
    at.act(counted, "unpost")
    assert held(at) == ("25.3", "10")


def test_a_count_of_weight_alone_keeps_the_ratio_of_the_books(at: Company) -> None:
    buy(at, 1, "25", "10")
    count(at, 2, "20", None)
    assert held(at) == ("20", "8")
    assert count(at, 3, "0", None).goods_lines.get().second_quantity is None
    assert held(at) == ("0", "0")


def test_a_reversed_count_gives_back_what_it_took(at: Company) -> None:
    buy(at, 1, "25.3", "10")
    heads = count(at, 5, "25.3", "9")
    at.act(heads, "reverse")
    assert held(at) == ("25.3", "10")


def test_the_reports_show_second_quantities_now_and_then(at: Company) -> None:
    buy(at, 1, "25.3", "10")
    sell(at, 3, "7.8", "3")
    with clock.standing_at(clock.now().replace(2026, 3, 31)):
        (now,) = STOCK_ON_HAND.run(at.viewer, {"by": "place"}).rows
        (then,) = STOCK_ON_HAND.run(at.viewer, {"by": "item", "day": day(2)}).rows
        card = STOCK_CARD.run(at.viewer, {"item": at.items["鸡"].pk, "date_from": day(2), "date_to": day(4)})
    assert (now["quantity"], now["second_quantity"], now["second_unit"]) == ("17.5", "7", "只")
    assert (then["quantity"], then["second_quantity"]) == ("25.3", "10")
    opening, sold = card.rows
    assert (opening["second_quantity"], opening["second_unit"]) == ("10", "只")
    assert (sold["second_out"], sold["second_quantity"]) == ("3", "7")
    assert (card.totals["second_in"], card.totals["second_out"], card.totals["second_quantity"]) == ("0", "3", "7")


def test_a_book_without_second_units_shows_none(db: None) -> None:
    company = make.company()
    company.receipt(day(1), "5", "1")
    assert not book().second_units
    assert not [one.name for one in STOCK_ON_HAND.columns if one.feature == SECOND_UNITS and company.viewer.sees(one)]
    (row,) = STOCK_ON_HAND.run(company.viewer, {"by": "place"}).rows
    assert "second_quantity" not in row and "second_unit" not in row


def test_the_document_and_its_print_show_the_second_quantity_and_its_unit(at: Company) -> None:
    receipt = buy(at, 1, "25.3", "10")
    declaration = registry.document("purchase_receipt")
    shown = present.document_json(at.viewer, declaration, receipt.pk)
    (line,) = shown["goods_lines"]
    assert (line["second_quantity"], line["second_unit"]) == ("10", "只")
    paper = printing.data_of(at.viewer, declaration, shown)
    labels = [one["label"] for one in paper["columns"]]
    (row,) = paper["rows"]
    assert (row[labels.index("辅助数量")], row[labels.index("辅助单位")]) == ("10", "只")


def test_lines_with_second_quantities_take_as_many_statements_as_others_and_do_not_grow(at: Company) -> None:
    def statements(lines: int) -> list[int]:
        raw = [{"item": at.items["鸡"].pk, "quantity": "5", "second_quantity": "2", "unit_price_net": "1"}] * lines
        document = at.draft("purchase_receipt", day(1), raw, party=at.supplier.pk, target_place=at.places["A"].pk)
        found = []
        for name in ("post", "unpost"):
            with CaptureQueriesContext(connection) as captured:
                at.act(document, name)
            found.append(len([one for one in captured.captured_queries if "pg_attribute" not in one["sql"]]))
        return found

    statements(1)
    few, many = statements(3), statements(60)
    assert few == many
