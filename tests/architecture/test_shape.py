"""The shape of the code: sizes, banned calls, docstrings, foreign keys that point down, names that say nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hengcang"
FUNCTION_LINES = 70
FILE_LINES = 600
DOCUMENT_TYPE_LINES = 120
TYPE_ROOMS = ("purchasing", "sales", "inventory", "production", "settlement")
LAYERS = (
    ("core",), ("base",), ("access",), ("meta",), ("places", "parties"), ("catalog",), ("records",), ("ledger",), ("documents",),
    ("purchasing", "sales", "inventory", "production", "settlement", "accounting"), ("analytics", "integration"), ("api",), ("config",),
)  # fmt: skip
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
SAYS_NOTHING = {"utils.py", "helpers.py", "common.py", "misc.py", "util.py"}
# call -> what to use instead
BANNED = {
    "datetime.now": "base.clock.now()",
    "datetime.today": "base.clock.today()",
    "date.today": "base.clock.today()",
    "datetime.utcnow": "base.clock.now()",
    "timezone.now": "base.clock.now()",
    "random.random": "a seeded random.Random passed in",
    "eval": "a declared function",
    "exec": "a declared function",
    "pickle.loads": "JSON",
    "mark_safe": "escaping",
    "post_save.connect": "a service",
    "pre_save.connect": "a service",
}
ALLOWED = {("base/clock.py", "timezone.now")}


def sources(folder: Path = SOURCE) -> list[Path]:
    """Every Python file of the product, migrations left out."""
    return sorted(file for file in folder.rglob("*.py") if "migrations" not in file.parts and "web" not in file.parts)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function in a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name_of(node: ast.expr) -> str:
    """A dotted name, as far as it is one."""
    if isinstance(node, ast.Attribute):
        inner = name_of(node.value)
        return f"{inner}.{node.attr}" if inner else node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_no_function_is_longer_than_seventy_lines() -> None:
    long = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"
        for file in [*sources(), *sources(ROOT / "scripts"), *sources(ROOT / "tests")]
        for node in functions(ast.parse(file.read_text()))
        if (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_no_file_is_longer_than_six_hundred_lines() -> None:
    frontend = [file for kind in ("*.ts", "*.tsx") for file in (ROOT / "frontend" / "src").rglob(kind)]
    long = [str(file.relative_to(ROOT)) for file in [*sources(), *frontend] if file.read_text().count("\n") > FILE_LINES]
    assert long == []


def test_a_document_type_is_one_file_of_at_most_120_lines() -> None:
    long = [
        str(file.relative_to(ROOT))
        for room in TYPE_ROOMS
        for file in sources(SOURCE / room)
        if file.read_text().count("\n") > DOCUMENT_TYPE_LINES
    ]
    assert long == []


def test_files_have_names_that_say_something() -> None:
    assert [str(file.relative_to(ROOT)) for file in sources() if file.name in SAYS_NOTHING] == []


def test_banned_calls_are_not_made() -> None:
    found = []
    for file in sources():
        place = file.relative_to(SOURCE).as_posix()
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call):
                called = name_of(node.func)
                for banned, instead in BANNED.items():
                    if (called == banned or called.endswith("." + banned)) and (place, banned) not in ALLOWED:
                        found.append(f"{place}:{node.lineno} {called}: use {instead}")
    assert found == []


def test_every_public_name_says_what_it_gives() -> None:
    missing = []
    for file in sources():
        tree = ast.parse(file.read_text())
        if not ast.get_docstring(tree):
            missing.append(f"{file.relative_to(SOURCE)} (module)")
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                missing.append(f"{file.relative_to(SOURCE)}:{node.lineno} {node.name}")
    assert missing == []


def test_foreign_keys_point_down() -> None:
    upward = []
    for model in apps.get_models():
        room = model.__module__.split(".")[1] if model.__module__.startswith("hengcang.") else ""
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not room or not getattr(field, "concrete", False) or target is None or not target.__module__.startswith("hengcang."):
                continue
            other = target.__module__.split(".")[1]
            if other != room and LEVEL[other] >= LEVEL[room]:
                upward.append(f"{room}.{model.__name__}.{field.name} → {other}")
    assert upward == []


def test_the_layers_here_are_those_that_the_linter_enforces() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    listed = re.search(r"exhaustive = true\nlayers = \[(.*?)\]", text, re.S)
    assert listed
    from_top = [tuple(part.strip() for part in row.split("|")) for row in re.findall(r'"([^"]+)"', listed.group(1))]
    assert [set(row) for row in from_top] == [set(row) for row in reversed(LAYERS)]


@pytest.mark.parametrize("word", ["TODO", "FIXME", "NotImplementedError"])
def test_nothing_is_left_for_later(word: str) -> None:
    pattern = re.compile(rf"\b{word}\b")
    assert [str(file.relative_to(ROOT)) for file in sources() if pattern.search(file.read_text())] == []
