"""Fail at the N-th statement of posting, unposting and reversing documents of pieces and of lots, as of every other command."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hengcang.records.models import Document
from tests import make
from tests.faults.test_every_statement import act, whole_or_nothing
from tests.make import Company, day


def arrive(company: Company) -> Document:
    """Two pieces come in."""
    lines = [{"item": company.item("手机").pk, "quantity": "2", "unit_price_net": "5", "serials": ["S1", "S2"]}]
    return company.draft("purchase_receipt", day(1), lines, party=company.supplier.pk, target_place=company.places["A"].pk)


def leave(company: Company) -> Document:
    """One of two pieces goes out, before the other went."""
    company.act(arrive(company))
    company.delivery(day(9), "1", "手机", serials=["S2"])
    lines = [{"item": company.item("手机").pk, "quantity": "1", "unit_price_net": "9", "serials": ["S1"]}]
    return company.draft("sales_delivery", day(5), lines, party=company.customer.pk, source_place=company.places["A"].pk)


def count(company: Company) -> Document:
    """One is missing, another was found."""
    company.act(arrive(company))
    lines = [{"item": company.item("手机").pk, "quantity": "2", "serials": ["S2", "S9"]}]
    return company.draft("stock_count", day(5), lines, source_place=company.places["A"].pk)


def milk(company: Company) -> Document:
    """A lot with its dates."""
    item = company.item("牛奶", tracking="lot", shelf_life_days=30).pk
    lines = [{"item": item, "quantity": "2", "unit_price_net": "5", "lot": "L1", "production_date": day(1).isoformat()}]
    return company.draft("purchase_receipt", day(1), lines, party=company.supplier.pk, target_place=company.places["A"].pk)


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["moving_average", "specific_cost"])
@pytest.mark.parametrize("name", ["post", "unpost", "reverse"])
@pytest.mark.parametrize("prepare", [arrive, leave, count, milk])
def test_pieces_that_break_anywhere_stay_where_they_are_and_move_once_when_tried_again(
    prepare: Callable[[Company], Document], name: str, method: str
) -> None:
    company = make.company()
    company.item("手机", tracking="serial", costing_method=method)
    document = prepare(company)
    if name != "post":
        company.act(document)
    whole_or_nothing(act(company, document, name))
