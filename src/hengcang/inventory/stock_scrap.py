"""报损单 Stock scrap: goods that broke, spoiled or expired leave for good, at the pool's cost, into 管理费用."""

from __future__ import annotations

from hengcang.core.posting import DocumentFacts, PlaceKind, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import at_cost, moves_of
from hengcang.meta.declarations import Choice, DocumentType, Field, Kind

REASONS = (
    Choice("broken", "破损"),
    Choice("spoiled", "变质"),
    Choice("expired", "过期"),
    Choice("obsolete", "淘汰"),
    Choice("lost", "丢失"),
    Choice("other", "其他"),
)


def posting(document: DocumentFacts) -> Posting:
    """仓库 → 报损 at the pool's cost: 借 管理费用 贷 库存商品."""
    return Posting(moves=moves_of(document, "scrap", at_cost, target=PlaceKind.LOSS))


STOCK_SCRAP = DocumentType(
    name="stock_scrap",
    collection="stock_scraps",
    label="报损单",
    number_pattern="BS-{yyyymmdd}-{seq:04}",
    outward=True,
    menu="inventory",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        f.WAREHOUSE_OUT,
        Field(name="reason", label="报损原因", kind=Kind.CHOICE, column="ext:reason", choices=REASONS, default="broken", sortable=False),
        f.HANDLER,
        f.DEPARTMENT,
        *f.FOOT,
    ),
    goods=f.goods_lines(f.LINE_OUT, f.LOT, mask=None),
    list=f.document_list("source_place", "reason"),
)
