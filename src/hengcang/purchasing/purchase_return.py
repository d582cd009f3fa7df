"""采购退货单 Purchase return: goods go back to the supplier at their net cost; his credit settles it."""

from __future__ import annotations

from hengcang.core.posting import Area, DocumentFacts, GoodsFacts, PlaceKind, PlaceName, Posting
from hengcang.core.shipping import DeliveryState
from hengcang.documents import fields as f
from hengcang.documents import logistics
from hengcang.documents.debts import payable
from hengcang.documents.rules import cost_of_line, moves_of, source_cost
from hengcang.meta.declarations import Conversion, DocumentType, Field, Kind, Mask


def posting(document: DocumentFacts) -> Posting:
    """仓库 (or its 不合格) → 供应商 at the net cost of the receipt line it names (else the pool's); value − credit → 进货价差."""

    def source(line: GoodsFacts) -> PlaceName:
        own = line.source_place or 0
        return Area(own, PlaceKind.REJECTED) if document.ext.get("from_rejected") else own

    moves = moves_of(
        document,
        "purchase_return",
        source_cost,
        source=source,
        target=PlaceKind.SUPPLIER,
        settled=lambda line: cost_of_line(document, line),
    )
    return Posting(moves=moves, entries=payable(document, -1))


PURCHASE_RETURN = DocumentType(
    name="purchase_return",
    collection="purchase_returns",
    label="采购退货单",
    number_pattern="CGTH-{yyyymmdd}-{seq:04}",
    party_role="supplier",
    price_mask=Mask.PURCHASE_PRICE,
    consumes="returned",
    outward=True,
    menu="purchasing",
    delivery=DeliveryState.TO_SHIP,
    posting=posting,
    fields=(
        f.NUMBER,
        f.SUPPLIER,
        f.DATE,
        f.WAREHOUSE_OUT,
        Field(
            name="from_rejected",
            label="退不合格品",
            kind=Kind.BOOLEAN,
            column="ext:from_rejected",
            default=False,
            sortable=False,
            help="从仓库的不合格品中退货",
        ),
        f.DUE_DATE,
        f.HANDLER,
        f.DEPARTMENT,
        *f.CURRENCIES,
        *f.priced(Mask.PURCHASE_PRICE),
        *logistics.fields_of("ours", "theirs", "pickup"),
        *f.FOOT,
    ),
    goods=f.goods_lines(f.LINE_OUT, f.LOT, mask=Mask.PURCHASE_PRICE, price_key="purchase_price"),
    list=f.document_list("party", "source_place", "amount_gross", "delivery_state", filters=("party", "delivery_state")),
    conversions=(
        Conversion(target="purchase_credit_note", label="红字发票", purpose="invoiced"),
        Conversion(target="outgoing_payment", label="退款", purpose="paid", money=True),
        logistics.TO_CARRIER,
    ),
)
