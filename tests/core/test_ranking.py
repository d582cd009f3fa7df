"""ABC 分类 Bounds, ties and what made nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hengcang.core.ranking import ranked


def test_the_one_that_crosses_a_bound_is_of_the_better_class() -> None:
    found = ranked({1: 50, 2: 10, 3: 35, 4: 5, 5: 0}, 80, 95)
    assert [(one.key, one.rank, one.through) for one in found] == [(1, "A", 50), (3, "A", 85), (2, "B", 95), (4, "C", 100), (5, "C", 100)]


def test_nothing_is_all_c_and_what_came_back_counts_for_nothing() -> None:
    assert {one.rank for one in ranked({1: 0, 2: -5}, 80, 95)} == {"C"}
    assert ranked({}, 80, 95) == []
    assert [(one.key, one.amount, one.rank) for one in ranked({1: 10, 2: -5}, 80, 95)] == [(1, 10, "A"), (2, 0, "C")]


@given(st.dictionaries(st.integers(1, 50), st.integers(-100, 10**12)), st.integers(1, 100), st.integers(0, 99))
def test_classes_never_improve_down_the_list_and_a_makes_at_least_its_bound(amounts: dict[int, int], first: int, more: int) -> None:
    second = min(first + more, 100)
    found = ranked(amounts, first, second)
    assert [one.rank for one in found] == sorted(one.rank for one in found)
    whole = sum(one.amount for one in found)
    made = sum(one.amount for one in found if one.rank == "A")
    assert made * 100 >= first * whole
    a = [one for one in found if one.rank == "A"]
    assert not a or (made - a[-1].amount) * 100 < first * whole
