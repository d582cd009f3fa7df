"""期初应付 Opening payable: what suppliers were owed when the books began, party by party."""

from __future__ import annotations

from hengcang.core.posting import Control, DocumentFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import opening
from hengcang.meta.declarations import DocumentType, Total
from hengcang.settlement.lines import LINE_DUE, opening_lines, total_field


def posting(document: DocumentFacts) -> Posting:
    """借 期初余额 贷 应付账款, line by line."""
    return opening(document, Control.PAYABLE)


OPENING_PAYABLE = DocumentType(
    name="opening_payable",
    collection="opening_payables",
    label="期初应付",
    number_pattern="QCYF-{yyyymmdd}-{seq:04}",
    opens=(Control.PAYABLE,),
    total=Total.LINES,
    menu="settlement",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        f.HANDLER,
        f.DEPARTMENT,
        total_field("应付金额"),
        *f.FOOT,
    ),
    money=opening_lines("期初应付明细", f.SUPPLIER, LINE_DUE),
    list=f.document_list("amount_gross", filters=("money_lines.party",)),
)
