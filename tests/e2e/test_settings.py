"""账套设置 The book's settings: found in the menu, changed, refused at the field, kept."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import TELEPHONE
from tests.e2e.screen import Screen


def test_settings_are_changed_and_a_wrong_one_is_marked(screen: Screen) -> None:
    page = screen.page
    page.get_by_role("menuitem", name="系统").click()
    page.get_by_role("menuitem", name="账套设置").click()
    pane = page.get_by_test_id("settings")
    expect(pane.get_by_text("核销单冲销上限")).to_be_visible()
    save = pane.get_by_role("button", name="保存")
    expect(save).to_be_disabled()
    second = pane.get_by_test_id("field-abc_second").locator("input")
    second.fill("70")
    screen.expect_refusal(422)
    screen.press("Control+s")
    expect(pane.get_by_role("alert")).to_contain_text("不能小于 A 类占比 80%")
    second.fill("90")
    pane.get_by_test_id("field-credit_check").locator("input").click()
    page.get_by_title("禁止").last.click()
    screen.press("Control+s")
    expect(page.get_by_text("设置已保存")).to_be_visible()
    expect(save).to_be_disabled()
    book = screen.ask("GET", "/book")
    assert (book["abc_second"], book["credit_check"]) == (90, "forbid")
    screen.ask("PUT", "/book", {"credit_check": "warn", "abc_second": 95})


@pytest.mark.parametrize("context", [TELEPHONE], indirect=True)
def test_settings_fit_a_telephone(screen: Screen) -> None:
    screen.open("/pages/settings")
    expect(screen.page.get_by_test_id("settings").get_by_text("近效期提示天数")).to_be_visible()
    assert screen.page.evaluate("document.documentElement.scrollWidth") == TELEPHONE["width"]
