"""成本调整单 Cost adjustment: what goods in stock are worth is changed, and nothing moves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hengcang.core.posting import Adjust, DocumentFacts, Move, PlaceKind, PlaceName, Posting
from hengcang.documents import fields as f
from hengcang.meta.declarations import Choice, DocumentType, Field, Kind, Mask

REASONS = (
    Choice("wrong_cost", "成本录错"),
    Choice("write_down", "跌价"),
    Choice("opening", "期初差额"),
    Choice("other", "其他"),
)


def posting(document: DocumentFacts) -> Posting:
    """Above zero 借 库存商品 贷 成本差异, below zero the other way: the goods that are there that day bear it."""
    moves = []
    for line in document.goods:
        amount = Decimal(line.ext.get("amount") or 0)
        own: PlaceName = line.source_place or 0
        source, target = (own, PlaceKind.VARIANCE) if amount < 0 else (PlaceKind.VARIANCE, own)
        moves.append(Move(line.id, line.item, Decimal(0), source, target, Adjust(abs(amount)), "cost_adjustment", line.lot))
    return Posting(moves=moves)


COST_ADJUSTMENT = DocumentType(
    name="cost_adjustment",
    collection="cost_adjustments",
    label="成本调整单",
    number_pattern="CBTZ-{yyyymmdd}-{seq:04}",
    price_mask=Mask.COST,
    outward=True,
    menu="inventory",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        replace(f.WAREHOUSE_OUT, label="仓库", required=True, help="分仓核算时调整这个仓库的成本，总仓核算时调整全公司的"),
        Field(
            name="reason", label="调整原因", kind=Kind.CHOICE, column="ext:reason", choices=REASONS, default="wrong_cost", sortable=False
        ),
        f.HANDLER,
        *f.FOOT,
    ),
    goods=f.value_lines(Mask.COST, "调整金额"),
    list=f.document_list("source_place", "reason"),
)
