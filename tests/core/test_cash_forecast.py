"""现金流 Habits, expected days, what was paid ahead, and balances, as pure functions."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from hengcang.core.cash_forecast import Expected, Habit, Owner, Step, expected_day, habit_of, set_off, steps

TODAY = date(2026, 3, 20)
OWNER = Owner(1, "customer", 0)


def claim(number: int, amount: int, day: int, owner: Owner = OWNER) -> Expected:
    """A debt expected on a day of March."""
    return Expected(owner, ("open", number), date(2026, 3, day), date(2026, 3, day), amount)


def test_the_habit_is_the_median_and_half_a_day_is_one() -> None:
    assert habit_of([]) == Habit(0, 0)
    assert habit_of([9]) == Habit(9, 1)
    assert habit_of([400, 9, -3]) == Habit(9, 3)
    assert habit_of([1, 2]) == Habit(2, 2)
    assert habit_of([-2, -1]) == Habit(-2, 2)


def test_what_should_have_come_by_now_is_expected_today() -> None:
    assert expected_day(date(2026, 3, 25), Habit(9, 3), TODAY) == date(2026, 4, 3)
    assert expected_day(date(2026, 3, 15), Habit(9, 3), TODAY) == date(2026, 3, 24)
    assert expected_day(date(2026, 3, 1), Habit(9, 3), TODAY) == TODAY
    assert expected_day(date(2026, 3, 25), Habit(-10, 3), TODAY) == TODAY


def test_what_was_paid_ahead_pays_the_first_and_never_more_than_there_is() -> None:
    other = Owner(1, "customer", 7)
    found = set_off([claim(1, 100, 25), claim(2, 60, 22), claim(3, 50, 28), claim(4, 40, 21, other)], {OWNER: -90})
    assert [(one.key[1], one.paid, one.left) for one in found] == [(4, 0, 40), (2, 60, 0), (1, 30, 70), (3, 0, 50)]
    supplier = Owner(2, "supplier", 0)
    paid = set_off([claim(1, -100, 25, supplier), claim(2, -60, 22, supplier)], {supplier: 500})
    assert [one.left for one in paid] == [0, 0]
    assert [one.left for one in set_off([claim(1, -100, 25, supplier)], {supplier: -30})] == [-100]


@given(st.lists(st.integers(1, 1000), max_size=6), st.integers(0, 5000))
def test_nothing_is_lost_or_made_by_setting_off(amounts: list[int], credit: int) -> None:
    found = set_off([claim(at, amount, 21) for at, amount in enumerate(amounts)], {OWNER: -credit})
    assert sum(one.paid for one in found) == min(credit, sum(amounts))
    assert all(0 <= one.paid <= one.amount for one in found)


def test_balances_follow_day_by_day_and_week_by_week() -> None:
    flows = [(TODAY, 100), (TODAY, -30), (date(2026, 3, 22), -500)]
    days = steps(50, flows, TODAY, date(2026, 3, 22), 1)
    assert days == [Step(TODAY, 100, 30, 120), Step(date(2026, 3, 21), 0, 0, 120), Step(date(2026, 3, 22), 0, 500, -380)]
    assert steps(50, flows, TODAY, date(2026, 3, 28), 7) == [Step(TODAY, 100, 530, -380), Step(date(2026, 3, 27), 0, 0, -380)]
