"""金额案例 Worked cases of rounding and splitting."""

from __future__ import annotations

from decimal import Decimal

from hengcang.core.amounts import CENT, SCALE, cents, half_up, share, split, times, to_decimal, to_micro, to_text


def test_half_is_rounded_away_from_zero() -> None:
    assert [half_up(one, 2) for one in (1, -1, 3, -3, 4, -4)] == [1, -1, 2, -2, 2, -2]
    assert [half_up(one, 4) for one in (1, 2, 3, -1, -2, -3)] == [0, 1, 1, 0, -1, -1]
    assert half_up(1, -2) == -1
    assert half_up(0, 7) == 0


def test_amounts_are_rounded_to_the_cent() -> None:
    assert cents(10 * SCALE, 3) == 3_330_000
    assert cents(5_000) == CENT
    assert cents(4_999) == 0
    assert times(to_micro("2.5"), to_micro("1.01")) == to_micro("2.53")


def test_decimals_become_micro_and_come_back() -> None:
    assert to_micro("1.2345675") == 1_234_568
    assert to_micro(3) == 3 * SCALE
    assert to_decimal(2_500_000) == Decimal("2.5")
    assert str(to_decimal(0)) == "0"
    assert to_decimal(-1) == Decimal("-0.000001")


def test_the_whole_takes_the_value_and_a_part_its_share() -> None:
    assert share(10 * CENT, 3, 3) == 10 * CENT
    assert share(10 * CENT, 1, 3) == 3 * CENT
    assert share(7, 5, 5) == 7


def test_micro_units_as_text_bear_no_needless_zeros() -> None:
    texts = {0: "0", SCALE: "1", 100 * SCALE: "100", -SCALE: "-1", 2_500_000: "2.5", -CENT: "-0.01", -2_500_000: "-2.5", 1: "0.000001"}
    assert {micro: to_text(micro) for micro in texts} == texts


def test_a_split_of_a_loss_mirrors_that_of_a_gain() -> None:
    for weights in ([1, 1, 1], [2, 3, 3, 1], [3, 0, 1], [5]):
        assert [-part for part in split(-100 * CENT, weights)] == split(100 * CENT, weights)


def test_a_split_loses_nothing_and_the_last_of_the_largest_bears_the_rest() -> None:
    assert split(100 * CENT, [1, 1, 1]) == [33 * CENT, 33 * CENT, 34 * CENT]
    assert split(100 * CENT, [2, 3, 3, 1]) == [22 * CENT, 33 * CENT, 34 * CENT, 11 * CENT]
    assert split(100 * CENT, [3, 1]) == [75 * CENT, 25 * CENT]
    assert split(100 * CENT, [1, -3, 1]) == [-100 * CENT, 300 * CENT, -100 * CENT]
    assert split(5 * CENT, [0, 0]) == [0, 5 * CENT]
    assert split(5 * CENT, []) == []
