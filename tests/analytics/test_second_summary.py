"""进销存汇总表的辅助数量: what was there, came, left and is there in second units, by span, pool and warehouse."""

from __future__ import annotations

import importlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.analytics.stock_on_hand import STOCK_ON_HAND
from hengcang.analytics.stock_summary import STOCK_SUMMARY
from hengcang.base import clock
from hengcang.base.book import change_book
from hengcang.catalog.models import Unit
from hengcang.ledger import check
from hengcang.ledger.models import PoolMonth, StockMonth
from hengcang.meta.declarations import SECOND_UNITS
from tests import make
from tests.make import Company

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH = (date(2026, month, 10) for month in (1, 2, 3))


@pytest.fixture(autouse=True)
def in_march() -> Any:
    """Today is the last day of March."""
    with clock.standing_at(clock.now().replace(2026, 3, 31)):
        yield


def weighed(**book: Any) -> Company:
    """A company that weighs hens (斤) and counts them (只); M6 has no second unit."""
    found = make.company()
    change_book(second_units=True, **book)
    unit = Unit.objects.create(code="jin", name="斤", decimals=2)
    head = Unit.objects.create(code="zhi", name="只", decimals=0)
    found.item("鸡", name="土鸡", base_unit=unit, second_unit=head, second_factor=Decimal("2.5"))
    found.receipt(JANUARY, "100", "10")
    return found


def traded(**book: Any) -> Company:
    """January 40 hens come; February 10 are sold, 12 go from A to B; on 10 March 6 come, and 20 March 3 are missing in B."""
    found = weighed(**book)
    found.receipt(JANUARY, "100", "10", item="鸡", second_quantity="40")
    found.delivery(FEBRUARY, "24", item="鸡", second_quantity="10")
    found.transfer(date(2026, 2, 20), "30", item="鸡", second_quantity="12")
    found.receipt(MARCH, "15", "10", item="鸡", second_quantity="6")
    line = {"item": found.items["鸡"].pk, "quantity": "30", "second_quantity": "9"}
    found.posted("stock_count", date(2026, 3, 20), [line], source_place=found.places["B"].pk)
    return found


def hens(company: Company, first: date, last: date, **more: Any) -> list[tuple[Any, ...]]:
    """The second numbers of the hens: place, opening, in, out, closing."""
    answer = STOCK_SUMMARY.run(company.viewer, {"date_from": first, "date_to": last, "item": company.items["鸡"].pk, **more})
    names = ("place_name", "opening_second", "second_in", "second_out", "closing_second")
    return [tuple(row[name] for name in names) for row in answer.rows]


def test_whole_months_and_parts_of_months_say_what_came_and_left_in_heads() -> None:
    company = traded()
    assert hens(company, date(2026, 1, 1), date(2026, 1, 31)) == [("公司", "0", "40", "0", "40")]
    assert hens(company, date(2026, 2, 1), date(2026, 2, 28)) == [("公司", "40", "0", "10", "30")]
    assert hens(company, date(2026, 2, 11), date(2026, 3, 19)) == [("公司", "30", "6", "0", "36")]
    assert hens(company, date(2026, 3, 11), date(2026, 3, 31)) == [("公司", "36", "0", "3", "33")]
    assert hens(company, date(2026, 1, 1), date(2026, 12, 31)) == [("公司", "0", "46", "13", "33")]


def test_a_pool_of_a_warehouse_and_a_warehouse_alone_have_what_moved_between_two_in_and_out() -> None:
    pools = traded(pool_kind="warehouse")
    expected = [("A仓", "0", "46", "22", "24"), ("B仓", "0", "12", "3", "9")]
    assert hens(pools, date(2026, 1, 1), date(2026, 3, 31)) == expected
    assert hens(pools, date(2026, 2, 20), date(2026, 3, 31)) == [("A仓", "30", "6", "12", "24"), ("B仓", "0", "12", "3", "9")]
    for at, row in zip("AB", expected, strict=True):
        assert hens(pools, date(2026, 1, 1), date(2026, 3, 31), place=pools.places[at].pk) == [row]


def test_of_one_warehouse_of_a_company_pool_heads_stand_beside_the_quantities() -> None:
    company = traded()
    span = {"date_from": date(2026, 2, 1), "date_to": date(2026, 3, 15), "place": company.places["A"].pk}
    found = {row["item_code"]: row for row in STOCK_SUMMARY.run(company.viewer, span).rows}
    numbers = [found["鸡"][name] for name in ("opening_quantity", "quantity_in", "quantity_out", "closing_quantity")]
    seconds = [found["鸡"][name] for name in ("opening_second", "second_in", "second_out", "closing_second")]
    assert (numbers, seconds, found["鸡"]["second_unit"]) == (["100", "15", "54", "61"], ["40", "6", "22", "24"], "只")
    assert "opening_second" not in found["M6"] and found["M6"]["second_unit"] is None


def test_goods_put_away_into_bins_neither_come_nor_leave() -> None:
    company = weighed()
    company.bins("A", "A-01")
    company.receipt(FEBRUARY, "100", "10", item="鸡", second_quantity="40")
    company.transfer(MARCH, "25", "A", "A", item="鸡", target_place=company.places["A-01"].pk, second_quantity="10")
    for span in ((date(2026, 3, 1), date(2026, 3, 31)), (MARCH, date(2026, 3, 15))):
        assert hens(company, *span, place=company.places["A"].pk) == [("A仓", "40", "0", "0", "40")]
        assert hens(company, *span) == [("公司", "40", "0", "0", "40")]


def test_a_count_of_heads_alone_and_what_is_entered_before_it_later_stand_in_their_months() -> None:
    company = weighed()
    company.receipt(JANUARY, "25", "10", item="鸡", second_quantity="10")
    line = {"item": company.items["鸡"].pk, "quantity": "25", "second_quantity": "9"}
    company.posted("stock_count", MARCH, [line], source_place=company.places["A"].pk)
    assert hens(company, date(2026, 3, 1), date(2026, 3, 31)) == [("公司", "10", "0", "1", "9")]
    late = company.receipt(FEBRUARY, "5", "10", item="鸡", second_quantity="2")
    assert hens(company, date(2026, 2, 1), date(2026, 2, 28)) == [("公司", "10", "2", "0", "12")]
    assert hens(company, date(2026, 3, 1), date(2026, 3, 31)) == [("公司", "12", "0", "3", "9")]
    company.act(late, "unpost")
    assert hens(company, date(2026, 1, 1), date(2026, 3, 31)) == [("公司", "0", "10", "1", "9")]


def test_heads_of_a_past_day_are_reached_from_today_over_the_months() -> None:
    company = traded()
    for day, expected in ((JANUARY, {"A仓": "40"}), (date(2026, 2, 15), {"A仓": "30"}), (MARCH, {"A仓": "24", "B仓": "12"})):
        asked = {"by": "place", "day": day, "item": company.items["鸡"].pk}
        assert {row["place_name"]: row["second_quantity"] for row in STOCK_ON_HAND.run(company.viewer, asked).rows} == expected


def test_the_months_are_filled_from_moves_that_were_there_before_them() -> None:
    traded(pool_kind="warehouse")
    heads_alone = StockMonth.objects.filter(kind="count")
    assert [(row.quantity_out, row.second_out) for row in heads_alone] == [(0, 3)]
    heads_alone.delete()
    StockMonth.objects.update(second_in="0", second_out="0")
    PoolMonth.objects.update(second_in="0", second_out="0")
    assert [one for one in check.run() if one.id in ("I-46", "I-47")]
    made = importlib.import_module("hengcang.ledger.migrations.0017_second_flows")
    with connection.cursor() as cursor:
        cursor.execute(made.STOCK_SQL)
        cursor.execute(made.POOL_SQL)
    assert check.run() == []


def test_the_summary_takes_one_statement_more_with_second_units_however_many_items() -> None:
    def statements(company: Company) -> int:
        span = {"date_from": date(2026, 2, 11), "date_to": date(2026, 3, 19)}
        with CaptureQueriesContext(connection) as captured:
            STOCK_SUMMARY.run(company.viewer, span)
        return len(captured.captured_queries)

    company = traded()
    few = statements(company)
    for at in range(12):
        company.item(f"鸭{at}", second_unit=company.items["鸡"].second_unit, second_factor=Decimal(3))
        company.receipt(FEBRUARY, "30", "10", item=f"鸭{at}", second_quantity="10")
    assert statements(company) == few
    change_book(second_units=False)
    assert statements(company) == few - 1


def test_a_book_without_second_units_has_no_such_columns() -> None:
    company = make.company()
    company.receipt(MARCH, "5", "1")
    assert len([one for one in STOCK_SUMMARY.columns if one.feature == SECOND_UNITS]) == 5
    assert not [one.name for one in STOCK_SUMMARY.columns if one.feature == SECOND_UNITS and company.viewer.sees(one)]
    (row,) = STOCK_SUMMARY.run(company.viewer, {}).rows
    assert not [name for name in row if "second" in name]
