"""全月一次案例 Worked cases of months valued as a whole."""

from __future__ import annotations

from datetime import date

from hengcang.core.costing_months import month_of
from tests.core.cases import (
    AT_COST,
    COST_OF,
    END_OF_FEBRUARY,
    END_OF_JANUARY,
    JANUARY,
    MONTHLY,
    MOVING_AVERAGE,
    SUM_OF,
    A,
    B,
    holding,
    issue,
    money,
    month,
    move,
    receipt,
    replay,
    values,
)


def test_a_return_of_a_delivery_of_an_earlier_month_comes_in_at_that_deliverys_cost() -> None:
    moves = [*month(), move(8, JANUARY + 45, 2, None, A, COST_OF, named=2)]
    answer = replay(moves, MONTHLY, run_through=END_OF_FEBRUARY)
    assert values(answer)[8] == 30
    assert answer.averages[A][1] == (END_OF_FEBRUARY, money(19), money(345))


def test_the_month_of_december_ends_with_the_year() -> None:
    first, last = month_of(date(2024, 12, 15).toordinal())
    assert (date.fromordinal(first), date.fromordinal(last)) == (date(2024, 12, 1), date(2024, 12, 31))
    assert month_of(JANUARY + 15) == (JANUARY, END_OF_JANUARY)


def test_before_any_run_monthly_issues_stand_at_the_pools_current_rate() -> None:
    answer = replay(month(), MONTHLY)
    assert [values(answer)[one] for one in (2, 4, 5, 7)] == [100, 30, 53.08, 106.04]


def test_a_run_month_values_every_issue_at_the_average_of_the_month() -> None:
    answer = replay(month(), MONTHLY, run_through=END_OF_JANUARY)
    assert [values(answer)[one] for one in (2, 4)] == [150, 45]
    assert answer.averages == {A: [(END_OF_JANUARY, money(20), money(300))]}
    assert [values(answer)[one] for one in (5, 7)] == [45, 75]
    assert answer.pools[A].average == (money(20), money(300))


def test_the_next_run_replaces_provisional_costs_and_closes_exactly() -> None:
    answer = replay(month(), MONTHLY, run_through=END_OF_FEBRUARY)
    assert [values(answer)[one] for one in (5, 7)] == [55.59, 92.65]
    assert holding(answer, A) == (9, 166.76)


def test_a_kit_taken_apart_in_the_month_it_was_built_does_not_move_the_average() -> None:
    moves = [
        receipt(1, JANUARY, 10, 100),
        move(2, JANUARY + 1, 4, A, None, AT_COST, group=1, sequence=2),
        move(3, JANUARY + 1, 1, None, B, SUM_OF, group=1, given=6, sequence=2),
        move(4, JANUARY + 2, 1, B, None, AT_COST, group=2, sequence=3),
        move(5, JANUARY + 2, 4, None, A, SUM_OF, group=2, sequence=3),
        issue(6, JANUARY + 3, 2),
    ]
    answer = replay(moves, MONTHLY, MOVING_AVERAGE, run_through=END_OF_JANUARY)
    assert values(answer) == {1: 100, 2: 40, 3: 46, 4: 46, 5: 46, 6: 20}
    assert answer.variances == {5: money(6)}
    assert holding(answer, A) == (8, 80)
    assert answer.pools[A].average == (money(10), money(100))


def test_a_month_that_closes_negative_stays_provisional() -> None:
    moves = [receipt(1, JANUARY, 2, 20), issue(2, JANUARY + 1, 3), receipt(3, JANUARY + 32, 5, 60)]
    answer = replay(moves, MONTHLY, run_through=END_OF_JANUARY)
    assert answer.averages == {A: []}
    assert values(answer) == {1: 20, 2: 20 + 12, 3: 60}


def test_provisional_monthly_issues_never_take_more_than_the_pool_has() -> None:
    moves = [receipt(1, JANUARY, 1, 100), issue(2, JANUARY + 1, 1), receipt(3, JANUARY + 40, 4, 40)]
    answer = replay([*moves, issue(4, JANUARY + 41, 2)], MONTHLY, run_through=END_OF_JANUARY)
    assert values(answer)[4] == 20
