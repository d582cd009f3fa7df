"""`python -m bench [--database sqlite|postgresql|both] [--moves N] [--only NAME ...]`: one process per database.

Each figure is a ratio: ours ÷ hand-written limit, median over interleaved rounds. Absolute times are shown beside it and
mean little on a shared machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile

POSTGRES = os.environ.get("HENGCANG_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


def fresh_postgres(name: str) -> str:
    """A new database on the test server; gives its URL."""
    import psycopg

    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return POSTGRES.rsplit("/", 1)[0] + "/" + name


def main() -> int:
    """Run the chosen workloads on the chosen databases."""
    parser = argparse.ArgumentParser(prog="bench", description="基准：与手写 SQL 的比值")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--moves", type=int, default=100_000, help="台账中的移动数")
    parser.add_argument("--only", nargs="*", default=[])
    chosen = parser.parse_args()
    databases = ["sqlite", "postgresql"] if chosen.database == "both" else [chosen.database]
    worst = 0
    for database in databases:
        with tempfile.TemporaryDirectory(prefix="hengcang-bench-") as home:
            url = "" if database == "sqlite" else fresh_postgres("hengcang_bench")
            environment = {**os.environ, "HENGCANG_HOME": home, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "hengcang.config.settings"}
            command = [sys.executable, "-m", "bench.run", "--moves", str(chosen.moves), "--only", *chosen.only]
            worst = max(worst, subprocess.run(command, env=environment, check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
