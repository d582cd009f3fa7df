"""外币 Foreign currency: a posting decided in a document's currency, as it is booked.

A rule decides in the currency of its document. What is booked is each amount times the rate, rounded once to the cent:
the entries first, then what the goods bear, as shares of the entry that settles it (暂估应付), so that both agree to the
cent. What rounding leaves goes to the last of the largest entries that are nobody's debt and nobody's cash.

An entry that settles open items is worth what those items are worth, whatever the rate is by now; what a payment at
another rate costs or brings is 汇兑损益 (《小企业会计准则》第七十六条、第七十七条), taken here wholly to one account below 财务费用.
Left out: currencies of three decimals; an amount in any currency has two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from hengcang.core.allocation import share_amount
from hengcang.core.amounts import share
from hengcang.core.clearing import Pair
from hengcang.core.posting import CENTS, ZERO, Account, AtCost, Entry, Given, Posting


def at_rate(amount: Decimal, rate: Decimal) -> Decimal:
    """折算 An amount in the book's currency, to the cent."""
    return (amount * rate).quantize(CENTS, ROUND_HALF_UP)


def in_book(posting: Posting, rate: Decimal) -> Posting:
    """折本位币 A posting decided in a foreign currency, in the book's; entries keep what they were decided as beside it."""
    entries = [
        replace(one, amount=at_rate(one.amount, rate) if one.booked is None else one.booked, foreign=one.amount) for one in posting.entries
    ]
    if not any(one.settles for one in entries):
        entries = balanced(entries)
    borne = [(one.value.amount if isinstance(one.value, Given) else one.settled or ZERO) for one in posting.moves]
    weights = [*borne, *(one.amount for one in posting.charges)]
    total = abs(sum((one.amount for one in entries if one.account is Account.PROVISIONAL_PAYABLE), ZERO))
    parts = share_amount(total if sum(weights) >= 0 else -total, weights) if any(weights) else [ZERO] * len(weights)
    moves = []
    for move, part in zip(posting.moves, parts, strict=False):
        value = move.value
        if isinstance(value, Given):
            value = Given(part)
        elif isinstance(value, AtCost) and value.fallback is not None:
            value = AtCost(at_rate(value.fallback, rate))
        moves.append(replace(move, value=value, settled=None if move.settled is None else part))
    charges = [replace(one, amount=part) for one, part in zip(posting.charges, parts[len(moves) :], strict=True)]
    return replace(posting, moves=moves, entries=entries, charges=charges)


def balanced(entries: Sequence[Entry]) -> list[Entry]:
    """轧平 Entries that sum to zero: what rounding left is on the last of the largest that is neither debt, cash nor goods.

    Where all others say what they are booked at, what is left is an exchange difference.
    """
    left = -sum((one.amount for one in entries), ZERO)
    found = list(entries)
    if not left:
        return found
    ordinary = [at for at, one in enumerate(found) if one.party is None and one.cash_account is None and one.booked is None]
    if any(one.booked is not None for one in found) and not any(found[at].amount for at in ordinary):
        return [*found, Entry(Account.EXCHANGE_DIFFERENCE, left, foreign=ZERO)]
    free = [at for at in ordinary if found[at].account is not Account.PROVISIONAL_PAYABLE and found[at].amount] or ordinary
    free = free or [at for at in range(len(found)) if found[at].amount]
    last = max(free, key=lambda at: (abs(found[at].amount), at))
    found[last] = replace(found[last], amount=found[last].amount + left)
    return found


class Worth(NamedTuple):
    """账面 What takes part of an open item, in its own currency and in the book's (micro units, signed)."""

    foreign: int
    book: int


class Met(NamedTuple):
    """外币核销对 `foreign` (> 0) of a debit entry meets a credit entry, worth `book`."""

    debit: int
    credit: int
    foreign: int
    book: int


class Exchanged(NamedTuple):
    """核销折算 What met what; what each entry that settles is worth; by how much open items are worth more now."""

    pairs: list[Met]
    worth: dict[int, int]
    adjusted: dict[int, int]


def exchange(pairs: Sequence[Pair], items: Mapping[int, Worth]) -> Exchanged:
    """核销折算 Value what meets: a share of what each item is worth, the last of it all that is left.

    An entry that settles (none of `items`) is worth what it meets. Where two items meet, the credit becomes worth what the
    debit is.
    """
    left = dict(items)
    worth: dict[int, int] = defaultdict(int)
    adjusted: dict[int, int] = defaultdict(int)
    found = []
    for debit, credit, foreign in pairs:
        own = taken(left, debit, foreign)
        other = taken(left, credit, -foreign)
        if own is None and other is None:
            raise AssertionError("an entry that settles meets an open item")
        book = own if own is not None else -(other or 0)
        if own is None:
            worth[debit] += book
        elif other is None:
            worth[credit] -= book
        elif book + other:
            adjusted[credit] -= book + other
        found.append(Met(debit, credit, foreign, book))
    return Exchanged(found, dict(worth), dict(adjusted))


def taken(left: dict[int, Worth], key: int, foreign: int) -> int | None:
    """The share of an item that goes with an amount of its currency; none for an entry that has no worth of its own."""
    if key not in left:
        return None
    item = left[key]
    part = share(item.book, foreign, item.foreign)
    left[key] = Worth(item.foreign - foreign, item.book - part)
    return part


def difference(entries: Iterable[Entry]) -> list[Entry]:
    """汇兑损益 The entry that balances the others; none where they do."""
    total = sum((one.amount for one in entries), ZERO)
    return [Entry(Account.EXCHANGE_DIFFERENCE, -total, foreign=ZERO)] if total else []


def revalued(foreign: int, book: int, rate: Decimal) -> int:
    """调汇 By how much an amount in a currency is worth more at a rate than it stands in the books (micro units)."""
    return share(foreign, int(rate.scaleb(6)), 1_000_000) - book if foreign else -book
