"""科目对应 Which of the user's accounts a leg of a voucher belongs to.

The books keep the account as posted. A rule names a booked account and, where it wants, an item category (with all
below it), an account class, a cash account, a category of expense, a category of parties; the rule that names most of
them decides, among equals the one with the nearer item category, then the older one. Without a rule it is the account
of the same code. So the chart may be refined at any time, and the books stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Leg(NamedTuple):
    """分录腿 What is known of one side of a voucher; empty or 0 where nothing is."""

    account: str
    account_class: str = ""
    item_category: str = ""
    cash_account: int = 0
    expense_category: int = 0
    party_category: int = 0


@dataclass(frozen=True, slots=True)
class AccountRule:
    """对应规则 `target` is the user's account for legs on `account` that have all that the rule names.

    `item_category` is the category's path, such as `/1/7/`.
    """

    id: int
    account: str
    target: int
    account_class: str = ""
    item_category: str = ""
    cash_account: int = 0
    expense_category: int = 0
    party_category: int = 0

    def fits(self, leg: Leg) -> bool:
        """Whether the leg has all that the rule names."""
        return (
            self.account == leg.account
            and leg.item_category.startswith(self.item_category)
            and self.account_class in ("", leg.account_class)
            and self.cash_account in (0, leg.cash_account)
            and self.expense_category in (0, leg.expense_category)
            and self.party_category in (0, leg.party_category)
        )

    @property
    def rank(self) -> tuple[int, int, int]:
        """How near it is: how much it names, how near its item category is, how old it is."""
        named = (self.account_class, self.item_category, self.cash_account, self.expense_category, self.party_category)
        return sum(map(bool, named)), len(self.item_category), -self.id


def target_of(rules: Sequence[AccountRule], leg: Leg) -> int | None:
    """对应科目 The user's account of a leg; None where no rule fits."""
    best = max((rule for rule in rules if rule.fits(leg)), key=lambda rule: rule.rank, default=None)
    return None if best is None else best.target
