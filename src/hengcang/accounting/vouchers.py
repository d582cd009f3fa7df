"""凭证 Vouchers: the legs of a posting (or of a document, of a day) gathered by the user's accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from hengcang.accounting.chart import Chart, Node
from hengcang.ledger.account_reports import Legs, Posted

KEYS = {
    "posting": lambda row: (str(row.day), row.posting),
    "document": lambda row: (str(row.day), row.document),
    "day": lambda row: (str(row.day),),
}


@dataclass(slots=True)
class Line:
    """凭证行 What a voucher has on one account for one party on one side."""

    node: Node
    party: str | None
    first: Posted
    debit: int = 0
    credit: int = 0


@dataclass(slots=True)
class Voucher:
    """凭证 Lines in the order of debit and credit; of several postings where these are summed."""

    rows: Iterable[Posted]
    chart: Chart
    lines: dict[tuple[Any, ...], Line] = field(default_factory=dict)
    day: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            self.day = str(row.day)
            node = self.chart.of(row.leg)
            line = self.lines.setdefault((bool(row.credit), node.code, row.party), Line(node, row.party, row))
            line.debit, line.credit = line.debit + row.debit, line.credit + row.credit

    def ordered(self) -> Iterator[Line]:
        """The lines that are not zero, debits first, by code."""
        for _, line in sorted(self.lines.items(), key=lambda pair: (pair[0][0], pair[0][1], pair[0][2] or "")):
            if line.debit or line.credit:
                yield line


def vouchers(legs: Legs, by: str, chart: Chart, *, streamed: bool) -> Iterator[Voucher]:
    """凭证 The vouchers of a span, in order; each balances where its legs on all accounts are read."""
    for _, rows in groupby(legs.rows(by, streamed=streamed), key=KEYS[by]):
        yield Voucher(rows, chart)
