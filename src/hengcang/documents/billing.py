"""开票与分摊 Bills: what the source lines of a bill were booked at, and what of them was billed before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from hengcang.base import bulk
from hengcang.core.amounts import to_decimal
from hengcang.core.posting import ZERO, SourceFacts
from hengcang.core.pricing import discounted
from hengcang.documents.facts import Opened
from hengcang.documents.links import Taken

SOURCES_SQL = """
SELECT d.id, d.discount_amount, l.id, l.base_quantity, l.amount_net, l.amount_gross, l.tax_rate, d.currency_rate
FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision
WHERE d.id {chosen} ORDER BY d.id, l.position, l.id
"""


class Booked(NamedTuple):
    """源单行 A line of a source document as it was booked, before its document's discount."""

    line: int
    quantity: Decimal
    amount_net: Decimal
    amount_gross: Decimal
    tax_rate: Decimal
    rate: Decimal


def source_facts(opened: Opened, taken: Sequence[Taken]) -> dict[int, SourceFacts]:
    """源单行事实 By line, every line of the documents that a bill names, under their lock: one statement."""
    before = {one.line: one.before for one in taken}
    chosen, ids = bulk.among(sorted(opened.sources))
    documents: dict[int, list[Booked]] = defaultdict(list)
    discounts: dict[int, Decimal] = {}
    for document, discount, line, *numbers in bulk.fetch(SOURCES_SQL.format(chosen=chosen), [ids]):
        discounts[document] = to_decimal(discount)
        documents[document].append(Booked(line, *(to_decimal(number) for number in numbers)))
    found: dict[int, SourceFacts] = {}
    for document, rows in documents.items():
        for row, (net, gross) in zip(rows, discounted(discounts[document], rows), strict=True):
            unbilled = str(opened.sources[document]["ext"].get("unbilled") or "")
            found[row.line] = SourceFacts(row.line, row.quantity, net, gross, before.get(row.line, ZERO), row.rate, unbilled)
    return found
