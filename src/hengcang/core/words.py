"""大写金额 Amounts in words, as 《正确填写票据和结算凭证的基本规定》 (支付结算办法附一) asks for on vouchers."""

from __future__ import annotations

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "兆")


def group_words(number: int) -> str:
    """A group of four digits; a zero between digits is said once, zeros at the end are not."""
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + PLACES[place]
            gap = False
        else:
            gap = True
    return text


def integer_words(number: int) -> str:
    """A whole number above zero."""
    groups = []
    while number:
        groups.append(number % 10_000)
        number //= 10_000
    text, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        part = groups[place]
        if not part:
            gap = True
            continue
        if text and (gap or part < 1_000):
            text += "零"
        text += group_words(part) + GROUPS[place]
        gap = False
    return text


def amount_in_words(amount: Decimal) -> str:
    """大写金额 Yuan, jiao and fen: 1234.5 → 壹仟贰佰叁拾肆元伍角整; whole cents only, below 10¹⁶."""
    cents = int(abs(amount) * 100)
    assert cents == abs(amount) * 100, "amounts in words are whole cents"
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    sign = "负" if amount < 0 else ""
    if not cents:
        return "零元整"
    text = integer_words(yuan) + "元" if yuan else ""
    if jiao:
        text += DIGITS[jiao] + "角"
    elif fen and yuan:
        text += "零"
    text += DIGITS[fen] + "分" if fen else "整"
    return sign + text
