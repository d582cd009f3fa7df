"""Fail at the N-th statement of putting into bins, taking from them, and counting them: nothing half done, one effect."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import make
from tests.faults.test_every_statement import Command, act, whole_or_nothing
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def shelved(company: Company) -> dict[str, int]:
    """Ten M6 in A-01 and ten not put away; the places by code."""
    company.bins("A", "A-01", "A-02")
    company.receipt(day(1), "10", "3")
    company.receipt(day(1), "10", "3", target_place=company.places["A-01"].pk)
    return {code: one.pk for code, one in company.places.items()}


def putting_away(company: Company) -> Command:
    at = shelved(company)
    lines = [{"item": company.item().pk, "quantity": "4", "target_place": at[code]} for code in ("A-01", "A-02")]
    return act(company, company.draft("stock_transfer", day(2), lines, source_place=at["A"], target_place=at["A"]), "post")


def taking_back(company: Company) -> Command:
    at = shelved(company)
    line = {"item": company.item().pk, "quantity": "4", "target_place": at["A-02"]}
    return act(company, company.posted("stock_transfer", day(2), [line], source_place=at["A"], target_place=at["A"]), "unpost")


def delivering(company: Company) -> Command:
    at = shelved(company)
    line = {"item": company.item().pk, "quantity": "7", "unit_price_net": "5"}
    lines = [{**line, "source_place": at["A-01"]}, line]
    return act(company, company.draft("sales_delivery", day(2), lines, party=company.customer.pk, source_place=at["A"]), "post")


def beginning_to_count(company: Company) -> Command:
    at = shelved(company)
    return act(company, company.draft("count_plan", day(2), [], source_place=at["A"], bins="A-0"), "post")


@pytest.mark.parametrize("prepare", [putting_away, taking_back, delivering, beginning_to_count])
def test_what_lies_where_is_as_it_was_after_a_break_anywhere_and_changes_once(prepare: Callable[[Company], Command]) -> None:
    whole_or_nothing(prepare(make.company()))
