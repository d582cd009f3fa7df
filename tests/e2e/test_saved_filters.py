"""常用筛选 A clerk keeps how he looks at a list: saved, chosen, renamed, made the default, deleted; on the server, his own."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.screen import Screen


@pytest.fixture(autouse=True)
def none_left(screen: Screen) -> None:
    """No filter of another trip."""
    for one in screen.ask("GET", "/saved_filters"):
        screen.ask("DELETE", f"/saved_filters/{one['id']}")


def drafts(screen: Screen) -> dict[str, Any]:
    """Two drafts of different suppliers; gives that of 永兴纸业."""
    line = {"item": screen.id_of("items", "M8"), "quantity": "1", "unit_price_net": "2"}
    screen.draft("purchase_orders", [line], party=screen.id_of("suppliers", "S1"))
    return screen.draft("purchase_orders", [line], party=screen.id_of("suppliers", "S2"))


def filters(screen: Screen) -> Any:
    """The open panel of kept filters."""
    screen.pane.get_by_role("button", name="常用筛选").click()
    panel = screen.page.get_by_test_id("saved-filters")
    expect(panel).to_be_visible()
    return panel


def heads(screen: Screen) -> list[str]:
    """The columns of the list."""
    return [text for text in screen.pane.get_by_role("columnheader").all_inner_texts() if text.strip()]


def test_a_filter_is_saved_chosen_made_the_default_renamed_and_deleted(screen: Screen, context: BrowserContext) -> None:
    page = screen.page
    wanted = drafts(screen)
    screen.open("/documents/purchase_order")
    everything = heads(screen)
    screen.pane.get_by_label("单号、往来单位、备注").fill("永兴")
    expect(screen.pane.get_by_test_id(f"row-{wanted['id']}")).to_be_visible()
    screen.pane.get_by_role("columnheader", name="价税合计").click()
    screen.pane.get_by_role("button", name="列设置").click()
    page.get_by_role("checkbox", name="制单人").uncheck()
    screen.press("Escape")
    panel = filters(screen)
    panel.get_by_label("给当前筛选起个名称").fill("永兴的单")
    screen.press("Enter")
    button = screen.pane.get_by_role("button", name="常用筛选 永兴的单")
    expect(button).to_have_text("永兴的单")
    kept = heads(screen)
    assert "制单人" in everything and "制单人" not in kept

    panel = filters(screen)
    panel.get_by_role("button", name="系统默认").click()
    expect(screen.pane.get_by_label("单号、往来单位、备注")).to_have_value("")
    filters(screen).get_by_role("button", name="永兴的单", exact=True).click()
    expect(screen.pane.get_by_label("单号、往来单位、备注")).to_have_value("永兴")
    expect(screen.pane.get_by_role("columnheader", name="价税合计")).to_have_attribute("aria-sort", "descending")
    assert heads(screen) == kept

    panel = filters(screen)
    panel.get_by_role("button", name="打开列表时默认使用 永兴的单").click()
    expect(panel.get_by_role("button", name="永兴的单 不再作为默认")).to_be_visible()
    panel.get_by_role("button", name="重命名 永兴的单").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("永兴纸业")
    screen.press("Enter")
    expect(panel.get_by_role("button", name="永兴纸业", exact=False).first).to_be_visible()
    assert [(one["name"], one["is_default"]) for one in screen.ask("GET", "/saved_filters")] == [("永兴纸业", True)]

    # Another browser window of the same user opens the list with it.
    other = Screen(context.new_page(), screen.base)
    other.open("/documents/purchase_order")
    expect(other.pane.get_by_role("button", name="常用筛选 永兴纸业")).to_be_visible()
    expect(other.pane.get_by_label("单号、往来单位、备注")).to_have_value("永兴")
    expect(other.pane.get_by_test_id(f"row-{wanted['id']}")).to_be_visible()
    assert heads(other) == kept

    other.pane.get_by_label("单号、往来单位、备注").fill("明达")
    expect(other.pane.get_by_role("button", name="常用筛选 永兴纸业")).to_contain_text("已改动")
    panel = filters(other)
    panel.get_by_role("button", name="把现在的条件存入“永兴纸业”").click()
    expect(other.pane.get_by_role("button", name="常用筛选 永兴纸业")).not_to_contain_text("已改动")
    assert screen.ask("GET", "/saved_filters")[0]["content"]["search"] == "明达"

    panel = filters(other)
    panel.get_by_role("button", name="删除 永兴纸业").click()
    other.dialog().get_by_role("button", name="确定").click()
    expect(other.pane.get_by_role("button", name="常用筛选", exact=True)).to_be_visible()
    expect(other.pane.get_by_label("单号、往来单位、备注")).to_have_value("")
    assert screen.ask("GET", "/saved_filters") == [] and other.faults == []


def test_a_name_that_is_taken_is_refused_in_words_and_masters_have_filters_of_their_own(screen: Screen) -> None:
    screen.open("/masters/item")
    for _ in range(2):
        panel = filters(screen)
        panel.get_by_label("给当前筛选起个名称").fill("常用商品")
        screen.expect_refusal(422)
        screen.press("Enter")
        expect(screen.pane.get_by_role("button", name="常用筛选 常用商品")).to_be_visible()
    expect(screen.page.get_by_text("“名称”的值“常用商品”已被使用，请换一个。")).to_be_visible()
    screen.open("/masters/supplier")
    expect(screen.pane.get_by_role("button", name="常用筛选", exact=True)).to_be_visible()
    expect(filters(screen)).to_contain_text("把现在的筛选条件、列和排序存下来")
