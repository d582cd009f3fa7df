"""期初往来 What the four opening documents of parties share: lines of parties, amounts and dates, against 期初余额."""

from __future__ import annotations

from collections.abc import Sequence

from hengcang.core.posting import Control
from hengcang.documents import fields as f
from hengcang.documents.rules import opening
from hengcang.meta.declarations import DocumentType, Field, Total
from hengcang.settlement.lines import opening_lines, total_field


def opening_of(
    control: Control, label: str, prefix: str, party: Field, *, header: Sequence[Field] = (), lines: Sequence[Field] = ()
) -> DocumentType:
    """期初单据 The document type that opens a control account party by party; `header` and `lines` are its further fields."""
    name = f"opening_{control.value}"
    return DocumentType(
        name=name,
        collection=f"{name}s",
        label=label,
        number_pattern=f"{prefix}-{{yyyymmdd}}-{{seq:04}}",
        opens=(control,),
        total=Total.LINES,
        menu="settlement",
        posting=lambda document: opening(document, control),
        fields=(f.NUMBER, f.DATE, f.HANDLER, *header, f.DEPARTMENT, *f.CURRENCIES, total_field(f"{label[2:]}金额"), *f.FOOT),
        money=opening_lines(f"{label}明细", party, *lines),
        list=f.document_list("amount_gross", filters=("money_lines.party",)),
    )
