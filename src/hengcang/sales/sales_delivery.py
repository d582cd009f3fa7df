"""销售出库单 Sales delivery: goods leave a warehouse for a customer at cost; revenue and receivable follow."""

from __future__ import annotations

from hengcang.core.posting import DocumentFacts, PlaceKind, Posting
from hengcang.core.shipping import DeliveryState
from hengcang.documents import fields as f
from hengcang.documents import logistics
from hengcang.documents.debts import receivable
from hengcang.documents.rules import at_cost, moves_of
from hengcang.meta.declarations import Conversion, DocumentType, Mask


def posting(document: DocumentFacts) -> Posting:
    """仓库 → 客户 at the pool's cost (借 主营业务成本 贷 库存商品); 借 应收账款 贷 主营业务收入、销项税额."""
    moves = moves_of(document, "sale", at_cost, target=PlaceKind.CUSTOMER)
    return Posting(moves=moves, entries=receivable(document, 1))


SALES_DELIVERY = DocumentType(
    name="sales_delivery",
    collection="sales_deliveries",
    label="销售出库单",
    number_pattern="XSCK-{yyyymmdd}-{seq:04}",
    party_role="customer",
    price_mask=Mask.SALES_PRICE,
    uses_credit=True,
    consumes="delivered",
    outward=True,
    ships=True,
    menu="sales",
    delivery=DeliveryState.TO_SHIP,
    posting=posting,
    fields=(
        f.NUMBER,
        f.CUSTOMER,
        f.DATE,
        f.WAREHOUSE_OUT,
        f.DUE_DATE,
        f.SALESPERSON,
        f.DEPARTMENT,
        *f.CURRENCIES,
        *f.priced(Mask.SALES_PRICE),
        *logistics.fields_of("ours", "advanced", "theirs", "pickup"),
        *f.FOOT,
    ),
    goods=f.goods_lines(f.LINE_OUT, f.LOT, mask=Mask.SALES_PRICE, price_key="sales_price"),
    list=f.document_list("party", "source_place", "amount_gross", "delivery_state", filters=("party", "delivery_state")),
    conversions=(
        Conversion(
            target="sales_return",
            label="退货",
            purpose="returned",
            header={"target_place": "source_place"},
            line={"target_place": "source_place"},
        ),
        Conversion(target="sales_invoice", label="开票", purpose="invoiced"),
        Conversion(target="incoming_payment", label="收款", purpose="paid", money=True),
        logistics.TO_CARRIER,
        logistics.FROM_CUSTOMER,
    ),
)
