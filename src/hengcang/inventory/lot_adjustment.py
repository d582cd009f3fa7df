"""形态转换单 Lot adjustment: goods turn into other goods (another item, lot or quality); what they cost goes along."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import DocumentFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.making import BY_QUANTITY, fee_entries, put_in, split_out
from hengcang.documents.making_fields import BASIS, RATIO
from hengcang.meta.declarations import Conversion, DocumentType, Mask


def posting(document: DocumentFacts) -> Posting:
    """转换前 at cost, 转换后 by ratio of the whole; 借 生产成本 贷 应付 for the fee."""
    before = put_in(document, "source", "adjustment")
    return Posting(moves=[*before, *split_out(document, "target", "adjustment")], entries=fee_entries(document))


LOT_ADJUSTMENT = DocumentType(
    name="lot_adjustment",
    collection="lot_adjustments",
    label="形态转换单",
    number_pattern="XTZH-{yyyymmdd}-{seq:04}",
    party_role="supplier",
    price_mask=Mask.COST,
    menu="inventory",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        replace(f.WAREHOUSE_OUT, label="转出仓库", required=True),
        replace(f.WAREHOUSE_IN, label="转入仓库", required=True),
        replace(BASIS, default=BY_QUANTITY.value),
        *f.fee_fields("转换费"),
        f.HANDLER,
        f.DEPARTMENT,
        *f.FOOT,
    ),
    goods=f.goods_table("source", "转换前", f.LINE_OUT, f.LOT, outward=True),
    more_goods=(f.goods_table("target", "转换后", RATIO, f.LINE_IN, f.LOT, inward=True),),
    list=f.document_list("source_place", "target_place", "party", filters=("party",)),
    conversions=(Conversion(target="outgoing_payment", label="付款", purpose="paid", money=True),),
)
