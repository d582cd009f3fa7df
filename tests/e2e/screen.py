"""屏幕 What the trips see and touch, by the selectors of frontend/README.md."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Response, expect

A_PERSON_MS = 60
PASSWORD = "hengcang-test-1"


@dataclass
class Screen:
    """A page, the address of its server, and what may go wrong on it without failing the test."""

    page: Page
    base: str
    refusals: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self.heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("response", self.answered)

    def heard(self, message: ConsoleMessage) -> None:
        """Errors of the console; those of answers are judged by their status."""
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def answered(self, response: Response) -> None:
        """An answer that the test did not name as a refusal is a fault."""
        if response.status >= 400 and response.status not in self.refusals:
            self.faults.append(f"{response.status} {response.request.method} {response.url}")

    def expect_refusal(self, *statuses: int) -> None:
        """The test provokes answers of these statuses."""
        self.refusals |= set(statuses)

    @property
    def pane(self) -> Locator:
        """What the tab in front shows."""
        return self.page.get_by_test_id("active-pane")

    def open(self, path: str = "/") -> None:
        """An address, once it is drawn."""
        self.page.goto(self.base + path)
        expect(self.pane.locator(".hc-view")).to_be_visible()

    def log_in(self, username: str = "admin", password: str = PASSWORD) -> None:
        """By the form."""
        self.page.goto(self.base + "/")
        self.page.locator("#username").fill(username)
        self.page.locator("#password").fill(password)
        self.page.keyboard.press("Enter")

    def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Letters as a person types them, slower than a scanner."""
        self.page.keyboard.type(text, delay=A_PERSON_MS)

    def cell(self, row: int, name: str) -> Locator:
        """A cell of the line grid, rows from 0."""
        return self.pane.get_by_test_id(f"cell-{row}-{name}")

    def enter(self, row: int, name: str, text: str) -> None:
        """Text into a cell, by a click and typing; an option is picked where there are some."""
        self.cell(row, name).click()
        self.type(text)
        self.page.keyboard.press("Enter")

    def enter_item(self, row: int, code: str) -> None:
        """Goods into a line."""
        self.enter(row, "item", code)
        expect(self.cell(row, "item")).to_contain_text(code)

    def pick(self, name: str, text: str, shown: str) -> None:
        """A header field by a few letters."""
        target = self.pane.get_by_test_id(f"field-{name}").locator("input")
        target.click()
        self.type(text)
        self.option(shown).click()

    def option(self, shown: str) -> Locator:
        """An option of the open list."""
        return self.page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden)").get_by_text(shown, exact=True).first

    def header(self, name: str) -> Locator:
        """A header field."""
        return self.pane.get_by_test_id(f"field-{name}")

    def save(self) -> None:
        """Ctrl+S, until it is stored."""
        self.page.keyboard.press("Control+s")
        expect(self.pane.get_by_text("未保存", exact=True)).to_have_count(0)
        expect(self.number).to_have_text(re.compile(r"草稿 #\d+|-\d{8}-"))

    def post(self) -> str:
        """The button 审核, until the document is posted; gives its number."""
        self.pane.get_by_test_id("transition-post").click()
        return self.posted()

    def posted(self) -> str:
        """The number of the document, which is posted."""
        expect(self.state).to_have_text("已审核")
        return self.number.inner_text()

    @property
    def number(self) -> Locator:
        """The number in the title."""
        return self.pane.get_by_test_id("document-number")

    @property
    def state(self) -> Locator:
        """The state in the title."""
        return self.pane.get_by_test_id("document-state")

    def convert(self, target: str) -> None:
        """下推 into this type, as far as the dialog that asks for the lines, where there is one."""
        self.pane.get_by_test_id("conversions").click()
        self.page.get_by_test_id(f"convert-{target}").click()

    def dialog(self) -> Locator:
        """The dialog in front."""
        return self.page.locator(".ant-modal-wrap:visible").last

    # What a trip needs but is not about comes from the API, with the cookies of the page.

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One call; refusals fail the test."""
        token = next(one["value"] for one in self.page.context.cookies() if one["name"] == "csrftoken")
        headers = {"X-CSRFToken": token, "Idempotency-Key": uuid.uuid4().hex}
        answer = self.page.context.request.fetch(f"{self.base}/api/v1{path}", method=method, headers=headers, data=body)
        assert answer.ok, answer.text()
        return answer.json()

    def found(self, collection: str, code: str, asked: str = "") -> dict[str, Any] | None:
        """The master record of exactly this code as a picker shows it: others may well contain it."""
        rows = self.ask("GET", f"/{collection}/options?search={code}{asked}")["rows"]
        return next((row for row in rows if row["code"] == code), None)

    def has(self, collection: str, code: str) -> bool:
        """Whether there is a master record of exactly this code."""
        return self.found(collection, code) is not None

    def id_of(self, collection: str, code: str) -> int:
        """The id of a master record."""
        row = self.found(collection, code)
        assert row is not None, f"{collection} {code}"
        return int(row["id"])

    def on_hand(self, code: str) -> int:
        """Pieces of an item in 主仓库, which every trip shares with the others."""
        row = self.found("items", code, f"&place={self.id_of('warehouses', 'A')}")
        assert row is not None, code
        return int(row["on_hand"])

    def draft(self, collection: str, lines: list[dict[str, Any]], **header: Any) -> dict[str, Any]:
        """A draft of goods."""
        return dict(self.ask("POST", f"/{collection}", {**header, "goods_lines": lines}))

    def receipt(self, code: str, quantity: str, price: str) -> dict[str, Any]:
        """A posted purchase receipt of one line from 明达五金 into 主仓库."""
        line = {"item": self.id_of("items", code), "quantity": quantity, "unit_price_net": price}
        place = self.id_of("warehouses", "A")
        made = self.draft("purchase_receipts", [line], party=self.id_of("suppliers", "S1"), target_place=place)
        return dict(self.ask("POST", f"/purchase_receipts/{made['id']}/post", {"version": made["version"]}))
