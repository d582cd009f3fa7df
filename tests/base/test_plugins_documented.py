"""钩子文档 Every hook is described."""

from __future__ import annotations

from pathlib import Path

from hengcang.base import plugins

PAGE = Path(__file__).parents[2] / "docs" / "develop" / "plugins.md"


def test_every_hook_has_its_section_in_the_page_and_the_page_has_no_others():
    titles = [line[4:].split("(")[0] for line in PAGE.read_text().splitlines() if line.startswith("### ")]
    assert sorted(titles) == sorted(plugins.HOOKS)


def test_the_product_uses_its_own_hooks():
    assert plugins.manager().has_plugin("sealing")
