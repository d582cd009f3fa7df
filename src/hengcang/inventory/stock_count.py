"""盘点单 Stock count: what was counted against the frozen book quantity; the difference is gain or loss."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hengcang.core.posting import AtCost, DocumentFacts, Move, PlaceKind, Posting
from hengcang.documents import fields as f
from hengcang.meta.declarations import DocumentType, Field, Kind


def posting(document: DocumentFacts) -> Posting:
    """仓库 → 盘点 with a signed quantity: above zero 盘亏, below zero 盘盈; a count without difference stands as a zero."""
    moves = [
        Move(
            line=line.id,
            item=line.item,
            quantity=(line.book_quantity or Decimal(0)) - line.quantity,
            source=line.source_place or 0,
            target=PlaceKind.COUNT,
            value=AtCost(),
            kind="count",
            lot=line.lot,
        )
        for line in document.goods
    ]
    return Posting(moves=moves)


STOCK_COUNT = DocumentType(
    name="stock_count",
    collection="stock_counts",
    label="盘点单",
    number_pattern="PD-{yyyymmdd}-{seq:04}",
    outward=True,
    freezes=True,
    menu="inventory",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        replace(f.WAREHOUSE_OUT, label="盘点仓库", required=True),
        f.HANDLER,
        *f.FOOT,
    ),
    goods=replace(
        f.goods_lines(
            replace(f.BIN_OUT, label="库位", help="留空盘仓库里未上架的"),
            Field(name="book_quantity", label="账面数量", kind=Kind.QUANTITY, readonly=True, scale=6, width=100),
            f.LOT,
            mask=None,
            role="counted",
        ),
        label="盘点明细",
    ),
    list=f.document_list("source_place"),
)
