"""英文 After the switch nothing of the program itself is Chinese any more; what the company wrote stays as it is."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.e2e.screen import Screen

CHINESE = re.compile(r"[\u4e00-\u9fff]")
CONTENT = ("主仓库", "门店仓", "明达五金", "永兴纸业", "顺达商行", "六角螺栓", "六角螺母", "管理员", "个", "盒", "衡仓")


def chinese_in(part: Locator, *more: str) -> list[str]:
    """Texts, labels and titles with Chinese in them, without what the company wrote."""
    found = part.evaluate(
        """node => [node, ...node.querySelectorAll('*')].flatMap(one => [
            ...[...one.childNodes].filter(child => child.nodeType === 3).map(child => child.textContent),
            one.getAttribute('aria-label'), one.getAttribute('title'), one.getAttribute('placeholder'),
        ]).filter(Boolean)"""
    )
    left = []
    for text in found:
        for known in (*CONTENT, *more):
            text = text.replace(known, "")
        if CHINESE.search(text):
            left.append(text)
    return left


def test_the_screens_speak_english_after_the_switch_and_keep_what_was_typed(screen: Screen) -> None:
    page = screen.page
    book = screen.ask("GET", "/meta")["book"]["name"]
    receipt = screen.receipt("M6", "3", "10")
    screen.open("/documents/purchase_receipt/new")
    screen.pick("party", "mdwj", "明达五金")
    page.get_by_role("button", name="English").click()
    expect(screen.pane.get_by_role("heading", name="Purchase receipt")).to_be_visible()
    expect(screen.header("party")).to_contain_text("明达五金")
    assert chinese_in(screen.pane, book) == []

    for path in ("/", "/documents/purchase_receipt", f"/documents/purchase_receipt/{receipt['id']}", "/reports/stock_on_hand", "/masters/item"):
        screen.open(path)
        page.wait_for_load_state("networkidle")
        assert chinese_in(page.locator("body"), book) == [], path
