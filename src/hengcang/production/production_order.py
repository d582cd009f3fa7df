"""生产订单 Production order: what is to be made of what by when; its costs are gathered, and settled when it is closed."""

from __future__ import annotations

from dataclasses import replace

from hengcang.documents import fields as f
from hengcang.documents.exploding import EXPLODE, EXPLODE_DEEP
from hengcang.documents.making_fields import BILL
from hengcang.meta.declarations import Conversion, DocumentType, Field, Kind

PRODUCTION_ORDER = DocumentType(
    name="production_order",
    collection="production_orders",
    label="生产订单",
    number_pattern="SCDD-{yyyymmdd}-{seq:04}",
    closable=True,
    expected="finish_date",
    gathers=True,
    menu="production",
    line_fills=(EXPLODE, EXPLODE_DEEP),
    fields=(
        f.NUMBER,
        f.DATE,
        Field(name="finish_date", label="完工日期", kind=Kind.DATE, column="ext:finish_date", width=110, sortable=False),
        replace(f.WAREHOUSE_OUT, label="领料仓库"),
        replace(f.WAREHOUSE_IN, label="入库仓库"),
        f.HANDLER,
        f.DEPARTMENT,
        *f.ORDER_FOOT,
    ),
    goods=f.goods_table("product", "产品", BILL, f.ORDER_IN, most=1),
    more_goods=(f.goods_table("component", "计划用料", f.ORDER_OUT, required=False),),
    list=f.document_list("source_place", "target_place", "progress", filters=("progress",)),
    conversions=(
        Conversion(target="material_issue", label="领料", purpose="issued", role="component"),
        Conversion(target="finished_receipt", label="完工入库", purpose="finished"),
    ),
)
