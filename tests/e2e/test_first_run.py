"""首次使用 From an empty folder to the home page, as the first user sees it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.screen import Screen
from tests.e2e.server import Home

CHOSEN = "wo-de-mi-ma-2026"


@pytest.fixture
def empty_book(browser: Browser) -> Iterator[tuple[str, str]]:
    """The address of a new book and the administrator's made password."""
    with tempfile.TemporaryDirectory(prefix="hengcang-e2e-") as folder:
        home = Home(Path(folder))
        password = home.migrate()
        assert password, "migrate printed no password"
        with home.served() as address:
            yield address, password


def test_a_new_administrator_must_choose_a_password_and_reaches_an_empty_home(blank: Screen, empty_book: tuple[str, str]) -> None:
    address, made = empty_book
    page = blank.page
    blank.base = address
    blank.expect_refusal(401, 422)

    blank.log_in(password="not-this-one")
    expect(page.get_by_role("alert")).to_contain_text("密码")
    page.locator("#password").fill(made)
    page.keyboard.press("Enter")

    expect(page.get_by_text("首次登录，请修改密码")).to_be_visible()
    page.locator("#old-password").fill(made)
    page.locator("#new-password").fill("short")
    page.locator("#new-password-again").fill("other")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("两次输入的新密码不一样")
    page.locator("#new-password-again").fill("short")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("10")
    page.locator("#new-password").fill(CHOSEN)
    page.locator("#new-password-again").fill(CHOSEN)
    page.keyboard.press("Enter")

    expect(page.get_by_test_id("home")).to_be_visible()
    expect(page.get_by_test_id("figure-sales")).to_contain_text("0.00")
    page.reload()
    expect(page.get_by_test_id("home")).to_be_visible()
    page.get_by_role("button", name="用户 管理员").click()
    page.get_by_text("退出登录").click()
    expect(page.locator("#username")).to_be_visible()
    blank.log_in(password=CHOSEN)
    expect(page.get_by_test_id("home")).to_be_visible()
