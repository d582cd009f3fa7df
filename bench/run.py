"""一个数据库上的全部工作负载 Every workload on one database; started by `python -m bench` with the environment set."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from typing import Any

import django
import orjson

import hengcang.config.settings  # substitutes the SQLite library before Django's back end loads

django.setup()

from django.db import connection, transaction

from bench import limits, same, world
from bench.measure import Figure, compare, timed
from bench.serials import serials_workload
from bench.world import MICRO, World
from hengcang.analytics import stock_on_hand, stock_summary
from hengcang.analytics.report import Report
from hengcang.base import clock
from hengcang.documents import drafts, services
from hengcang.meta import query, registry
from hengcang.meta.dataset import dataset_of

assert hengcang.config.settings.HOME
chance = random.Random(11)
ROUNDS = 40


def draft(made: World, name: str, items: list[int], on: date, quantity: str = "1", price: str = "10") -> int:
    """A draft of those items in the first warehouse."""
    receipt = name == "purchase_receipt"
    raw = {
        "document_date": on.isoformat(),
        "party": made.supplier if receipt else made.customer,
        "target_place" if receipt else "source_place": made.places[0],
        "goods_lines": [{"item": item, "quantity": quantity, "unit_price_net": price} for item in items],
    }
    return int(drafts.create(made.viewer, registry.document(name), raw)["document"])


def post(made: World, name: str, document: int) -> None:
    """Post it through the service."""
    services.transition(made.viewer, registry.document(name), services.Order(document, "post"))


def stocked(made: World) -> list[int]:
    """Items of which the first warehouse holds enough for every round."""
    from hengcang.base import bulk

    enough = 3 * ROUNDS * MICRO
    found = bulk.fetch("SELECT item_id FROM ledger_stockbalance WHERE place_id=%s AND quantity<%s", [made.places[0], enough])
    poor = {row[0] for row in found}
    rich = [item for item in made.items if item not in poor]
    return rich if len(rich) >= 40 else made.items


def post_workload(made: World, name: str, kind: str) -> Callable[[], Figure]:
    """Posting a draft of ten lines; the limit leaves the same rows, the bare minimum writes header and lines too."""

    def run() -> Figure:
        today = world.FIRST_DAY + timedelta(days=world.DAYS + 5)
        items = stocked(made) if kind == "delivery" else made.items
        waiting = iter([draft(made, name, chance.sample(items, 10), today) for _ in range(2 * ROUNDS + 2)])
        party = made.supplier if kind == "receipt" else made.customer
        return compare(
            f"审核 10 行{registry.document(name).label}",
            lambda: post(made, name, next(waiting)),
            lambda: same.post(made, same.kind_of(name), next(waiting), today),
            ROUNDS,
            lambda: limits.post(kind, party, made.places[0], chance.sample(items, 10), MICRO),
        )

    return run


def entry_workload(made: World) -> Figure:
    """Draft and posting together: all that a clerk's one receipt costs the server."""
    today = world.FIRST_DAY + timedelta(days=world.DAYS + 5)

    def ours() -> None:
        post(made, "purchase_receipt", draft(made, "purchase_receipt", chance.sample(made.items, 10), today))

    def limit() -> None:
        with transaction.atomic():
            document = limits.draft(made, chance.sample(made.items, 10), today)
        same.post(made, same.RECEIPT, document, today)

    def bare() -> None:
        limits.post("receipt", made.supplier, made.places[0], chance.sample(made.items, 10), MICRO)

    return compare("录入并审核 10 行采购入库单", ours, limit, ROUNDS, bare)


def worker_ours(arguments: tuple[World, list[int]]) -> float:
    """One process of the many: posts its drafts; gives its seconds."""
    made, waiting = arguments
    return timed(lambda: [post(made, "purchase_receipt", document) for document in waiting])


def worker_same(arguments: tuple[World, list[int]]) -> float:
    """One process of the limit that leaves the same rows."""
    made, waiting = arguments
    today = world.FIRST_DAY + timedelta(days=world.DAYS + 6)
    return timed(lambda: [same.post(made, same.RECEIPT, document, today) for document in waiting])


def worker_limit(arguments: tuple[World, int]) -> float:
    """One process of the bare minimum."""
    made, count = arguments
    own = random.Random(os.getpid())
    return timed(lambda: [limits.post("receipt", made.supplier, made.places[0], own.sample(made.items, 10), MICRO) for _ in range(count)])


def receipt_draft(made: World, on: date) -> int:
    """A draft receipt of ten items."""
    return draft(made, "purchase_receipt", chance.sample(made.items, 10), on)


def parallel_workload(made: World) -> Figure:
    """Four processes post receipts at once, on the same two thousand items; seconds per document of all together."""
    today = world.FIRST_DAY + timedelta(days=world.DAYS + 6)
    processes, each, rounds = 4, 15, 3
    ours, limit, bare = [], [], []

    def jobs() -> list[tuple[World, list[int]]]:
        return [(made, [receipt_draft(made, today) for _ in range(each)]) for _ in range(processes)]

    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:

        def seconds(act: Callable[[Any], float], work: list[Any]) -> float:
            connection.close()
            start = time.perf_counter()
            list(pool.map(act, work))
            return (time.perf_counter() - start) / (processes * each)

        list(pool.map(worker_limit, [(made, 1)] * processes))
        for _ in range(rounds):
            ours.append(seconds(worker_ours, jobs()))
            limit.append(seconds(worker_same, jobs()))
            bare.append(seconds(worker_limit, [(made, each)] * processes))
    return Figure("审核 10 行采购入库单，4 个进程", ours, limit, bare)


def read_workloads(made: World) -> list[tuple[str, Callable[[], Figure]]]:
    """Reports and lists."""
    past = world.FIRST_DAY + timedelta(days=world.DAYS // 2 + 9)
    month = (past.replace(day=1), (past.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1))
    receipts = dataset_of(registry.document("purchase_receipt"))
    asked = query.Query(columns=("number", "document_date", "party", "amount_gross"), sort=("-document_date",), limit=50)
    by: dict[str, Any] = {"by": "place"}
    span = {"date_from": month[0], "date_to": month[1]}

    def report(name: str, ours: Callable[[], Report], limit: Callable[[], list[Any]], words: int, numbers: tuple[str, ...]) -> Figure:
        """Both to the last byte; the bare minimum leaves its rows as tuples."""
        return compare(name, lambda: answer(ours()), lambda: limits.as_report(limit(), words, numbers), 10, limit)

    def at(day: date) -> Callable[[], list[Any]]:
        return lambda: limits.on_hand_at(day)

    return [
        ("库存查询", lambda: report("库存查询（全部）", lambda: stock_on_hand.run(made.viewer, by), limits.on_hand, 9, limits.ON_HAND)),
        ("某日库存", lambda: report("某日库存", lambda: stock_on_hand.run(made.viewer, {**by, "day": past}), at(past), 9, limits.ON_HAND)),
        (
            "汇总表",
            lambda: report(
                "进销存汇总表（一个月）",
                lambda: stock_summary.run(made.viewer, span),
                lambda: limits.summary(*month),
                7,
                stock_summary.NUMBERS,
            ),
        ),
        (
            "列表",
            lambda: compare(
                "列表首页（50 行）",
                lambda: orjson.dumps(query.run(receipts, asked, made.viewer).rows, default=str),
                lambda: limits.as_page(limits.newest()),
                30,
                limits.newest,
            ),
        ),
    ]


def answer(report: Report) -> bytes:
    """A report as the browser gets it."""
    return orjson.dumps({"rows": list(report.rows), "totals": report.totals}, default=str)


def replay_workload(made: World, later: int) -> Figure:
    """A receipt dated before `later` moves of one item; the limit is one integer pass and one write."""
    item = made.items[0]
    history(made, item, later)
    at = world.FIRST_DAY + timedelta(days=world.DAYS + 20)
    ours, limit = [], []
    for _ in range(3):
        document = draft(made, "purchase_receipt", [item], at, "100", "11")
        ours.append(timed(lambda document=document: post(made, "purchase_receipt", document)))  # type: ignore[misc]
        limit.append(timed(lambda: limits.replay(item, at.toordinal())))
    return Figure(f"补录入库，其后 {later} 条移动", ours, limit)


written = itertools.count(1)


def history(made: World, item: int, later: int) -> None:
    """`later` moves of one item after the day of the back-dated receipt, written straight, valued at 10.00."""
    from hengcang.base import bulk

    base = world.FIRST_DAY + timedelta(days=world.DAYS + 30)
    pool = bulk.fetch("SELECT id FROM ledger_costpool WHERE item_id=%s", [item])[0][0]
    have = bulk.fetch(
        "SELECT COUNT(*) FROM ledger_stockmove WHERE item_id=%s AND day>=%s AND corrects_id IS NULL", [item, base.toordinal()]
    )
    missing = later - have[0][0]
    now = bulk.instant(clock.now())
    first = {name: bulk.fetch(f"SELECT COALESCE(MAX(id),0)+1 FROM {name}")[0][0] for name in ("records_document", "records_goodsline")}
    sequence = bulk.fetch("SELECT COALESCE(MAX(id),0)+1 FROM ledger_posting")[0][0]
    move_id = bulk.fetch("SELECT COALESCE(MAX(id),0)+1 FROM ledger_stockmove")[0][0]
    documents, lines, postings, rows, limit_rows = [], [], [], [], []
    for at in range(max(missing, 0)):
        receipt = at % 2 == 0
        day = base + timedelta(days=next(written) * 300 // 110_000)
        document, line = first["records_document"] + at, first["records_goodsline"] + at
        header = world.document_row(made, document, day, receipt=receipt, now=now, place=made.places[0])
        documents.append(header)
        postings.append((sequence + at, document, 0, "post", now, made.viewer.user_id))
        lines.append(world.line_row(made, line, document, 1, item, made.places[0], 10 * MICRO, receipt=receipt))
        row = list(world.move_row(made, line, document, item, made.places[0], pool, 10 * MICRO, day, receipt=receipt))
        row[0], row[1], row[17] = move_id + at, sequence + at, sequence + at
        rows.append(tuple(row))
        sign = 1 if receipt else -1
        limit_rows.append((document, item, made.places[0], day.toordinal(), sign * 10 * MICRO, sign * 100 * MICRO))
    world.write(documents, lines, postings, rows)  # type: ignore[arg-type]
    bulk.insert_rows("lim_move", ("document", "item", "place", "day", "quantity", "value"), limit_rows)
    if rows:
        last = rows[-1]
        for table, condition in (
            ("ledger_costpool", f"id={pool}"),
            ("ledger_stockbalance", f"item_id={item} AND place_id={made.places[0]}"),
        ):
            bulk.execute(f"UPDATE {table} SET last_day=%s, last_sequence=%s WHERE {condition}", [last[16], last[17]])
    world.refresh_statistics()


def worker_waits(arguments: tuple[World, list[int]]) -> list[float]:
    """One of the seven: seconds of each of its postings."""
    made, waiting = arguments
    return [timed(lambda document=document: post(made, "purchase_receipt", document)) for document in waiting]  # type: ignore[misc]


def crowd_workload(made: World, later: int) -> str:
    """Seven users post receipts of other items while an eighth posts a receipt before `later` moves; their waits."""
    item, others = made.items[0], made.items[1:]
    history(made, item, later)
    today = world.FIRST_DAY + timedelta(days=world.DAYS + 6)
    at = world.FIRST_DAY + timedelta(days=world.DAYS + 20)
    jobs = [(made, [draft(made, "purchase_receipt", chance.sample(others, 10), today) for _ in range(25)]) for _ in range(7)]
    big = (made, [draft(made, "purchase_receipt", [item], at, "100", "11")])
    connection.close()
    with ProcessPoolExecutor(8, mp_context=get_context("spawn")) as pool:
        list(pool.map(worker_limit, [(made, 1)] * 8))
        replay = pool.submit(worker_waits, big)
        waits = sorted(wait for job in [pool.submit(worker_waits, one) for one in jobs] for wait in job.result())
        length = replay.result()[0]
    middle, high = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    return (
        f"7 人审核入库，同时第 8 人补录（其后 {later} 条）：中位 {middle * 1000:.0f} ms，p99 {high * 1000:.0f} ms，"
        f"最长 {waits[-1] * 1000:.0f} ms；补录本身 {length * 1000:.0f} ms"
    )


def main() -> int:
    """Build, run, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--moves", type=int, default=100_000)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--figures", default="")
    chosen = parser.parse_args()
    start = time.perf_counter()
    made = world.build(chosen.moves)
    limits.prepare(made)
    world.refresh_statistics()
    print(f"\n── {connection.vendor}：{chosen.moves} 条移动，{len(made.items)} 个商品，备料 {time.perf_counter() - start:.0f} 秒 ──")
    print(f"{'工作':<32} {'衡仓':>11} {'手写':>13} {'比值':>9}")
    workloads: list[tuple[str, Callable[[], Figure]]] = [
        ("入库", post_workload(made, "purchase_receipt", "receipt")),
        ("出库", post_workload(made, "sales_delivery", "delivery")),
        ("录入", lambda: entry_workload(made)),
        ("并行", lambda: parallel_workload(made)),
        *read_workloads(made),
        *((f"重算{later}", lambda later=later: replay_workload(made, later)) for later in (1_000, 10_000, 100_000)),  # type: ignore[misc]
    ]
    for name, workload in workloads:
        if not chosen.only or any(name.startswith(one) for one in chosen.only):
            figure = workload()
            print(figure.line(), flush=True)
            if chosen.figures:
                with open(chosen.figures, "a", encoding="utf-8") as file:
                    file.write(json.dumps([figure.name, [statistics.median(figure.ours), statistics.median(figure.limit)]]) + "\n")
    if not chosen.only or "众人" in chosen.only:
        print(crowd_workload(made, 100_000), flush=True)
    if not chosen.only or "序列号" in chosen.only:
        print(*serials_workload(made), sep="\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
