"""浏览器与被测公司 One server with one small company, one browser, and a fresh page for every trip."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect, sync_playwright

from tests.e2e.screen import PASSWORD, Screen
from tests.e2e.server import ROOT, Home

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
]
SHOTS = ROOT / "var" / "e2e"
WIDE: ViewportSize = {"width": 1440, "height": 900}
TELEPHONE: ViewportSize = {"width": 390, "height": 844}

expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here needs a browser."""
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker("browser")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium as Debian has it. Closed with the package: while it runs, Django takes the thread for an asynchronous one."""
    chromium = CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium")
    if chromium is None:
        pytest.skip("没有 chromium：apt-get install chromium fonts-noto-cjk")
    if not (ROOT / "src" / "hengcang" / "web" / "index.html").is_file():
        pytest.skip("前端还没有构建：python scripts/build_web.py")
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield one
        one.close()


@pytest.fixture(scope="package")
def book(browser: Browser) -> Iterator[str]:
    """The address of a server with the small company."""
    with tempfile.TemporaryDirectory(prefix="hengcang-e2e-") as folder:
        home = Home(Path(folder))
        home.migrate(HENGCANG_ADMIN_PASSWORD=PASSWORD)
        home.run("-m", "tests.e2e.company")
        with home.served() as address:
            yield address


@pytest.fixture
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser profile of its own; `@pytest.mark.parametrize("context", [TELEPHONE], indirect=True)` makes it small."""
    size: ViewportSize = getattr(request, "param", WIDE)
    small = size["width"] < 768
    one = browser.new_context(
        viewport=size,
        locale="zh-CN",
        timezone_id="America/New_York",
        is_mobile=small,
        has_touch=small,
        permissions=["clipboard-read", "clipboard-write"],
    )
    yield one
    one.close()


@pytest.fixture
def blank(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Screen]:
    """A page that has gone nowhere yet. Whatever went wrong on it fails the test; its picture is kept."""
    screen = Screen(context.new_page(), "")
    yield screen
    SHOTS.mkdir(parents=True, exist_ok=True)
    screen.page.screenshot(path=SHOTS / f"{re.sub(r'[^a-z0-9_]+', '_', request.node.name)}.png")
    assert screen.faults == []


@pytest.fixture
def screen(blank: Screen, book: str) -> Screen:
    """A page of the company, logged in, on the home page."""
    blank.base = book
    blank.log_in()
    expect(blank.page.get_by_test_id("home")).to_be_visible()
    return blank
