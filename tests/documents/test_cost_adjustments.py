"""成本调整 What cannot be adjusted is refused by name, and nothing changes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hengcang.core.errors import AdjustmentUnborne
from hengcang.core.piece_errors import AdjustmentOfPieces
from hengcang.ledger.models import CostPool, Posting
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def adjusted(company: Company, item: str, amount: str) -> None:
    """A posted adjustment in A仓."""
    lines = [{"item": company.item(item).pk, "amount": amount}]
    company.posted("cost_adjustment", day(5), lines, source_place=company.places["A"].pk)


def test_pieces_that_cost_each_their_own_are_not_adjusted_as_a_whole() -> None:
    company = make.company()
    company.item("P", costing_method="specific_cost", tracking="serial")
    company.receipt(day(1), "1", "10", item="P", serials=["P-1"])
    with pytest.raises(AdjustmentOfPieces) as refused:
        adjusted(company, "P", "3")
    assert refused.value.path == "goods_lines.0.item" and "P 商品P" in refused.value.message()
    assert Posting.objects.count() == 1 and CostPool.objects.get().value == 10


def test_what_a_back_dated_sale_leaves_bears_the_adjustment() -> None:
    company = make.company()
    company.receipt(day(1), "4", "10")
    adjusted(company, "M6", "-40")
    assert CostPool.objects.values_list("quantity", "value").get() == (4, 0)
    company.delivery(day(3), "3")
    assert CostPool.objects.values_list("quantity", "value").get() == (1, 0)
    company.delivery(day(4), "1")
    assert CostPool.objects.values_list("quantity", "value").get() == (0, 0)


def test_an_adjustment_beyond_what_goods_are_worth_says_how_far_it_could_go() -> None:
    company = make.company()
    company.receipt(day(1), "4", "10")
    with pytest.raises(AdjustmentUnborne) as refused:
        adjusted(company, "M6", "-40.01")
    assert refused.value.params["borne"] == Decimal(40) or str(refused.value.params["borne"]) == "40"
    assert CostPool.objects.get().value == 40
