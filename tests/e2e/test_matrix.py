"""多规格 A family is made into items, entered as a matrix by the keyboard alone, and entered again on a telephone."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import SHOTS
from tests.e2e.screen import Screen


def family(screen: Screen) -> int:
    """T001 in two colours and three sizes, not yet made."""
    unit = screen.ask("GET", "/units/options")["rows"][0]["id"]
    axes = []
    for name, values in (("颜色", ("红", "蓝")), ("尺码", ("S", "M", "L"))):
        made = screen.ask("POST", "/variant_axes", {"name": name, "axis_values": [{"name": one} for one in values]})
        axes.append(made["id"])
    raw = {"code": "T001", "name": "T恤", "axis_1": axes[0], "chosen_1": "红、蓝", "axis_2": axes[1], "chosen_2": "S、M、L"}
    prices = {"purchase_price": "30", "sales_price": "50", "tax_rate": "0"}
    return int(screen.ask("POST", "/item_families", {**raw, **prices, "base_unit": unit})["id"])


def paste(screen: Screen, text: str) -> None:
    """A block as Excel puts it on the clipboard, into the input at hand."""
    screen.page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def test_a_matrix_is_entered_by_keyboard_and_again_on_a_telephone(screen: Screen) -> None:
    made = family(screen)
    screen.open(f"/masters/item_family/{made}")
    screen.pane.get_by_role("button", name="生成规格").click()
    expect(screen.page.get_by_test_id("variants").locator("tbody tr")).to_have_count(6)
    screen.dialog().get_by_role("button", name="生成规格").click()
    expect(screen.dialog()).to_have_count(0)
    screen.receipt("T001-红-M", "9", "30")

    screen.open("/documents/sales_delivery/new")
    screen.pick("party", "C1", "顺达商行")
    screen.cell(0, "item").click()
    screen.type("T001")
    expect(screen.page.locator(".hc-picker tbody tr").first).to_contain_text("矩阵录入")
    screen.press("Enter")
    matrix = screen.page.get_by_test_id("matrix")
    expect(matrix.locator("input[data-at='0.0']")).to_be_focused()
    expect(matrix.locator("tbody tr").first).to_contain_text("9")
    screen.type("2")
    screen.press("Enter")
    screen.type("3")
    screen.press("ArrowDown", "ArrowLeft")
    screen.type("4")
    expect(screen.page.get_by_test_id("row-sum-红")).to_have_text("5")
    expect(screen.page.get_by_test_id("matrix-total")).to_have_text("9")
    screen.press("Control+Enter")
    expect(screen.dialog()).to_have_count(0)
    expect(screen.cell(2, "item")).to_contain_text("T001-蓝-S")
    assert [screen.cell(row, "quantity").inner_text() for row in range(3)] == ["2", "3", "4"]
    assert [screen.cell(row, "amount_net").inner_text() for row in range(3)] == ["100.00", "150.00", "200.00"]

    screen.press("Alt+m")
    expect(matrix.locator("input[data-at='0.1']")).to_have_value("3")
    matrix.locator("input[data-at='0.1']").focus()
    paste(screen, "6\t1\n\t2")
    screen.press("Control+Enter")
    expect(screen.dialog()).to_have_count(0)
    expect(screen.cell(3, "item")).to_contain_text("T001-红-L")
    assert [screen.cell(row, "quantity").inner_text() for row in range(5)] == ["2", "6", "4", "1", "2"]
    screen.save()

    screen.page.set_viewport_size({"width": 390, "height": 844})
    screen.page.reload()
    screen.pane.get_by_role("button", name="矩阵录入").click()
    screen.page.locator("#matrix-family").click()
    screen.option("T恤").click()
    expect(matrix.locator("input[data-at='1.2']")).to_have_value("2")
    matrix.locator("input[data-at='1.2']").fill("0")
    screen.dialog().get_by_role("button", name="确 定").or_(screen.dialog().get_by_role("button", name="确定")).first.click()
    expect(screen.pane.get_by_test_id("cards-goods_lines")).to_contain_text("共 4 行")


def test_a_price_that_the_family_changed_is_given_to_the_items_that_are_ticked(screen: Screen) -> None:
    unit = screen.ask("GET", "/units/options")["rows"][0]["id"]
    axis = screen.ask("POST", "/variant_axes", {"name": "色号", "axis_values": [{"name": "黑"}, {"name": "白"}]})["id"]
    raw = {"code": "K700", "name": "袜", "axis_1": axis, "chosen_1": "黑、白", "base_unit": unit, "sales_price": "5", "tax_rate": "0.06"}
    made = screen.ask("POST", "/item_families", raw)["id"]
    rows = screen.ask("GET", f"/item_families/{made}/variants")["rows"]
    screen.ask("POST", f"/item_families/{made}/variants", {"create": [row["variants"] for row in rows]})
    screen.open(f"/masters/item_family/{made}")
    price = screen.header("sales_price").locator("input")
    price.click()
    expect(price).to_have_value("5")
    price.fill("6.5")
    screen.pane.get_by_role("button", name="生成规格").click()
    unlike = screen.page.get_by_test_id("variants-unlike")
    expect(unlike.locator("tbody tr")).to_have_count(2)
    expect(unlike.locator("tbody tr").first).to_contain_text("销售价 5.00 → 6.50")
    unlike.get_by_label("改为款的价格和税率 K700-白").check()
    expect(screen.page.get_by_test_id("variants-count")).to_contain_text("改价 1 个")
    screen.page.screenshot(path=SHOTS / "按款改价.png")
    screen.page.set_viewport_size({"width": 390, "height": 844})
    screen.page.screenshot(path=SHOTS / "按款改价手机.png")
    screen.dialog().get_by_role("button", name="生成规格").click()
    expect(screen.dialog()).to_have_count(0)
    left = screen.ask("GET", f"/item_families/{made}/variants")["unlike"]
    assert [(row["code"], row["changes"][0]["before"]) for row in left] == [("K700-黑", "5")]
