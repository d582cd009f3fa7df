"""价税 Pricing: the amounts of a line from quantity, price, discount and tax, rounded once where the line is made.

The basis says which price was typed: 不含税 (`net`) or 含税 (`gross`); the other is derived to six decimals. The same
rule runs in the browser; one table of cases (`frontend/src/meta/amounts.cases.json`) proves both agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
MILLIONTH = Decimal("0.000001")
ONE = Decimal(1)
ZERO = Decimal(0)


def to_cents(amount: Decimal) -> Decimal:
    """四舍五入到分 Rounded half up to the cent."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def to_millionths(number: Decimal) -> Decimal:
    """Rounded half up to six decimals."""
    return number.quantize(MILLIONTH, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Amounts:
    """行金额 Prices and amounts of one line; `gross = net + tax`."""

    unit_price_net: Decimal | None
    unit_price_gross: Decimal | None
    amount_net: Decimal
    tax_amount: Decimal
    amount_gross: Decimal


def line_amounts(quantity: Decimal, basis: str, price: Decimal | None, discount: Decimal, tax_rate: Decimal) -> Amounts:
    """The amounts of a line; `discount` and `tax_rate` are fractions. Without a price all amounts are zero."""
    if price is None:
        return Amounts(None, None, ZERO, ZERO, ZERO)
    if basis == "gross":
        gross = to_cents(quantity * price * (ONE - discount))
        net = to_cents(gross / (ONE + tax_rate))
        return Amounts(to_millionths(price / (ONE + tax_rate)), price, net, gross - net, gross)
    net = to_cents(quantity * price * (ONE - discount))
    tax = to_cents(net * tax_rate)
    return Amounts(price, to_millionths(price * (ONE + tax_rate)), net, tax, net + tax)
