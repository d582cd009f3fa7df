"""Amounts in words, by the examples of 《正确填写票据和结算凭证的基本规定》 and the corners around them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from hengcang.core.words import amount_in_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("0.05", "伍分"),
        ("0", "零元整"),
        ("100000001", "壹亿零壹元整"),
        ("10000000", "壹仟万元整"),
        ("20305", "贰万零叁佰零伍元整"),
        ("-3.20", "负叁元贰角整"),
    ],
)
def test_an_amount_is_written_as_a_bank_accepts_it(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount)) == words


def test_half_a_cent_cannot_be_written() -> None:
    with pytest.raises(AssertionError):
        amount_in_words(Decimal("1.005"))
