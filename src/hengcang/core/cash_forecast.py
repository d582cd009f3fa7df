"""现金流预测 Cash forecast: when money that is owed will move, by the habit of who owes it, and what that leaves day by day.

What is due on a day is expected that day shifted by the party's own habit: the median of how many days after the due day
its debts were cleared, of the newest dozen (a median is not moved by one debt that was fought over). What should have
moved by then is expected today. What a party has paid ahead, and what it has back for returns, pays the first of its
debts; what is left of it moves no money. Amounts are in micro units, money that comes above zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from hengcang.core.amounts import half_up

NEWEST = 12


class Habit(NamedTuple):
    """付款习惯 How many days after the due day a party usually settles (below zero: before it), seen at how many debts."""

    days: int = 0
    seen: int = 0


NO_HABIT = Habit()


def habit_of(delays: Sequence[int]) -> Habit:
    """习惯 The median of some delays in days, half a day counted as one."""
    if not delays:
        return NO_HABIT
    ordered = sorted(delays)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Habit(ordered[middle], len(ordered))
    return Habit(half_up(ordered[middle - 1] + ordered[middle], 2), len(ordered))


def expected_day(due: date, habit: Habit, today: date) -> date:
    """预计日 The due day and the habit; today where that has passed."""
    return max(due + timedelta(days=habit.days), today)


class Owner(NamedTuple):
    """往来 Whose debts are set off against one another: a party on one side, in one currency (0: the book's)."""

    party: int
    side: str
    currency: int


@dataclass(frozen=True, slots=True)
class Expected:
    """预计收付 Money that is to move: of whom, when, how much in its own currency; `paid` is what was paid of it ahead.

    `key` names what it stands for.
    """

    owner: Owner
    key: tuple[str, int]
    due: date
    day: date
    amount: int
    paid: int = 0

    @property
    def left(self) -> int:
        """What is still to move."""
        return self.amount - self.paid


def set_off(claims: Iterable[Expected], credits: Mapping[Owner, int]) -> list[Expected]:
    """预收预付抵扣 The claims with what was paid of them ahead, the first expected first; `credits` bear the sign against theirs."""
    pool = dict(credits)
    found = []
    for one in sorted(claims, key=lambda claim: (claim.day, claim.due, claim.key)):
        have = -pool.get(one.owner, 0)
        taken = min(have, one.amount) if one.amount > 0 else max(have, one.amount)
        if taken and (taken > 0) == (one.amount > 0):
            pool[one.owner] = pool[one.owner] + taken
            one = replace(one, paid=taken)
        found.append(one)
    return found


class Step(NamedTuple):
    """一期 What comes in and goes out (both above zero) in a period that begins on a day, and what there is at its end."""

    day: date
    amount_in: int
    amount_out: int
    balance: int


def steps(opening: int, flows: Iterable[tuple[date, int]], first: date, last: date, days: int) -> list[Step]:
    """逐期余额 Every period of so many days from the first day to the last, with the balance it leaves."""
    came: dict[int, int] = defaultdict(int)
    went: dict[int, int] = defaultdict(int)
    for day, amount in flows:
        at = (day - first).days // days
        (came if amount > 0 else went)[at] += abs(amount)
    found, balance = [], opening
    for at in range((last - first).days // days + 1):
        balance += came[at] - went[at]
        found.append(Step(first + timedelta(days=at * days), came[at], went[at], balance))
    return found
