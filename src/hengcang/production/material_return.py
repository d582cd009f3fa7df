"""退料单 Material return: issued material comes back from production, at what its issue cost."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import DocumentFacts, PlaceKind, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import moves_of, source_cost
from hengcang.meta.declarations import DocumentType


def posting(document: DocumentFacts) -> Posting:
    """生产 → 仓库 at the net cost of the issue it names: 借 库存商品 贷 生产成本."""
    moves = moves_of(document, "material_return", source_cost, source=PlaceKind.PRODUCTION)
    orders = [line.origin_document for line in document.goods]
    return Posting(moves=[replace(move, group=order) for move, order in zip(moves, orders, strict=True)])


MATERIAL_RETURN = DocumentType(
    name="material_return",
    collection="material_returns",
    label="退料单",
    number_pattern="TL-{yyyymmdd}-{seq:04}",
    consumes="returned",
    gives_back=True,
    sourced=True,
    inward=True,
    menu="production",
    posting=posting,
    fields=(f.NUMBER, f.DATE, replace(f.WAREHOUSE_IN, label="退料仓库"), f.HANDLER, f.DEPARTMENT, *f.FOOT),
    goods=f.goods_lines(f.LINE_IN, f.LOT),
    list=f.document_list("target_place"),
)
