"""The import contracts hold, and each of them turns red when it is broken: proved on a copy with one line planted."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")
# file to plant in, line, and words of the contract that must break
PLANTED = [
    ("core/amounts.py", "import django", "The core is pure"),
    ("base/clock.py", "import hengcang.documents.services", "Rooms import from rooms below only"),
    ("places/models.py", "import hengcang.parties.models", "Rooms import from rooms below only"),
    ("documents/links.py", "import hengcang.ledger.models", "The books are touched by the ledger alone"),
    ("core/lifecycle.py", "import hengcang.core.fulfilment", None),
]


def lint(folder: Path) -> str:
    """The linter's words about a copy of the source."""
    done = subprocess.run(
        [LINTER, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(folder / "src"), "PATH": ""}
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source and of the contracts."""
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "src" / "hengcang", folder / "src" / "hengcang", ignore=shutil.ignore_patterns("web", "__pycache__"))
    return folder


def test_the_contracts_hold(copy: Path) -> None:
    assert "0 broken" in lint(copy)


@pytest.mark.parametrize(("place", "line", "contract"), PLANTED)
def test_a_planted_import_turns_its_contract_red(copy: Path, place: str, line: str, contract: str | None) -> None:
    file = copy / "src" / "hengcang" / place
    before = file.read_text()
    head, future, tail = before.partition("from __future__ import annotations\n")
    file.write_text(head + future + line + "\n" + tail)
    try:
        said = lint(copy)
    finally:
        file.write_text(before)
    if contract is None:
        assert "0 broken" in said
    else:
        assert f"{contract} BROKEN" in said or f"{contract}: no framework, database, network, files or clock BROKEN" in said
