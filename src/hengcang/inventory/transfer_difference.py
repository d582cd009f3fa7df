"""调拨差异单 Transfer difference: what was sent and did not arrive: lost or damaged on the way, or sent back."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import Area, DocumentFacts, GoodsFacts, PlaceKind, PlaceName, Posting
from hengcang.documents import fields as f
from hengcang.documents import internal_prices
from hengcang.documents.rules import at_cost, moves_of
from hengcang.meta.declarations import Choice, DocumentType, Field, Kind, Mask

RETURNED = "returned"
REASONS = (Choice("lost", "途中短少"), Choice("damaged", "途中损坏"), Choice(RETURNED, "退回调出仓"))


def posting(document: DocumentFacts) -> Posting:
    """在途 → 报损 (借 管理费用) at cost, or back to the warehouse that sent it."""
    back = document.ext.get("reason") == RETURNED

    def target(line: GoodsFacts) -> PlaceName:
        return line.source_place or 0 if back else PlaceKind.LOSS

    def source(line: GoodsFacts) -> PlaceName:
        return Area(line.source_place or 0, PlaceKind.TRANSIT)

    return Posting(moves=moves_of(document, "transfer" if back else "scrap", at_cost, source=source, target=target))


TRANSFER_DIFFERENCE = DocumentType(
    name="transfer_difference",
    collection="transfer_differences",
    label="调拨差异单",
    number_pattern="DBCY-{yyyymmdd}-{seq:04}",
    consumes="received",
    outward=True,
    sourced=True,
    price_mask=Mask.TRANSFER_PRICE,
    prices=internal_prices.carried,
    menu="inventory",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        replace(f.WAREHOUSE_OUT, label="调出仓库", required=True, default=None),
        Field(name="reason", label="差异原因", kind=Kind.CHOICE, column="ext:reason", choices=REASONS, default="lost", sortable=False),
        f.HANDLER,
        *f.DEPARTMENTS,
        *f.INTERNAL_CARRIED,
        *f.FOOT,
    ),
    goods=f.goods_lines(replace(f.LINE_OUT, label="调出仓库"), *f.CARRIED_PRICES, f.LOT, mask=None),
    list=f.document_list("source_place", "reason"),
)
