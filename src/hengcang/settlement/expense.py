"""费用单 Expense: freight, rent, wages … by category, paid from a cash account at once or owed to a supplier."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import Control, DocumentFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import by_category
from hengcang.meta.declarations import Conversion, DocumentType, Total
from hengcang.settlement.lines import category_lines, total_field


def posting(document: DocumentFacts) -> Posting:
    """借 the accounts of the categories 贷 银行存款、库存现金 (what was paid)、其他应付款 (what is owed)."""
    return by_category(document, Control.OTHER_PAYABLE, -1)


EXPENSE = DocumentType(
    name="expense",
    collection="expenses",
    label="费用单",
    number_pattern="FY-{yyyymmdd}-{seq:04}",
    party_role="supplier",
    opens=(Control.OTHER_PAYABLE,),
    total=Total.LINES,
    menu="settlement",
    posting=posting,
    fields=(
        f.NUMBER,
        replace(f.SUPPLIER, label="往来单位", required=False, help="挂账时必填"),
        f.DATE,
        f.DUE_DATE,
        f.HANDLER,
        f.DEPARTMENT,
        *f.CURRENCIES,
        total_field("费用金额"),
        *f.FOOT,
    ),
    money=category_lines("费用明细", "expense"),
    list=f.document_list("party", "department", "amount_gross", filters=("party", "department", "money_lines.category")),
    conversions=(Conversion(target="outgoing_payment", label="付款", purpose="paid", money=True),),
)
