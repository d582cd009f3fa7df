"""英文 After the switch nothing of the program itself is Chinese any more; what the company wrote stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Locator, expect

from tests.e2e.screen import Screen

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What the company wrote, and the names of the program and of the other language.
CONTENT = (
    "主仓库",
    "门店仓",
    "明达五金",
    "永兴纸业",
    "顺达商行",
    "六角螺栓",
    "六角螺母",
    "管理员",
    "个",
    "盒",
    "打印纸",
    "平垫圈",
    "包",
    "衡仓",
    "中文",
)


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


def names_of(screen: Screen, collection: str) -> list[str]:
    """What the company called its records, the longest first: other trips make some of their own."""
    rows = screen.ask("GET", f"/{collection}?limit=200")["rows"]
    return sorted({str(text) for row in rows for text in (row["name"], row.get("spec")) if text}, key=len, reverse=True)


def texts_of(value: Any) -> Iterator[str]:
    """Every text of an answer."""
    if isinstance(value, dict):
        for one in value.values():
            yield from texts_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_of(one)
    elif isinstance(value, str):
        yield value


def test_the_declarations_come_in_english_for_every_screen(screen: Screen) -> None:
    headers = {"Accept-Language": "en"}
    meta = screen.page.context.request.get(f"{screen.base}/api/v1/meta", headers=headers).json()
    assert meta["documents"]["purchase_receipt"]["label"] == "Purchase receipt"
    assert [text for part in ("menu", "documents", "masters", "reports") for text in texts_of(meta[part]) if CHINESE.search(text)] == []


def test_the_screens_speak_english_after_the_switch_and_keep_what_was_typed(screen: Screen) -> None:
    page = screen.page
    written = [screen.ask("GET", "/meta")["book"]["name"], *names_of(screen, "items"), *names_of(screen, "suppliers")]
    receipt = screen.receipt("M6", "3", "10")
    screen.open("/documents/purchase_receipt/new")
    screen.pick("party", "mdwj", "明达五金")
    page.get_by_role("button", name="English").click()
    expect(screen.pane.get_by_role("heading", name="Purchase receipt")).to_be_visible()
    expect(screen.header("party")).to_contain_text("明达五金")
    assert chinese_in(screen.pane, *written) == []

    for path in (
        "/",
        "/documents/purchase_receipt",
        f"/documents/purchase_receipt/{receipt['id']}",
        "/masters/item",
        "/masters/customer/new",
        "/reports/stock_on_hand",
        f"/reports/stock_card?item={screen.id_of('items', 'M6')}",
        f"/reports/stock_card?item={screen.id_of('items', 'M6')}&place={screen.id_of('warehouses', 'A')}",
        "/reports/stock_summary",
        f"/reports/stock_summary?place={screen.id_of('warehouses', 'A')}",
        "/reports/open_items?side=supplier",
        f"/reports/party_ledger?side=supplier&party={screen.id_of('suppliers', 'S1')}",
        "/reports/document_register",
    ):
        screen.open(path)
        page.wait_for_load_state("networkidle")
        assert chinese_in(page.locator("body"), *written) == [], path

    screen.open(f"/documents/purchase_receipt/{receipt['id']}")
    screen.pane.get_by_role("button", name="Postings").click()
    drawer = page.locator(".ant-drawer-open")
    expect(drawer.get_by_role("table").first).to_be_visible()
    expect(drawer.get_by_role("cell", name="Supplier", exact=True)).to_be_visible()
    assert chinese_in(drawer) == []
