"""批次 Lots shared by Alt+L: in the tab in front alone, as of the document's day, each part with the amount of its quantity."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Request, expect

from tests.e2e.screen import Screen


def test_lots_are_shared_in_the_tab_in_front_as_of_its_day(screen: Screen) -> None:
    unit = screen.ask("GET", "/units/options")["rows"][0]["id"]
    item = screen.ask("POST", "/items", {"code": "MILK", "name": "牛奶", "base_unit": unit, "tracking": "lot", "tax_rate": "0"})["id"]
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    place = screen.id_of("warehouses", "A")
    lines = [
        {"item": item, "quantity": "10", "lot": lot, "expiry_date": (today + timedelta(days=days)).isoformat()}
        for lot, days in (("L1", -1), ("L2", 200))
    ]
    came = screen.draft("other_receipts", [{**line, "unit_price_net": "1"} for line in lines], target_place=place)
    screen.ask("POST", f"/other_receipts/{came['id']}/post", {"version": came["version"]})

    asked: list[Request] = []
    screen.page.on("request", lambda one: asked.append(one) if one.url.endswith("/suggest_lots") else None)
    customer, earlier = screen.id_of("customers", "C1"), (today - timedelta(days=5)).isoformat()
    line = {"item": item, "quantity": "15", "unit_price_net": "4"}
    hidden = screen.draft("sales_deliveries", [line], party=customer, source_place=place)
    shown = screen.draft("sales_deliveries", [line], party=customer, source_place=place, document_date=earlier)
    screen.open("/documents/sales_delivery")
    for one in (hidden, shown):
        screen.page.get_by_role("tab", name="销售出库单").first.click()
        screen.pane.get_by_text(f"草稿 #{one['id']}", exact=True).click()
        expect(screen.cell(0, "item")).to_contain_text("MILK")
    screen.cell(0, "quantity").click()
    screen.press("Alt+l")
    expect(screen.cell(1, "lot")).to_have_text("L2")
    expect(screen.cell(0, "lot")).to_have_text("L1")
    assert [screen.cell(row, "amount_net").inner_text() for row in (0, 1)] == ["40.00", "20.00"]
    assert [one.post_data_json["document_date"] for one in asked] == [earlier]
