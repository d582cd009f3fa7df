"""领料单 Material issue: planned material goes from a warehouse into a production order, at cost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hengcang.core.posting import DocumentFacts, PlaceKind, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import at_cost, moves_of
from hengcang.meta.declarations import Conversion, DocumentType


def posting(document: DocumentFacts) -> Posting:
    """仓库 → 生产 at the pool's cost, gathered under the order: 借 生产成本 贷 库存商品."""
    moves = moves_of(document, "material_issue", at_cost, target=PlaceKind.PRODUCTION)
    orders = [line.source_document for line in document.goods]
    return Posting(moves=[replace(move, group=order) for move, order in zip(moves, orders, strict=True)])


MATERIAL_ISSUE = DocumentType(
    name="material_issue",
    collection="material_issues",
    label="领料单",
    number_pattern="LL-{yyyymmdd}-{seq:04}",
    consumes="issued",
    tolerance=Decimal("0.1"),
    sourced=True,
    outward=True,
    menu="production",
    posting=posting,
    fields=(f.NUMBER, f.DATE, replace(f.WAREHOUSE_OUT, label="领料仓库"), f.HANDLER, f.DEPARTMENT, *f.FOOT),
    goods=f.goods_lines(f.LINE_OUT, f.LOT),
    list=f.document_list("source_place"),
    conversions=(Conversion(target="material_return", label="退料", purpose="returned"),),
)
