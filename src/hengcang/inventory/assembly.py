"""组装单 Assembly: components leave a warehouse at cost, the product comes in for their sum and the fee."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import DocumentFacts, Posting, SumOf
from hengcang.documents import fields as f
from hengcang.documents.exploding import EXPLODE
from hengcang.documents.making import fee_entries, fee_of, put_in, take_out
from hengcang.documents.making_fields import BILL
from hengcang.meta.declarations import Conversion, DocumentType, Mask


def posting(document: DocumentFacts) -> Posting:
    """仓库 → 生产 at cost, 生产 → 仓库 for the sum and the fee; 借 生产成本 贷 应付 for the fee."""
    components = put_in(document, "component", "assembly")
    products = take_out(document, "product", "assembly", lambda line: SumOf(fee_of(document), line.quantity, line.quantity))
    return Posting(moves=[*components, *products], entries=fee_entries(document))


ASSEMBLY = DocumentType(
    name="assembly",
    collection="assemblies",
    label="组装单",
    number_pattern="ZZ-{yyyymmdd}-{seq:04}",
    party_role="supplier",
    price_mask=Mask.COST,
    menu="production",
    posting=posting,
    line_fills=(EXPLODE,),
    fields=(
        f.NUMBER,
        f.DATE,
        replace(f.WAREHOUSE_OUT, label="组件仓库", required=True),
        replace(f.WAREHOUSE_IN, label="产品仓库", required=True),
        *f.fee_fields("组装费"),
        f.HANDLER,
        f.DEPARTMENT,
        *f.FOOT,
    ),
    goods=f.goods_table("product", "产品", BILL, f.LINE_IN, f.LOT, inward=True, most=1),
    more_goods=(f.goods_table("component", "组件", f.LINE_OUT, f.LOT, outward=True),),
    list=f.document_list("source_place", "target_place", "party", filters=("party",)),
    conversions=(Conversion(target="outgoing_payment", label="付款", purpose="paid", money=True),),
)
