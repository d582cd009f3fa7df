"""报表用的数 Numbers that several reports share: percentages, and what a sentence says."""

from __future__ import annotations

from hengcang.analytics.report import percent, told
from hengcang.core.amounts import SCALE


def test_a_percentage_is_rounded_half_up_and_nothing_has_none() -> None:
    assert (percent(2, 3), percent(2, 3, 2), percent(1, 2000), percent(-1, 2000), percent(0, 5)) == ("66.7", "66.67", "0.1", "-0.1", "0.0")
    assert percent(0, 0) is None


def test_a_sentence_says_a_number_with_thousands_and_without_needless_zeros() -> None:
    assert [told(amount) for amount in (0, SCALE // 2, 999 * SCALE, 1_000 * SCALE, -1_234_567 * SCALE - 500_000)] == [
        *("0", "0.5", "999", "1,000"),
        "-1,234,567.5",
    ]
