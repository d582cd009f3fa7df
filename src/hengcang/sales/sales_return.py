"""销售退货单 Sales return: goods come back from a customer at the net cost they left with; revenue is taken back."""

from __future__ import annotations

from hengcang.core.posting import DocumentFacts, PlaceKind, Posting
from hengcang.core.shipping import DeliveryState
from hengcang.documents import fields as f
from hengcang.documents import logistics
from hengcang.documents.debts import receivable
from hengcang.documents.rules import moves_of, source_cost
from hengcang.meta.declarations import Conversion, DocumentType, Mask


def posting(document: DocumentFacts) -> Posting:
    """客户 → 仓库 at the net cost of the delivery line it names, else at the pool's cost."""
    moves = moves_of(document, "sales_return", source_cost, source=PlaceKind.CUSTOMER)
    return Posting(moves=moves, entries=receivable(document, -1))


SALES_RETURN = DocumentType(
    name="sales_return",
    collection="sales_returns",
    label="销售退货单",
    number_pattern="XSTH-{yyyymmdd}-{seq:04}",
    party_role="customer",
    price_mask=Mask.SALES_PRICE,
    consumes="returned",
    inward=True,
    menu="sales",
    delivery=DeliveryState.SIGNED,
    posting=posting,
    fields=(
        f.NUMBER,
        f.CUSTOMER,
        f.DATE,
        f.WAREHOUSE_IN,
        f.DUE_DATE,
        f.SALESPERSON,
        f.DEPARTMENT,
        *f.CURRENCIES,
        *f.priced(Mask.SALES_PRICE),
        *logistics.fields_of("ours", "theirs"),
        *f.FOOT,
    ),
    goods=f.goods_lines(f.LINE_IN, f.LOT, mask=Mask.SALES_PRICE, price_key="sales_price"),
    list=f.document_list("party", "target_place", "amount_gross", filters=("party",)),
    conversions=(
        Conversion(target="sales_credit_note", label="红字发票", purpose="invoiced"),
        Conversion(target="incoming_payment", label="退款", purpose="paid", money=True),
        logistics.TO_CARRIER,
    ),
)
