"""分步调入单 Transfer in: goods under way arrive at the warehouse they were sent to."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import Area, DocumentFacts, PlaceKind, Posting
from hengcang.documents import fields as f
from hengcang.documents import internal_prices
from hengcang.documents.rules import at_cost, moves_of
from hengcang.meta.declarations import DocumentType, Mask


def posting(document: DocumentFacts) -> Posting:
    """在途 → 仓库 at the cost of the pool they come from; inside one pool no value moves."""
    return Posting(moves=moves_of(document, "transfer", at_cost, source=lambda line: Area(line.source_place or 0, PlaceKind.TRANSIT)))


TRANSFER_IN = DocumentType(
    name="transfer_in",
    collection="transfer_ins",
    label="分步调入单",
    number_pattern="DR-{yyyymmdd}-{seq:04}",
    consumes="received",
    inward=True,
    sourced=True,
    price_mask=Mask.TRANSFER_PRICE,
    prices=internal_prices.carried,
    menu="inventory",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        replace(f.WAREHOUSE_OUT, label="调出仓库", required=True, default=None),
        replace(f.WAREHOUSE_IN, label="调入仓库", required=True, default=None),
        f.HANDLER,
        *f.DEPARTMENTS,
        *f.INTERNAL_CARRIED,
        *f.FOOT,
    ),
    goods=f.goods_lines(replace(f.LINE_OUT, label="调出仓库"), *f.CARRIED_PRICES, f.LOT, mask=None),
    list=f.document_list("source_place", "target_place"),
)
