"""发货 Deliveries are sent off from the list with pasted numbers, signed for, tracked, and their freight becomes one bill."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import SHOTS, TELEPHONE
from tests.e2e.screen import Screen


@pytest.fixture(autouse=True)
def goods(screen: Screen) -> None:
    """Goods and a carrier of these trips alone."""
    if not screen.has("items", "W1"):
        unit = screen.ask("GET", "/units/options")["rows"][0]["id"]
        screen.ask("POST", "/items", {"code": "W1", "name": "风扇", "base_unit": unit, "tax_rate": "0.13"})
        screen.ask("POST", "/suppliers", {"code": "SFEX", "name": "顺丰速运", "payment_terms": "days", "payment_days": 15})
    screen.receipt("W1", "10", "80")


def sold(screen: Screen) -> dict[str, Any]:
    """A posted delivery."""
    line = {"item": screen.id_of("items", "W1"), "quantity": "1", "unit_price_net": "120"}
    draft = screen.draft("sales_deliveries", [line], party=screen.id_of("customers", "C1"), source_place=screen.id_of("warehouses", "A"))
    return dict(screen.ask("POST", f"/sales_deliveries/{draft['id']}/post", {"version": draft["version"]}))


def shot(screen: Screen, name: str) -> None:
    """A picture to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    screen.page.screenshot(path=SHOTS / f"shipping_{name}.png")


def test_deliveries_are_sent_signed_for_and_billed(screen: Screen) -> None:
    page = screen.page
    first, second = sold(screen), sold(screen)
    screen.open("/documents/sales_delivery")
    for one in (first, second):
        screen.pane.get_by_test_id(f"row-{one['id']}").get_by_role("checkbox").click()
    page.get_by_test_id("bulk-ship").click()
    dialog = screen.dialog()
    dialog.locator("#hc-ship-carrier").click()
    screen.type("SFEX")
    screen.option("顺丰速运").click()
    dialog.locator("#hc-ship-numbers").fill(f"{second['number']}\tSF2002\nSF1001")
    expect(dialog.get_by_role("row").filter(has_text=first["number"])).to_contain_text("SF1001")
    expect(dialog.get_by_role("row").filter(has_text=second["number"])).to_contain_text("SF2002")
    shot(screen, "many")
    dialog.get_by_role("button", name="登记发货").click()
    row = screen.pane.get_by_test_id(f"row-{first['id']}")
    expect(row).to_contain_text("已发货")
    shot(screen, "list")

    screen.open(f"/documents/sales_delivery/{first['id']}")
    expect(page.get_by_test_id("tag-delivery_state")).to_have_text("已发货")
    expect(screen.header("carrier")).to_contain_text("顺丰速运")
    page.get_by_test_id("ship").click()
    dialog = screen.dialog()
    dialog.get_by_test_id("field-freight").locator("input").fill("18")
    dialog.locator("#hc-ship-state").click()
    screen.option("拒收").click()
    screen.expect_refusal(422)
    dialog.get_by_role("button", name="登记物流").click()
    expect(dialog).to_contain_text("须写说明")
    dialog.locator("#hc-ship-note").fill("外箱破损")
    shot(screen, "one")
    dialog.get_by_role("button", name="登记物流").click()
    expect(page.get_by_test_id("tag-delivery_state")).to_have_text("拒收")
    expect(screen.header("freight")).to_contain_text("18.00")
    page.get_by_test_id("ship").click()
    expect(screen.dialog().get_by_test_id("delivery-refused")).to_contain_text("外箱破损")
    screen.dialog().get_by_role("button", name="取消").click()

    screen.open("/reports/delivery_tracking")
    expect(screen.pane).to_contain_text("外箱破损")
    shot(screen, "tracking")
    screen.ask("POST", f"/sales_deliveries/{second['id']}/ship", {"freight": "12", "state": "signed"})
    screen.open("/reports/freight_bills")
    for one in (first, second):
        screen.pane.get_by_test_id(f"row-{one['id']}").get_by_role("checkbox").click()
    shot(screen, "freight")
    page.get_by_test_id("remedy-bill_carrier").click()
    expect(page.get_by_test_id("document-expense")).to_be_visible()
    expect(screen.header("party")).to_contain_text("顺丰速运")
    expect(screen.cell(0, "amount")).to_have_text("18.00")
    expect(screen.cell(1, "amount")).to_have_text("12.00")
    expect(screen.cell(0, "charged_document")).to_contain_text(first["number"])
    shot(screen, "bill")
    screen.post()


@pytest.mark.parametrize("context", [TELEPHONE], indirect=True)
def test_a_parcel_is_signed_for_on_a_telephone(screen: Screen) -> None:
    page, one = screen.page, sold(screen)
    screen.open(f"/documents/sales_delivery/{one['id']}")
    page.get_by_test_id("ship").tap()
    dialog = screen.dialog()
    dialog.locator("#hc-ship-state").click()
    screen.option("已签收").click()
    shot(screen, "telephone")
    assert page.evaluate("document.documentElement.scrollWidth") == TELEPHONE["width"]
    dialog.get_by_role("button", name="登记物流").click()
    expect(page.get_by_test_id("tag-delivery_state")).to_have_text("已签收")
    shot(screen, "telephone_signed")
