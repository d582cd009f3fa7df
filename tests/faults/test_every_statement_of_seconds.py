"""Fail at the N-th statement of commands on goods that are weighed and counted by head, as of every other command."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from hengcang.base.book import change_book
from hengcang.catalog.models import Unit
from hengcang.documents import conversion, count_entries, count_results, drafts
from hengcang.documents.count_entries import Counted
from hengcang.ledger.models import StockBalance
from hengcang.meta import registry
from hengcang.records.models import Document, GoodsLine
from tests import make
from tests.faults.test_every_statement import Command, act, whole_or_nothing
from tests.make import Company, day


def hens(company: Company) -> None:
    """25.3 斤 of hens, 10 只, at A."""
    unit = Unit.objects.create(code="jin", name="斤", decimals=2)
    head = Unit.objects.create(code="zhi", name="只", decimals=0)
    company.item("鸡", name="土鸡", base_unit=unit, second_unit=head, second_factor=Decimal("2.5"))
    change_book(second_units=True)
    company.receipt(day(1), "25.3", "10", item="鸡", second_quantity="10")


def weighed(company: Company, quantity: str, second: str, **more: Any) -> list[dict[str, Any]]:
    """A line of hens."""
    return [{"item": company.items["鸡"].pk, "quantity": quantity, "second_quantity": second, **more}]


def delivery(company: Company) -> Document:
    """A draft that empties the place and says another number of heads than is left."""
    hens(company)
    where = {"party": company.customer.pk, "source_place": company.places["A"].pk}
    return company.draft("sales_delivery", day(3), weighed(company, "25.3", "9", unit_price_net="20"), **where)


def counted(company: Company) -> Document:
    """A posted count that finds a hen less, of the same weight."""
    hens(company)
    return company.posted("stock_count", day(5), weighed(company, "25.3", "9"), source_place=company.places["A"].pk)


def creating(company: Company) -> Command:
    hens(company)
    where = {"party": company.supplier.pk, "target_place": company.places["A"].pk}
    raw = {"document_date": "2026-03-02", "goods_lines": weighed(company, "5", "2", unit_price_net="1"), **where}
    return lambda key: drafts.create(company.viewer, registry.document("purchase_receipt"), raw, key)


def emptying(company: Company) -> Command:
    return act(company, delivery(company), "post")


def undoing(company: Company) -> Command:
    document = delivery(company)
    company.act(document)
    return act(company, document, "unpost")


def reversing_the_count(company: Company) -> Command:
    return act(company, counted(company), "reverse")


def entering_before_the_count(company: Company) -> Command:
    counted(company)
    where = {"party": company.supplier.pk, "target_place": company.places["A"].pk}
    return act(company, company.draft("purchase_receipt", day(2), weighed(company, "5", "2", unit_price_net="1"), **where), "post")


def converting(company: Company) -> Command:
    hens(company)
    where = {"party": company.customer.pk, "source_place": company.places["A"].pk}
    order = company.posted("sales_order", day(2), weighed(company, "8", "3", unit_price_net="20"), **where)
    wanted = conversion.Wanted("sales_delivery", [order.pk])
    return lambda key: conversion.convert(company.viewer, registry.document("sales_order"), wanted, key)


def planned(company: Company) -> tuple[Document, int]:
    """A plan that runs, and the line of the hens."""
    hens(company)
    plan = company.posted("count_plan", day(5))
    return plan, GoodsLine.objects.get(document=plan, role="listed").pk


def counting_heads(company: Company) -> Command:
    plan, line = planned(company)
    entry = Counted(line, quantity=Decimal("24.8"), second=Decimal(9), sets=True)
    return lambda key: count_entries.enter(company.viewer, registry.document("count_plan"), plan.pk, entry, key)


def settling_heads(company: Company) -> Command:
    plan, line = planned(company)
    declaration = registry.document("count_plan")
    count_entries.enter(company.viewer, declaration, plan.pk, Counted(line, quantity=Decimal("24.8"), second=Decimal(9), sets=True))
    return lambda key: count_results.settle(company.viewer, declaration, plan.pk, "", key)


AFTER = {
    creating: ("25.3", "10"),
    emptying: ("0", "0"),
    undoing: ("25.3", "10"),
    reversing_the_count: ("25.3", "10"),
    entering_before_the_count: ("25.3", "9"),
    converting: ("25.3", "10"),
    counting_heads: ("25.3", "10"),
    settling_heads: ("25.3", "10"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("prepare", AFTER)
def test_what_breaks_anywhere_leaves_no_heads_behind_and_takes_effect_once_when_tried_again(
    prepare: Callable[[Company], Command],
) -> None:
    company = make.company()
    whole_or_nothing(prepare(company))
    row = StockBalance.objects.get(item=company.items["鸡"])
    assert (f"{row.quantity.normalize():f}", f"{row.second_quantity.normalize():f}") == AFTER[prepare]
