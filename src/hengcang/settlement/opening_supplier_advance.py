"""期初预付 Opening supplier advance: what suppliers had been paid ahead when the books began, party by party."""

from __future__ import annotations

from hengcang.core.posting import Control, DocumentFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import opening
from hengcang.meta.declarations import DocumentType, Total
from hengcang.settlement.lines import opening_lines, total_field


def posting(document: DocumentFacts) -> Posting:
    """借 预付账款 贷 期初余额, line by line."""
    return opening(document, Control.SUPPLIER_ADVANCE)


OPENING_SUPPLIER_ADVANCE = DocumentType(
    name="opening_supplier_advance",
    collection="opening_supplier_advances",
    label="期初预付",
    number_pattern="QCYFK-{yyyymmdd}-{seq:04}",
    opens=(Control.SUPPLIER_ADVANCE,),
    total=Total.LINES,
    menu="settlement",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        f.HANDLER,
        f.DEPARTMENT,
        total_field("预付金额"),
        *f.FOOT,
    ),
    money=opening_lines("期初预付明细", f.SUPPLIER),
    list=f.document_list("amount_gross", filters=("money_lines.party",)),
)
