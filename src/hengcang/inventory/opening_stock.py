"""期初库存 Opening stock: what was there when the books began, at the value the user states."""

from __future__ import annotations

from hengcang.core.posting import DocumentFacts, Given, PlaceKind, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import cost_of_line, moves_of
from hengcang.meta.declarations import DocumentType, Mask


def posting(document: DocumentFacts) -> Posting:
    """期初 → 仓库 at the line's amount."""
    moves = moves_of(document, "opening", lambda line: Given(cost_of_line(document, line)), source=PlaceKind.OPENING)
    return Posting(moves=moves)


OPENING_STOCK = DocumentType(
    name="opening_stock",
    collection="opening_stocks",
    label="期初库存",
    number_pattern="QCKC-{yyyymmdd}-{seq:04}",
    price_mask=Mask.COST,
    inward=True,
    menu="inventory",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        f.WAREHOUSE_IN,
        f.HANDLER,
        *f.priced(Mask.COST)[1:],
        *f.FOOT,
    ),
    goods=f.goods_lines(f.LINE_IN, f.LOT, mask=Mask.COST, price_key="purchase_price"),
    list=f.document_list("target_place", "amount_net"),
)
