"""外币兑换 Dollars become yuan at the bank: by the keyboard, with the bank's rate beside and what it cost in the voucher."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import SHOTS
from tests.e2e.screen import Screen


@pytest.fixture(autouse=True)
def dollars(screen: Screen) -> None:
    """A currency with a rate, and an account in it; from then on the book shows currencies."""
    if screen.has("currencies", "USD"):
        return
    rates = [{"rate_date": "2026-01-01", "rate": "7.1"}]
    dollar = screen.ask("POST", "/currencies", {"code": "USD", "name": "美元", "rates": rates})["id"]
    screen.ask("POST", "/cash_accounts", {"code": "USD1", "name": "美元户", "kind": "bank", "currency": dollar})
    screen.page.reload()
    expect(screen.page.get_by_test_id("home")).to_be_visible()


def test_dollars_are_exchanged_by_the_keyboard(screen: Screen) -> None:
    screen.open("/documents/currency_exchange/new")
    for name, text in (("cash_account", "USD1"), ("amount", "1000"), ("target_account", "B1"), ("target_amount", "7050")):
        screen.enter(0, name, text)
    screen.save()
    expect(screen.cell(0, "bank_rate")).to_have_text("7.05")
    expect(screen.cell(0, "currency_rate")).to_have_text("7.10")
    expect(screen.cell(0, "book_amount")).to_have_text("7,100.00")
    screen.post()
    screen.page.screenshot(path=SHOTS / "外币兑换.png")
    document = screen.page.url.rpartition("/")[2]
    entries = [row for one in screen.ask("GET", f"/currency_exchanges/{document}/postings") for row in one["entries"]]
    assert sorted((row["account"], row["cash_account"], row["amount"]) for row in entries) == [
        ("1002", "基本户", "7050"),
        ("1002", "美元户", "-7100"),
        ("5603.05", None, "50"),
    ]
