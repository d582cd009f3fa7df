"""拆卸单 Disassembly: one product leaves at cost, its components come in, sharing that cost and the fee by ratio."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import DocumentFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.exploding import EXPLODE
from hengcang.documents.making import fee_entries, put_in, split_out
from hengcang.documents.making_fields import BASIS, BILL, RATIO
from hengcang.meta.declarations import Conversion, DocumentType, Mask


def posting(document: DocumentFacts) -> Posting:
    """仓库 → 生产 at cost, 生产 → 仓库 by ratio; 借 生产成本 贷 应付 for the fee."""
    products = put_in(document, "product", "disassembly")
    return Posting(moves=[*products, *split_out(document, "component", "disassembly")], entries=fee_entries(document))


DISASSEMBLY = DocumentType(
    name="disassembly",
    collection="disassemblies",
    label="拆卸单",
    number_pattern="CX-{yyyymmdd}-{seq:04}",
    party_role="supplier",
    price_mask=Mask.COST,
    menu="production",
    posting=posting,
    line_fills=(EXPLODE,),
    fields=(
        f.NUMBER,
        f.DATE,
        replace(f.WAREHOUSE_OUT, label="产品仓库", required=True),
        replace(f.WAREHOUSE_IN, label="组件仓库", required=True),
        BASIS,
        *f.fee_fields("拆卸费"),
        f.HANDLER,
        f.DEPARTMENT,
        *f.FOOT,
    ),
    goods=f.goods_table("product", "产品", BILL, f.LINE_OUT, f.LOT, outward=True, most=1),
    more_goods=(f.goods_table("component", "组件", RATIO, f.LINE_IN, f.LOT, inward=True),),
    list=f.document_list("source_place", "target_place", "party", filters=("party",)),
    conversions=(Conversion(target="outgoing_payment", label="付款", purpose="paid", money=True),),
)
