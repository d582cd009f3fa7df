"""调拨单 Stock transfer: goods go from one warehouse to another in one step, at cost."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import DocumentFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import at_cost, moves_of
from hengcang.meta.declarations import DocumentType, Field, Kind


def posting(document: DocumentFacts) -> Posting:
    """仓库 → 仓库 at the pool's cost; inside one pool no value moves."""
    moves = moves_of(document, "transfer", at_cost)
    return Posting(moves=moves)


STOCK_TRANSFER = DocumentType(
    name="stock_transfer",
    collection="stock_transfers",
    label="调拨单",
    number_pattern="DB-{yyyymmdd}-{seq:04}",
    inward=True,
    outward=True,
    menu="inventory",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        replace(f.WAREHOUSE_OUT, label="调出仓库", required=True),
        replace(f.WAREHOUSE_IN, label="调入仓库", required=True, default=None),
        f.HANDLER,
        replace(f.DEPARTMENT, label="调出部门"),
        Field(name="target_department", label="调入部门", kind=Kind.REF, ref="departments", column="ext:target_department", sortable=False),
        *f.FOOT,
    ),
    goods=f.goods_lines(f.LOT, mask=None),
    list=f.document_list("source_place", "target_place"),
)
