"""Clearing: which items give how much, and which debit meets which credit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hengcang.core.clearing import Claim, Pair, exceeds, pair, spread


def test_what_comes_first_gives_first_and_the_last_gives_the_rest() -> None:
    items = [Claim(1, 300), Claim(2, 200), Claim(3, 500)]
    assert spread(400, items) == [Claim(1, 300), Claim(2, 100)]
    assert spread(-400, [Claim(key, -amount) for key, amount in items]) == [Claim(1, -300), Claim(2, -100)]
    assert spread(0, items) == []


def test_items_of_the_other_sign_are_taken_whole_since_they_enlarge_what_can_be_taken() -> None:
    items = [Claim(1, 100), Claim(2, -30), Claim(3, 50)]
    assert spread(120, items) == [Claim(2, -30), Claim(1, 100), Claim(3, 50)]
    assert spread(10, items) == [Claim(2, -30), Claim(1, 40)]


def test_debits_meet_credits_in_the_order_given() -> None:
    claims = [Claim(1, 300), Claim(2, 200), Claim(3, -100), Claim(9, -400)]
    assert pair(claims) == [Pair(1, 3, 100), Pair(1, 9, 200), Pair(2, 9, 200)]
    assert pair([]) == []
    with pytest.raises(AssertionError):
        pair([Claim(1, 1)])


@pytest.mark.parametrize(
    ("amount", "open_amount", "wanted"), [(5, 5, False), (6, 5, True), (-5, -5, False), (-6, -5, True), (1, -5, True), (0, 5, False)]
)
def test_more_than_is_open_or_of_the_wrong_sign_exceeds(amount: int, open_amount: int, wanted: bool) -> None:
    assert exceeds(amount, open_amount) is wanted


@given(some.lists(some.integers(-1000, 1000), max_size=8), some.integers(-4000, 4000))
def test_what_is_spread_sums_to_the_amount_and_takes_of_no_item_more_than_it_has(amounts: list[int], amount: int) -> None:
    items = [Claim(key, value) for key, value in enumerate(amounts)]
    if exceeds(amount, sum(amounts)):
        return
    chosen = spread(amount, items)
    assert sum(claim.amount for claim in chosen) == amount
    for claim in chosen:
        assert claim.amount * amounts[claim.key] > 0 and abs(claim.amount) <= abs(amounts[claim.key])
    against = [*chosen, Claim(99, -amount)]
    pairs = pair(against)
    for key, value in against:
        met = sum(one.amount for one in pairs if one.debit == key) - sum(one.amount for one in pairs if one.credit == key)
        assert met == value
