"""单据行 The lines of a document as posting and linking read them: plain tuples, one statement per table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F

from hengcang.records.models import GoodsLine, MoneyLine


class GoodsRow(NamedTuple):
    """商品行 A goods line with what it needs to know of its item's base unit and its source line."""

    id: int
    line_number: int
    role: str
    item: int
    base_unit: str
    quantity: Decimal
    base_quantity: Decimal
    source_place: int | None
    target_place: int | None
    lot: int | None
    tracking: str
    item_name: str
    unit_price_net: Decimal | None
    tax_rate: Decimal
    amount_net: Decimal
    tax_amount: Decimal
    amount_gross: Decimal
    book_quantity: Decimal | None
    source_line: int | None
    source_quantity: Decimal | None
    source_document: int | None
    source_number: str | None
    source_place_of_source: int | None
    source_current: bool
    source_reserved: bool
    ext: dict[str, Any]


class MoneyRow(NamedTuple):
    """款项行 A money line with the kind of its cash account."""

    id: int
    line_number: int
    role: str
    cash_account: int | None
    cash_kind: str | None
    cleared_document: int | None
    amount: Decimal


GOODS_COLUMNS = (
    "id", "role", "item_id", "item__base_unit__name", "quantity", "base_quantity", "source_place_id", "target_place_id",
    "lot_id", "item__tracking", "item__name", "unit_price_net", "tax_rate", "amount_net", "tax_amount", "amount_gross",
    "book_quantity", "source_line_id", "source_line__base_quantity", "source_line__document_id",
    "source_line__document__number", "source_line__source_place_id", "source_line__revision", "source_line__document__revision",
    "source_line__document__ext", "ext",
)  # fmt: skip
MONEY_COLUMNS = ("id", "role", "cash_account_id", "cash_account__kind", "cleared_document_id", "amount")


def goods_rows(document: int) -> list[GoodsRow]:
    """The goods lines of the document's present revision, in order, numbered from 1."""
    rows = GoodsLine.objects.filter(document=document, revision=F("document__revision")).order_by("position", "id")
    return [goods_row(at, row) for at, row in enumerate(rows.values_list(*GOODS_COLUMNS), start=1)]


def goods_row(at: int, row: tuple[Any, ...]) -> GoodsRow:
    """One line: whether its source line is of the source's present revision, and whether the source holds stock back."""
    *known, line_revision, revision, source_ext, ext = row
    reserved = bool((source_ext or {}).get("reserve"))
    return GoodsRow(known[0], at, *known[1:], line_revision == revision, reserved, ext)


def money_rows(document: int) -> list[MoneyRow]:
    """The money lines of the document's present revision, in order, numbered from 1."""
    rows = MoneyLine.objects.filter(document=document, revision=F("document__revision")).order_by("position", "id")
    return [MoneyRow(row[0], at, *row[1:]) for at, row in enumerate(rows.values_list(*MONEY_COLUMNS), start=1)]


def source_documents(goods: Sequence[GoodsRow], money: Sequence[MoneyRow]) -> set[int]:
    """The documents that the lines name."""
    named = {row.source_document for row in goods} | {row.cleared_document for row in money}
    return {one for one in named if one is not None}
