"""可用量、可承诺量与最早可交 What the book calls available, what can be promised, and when each order line is met."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.viewer import Viewer
from hengcang.analytics.pickers import stock_of
from hengcang.analytics.promises import run_days, run_lines
from hengcang.analytics.stock_on_hand import run as stock_on_hand
from hengcang.base import clock
from hengcang.base.book import change_book
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day


@pytest.fixture
def company(db: None) -> Iterator[Company]:
    """10 on hand at A仓 and orders around it; today is the second day."""
    made = make.company()
    made.receipt(day(1), "10", "1")
    with clock.standing_at(datetime.combine(day(2), datetime.min.time(), timezone(timedelta(hours=8)))):
        yield made


def sold(company: Company, quantity: str, on: int | None, *, reserve: bool = False, place: str = "A", item: str = "M6") -> Document:
    """A posted sales order of one line."""
    lines = [{"item": company.item(item).pk, "quantity": quantity, "unit_price_net": "3"}]
    agreed = {} if on is None else {"delivery_date": day(on).isoformat()}
    where = company.places[place].pk
    return company.posted("sales_order", day(1), lines, party=company.customer.pk, source_place=where, reserve=reserve, **agreed)


def bought(company: Company, quantity: str, on: int | None) -> Document:
    """A posted purchase order of one line."""
    lines = [{"item": company.item().pk, "quantity": quantity, "unit_price_net": "1"}]
    agreed = {} if on is None else {"delivery_date": day(on).isoformat()}
    return company.posted("purchase_order", day(1), lines, party=company.supplier.pk, target_place=company.places["A"].pk, **agreed)


def orders(company: Company) -> list[Document]:
    """6 held back for day 5, 2 for day 3, 8 for day 10; 5 come on day 8, 3 on day 12, 100 some day."""
    found = [sold(company, "6", 5, reserve=True), sold(company, "2", 3), sold(company, "8", 10)]
    for quantity, on in (("5", 8), ("100", None), ("3", 12)):
        bought(company, quantity, on)
    return found


def columns(rows: Any, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of a report's rows."""
    return [tuple(row[name] for name in names) for row in rows]


def test_what_can_be_promised_changes_day_by_day(company: Company) -> None:
    orders(company)
    rows = run_days(company.viewer, {}).rows
    assert columns(rows, "day", "incoming", "outgoing", "projected", "promise") == [
        ("2026-03-02", "0", "0", "10", "0"),
        ("2026-03-03", "0", "2", "8", "0"),
        ("2026-03-05", "0", "6", "2", "0"),
        ("2026-03-08", "5", "0", "7", "0"),
        ("2026-03-10", "0", "8", "-1", "0"),
        ("2026-03-12", "3", "0", "2", "2"),
    ]
    assert columns(run_days(company.viewer, {"date_to": day(3)}).rows, "day") == [("2026-03-02",), ("2026-03-03",)]


def test_each_open_line_says_when_it_can_be_met(company: Company) -> None:
    made = [*orders(company), sold(company, "50", None), sold(company, "1", 4, place="B")]
    rows = run_lines(company.viewer, {}).rows
    found = {row["document"]["id"]: (row["earliest"], row["late_days"], row["open"], row["reserved"]) for row in rows}
    assert [found[one.pk] for one in made] == [
        ("2026-03-02", 0, "6", "6"),
        (None, None, "2", "0"),
        (None, None, "8", "0"),
        (None, None, "50", "0"),
        (None, None, "1", "0"),
    ]
    company.act(made[3], "close", reason="不要了")
    rows = run_lines(company.viewer, {"late": True}).rows
    assert columns(rows, "earliest", "late_days", "open") == [(None, None, "1"), ("2026-03-12", 2, "8")]
    company.delivery(day(2), "2", source_line=made[1].goods_lines.get().pk)
    rows = run_lines(company.viewer, {"item": company.item().pk, "place": company.places["A"].pk}).rows
    assert columns(rows, "earliest", "late_days", "open") == [("2026-03-02", 0, "6"), ("2026-03-12", 2, "8")]


def test_available_follows_the_formula_of_the_book_everywhere(company: Company) -> None:
    orders(company)
    item, place = company.item().pk, company.places["A"].pk
    for rule, wanted in (
        ((True, False, False), "4"),
        ((False, False, False), "10"),
        ((True, True, True), "102"),
        ((False, True, True), "102"),
        ((True, False, True), "-6"),
        ((False, False, True), "-6"),
    ):
        change_book(**dict(zip(("available_less_reserved", "available_plus_incoming", "available_less_outgoing"), rule, strict=True)))
        for by in ("item", "place"):
            found = stock_on_hand(company.viewer, {"by": by})
            assert (*columns(found.rows, "quantity", "reserved", "available"), found.totals and found.totals["available"]) == (
                ("10", "6", wanted),
                wanted,
            )
        assert stock_of([item], company.viewer, {"place": str(place)}) == {item: {"on_hand": "10", "available": wanted}}
        assert stock_of([item], company.viewer, {"place": str(company.places["B"].pk)}) == {item: {"on_hand": "0", "available": "0"}}


def test_who_may_not_see_orders_sees_none_and_a_keeper_only_his_warehouse(company: Company) -> None:
    orders(company)
    sold(company, "1", 4, place="B")
    blind = Viewer(user_id=company.viewer.user_id, name="盲", permissions=frozenset({("earliest_delivery", "view")}))
    assert list(run_lines(blind, {}).rows) == []
    keeper = Viewer(
        user_id=company.viewer.user_id,
        name="乙仓",
        permissions=frozenset({("sales_order", "view")}),
        scopes={"warehouse": frozenset({company.places["B"].pk})},
    )
    assert columns(run_lines(keeper, {}).rows, "place_name", "open") == [("B仓", "1")]
    assert columns(run_days(keeper, {}).rows, "place_name", "projected") == [("B仓", "0"), ("B仓", "-1")]


def test_what_is_made_comes_and_what_it_needs_goes(company: Company) -> None:
    places = {"source_place": company.places["A"].pk, "target_place": company.places["B"].pk}
    lines = {
        "product_lines": [{"item": company.item("P1").pk, "quantity": "2"}],
        "component_lines": [{"item": company.item().pk, "quantity": "7"}],
    }
    company.posted("production_order", day(1), (), finish_date=day(6).isoformat(), **lines, **places)
    rows = run_days(company.viewer, {}).rows
    assert columns(rows, "item_code", "place_name", "day", "projected") == [
        ("M6", "A仓", "2026-03-02", "10"),
        ("M6", "A仓", "2026-03-06", "3"),
        ("P1", "B仓", "2026-03-02", "0"),
        ("P1", "B仓", "2026-03-06", "2"),
    ]


def test_statements_do_not_grow_with_the_orders(company: Company) -> None:
    change_book(available_plus_incoming=True)

    def counted() -> list[int]:
        found = []
        for run in (run_days, run_lines, stock_on_hand):
            with CaptureQueriesContext(connection) as captured:
                list(run(company.viewer, {}).rows)
            found.append(len(captured.captured_queries))
        return found

    orders(company)
    few = counted()
    for number in range(12):
        sold(company, "1", number + 3, item=f"X{number}")
    assert counted() == few == [4, 5, 7]
