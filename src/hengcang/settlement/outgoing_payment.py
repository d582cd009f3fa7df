"""付款单 Outgoing payment: our money to a supplier; clears what we owe him, the rest is an advance."""

from __future__ import annotations

from hengcang.core.posting import Account, Control, DocumentFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import payment
from hengcang.meta.declarations import Conversion, DocumentType
from hengcang.settlement.lines import PAYMENT_DISCOUNT, PAYMENT_TOTAL, money_lines


def posting(document: DocumentFacts) -> Posting:
    """借 应付账款 (what is cleared)、预付账款 (what is left) 贷 银行存款、现金折扣."""
    return payment(
        document,
        advance=Account.SUPPLIER_ADVANCE,
        discount=Account.DISCOUNT_TAKEN,
        sign=-1,
    )


OUTGOING_PAYMENT = DocumentType(
    name="outgoing_payment",
    collection="outgoing_payments",
    label="付款单",
    number_pattern="FK-{yyyymmdd}-{seq:04}",
    party_role="supplier",
    opens=(Control.SUPPLIER_ADVANCE,),
    clears=(Control.PAYABLE, Control.SUPPLIER_ADVANCE, Control.OTHER_PAYABLE),
    menu="settlement",
    posting=posting,
    fields=(
        f.NUMBER,
        f.SUPPLIER,
        f.DATE,
        f.HANDLER,
        f.DEPARTMENT,
        *f.CURRENCIES,
        PAYMENT_DISCOUNT,
        PAYMENT_TOTAL,
        *f.FOOT,
    ),
    money=money_lines("付款明细"),
    list=f.document_list("party", "amount_gross", filters=("party",)),
    conversions=(Conversion(target="outgoing_payment", label="退预付", purpose="paid", money=True),),
)
