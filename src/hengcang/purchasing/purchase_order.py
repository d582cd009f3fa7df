"""采购订单 Purchase order: what was agreed with a supplier, for stock or for a customer's order; moves nothing, is received in parts."""

from __future__ import annotations

from decimal import Decimal

from hengcang.documents import fields as f
from hengcang.meta.declarations import Conversion, DocumentType, Field, Kind, Mask

PURCHASE_ORDER = DocumentType(
    name="purchase_order",
    collection="purchase_orders",
    label="采购订单",
    number_pattern="CGDD-{yyyymmdd}-{seq:04}",
    party_role="supplier",
    price_mask=Mask.PURCHASE_PRICE,
    closable=True,
    expected="delivery_date",
    consumes="purchased",
    tolerance=Decimal(0),
    menu="purchasing",
    fields=(
        f.NUMBER,
        f.SUPPLIER,
        f.DATE,
        Field(name="delivery_date", label="交货日期", kind=Kind.DATE, column="ext:delivery_date", width=110, sortable=False),
        f.WAREHOUSE_IN,
        f.HANDLER,
        f.DEPARTMENT,
        *f.CURRENCIES,
        *f.priced(Mask.PURCHASE_PRICE),
        *f.ORDER_FOOT,
    ),
    goods=f.goods_lines(f.ORDER_IN, mask=Mask.PURCHASE_PRICE, price_key="purchase_price"),
    list=f.document_list("party", "target_place", "amount_gross", "progress", filters=("party", "progress")),
    conversions=(Conversion(target="purchase_receipt", label="入库", purpose="received"),),
)
