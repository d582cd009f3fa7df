"""盘点方案 Count plan: what is to be counted; posting it freezes the books and makes the list, many people count, a stock count results."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.ranking import CLASSES
from hengcang.documents import fields as f
from hengcang.meta.declarations import BINS, Choice, DocumentType, Field, Kind

RANKS = tuple(Choice(one, f"{one} 类") for one in CLASSES)
OBJECTS = (Choice("stock", "只盘有库存的"), Choice("moved", "有过业务的都盘"))

COUNT_PLAN = DocumentType(
    name="count_plan",
    collection="count_plans",
    label="盘点方案",
    number_pattern="PDFA-{yyyymmdd}-{seq:04}",
    counts="stock_count",
    closable=True,
    menu="inventory",
    fields=(
        f.NUMBER,
        f.DATE,
        replace(f.WAREHOUSE_OUT, label="盘点仓库", default=None, help="留空盘全部仓库；要盘其中几个，在盘点商品里逐行指定"),
        Field(
            name="category", label="商品分类", kind=Kind.REF, ref="item_categories", column="ext:category", width=140, sortable=False,
            help="含下级分类；留空不限",
        ),
        Field(
            name="abc_class", label="ABC 分类", kind=Kind.CHOICE, choices=RANKS, column="ext:abc_class", width=90, sortable=False,
            help="按最近十二个月的出库成本分类；留空不限",
        ),
        Field(
            name="bins", label="库位开头", column="ext:bins", max_length=30, width=90, sortable=False, feature=BINS,
            help="如 A-01 盘编码以此开头的库位；留空不限",
        ),
        replace(f.SUPPLIER, required=False, help="只盘默认供应商为此的商品；留空不限"),
        Field(
            name="objects", label="盘点对象", kind=Kind.CHOICE, choices=OBJECTS, default="stock", column="ext:objects", width=130,
            sortable=False,
        ),
        Field(
            name="blind", label="盲盘", kind=Kind.BOOLEAN, column="ext:blind", default=True, width=70, sortable=False,
            help="盲盘时盘点人看不到账面数量",
        ),
        Field(
            name="second_required", label="差异须复盘", kind=Kind.BOOLEAN, column="ext:second_required", default=False, width=100,
            sortable=False,
        ),
        Field(
            name="schedule", label="循环盘点计划", kind=Kind.REF, ref="count_schedules", column="ext:schedule", width=140, sortable=False,
            help="这次盘点所属的循环盘点计划；盘完后按它的间隔排下一次",
        ),
        f.HANDLER,
        *f.FOOT,
    ),
    goods=replace(
        f.goods_lines(role="chosen", required=False),
        label="盘点商品",
        fields=(f.ITEM, f.LINE_OUT, f.LINE_REMARK),
    ),
    list=f.document_list("source_place", filters=("source_place",)),
)  # fmt: skip
