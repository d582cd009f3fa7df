"""发票、费用与结账 What reaches the goods after they came in, and a month that is closed and opened again, by the screen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.screen import Screen

BEFORE_THE_COMPANY = "2026-02-28"


@pytest.fixture(autouse=True)
def goods(screen: Screen) -> None:
    """Goods of these trips alone, so that they move nothing that other trips count."""
    if not screen.has("items", "F1"):
        unit = screen.ask("GET", "/units/options")["rows"][0]["id"]
        for code in ("F1", "F2"):
            screen.ask("POST", "/items", {"code": code, "name": f"Nut {code}", "base_unit": unit, "tax_rate": "0.13"})


def begin(screen: Screen, receipt: dict[str, Any], target: str) -> None:
    """The open quantity of a receipt carried over as it stands."""
    screen.open(f"/documents/purchase_receipt/{receipt['id']}")
    screen.convert(target)
    screen.dialog().get_by_role("textbox").last.focus()
    screen.press("Enter")
    expect(screen.page.get_by_test_id(f"document-{target}")).to_be_visible()


def postings(screen: Screen) -> Locator:
    """What the document in front has booked, in the drawer beside it."""
    screen.pane.get_by_role("button", name="记账", exact=True).click()
    return screen.page.get_by_role("dialog").filter(has=screen.page.get_by_role("tab", name="记账", selected=True))


def value_of(screen: Screen, code: str) -> str:
    """What the goods in stock are worth."""
    rows = screen.ask("GET", f"/reports/stock_on_hand?item={screen.id_of('items', code)}")["rows"]
    return str(rows[0]["value"])


def test_a_bill_names_its_receipt_and_its_price_reaches_the_goods(screen: Screen) -> None:
    receipt = screen.receipt("F1", "10", "2")
    screen.open("/documents/purchase_invoice/new")
    screen.pane.get_by_test_id("begins-at").get_by_role("button", name="采购入库单 · 开票").click()
    expect(screen.pane.get_by_text(receipt["number"])).to_be_visible()

    begin(screen, receipt, "purchase_invoice")
    expect(screen.page.get_by_test_id("begins-at")).to_have_count(0)
    screen.header("invoice_number").locator("input").fill("26442000000012345678")
    screen.enter(0, "unit_price_net", "2.5")
    assert screen.post().startswith("CGFP-")
    expect(postings(screen)).to_contain_text("5.00")
    assert value_of(screen, "F1") == "25"


def test_freight_is_shared_over_received_goods(screen: Screen) -> None:
    receipt = screen.receipt("F2", "4", "10")
    begin(screen, receipt, "landed_cost")
    screen.header("charge_amount").locator("input").fill("6")
    screen.press("Tab")
    assert screen.post().startswith("FYFT-")
    assert value_of(screen, "F2") == "46"


def test_a_closed_month_takes_no_document_until_it_is_opened_again(screen: Screen) -> None:
    screen.open("/documents/period_close/new")
    day = screen.header("document_date").locator("input")
    checklist = screen.pane.get_by_test_id("checklist")
    day.fill("2026-02-27")
    screen.press("Tab")
    expect(checklist).to_contain_text("还不能结账")
    expect(checklist).to_contain_text("不是月末")
    day.fill(BEFORE_THE_COMPANY)
    screen.press("Tab")
    expect(checklist).to_contain_text("可以结账")
    expect(checklist.get_by_test_id("check-open_drafts")).to_contain_text("没有问题")
    screen.post()
    expect(checklist).to_have_count(0)
    closing = screen.page.url.rpartition("/")[2]
    assert screen.ask("GET", "/meta")["book"]["closed_through"] == BEFORE_THE_COMPANY

    screen.expect_refusal(409, 422)
    screen.open("/documents/other_receipt/new")
    screen.header("document_date").locator("input").fill(BEFORE_THE_COMPANY)
    screen.press("Tab")
    screen.enter_item(0, "F2")
    screen.enter(0, "quantity", "1")
    screen.enter(0, "unit_price_net", "1")
    screen.pane.get_by_test_id("transition-post").click()
    expect(screen.pane.get_by_text("已结账").first).to_be_visible()
    expect(screen.state).to_have_text("草稿")
    draft = screen.page.url.rpartition("/")[2]
    screen.ask("DELETE", f"/other_receipts/{draft}?version={screen.ask('GET', f'/other_receipts/{draft}')['version']}")

    screen.open(f"/documents/period_close/{closing}")
    screen.pane.get_by_test_id("transition-unpost").click()
    screen.dialog().locator(".ant-btn-primary").click()
    expect(screen.state).to_have_text("草稿")
    assert screen.ask("GET", "/meta")["book"]["closed_through"] is None
