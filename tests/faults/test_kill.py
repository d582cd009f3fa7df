"""Kill -9 in the middle of posting loops: what was acknowledged is there, what was not is whole or absent (I-50).

Five times in the usual run; HENGCANG_KILLS says how many times in the full one.
"""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.processes import Own, own_database

pytestmark = pytest.mark.processes
KILLS = int(os.environ.get("HENGCANG_KILLS", "5"))
LOOPS = 3
# Then a fresh database: every act is back-dated before others, so that histories (and replays) grow fast.
KILLS_OF_ONE_DATABASE = 10
STATES = {"draft": "draft", "post": "posted", "unpost": "draft"}
FOLLOWS = {("draft", "draft"), ("draft", "posted"), ("posted", "posted"), ("posted", "draft")}


def told(path: Path) -> list[tuple[int, str]]:
    """What a loop was told was done: document and state, in order; a line that was cut off counts for nothing."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = [line.split() for line in text.splitlines(keepends=True) if line.endswith("\n")]
    return [(int(document), STATES[name]) for name, document in lines]


def killed_loops(own: Own, turn: int, chance: random.Random) -> list[list[tuple[int, str]]]:
    """Start posting loops, kill them at some moment after each has done something, and give what each was told."""
    paths = [Path(own.home) / f"told-{turn}-{at}.txt" for at in range(LOOPS)]
    processes = own.ask({"loops": [str(path) for path in paths]})
    until = time.monotonic() + 60
    while not all(len(told(path)) >= 2 for path in paths):
        assert time.monotonic() < until, own.errors[-3000:]
        time.sleep(0.01)
    time.sleep(chance.uniform(0.0, 0.3))
    for process in processes:
        os.kill(process, signal.SIGKILL)
    assert own.ask({"ended": processes}) == [signal.SIGKILL] * LOOPS, own.errors[-3000:]
    return [told(path) for path in paths]


def kills_of_one_database(turns: range, chance: random.Random) -> int:
    """Kill loops again and again on one database, looking at the books after each time; gives the acknowledged acts."""
    acts = 0
    acknowledged: dict[int, str] = {}
    with own_database() as own:
        own.do("found", stock={"M6": "1000", "M8": "1000", "M10": "1000"})
        for turn in turns:
            histories = killed_loops(own, turn, chance)
            acts += sum(len(history) for history in histories)
            for history in histories:
                acknowledged.update(history)
            in_flight = {history[-1][0] for history in histories}
            books = own.do("look")
            assert books["faults"] == []
            states = {int(document): state for document, state in books["states"].items()}
            for document, state in acknowledged.items():
                assert document in states, f"document {document} was acknowledged and is gone"
                allowed = FOLLOWS if document in in_flight else {(state, state)}
                assert (state, states[document]) in allowed, f"document {document} was acknowledged as {state}"
            acknowledged.update({document: states[document] for document in in_flight})
        assert "Traceback" not in own.errors, own.errors[-3000:]
    return acts


def test_what_was_acknowledged_survives_and_the_rest_is_whole_or_absent() -> None:
    chance = random.Random(20261124)
    acts = 0
    for first in range(0, KILLS, KILLS_OF_ONE_DATABASE):
        acts += kills_of_one_database(range(first, min(first + KILLS_OF_ONE_DATABASE, KILLS)), chance)
    print(f"{KILLS} kills, {acts} acknowledged acts")
    assert acts >= 2 * LOOPS * KILLS
