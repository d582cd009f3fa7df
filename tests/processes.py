"""Real processes against a real database of their own: SQLite in a file, or a PostgreSQL database made for the purpose.

A database is copied from a migrated template, made once per test run. One Python process sets the product up and, for
every `run`, forks as many workers as asked for and lets every worker's clients act at once, a thread each. A job is a
function in `tests.faults.jobs`, named by its name; it gives JSON. The outcome of a client is its answer, the code of
its refusal, or the text of an error that no client should ever see.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
Job = tuple[str, dict[str, Any]]
_templates: dict[str, str] = {}


@dataclass
class Own:
    """A database of its own, the folder of its processes, and the process that forks them."""

    url: str
    home: str
    server: subprocess.Popen[str] | None = None

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A process of the product."""
        environment = {
            **os.environ,
            "DATABASE_URL": self.url,
            "HENGCANG_HOME": self.home,
            "HENGCANG_SECRET_KEY": "for-tests-only",
            "DJANGO_SETTINGS_MODULE": "hengcang.config.settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        }
        command = [sys.executable, "-m", "tests.faults.worker", *arguments]
        pipe = subprocess.PIPE
        with open(Path(self.home) / "errors.txt", "a", encoding="utf-8") as errors:
            return subprocess.Popen(command, env=environment, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=errors, text=True)

    @property
    def errors(self) -> str:
        """What the processes wrote to standard error."""
        return (Path(self.home) / "errors.txt").read_text(encoding="utf-8")

    def ask(self, request: dict[str, Any]) -> Any:
        """One request to the forking process."""
        if self.server is None:
            self.server = self.start("serve")
        assert self.server.stdin is not None and self.server.stdout is not None
        self.server.stdin.write(json.dumps(request) + "\n")
        self.server.stdin.flush()
        answer = self.server.stdout.readline()
        assert answer, self.errors[-3000:]
        return json.loads(answer)

    def run(self, jobs: Sequence[Job], processes: int = 1) -> list[dict[str, Any]]:
        """Run the jobs at once, shared out over the processes; the outcomes in the order of the jobs."""
        return list(self.ask({"jobs": jobs, "processes": processes}))

    def do(self, name: str, **arguments: Any) -> Any:
        """Run one job and give its answer."""
        (outcome,) = self.run([(name, arguments)])
        assert "answer" in outcome, outcome
        return outcome["answer"]

    def close(self) -> None:
        """End the forking process."""
        if self.server is not None:
            assert self.server.stdin is not None and self.server.stdout is not None
            self.server.stdin.close()
            self.server.wait(timeout=60)
            self.server.stdout.close()


@contextmanager
def own_database() -> Iterator[Own]:
    """A fresh, migrated database, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hengcang-proof-") as home:
        url = os.environ.get("DATABASE_URL", "")
        if url.startswith("postgres"):
            with postgresql(url, home) as made:
                yield from served(Own(made, home))
            return
        shutil.copyfile(sqlite_template(), Path(home) / "books.sqlite3")
        yield from served(Own(f"sqlite:///{home}/books.sqlite3", home))


def served(own: Own) -> Iterator[Own]:
    """The database while it is used."""
    try:
        yield own
    finally:
        own.close()


def sqlite_template() -> str:
    """The file of a migrated database, made at first use."""
    if "sqlite" not in _templates:
        home = tempfile.mkdtemp(prefix="hengcang-proof-template-")
        _templates["sqlite"] = f"{home}/books.sqlite3"
        migrate(Own(f"sqlite:///{_templates['sqlite']}", home))
    return _templates["sqlite"]


def migrate(own: Own) -> None:
    """Bring a database to the present schema."""
    process = own.start("migrate")
    process.communicate("", timeout=300)
    assert process.returncode == 0, own.errors[-3000:]


def with_name(url: str, name: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@contextmanager
def postgresql(url: str, home: str) -> Iterator[str]:
    """A database copied from the template, dropped afterwards."""
    name = f"hengcang_proof_{os.getpid()}_{os.urandom(4).hex()}"
    administer(url, f"CREATE DATABASE {name} TEMPLATE {postgresql_template(url, home)}")
    try:
        yield with_name(url, name)
    finally:
        administer(url, f"DROP DATABASE {name} WITH (FORCE)")


def postgresql_template(url: str, home: str) -> str:
    """The name of a migrated database, made at first use and dropped at the end of the test run."""
    import atexit

    if "postgresql" not in _templates:
        name = f"hengcang_proof_template_{os.getpid()}"
        administer(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
        atexit.register(administer, url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        migrate(Own(with_name(url, name), home))
        _templates["postgresql"] = name
    return _templates["postgresql"]


def administer(url: str, *statements: str) -> None:
    """Statements outside of any transaction, from the server's own database."""
    import psycopg

    with psycopg.connect(with_name(url, "postgres"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]
