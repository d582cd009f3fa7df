"""全部证明 The whole proof: front end tests, then every test on SQLite, on PostgreSQL, and in a real browser.

PostgreSQL is the server that HENGCANG_TEST_POSTGRES names (default: postgres@127.0.0.1:5432); without one that answers,
that part is left out and said so. The browser is Debian's chromium, installed where this may be done.
Arguments are handed to pytest. `--quick` leaves out PostgreSQL and the browser.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"


def heading(text: str) -> None:
    """A line that stands out."""
    print(f"\n── {text} ──", flush=True)


def run(command: list[str], **environment: str) -> bool:
    """Run one part; tells whether it passed."""
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode == 0


def has_postgres(url: str) -> bool:
    """Whether the server answers."""
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def has(program: str, *packages: str) -> bool:
    """A program of Debian, installed now with what it needs where we are root there."""
    if shutil.which(program):
        return True
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        heading(f"安装 {program}")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        run(["apt-get", "-qq", "update"], **quiet)
        run(["apt-get", "-qq", "-y", "--no-install-recommends", "install", program, *packages], **quiet)
    return shutil.which(program) is not None


def pytest(*arguments: str, **environment: str) -> bool:
    """One run of pytest, two processes."""
    return run([sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", *arguments], **environment)


def front_end() -> bool:
    """The front end's own tests."""
    sys.path.insert(0, str(ROOT / "scripts"))
    import build_web

    heading("前端测试")
    command = build_web.system_node() or build_web.wheel_node()
    build_web.install(command)
    return subprocess.run([*command, "test"], cwd=ROOT / "frontend", check=False).returncode == 0


def main(arguments: list[str]) -> int:
    """Run every part; the first failure does not stop the others."""
    quick = "--quick" in arguments
    rest = [one for one in arguments if one != "--quick"]
    ok = front_end()
    if not quick and not has("hledger"):
        print("没有 hledger，跳过用它核对分录的测试。")
    heading("测试（SQLite）")
    ok = pytest("tests", "--ignore=tests/e2e", *rest, DATABASE_URL="") and ok
    if not quick:
        url = os.environ.get("HENGCANG_TEST_POSTGRES", DEFAULT_POSTGRES)
        heading("测试（PostgreSQL）")
        if has_postgres(url):
            ok = pytest("tests", "--ignore=tests/e2e", "--ignore=tests/core", "--ignore=tests/architecture", *rest, DATABASE_URL=url) and ok
        else:
            print("没有可用的 PostgreSQL（HENGCANG_TEST_POSTGRES），跳过这一部分。")
        heading("浏览器")
        if has("chromium", "fonts-noto-cjk"):
            ok = run([sys.executable, "-m", "pytest", "tests/e2e", *rest], DATABASE_URL="") and ok
        else:
            print("没有 chromium，跳过浏览器测试。")
    heading("全部通过" if ok else "有未通过的部分")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
