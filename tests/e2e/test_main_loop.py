"""主循环 Bought, stocked, sold, returned, counted and paid in the browser."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.screen import Screen


def test_a_receipt_is_typed_by_keyboard_alone_from_the_home_page_to_its_number(screen: Screen) -> None:
    page = screen.page
    screen.press("Control+k")
    expect(page.get_by_label("全局搜索").last).to_be_focused()
    page.keyboard.insert_text("采购入库")
    screen.press("Enter")
    expect(page.get_by_test_id("list-purchase_receipt")).to_be_visible()
    screen.press("Alt+n")
    expect(screen.header("party").locator("input")).to_be_focused()

    screen.type("mdwj")
    screen.press("Enter")
    expect(screen.header("party")).to_contain_text("明达五金")
    for name in ("document_date", "target_place", "due_date", "handler", "department", "discount_amount"):
        expect(screen.header(name).locator("input")).to_be_focused()
        screen.press("Enter")
    screen.type("急货")
    screen.press("Enter")

    screen.type("M6")
    screen.press("Enter")
    expect(screen.cell(0, "item")).to_contain_text("六角螺栓")
    expect(screen.cell(0, "unit_price_net")).to_have_text("10.00")
    for text in ("20", "9.5"):
        screen.type(text)
        screen.press("Enter")
    screen.type("ljlm")
    screen.press("Enter")
    expect(screen.cell(1, "item")).to_contain_text("六角螺母")
    for text in ("100", "2"):
        screen.type(text)
        screen.press("Enter")
    expect(screen.cell(0, "amount_gross")).to_have_text("214.70")
    expect(screen.pane.get_by_test_id("sum-quantity")).to_have_text("120")

    screen.press("Control+s")
    expect(screen.number).to_contain_text("草稿 #")
    screen.press("F8")
    assert re.fullmatch(r"CGRK-\d{8}-\d{4}", screen.posted())
    expect(screen.pane.get_by_test_id("total-amount_gross")).to_contain_text("440.70")


def test_a_figure_of_stock_leads_to_its_card_and_on_to_the_document(screen: Screen) -> None:
    page = screen.page
    receipt = screen.receipt("D1", "400", "0.5")
    page.get_by_role("menuitem", name="库存查询").click()
    row = page.get_by_test_id("report-stock_on_hand").get_by_role("row").filter(has_text="平垫圈")
    expect(row).to_contain_text("主仓库")
    row.get_by_role("link", name="400").click()

    card = page.get_by_test_id("report-stock_card")
    expect(card).to_be_visible()
    expect(card.get_by_text("D1 平垫圈").or_(card.get_by_text("平垫圈")).first).to_be_visible()
    card.get_by_role("link", name=receipt["number"]).click()
    expect(screen.number).to_have_text(receipt["number"])
    expect(screen.state).to_have_text("已审核")


def test_a_part_of_a_receipt_goes_back_by_the_lines_dialog(screen: Screen) -> None:
    page = screen.page
    receipt = screen.receipt("M6", "30", "9")
    screen.open(f"/documents/purchase_receipt/{receipt['id']}")
    screen.convert("purchase_return")
    table = screen.dialog().get_by_test_id("convert-lines")
    expect(table).to_contain_text("M6 六角螺栓")
    quantity = table.get_by_role("textbox")
    expect(quantity).to_be_focused()
    expect(quantity).to_have_value("30")
    screen.type("4")
    screen.press("Enter")

    expect(page.get_by_test_id("document-purchase_return")).to_be_visible()
    expect(screen.cell(0, "quantity")).to_have_text("4")
    screen.post()
    screen.open(f"/documents/purchase_receipt/{receipt['id']}")
    screen.convert("purchase_return")
    expect(screen.dialog().get_by_test_id("convert-lines").get_by_role("textbox")).to_have_value("26")
    screen.press("Escape")
    expect(screen.dialog()).to_have_count(0)


def test_a_delivery_short_of_stock_is_refused_at_its_cell_then_corrected_posted_and_returned(screen: Screen) -> None:
    page = screen.page
    on_hand = screen.on_hand("Z1")
    screen.open("/documents/sales_delivery/new")
    screen.pick("party", "sdsh", "顺达商行")
    screen.enter_item(0, "Z1")
    screen.enter(0, "quantity", str(on_hand + 900))
    screen.expect_refusal(422)
    page.keyboard.press("F8")

    cell = screen.cell(0, "quantity")
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("打印纸").filter(has_text="缺").first).to_be_visible()
    assert "缺 900" in (cell.get_attribute("title") or "")
    expect(screen.state).to_have_text("草稿")
    screen.enter(0, "quantity", "20")
    expect(cell).to_have_attribute("aria-invalid", "false")
    number = screen.post()
    assert number.startswith("XSCK-")

    screen.convert("sales_return")
    screen.type("5")
    screen.press("Enter")
    expect(page.get_by_test_id("document-sales_return")).to_be_visible()
    screen.post()
    screen.pane.get_by_role("button", name="单据链").click()
    expect(page.locator("[data-testid^=trace-sales_delivery]")).to_contain_text(number)
    page.get_by_role("tab", name="记账").click()
    expect(page.get_by_text("借：").first).to_be_visible()


def test_a_count_is_typed_and_its_difference_posted(screen: Screen) -> None:
    page = screen.page
    screen.receipt("D1", "50", "0.5")
    on_hand = screen.on_hand("D1")
    page.get_by_role("menuitem", name="盘点单").click()
    expect(page.get_by_test_id("list-stock_count")).to_be_visible()
    screen.pane.get_by_role("button", name="新增").click()
    expect(screen.header("source_place")).to_contain_text("主仓库")
    screen.enter_item(0, "D1")
    screen.enter(0, "quantity", str(on_hand - 3))
    screen.save()
    expect(screen.cell(0, "book_quantity")).to_have_text(str(on_hand))
    screen.post()
    screen.pane.get_by_role("button", name="记账").click()
    drawer = page.locator(".ant-drawer-open")
    expect(drawer).to_contain_text("平垫圈")
    expect(drawer.get_by_role("cell", name="3", exact=True)).to_be_visible()


def test_a_payment_made_by_conversion_clears_what_is_owed(screen: Screen) -> None:
    page = screen.page
    receipt = screen.receipt("M6", "10", "10")
    screen.open(f"/documents/purchase_receipt/{receipt['id']}")
    screen.convert("outgoing_payment")
    expect(page.get_by_test_id("document-outgoing_payment")).to_be_visible()
    expect(screen.cell(0, "amount")).to_have_text("113.00")
    number = screen.post()

    screen.pane.get_by_role("button", name="单据链").click()
    expect(page.get_by_test_id(f"trace-purchase_receipt-{receipt['id']}")).to_contain_text("113.00")
    expect(page.locator("[data-testid^=trace-outgoing_payment]")).to_contain_text(number)
    page.get_by_role("tab", name="记账").click()
    expect(page.get_by_text(re.compile("贷：.*银行存款"))).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("menuitem", name="应收应付").click()
    report = page.get_by_test_id("report-open_items")
    expect(report.locator(".hc-status")).to_have_text(re.compile(r"\d+ 行"))
    expect(report.get_by_text(receipt["number"])).to_have_count(0)


def test_the_server_prints_what_is_stored_as_pdf_and_offers_none_of_what_is_not(screen: Screen) -> None:
    receipt = screen.receipt("M6", "2", "10")
    screen.open(f"/documents/purchase_receipt/{receipt['id']}")
    expect(screen.number).to_have_text(receipt["number"])
    screen.press("Control+p")
    link = screen.page.get_by_test_id("print-pdf").get_attribute("href")
    answer = screen.page.context.request.get(f"{screen.base}{link}")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")

    screen.open("/documents/purchase_receipt/new")
    screen.press("Control+p")
    expect(screen.dialog()).to_contain_text("打印预览")
    expect(screen.page.get_by_test_id("print-pdf")).to_have_count(0)
