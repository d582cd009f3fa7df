"""手机 The width of a telephone: nothing to scroll sideways; lines are cards, and a tap opens one as a form."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import TELEPHONE
from tests.e2e.screen import Screen

pytestmark = pytest.mark.parametrize("context", [TELEPHONE], indirect=True)


def assert_fits(screen: Screen) -> None:
    """The page is as wide as the screen."""
    wide = screen.page.evaluate("[document.documentElement.scrollWidth, document.body.scrollWidth]")
    assert wide == [TELEPHONE["width"]] * 2


def test_a_delivery_is_found_in_the_list_and_read(screen: Screen) -> None:
    page = screen.page
    line = {"item": screen.id_of("items", "Z1"), "quantity": "2", "unit_price_net": "25"}
    draft = screen.draft("sales_deliveries", [line], party=screen.id_of("customers", "C1"))
    assert_fits(screen)
    page.get_by_role("button", name="菜单").click()
    page.get_by_role("menuitem", name="销售出库单").click()
    card = page.get_by_test_id("list-sales_delivery").get_by_test_id(f"row-{draft['id']}")
    expect(card).to_contain_text("顺达商行")
    expect(card).to_contain_text("56.50")
    assert_fits(screen)

    card.click()
    expect(page.get_by_test_id("document-sales_delivery")).to_be_visible()
    expect(screen.header("party")).to_contain_text("顺达商行")
    expect(screen.cell(0, "item")).to_contain_text("打印纸")
    assert_fits(screen)


def field(screen: Screen, name: str) -> Locator:
    """An input of the open line."""
    return screen.page.get_by_test_id("line-form").get_by_test_id(f"field-{name}").locator("input, textarea")


def choose(screen: Screen, name: str, text: str, shown: str) -> None:
    """An option of a field of the open line."""
    field(screen, name).click()
    screen.type(text)
    screen.option(shown).click()
    expect(screen.page.get_by_test_id("line-form").get_by_test_id(f"field-{name}")).to_contain_text(shown)


def test_a_receipt_is_made_line_by_line_and_posted(screen: Screen) -> None:
    page = screen.page
    screen.open("/documents/purchase_receipt/new")
    screen.pick("party", "yxzy", "永兴纸业")
    screen.pane.get_by_test_id("add-goods_lines").tap()
    expect(field(screen, "item")).to_be_focused()
    choose(screen, "item", "M6", "六角螺栓")
    field(screen, "quantity").fill("2")
    choose(screen, "unit", "", "盒")
    expect(field(screen, "unit_price_net")).to_have_value("1,000.00")  # a box is a hundred pieces at ten
    assert_fits(screen)
    page.get_by_role("button", name="再加一行").tap()
    choose(screen, "item", "M8", "六角螺母")
    field(screen, "quantity").fill("30")
    expect(page.get_by_test_id("line-form")).to_contain_text("现存量")
    page.get_by_role("button", name="再加一行").tap()
    page.get_by_role("button", name="完成").tap()

    for row, words in ((0, ("M6", "六角螺栓", "2 盒", "不含税单价 1,000.00", "2,260.00")), (1, ("M8", "30 个", "67.80"))):
        for text in words:
            expect(screen.pane.get_by_test_id(f"line-{row}")).to_contain_text(text)
    expect(screen.pane.get_by_test_id("line-2")).to_have_count(0)
    expect(screen.pane.get_by_test_id("sum-quantity")).to_contain_text("32")
    expect(screen.pane.get_by_test_id("total-amount_gross")).to_contain_text("2,327.80")
    assert_fits(screen)

    screen.pane.get_by_test_id("line-1").tap()
    expect(page.locator(".ant-drawer-title")).to_have_text("商品明细 2/2")
    page.get_by_role("button", name="前一行").tap()
    expect(field(screen, "quantity")).to_have_value("2")
    page.get_by_role("button", name="删除", exact=False).last.tap()
    expect(screen.pane.get_by_test_id("line-1")).to_have_count(0)
    page.get_by_role("button", name="撤销").tap()
    expect(screen.pane.get_by_test_id("line-0")).to_contain_text("2 盒")

    screen.post()
    screen.pane.get_by_test_id("line-1").tap()
    form = page.get_by_test_id("line-form")
    expect(form.get_by_test_id("field-quantity")).to_contain_text("30")
    expect(form.locator("input")).to_have_count(0)
    expect(page.get_by_role("button", name="再加一行")).to_have_count(0)
    page.get_by_role("button", name="完成").tap()
    expect(screen.pane.get_by_test_id("add-goods_lines")).to_have_count(0)


def test_a_refused_line_opens_at_the_field_that_is_wrong(screen: Screen) -> None:
    page = screen.page
    wanted = str(screen.on_hand("M8") + 900)
    line = {"item": screen.id_of("items", "M8"), "quantity": wanted, "unit_price_net": "25"}
    draft = screen.draft("sales_deliveries", [line], party=screen.id_of("customers", "C1"), source_place=screen.id_of("warehouses", "A"))
    screen.open(f"/documents/sales_delivery/{draft['id']}")
    screen.expect_refusal(422)
    screen.pane.get_by_test_id("transition-post").tap()
    form = page.get_by_test_id("line-form")
    expect(form.get_by_test_id("field-quantity").get_by_role("alert")).to_contain_text("缺 900")
    expect(field(screen, "quantity")).to_be_focused()
    page.get_by_role("button", name="完成").tap()
    expect(screen.pane.get_by_test_id("line-0")).to_contain_text("缺 900")
    screen.pane.get_by_test_id("line-0").tap()
    field(screen, "quantity").click()
    expect(field(screen, "quantity")).to_have_value(wanted)  # entered, a number stands without its thousands
    field(screen, "quantity").fill("1")
    page.get_by_role("button", name="完成").tap()
    expect(screen.pane.get_by_test_id("line-0").locator(".hc-problem")).to_have_count(0)
    screen.post()


def test_a_payment_clears_a_document_that_is_picked_in_the_form(screen: Screen) -> None:
    page = screen.page
    receipt = screen.receipt("M8", "10", "10")
    screen.open("/documents/outgoing_payment/new")
    screen.pick("party", "mdwj", "明达五金")
    screen.pane.get_by_test_id("add-money_lines").tap()
    choose(screen, "cleared_document", receipt["number"][-4:], receipt["number"])
    expect(field(screen, "amount")).to_have_value("113.00")
    page.get_by_role("button", name="再加一行").tap()
    choose(screen, "cash_account", "", "基本户")
    field(screen, "amount").fill("113")
    page.get_by_role("button", name="完成").tap()
    expect(screen.pane.get_by_test_id("line-0")).to_contain_text(receipt["number"])
    expect(screen.pane.get_by_test_id("line-1")).to_contain_text("113.00")
    assert_fits(screen)
    screen.post()
