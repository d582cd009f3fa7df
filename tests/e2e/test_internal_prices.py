"""变价调拨 A transfer at a price of its own: the columns come and go with the header, and the amounts are those of the server."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.screen import Screen


def choose(screen: Screen, name: str, shown: str) -> None:
    """One of a declared list in the header."""
    screen.header(name).locator("input").click()
    screen.option(shown).click()


def test_prices_are_there_only_for_a_changed_price_and_come_from_the_item_by_a_button(screen: Screen) -> None:
    screen.receipt("M8", "20", "2")
    screen.open("/documents/stock_transfer/new")
    screen.pick("target_place", "B", "门店仓")
    screen.enter_item(0, "M8")
    screen.enter(0, "quantity", "3")
    expect(screen.cell(0, "unit_price_net")).to_have_count(0)
    expect(screen.header("price_source")).to_have_count(0)

    choose(screen, "pricing", "变价调拨")
    screen.enter(0, "unit_price_net", "2.345")
    expect(screen.cell(0, "amount_net")).to_have_text("7.04")
    choose(screen, "price_source", "采购价")
    screen.pane.get_by_role("button", name="重取单价").click()
    expect(screen.cell(0, "amount_net")).to_have_text("6.00")
    expect(screen.cell(0, "item")).to_contain_text("M8")
    screen.save()
    number = screen.page.url.rpartition("/")[2]
    document = screen.ask("GET", f"/stock_transfers/{number}")
    assert (document["goods_lines"][0]["unit_price_net"], document["amount_net"]) == ("2", "6")

    choose(screen, "pricing", "同价调拨")
    expect(screen.cell(0, "unit_price_net")).to_have_count(0)
    screen.post()
    document = screen.ask("GET", f"/stock_transfers/{number}")
    assert (document["goods_lines"][0]["unit_price_net"], document["amount_net"], document["price_source"]) == (None, None, None)
