"""采购红字发票 Purchase credit note: the supplier's credit for goods that went back; what differs from the return is 进货价差."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import Account, DocumentFacts, Entry, Posting
from hengcang.documents.debts import bill_of, owed
from hengcang.meta.declarations import Conversion
from hengcang.purchasing.purchase_invoice import PURCHASE_INVOICE


def posting(document: DocumentFacts) -> Posting:
    """借 应付账款 贷 未开票、进项税额、主营业务成本—进货价差; amounts are typed positive, as on the return."""
    bill = bill_of(document)
    entries = [
        owed(document, -bill.debt),
        bill.waited_cost.entry(Account.UNBILLED_PAYABLE, -1, document.party),
        Entry(Account.INPUT_TAX, -bill.input_tax),
        Entry(Account.PURCHASE_PRICE_VARIANCE, -bill.cost),
    ]
    return Posting(entries=entries)


PURCHASE_CREDIT_NOTE = replace(
    PURCHASE_INVOICE,
    name="purchase_credit_note",
    collection="purchase_credit_notes",
    label="采购红字发票",
    number_pattern="CGHZ-{yyyymmdd}-{seq:04}",
    posting=posting,
    conversions=(Conversion(target="outgoing_payment", label="退款", purpose="paid", money=True),),
)
