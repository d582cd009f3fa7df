"""采购发票 Purchase invoice: the supplier's bill for received goods; a price that turns out different follows the goods."""

from __future__ import annotations

from decimal import Decimal

from hengcang.core.posting import Charge, DocumentFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import billed, owed_more
from hengcang.meta.declarations import Conversion, DocumentType, Mask


def posting(document: DocumentFacts) -> Posting:
    """The difference to what was booked at receipt: onto the goods (借 库存商品 贷 暂估应付) and onto the debt."""
    charges, cost, gross = [], Decimal(0), Decimal(0)
    for line in document.goods:
        more, _, owed = billed(document, line)
        cost, gross = cost + more, gross + owed
        if more and line.source_line is not None:
            charges.append(Charge(line.source_line, more, line.id))
    return Posting(entries=owed_more(document, cost, gross), charges=charges)


PURCHASE_INVOICE = DocumentType(
    name="purchase_invoice",
    collection="purchase_invoices",
    label="采购发票",
    number_pattern="CGFP-{yyyymmdd}-{seq:04}",
    party_role="supplier",
    price_mask=Mask.PURCHASE_PRICE,
    consumes="invoiced",
    bills=True,
    menu="purchasing",
    posting=posting,
    fields=(
        f.NUMBER,
        f.SUPPLIER,
        f.DATE,
        f.INVOICE_NUMBER,
        f.DUE_DATE,
        f.HANDLER,
        f.DEPARTMENT,
        *f.CURRENCIES,
        *f.priced(Mask.PURCHASE_PRICE),
        *f.FOOT,
    ),
    goods=f.goods_lines(mask=Mask.PURCHASE_PRICE),
    list=f.document_list("party", "invoice_number", "amount_gross", filters=("party",)),
    conversions=(Conversion(target="outgoing_payment", label="付款", purpose="paid", money=True),),
)
