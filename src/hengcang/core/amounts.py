"""金额与数量 Amounts: scaled integers, one rounding rule, and splits that lose nothing.

Inside the core every quantity, price and value is an `int` in *micro* units (10⁻⁶ of the base unit or of the
currency unit), the scale of the database. Values are whole cents, so always a multiple of `CENT`. Rounding is
half up away from zero (四舍五入). Integers are exact, compare exactly, and are the fastest numbers Python has.
`MOST` is the largest balance that is kept: a 64-bit integer holds 2 % more, so one command below it never overflows.
Left out: currencies without cents; their amounts are simply whole multiples of a larger step.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

SCALE = 1_000_000
CENT = 10_000
MOST = 9_000_000_000_000 * SCALE


def to_micro(value: Decimal | int | str) -> int:
    """A decimal as micro units, half up at the sixth decimal."""
    scaled = Decimal(value).scaleb(6)
    return int(scaled.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_decimal(micro: int) -> Decimal:
    """Micro units as an exact decimal without needless zeros (2.50 stays 2.5)."""
    return Decimal(micro).scaleb(-6).normalize() + 0 if micro else Decimal(0)


def to_text(micro: int) -> str:
    """Micro units as plain text without needless zeros: 2.5, 100, -0.01. The fast way for reports."""
    if micro % SCALE == 0:
        return str(micro // SCALE)
    whole, part = divmod(abs(micro), SCALE)
    text = f"{whole}.{part:06d}".rstrip("0")
    return f"-{text}" if micro < 0 else text


def half_up(numerator: int, denominator: int) -> int:
    """numerator ÷ denominator as an integer, half away from zero."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -((-2 * numerator + denominator) // (2 * denominator))


def cents(numerator: int, denominator: int = 1) -> int:
    """numerator ÷ denominator micro, rounded half up to whole cents, in micro."""
    return half_up(numerator, denominator * CENT) * CENT


def times(quantity: int, price: int) -> int:
    """quantity × price (both micro) as an amount in micro, rounded to the cent."""
    return cents(quantity * price, SCALE)


def share(value: int, part: int, whole: int) -> int:
    """The cents that `part` of `whole` takes from `value`; all of it when part is the whole."""
    assert whole != 0
    return value if part == whole else cents(value * part, whole)


def split(value: int, weights: Sequence[int]) -> list[int]:
    """`value` in cents over `weights`; the remainder goes to the last of the largest weights.

    All weights zero: everything goes to the last. Raises nothing; an empty list gives an empty list.
    """
    if not weights:
        return []
    total = sum(weights)
    if total == 0:
        return [0] * (len(weights) - 1) + [value]
    if value >= 0 and min(weights) >= 0:
        half, step = total * CENT, 2 * total * CENT
        parts = [(2 * value * weight + half) // step * CENT for weight in weights]
        heaviest = max(weights)
    else:
        parts = [cents(value * weight, total) for weight in weights]
        heaviest = max(abs(weight) for weight in weights)
    largest = next(at for at in range(len(weights) - 1, -1, -1) if abs(weights[at]) == heaviest)
    parts[largest] += value - sum(parts)
    return parts
