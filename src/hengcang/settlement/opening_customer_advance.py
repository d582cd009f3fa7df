"""期初预收 Opening customer advance: what customers had paid ahead when the books began, party by party."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import Control, DocumentFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import opening
from hengcang.meta.declarations import DocumentType, Total
from hengcang.settlement.lines import opening_lines, total_field


def posting(document: DocumentFacts) -> Posting:
    """借 期初余额 贷 预收账款, line by line."""
    return opening(document, Control.CUSTOMER_ADVANCE)


OPENING_CUSTOMER_ADVANCE = DocumentType(
    name="opening_customer_advance",
    collection="opening_customer_advances",
    label="期初预收",
    number_pattern="QCYSK-{yyyymmdd}-{seq:04}",
    opens=(Control.CUSTOMER_ADVANCE,),
    total=Total.LINES,
    menu="settlement",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        f.HANDLER,
        replace(f.SALESPERSON, default=None),
        f.DEPARTMENT,
        total_field("预收金额"),
        *f.FOOT,
    ),
    money=opening_lines("期初预收明细", f.CUSTOMER),
    list=f.document_list("amount_gross", filters=("money_lines.party",)),
)
