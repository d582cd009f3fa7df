"""辅助数量案例 Worked cases of second quantities."""

from __future__ import annotations

from decimal import Decimal as D

from hengcang.core.seconds import Leg, misfit, open_part, settle, spread, suggested

A, B = 1, 2


def test_the_usual_ratio_suggests_whole_heads_half_up_and_never_none() -> None:
    assert suggested(D("25.3"), D("2.5"), 0) == D(10)
    assert suggested(D("26.25"), D("2.5"), 0) == D(11)
    assert suggested(D("0.3"), D("2.5"), 0) == D(1)
    assert suggested(D("0.3"), D("2.5"), 2) == D("0.12")
    assert suggested(D(-25), D("2.5"), 0) == D(-10)
    assert suggested(D(0), D("2.5"), 0) == D(0)
    assert suggested(D(25), None, 0) is None


def test_a_second_quantity_has_the_sign_and_the_decimals_and_is_zero_only_with_the_quantity() -> None:
    assert misfit(D(25), D(10), 0) == ""
    assert misfit(D(25), D("10.5"), 0) == "辅助单位没有小数"
    assert misfit(D(25), D("10.255"), 2) == "辅助单位最多 2 位小数"
    assert misfit(D(25), D(-10), 0) == "应与数量同号"
    assert misfit(D(25), D(0), 0) == "数量不为 0，辅助数量也不能为 0"
    assert misfit(D(0), D(1), 0) == "数量为 0，辅助数量也应为 0"


def test_a_part_takes_its_share_and_the_last_part_what_is_left() -> None:
    assert open_part(D(10), D("25.3"), D(8), 0) == D(3)
    assert open_part(D(7), D("17.3"), D("17.3"), 0) == D(7)
    assert open_part(D(1), D("17.3"), D("0.1"), 0) is None
    assert open_part(D(0), D("17.3"), D("17.3"), 0) is None


def test_a_line_of_several_moves_gives_each_its_share_and_the_last_the_rest() -> None:
    assert spread(D(10), D(25), [D(8), D(8), D(9)], 0) == [D(3), D(3), D(4)]
    assert spread(D(10), D(25), [D(10)], 0) == [D(4)]
    assert spread(D(0), D(0), [D(0)], 0) == [D(0)]


def test_what_empties_a_place_takes_what_is_left_there() -> None:
    assert settle([Leg(A, None, 3), Leg(A, None, 3)], {A: 7}, {A}) == [3, 4]
    assert settle([Leg(A, None, 3)], {A: 7}, ()) == [3]
    assert settle([Leg(None, A, 3)], {A: -4}, {A}) == [4]


def test_of_several_moves_the_one_that_leaves_us_takes_the_rest_before_a_transfer() -> None:
    assert settle([Leg(A, None, 3), Leg(A, B, 3)], {A: 7, B: 0}, {A}) == [4, 3]
    assert settle([Leg(A, B, 3)], {A: 4, B: 1}, {A}) == [4]
    assert settle([Leg(A, B, 3), Leg(B, None, 5)], {A: 4, B: 1}, {A, B}) == [4, 5]


def test_what_moves_between_empty_places_cannot_settle_stays_for_a_count() -> None:
    assert settle([Leg(A, B, 4)], {A: 4, B: -3}, {A, B}) in ([4], [3])
