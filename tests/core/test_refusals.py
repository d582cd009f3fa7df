"""拒绝的话 What a refusal says in either language, of which table, and with what it may tell."""

from __future__ import annotations

from hengcang.core.errors import InsufficientStock, LineAt


def test_what_is_covered_still_says_in_which_table_the_line_is() -> None:
    at = LineAt("component_lines", 2, "组件")
    told = InsufficientStock(**at.named("quantity"), item="螺丝", place="A仓", date="2026-03-01", short="3", unit="个")
    assert told.message() == "组件第 2 行：A仓 螺丝 在 2026-03-01 缺 3 个。可改数量、换仓库，或先办入库。"
    covered = told.covered()
    assert covered.message() == "组件第 2 行：螺丝 库存不足。可改数量、换仓库，或先办入库。"
    assert covered.message("en") == "Component lines: Line 2: there is not enough of 螺丝."
    assert (covered.path, covered.params) == (
        "component_lines.1.quantity",
        {"line": 2, "item": "螺丝", "table": "组件", "table_name": "Component lines"},
    )


def test_a_template_is_filled_in_behind_the_table_of_its_language() -> None:
    refusal = InsufficientStock(**LineAt("component_lines", 1, "组件").named(), item="x")
    assert (refusal.said("第 {line} 行", "zh"), refusal.said("line {line}", "en")) == ("组件第 1 行", "Component lines: line 1")
