"""收款单 Incoming payment: money of a customer on our accounts; clears what he owes, the rest is an advance."""

from __future__ import annotations

from hengcang.core.posting import Account, Control, DocumentFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import payment
from hengcang.meta.declarations import Conversion, DocumentType
from hengcang.settlement.lines import PAYMENT_DISCOUNT, PAYMENT_TOTAL, money_lines


def posting(document: DocumentFacts) -> Posting:
    """借 银行存款、现金折扣 贷 应收账款 (what is cleared)、预收账款 (what is left)."""
    return payment(
        document,
        advance=Account.CUSTOMER_ADVANCE,
        discount=Account.DISCOUNT_GIVEN,
        sign=1,
    )


INCOMING_PAYMENT = DocumentType(
    name="incoming_payment",
    collection="incoming_payments",
    label="收款单",
    number_pattern="SK-{yyyymmdd}-{seq:04}",
    party_role="customer",
    opens=(Control.CUSTOMER_ADVANCE,),
    clears=(Control.RECEIVABLE, Control.CUSTOMER_ADVANCE, Control.OTHER_RECEIVABLE),
    menu="settlement",
    posting=posting,
    fields=(
        f.NUMBER,
        f.CUSTOMER,
        f.DATE,
        f.SALESPERSON,
        f.DEPARTMENT,
        *f.CURRENCIES,
        PAYMENT_DISCOUNT,
        PAYMENT_TOTAL,
        *f.FOOT,
    ),
    money=money_lines("收款明细"),
    list=f.document_list("party", "amount_gross", filters=("party",)),
    conversions=(Conversion(target="incoming_payment", label="退预收", purpose="paid", money=True),),
)
