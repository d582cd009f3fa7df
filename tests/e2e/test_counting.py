"""扫码盘点 Counting on a telephone: a plan is started, an item scanned, a quantity typed, a mistake taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import TELEPHONE
from tests.e2e.screen import Screen

pytestmark = pytest.mark.parametrize("context", [TELEPHONE], indirect=True)


def test_what_is_scanned_is_counted_and_may_be_withdrawn(screen: Screen) -> None:
    page = screen.page
    screen.receipt("Z1", "7", "20")
    plan = screen.ask("POST", "/count_plans", {})
    screen.ask("POST", f"/count_plans/{plan['id']}/post", {"version": plan["version"]})
    page.reload()
    page.get_by_role("button", name="菜单").click()
    page.get_by_role("menuitem", name="扫码盘点").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_test_id("count-scan").evaluate("input => input.blur()")
    screen.type("z1")
    screen.press("Enter")
    expect(page.get_by_test_id("count-line")).to_contain_text("打印纸")
    expect(page.get_by_test_id("count-quantity")).to_be_focused()
    expect(page.get_by_text("账面")).to_have_count(0)
    screen.type("6")
    screen.press("Enter")
    expect(page.get_by_test_id("count-line")).to_be_hidden()
    expect(page.get_by_test_id("count-scan")).to_be_focused()
    [entry] = screen.ask("GET", f"/count_plans/{plan['id']}/entries")["rows"]
    assert (entry["quantity"], entry["item_code"], entry["sets"]) == ("6", "Z1", True)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide == TELEPHONE["width"]
    page.get_by_role("button", name="撤回").click()
    expect(page.get_by_role("button", name="撤回")).to_have_count(0)
    assert screen.ask("GET", f"/count_plans/{plan['id']}/entries")["rows"] == []
