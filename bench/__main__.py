"""`python -m bench [--database sqlite|postgresql|both] [--moves N] [--only NAME ...] [--flat]`: one process per database.

Each figure is a ratio: ours ÷ hand-written limit, median over interleaved rounds. Absolute times are shown beside it and
mean little on a shared machine. `--flat` posts into books of a thousand moves and into books of `--moves`, three times in
turn, and tells how much more the latter costs.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
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
    parser.add_argument("--flat", action="store_true", help="比较一千条移动与 --moves 条移动时的记账成本")
    chosen = parser.parse_args()
    databases = ["sqlite", "postgresql"] if chosen.database == "both" else [chosen.database]
    if chosen.flat:
        return max(flat(database, chosen.moves) for database in databases)
    return max(run(database, chosen.moves, chosen.only) for database in databases)


def run(database: str, moves: int, only: list[str], figures: str = "") -> int:
    """One process that builds the books and works in them; gives its exit code. Appends its figures to a file when named."""
    with tempfile.TemporaryDirectory(prefix="hengcang-bench-") as home:
        url = "" if database == "sqlite" else fresh_postgres("hengcang_bench")
        environment = {**os.environ, "HENGCANG_HOME": home, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "hengcang.config.settings"}
        command = [sys.executable, "-m", "bench.run", "--moves", str(moves), "--figures", figures, "--only", *only]
        return subprocess.run(command, env=environment, check=False).returncode


def flat(database: str, moves: int) -> int:
    """规模 What posting costs in large books against small ones: the median of three pairs, as a ratio."""
    growth: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory(prefix="hengcang-flat-") as folder:
        for turn in range(3):
            seconds = []
            for size in (1_000, moves):
                file = f"{folder}/{turn}-{size}"
                code = run(database, size, ["入库", "出库"], file)
                if code:
                    return code
                with open(file, encoding="utf-8") as lines:
                    seconds.append(dict(json.loads(line) for line in lines))
            for name, small in seconds[0].items():
                large = seconds[1][name]
                growth.setdefault(name, []).append((large[0] / small[0], large[1] / small[1]))
    for name, ratios in growth.items():
        ours, limit = (statistics.median(side) for side in zip(*ratios, strict=True))
        print(f"{database} {name}：{moves} 条移动时为一千条时的 {ours:.2f} 倍（手写 {limit:.2f} 倍）")
    return 0


if __name__ == "__main__":
    sys.exit(main())
