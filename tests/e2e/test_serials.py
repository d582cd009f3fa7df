"""序列号 Serial numbers by the keyboard alone: the dialog opens on the cell, takes what is scanned and runs on, and fills the quantity."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.screen import Screen


def test_pieces_are_scanned_and_run_on_without_the_mouse(screen: Screen) -> None:
    unit = screen.ask("GET", "/units/options")["rows"][0]["id"]
    screen.ask("POST", "/items", {"code": "PHONE", "name": "手机", "base_unit": unit, "tracking": "serial"})
    screen.open("/documents/purchase_receipt/new")
    screen.pick("party", "mdwj", "明达五金")
    screen.enter_item(0, "PHONE")
    screen.cell(0, "serials").click()
    screen.press("F2")
    dialog = screen.page.get_by_test_id("serials-dialog")
    expect(dialog.get_by_label("序列号", exact=True)).to_be_focused()
    for number in ("S1", "S2", "S1"):
        screen.type(number)
        screen.press("Enter")
    expect(dialog.get_by_text("重复：S1")).to_be_visible()
    screen.press("Backspace", "Backspace", "Backspace", "Control+Enter")
    expect(dialog).to_be_hidden()
    expect(screen.cell(0, "serials")).to_have_text("2/2")
    expect(screen.cell(0, "quantity")).to_have_text("2")
    screen.enter(0, "unit_price_net", "100")
    screen.post()
    document = screen.ask("GET", f"/purchase_receipts/{screen.page.url.rpartition('/')[2]}")
    assert document["goods_lines"][0]["serials"] == ["S1", "S2"]
