"""列表与选择器中的预警 An item that falls below its limit is marked where it is listed and where it is picked."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import TELEPHONE
from tests.e2e.screen import Screen
from tests.e2e.test_alerts import picture


def short_item(screen: Screen, code: str) -> int:
    """An item of which 主仓库 shall hold at least 9 and holds 10."""
    unit, place = screen.ask("GET", "/units/options")["rows"][0]["id"], screen.id_of("warehouses", "A")
    limits = [{"place": place, "stock_min": "9", "stock_max": "20"}]
    fresh = {"code": code, "name": "不锈钢合页加厚款", "spec": "100×75×3", "base_unit": unit, "limits": limits}
    item = int(screen.ask("POST", "/items", fresh)["id"])
    came = screen.draft("other_receipts", [{"item": item, "quantity": "10", "unit_price_net": "1"}], target_place=place)
    screen.ask("POST", f"/other_receipts/{came['id']}/post", {"version": came["version"]})
    return item


def take(screen: Screen, item: int, quantity: str) -> None:
    """Some of it leaves 主仓库."""
    gone = screen.draft("other_issues", [{"item": item, "quantity": quantity}], source_place=screen.id_of("warehouses", "A"))
    screen.ask("POST", f"/other_issues/{gone['id']}/post", {"version": gone["version"]})


def found_in_list(screen: Screen, code: str, item: int) -> Locator:
    """The row of an item in the list of items."""
    screen.open("/masters/item")
    screen.pane.get_by_role("search").get_by_role("textbox").first.fill(code)
    return screen.pane.get_by_test_id(f"row-{item}")


def test_what_falls_below_its_limit_is_marked_in_the_list_and_in_the_picker(screen: Screen) -> None:
    page = screen.page
    item = short_item(screen, "HINGE1")
    row = found_in_list(screen, "HINGE1", item)
    expect(screen.pane.locator("[data-testid^=row-]")).to_have_count(1)
    expect(row.get_by_test_id("alert-below_min")).to_have_count(0)
    before = row.bounding_box()
    take(screen, item, "4")
    page.get_by_role("button", name="刷新").last.click()
    tag = row.get_by_test_id("alert-below_min")
    expect(tag).to_have_text("低于下限")
    assert before == row.bounding_box(), "a tag moves no row"
    tag.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("1 个仓库低于库存下限")
    picture(screen, "marked-list")

    screen.open("/documents/purchase_order/new")
    screen.cell(0, "item").click()
    screen.type("HINGE1")
    option = page.get_by_role("listbox").get_by_role("option").filter(has_text="HINGE1")
    expect(option.get_by_test_id("alert-below_min")).to_have_text("低于下限")
    picture(screen, "marked-picker")
    page.keyboard.press("Enter")
    expect(screen.cell(0, "item")).to_contain_text("HINGE1")

    row = found_in_list(screen, "HINGE1", item)
    row.get_by_test_id("alert-below_min").click()
    report = page.get_by_test_id("report-stock_alerts")
    expect(report.get_by_role("row").filter(has_text="HINGE1")).to_have_count(1)
    expect(report.locator("[data-testid^=row-]")).to_have_count(1)
    expect(report).to_contain_text("不锈钢合页加厚款")
    picture(screen, "marked-report")


def test_a_list_is_narrowed_to_what_is_low(screen: Screen) -> None:
    page = screen.page
    low, enough = short_item(screen, "HINGE2"), short_item(screen, "HINGE3")
    take(screen, low, "4")
    expect(found_in_list(screen, "HINGE", enough)).to_be_visible()
    screen.pane.get_by_label("预警", exact=True).click()
    screen.option("低于下限").click()
    page.keyboard.press("Escape")
    expect(screen.pane.get_by_test_id(f"row-{enough}")).to_have_count(0)
    expect(screen.pane.get_by_test_id(f"row-{low}")).to_be_visible()
    picture(screen, "narrowed-list")
    page.get_by_role("button", name="English").or_(page.get_by_title("English")).first.click()
    screen.open("/masters/item")
    tags = screen.pane.locator("[data-testid^=alert-]")
    expect(tags.first).to_have_text(re.compile("^[A-Za-z -]+$"))
    picture(screen, "marked-english")


@pytest.mark.parametrize("context", [TELEPHONE], indirect=True)
def test_a_card_on_a_telephone_bears_its_alerts_and_they_lead_to_their_list(screen: Screen) -> None:
    page = screen.page
    item = short_item(screen, "HINGE4")
    take(screen, item, "4")
    card = found_in_list(screen, "HINGE", item)
    expect(card.get_by_test_id("alert-below_min")).to_have_text("低于下限")
    picture(screen, "marked-cards")
    card.get_by_test_id("alert-below_min").tap()
    expect(page.get_by_test_id("report-stock_alerts")).to_contain_text("HINGE4")
