"""采购入库单 Purchase receipt: goods come from a supplier into a warehouse at what they cost; the debt follows."""

from __future__ import annotations

from hengcang.core.posting import Area, DocumentFacts, Given, GoodsFacts, PlaceKind, PlaceName, Posting
from hengcang.documents import fields as f
from hengcang.documents.debts import payable
from hengcang.documents.rules import cost_of_line, moves_of
from hengcang.meta.declarations import Conversion, DocumentType, Field, Kind, Mask


def posting(document: DocumentFacts) -> Posting:
    """供应商 → 仓库 (or its 待检) at the line's cost; 借 库存商品 贷 暂估应付, 借 暂估应付、进项税额 贷 应付账款."""

    def target(line: GoodsFacts) -> PlaceName:
        own = line.target_place or 0
        return Area(own, PlaceKind.QUARANTINE) if document.ext.get("inspect") else own

    moves = moves_of(document, "purchase", lambda line: Given(cost_of_line(document, line)), source=PlaceKind.SUPPLIER, target=target)
    return Posting(moves=moves, entries=payable(document, 1))


PURCHASE_RECEIPT = DocumentType(
    name="purchase_receipt",
    collection="purchase_receipts",
    label="采购入库单",
    number_pattern="CGRK-{yyyymmdd}-{seq:04}",
    party_role="supplier",
    price_mask=Mask.PURCHASE_PRICE,
    consumes="received",
    inward=True,
    menu="purchasing",
    posting=posting,
    fields=(
        f.NUMBER,
        f.SUPPLIER,
        f.DATE,
        f.WAREHOUSE_IN,
        Field(
            name="inspect",
            label="入库待检",
            kind=Kind.BOOLEAN,
            column="ext:inspect",
            default=False,
            sortable=False,
            help="先进待检区，验收合格后才能发货",
        ),
        f.DUE_DATE,
        f.HANDLER,
        f.DEPARTMENT,
        *f.CURRENCIES,
        *f.priced(Mask.PURCHASE_PRICE),
        *f.FOOT,
    ),
    goods=f.goods_lines(f.LINE_IN, f.LOT, mask=Mask.PURCHASE_PRICE, price_key="purchase_price"),
    list=f.document_list("party", "target_place", "amount_gross", filters=("party",)),
    conversions=(
        Conversion(
            target="purchase_return",
            label="退货",
            purpose="returned",
            header={"source_place": "target_place", "from_rejected": "inspect"},
            line={"source_place": "target_place"},
        ),
        Conversion(
            target="inspection",
            label="验收",
            purpose="inspected",
            header={"source_place": "target_place"},
            line={"source_place": "target_place"},
            same={"source_place": "target_place"},
            when={"inspect": True},
        ),
        Conversion(target="purchase_invoice", label="开票", purpose="invoiced"),
        Conversion(target="landed_cost", label="分摊费用", purpose="charged"),
        Conversion(target="outgoing_payment", label="付款", purpose="paid", money=True),
    ),
)
