"""商品声明 Items and what belongs to them, declared."""

from __future__ import annotations

from decimal import Decimal

from hengcang.catalog import materials
from hengcang.catalog.family_types import AXIS_VALUE, ITEM_FIELDS, VARIANT_AXIS, family_of
from hengcang.catalog.picker import by_barcode, units_of
from hengcang.catalog.rules import check_category, check_item, follow_limits, item_saved, limits_differ, place_category, prepare_item
from hengcang.meta import options, registry
from hengcang.meta.declarations import Choice, Field, Kind, Lines, ListView, Mask, MasterType
from hengcang.meta.master_fields import ACTIVE, NOTE, code_field, name_field

ZERO = Decimal(0)
TRACKING = (Choice("none", "不管理"), Choice("lot", "批次"), Choice("serial", "序列号"))
COSTING = (
    Choice("moving_average", "移动加权平均"),
    Choice("fifo", "先进先出"),
    Choice("specific_cost", "个别计价"),
    Choice("monthly_average", "全月一次加权平均"),
)
NEGATIVE = (Choice("", "按仓库"), Choice("forbid", "禁止"), Choice("warn", "提示"), Choice("allow", "允许"))
EXPIRED = (Choice("", "按账套"), *NEGATIVE[1:])
ACCOUNT_CLASSES = (Choice("goods", "库存商品"), Choice("material", "原材料"))
PRICE = {"kind": Kind.PRICE, "minimum": ZERO, "scale": 4, "width": 100}
LIMIT = {"kind": Kind.QUANTITY, "minimum": ZERO, "width": 90}

UNITS = Lines(
    name="units",
    label="多单位",
    model="catalog.ItemUnit",
    parent="item",
    fields=(
        Field(name="unit", label="单位", kind=Kind.REF, ref="units", required=True, width=90),
        Field(name="factor", label="换算率", kind=Kind.QUANTITY, required=True, help="1 个本单位等于多少基本单位"),
        Field(name="barcode", label="条码", max_length=60),
        Field(name="purchase_price", label="采购价", mask=Mask.PURCHASE_PRICE, **PRICE),  # type: ignore[arg-type]
        Field(name="sales_price", label="销售价", mask=Mask.SALES_PRICE, **PRICE),  # type: ignore[arg-type]
    ),
)
BARCODES = Lines(
    name="barcodes",
    label="更多条码",
    model="catalog.Barcode",
    parent="item",
    fields=(
        Field(name="code", label="条码", required=True, max_length=60),
        Field(name="unit", label="单位", kind=Kind.REF, ref="units"),
    ),
)
LIMITS = Lines(
    name="limits",
    label="库存上下限",
    model="catalog.StockLimit",
    parent="item",
    fields=(
        Field(name="place", label="仓库", kind=Kind.REF, ref="warehouses", required=True),
        Field(name="stock_min", label="库存下限", **LIMIT),  # type: ignore[arg-type]
        Field(name="stock_max", label="库存上限", **LIMIT),  # type: ignore[arg-type]
        Field(name="safety_stock", label="安全库存", **LIMIT),  # type: ignore[arg-type]
    ),
)

ITEM = MasterType(
    name="item",
    collection="items",
    label="商品",
    model="catalog.Item",
    code_pattern="SP{seq:05}",
    prepare=prepare_item,
    check=check_item,
    saved=item_saved,
    concerns=limits_differ,
    settle=follow_limits,
    search_column="search_text",
    search=("code", "name", "pinyin", "spec", "barcode"),
    ref_fields={"spec": "spec", "unit": "base_unit", "tracking": "tracking"},
    option_fields=("family", "barcode", "category", "tracking", "tax_rate", "purchase_price", "sales_price"),
    fields=(
        code_field(60, drawn=True),
        name_field(120),
        Field(name="spec", label="规格", max_length=120),
        Field(name="pinyin", label="助记码", readonly=True, width=90),
        Field(name="barcode", label="条码", max_length=60),
        Field(name="category", label="分类", kind=Kind.REF, ref="item_categories"),
        Field(name="brand", label="品牌", kind=Kind.REF, ref="brands"),
        Field(name="base_unit", label="基本单位", kind=Kind.REF, ref="units", required=True, default="@first", width=90),
        Field(name="tax_rate", label="税率", kind=Kind.RATE, default="0.13", minimum=ZERO, group="价格", width=70),
        Field(name="purchase_price", label="采购价", mask=Mask.PURCHASE_PRICE, group="价格", **PRICE),  # type: ignore[arg-type]
        Field(name="sales_price", label="销售价", mask=Mask.SALES_PRICE, group="价格", **PRICE),  # type: ignore[arg-type]
        Field(name="reference_cost", label="参考成本", mask=Mask.COST, group="价格", **PRICE),  # type: ignore[arg-type]
        Field(name="tracking", label="批次/序列号", kind=Kind.CHOICE, choices=TRACKING, default="none", group="库存"),
        Field(name="shelf_life_days", label="保质期(天)", kind=Kind.INTEGER, minimum=ZERO, group="库存"),
        Field(
            name="weight",
            label="重量(千克)",
            kind=Kind.QUANTITY,
            minimum=ZERO,
            scale=6,
            group="库存",
            help="一个基本单位的重量，用于分摊费用",
        ),
        Field(
            name="volume",
            label="体积(立方米)",
            kind=Kind.QUANTITY,
            minimum=ZERO,
            scale=6,
            group="库存",
            help="一个基本单位的体积，用于分摊费用",
        ),
        Field(
            name="costing_method",
            label="计价方法",
            kind=Kind.CHOICE,
            choices=COSTING,
            default="moving_average",
            group="库存",
            help="有库存业务后不能再改",
        ),
        Field(
            name="account_class",
            label="科目类别",
            kind=Kind.CHOICE,
            choices=ACCOUNT_CLASSES,
            default="goods",
            group="库存",
        ),
        Field(name="negative_stock", label="负库存", kind=Kind.CHOICE, choices=NEGATIVE, default="", group="库存"),
        Field(
            name="expired_lots",
            label="过期批次出库",
            kind=Kind.CHOICE,
            choices=EXPIRED,
            default="",
            group="库存",
        ),
        Field(
            name="default_supplier",
            label="默认供应商",
            kind=Kind.REF,
            ref="suppliers",
            group="库存",
            where={"is_supplier": True},
        ),
        Field(name="default_warehouse", label="默认仓库", kind=Kind.REF, ref="warehouses", group="库存"),
        Field(
            name="second_unit",
            label="辅助单位",
            kind=Kind.REF,
            ref="units",
            group="库存",
            width=90,
            help="每次比例都不同的第二个计量单位，如按斤卖、按只点；有库存业务后不能再改",
        ),
        Field(
            name="second_factor",
            label="辅助换算率",
            kind=Kind.QUANTITY,
            minimum=ZERO,
            scale=6,
            group="库存",
            help="一个辅助单位通常等于多少基本单位，只用来建议数量",
        ),
        *ITEM_FIELDS,
        Field(name="image", label="图片", max_length=200, sortable=False),
        NOTE,
        ACTIVE,
    ),
    lines=(UNITS, BARCODES, LIMITS),
    list=ListView(
        columns=(
            *("code", "name", "spec", "family", "category", "base_unit", "barcode", "purchase_price", "sales_price"),
            *("tracking", "active"),
        ),
        filters=("code", "name", "family", "category", "brand", "default_supplier", "tracking", "active"),
        sort="code",
    ),
)

ITEM_CATEGORY = MasterType(
    name="item_category",
    collection="item_categories",
    label="商品分类",
    model="catalog.ItemCategory",
    code_pattern="LB{seq:03}",
    check=check_category,
    saved=place_category,
    fields=(
        code_field(drawn=True),
        name_field(),
        Field(name="parent", label="上级分类", kind=Kind.REF, ref="item_categories"),
        ACTIVE,
    ),
    list=ListView(columns=("code", "name", "parent", "active"), filters=("code", "name", "active"), sort="code"),
)

BRAND = MasterType(
    name="brand",
    collection="brands",
    label="品牌",
    model="catalog.Brand",
    code_pattern="PP{seq:03}",
    fields=(code_field(drawn=True), name_field(), ACTIVE),
    list=ListView(columns=("code", "name", "active"), filters=("code", "name", "active"), sort="code"),
)

UNIT = MasterType(
    name="unit",
    collection="units",
    label="计量单位",
    model="catalog.Unit",
    code_pattern="DW{seq:02}",
    open_options=True,
    fields=(
        code_field(20, drawn=True),
        name_field(20),
        Field(name="decimals", label="小数位", kind=Kind.INTEGER, default=2, minimum=ZERO, width=70),
        ACTIVE,
    ),
    list=ListView(columns=("code", "name", "decimals", "active"), filters=("code", "name", "active"), sort="code"),
)

LOT = MasterType(
    name="lot",
    collection="lots",
    label="批次",
    model="catalog.Lot",
    code_field="number",
    label_field="number",
    fields=(
        Field(name="item", label="商品", kind=Kind.REF, ref="items", required=True, width=200),
        Field(
            name="number",
            label="批号",
            required=True,
            max_length=60,
            drill={"report": "lot_trace", "parameters": {"lot": "id"}},
        ),
        Field(name="production_date", label="生产日期", kind=Kind.DATE),
        Field(name="expiry_date", label="有效期至", kind=Kind.DATE),
        Field(name="supplier_lot", label="供应商批号", max_length=60),
        Field(name="attributes", label="批次属性", max_length=200, help="色号、缸号、产地、等级等"),
    ),
    list=ListView(
        columns=("item", "number", "production_date", "expiry_date", "supplier_lot", "attributes"),
        filters=("item", "number", "production_date", "expiry_date", "attributes"),
        sort="-id",
    ),
    search=("number", "supplier_lot", "attributes", "item"),
    ref_fields={"expiry_date": "expiry_date", "attributes": "attributes"},
    option_filters=("item",),
)

AMOUNT = {"kind": Kind.QUANTITY, "minimum": ZERO, "maximum": Decimal("1e10"), "scale": 6, "required": True}
COMPONENTS = Lines(
    name="components",
    label="组件",
    model="catalog.BomComponent",
    parent="bill",
    required=True,
    fields=(
        Field(name="item", label="商品", kind=Kind.REF, ref="items", required=True, width=240),
        Field(name="quantity", label="用量", help="做出上面的成品数量所用的基本单位数量", **AMOUNT),  # type: ignore[arg-type]
        Field(name="scrap_rate", label="损耗率", kind=Kind.RATE, default="0", minimum=ZERO, maximum=Decimal(10), scale=4, width=90),
    ),
)

BILL_OF_MATERIALS = MasterType(
    name="bill_of_materials",
    collection="bills_of_materials",
    label="物料清单",
    model="catalog.BillOfMaterials",
    code_pattern="BOM{seq:05}",
    label_field="edition",
    prepare=materials.prepare_bill,
    check=materials.check_bill,
    saved=materials.one_default,
    search=("code", "item", "edition"),
    ref_fields={"item": "item"},
    option_fields=("item",),
    fields=(
        code_field(60, drawn=True),
        Field(name="item", label="产品", kind=Kind.REF, ref="items", required=True, width=220),
        Field(name="edition", label="版本", max_length=30, default="1.0", width=90),
        Field(name="quantity", label="产品数量", default="1", **AMOUNT),  # type: ignore[arg-type]
        Field(name="is_default", label="默认版本", kind=Kind.BOOLEAN, default=True, width=90),
        NOTE,
        ACTIVE,
    ),
    lines=(COMPONENTS,),
    list=ListView(
        columns=("code", "item", "edition", "quantity", "is_default", "active"),
        filters=("code", "item", "edition", "active"),
        sort="code",
    ),
)

ITEM_FAMILY = family_of(ITEM)

MASTERS = (ITEM, ITEM_FAMILY, VARIANT_AXIS, AXIS_VALUE, ITEM_CATEGORY, BRAND, UNIT, LOT, BILL_OF_MATERIALS)


def declare() -> None:
    """登记 Put them into the registry, with what the item picker shows beside the declared fields."""
    registry.register(*MASTERS)
    options.extra("items", units_of)
    options.exact("items", "barcode", by_barcode)
