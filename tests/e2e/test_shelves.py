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
    screen.page.screenshot(path=SHOTS / "移库.png")

    screen.open("/reports/stock_on_hand?by=bin&search=ZSHELF")
    screen.page.screenshot(path=SHOTS / "库位库存.png")
    screen.open("/masters/bin")
    screen.page.screenshot(path=SHOTS / "库位.png")
    screen.open("/masters/bin/new")
    screen.page.screenshot(path=SHOTS / "新增库位.png")
