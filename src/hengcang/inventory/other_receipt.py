"""其他入库单 Other receipt: goods come in without a purchase (a gift, a find), at a stated price or at the pool's cost."""

from __future__ import annotations

from hengcang.core.posting import AtCost, DocumentFacts, Given, GoodsFacts, PlaceKind, Posting, Value
from hengcang.documents import fields as f
from hengcang.documents.rules import cost_of_line, moves_of
from hengcang.meta.declarations import Choice, DocumentType, Field, Kind, Mask

REASONS = (Choice("gift", "受赠"), Choice("borrowed", "借入"), Choice("found", "清查入库"), Choice("other", "其他"))


def posting(document: DocumentFacts) -> Posting:
    """其他 → 仓库; a line without a price comes in at the pool's cost."""

    def value(line: GoodsFacts) -> Value:
        return Given(cost_of_line(document, line)) if line.priced else AtCost()

    return Posting(moves=moves_of(document, "other_in", value, source=PlaceKind.OTHER))


OTHER_RECEIPT = DocumentType(
    name="other_receipt",
    collection="other_receipts",
    label="其他入库单",
    number_pattern="QTRK-{yyyymmdd}-{seq:04}",
    price_mask=Mask.COST,
    inward=True,
    menu="inventory",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        f.WAREHOUSE_IN,
        Field(name="reason", label="入库类别", kind=Kind.CHOICE, column="ext:reason", choices=REASONS, default="other", sortable=False),
        f.HANDLER,
        f.DEPARTMENT,
        *f.priced(Mask.COST)[1:],
        *f.FOOT,
    ),
    goods=f.goods_lines(f.LINE_IN, f.LOT, mask=Mask.COST),
    list=f.document_list("target_place", "reason", "amount_net"),
)
