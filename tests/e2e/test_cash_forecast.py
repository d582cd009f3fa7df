"""现金流预测 The balance ahead as a line and a table; a day leads to what is expected on it, and that to its document."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import SHOTS, TELEPHONE
from tests.e2e.screen import Screen


def shot(screen: Screen, name: str) -> None:
    """A picture to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    screen.page.screenshot(path=SHOTS / f"cash_forecast_{name}.png")


def test_a_day_without_money_is_seen_and_opened_down_to_its_document(screen: Screen) -> None:
    page = screen.page
    receipt = screen.receipt("M8", "1000", "500")
    screen.open("/reports/cash_forecast")
    expect(page.get_by_test_id("report-chart").locator("canvas")).to_be_visible()
    found = screen.ask("GET", "/reports/cash_forecast?days_ahead=60&step=day&by=book")
    assert any(row["short"] for row in found["rows"])
    left = screen.pane.get_by_role("row").filter(has_text="合计").locator(".hc-negative")
    expect(left).to_have_text(f"{float(found['totals']['balance']):,.2f}")
    shot(screen, "book")
    screen.open("/reports/cash_forecast?by=account&step=week")
    expect(page.get_by_test_id("report-chart").locator("canvas")).to_be_visible()
    shot(screen, "accounts")
    screen.open("/reports/cash_forecast_lines")
    row = screen.pane.get_by_role("row").filter(has_text=receipt["number"])
    expect(row).to_contain_text("明达五金")
    expect(row).to_contain_text("按到期日")
    shot(screen, "lines")
    row.get_by_text(receipt["number"]).click()
    expect(page.get_by_test_id("document-purchase_receipt")).to_be_visible()


@pytest.mark.parametrize("context", [TELEPHONE], indirect=True)
def test_the_line_fits_a_telephone(screen: Screen) -> None:
    screen.receipt("M8", "1", "500")
    screen.open("/reports/cash_forecast")
    expect(screen.page.get_by_test_id("report-chart").locator("canvas")).to_be_visible()
    assert screen.page.evaluate("document.documentElement.scrollWidth") == TELEPHONE["width"]
    shot(screen, "telephone")
