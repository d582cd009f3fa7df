"""自动对账 Matching the lines of a bank with what is booked or open: only what has one explanation is proposed.

The problem: a line of the bank says an amount, a day, a name, perhaps an account number and a text. It is a payment that
is booked already, or one that pays open items of one party (one, or several at once), perhaps less a fee that a bank kept.

The chosen way: list *every* explanation inside a stated space, and propose only where there is exactly one; who decides
between two is a person. So a proposal is wrong only where the truth lies outside the space.

1. The payer is the party with that account number, or that name, or the only one whose name is a typing error away.
   A payer who is none of them, or whose account and name are two parties, is nobody: never automatic.
2. Booked money of the same amount inside the window of days, of that party: the only one, for the only such line. Among
   several nobody knows: a bank books a day or two apart, so that even the one of the same day may be another's.
3. Open items named in the text by their number, when they come to the amount (less a fee): those, if all are the payer's;
   of somebody else, never automatic.
4. Else the sets of the payer's open items that come to the amount exactly, and those that come to it less a fee within
   the limit, are one space; a single item that matches exactly goes before sets and fees only in telling the reason.
   A set or a fee is not proposed where another party has an item of exactly that amount.
5. Two lines that want one item both wait.

All amounts are in the account's currency. Left out: payments in parts (they match no amount), and sets of more than
`ITEMS_AT_MOST` items of one party.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hengcang.core.amounts import CENT

ITEMS_AT_MOST = 12
ENOUGH = 2


class Match(StrEnum):
    """规则 By which rule a line was explained."""

    BOOKED = "booked"
    NUMBERED = "numbered"
    SINGLE = "single"
    SEVERAL = "several"
    FEE = "fee"


class Wait(StrEnum):
    """待人工 Why a line waits for a person."""

    UNKNOWN_PAYER = "unknown_payer"
    OTHERS_DOCUMENT = "others_document"
    NOTHING = "nothing"
    AMBIGUOUS = "ambiguous"
    CONTESTED = "contested"


CONFIDENCE = {Match.BOOKED: 100, Match.NUMBERED: 99, Match.SINGLE: 98, Match.SEVERAL: 95, Match.FEE: 90}


@dataclass(frozen=True, slots=True)
class BankLine:
    """银行流水 A line of a bank: `amount` in micro, in above zero; `day` an ordinal."""

    id: int
    day: int
    amount: int
    name: str = ""
    account: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Payer:
    """往来单位 A party as the bank may name it."""

    id: int
    name: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """已记收付 Money on the account that is booked and stands against no line of the bank yet; in above zero."""

    id: int
    day: int
    amount: int
    party: int | None = None


@dataclass(frozen=True, slots=True)
class Debt:
    """未结项 What is open of a party: above zero where they owe us, as it would come in. `number` is its document's."""

    id: int
    party: int
    amount: int
    number: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """限度 How far days may lie apart, and how much a bank may keep of an amount that comes in (micro units)."""

    days: int
    fee: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """对账建议 The line is that booked money (`entry`), or pays these open items, less a fee."""

    line: int
    rule: Match
    entry: int | None = None
    debts: tuple[int, ...] = ()
    party: int | None = None
    fee: int = 0
    by_typo: bool = False

    @property
    def confidence(self) -> int:
        """把握 Of a hundred; a name that was only nearly right takes some."""
        return CONFIDENCE[self.rule] - (5 if self.by_typo else 0)


@dataclass(frozen=True, slots=True)
class Waiting:
    """待人工 A line that a person must decide, and what might be meant."""

    line: int
    reason: Wait
    candidates: tuple[int, ...] = ()


Answer = Proposal | Waiting


def bare(text: str) -> str:
    """A name without blanks and punctuation, so that （） and () are alike."""
    return re.sub(r"[\W_]+", "", text).lower()


def distance_within(one: str, other: str, most: int) -> bool:
    """编辑距离 Whether two texts are at most so many changes of a letter apart."""
    if abs(len(one) - len(other)) > most:
        return False
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        diagonal, row[0] = row[0], at
        for to, mark in enumerate(other, start=1):
            diagonal, row[to] = row[to], min(row[to] + 1, row[to - 1] + 1, diagonal + (letter != mark))
    return row[-1] <= most


def typos_of(name: str) -> int:
    """How many wrong letters a name of that length may have."""
    return 0 if len(name) < 4 else 1 if len(name) < 10 else 2


class Payers:
    """付款人 Finds the party that a line of the bank names."""

    def __init__(self, parties: Iterable[Payer]) -> None:
        self.by_account: dict[str, set[int]] = defaultdict(set)
        self.by_name: dict[str, set[int]] = defaultdict(set)
        for one in parties:
            if one.account:
                self.by_account[bare(one.account)].add(one.id)
            self.by_name[bare(one.name)].add(one.id)
        self.known: dict[tuple[str, str], tuple[int | None, bool]] = {}

    def of(self, line: BankLine) -> tuple[int | None, bool]:
        """The only party it can be, and whether its name was only nearly right; None for nobody or for two."""
        key = (bare(line.name), bare(line.account))
        if key not in self.known:
            self.known[key] = self.find(*key)
        return self.known[key]

    def find(self, name: str, account: str) -> tuple[int | None, bool]:
        """By account, by name, by a name that is nearly right."""
        named, typo = self.by_name.get(name, set()), False
        owners = self.by_account.get(account, set()) if account else set()
        if name and not named and not owners:
            most = typos_of(name)
            near = [ids for other, ids in self.by_name.items() if most and distance_within(name, other, most)]
            named, typo = set().union(*near), True
        if owners and named and not owners & named:
            return None, False
        found = (owners & named) or owners or named
        return (next(iter(found)), typo and not owners) if len(found) == 1 else (None, False)


def sets_of(debts: Sequence[Debt], low: int, high: int) -> list[tuple[Debt, ...]]:
    """The sets of debts whose sum lies between two amounts, `ENOUGH` of them at most; debts stand on one side."""
    found: list[tuple[Debt, ...]] = []
    ordered = sorted(debts, key=lambda debt: -debt.amount)
    left = [0] * (len(ordered) + 1)
    for at in range(len(ordered) - 1, -1, -1):
        left[at] = left[at + 1] + ordered[at].amount

    def take(at: int, total: int, chosen: tuple[Debt, ...]) -> None:
        if len(found) >= ENOUGH or total > high or total + left[at] < low:
            return
        if at == len(ordered):
            if chosen:
                found.append(chosen)
            return
        take(at + 1, total + ordered[at].amount, (*chosen, ordered[at]))
        take(at + 1, total, chosen)

    take(0, 0, ())
    return found


@dataclass(slots=True)
class Space:
    """解释空间 Everything that lines may be explained by."""

    payers: Payers
    debts: Mapping[int, Sequence[Debt]]
    booked: Mapping[int, Sequence[Booked]]
    owners: Mapping[int, Counter[int]]
    numbers: Sequence[Debt]
    limits: Limits

    def explain(self, line: BankLine, rivals: int) -> Answer:
        """One line: a proposal, or why it waits. `rivals`: lines of the same payer and amount, itself included."""
        party, typo = self.payers.of(line)
        named = [debt for debt in self.numbers if names(line.text, debt.number) and debt.amount * line.amount > 0]
        if named and any(debt.party != party for debt in named):
            return Waiting(line.id, Wait.OTHERS_DOCUMENT, tuple(debt.id for debt in named))
        if party is None:
            return Waiting(line.id, Wait.UNKNOWN_PAYER, tuple(one.id for one in self.near(line)))
        entries = [one for one in self.near(line) if one.party in (None, party)]
        if entries:
            return of_entries(line, entries, party, typo) if rivals == len(entries) == 1 else unsure(line, entries)
        return self.of_debts(line, party, named, typo)

    def near(self, line: BankLine) -> list[Booked]:
        """Booked money of that amount inside the window."""
        return [one for one in self.booked.get(line.amount, ()) if abs(one.day - line.day) <= self.limits.days]

    def of_debts(self, line: BankLine, party: int, named: Sequence[Debt], typo: bool) -> Answer:
        """Open items of the payer."""
        wanted, most = abs(line.amount), self.limits.fee if line.amount > 0 else 0
        if named:
            fee = sum(abs(debt.amount) for debt in named) - wanted
            if 0 <= fee <= most:
                return proposal(line, Match.NUMBERED, named, fee, typo)
        own = [debt for debt in self.debts.get(party, ()) if debt.amount * line.amount > 0]
        if len(own) > ITEMS_AT_MOST:
            return Waiting(line.id, Wait.AMBIGUOUS, tuple(debt.id for debt in own if abs(debt.amount) == wanted))
        found = sets_of([Debt(debt.id, debt.party, abs(debt.amount), debt.number) for debt in own], wanted, wanted + most)
        if not found:
            return Waiting(line.id, Wait.NOTHING)
        if len(found) > 1:
            return Waiting(line.id, Wait.AMBIGUOUS, tuple(sorted({debt.id for one in found for debt in one})))
        (only,) = found
        fee = sum(debt.amount for debt in only) - wanted
        rule = Match.FEE if fee else Match.SINGLE if len(only) == 1 else Match.SEVERAL
        others = sum(count for owner, count in self.owners.get(line.amount, Counter()).items() if owner != party)
        if rule is not Match.SINGLE and others:
            return Waiting(line.id, Wait.AMBIGUOUS, tuple(debt.id for debt in only))
        return proposal(line, rule, only, fee, typo)


def names(text: str, number: str) -> bool:
    """Whether a text names a document: its number, not a part of a longer one."""
    if not number or number not in text:
        return False
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(number)}(?![0-9A-Za-z])", text) is not None


def proposal(line: BankLine, rule: Match, debts: Sequence[Debt], fee: int, typo: bool) -> Proposal:
    """Open items that a line pays."""
    assert fee % CENT == 0
    return Proposal(line.id, rule, None, tuple(sorted(debt.id for debt in debts)), debts[0].party, fee, typo)


def of_entries(line: BankLine, entries: Sequence[Booked], party: int, typo: bool) -> Proposal:
    """Booked money: the only one for the only line."""
    return Proposal(line.id, Match.BOOKED, entries[0].id, (), party, 0, typo)


def unsure(line: BankLine, entries: Sequence[Booked]) -> Waiting:
    """Booked money that several lines may be, or several for one line."""
    return Waiting(line.id, Wait.AMBIGUOUS, tuple(one.id for one in entries))


def reconcile(
    lines: Sequence[BankLine], parties: Sequence[Payer], booked: Sequence[Booked], debts: Sequence[Debt], limits: Limits
) -> list[Answer]:
    """自动对账 An answer for each line, in their order."""
    payers = Payers(parties)
    by_party: dict[int, list[Debt]] = defaultdict(list)
    by_amount: dict[int, list[Booked]] = defaultdict(list)
    owners: dict[int, Counter[int]] = defaultdict(Counter)
    for debt in debts:
        by_party[debt.party].append(debt)
        owners[debt.amount][debt.party] += 1
    for one in booked:
        by_amount[one.amount].append(one)
    space = Space(payers, by_party, by_amount, owners, [debt for debt in debts if debt.number], limits)
    rivals = Counter((payers.of(line)[0], line.amount) for line in lines)
    answers = [space.explain(line, rivals[payers.of(line)[0], line.amount]) for line in lines]
    wanted = Counter(target for one in answers if isinstance(one, Proposal) for target in targets(one))
    return [
        Waiting(one.line, Wait.CONTESTED, one.debts or (one.entry or 0,))
        if isinstance(one, Proposal) and any(wanted[target] > 1 for target in targets(one))
        else one
        for one in answers
    ]


def targets(one: Proposal) -> list[tuple[str, int]]:
    """What a proposal uses up."""
    return [("entry", one.entry)] if one.entry is not None else [("debt", debt) for debt in one.debts]
