"""被测服务 The product as an operator starts it: migrated, filled, served by a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE_PASSWORD = re.compile(r"密码\s+(\S+?)（")
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Home:
    """A data folder and the commands run in it."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """SQLite in that folder, whatever database the other tests use."""
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("HENGCANG_", "DATABASE_URL"))}
        return {**plain, "HENGCANG_HOME": str(self.folder), "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}

    def run(self, *arguments: str, **environment: str) -> str:
        """One command to its end; gives what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            env={**self.environment, **environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def migrate(self, **environment: str) -> str | None:
        """`hengcang migrate`; gives the administrator's made password, where one was made."""
        found = MADE_PASSWORD.search(self.run("-m", "hengcang.config.cli", "migrate", **environment))
        return found.group(1) if found else None

    @contextmanager
    def served(self) -> Iterator[str]:
        """`hengcang serve` on a free port; gives its address, ends the whole group of processes at the end."""
        port = free_port()
        log = (self.folder / "server.log").open("w", encoding="utf-8")
        command = [sys.executable, "-m", "hengcang.config.cli", "serve", "--port", str(port)]
        with log, subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True) as process:
            try:
                address = f"http://127.0.0.1:{port}"
                wait_for(f"{address}/api/v1/auth/session", process)
                yield address
            finally:
                end(process)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Until the server answers."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended before it answered"
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"no answer at {address}")


def end(process: subprocess.Popen[bytes]) -> None:
    """The process and the workers it started."""
    for name in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, name)
            process.wait(timeout=10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
        return
