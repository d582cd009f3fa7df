"""验收单 Inspection: goods that wait for inspection are found good and go to the warehouse, or are rejected and stand apart."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import Area, DocumentFacts, GoodsFacts, PlaceKind, PlaceName, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import at_cost, moves_of
from hengcang.meta.declarations import Choice, Conversion, DocumentType, Field, Kind

REJECTED = "rejected"
RESULTS = (Choice("accepted", "合格", "success"), Choice("conceded", "让步接收", "warning"), Choice(REJECTED, "不合格", "error"))


def posting(document: DocumentFacts) -> Posting:
    """待检 → 仓库 for what is accepted, 待检 → 不合格 for the rest; inside one pool no value moves."""

    def source(line: GoodsFacts) -> PlaceName:
        return Area(line.source_place or 0, PlaceKind.QUARANTINE)

    def target(line: GoodsFacts) -> PlaceName:
        own = line.source_place or 0
        return Area(own, PlaceKind.REJECTED) if line.ext.get("result") == REJECTED else own

    return Posting(moves=moves_of(document, "inspection", at_cost, source=source, target=target))


INSPECTION = DocumentType(
    name="inspection",
    collection="inspections",
    label="验收单",
    number_pattern="YS-{yyyymmdd}-{seq:04}",
    party_role="supplier",
    consumes="inspected",
    outward=True,
    sourced=True,
    menu="purchasing",
    posting=posting,
    fields=(
        f.NUMBER,
        f.SUPPLIER,
        f.DATE,
        replace(f.WAREHOUSE_OUT, label="仓库", required=True, default=None),
        replace(f.HANDLER, label="检验员"),
        *f.FOOT,
    ),
    goods=f.goods_lines(
        f.LINE_OUT,
        f.LOT,
        Field(name="result", label="验收结果", kind=Kind.CHOICE, column="ext:result", choices=RESULTS, default="accepted", width=110),
        Field(name="reject_reason", label="不合格原因", column="ext:reject_reason", max_length=100, width=160),
        mask=None,
    ),
    list=f.document_list("party", "source_place", filters=("party",)),
    conversions=(
        Conversion(
            target="purchase_return",
            label="退不合格品",
            purpose="returned",
            line={"source_place": "target_place"},
            sets={"from_rejected": True},
            only={"result": REJECTED},
            through=True,
        ),
    ),
)
