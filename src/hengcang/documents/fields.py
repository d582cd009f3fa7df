"""单据通用字段 The fields that trade documents share; a type picks those it has and changes what differs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hengcang.core.fulfilment import PROGRESS_LABELS
from hengcang.core.lifecycle import STATE_LABELS, STATE_TONES
from hengcang.meta.declarations import BINS, FOREIGN, SECOND_UNITS, Choice, Field, Kind, Lines, ListView, Mask

STATES = tuple(Choice(state.value, label, STATE_TONES[state]) for state, label in STATE_LABELS.items())
PROGRESS_TONES = {"none": "default", "partial": "processing", "complete": "success"}
PROGRESSES = tuple(Choice(one.value, label, PROGRESS_TONES[one.value]) for one, label in PROGRESS_LABELS.items())

NUMBER = Field(name="number", label="单号", readonly=True, width=170, drill={"document": True})
STATE = Field(name="state", label="状态", kind=Kind.CHOICE, choices=STATES, readonly=True, width=90)
PROGRESS = Field(name="progress", label="执行状态", kind=Kind.CHOICE, choices=PROGRESSES, readonly=True, width=90)
DATE = Field(name="document_date", label="单据日期", kind=Kind.DATE, required=True, default="@today", width=110)
DUE_DATE = Field(name="due_date", label="到期日", kind=Kind.DATE, width=110, help="留空时按往来单位的账期推算")
INVOICE_NUMBER = Field(name="invoice_number", label="发票号码", column="ext:invoice_number", max_length=40, width=160, sortable=False)
HANDLER = Field(name="handler", label="经手人", kind=Kind.REF, ref="users", default="@user", width=100)
SALESPERSON = Field(name="salesperson", label="业务员", kind=Kind.REF, ref="users", default="@user", width=100)
DEPARTMENT = Field(name="department", label="部门", kind=Kind.REF, ref="departments", width=110)
REMARK = Field(name="remark", label="备注", kind=Kind.LONGTEXT, max_length=500, width=200)
CREATED_BY = Field(name="created_by", label="制单人", kind=Kind.REF, ref="users", readonly=True, width=90)
CREATED_AT = Field(name="created_at", label="制单时间", kind=Kind.DATETIME, readonly=True, width=150)
POSTED_BY = Field(name="posted_by", label="审核人", kind=Kind.REF, ref="users", readonly=True, width=90)
POSTED_AT = Field(name="posted_at", label="审核时间", kind=Kind.DATETIME, readonly=True, width=150)

CURRENCY = Field(
    name="currency", label="币别", kind=Kind.REF, ref="currencies", feature=FOREIGN, width=80, help="留空为本位币；单价与金额都以此币别计"
)
CURRENCY_RATE = Field(
    name="currency_rate",
    label="汇率",
    kind=Kind.PRICE,
    feature=FOREIGN,
    scale=6,
    minimum=Decimal("0.000001"),
    maximum=Decimal(1_000_000),
    width=90,
    help="一单位外币合多少本位币；留空时取单据日期的最新汇率",
)
CURRENCIES = (CURRENCY, CURRENCY_RATE)

FOOT = (REMARK, STATE, CREATED_BY, CREATED_AT, POSTED_BY, POSTED_AT)
ORDER_FOOT = (REMARK, STATE, PROGRESS, CREATED_BY, CREATED_AT, POSTED_BY, POSTED_AT)

SUPPLIER = Field(name="party", label="供应商", kind=Kind.REF, ref="parties", where={"is_supplier": True}, required=True, width=200)
CUSTOMER = Field(name="party", label="客户", kind=Kind.REF, ref="parties", where={"is_customer": True}, required=True, width=200)
WAREHOUSE_IN = Field(name="target_place", label="收货仓库", kind=Kind.REF, ref="warehouses", default="@first", width=130)
WAREHOUSE_OUT = Field(name="source_place", label="发货仓库", kind=Kind.REF, ref="warehouses", default="@first", width=130)
DEPARTMENTS = (
    replace(DEPARTMENT, label="调出部门"),
    Field(name="target_department", label="调入部门", kind=Kind.REF, ref="departments", column="ext:target_department", sortable=False),
)


def priced(mask: Mask) -> tuple[Field, ...]:
    """Totals of the header under a price mask."""
    return (
        Field(
            name="discount_amount",
            label="整单优惠",
            kind=Kind.MONEY,
            default="0",
            mask=mask,
            scale=2,
            minimum=Decimal(0),
            maximum=MOST,
            width=110,
        ),
        Field(name="amount_net", label="不含税金额", kind=Kind.MONEY, readonly=True, mask=mask, scale=2, total=True, width=120),
        Field(name="tax_amount", label="税额", kind=Kind.MONEY, readonly=True, mask=mask, scale=2, total=True, width=110),
        Field(name="amount_gross", label="价税合计", kind=Kind.MONEY, readonly=True, mask=mask, scale=2, total=True, width=120),
    )


MOST = Decimal("1e10")
CHANGED = {"pricing": "changed"}
PRICINGS = (Choice("same", "同价调拨"), Choice("changed", "变价调拨", "processing"))
PRICE_SOURCES = (Choice("purchase_price", "采购价"), Choice("sales_price", "销售价"), Choice("reference_cost", "参考成本"))
PRICING = Field(
    name="pricing", label="调价方式", kind=Kind.CHOICE, column="ext:pricing", choices=PRICINGS, default="same", width=100, sortable=False,
    help="商品总按成本移动；变价另记两边的内部结算价，不进库存成本与利润",
)  # fmt: skip
INTERNAL_TOTAL = Field(
    name="amount_net", label="调拨金额", kind=Kind.MONEY, readonly=True, mask=Mask.TRANSFER_PRICE, scale=2, total=True, width=120,
    when=CHANGED,
)  # fmt: skip
INTERNAL = (
    PRICING,
    Field(
        name="price_source", label="取价方式", kind=Kind.CHOICE, column="ext:price_source", choices=PRICE_SOURCES, width=110,
        sortable=False, when=CHANGED, help="留空为手工录入；没填单价的行按此取价",
    ),
    Field(
        name="markup", label="加成", kind=Kind.RATE, column="ext:markup", mask=Mask.COST, scale=4, width=80, sortable=False, when=CHANGED,
        minimum=Decimal(-1), maximum=Decimal(100), help="在所取的价上加多少，减价填负数",
    ),
    INTERNAL_TOTAL,
)  # fmt: skip
INTERNAL_CARRIED = (replace(PRICING, readonly=True, default=None), INTERNAL_TOTAL)
INTERNAL_PRICES = (
    Field(
        name="unit_price_net", label="调拨单价", kind=Kind.PRICE, mask=Mask.TRANSFER_PRICE, scale=6, width=110, when=CHANGED,
        minimum=Decimal(0), maximum=MOST,
    ),
    replace(INTERNAL_TOTAL, width=110),
)  # fmt: skip
CARRIED_PRICES = tuple(replace(one, readonly=True) for one in INTERNAL_PRICES)
TRANSFER_HEAD = (
    NUMBER,
    DATE,
    replace(WAREHOUSE_OUT, label="调出仓库", required=True),
    replace(WAREHOUSE_IN, label="调入仓库", required=True, default=None),
    HANDLER,
    *DEPARTMENTS,
    *INTERNAL,
)
ITEM = Field(name="item", label="商品", kind=Kind.REF, ref="items", required=True, width=260)
UNIT = Field(name="unit", label="单位", kind=Kind.UNIT, width=70)
QUANTITY = Field(
    name="quantity", label="数量", kind=Kind.QUANTITY, required=True, scale=6, total=True, width=100, minimum=Decimal(0), maximum=MOST
)
BASE_QUANTITY = Field(name="base_quantity", label="基本数量", kind=Kind.QUANTITY, readonly=True, scale=6, width=100)
SECOND_QUANTITY = Field(
    name="second_quantity", label="辅助数量", kind=Kind.QUANTITY, scale=6, total=True, width=90, minimum=Decimal(0), maximum=MOST,
    feature=SECOND_UNITS, help="留空时按商品的辅助换算率建议",
)  # fmt: skip
SECOND_UNIT = Field(
    name="second_unit", label="辅助单位", column="item__second_unit__name", readonly=True, width=84, feature=SECOND_UNITS, sortable=False
)
SECOND = (SECOND_QUANTITY, SECOND_UNIT)
LOT = Field(name="lot", label="批次", kind=Kind.LOT, width=130)
WISHED_LOT = replace(LOT, help="留空为任意批次；填了，占用的就是这一批", sortable=False)
SERIALS = Field(name="serials", label="序列号", kind=Kind.SERIALS, width=100, sortable=False)
LOT_DATES = (
    Field(name="production_date", label="生产日期", kind=Kind.DATE, column="ext:production_date", width=110, sortable=False),
    Field(
        name="expiry_date",
        label="有效期至",
        kind=Kind.DATE,
        column="ext:expiry_date",
        width=110,
        sortable=False,
        help="留空时按生产日期加保质期推算",
    ),
    Field(name="supplier_lot", label="供应商批号", column="ext:supplier_lot", max_length=60, width=120, sortable=False),
    Field(
        name="attributes",
        label="批次属性",
        column="ext:attributes",
        max_length=200,
        width=140,
        sortable=False,
        help="色号、缸号、产地、等级等",
    ),
)
LINE_REMARK = Field(name="remark", label="备注", max_length=200, width=160)
LINE_PLACE = Field(name="", label="仓库", kind=Kind.REF, ref="places", width=120, help="留空时随单头仓库；仓库有库位的可选到库位")
LINE_IN = replace(LINE_PLACE, name="target_place", inherits="target_place")
LINE_OUT = replace(LINE_PLACE, name="source_place", inherits="source_place")
BIN_IN = replace(LINE_IN, label="调入库位", feature=BINS, within=True, help="留空时放在调入仓库，未上架")
BIN_OUT = replace(LINE_OUT, label="调出库位", feature=BINS, within=True, help="留空时从调出仓库未上架的货取")
ORDER_IN = replace(LINE_IN, ref="warehouses", help="留空时随单头仓库")
ORDER_OUT = replace(LINE_OUT, ref="warehouses", help="留空时随单头仓库")
BASES = (Choice("net", "不含税"), Choice("gross", "含税"))


def line_prices(mask: Mask) -> tuple[Field, ...]:
    """Prices and amounts of a line under a price mask."""
    money = {"kind": Kind.MONEY, "mask": mask, "scale": 2, "readonly": True, "total": True}
    return (
        Field(name="price_basis", label="价格口径", kind=Kind.CHOICE, choices=BASES, default="net", mask=mask, width=80),
        Field(name="unit_price_net", label="不含税单价", kind=Kind.PRICE, mask=mask, scale=6, width=110, minimum=Decimal(0), maximum=MOST),
        Field(name="unit_price_gross", label="含税单价", kind=Kind.PRICE, mask=mask, scale=6, width=110, minimum=Decimal(0), maximum=MOST),
        Field(
            name="discount", label="折扣", kind=Kind.RATE, default="0", mask=mask, scale=4, width=80, minimum=Decimal(0), maximum=Decimal(1)
        ),
        Field(name="tax_rate", label="税率", kind=Kind.RATE, mask=mask, scale=4, width=80, minimum=Decimal(0), maximum=Decimal(1)),
        Field(name="amount_net", label="金额", width=110, **money),  # type: ignore[arg-type]
        Field(name="tax_amount", label="税额", width=100, **money),  # type: ignore[arg-type]
        Field(name="amount_gross", label="价税合计", width=120, **money),  # type: ignore[arg-type]
    )


def goods_lines(*more: Field, mask: Mask | None = None, price_key: str = "", role: str = "goods", required: bool = True) -> Lines:
    """商品明细 A table of goods lines: item, unit, quantity, what the type adds, prices where it has them, remark.

    With lots that move come serial numbers and, where goods come in, what is known of the lot; they stand behind the prices,
    which every line has.
    """
    fills = {"unit": "unit", "tax_rate": "tax_rate"} if mask else {"unit": "unit"}
    if price_key:
        fills["unit_price_net"] = price_key
    item = replace(ITEM, fills=fills)
    prices = line_prices(mask) if mask else ()
    lots = tuple(one for one in more if one.kind is Kind.LOT)
    pieces = (LOT, *(LOT_DATES if LINE_IN in more else ()), SERIALS) if LOT in more else lots
    own = tuple(one for one in more if one not in lots)
    return Lines(
        name="goods_lines",
        label="商品明细",
        model="records.GoodsLine",
        parent="document",
        matches={"revision": "revision"},
        fields=(item, UNIT, QUANTITY, *SECOND, *own, *prices, *pieces, LINE_REMARK),
        role=role,
        required=required,
    )


def goods_table(role: str, label: str, *more: Field, **flow: Any) -> Lines:
    """其中一个商品明细 One of several tables of goods lines, named after its role; `flow` says whether its goods come or go, and `most`."""
    return replace(goods_lines(*more, role=role), name=f"{role}_lines", label=label, **flow)


FEE_PARTY = replace(SUPPLIER, label="加工方", required=False, help="费用欠谁：填了记应付账款，不填记应付职工薪酬")


def fee_fields(label: str) -> tuple[Field, ...]:
    """加工费 What making costs beside the goods, to whom it is owed, and when it is due."""
    fee = Field(
        name="fee", label=label, kind=Kind.MONEY, column="ext:fee", default="0", mask=Mask.COST, scale=2, minimum=Decimal(0), maximum=MOST,
        width=110, sortable=False,
    )  # fmt: skip
    return (fee, FEE_PARTY, DUE_DATE)


def value_lines(mask: Mask, label: str, minimum: Decimal | None = None) -> Lines:
    """金额明细 Lines that state an amount of an item's stock and no quantity."""
    amount = Field(
        name="amount",
        label=label,
        kind=Kind.MONEY,
        column="ext:amount",
        required=True,
        mask=mask,
        scale=2,
        width=130,
        minimum=minimum,
        maximum=MOST,
        sortable=False,
    )
    return replace(goods_lines(mask=None, role="adjusted"), fields=(ITEM, LOT, amount, LINE_REMARK))


def document_list(*columns: str, filters: tuple[str, ...] = ()) -> ListView:
    """单据列表 The list of a type: number, date, its own columns, state."""
    return ListView(
        columns=("number", "document_date", *columns, "state", "created_by"),
        filters=("number", *filters, "document_date", "state"),
        sort="-document_date",
        search=("number", "party", "remark") if "party" in columns else ("number", "remark"),
    )
