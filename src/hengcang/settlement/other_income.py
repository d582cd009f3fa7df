"""其他收入单 Other income: interest, rent, scrap … by category, received on a cash account at once or owed by a customer."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import Control, DocumentFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import by_category
from hengcang.meta.declarations import Conversion, DocumentType, Total
from hengcang.settlement.lines import category_lines, total_field


def posting(document: DocumentFacts) -> Posting:
    """借 银行存款、库存现金 (what came in)、其他应收款 (what is owed) 贷 the accounts of the categories."""
    return by_category(document, Control.OTHER_RECEIVABLE, 1)


OTHER_INCOME = DocumentType(
    name="other_income",
    collection="other_incomes",
    label="其他收入单",
    number_pattern="QTSR-{yyyymmdd}-{seq:04}",
    party_role="customer",
    opens=(Control.OTHER_RECEIVABLE,),
    total=Total.LINES,
    menu="settlement",
    posting=posting,
    fields=(
        f.NUMBER,
        replace(f.CUSTOMER, label="往来单位", required=False, help="挂账时必填"),
        f.DATE,
        f.DUE_DATE,
        f.HANDLER,
        f.DEPARTMENT,
        *f.CURRENCIES,
        total_field("收入金额"),
        *f.FOOT,
    ),
    money=category_lines("收入明细", "income"),
    list=f.document_list("party", "department", "amount_gross", filters=("party", "department", "money_lines.category")),
    conversions=(Conversion(target="incoming_payment", label="收款", purpose="paid", money=True),),
)
