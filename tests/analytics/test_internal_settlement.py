"""内部结算表 What two sides settle: by warehouse, department, month and line; cost inside a pool; rights; statements."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.viewer import Viewer
from hengcang.analytics.internal_settlement import INTERNAL_SETTLEMENT, INTERNAL_SETTLEMENT_LINES, INTERNAL_SETTLEMENT_MONTHS
from hengcang.ledger.internal_reports import cost_at
from hengcang.places.models import Department, Place
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

SPAN = {"date_from": day(1), "date_to": day(31)}
MONEY = ("quantity", "cost", "amount", "difference")


@pytest.fixture
def at(db: None) -> Company:
    """A company whose cost is one pool: ten screws of 10, ten more of 20 on the fifth day."""
    found = make.company()
    found.receipt(day(1), "10", "10")
    found.receipt(day(5), "10", "20")
    return found


def sent(at: Company, on: int, quantity: str, price: str, **header: Any) -> Document:
    line = {"item": at.item().pk, "quantity": quantity, "unit_price_net": price}
    where = {"source_place": at.places["A"].pk, "target_place": at.places["B"].pk}
    return at.posted("stock_transfer", day(on), [line], pricing="changed", **where, **header)


def rows(report: Any, viewer: Viewer, *names: str, **more: Any) -> list[tuple[str | None, ...]]:
    found = report.run(viewer, {**SPAN, **more}, 100)
    return [tuple(row.get(name) for name in names) for row in found.rows]


def test_inside_one_pool_the_cost_is_its_average_just_before_the_move(at: Company) -> None:
    first = sent(at, 3, "4", "12")
    second = sent(at, 6, "4", "12")
    at.delivery(day(4), "5")
    lines = INTERNAL_SETTLEMENT_LINES.run(at.viewer, SPAN, 100)
    found = [(row["document"]["id"], row["cost"], row["amount"], row["difference"], row["basis"]) for row in lines.rows]
    assert found == [(first.pk, "40", "48", "8", "apportioned"), (second.pk, "66.67", "48", "-18.67", "apportioned")]
    assert lines.note == "同一成本池内的调拨不带金额，这些行的成本按调拨前一刻的池均价列示，供参考。"
    assert lines.totals == {"cost": "106.67", "amount": "96", "difference": "-10.67", "missing_cost": "0", "missing_amount": "0"}
    late = INTERNAL_SETTLEMENT_LINES.run(at.viewer, {"date_from": day(6), "date_to": day(6)}, 100)
    assert [row["cost"] for row in late.rows] == ["66.67"]


def test_a_late_receipt_moves_the_cost_and_not_what_is_settled(at: Company) -> None:
    sent(at, 3, "4", "12")
    at.receipt(day(2), "10", "30")
    assert rows(INTERNAL_SETTLEMENT, at.viewer, "source", "target", "item_code", *MONEY) == [("A仓", "B仓", "M6", "4", "80", "48", "-32")]


def test_departments_settle_as_warehouses_do_and_who_names_none_stands_apart(at: Company) -> None:
    shop = Department.objects.create(code="D2", name="门店部")
    head = Department.objects.create(code="D1", name="总部")
    sent(at, 3, "4", "12", department=head.pk, target_department=shop.pk)
    sent(at, 3, "1", "12")
    found = rows(INTERNAL_SETTLEMENT, at.viewer, "source", "target", "quantity", "amount", by="department")
    assert found == [("（未填）", "（未填）", "1", "12"), ("总部", "门店部", "4", "48")]
    assert rows(INTERNAL_SETTLEMENT, at.viewer, "quantity", by="department", target_department=shop.pk) == [("4",)]
    assert rows(INTERNAL_SETTLEMENT, at.viewer, "quantity", target_warehouse=at.places["A"].pk) == []
    [row] = INTERNAL_SETTLEMENT.run(at.viewer, {**SPAN, "by": "department", "source_department": head.pk}, 100).rows
    drill = {name: row.get(column) for name, column in INTERNAL_SETTLEMENT.columns[6].drill["parameters"].items()}  # type: ignore[index]
    wanted = {"by": "department", "item": at.item().pk, "source_department": head.pk, "target_department": shop.pk}
    assert {name: value for name, value in drill.items() if value and not name.startswith("date")} == wanted


def test_months_are_the_points_of_the_line_and_what_was_reversed_settles_nothing(at: Company) -> None:
    sent(at, 3, "2", "12")
    at.act(sent(at, 4, "2", "12"), "reverse")
    unposted = sent(at, 4, "2", "12")
    at.act(unposted, "unpost")
    line = {"item": at.item().pk, "quantity": "1", "unit_price_net": "12"}
    back = {"source_place": at.places["B"].pk, "target_place": at.places["A"].pk}
    at.posted("stock_transfer", day(32), [line], pricing="changed", **back)
    at.posted("stock_transfer", day(6), [{"item": at.item().pk, "quantity": "1"}], source_place=back["target_place"],
        target_place=back["source_place"])  # fmt: skip
    found = rows(INTERNAL_SETTLEMENT_MONTHS, at.viewer, "month", "route", "amount", date_to=day(40))
    assert found == [("2026-03", "A仓 → B仓", "24"), ("2026-04", "B仓 → A仓", "12")]
    chart = INTERNAL_SETTLEMENT_MONTHS.chart
    assert chart is not None and (chart.x, chart.y, chart.by) == ("month", "amount", "route")


def test_scope_and_masks_hold(at: Company) -> None:
    sent(at, 3, "2", "12")
    at.posted("stock_transfer", day(4), [{"item": at.item().pk, "quantity": "1", "unit_price_net": "9"}], pricing="changed",
        source_place=at.places["A"].pk, target_place=Place.objects.create(code="C", name="C仓", kind="warehouse").pk)  # fmt: skip
    some = replace(at.viewer, administrator=False, permissions=frozenset({("*", "*")}))
    inside = replace(some, scopes={"warehouse": frozenset({at.places["A"].pk, at.places["B"].pk})})
    assert rows(INTERNAL_SETTLEMENT, inside, "target", "amount") == [("B仓", "24")]
    blind = replace(some, permissions=frozenset({("internal_settlement", "view")}))
    assert rows(INTERNAL_SETTLEMENT, blind, "amount") == []
    unpriced = INTERNAL_SETTLEMENT.run(replace(some, masks=frozenset({"transfer_price"})), SPAN, 100)
    assert all("difference" not in row for row in unpriced.rows) and "difference" not in (unpriced.totals or {})


def test_goods_in_bins_are_their_warehouses(at: Company) -> None:
    shelf = at.bins("A", "A-01")[0].pk
    at.transfer(day(5), "6", "A", "A", target_place=shelf)
    where = {"source_place": at.places["A"].pk, "target_place": at.places["B"].pk}
    lines = [{"item": at.item().pk, "quantity": "2", "unit_price_net": "12", **more} for more in ({"source_place": shelf}, {})]
    at.posted("stock_transfer", day(6), lines, pricing="changed", **where)
    assert rows(INTERNAL_SETTLEMENT, at.viewer, "source", "target", "quantity", "amount") == [("A仓", "B仓", "4", "48")]
    assert rows(INTERNAL_SETTLEMENT, at.viewer, "amount", source_warehouse=where["source_place"]) == [("48",)]


def test_statements_do_not_grow_with_the_lines(at: Company) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            list(INTERNAL_SETTLEMENT.run(at.viewer, SPAN, 100).rows)
        return len(caught)

    sent(at, 3, "1", "12")
    few = statements()
    for on in range(4, 9):
        sent(at, on, "1", "12")
    assert statements() == few <= 6


def test_an_empty_pool_or_one_of_the_other_sign_leaves_the_reference_cost() -> None:
    million = 1_000_000
    assert cost_at(2 * million, 3 * million, 10 * million, 9 * million) == 6_670_000
    assert cost_at(3 * million, 3 * million, 10 * million, 9 * million) == 10 * million
    assert cost_at(2 * million, 0, 0, 9 * million) == 18 * million
    assert cost_at(2 * million, -1 * million, 10 * million, 0) == 0
    assert Decimal(cost_at(2 * million, -4 * million, -10 * million, 0)) == 5 * million
