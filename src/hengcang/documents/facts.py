"""单据事实 The facts a posting rule may know, and the checks every document passes before its rule runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hengcang.core.errors import (
    AmbiguousLot,
    DatedBeforeSource,
    EmptyDocument,
    FieldRequired,
    HengcangError,
    InvalidDocument,
    LineIncomplete,
    PeriodClosed,
    SourceChanged,
)
from hengcang.core.posting import DocumentFacts, GoodsFacts, MoneyFacts
from hengcang.documents.goods import discounted
from hengcang.documents.rows import GoodsRow, MoneyRow
from hengcang.meta.declarations import DocumentType, Field, Lines


@dataclass(frozen=True, slots=True)
class Opened:
    """已开单据 A document under lock: its header, lines, and the headers of the documents its lines name."""

    declaration: DocumentType
    header: Mapping[str, Any]
    goods: Sequence[GoodsRow]
    money: Sequence[MoneyRow]
    sources: Mapping[int, Mapping[str, Any]]

    @property
    def id(self) -> int:
        """Its id."""
        return int(self.header["id"])

    @property
    def line_numbers(self) -> dict[int, int]:
        """Line numbers by line id, for messages."""
        numbers = {row.id: row.line_number for row in self.goods}
        numbers.update({row.id: row.line_number for row in self.money})
        return numbers


def check_complete(opened: Opened) -> None:
    """完整性 Everything posting needs is there. Raises EmptyDocument, InvalidDocument with one error per fault."""
    declaration = opened.declaration
    for lines, rows in ((declaration.goods, opened.goods), (declaration.money, opened.money)):
        if lines is not None and lines.required and not rows:
            raise EmptyDocument(label=declaration.label)
    errors: list[HengcangError] = []
    for field in declaration.fields:
        if field.required and empty(header_value(opened.header, field)):
            errors.append(FieldRequired(path=field.name, where="", label=field.label))
    for row in opened.goods:
        errors += line_faults(declaration, opened.header, row)
    if errors:
        raise InvalidDocument(errors)


def header_value(header: Mapping[str, Any], field: Field) -> Any:
    """The value of a header field, wherever it is kept."""
    if field.path.startswith("ext:"):
        return header["ext"].get(field.path[4:])
    return header.get(f"{field.path}_id", header.get(field.path))


def empty(value: Any) -> bool:
    """Whether nothing was entered."""
    return value is None or value == ""


def line_faults(declaration: DocumentType, header: Mapping[str, Any], row: GoodsRow) -> list[HengcangError]:
    """What a goods line lacks."""
    faults: list[HengcangError] = []
    path = f"goods_lines.{row.line_number - 1}"
    lines = declaration.goods
    if not row.base_quantity and not counts(lines):
        faults.append(LineIncomplete(path=f"{path}.quantity", line=row.line_number, label="数量"))
    if declaration.outward and row.source_place is None:
        faults.append(LineIncomplete(path=f"{path}.source_place", line=row.line_number, label="发货仓库"))
    if declaration.inward and row.target_place is None:
        faults.append(LineIncomplete(path=f"{path}.target_place", line=row.line_number, label="收货仓库"))
    if (declaration.inward or declaration.outward) and row.tracking == "lot" and row.lot is None:
        faults.append(AmbiguousLot(path=f"{path}.lot", line=row.line_number, item=row.item_name))
    return faults


def counts(lines: Lines | None) -> bool:
    """Whether the lines are counted quantities (zero is a count too)."""
    return lines is not None and lines.role == "counted"


def check_sources(opened: Opened, *, draft: bool = False) -> None:
    """源单 Every line names a live line of a posted document, not dated after this one.

    Raises SourceChanged, DatedBeforeSource.
    """
    day: date = opened.header["document_date"]
    for row in opened.goods:
        if row.source_document is None:
            continue
        source = opened.sources[row.source_document]
        if not row.source_current or source["state"] != "posted":
            raise SourceChanged(path=f"goods_lines.{row.line_number - 1}.quantity", line=row.line_number, source=row.source_number or "")
    for source in opened.sources.values():
        if source["document_date"] > day:
            raise DatedBeforeSource(
                path="document_date",
                date=day.isoformat(),
                source=source["number"] or f"草稿 #{source['id']}",
                source_date=source["document_date"].isoformat(),
            )


def check_open(day: date, closed_through: date | None, verb: str) -> None:
    """期间 The date lies in an open period. Raises PeriodClosed."""
    if closed_through is not None and day <= closed_through:
        raise PeriodClosed(path="document_date", date=day.isoformat(), closed_through=closed_through.isoformat(), transition=verb)


def facts_of(opened: Opened, taxpayer: str, books: Mapping[int, Decimal] | None = None) -> DocumentFacts:
    """单据事实 What the posting rule may know; the header discount is already shared over the lines.

    `books` gives the book quantity by line at the position of a count's freeze.
    """
    header = opened.header
    shared = discounted(header["discount_amount"], opened.goods)
    goods = [
        GoodsFacts(
            id=row.id,
            line_number=row.line_number,
            role=row.role,
            item=row.item,
            quantity=row.base_quantity,
            source_place=row.source_place,
            target_place=row.target_place,
            lot=row.lot,
            amount_net=net,
            tax_amount=gross - net,
            amount_gross=gross,
            source_line=row.source_line,
            book_quantity=row.book_quantity if books is None else books.get(row.id, Decimal(0)),
            priced=row.unit_price_net is not None,
        )
        for row, (net, gross) in zip(opened.goods, shared, strict=True)
    ]
    money = [
        MoneyFacts(row.id, row.line_number, row.role, row.cash_account, row.cash_kind or "", row.cleared_document, row.amount)
        for row in opened.money
    ]
    return DocumentFacts(
        id=opened.id,
        type=header["type"],
        document_date=header["document_date"],
        due_date=header["due_date"],
        party=header["party_id"],
        source_place=header["source_place_id"],
        target_place=header["target_place_id"],
        discount_amount=header["discount_amount"],
        taxpayer=taxpayer,
        goods=goods,
        money=money,
        ext=dict(header["ext"]),
    )
