"""采购发票 Purchase invoice: the supplier's bill for received goods; a price that turns out different follows the goods."""

from __future__ import annotations

from hengcang.core.posting import Account, Charge, DocumentFacts, Entry, Posting
from hengcang.documents import fields as f
from hengcang.documents.debts import bill_of, billed, owed
from hengcang.meta.declarations import Conversion, DocumentType, Mask


def posting(document: DocumentFacts) -> Posting:
    """What differs from the receipt goes onto the goods (借 库存商品 贷 暂估应付); 借 暂估应付、未开票、进项税额 贷 应付账款."""
    charges = []
    for line in document.goods:
        more, _, _ = billed(document, line)
        if more and line.source_line is not None:
            charges.append(Charge(line.source_line, more, line.id))
    bill = bill_of(document)
    entries = [
        Entry(Account.PROVISIONAL_PAYABLE, bill.cost),
        bill.waited_cost.entry(Account.UNBILLED_PAYABLE, 1, document.party),
        Entry(Account.INPUT_TAX, bill.input_tax),
        owed(document, bill.debt),
    ]
    return Posting(entries=entries, charges=charges)


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
