"""预警 Alerts on the screen: the bell, the list, and a draft out of its rows."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.screen import Screen


def picture(screen: Screen, name: str) -> None:
    """A picture of the screen where HENGCANG_PICTURES names a folder."""
    if folder := os.environ.get("HENGCANG_PICTURES"):
        screen.page.wait_for_timeout(400)
        screen.page.screenshot(path=Path(folder) / f"{name}.png")


def test_what_is_low_is_told_by_the_bell_and_becomes_an_order(screen: Screen) -> None:
    page = screen.page
    item = screen.receipt("M8", "12", "0.5")["goods_lines"][0]["item"]["id"]
    record = screen.ask("GET", f"/items/{item}")
    place, supplier = screen.id_of("warehouses", "A"), screen.id_of("suppliers", "S1")
    limits = [{"place": place, "stock_min": "9000", "stock_max": "10000"}]
    screen.ask("PUT", f"/items/{item}", {"version": record["version"], "limits": limits, "default_supplier": supplier})

    screen.open("/")
    home = page.get_by_test_id("home")
    expect(home.get_by_role("button", name="低于库存下限")).to_be_visible()
    picture(screen, "home")
    page.get_by_role("button", name="条新").click()
    message = page.get_by_test_id("message-below_min")
    expect(message).to_be_visible()
    picture(screen, "bell")
    message.click()
    report = page.get_by_test_id("report-stock_alerts")
    expect(report.get_by_test_id("remedy-buy")).to_be_disabled()
    report.get_by_role("checkbox").last.check()
    picture(screen, "list")
    report.get_by_test_id("remedy-buy").click()
    order = page.get_by_test_id("document-purchase_order").last
    expect(order).to_contain_text("明达五金")
    picture(screen, "order")
    page.set_viewport_size({"width": 390, "height": 844})
    screen.open("/")
    picture(screen, "home-phone")
    screen.open("/reports/stock_alerts")
    picture(screen, "list-phone")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="English").or_(page.get_by_title("English")).first.click()
    screen.open("/")
    picture(screen, "home-english")


def test_every_draft_that_is_made_is_opened_or_listed(screen: Screen) -> None:
    page = screen.page
    place, supplier = screen.id_of("warehouses", "A"), screen.id_of("suppliers", "S1")
    unit = screen.ask("GET", "/units/options")["rows"][0]["id"]
    limits = [{"place": place, "stock_min": "9", "stock_max": "10"}]
    for number in range(6):
        maker = screen.ask("POST", "/suppliers", {"code": f"W{number}", "name": f"供货{number}"})["id"] if number else supplier
        fresh = {"code": f"LOW{number}", "name": f"缺货{number}", "base_unit": unit, "default_supplier": maker, "limits": limits}
        item = screen.ask("POST", "/items", fresh)["id"]
        came = screen.draft("other_receipts", [{"item": item, "quantity": "1", "unit_price_net": "1"}], target_place=place)
        screen.ask("POST", f"/other_receipts/{came['id']}/post", {"version": came["version"]})
    screen.open("/reports/stock_alerts?search=LOW")
    report = page.get_by_test_id("report-stock_alerts")
    for number in (0, 1, 2):
        report.get_by_role("checkbox").nth(number + 1).check()
    report.get_by_test_id("remedy-buy").click()
    tabs = page.get_by_role("tab").filter(has_text="采购订单 草稿")
    expect(tabs).to_have_count(3)
    for number in range(3):
        tabs.nth(number).click()
        expect(screen.pane).to_contain_text(f"缺货{number}")
    screen.open("/reports/stock_alerts?search=LOW")
    report.get_by_role("checkbox").first.check()
    report.get_by_test_id("remedy-buy").click()
    rows = page.get_by_test_id("list-purchase_order").locator("[data-testid^=row-]")
    expect(rows).to_have_count(6)
    picture(screen, "drafts-made")
