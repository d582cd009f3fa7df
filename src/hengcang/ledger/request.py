"""记账请求 What the store is asked to append, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from hengcang.core.errors import NOWHERE, HengcangError, LineAt
from hengcang.core.posting import Posting


@dataclass(frozen=True, slots=True)
class Header:
    """记账抬头 Who posts what, when, for whom. `freeze` is the sequence a count's freeze drew; `currency` is the document's code,
    none where that is the book's own."""

    document: int
    revision: int
    kind: str
    document_date: date
    posted_at: datetime
    posted_by: int
    party: int | None = None
    department: int | None = None
    salesperson: int | None = None
    freeze: int | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """账套规则 The settings of the book that posting depends on.

    `reserved_stock` is what happens when goods are taken that orders hold back.
    A replay over more moves than `replay_limit` is refused by name and offered as a maintenance command. `run_through`
    is the date ordinal through which 全月一次 months were run.
    """

    pool_kind: str = "company"
    first_open: date | None = None
    negative_stock: str = "forbid"
    replay_limit: int = 200_000
    run_through: int | None = None
    reserved_stock: str = "allow"


@dataclass(frozen=True, slots=True)
class Request:
    """记账请求 One append: the header, what the rule decided, and where lines stand, for messages.

    `closing_rates` are the rates by currency at which a closing revalues what is foreign.
    """

    header: Header
    posting: Posting
    rules: Rules
    lines: Mapping[int, LineAt] = field(default_factory=dict)
    exclusive: bool = False
    unlimited: bool = False
    closing_rates: Mapping[str, Decimal] = field(default_factory=dict)

    def line_at(self, line: int) -> LineAt:
        """行位置 Where a line stands; nowhere, if it is none of the document's."""
        return self.lines.get(line, NOWHERE)


@dataclass(frozen=True, slots=True)
class Appended:
    """记账结果 The sequence drawn, and warnings that did not hold it back (negative stock where 提示).

    The rest says what the check inside the transaction has to ask: `late` that moves stand after some of its own,
    `layered` that a pool is first-in-first-out, `undoing` that it negates moves.
    """

    sequence: int
    warnings: Sequence[HengcangError] = ()
    late: bool = True
    layered: bool = True
    undoing: bool = True


class NeedsExclusive(Exception):
    """需独占 The replay leaves the pools that were locked; run the command again holding the gate alone."""
