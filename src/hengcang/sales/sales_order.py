"""销售订单 Sales order: what a customer ordered; reserves stock when asked, is delivered in parts."""

from __future__ import annotations

from hengcang.core.posting import DocumentFacts, Posting, Reserve
from hengcang.documents import fields as f
from hengcang.meta.declarations import Conversion, DocumentType, Field, Kind, Mask


def posting(document: DocumentFacts) -> Posting:
    """Where the order asks for it, holds back what is ordered at the line's warehouse, of its lot where it names one; moves nothing."""
    if not document.ext.get("reserve"):
        return Posting()
    return Posting(
        reserves=[
            Reserve(line.id, line.item, line.source_place, line.quantity, line.lot or 0, line.quantity)
            for line in document.goods
            if line.source_place is not None
        ]
    )


SALES_ORDER = DocumentType(
    name="sales_order",
    collection="sales_orders",
    label="销售订单",
    number_pattern="XSDD-{yyyymmdd}-{seq:04}",
    party_role="customer",
    price_mask=Mask.SALES_PRICE,
    uses_credit=True,
    closable=True,
    expected="delivery_date",
    reserves=True,
    menu="sales",
    posting=posting,
    fields=(
        f.NUMBER,
        f.CUSTOMER,
        f.DATE,
        Field(name="delivery_date", label="交货日期", kind=Kind.DATE, column="ext:delivery_date", width=110, sortable=False),
        f.WAREHOUSE_OUT,
        Field(name="reserve", label="占用库存", kind=Kind.BOOLEAN, column="ext:reserve", default=False, width=90, sortable=False),
        Field(
            name="reserve_until",
            label="占用到期日",
            kind=Kind.DATE,
            column="ext:reserve_until",
            width=110,
            sortable=False,
            help="过了这一天，占用不再计入可用量，并由“释放到期占用”收回；留空为一直占用",
        ),
        f.SALESPERSON,
        f.DEPARTMENT,
        *f.CURRENCIES,
        *f.priced(Mask.SALES_PRICE),
        *f.ORDER_FOOT,
    ),
    goods=f.goods_lines(f.ORDER_OUT, f.WISHED_LOT, mask=Mask.SALES_PRICE, price_key="sales_price"),
    list=f.document_list("party", "source_place", "amount_gross", "progress", filters=("party", "progress")),
    conversions=(
        Conversion(target="sales_delivery", label="出库", purpose="delivered"),
        Conversion(
            target="purchase_order",
            label="以销定购",
            purpose="purchased",
            header={"target_place": "source_place"},
            line={"target_place": "source_place"},
            split_by="default_supplier",
            onward=("received",),
        ),
    ),
)
