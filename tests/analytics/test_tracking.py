"""Tracing says what the books say: who got a lot, where it came from, and every step of a piece."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.analytics import tracking
from hengcang.catalog.models import Lot
from hengcang.parties.models import Party
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def traced(company: Company, number: str, **more: Any) -> list[tuple[Any, ...]]:
    """Kind, party, from, to, in and out of the rows of a lot."""
    found = tracking.trace_lot(company.viewer, {"lot": Lot.objects.get(number=number).pk, **more})
    names = ("kind", "party_name", "source", "target", "quantity_in", "quantity_out", "quantity_inside")
    return [tuple(row[name] for name in names) for row in found.rows]


def test_a_lot_is_followed_to_every_customer_through_transfers_and_returns() -> None:
    company = make.company()
    company.item("牛奶", tracking="lot")
    other = Party.objects.create(code="C2", name="好又多", is_customer=True)
    company.receipt(day(1), "10", "3", "牛奶", lot="L1")
    company.receipt(day(1), "10", "3", "牛奶", lot="L2")
    company.transfer(day(2), "6", item="牛奶", lot="L1")
    sold = company.delivery(day(3), "4", "牛奶", "B", lot="L1")
    line = sold.goods_lines.get()
    lines = [{"item": line.item_id, "quantity": "1", "unit_price_net": "9", "lot": "L1", "source_line": line.pk}]
    company.posted("sales_return", day(4), lines, party=company.customer.pk, target_place=company.places["A"].pk)
    lines = [{"item": line.item_id, "quantity": "2", "unit_price_net": "9", "lot": "L1"}]
    company.posted("sales_delivery", day(5), lines, party=other.pk, source_place=company.places["A"].pk)
    undone = company.delivery(day(6), "1", "牛奶", lot="L1")
    company.act(undone, "unpost")
    assert traced(company, "L1") == [
        ("采购入库", "明达五金", "供应商", "A仓", "10", None, None),
        ("调拨", None, "A仓", "B仓", None, None, "6"),
        ("销售出库", "顺达商行", "B仓", "客户", None, "4", None),
        ("销售退货", "顺达商行", "客户", "A仓", "1", None, None),
        ("销售出库", "好又多", "A仓", "客户", None, "2", None),
    ]
    assert len(traced(company, "L2")) == 1
    assert len(traced(company, "L1", way="backward")) == 5


def life(company: Company, number: str) -> tuple[list[tuple[Any, ...]], str | None]:
    """Date, kind, from and to of every step, and where it is."""
    found = tracking.live_serial(company.viewer, {"serial": number})
    return [(row["document_date"], row["kind"], row["source"], row["target"]) for row in found.rows], found.note


def test_the_life_of_a_piece_is_told_in_order_and_where_it_is() -> None:
    company = make.company()
    company.item("手机", tracking="serial", costing_method="specific_cost")
    company.receipt(day(1), "2", "100", "手机", serials=["S1", "S2"])
    company.transfer(day(5), "1", item="手机", serials=["S1"])
    company.delivery(day(9), "1", "手机", "B", serials=["S1"])
    undone = company.delivery(day(2), "1", "手机", serials=["S2"])
    company.act(undone, "unpost")
    steps, note = life(company, "S1")
    assert steps == [
        ("2026-03-01", "采购入库", "供应商", "A仓"),
        ("2026-03-05", "调拨", "A仓", "B仓"),
        ("2026-03-09", "销售出库", "B仓", "客户"),
    ]
    assert note == "现在：手机 商品手机 不在库"
    lines = [{"item": company.item("手机").pk, "quantity": "2", "serials": ["S2", "S9"]}]
    company.posted("stock_count", day(10), lines, source_place=company.places["A"].pk)
    steps, note = life(company, "S9")
    assert [step[1:] for step in steps] == [("盘点", "盘点", "A仓")]
    assert note == "现在：手机 商品手机 A仓"
    rows = tracking.list_serials(company.viewer, {}).rows
    assert [(row["serial"], row["place_name"]) for row in rows] == [("S2", "A仓"), ("S9", "A仓")]


def test_tracing_takes_the_same_statements_however_long_the_story() -> None:
    company = make.company()
    company.item("牛奶", tracking="lot")
    company.receipt(day(1), "100", "3", "牛奶", lot="L1")

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            tracking.trace_lot(company.viewer, {"lot": Lot.objects.get(number="L1").pk})
        return len(captured)

    few = statements()
    for on in range(2, 12):
        company.delivery(day(on), "1", "牛奶", lot="L1")
    assert statements() == few
