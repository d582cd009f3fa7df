"""其他出库单 Other issue: goods leave without a sale (own use, a gift, a sample), at the pool's cost."""

from __future__ import annotations

from hengcang.core.posting import DocumentFacts, PlaceKind, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import at_cost, moves_of
from hengcang.meta.declarations import Choice, DocumentType, Field, Kind

REASONS = (Choice("own_use", "自用"), Choice("gift", "赠送"), Choice("sample", "样品"), Choice("lent", "借出"), Choice("other", "其他"))


def posting(document: DocumentFacts) -> Posting:
    """仓库 → 其他 at the pool's cost."""
    moves = moves_of(document, "other_out", at_cost, target=PlaceKind.OTHER)
    return Posting(moves=moves)


OTHER_ISSUE = DocumentType(
    name="other_issue",
    collection="other_issues",
    label="其他出库单",
    number_pattern="QTCK-{yyyymmdd}-{seq:04}",
    outward=True,
    menu="inventory",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        f.WAREHOUSE_OUT,
        Field(name="reason", label="出库类别", kind=Kind.CHOICE, column="ext:reason", choices=REASONS, default="other", sortable=False),
        f.HANDLER,
        f.DEPARTMENT,
        *f.FOOT,
    ),
    goods=f.goods_lines(f.LINE_OUT, f.LOT, mask=None),
    list=f.document_list("source_place", "reason"),
)
