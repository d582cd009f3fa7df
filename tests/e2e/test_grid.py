"""明细表格 What a sheet must do: compose Chinese, take a block out of Excel, and lose nothing to somebody else's save."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, expect

from tests.e2e.screen import Screen


def test_an_input_method_composes_chinese_in_a_cell(screen: Screen, context: BrowserContext) -> None:
    screen.open("/documents/other_receipt/new")
    screen.enter_item(0, "M8")
    screen.cell(0, "remark").click()
    protocol = context.new_cdp_session(screen.page)
    for text in ("p", "po", "破"):
        protocol.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Process"})
        protocol.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
    # Enter belongs to the input method while it composes: the cell stays where it is.
    protocol.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Enter"})
    protocol.send("Input.insertText", {"text": "破损三箱"})
    screen.press("Enter")
    expect(screen.cell(0, "remark")).to_have_text("破损三箱")
    expect(screen.cell(0, "item")).to_contain_text("六角螺母")


def test_a_block_pasted_from_a_sheet_fills_lines_and_keeps_marked_what_is_unknown(screen: Screen) -> None:
    page = screen.page
    screen.open("/documents/purchase_receipt/new")
    screen.pick("party", "yxzy", "永兴纸业")
    rows = ["M6\t盒\t2", "6901234567908\t\t1,500", "NO-SUCH\t\t7", "Z1\t\t12.5x"]
    page.evaluate("text => navigator.clipboard.writeText(text)", "\n".join(rows))
    screen.cell(0, "item").click()
    screen.press("Control+v")

    expect(screen.cell(0, "item")).to_contain_text("六角螺栓")
    expect(screen.cell(0, "unit")).to_have_text("盒")
    expect(screen.cell(1, "item")).to_contain_text("六角螺母")
    expect(screen.cell(1, "quantity")).to_have_text("1,500")
    for row, name, text, reason in ((2, "item", "NO-SUCH", "找不到 NO-SUCH"), (3, "quantity", "12.5x", "不是数字")):
        expect(screen.cell(row, name)).to_have_text(text)
        expect(screen.cell(row, name)).to_have_attribute("aria-invalid", "true")
        assert reason in (screen.cell(row, name).get_attribute("title") or "")
    expect(screen.cell(2, "quantity")).to_have_text("7")

    screen.press("Control+s")
    expect(page.get_by_text("请先处理标红的地方")).to_be_visible()
    screen.enter_item(2, "D1")
    screen.enter(3, "quantity", "12")
    screen.save()
    expect(screen.pane.get_by_test_id("sum-quantity")).to_have_text("1,521")


def test_the_second_of_two_saves_sees_both_versions(screen: Screen, context: BrowserContext) -> None:
    line = {"item": screen.id_of("items", "M6"), "quantity": "1", "unit_price_net": "10"}
    draft = screen.draft("purchase_receipts", [line], party=screen.id_of("suppliers", "S1"))
    other = Screen(context.new_page(), screen.base)
    for one in (screen, other):
        one.open(f"/documents/purchase_receipt/{draft['id']}")
        one.expect_refusal(409)

    other.enter(0, "quantity", "8")
    other.save()
    screen.enter(0, "quantity", "5")
    screen.press("Control+s")
    dialog = screen.dialog()
    expect(dialog).to_contain_text("记录已被他人修改")
    expect(dialog.get_by_role("row").filter(has_text="数量")).to_contain_text("5")
    expect(dialog.get_by_role("row").filter(has_text="数量")).to_contain_text("8")
    dialog.get_by_role("button", name="用我的覆盖").click()
    expect(screen.pane.get_by_text("未保存", exact=True)).to_have_count(0)

    assert screen.ask("GET", f"/purchase_receipts/{draft['id']}")["goods_lines"][0]["quantity"] == "5"
    assert other.faults == []
