"""期初应收 Opening receivable: what customers owed when the books began, party by party."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import Control, DocumentFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import opening
from hengcang.meta.declarations import DocumentType, Total
from hengcang.settlement.lines import LINE_DUE, opening_lines, total_field


def posting(document: DocumentFacts) -> Posting:
    """借 应收账款 贷 期初余额, line by line."""
    return opening(document, Control.RECEIVABLE)


OPENING_RECEIVABLE = DocumentType(
    name="opening_receivable",
    collection="opening_receivables",
    label="期初应收",
    number_pattern="QCYS-{yyyymmdd}-{seq:04}",
    opens=(Control.RECEIVABLE,),
    total=Total.LINES,
    menu="settlement",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        f.HANDLER,
        replace(f.SALESPERSON, default=None),
        f.DEPARTMENT,
        total_field("应收金额"),
        *f.FOOT,
    ),
    money=opening_lines("期初应收明细", f.CUSTOMER, LINE_DUE),
    list=f.document_list("amount_gross", filters=("money_lines.party",)),
)
