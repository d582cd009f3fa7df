"""语句数 How many statements reading takes over the wire: the same for three lines and for three hundred, for two rows and fifty."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.documents_world import World, world

pytestmark = pytest.mark.django_db
SPAN = "date_from=2026-03-01&date_to=2026-03-31"


@pytest.fixture
def at() -> World:
    return world()


def statements(at: World, path: str) -> int:
    """The statements of one call."""
    with CaptureQueriesContext(connection) as captured:
        at.boss.get(path)
    return len(captured.captured_queries)


def test_a_document_of_three_hundred_lines_takes_as_many_statements_as_one_of_three(at: World) -> None:
    few, many = (at.posted("purchase_receipts", [at.line(item=f"I{number}") for number in range(count)])["id"] for count in (3, 300))
    at_most: dict[str, Any] = {"": 8, "/trace": 9, "/postings": 6, "/progress": 6, "/history": 6, "/preview": 33}
    for view, limit in at_most.items():
        small, large = (statements(at, f"/purchase_receipts/{document}{view}") for document in (few, many))
        assert small == large <= limit, (view, small, large)


def test_lists_reports_home_and_meta_take_as_many_statements_for_much_as_for_little(at: World) -> None:
    paths = {
        "/purchase_receipts?totals=1": 8, "/meta": 4, "/home": 16, "/reports/stock_on_hand?by=lot": 10,
        "/reports/stock_on_hand?by=place&day=2026-03-15": 10, f"/reports/stock_summary?{SPAN}": 8, f"/reports/document_register?{SPAN}": 5,
        f"/reports/stock_card?item={at.company.item('I0').pk}&{SPAN}": 8, "/reports/open_items?side=supplier": 5,
        f"/reports/party_ledger?side=supplier&party={at.company.supplier.pk}&{SPAN}": 7,
        "/reports/ageing?side=supplier": 5, "/reports/open_items?side=supplier&day=2026-03-20": 5, f"/reports/cash_balances?{SPAN}": 6,
        f"/reports/cash_ledger?cash_account={at.company.bank.pk}&{SPAN}": 7, "/items/options?limit=200": 10,
        "/reports/promises": 8, "/reports/earliest_delivery": 8,
    }  # fmt: skip
    at.posted("purchase_receipts", [at.line(item="I0")])
    few = {path: statements(at, path) for path in paths}
    for number in range(12):
        at.posted("purchase_receipts", [at.line(item=f"I{item}") for item in range(number)] or None, on=number + 1)
    many = {path: statements(at, path) for path in paths}
    assert few == many
    assert {path: count for path, count in many.items() if count > paths[path]} == {}
