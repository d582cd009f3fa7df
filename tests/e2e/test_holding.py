"""逐行占用 A part of what an order holds back is let go of, taken again, and handed over to an urgent order, on the screen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import SHOTS
from tests.e2e.screen import Screen


@pytest.fixture(autouse=True)
def goods(screen: Screen) -> None:
    """Goods of these trips alone."""
    if not screen.ask("GET", "/items/options?search=Y1")["rows"]:
        unit = screen.ask("GET", "/units/options")["rows"][0]["id"]
        screen.ask("POST", "/items", {"code": "Y1", "name": "风机", "base_unit": unit, "tax_rate": "0.13"})
    screen.receipt("Y1", "10", "80")


def order(screen: Screen, quantity: str, reserve: bool) -> dict[str, Any]:
    """A posted order."""
    line = {"item": screen.id_of("items", "Y1"), "quantity": quantity, "unit_price_net": "120"}
    where = {"party": screen.id_of("customers", "C1"), "source_place": screen.id_of("warehouses", "A"), "reserve": reserve}
    draft = screen.draft("sales_orders", [line], **where)
    return dict(screen.ask("POST", f"/sales_orders/{draft['id']}/post", {"version": draft["version"]}))


def held(screen: Screen, document: dict[str, Any]) -> str:
    """What its line holds back."""
    return str(screen.ask("GET", f"/sales_orders/{document['id']}/holdings")[0]["held"])


def answered(screen: Screen, command: str) -> Any:
    """Until the server has answered a command."""
    return screen.page.expect_response(lambda one: one.url.endswith(f"/{command}") and one.ok)


def test_what_an_order_holds_back_is_let_go_of_taken_again_and_handed_over(screen: Screen) -> None:
    page = screen.page
    first, urgent = order(screen, "8", True), order(screen, "3", False)
    line = first["goods_lines"][0]["id"]
    screen.open(f"/documents/sales_order/{first['id']}")
    page.get_by_test_id("transition-release").click()
    dialog = screen.dialog()
    box = dialog.get_by_test_id(f"hold-quantity-{line}")
    expect(box).to_have_value("8")
    box.fill("9")
    dialog.locator("#hc-hold-reason").fill("下月再提")
    expect(dialog.get_by_role("button", name="释放占用")).to_be_disabled()
    box.fill("2")
    with answered(screen, "release"):
        dialog.get_by_role("button", name="释放占用").click()
    expect(dialog).to_be_hidden()
    assert held(screen, first) == "6"

    page.get_by_test_id("transition-hold").click()
    dialog = screen.dialog()
    expect(dialog.get_by_test_id(f"hold-quantity-{line}")).to_have_value("2")
    dialog.get_by_test_id(f"hold-quantity-{line}").fill("1")
    with answered(screen, "hold"):
        screen.press("Enter")
    expect(dialog).to_be_hidden()
    assert held(screen, first) == "7"

    page.get_by_test_id("transition-reassign").click()
    dialog = screen.dialog()
    dialog.get_by_test_id(f"taker-{line}").click()
    page.get_by_title(urgent["number"], exact=False).click()
    expect(dialog.get_by_test_id(f"hold-quantity-{line}")).to_have_value("3")
    dialog.locator("#hc-hold-reason").fill("急单先走")
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "holding_reassign.png")
    with answered(screen, "reassign"):
        dialog.get_by_role("button", name="转让占用").click()
    expect(dialog).to_be_hidden()
    assert (held(screen, first), held(screen, urgent)) == ("4", "3")
    page.get_by_role("button", name="执行明细").click()
    expect(page.get_by_test_id(f"progress-{line}")).to_contain_text("4")


def test_chosen_rows_of_the_report_let_go_of_what_they_hold_back(screen: Screen) -> None:
    page = screen.page
    first, second = order(screen, "2", True), order(screen, "1", True)
    screen.open(f"/reports/held_stock?item={screen.id_of('items', 'Y1')}")
    for one in (first, second):
        screen.pane.get_by_role("row").filter(has_text=one["number"]).get_by_role("checkbox").click()
    page.get_by_test_id("command-release").click()
    dialog = screen.dialog()
    expect(dialog.get_by_test_id("hold-lines")).to_contain_text(second["number"])
    dialog.get_by_test_id(f"hold-quantity-{first['goods_lines'][0]['id']}").fill("1.5")
    dialog.locator("#hc-hold-reason").fill("清理占用")
    with page.expect_response(lambda one: one.url.endswith(f"/{second['id']}/release") and one.ok):
        dialog.get_by_role("button", name="释放占用").click()
    expect(screen.pane.get_by_role("row").filter(has_text=second["number"])).to_have_count(0)
    assert (held(screen, first), held(screen, second)) == ("0.5", "0")
