"""销售红字发票 Sales credit note: our credit for goods that came back; what differs from the return changes revenue and the claim."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import DocumentFacts, Posting
from hengcang.documents.debts import our_bill
from hengcang.meta.declarations import Conversion
from hengcang.sales.sales_invoice import SALES_INVOICE


def posting(document: DocumentFacts) -> Posting:
    """A sales invoice with the sides exchanged; amounts are typed positive, as on the return."""
    return Posting(entries=our_bill(document, -1))


SALES_CREDIT_NOTE = replace(
    SALES_INVOICE,
    name="sales_credit_note",
    collection="sales_credit_notes",
    label="销售红字发票",
    number_pattern="XSHZ-{yyyymmdd}-{seq:04}",
    posting=posting,
    conversions=(Conversion(target="incoming_payment", label="退款", purpose="paid", money=True),),
)
