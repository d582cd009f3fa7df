"""价税 Pricing: the amounts of a line from quantity, price, discount and tax, rounded once where the line is made.

The basis says which price was typed: 不含税 (`net`) or 含税 (`gross`); the other is derived to six decimals. The same
rule runs in the browser; one table of cases (`frontend/src/meta/amounts.cases.json`) proves both agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from hengcang.core.allocation import share_amount

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


class Priced(Protocol):
    """已计价的行 A line with its amounts, before its document's discount."""

    @property
    def amount_net(self) -> Decimal:
        """Without tax."""

    @property
    def amount_gross(self) -> Decimal:
        """With tax."""

    @property
    def tax_rate(self) -> Decimal:
        """A fraction."""


def discounted(discount: Decimal, rows: Sequence[Priced]) -> list[tuple[Decimal, Decimal]]:
    """整单优惠分摊 Net and gross of each line after its share of the header discount, by gross amount."""
    if not discount or not rows:
        return [(row.amount_net, row.amount_gross) for row in rows]
    after = []
    for row, part in zip(rows, share_amount(discount, [row.amount_gross for row in rows]), strict=True):
        gross = row.amount_gross - part
        after.append((to_cents(gross / (ONE + row.tax_rate)), gross))
    return after
