"""合并下推 Two orders of a supplier become one receipt."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.screen import Screen


@pytest.fixture(autouse=True)
def goods(screen: Screen) -> None:
    """Goods of these trips alone, so that they move nothing that other trips count."""
    if not screen.has("items", "T1"):
        unit = screen.ask("GET", "/units/options")["rows"][0]["id"]
        for code in ("T1", "T2", "T3", "T4"):
            screen.ask("POST", "/items", {"code": code, "name": f"Bolt {code}", "base_unit": unit, "tax_rate": "0.13"})


def order(screen: Screen, *lines: tuple[str, str], party: str = "S2") -> dict[str, Any]:
    """A posted purchase order of (code, quantity)."""
    goods = [{"item": screen.id_of("items", code), "quantity": quantity, "unit_price_net": "2"} for code, quantity in lines]
    place = screen.id_of("warehouses", "A")
    draft = screen.draft("purchase_orders", goods, party=screen.id_of("suppliers", party), target_place=place)
    return dict(screen.ask("POST", f"/purchase_orders/{draft['id']}/post", {"version": draft["version"]}))


def line(document: dict[str, Any], code: str) -> int:
    """The line of an item."""
    return int(next(one["id"] for one in document["goods_lines"] if one["item"]["code"] == code))


def test_lines_of_two_orders_become_one_receipt(screen: Screen) -> None:
    page = screen.page
    first, second, third = order(screen, ("T1", "30"), ("T2", "20")), order(screen, ("T3", "100")), order(screen, ("T4", "4"))
    foreign = order(screen, ("T1", "5"), party="S1")
    screen.open(f"/documents/purchase_order/{first['id']}")
    screen.convert("purchase_receipt")
    dialog = screen.dialog()
    sources, lines = dialog.get_by_test_id("convert-sources"), dialog.get_by_test_id("convert-lines")
    expect(lines.get_by_role("textbox")).to_have_count(2)
    expect(sources).to_contain_text(second["number"])
    expect(sources.get_by_role("row").filter(has_text=second["number"])).to_contain_text("100")
    expect(sources).not_to_contain_text(foreign["number"])
    expect(sources).not_to_contain_text(first["number"])

    # By keyboard: from the list of documents, down to the second order, and on to the quantities.
    sources.get_by_role("checkbox", name=third["number"]).focus()
    screen.press("ArrowDown", "Space")
    expect(sources.get_by_role("checkbox", name=second["number"])).to_be_checked()
    expect(lines.get_by_role("textbox")).to_have_count(3)
    expect(lines).to_contain_text(second["number"])
    dialog.get_by_test_id(f"convert-quantity-{line(first, 'T1')}").click()
    screen.type("12")
    screen.press("Enter")
    expect(dialog.get_by_test_id(f"convert-quantity-{line(first, 'T2')}")).to_be_focused()
    screen.press("Delete", "Enter")
    expect(dialog.get_by_test_id(f"convert-quantity-{line(second, 'T3')}")).to_be_focused()
    screen.press("Enter")

    expect(page.get_by_test_id("document-purchase_receipt")).to_be_visible()
    expect(screen.cell(0, "item")).to_contain_text("T1")
    expect(screen.cell(0, "quantity")).to_have_text("12")
    expect(screen.cell(1, "item")).to_contain_text("T3")
    expect(screen.cell(1, "quantity")).to_have_text("100")
    expect(screen.cell(2, "item")).to_have_text("")
    screen.post()
    progress = {one["number"]: screen.ask("GET", f"/purchase_orders/{one['id']}")["progress"] for one in (first, second, third)}
    assert progress == {first["number"]: "partial", second["number"]: "complete", third["number"]: "none"}


def test_a_document_is_found_by_its_number_and_stays_once_it_is_ticked(screen: Screen) -> None:
    orders = [order(screen, ("T2", str(number))) for number in range(1, 9)]
    screen.open(f"/documents/purchase_order/{orders[0]['id']}")
    screen.convert("purchase_receipt")
    dialog = screen.dialog()
    wanted, other = orders[3]["number"], orders[5]["number"]
    dialog.get_by_label("按单号查找").fill(wanted)
    sources = dialog.get_by_test_id("convert-sources")
    expect(sources.get_by_role("checkbox")).to_have_count(1)
    sources.get_by_text(wanted).click()
    dialog.get_by_label("按单号查找").fill(other)
    expect(sources.get_by_role("checkbox", name=other)).to_be_visible()
    expect(sources.get_by_role("checkbox", name=wanted)).to_be_checked()
    expect(dialog.get_by_test_id("convert-lines")).to_contain_text(wanted)
    dialog.get_by_label("按单号查找").fill("没有的单号")
    expect(sources.get_by_role("checkbox")).to_have_count(1)
