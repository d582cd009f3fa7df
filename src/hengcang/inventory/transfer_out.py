"""分步调出单 Transfer out: goods leave one warehouse for another and are under way until they arrive, part by part."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import Area, DocumentFacts, PlaceKind, Posting
from hengcang.core.shipping import DeliveryState
from hengcang.documents import fields as f
from hengcang.documents import internal_prices, logistics
from hengcang.documents.rules import at_cost, moves_of
from hengcang.meta.declarations import Conversion, DocumentType, Mask


def posting(document: DocumentFacts) -> Posting:
    """仓库 → 它的在途; goods under way stay in the pool they came from."""
    internal_prices.require_prices(document)
    return Posting(moves=moves_of(document, "transfer", at_cost, target=lambda line: Area(line.source_place or 0, PlaceKind.TRANSIT)))


TRANSFER_OUT = DocumentType(
    name="transfer_out",
    collection="transfer_outs",
    label="分步调出单",
    number_pattern="DC-{yyyymmdd}-{seq:04}",
    outward=True,
    price_mask=Mask.TRANSFER_PRICE,
    prices=internal_prices.priced,
    line_fills=(internal_prices.REPRICE,),
    menu="inventory",
    delivery=DeliveryState.TO_SHIP,
    signed_by="received",
    posting=posting,
    fields=(*f.TRANSFER_HEAD, *logistics.fields_of("ours"), *f.ORDER_FOOT),
    goods=f.goods_lines(replace(f.LINE_OUT, label="调出仓库"), *f.INTERNAL_PRICES, f.LOT, mask=None),
    list=f.document_list("source_place", "target_place", "progress", "delivery_state", filters=("progress", "delivery_state")),
    conversions=(
        Conversion(target="transfer_in", label="到货", purpose="received", same={"source_place": "source_place"}),
        Conversion(target="transfer_difference", label="到货差异", purpose="received", same={"source_place": "source_place"}),
        logistics.TO_CARRIER,
    ),
)
