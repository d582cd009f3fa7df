"""手机 The width of a telephone: nothing to scroll sideways but the lines of a document."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import TELEPHONE
from tests.e2e.screen import Screen

pytestmark = pytest.mark.parametrize("context", [TELEPHONE], indirect=True)


def assert_fits(screen: Screen) -> None:
    """The page is as wide as the screen."""
    wide = screen.page.evaluate("[document.documentElement.scrollWidth, document.body.scrollWidth]")
    assert wide == [TELEPHONE["width"]] * 2


def test_a_delivery_is_found_in_the_list_and_read(screen: Screen) -> None:
    page = screen.page
    line = {"item": screen.id_of("items", "Z1"), "quantity": "2", "unit_price_net": "25"}
    draft = screen.draft("sales_deliveries", [line], party=screen.id_of("customers", "C1"))
    assert_fits(screen)
    page.get_by_role("button", name="菜单").click()
    page.get_by_role("menuitem", name="销售出库单").click()
    card = page.get_by_test_id("list-sales_delivery").get_by_test_id(f"row-{draft['id']}")
    expect(card).to_contain_text("顺达商行")
    expect(card).to_contain_text("56.50")
    assert_fits(screen)

    card.click()
    expect(page.get_by_test_id("document-sales_delivery")).to_be_visible()
    expect(screen.header("party")).to_contain_text("顺达商行")
    expect(screen.cell(0, "item")).to_contain_text("打印纸")
    assert_fits(screen)
