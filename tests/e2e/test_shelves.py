"""库位 Bins: made in their list, put into by a transfer inside one warehouse, and taken from."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import SHOTS
from tests.e2e.screen import Screen


@pytest.fixture(autouse=True)
def shelves(screen: Screen) -> None:
    """A warehouse with two bins and goods of these trips alone, not put away yet."""
    if any(row["code"] == "Z" for row in screen.ask("GET", "/warehouses/options?search=Z")["rows"]):
        return
    unit = screen.ask("GET", "/units/options")["rows"][0]["id"]
    item = screen.ask("POST", "/items", {"code": "ZSHELF", "name": "货架商品", "base_unit": unit, "tax_rate": "0"})["id"]
    house = screen.ask("POST", "/warehouses", {"code": "Z", "name": "立体库"})["id"]
    for code in ("Z-01", "Z-02"):
        screen.ask("POST", "/bins", {"warehouse": house, "code": code})
    came = screen.draft("other_receipts", [{"item": item, "quantity": "100", "unit_price_net": "1"}], target_place=house)
    screen.ask("POST", f"/other_receipts/{came['id']}/post", {"version": came["version"]})


def test_goods_are_put_into_bins_and_taken_from_them_by_the_keyboard(screen: Screen) -> None:
    screen.open("/documents/stock_transfer/new")
    for name in ("source_place", "target_place"):
        screen.pick(name, "Z", "立体库")
        expect(screen.page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden)")).to_have_count(0)
    for row, (code, quantity) in enumerate((("Z-01", "60"), ("Z-02", "30"))):
        screen.enter_item(row, "ZSHELF")
        screen.enter(row, "quantity", quantity)
        screen.enter(row, "target_place", code)
        expect(screen.cell(row, "target_place")).to_have_text(code)
    screen.post()

    screen.open("/documents/sales_delivery/new")
    screen.pick("party", "sdsh", "顺达商行")
    screen.pick("source_place", "Z", "立体库")
    expect(screen.header("source_place")).to_contain_text("立体库")
    screen.enter_item(0, "ZSHELF")
    screen.enter(0, "quantity", "70")
    screen.press("Alt+l")
    expect(screen.cell(1, "source_place")).to_have_text("Z-02")
    expect(screen.cell(0, "source_place")).to_have_text("Z-01")
    assert [screen.cell(row, "quantity").inner_text() for row in (0, 1)] == ["60", "10"]
    screen.page.screenshot(path=SHOTS / "出库自动分配库位.png")
    screen.post()

    screen.open("/reports/stock_on_hand?by=bin&search=ZSHELF")
    expect(screen.pane.get_by_text("立体库 Z-02")).to_be_visible()
    screen.page.screenshot(path=SHOTS / "库位库存.png")
    answer = screen.ask("GET", f"/reports/stock_on_hand?by=bin&place={screen.id_of('warehouses', 'Z')}")
    assert [(row["place_name"], row["quantity"]) for row in answer["rows"]] == [("立体库", "10"), ("立体库 Z-02", "20")]
