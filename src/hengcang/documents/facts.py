"""单据事实 The facts a posting rule may know, and the checks every document passes before its rule runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hengcang.base.book import Book, book
from hengcang.core.currency_errors import CashCurrencyMismatch
from hengcang.core.errors import (
    AmbiguousLot,
    ClearingMismatch,
    CountedTwice,
    DatedBeforeSource,
    DiscountTooLarge,
    EmptyDocument,
    FieldRequired,
    HengcangError,
    InvalidDocument,
    LineAt,
    LineIncomplete,
    MoneyLineUnclear,
    SamePlace,
    SourceChanged,
    SourceMismatch,
)
from hengcang.core.fulfilment import REPEATED
from hengcang.core.lifecycle import LIVE
from hengcang.core.period_errors import PeriodClosed
from hengcang.core.posting import ZERO, Account, Control, DocumentFacts, GoodsFacts, MoneyFacts, SourceFacts
from hengcang.core.pricing import discounted
from hengcang.core.shelf_errors import ShelfElsewhere
from hengcang.documents import serials
from hengcang.documents.rows import GoodsRow, MoneyRow
from hengcang.meta import registry
from hengcang.meta.declarations import Charge, Conversion, DocumentType, Field, Lines
from hengcang.meta.refs import document_label
from hengcang.places.models import Place

CONTROLS = frozenset(Control)


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
    def lines(self) -> dict[int, LineAt]:
        """Where lines stand, by line id, for messages."""
        return {row.id: LineAt("money_lines", row.line_number) for row in self.money} | {row.id: row.at for row in self.goods}


def check_complete(opened: Opened) -> None:
    """完整性 Everything posting needs is there. Raises EmptyDocument, InvalidDocument with one error per fault."""
    declaration = opened.declaration
    for lines in declaration.tables:
        if (
            lines.required
            and not any(row.at.table == lines.name for row in opened.goods)
            and not (lines is declaration.money and opened.money)
        ):
            raise EmptyDocument(label=f"{declaration.label}的{lines.label}" if declaration.more_goods else declaration.label)
    errors: list[HengcangError] = []
    for field in declaration.fields:
        if field.required and empty(header_value(opened.header, field)):
            errors.append(FieldRequired(path=field.name, where="", label=field.label))
    for row in opened.goods:
        errors += line_faults(declaration, opened.header, row)
    errors += unclear_lines(declaration.money, opened.money)
    errors += foreign_accounts(opened)
    errors += repeated_counts(declaration.goods, opened.goods)
    errors += elsewhere(opened)
    errors += serials.faults(declaration, opened.goods)
    counted = [row for row in opened.goods if row.role == declaration.main_role]
    if counted and opened.header["discount_amount"] > sum((row.amount_gross for row in counted), Decimal(0)):
        errors.append(DiscountTooLarge(path="discount_amount"))
    if errors:
        raise InvalidDocument(errors)


def elsewhere(opened: Opened) -> list[HengcangError]:
    """Lines whose shelves lie in another warehouse than the header names: one statement, none where no line names its own."""
    faults: list[HengcangError] = []
    for table in opened.declaration.goods_tables:
        for one in table.fields:
            own = opened.header.get(f"{one.name}_id")
            named = {getattr(row, one.name) for row in opened.goods if row.role == table.role} - {None, own} if one.within else set()
            if named:
                places = Place.objects.filter(pk__in=named).values_list("pk", "name", "warehouse_id")
                wrong = {pk: name for pk, name, house in places if house != own}
                rows = [(row, wrong[getattr(row, one.name)]) for row in opened.goods if getattr(row, one.name) in wrong]
                faults += [ShelfElsewhere(**row.at.named(one.name), label=one.label, place=name) for row, name in rows]
    return faults


def unclear_lines(lines: Lines | None, rows: Sequence[MoneyRow]) -> list[HengcangError]:
    """Money lines that are neither cash nor a clearing, or both, where a type has both."""
    names = {one.name for one in lines.fields} if lines else set()
    if not {"cash_account", "cleared_document"} <= names:
        return []
    return [
        MoneyLineUnclear(path=f"money_lines.{row.line_number - 1}.cash_account", line=row.line_number)
        for row in rows
        if (row.cash_account is None) == (row.cleared_document is None)
    ]


def foreign_accounts(opened: Opened) -> list[HengcangError]:
    """Cash accounts kept in another currency than the document."""
    own = opened.header["currency"]
    if opened.declaration.exchanges:
        return []
    return [
        CashCurrencyMismatch(
            path=f"money_lines.{row.line_number - 1}.{name}",
            line=row.line_number,
            account=account,
            own=currency or book().currency,
            currency=own or book().currency,
        )
        for row in opened.money
        for name, held, account, currency in (
            ("cash_account", row.cash_account, row.cash_name, row.cash_currency),
            ("target_account", row.target_account, row.target_name, row.target_currency),
        )
        if held is not None and currency != own
    ]


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
    lines = declaration.table_of(row.role)
    assert lines is not None
    comes, goes = declaration.comes_in(lines), declaration.goes_out(lines)
    typed = any(one.name == "quantity" for one in lines.fields)
    if typed and not row.base_quantity and not counts(lines):
        faults.append(LineIncomplete(**row.at.named("quantity"), label="数量"))
    if goes and row.source_place is None:
        faults.append(LineIncomplete(**row.at.named("source_place"), label="发货仓库"))
    if comes and row.target_place is None:
        faults.append(LineIncomplete(**row.at.named("target_place"), label="收货仓库"))
    if (comes or goes) and row.tracking == "lot" and row.lot is None:
        faults.append(AmbiguousLot(**row.at.named("lot"), item=row.item_name))
    if (comes or goes) and lacks_second(lines, row):
        faults.append(LineIncomplete(**row.at.named("second_quantity"), label="辅助数量"))
    if declaration.needs_source and row.source_line is None:
        faults.append(LineIncomplete(**row.at.named("item"), label="源单（请从源单下推）"))
    if row.source_place is not None and row.source_place == row.target_place and not declaration.more_goods:
        faults.append(SamePlace(**row.at.named("target_place")))
    return faults


def lacks_second(lines: Lines, row: GoodsRow) -> bool:
    """Whether a line that takes a second quantity has none; a count may leave it open."""
    if row.second_unit is None or row.second_quantity is not None or counts(lines):
        return False
    return any(one.name == "second_quantity" for one in lines.fields)


def repeated_counts(lines: Lines | None, rows: Sequence[GoodsRow]) -> list[HengcangError]:
    """Lines of a count that state once more what another line states: each would take the whole book quantity as its own."""
    if not counts(lines):
        return []
    first: dict[tuple[int, int | None, int | None], int] = {}
    faults: list[HengcangError] = []
    for row in rows:
        line = first.setdefault((row.item, row.source_place, row.lot), row.line_number)
        if line != row.line_number:
            faults.append(CountedTwice(**row.at.named("item"), item=row.item_name, first=line))
    return faults


def counts(lines: Lines | None) -> bool:
    """Whether the lines are counted quantities (zero is a count too)."""
    return lines is not None and lines.role == "counted"


def check_sources(opened: Opened, *, draft: bool = False) -> None:
    """源单 Every line names a live line of a posted document that it can come from, not dated after this one.

    Raises SourceMismatch, SourceChanged, ClearingMismatch, DatedBeforeSource.
    """
    day: date = opened.header["document_date"]
    for row in opened.goods:
        if row.source_document is None:
            continue
        source = opened.sources.get(row.source_document, opened.header)
        what = misfit(opened, row, source)
        if what:
            raise SourceMismatch(**row.at.named("item"), source=row.source_number or "草稿", what=what)
        if not row.source_current or source["state"] != "posted":
            raise SourceChanged(**row.at.named("quantity"), source=row.source_number or "")
    for line in opened.money:
        if line.cleared_document is not None and opened.declaration.charged_by is None:
            check_cleared(opened, line, opened.sources.get(line.cleared_document, opened.header))
    for source in opened.sources.values():
        if source["document_date"] > day:
            raise DatedBeforeSource(
                path="document_date",
                date=day.isoformat(),
                source=document_label(source["number"], source["id"]),
                source_date=source["document_date"].isoformat(),
            )


def misfit(opened: Opened, row: GoodsRow, source: Mapping[str, Any]) -> str:
    """What of its source a line does not fit; nothing where it does."""
    conversion = conversion_into(source["type"], opened.declaration, row.source_role or "")
    if conversion is None:
        return "单据类型"
    wrong = unfit(registry.document(source["type"]), conversion, source)
    if wrong:
        return wrong
    if row.source_item != row.item:
        return "商品"
    if opened.declaration.sourced and row.source_lot is not None and row.source_lot != row.lot:
        return "批次"
    if any(getattr(row, ours) != getattr(row, f"{theirs}_of_source") for ours, theirs in conversion.same.items()):
        return "仓库"
    if opened.declaration.consumes in REPEATED or conversion.split_by:
        return ""
    if opened.header["currency_id"] != source["currency_id"]:
        return "币别"
    ours, theirs = opened.header["party_id"], source["party_id"]
    return "往来单位" if None not in (ours, theirs) and ours != theirs else ""


def conversion_into(source_type: str, declaration: DocumentType, role: str) -> Conversion | None:
    """下推关系 By which conversion a line of this type can come from a line of that type and role."""
    source = registry.document(source_type)
    found = (one for one in source.conversions if one.target == declaration.name and not one.money)
    return next((one for one in found if (one.role or source.main_role) == role), None)


def unfit(declaration: DocumentType, conversion: Conversion, header: Mapping[str, Any]) -> str:
    """不可下推 The label of what in a document's header is not as a conversion wants it; nothing where all is."""
    wanted = (one for one in declaration.fields if one.name in conversion.when)
    wrong = next((one.label for one in wanted if header_value(header, one) != conversion.when[one.name]), "")
    return wrong or (unchargeable(declaration, conversion.charge, header) if conversion.charge else "")


def unchargeable(declaration: DocumentType, charge: Charge, header: Mapping[str, Any]) -> str:
    """不可带出 The label of what of a charge a document's header lacks, or has otherwise; nothing where it has such a charge."""
    fields = {one.name: one for one in declaration.fields}
    if not header_value(header, fields[charge.amount]):
        return fields[charge.amount].label
    if (header_value(header, fields[charge.by]) or "") not in charge.categories:
        return fields[charge.by].label
    return fields[charge.party].label if header_value(header, fields[charge.party]) is None else ""


def check_cleared(opened: Opened, row: MoneyRow, source: Mapping[str, Any]) -> None:
    """核销 A cleared document is live, of a side that may be cleared here, and of this party. Raises ClearingMismatch.

    A document of many parties is asked by its open items.
    """
    reason = ""
    control = control_of(opened, row)
    if control not in opened.declaration.clears or control not in registry.document(source["type"]).controls:
        reason = "不是同一方向的往来单据"
    elif opened.header["party_id"] not in parties_of(source, opened.header["party_id"]):
        reason = "不属于本单的往来单位"
    elif opened.header["currency_id"] != source["currency_id"]:
        reason = "币别与本单不同"
    elif source["id"] == opened.id or source["state"] not in LIVE:
        reason = "还没有审核，或已反审核、红冲、作废"
    if reason:
        path = f"money_lines.{row.line_number - 1}.cleared_document"
        raise ClearingMismatch(path=path, line=row.line_number, number=document_label(source["number"], source["id"]), reason=reason)


def parties_of(source: Mapping[str, Any], lines_party: int | None) -> set[int | None]:
    """往来单位 Whose open items a document may have: those its header names; `lines_party` where its lines name them."""
    own = (one for one in registry.document(source["type"]).fields if one.ref == "parties" and not one.after_posting)
    named = {header_value(source, one) for one in own}
    return named or {lines_party}


def control_of(opened: Opened, row: MoneyRow) -> Control | None:
    """往来科目 The control account that a line clears: the one it names, else the first that its document leaves open and
    this one may clear."""
    if row.cleared_document is None:
        return None
    if row.role in CONTROLS:
        return Control(row.role)
    source = opened.sources.get(row.cleared_document, opened.header)
    return next((one for one in registry.document(source["type"]).controls if one in opened.declaration.clears), None)


def check_open(day: date, closed_through: date | None, verb: str) -> None:
    """期间 The date lies in an open period. Raises PeriodClosed."""
    if closed_through is not None and day <= closed_through:
        raise PeriodClosed(path="document_date", date=day.isoformat(), closed_through=closed_through.isoformat(), transition=verb)


Dues = Mapping[tuple[int, str], date]


def facts_of(
    opened: Opened,
    book: Book,
    books: Mapping[int, Decimal] | None = None,
    billed: Mapping[int, SourceFacts] | None = None,
    dues: Dues | None = None,
) -> DocumentFacts:
    """单据事实 What the posting rule may know; the header discount is already shared over the lines.

    `books` gives the book quantity by line at the position of a count's freeze, `billed` the source lines of a bill, `dues`
    when what a clearing names is due.
    """
    header = opened.header
    counted = [row for row in opened.goods if row.role == opened.declaration.main_role]
    shared = {row.id: both for row, both in zip(counted, discounted(header["discount_amount"], counted), strict=True)}
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
            source=None if billed is None or row.source_line is None else billed[row.source_line],
            weight=row.weight or ZERO,
            volume=row.volume or ZERO,
            reference_cost=row.reference_cost or ZERO,
            source_document=row.source_document,
            source_quantity=row.source_quantity or ZERO,
            origin_document=row.origin_document,
            ext=row.ext,
        )
        for row in opened.goods
        for net, gross in [shared.get(row.id, (ZERO, ZERO))]
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
        taxpayer=book.taxpayer,
        write_off_limit=book.write_off_limit / header["currency_rate"],
        rate=header["currency_rate"],
        goods=goods,
        money=[money_facts(opened, row, dues or {}) for row in opened.money],
        ext=dict(header["ext"]),
    )


def money_facts(opened: Opened, row: MoneyRow, dues: Dues) -> MoneyFacts:
    """款项行事实 What the posting rule may know of a money line."""
    control = control_of(opened, row)
    named = None if control is None else dues.get((row.cleared_document or 0, str(control.account)))
    return MoneyFacts(
        id=row.id,
        line_number=row.line_number,
        role=row.role,
        cash_account=row.cash_account,
        cash_kind=row.cash_kind or "",
        target_account=row.target_account,
        target_kind=row.target_kind or "",
        document=row.cleared_document,
        account=Account(row.account) if row.account else None,
        party=row.party,
        amount=row.amount,
        fee=row.fee,
        control=control,
        due_date=row.due_date or named,
        currency=row.cash_currency,
        target_currency=row.target_currency,
        rate=Decimal(row.ext.get("currency_rate") or 1),
        target_rate=Decimal(row.ext.get("target_rate") or 1),
        target_amount=row.target_amount or ZERO,
        target_pays_fee=row.ext.get("fee_from") == "target",
    )
