"""当时所知 What the books said of a day at an earlier moment is read again later, exactly; a cost card tells what changed it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.analytics import cost_card
from hengcang.base import clock
from hengcang.ledger import knowledge
from hengcang.ledger import reports as books
from hengcang.meta import registry
from tests import make
from tests.ledger.histories import History
from tests.make import Company, day

pytestmark = pytest.mark.django_db
DAYS = (day(10), day(31), day(50))
ALL = books.StockFilter()


def stock(on: date) -> dict[tuple[int, ...], int]:
    """The balances of a day as the books say now."""
    return {row[:3]: row[3] for row in books.on_hand_rows_at(ALL, "lot", on) if row[3]}


def pools(on: date, items: set[int]) -> dict[tuple[int, ...], tuple[int, ...]]:
    """The pools of a day as the books say now."""
    found: dict[tuple[int, ...], tuple[int, ...]] = {}
    for row in books.pool_rows(items, on):
        found[row[:3]] = tuple(map(sum, zip(found.get(row[:3], (0, 0)), row[3:5], strict=True)))
    return {key: sums for key, sums in found.items() if any(sums)}


@pytest.mark.parametrize("seed", (2, 5, 11))
def test_every_earlier_reading_of_every_day_is_found_again(seed: int) -> None:
    history = History(seed)
    items = {item.pk for item in history.company.items.values()}
    read: list[tuple[datetime, date, Any, Any]] = []
    for step in range(90):
        history.now += timedelta(minutes=1)
        history.step()
        if step % 15 == 14:
            read += [(history.now, on, stock(on), pools(on, items)) for on in DAYS]
    assert history.happened > 15
    for moment, on, balances, values in read:
        known = knowledge.Known(on, moment)
        since = knowledge.places_since(known, ALL)
        now = stock(on)
        assert {
            key: now.get(key, 0) - since.get(key, 0) for key in now.keys() | since.keys() if now.get(key, 0) != since.get(key, 0)
        } == balances
        assert {row[:3]: row[3:] for row in knowledge.pool_rows(known, items) if any(row[3:])} == values


def card(company: Company, **more: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The card of M6, and its sums."""
    report = registry.reports()["cost_card"].run(
        company.viewer, {"item": company.item().pk, "date_from": day(1), "date_to": day(60), **more}
    )
    return list(report.rows), dict(report.totals or {})


def test_the_card_says_what_a_cost_was_what_corrected_it_and_which_document_did() -> None:
    company = make.company()
    morning = clock.now()
    with clock.standing_at(morning):
        first = company.receipt(day(1), "10", "10")
        sold = company.delivery(day(5), "4")
    with clock.standing_at(morning + timedelta(days=3)):
        late = company.receipt(day(2), "10", "20")
        rows, totals = card(company)
    assert [(row["document"]["label"], row["kind"], row["quantity"], row["value"], row["net_value"], row["unit_cost"]) for row in rows] == [
        (first.number, "采购入库", "10", "100", "100", "10"),
        (late.number, "采购入库", "10", "200", "200", "20"),
        (sold.number, "销售出库", "-4", "-40", None, None),
        (sold.number, "销售出库（成本重算）", None, "-20", "-60", "15"),
    ]
    assert [row["cause"] and row["cause"]["label"] for row in rows] == [None, None, None, late.number]
    assert totals == {"quantity": "16", "value": "240"}
    before, sums = card(company, known_at=morning.date())
    assert [row["net_value"] for row in before] == ["100", "-40"] and sums == {"quantity": "6", "value": "60"}


def test_stock_of_a_day_is_shown_as_it_was_known() -> None:
    company = make.company()
    morning = clock.now()
    with clock.standing_at(morning):
        company.receipt(day(1), "10", "10")
    with clock.standing_at(morning + timedelta(days=3)):
        company.receipt(day(2), "10", "20")
        company.receipt(day(2), "5", "1", item="M8")
        run = registry.reports()["stock_on_hand"].run
        now = run(company.viewer, {"by": "place", "day": day(9)})
        then = run(company.viewer, {"by": "place", "day": day(9), "known_at": morning.date()})
    assert [(row["item_code"], row["quantity"], row["value"]) for row in now.rows] == [("M6", "20", "300"), ("M8", "5", "5")]
    assert [(row["item_code"], row["quantity"], row["value"]) for row in then.rows] == [("M6", "10", "100")]


def test_a_card_takes_one_statement_however_much_happened() -> None:
    company = make.company()

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            card(company)
        return len(captured.captured_queries)

    company.receipt(day(1), "10", "10")
    few = asked()
    for at in range(5):
        company.delivery(day(5 + at), "1")
    assert asked() == few <= 3 and cost_card.COST_CARD.menu == "inventory"
