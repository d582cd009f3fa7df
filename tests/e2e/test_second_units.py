"""双计量 Goods weighed and counted by head: by the keyboard on a wide screen, and by hand on a telephone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import SHOTS, TELEPHONE
from tests.e2e.screen import Screen
from tests.e2e.test_telephone import assert_fits, choose, field


@pytest.fixture(autouse=True)
def hens(screen: Screen) -> None:
    """An item that is weighed (斤) and counted (只), as a rule 2.5 斤 each; from then on the book shows second units."""
    if screen.has("items", "HEN"):
        return
    unit = screen.ask("POST", "/units", {"code": "JIN", "name": "斤", "decimals": 2})["id"]
    head = screen.ask("POST", "/units", {"code": "ZHI", "name": "只", "decimals": 0})["id"]
    hen = {"code": "HEN", "name": "土鸡", "base_unit": unit, "second_unit": head, "second_factor": "2.5", "tax_rate": "0"}
    screen.ask("POST", "/items", hen)
    screen.page.reload()
    expect(screen.page.get_by_test_id("home")).to_be_visible()


def seconds_of(screen: Screen, code: str) -> tuple[str, str]:
    """Quantity and second quantity of an item on hand."""
    rows = screen.ask("GET", f"/reports/stock_on_hand?by=item&search={code}")["rows"]
    return rows[0]["quantity"], rows[0]["second_quantity"]


def test_heads_are_suggested_by_the_weight_and_typed_where_they_differ(screen: Screen) -> None:
    screen.open("/documents/purchase_receipt/new")
    screen.pick("party", "yxzy", "永兴纸业")
    screen.enter_item(0, "HEN")
    screen.enter(0, "quantity", "25.3")
    expect(screen.cell(0, "second_quantity")).to_have_text("10")
    expect(screen.cell(0, "second_unit")).to_have_text("只")
    screen.enter(0, "unit_price_net", "12")
    screen.page.screenshot(path=SHOTS / "双计量入库.png")
    screen.post()

    screen.open("/documents/sales_delivery/new")
    screen.pick("party", "sdsh", "顺达商行")
    screen.enter_item(0, "HEN")
    screen.enter(0, "quantity", "7.8")
    expect(screen.cell(0, "second_quantity")).to_have_text("3")
    screen.enter(0, "second_quantity", "4")
    screen.enter(0, "quantity", "8")
    expect(screen.cell(0, "second_quantity")).to_have_text("4")
    screen.enter(0, "unit_price_net", "20")
    screen.post()
    screen.page.screenshot(path=SHOTS / "双计量出库.png")
    assert seconds_of(screen, "HEN") == ("17.3", "6")

    screen.open("/reports/stock_summary?search=HEN")
    row = screen.pane.get_by_role("row").filter(has_text="HEN")
    for text in ("25.3", "10", "8", "4", "17.3", "6", "只"):
        expect(row.get_by_text(text, exact=True).first).to_be_visible()
    screen.page.screenshot(path=SHOTS / "双计量汇总.png")


def card(screen: Screen, row: int) -> Locator:
    """The card of a line."""
    return screen.pane.get_by_test_id(f"line-{row}")


@pytest.mark.parametrize("context", [TELEPHONE], indirect=True)
def test_on_a_telephone_the_form_and_the_card_of_a_line_show_both_quantities(screen: Screen) -> None:
    page = screen.page
    screen.open("/documents/purchase_receipt/new")
    screen.pick("party", "yxzy", "永兴纸业")
    screen.pane.get_by_test_id("add-goods_lines").tap()
    choose(screen, "item", "HEN", "土鸡")
    field(screen, "second_quantity").fill("4")
    expect(field(screen, "quantity")).to_have_value("10")
    field(screen, "quantity").fill("9.6")
    field(screen, "unit_price_net").fill("12")
    page.screenshot(path=SHOTS / "双计量手机行.png")
    assert_fits(screen)
    page.get_by_role("button", name="完成").tap()
    for text in ("HEN", "土鸡", "9.6 斤", "4 只", "115.20"):
        expect(card(screen, 0)).to_contain_text(text)
    assert_fits(screen)
    page.screenshot(path=SHOTS / "双计量手机卡.png")
    screen.post()
    screen.open("/reports/stock_on_hand?by=item&search=HEN")
    expect(screen.pane.get_by_text("土鸡", exact=True).first).to_be_visible()
    page.screenshot(path=SHOTS / "双计量手机库存.png")
    assert_fits(screen)


@pytest.mark.parametrize("context", [TELEPHONE], indirect=True)
def test_heads_and_weight_are_counted_on_a_telephone(screen: Screen) -> None:
    page = screen.page
    line = {"item": screen.id_of("items", "HEN"), "quantity": "20", "second_quantity": "8", "unit_price_net": "1"}
    came = screen.draft("other_receipts", [line], target_place=screen.id_of("warehouses", "B"))
    screen.ask("POST", f"/other_receipts/{came['id']}/post", {"version": came["version"]})
    plan = screen.draft("count_plans", [{"item": line["item"]}], source_place=screen.id_of("warehouses", "B"), blind=False)
    screen.ask("POST", f"/count_plans/{plan['id']}/post", {"version": plan["version"]})
    page.goto(screen.base + "/pages/counting")
    page.get_by_test_id("count-scan").fill("HEN")
    screen.press("Enter")
    expect(page.get_by_test_id("count-line")).to_contain_text("账面 20 斤 8 只")
    screen.type("18.6")
    screen.press("Enter")
    expect(page.get_by_test_id("count-second")).to_be_focused()
    screen.type("7")
    page.screenshot(path=SHOTS / "双计量手机盘点.png")
    assert_fits(screen)
    screen.press("Enter")
    expect(page.get_by_test_id("count-line")).to_be_hidden()
    expect(page.get_by_text("18.6 斤 7 只").first).to_be_visible()
    page.screenshot(path=SHOTS / "双计量手机已盘.png")
    assert_fits(screen)
    (made,) = screen.ask("POST", f"/count_plans/{plan['id']}/results", {})["documents"]
    (counted,) = screen.ask("GET", f"/stock_counts/{made}")["goods_lines"]
    assert (counted["quantity"], counted["second_quantity"]) == ("18.6", "7")
