"""未开票检查 What waits for bills, party by party, is what the lines of goods that are not billed were booked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from hengcang.base import bulk
from hengcang.core.amounts import to_decimal
from hengcang.core.exchange import at_rate
from hengcang.core.posting import Account, SourceFacts
from hengcang.core.pricing import discounted
from hengcang.ledger.check_words import Check, Found, quoted
from hengcang.meta import registry

WAITING = """
SELECT d.id, d.type, d.party_id, d.ext, d.discount_amount, d.currency_rate, l.base_quantity, l.amount_net, l.amount_gross, l.tax_rate,
  COALESCE(p.quantity,0)
FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision
LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose='invoiced'
WHERE d.type IN ({types}) AND d.state IN ('posted','closed','reversed') ORDER BY d.id, l.position, l.id
"""
KEPT = """
SELECT party_id, account, CAST(SUM(amount) AS bigint) FROM ledger_moneyentry WHERE account IN (%s,%s) GROUP BY party_id, account
"""


class Waiting(NamedTuple):
    """待开票行 A line of goods: base quantity, amounts before its document's discount, what of it is billed."""

    quantity: Decimal
    amount_net: Decimal
    amount_gross: Decimal
    tax_rate: Decimal
    done: Decimal


def unbilled() -> Iterator[Found]:
    """Parties whose 未开票 is not what waits."""
    wanted: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for party, account, amount in waiting():
        wanted[party, account] += amount
    both = [Account.UNBILLED_PAYABLE.value, Account.UNBILLED_RECEIVABLE.value]
    kept: dict[tuple[int, str], Decimal] = {(party, account): to_decimal(amount) for party, account, amount in bulk.fetch(KEPT, both)}
    for key in sorted(wanted.keys() | kept.keys()):
        booked, waits = kept.get(key, Decimal(0)), wanted[key]
        if booked != waits:
            yield {"party_id": key[0], "account": key[1], "booked": booked, "waits": waits}


def waiting() -> Iterator[tuple[int, str, Decimal]]:
    """(party, account, amount in the book's currency) of every line that waits."""
    types = {one.name: one for one in registry.documents().values() if one.billable}
    documents: dict[tuple[int, str, int, str, Decimal, Decimal], list[Waiting]] = defaultdict(list)
    for document, name, party, ext, discount, rate, *row in bulk.fetch(WAITING.format(types=quoted(types))):
        basis = bulk.read_json(ext).get("unbilled")
        if basis:
            line = Waiting(*(to_decimal(one) for one in row))
            documents[document, name, party, basis, to_decimal(discount), to_decimal(rate)].append(line)
    for (_, name, party, basis, discount, rate), lines in documents.items():
        account = Account.UNBILLED_PAYABLE if types[name].party_role == "supplier" else Account.UNBILLED_RECEIVABLE
        sign = -1 if types[name].inward else 1
        for line, (net, gross) in zip(lines, discounted(discount, lines), strict=True):
            yield party, account.value, sign * left(line, net if basis == "net" else gross, rate)


def left(line: Waiting, amount: Decimal, rate: Decimal) -> Decimal:
    """What of an amount of a line is still to be billed, in the book's currency."""
    if not line.quantity:
        return Decimal(0)
    booked = at_rate(amount, rate)
    return booked - SourceFacts(0, line.quantity, amount, amount, Decimal(0)).share(booked, line.done)


CHECKS = (Check("I-55", "未开票与未开票的单据行不符", unbilled),)
