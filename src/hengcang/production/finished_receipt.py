"""完工入库单 Finished receipt: what a production order made comes in, for its part of what the order holds by then, and the fee."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hengcang.core.posting import DocumentFacts, GoodsFacts, PlaceKind, Posting, SumOf, Value
from hengcang.documents import fields as f
from hengcang.documents.making import fee_entries, fee_of, fee_shares
from hengcang.documents.rules import moves_of
from hengcang.meta.declarations import Conversion, DocumentType, Mask


def posting(document: DocumentFacts) -> Posting:
    """生产 → 仓库 for quantity / what is still to come of what the order holds; 借 生产成本 贷 应付 for labour and overhead."""
    fees = fee_shares(fee_of(document), document.goods, {line.id: line.quantity for line in document.goods})

    def value(line: GoodsFacts) -> Value:
        return SumOf(fees[line.id], line.quantity, line.source_quantity)

    moves = moves_of(document, "finished", value, source=PlaceKind.PRODUCTION)
    orders = [line.source_document for line in document.goods]
    gathered = [replace(move, group=order) for move, order in zip(moves, orders, strict=True)]
    return Posting(moves=gathered, entries=fee_entries(document))


FINISHED_RECEIPT = DocumentType(
    name="finished_receipt",
    collection="finished_receipts",
    label="完工入库",
    number_pattern="WGRK-{yyyymmdd}-{seq:04}",
    party_role="supplier",
    price_mask=Mask.COST,
    consumes="finished",
    tolerance=Decimal("0.1"),
    sourced=True,
    inward=True,
    menu="production",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        replace(f.WAREHOUSE_IN, label="入库仓库"),
        *f.fee_fields("人工与制造费用"),
        f.HANDLER,
        f.DEPARTMENT,
        *f.FOOT,
    ),
    goods=f.goods_lines(f.LINE_IN, f.LOT),
    list=f.document_list("target_place", "party", filters=("party",)),
    conversions=(Conversion(target="outgoing_payment", label="付款", purpose="paid", money=True),),
)
