"""检查 Everything that is not a test: style, types, layers, migrations, the front end's lint and lock."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def checks() -> list[tuple[str, list[str], Path]]:
    """Name, command and folder of each."""
    sys.path.insert(0, str(ROOT / "scripts"))
    import build_web

    npm = build_web.system_node() or build_web.wheel_node()
    build_web.install(npm)
    python = sys.executable
    return [
        ("ruff check", [str(BIN / "ruff"), "check", "."], ROOT),
        ("ruff format", [str(BIN / "ruff"), "format", "--check", "."], ROOT),
        ("分层 import-linter", [str(BIN / "lint-imports"), "--no-cache"], ROOT),
        ("类型 mypy", [python, "-m", "mypy"], ROOT),
        ("迁移 makemigrations", [python, "-m", "django", "makemigrations", "--check", "--dry-run"], ROOT),
        ("前端 eslint", [*npm, "run", "lint"], ROOT / "frontend"),
        ("前端锁文件", [*npm, "ci", "--dry-run", "--no-audit", "--no-fund"], ROOT / "frontend"),
    ]


def main() -> int:
    """Run all; tell which failed."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "hengcang.config.settings", "PYTHONPATH": "src"}
    failed = []
    for name, command, folder in checks():
        print(f"── {name} ──", flush=True)
        if subprocess.run(command, cwd=folder, env=environment, check=False).returncode:
            failed.append(name)
    print(f"未通过：{'、'.join(failed)}" if failed else "检查全部通过。", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
