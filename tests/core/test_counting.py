"""盘点案例 Worked cases of stock counts."""

from __future__ import annotations

from hengcang.core.counting import Count, count_corrections, count_difference
from hengcang.core.stock import Delta

FIRST, SECOND = Count(move=11, key=1, day=10, sequence=5), Count(move=12, key=1, day=20, sequence=9)


def test_a_count_below_the_book_is_a_loss_and_one_above_it_a_gain() -> None:
    assert count_difference(100, 98) == 2
    assert count_difference(100, 103) == -3
    assert count_difference(100, 100) == 0


def test_an_entry_before_a_count_is_taken_up_by_it() -> None:
    assert count_corrections([FIRST], [Delta(1, 8, 30, 5)]) == {11: 5}
    assert count_corrections([FIRST], [Delta(1, 8, 30, -5)]) == {11: -5}


def test_an_entry_behind_a_count_does_not_touch_it() -> None:
    assert count_corrections([FIRST], [Delta(1, 11, 1, 5)]) == {}


def test_on_the_day_of_the_count_the_order_of_entry_decides() -> None:
    assert count_corrections([FIRST], [Delta(1, 10, 4, 5)]) == {11: 5}
    assert count_corrections([FIRST], [Delta(1, 10, 6, 5)]) == {}
    assert count_corrections([FIRST], [Delta(1, 10, 5, 5)]) == {}


def test_only_the_first_count_after_an_entry_takes_it_up() -> None:
    assert count_corrections([SECOND, FIRST], [Delta(1, 8, 30, 5)]) == {11: 5}
    assert count_corrections([SECOND, FIRST], [Delta(1, 15, 30, 5)]) == {12: 5}


def test_entries_add_up_and_those_that_cancel_leave_no_correction() -> None:
    assert count_corrections([FIRST], [Delta(1, 8, 30, 5), Delta(1, 9, 31, 2)]) == {11: 7}
    assert count_corrections([FIRST], [Delta(1, 8, 30, 5), Delta(1, 9, 31, -5)]) == {}


def test_other_keys_are_left_alone() -> None:
    assert count_corrections([FIRST], [Delta(2, 8, 30, 5)]) == {}
