"""调拨单 Stock transfer: goods go from one warehouse to another in one step, at cost."""

from __future__ import annotations

from hengcang.core.posting import DocumentFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents import internal_prices
from hengcang.documents.rules import at_cost, moves_of
from hengcang.meta.declarations import DocumentType, Mask


def posting(document: DocumentFacts) -> Posting:
    """仓库 → 仓库 at the pool's cost; inside one pool no value moves.

    Between two shelves of one warehouse it is 移库."""
    internal_prices.require_prices(document)
    moves = moves_of(document, "transfer", at_cost)
    return Posting(moves=moves)


STOCK_TRANSFER = DocumentType(
    name="stock_transfer",
    collection="stock_transfers",
    label="调拨单",
    number_pattern="DB-{yyyymmdd}-{seq:04}",
    inward=True,
    outward=True,
    price_mask=Mask.TRANSFER_PRICE,
    prices=internal_prices.priced,
    line_fills=(internal_prices.REPRICE,),
    menu="inventory",
    posting=posting,
    fields=(*f.TRANSFER_HEAD, *f.FOOT),
    goods=f.goods_lines(f.BIN_OUT, f.BIN_IN, *f.INTERNAL_PRICES, f.LOT, mask=None),
    list=f.document_list("source_place", "target_place"),
)
