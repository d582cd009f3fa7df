"""可承诺量 What can be promised day by day, and on which day a line is met: exact cases, and a slow way that must agree."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from hengcang.core.promising import Day, earliest, projected

TODAY = date(2026, 3, 2)


def at(number: int) -> date:
    return date(2026, 3, number)


def test_a_day_promises_no_more_than_every_later_day_can_spare() -> None:
    found = projected(10, [(at(8), 5), (at(1), 2)], [(at(5), 6), (at(10), 8)], TODAY)
    assert found == [
        Day(at(2), 2, 0, 12, 3),
        Day(at(5), 0, 6, 6, 3),
        Day(at(8), 5, 0, 11, 3),
        Day(at(10), 0, 8, 3, 3),
    ]
    short = projected(1, [(at(9), 4)], [(at(4), 3)], TODAY)
    assert [(one.projected, one.promise) for one in short] == [(1, 0), (-2, 0), (2, 2)]


def test_lines_are_met_in_the_order_in_which_they_were_promised() -> None:
    supply = [(at(8), 5), (at(12), 3)]
    assert earliest(10, supply, [(1, 6), (3, 2), (2, 8), (4, 50)], TODAY) == {1: at(2), 3: at(2), 2: at(12), 4: None}
    assert earliest(10, supply, [(1, 4), (2, 9), (1, 2)], TODAY) == {1: at(8), 2: at(8)}
    assert earliest(-3, [(at(1), 5)], [(1, 2)], TODAY) == {1: at(2)}


def test_the_day_of_a_line_is_the_first_on_which_all_before_it_and_itself_are_there() -> None:
    for seed in range(200):
        rng = Random(seed)
        on_hand = rng.randint(-3, 9)
        supply = [(TODAY + timedelta(days=rng.randint(-2, 9)), rng.randint(1, 6)) for _ in range(rng.randint(0, 5))]
        demand = [(key, rng.randint(1, 5)) for key in range(rng.randint(0, 6))]
        wanted = 0
        expected: dict[int, date | None] = {}
        for key, quantity in demand:
            wanted += quantity
            days = (TODAY + timedelta(days=more) for more in range(12))
            met = (day for day in days if on_hand + sum(come for due, come in supply if due <= day) >= wanted)
            expected[key] = next(met, None)
        assert earliest(on_hand, supply, demand, TODAY) == expected, seed
