"""单据行 The lines of a document as posting and linking read them: plain tuples, one statement per table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.core.amounts import to_decimal
from hengcang.core.errors import LineAt
from hengcang.meta.declarations import DocumentType


class GoodsRow(NamedTuple):
    """商品行 A goods line with what it needs to know of its item's base unit and its source line, and where it stands."""

    id: int
    at: LineAt
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
    source_item: int | None
    source_lot: int | None
    source_quantity: Decimal | None
    source_document: int | None
    source_number: str | None
    source_place_of_source: int | None
    target_place_of_source: int | None
    source_role: str | None
    origin_line: int | None
    origin_document: int | None
    weight: Decimal | None
    volume: Decimal | None
    reference_cost: Decimal | None
    source_current: bool
    source_reserved: bool
    ext: dict[str, Any]
    serials: tuple[str, ...] = ()
    lot_number: str = ""
    lot_expiry: date | None = None
    expired_lots: str = ""
    second_quantity: Decimal | None = None
    second_unit: str | None = None
    second_decimals: int = 0

    @property
    def line_number(self) -> int:
        """行号 Its number in its table, from 1."""
        return self.at.number


class MoneyRow(NamedTuple):
    """款项行 A money line with the kinds of its cash accounts and the account of its category."""

    id: int
    line_number: int
    role: str
    cash_account: int | None
    cash_kind: str | None
    target_account: int | None
    target_kind: str | None
    cleared_document: int | None
    account: str | None
    party: int | None
    due_date: date | None
    amount: Decimal
    fee: Decimal
    cash_name: str | None = None
    cash_currency: str | None = None
    target_name: str | None = None
    target_currency: str | None = None
    target_amount: Decimal | None = None
    ext: Mapping[str, Any] = MappingProxyType({})


GOODS_SQL = """
SELECT l.id, l.role, l.item_id, u.name, l.quantity, l.base_quantity, l.source_place_id, l.target_place_id, l.lot_id, i.tracking, i.name,
  l.unit_price_net, l.tax_rate, l.amount_net, l.tax_amount, l.amount_gross, l.book_quantity,
  l.source_line_id, s.item_id, s.lot_id, s.base_quantity, s.document_id, sd.number, s.source_place_id, s.target_place_id,
  s.role,
  s.source_line_id, o.document_id,
  i.weight, i.volume, i.reference_cost, s.revision=sd.revision, sd.ext, l.ext, l.serials, b.number, b.expiry_date, i.expired_lots,
  l.second_quantity, h.name, h.decimals
FROM records_goodsline l JOIN records_document d ON d.id=l.document_id AND d.revision=l.revision
JOIN catalog_item i ON i.id=l.item_id JOIN catalog_unit u ON u.id=i.base_unit_id LEFT JOIN catalog_lot b ON b.id=l.lot_id
LEFT JOIN catalog_unit h ON h.id=i.second_unit_id
LEFT JOIN records_goodsline s ON s.id=l.source_line_id LEFT JOIN records_document sd ON sd.id=s.document_id
LEFT JOIN records_goodsline o ON o.id=s.source_line_id
WHERE l.document_id=%s ORDER BY l.position, l.id
"""
MONEY_SQL = """
SELECT m.id, m.role, m.cash_account_id, c.kind, m.target_account_id, t.kind, m.cleared_document_id, g.account, m.party_id,
  m.due_date, m.amount, m.fee, c.name, x.code, t.name, y.code, m.target_amount, m.ext
FROM records_moneyline m JOIN records_document d ON d.id=m.document_id AND d.revision=m.revision
LEFT JOIN places_cashaccount c ON c.id=m.cash_account_id LEFT JOIN places_cashaccount t ON t.id=m.target_account_id
LEFT JOIN places_currency x ON x.id=c.currency_id LEFT JOIN places_currency y ON y.id=t.currency_id
LEFT JOIN places_expensecategory g ON g.id=m.category_id
WHERE m.document_id=%s ORDER BY m.position, m.id
"""
SCALED = {4, 5, 11, 12, 13, 14, 15, 16, 20, 28, 29, 30}


def goods_rows(document: int, declaration: DocumentType) -> list[GoodsRow]:
    """The goods lines of the document's present revision, table by table, in order, numbered from 1 in each."""
    rows = bulk.fetch(GOODS_SQL, [document])
    found: list[GoodsRow] = []
    for lines in declaration.goods_tables:
        own = [row for row in rows if row[1] == lines.role]
        found += [goods_row(declaration.line_at(lines.role, number), row) for number, row in enumerate(own, start=1)]
    return found


def goods_row(at: LineAt, row: tuple[Any, ...]) -> GoodsRow:
    """One line: whether its source line is of the source's present revision, and whether the source holds stock back."""
    found: list[Any] = [decimal(value) if index in SCALED else value for index, value in enumerate(row)]
    *known, current, source_ext, ext, serials, lot, expiry, expired, second, unit, decimals = found
    reserved = bool(bulk.read_json(source_ext).get("reserve"))
    of_lot = (tuple(bulk.read_list(serials)), lot or "", bulk.read_date(expiry), expired)
    beside = (decimal(second), unit, decimals or 0)
    return GoodsRow._make([known[0], at, *known[1:], bool(current), reserved, bulk.read_json(ext), *of_lot, *beside])


def decimal(micro: int | None) -> Decimal | None:
    """A scaled column as Decimal."""
    return None if micro is None else to_decimal(micro)


def money_rows(document: int) -> list[MoneyRow]:
    """The money lines of the document's present revision, in order, numbered from 1."""
    rows = bulk.fetch(MONEY_SQL, [document])
    return [money_row(at, row) for at, row in enumerate(rows, start=1)]


def money_row(at: int, row: tuple[Any, ...]) -> MoneyRow:
    """One line."""
    *known, due, amount, fee, name, currency, target_name, target_currency, target_amount, ext = row
    kept = (name, currency, target_name, target_currency, decimal(target_amount), bulk.read_json(ext))
    return MoneyRow._make([known[0], at, *known[1:], bulk.read_date(due), to_decimal(amount), to_decimal(fee), *kept])


def source_documents(goods: Sequence[GoodsRow], money: Sequence[MoneyRow]) -> set[int]:
    """The documents that the lines name."""
    named = {row.source_document for row in goods} | {row.cleared_document for row in money}
    return {one for one in named if one is not None}
