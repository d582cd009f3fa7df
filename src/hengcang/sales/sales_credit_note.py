"""销售红字发票 Sales credit note: our credit for goods that came back; what differs from the return changes revenue and the claim."""

from __future__ import annotations

from hengcang.core.posting import DocumentFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.debts import our_bill
from hengcang.meta.declarations import Conversion, DocumentType, Mask


def posting(document: DocumentFacts) -> Posting:
    """A sales invoice with the sides exchanged; amounts are typed positive, as on the return."""
    return Posting(entries=our_bill(document, -1))


SALES_CREDIT_NOTE = DocumentType(
    name="sales_credit_note",
    collection="sales_credit_notes",
    label="销售红字发票",
    number_pattern="XSHZ-{yyyymmdd}-{seq:04}",
    party_role="customer",
    price_mask=Mask.SALES_PRICE,
    consumes="invoiced",
    bills=True,
    menu="sales",
    posting=posting,
    fields=(
        f.NUMBER,
        f.CUSTOMER,
        f.DATE,
        f.INVOICE_NUMBER,
        f.DUE_DATE,
        f.SALESPERSON,
        f.DEPARTMENT,
        *f.CURRENCIES,
        *f.priced(Mask.SALES_PRICE),
        *f.FOOT,
    ),
    goods=f.goods_lines(mask=Mask.SALES_PRICE),
    list=f.document_list("party", "invoice_number", "amount_gross", filters=("party",)),
    conversions=(Conversion(target="incoming_payment", label="退款", purpose="paid", money=True),),
)
