"""行仓库 The warehouse of a line: the header's until the clerk gives it its own."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.e2e.screen import Screen


def follows(cell: Locator, name: str) -> None:
    """The cell shows the header's warehouse as the header's."""
    expect(cell).to_have_text(name)
    expect(cell).to_have_attribute("title", "随单头")


def keeps(cell: Locator, name: str) -> None:
    """The cell shows a warehouse of its own."""
    expect(cell).to_have_text(name)
    expect(cell).not_to_have_attribute("title", "随单头")


def choose(screen: Screen, text: str, shown: str) -> None:
    """Another warehouse in the header."""
    screen.pick("target_place", text, shown)
    expect(screen.header("target_place")).to_contain_text(shown)


def test_lines_follow_the_warehouse_of_the_header_but_for_those_that_were_given_one(screen: Screen) -> None:
    screen.open("/documents/purchase_receipt/new")
    screen.pick("party", "mdwj", "明达五金")
    for row, code in enumerate(("M6", "M8")):
        screen.enter_item(row, code)
        screen.enter(row, "quantity", str(row + 1))
    follows(screen.cell(0, "target_place"), "主仓库")
    screen.enter(1, "target_place", "B")
    keeps(screen.cell(1, "target_place"), "门店仓")
    expect(screen.cell(2, "target_place")).to_have_text("")

    screen.save()
    follows(screen.cell(0, "target_place"), "主仓库")
    keeps(screen.cell(1, "target_place"), "门店仓")
    choose(screen, "B", "门店仓")
    follows(screen.cell(0, "target_place"), "门店仓")
    choose(screen, "A", "主仓库")
    follows(screen.cell(0, "target_place"), "主仓库")
    keeps(screen.cell(1, "target_place"), "门店仓")

    screen.cell(1, "target_place").click()
    screen.press("Delete")
    follows(screen.cell(1, "target_place"), "主仓库")
    choose(screen, "B", "门店仓")
    screen.save()
    follows(screen.cell(0, "target_place"), "门店仓")
    screen.post()
    document = screen.ask("GET", f"/purchase_receipts/{screen.page.url.rpartition('/')[2]}")
    assert [line["target_place"]["label"] for line in document["goods_lines"]] == ["门店仓", "门店仓"]
