"""对照账独立 The oracle stands apart: it may not borrow a single line from what it checks."""

from __future__ import annotations

import ast
from pathlib import Path

ORACLE = Path(__file__).with_name("oracle.py")


def test_the_oracle_imports_nothing_of_the_product() -> None:
    names = set()
    for node in ast.walk(ast.parse(ORACLE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(node.module or "")
    assert names == {"__future__", "dataclasses", "datetime", "fractions", "typing"}


def test_the_oracle_stays_short_enough_to_be_read() -> None:
    assert len(ORACLE.read_text(encoding="utf-8").splitlines()) < 400
