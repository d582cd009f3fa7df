"""销售发票 Sales invoice: our bill for delivered goods; what differs from the delivery changes revenue and the claim."""

from __future__ import annotations

from hengcang.core.posting import DocumentFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.debts import our_bill
from hengcang.meta.declarations import Conversion, DocumentType, Mask


def posting(document: DocumentFacts) -> Posting:
    """借 应收账款 贷 主营业务收入 (what differs from the delivery)、未开票、销项税额."""
    return Posting(entries=our_bill(document, 1))


SALES_INVOICE = DocumentType(
    name="sales_invoice",
    collection="sales_invoices",
    label="销售发票",
    number_pattern="XSFP-{yyyymmdd}-{seq:04}",
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
    conversions=(Conversion(target="incoming_payment", label="收款", purpose="paid", money=True),),
)
