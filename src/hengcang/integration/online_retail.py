"""网上零售 Online Retail: a year of a real wholesaler's invoices through the document service, resumable.

Every document bears its number of the source in its remark. Each transaction first looks which of its documents are
there and makes only the others, so a load that was cut off goes on where it stopped: nothing twice, nothing lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from hengcang.access.viewer import Viewer
from hengcang.catalog.models import Item, ItemCategory, Unit
from hengcang.documents import many
from hengcang.integration import ahead, online_retail_check
from hengcang.integration.loading import Say, loading_viewer, require_empty, save, seal, tend_tables
from hengcang.integration.online_retail_source import Invoice, Month, Origin, Wanted, costs, is_charge, names, plan, read
from hengcang.integration.progress import Progress
from hengcang.integration.reconciliation import Reconciliation
from hengcang.integration.source import plain
from hengcang.meta import registry
from hengcang.parties.models import Party, PartyCategory
from hengcang.places.models import Place
from hengcang.records.models import Document, GoodsLine

DOCUMENTS_PER_TRANSACTION = 200
LINES_PER_TRANSACTION = 6_000
MASTERS_PER_TRANSACTION = 500
LINES_PER_PURCHASE = 200
GOODS, CHARGES = "OR-GOODS", "OR-CHARGES"
WALK_IN, SUPPLIER = "OR-WALKIN", "OR-SUPPLIER"
BEFORE_OPENING = time(8, 0)


@dataclass(slots=True)
class Book:
    """账套对照 Ids of the masters by their code in the source, and of what was loaded."""

    viewer: Viewer
    items: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    costs: dict[str, Decimal] = field(default_factory=dict)
    supplier: int = 0
    documents: dict[str, int] = field(default_factory=dict)
    lines: dict[str, tuple[int, ...]] = field(default_factory=dict)


def load_online_retail(path: Path | str, say: Say, resume: bool = True) -> Reconciliation:
    """装载网上零售 Load the file (or go on with it) and print what was compared.

    Without `resume` the book must be empty. Raises SourceMissing, BookNotEmpty.
    """
    invoices = read(Path(path))
    if not resume:
        require_empty()
    months = plan(invoices)
    book = Book(loading_viewer(), names=names(invoices), costs=costs(invoices))
    load_masters(book, invoices, say)
    book.documents = {remark.split(" ")[1]: pk for pk, remark in loaded_remarks()}
    if book.documents:
        say(f"已有 {len(book.documents):,} 张单据，从断点继续。")
    load_documents(book, months, say)
    seal()
    result = online_retail_check.reconcile(invoices, months, book.costs)
    say(result.text())
    return result


def loaded_remarks(remarks: Sequence[str] | None = None) -> Iterable[tuple[int, str]]:
    """Id and remark of the documents that are there."""
    posted = Document.objects.filter(state="posted")
    found = posted.filter(remark__startswith=online_retail_check.MARK) if remarks is None else posted.filter(remark__in=remarks)
    return found.values_list("pk", "remark")


def load_masters(book: Book, invoices: Sequence[Invoice], say: Say) -> None:
    """基础资料 Warehouses, items, customers; those that are there are left alone."""
    viewer = book.viewer
    with transaction.atomic():
        book.places = {code: kept(Place, code) or save(viewer, "warehouses", {"code": code, "name": name}) for code, name in PLACES}
        categories = {
            code: kept(ItemCategory, code) or save(viewer, "item_categories", {"code": code, "name": name}) for code, name in PLACES
        }
        unit = kept(Unit, online_retail_check.UNIT) or save(
            viewer, "units", {"code": online_retail_check.UNIT, "name": "件", "decimals": 0}
        )
        walk_in = kept(Party, WALK_IN) or save(viewer, "customers", {"code": WALK_IN, "name": "散客"})
        book.supplier = kept(Party, SUPPLIER) or save(viewer, "suppliers", {"code": SUPPLIER, "name": "补货供应商"})
    book.items = dict(Item.objects.filter(base_unit=unit).values_list("code", "pk"))
    countries: dict[str, str] = {}
    for invoice in invoices:
        if invoice.customer:
            countries.setdefault(invoice.customer, invoice.country)
    parties = dict(Party.objects.filter(code__startswith="OR-C").values_list("code", "pk"))
    book.customers = {customer: parties[f"OR-C{customer}"] for customer in countries if f"OR-C{customer}" in parties}
    book.customers[""] = walk_in
    new_items = [code for code in book.names if code not in book.items]
    new_customers = [customer for customer in countries if customer not in book.customers]
    progress = Progress(say, "基础资料", len(new_items) + len(new_customers))
    for part in parts(new_items, MASTERS_PER_TRANSACTION):
        with transaction.atomic():
            for code in part:
                category = categories[CHARGES if is_charge(code) else GOODS]
                book.items[code] = save(viewer, "items", item_of(book, code, unit, category))
        progress.advance(len(part))
    for part in parts(new_customers, MASTERS_PER_TRANSACTION):
        with transaction.atomic():
            groups = country_categories(viewer, {countries[customer] for customer in part})
            for customer in part:
                raw = {"code": f"OR-C{customer}", "name": f"客户 {customer}", "category": groups[countries[customer]]}
                book.customers[customer] = save(viewer, "customers", raw)
        progress.advance(len(part))
    progress.finish()


PLACES = ((GOODS, "商品"), (CHARGES, "费用与服务"))


def kept(model: Any, code: str) -> int | None:
    """The id of a master that is there."""
    found: int | None = model.objects.filter(code=code).values_list("pk", flat=True).first()
    return found


def item_of(book: Book, code: str, unit: int, category: int) -> dict[str, Any]:
    """商品 An item of the source."""
    return {
        "code": code,
        "name": book.names[code],
        "base_unit": unit,
        "category": category,
        "tax_rate": "0",
        "purchase_price": plain(book.costs[code]),
    }


def country_categories(viewer: Viewer, countries: Iterable[str]) -> dict[str, int]:
    """客户分类 One category per country."""
    found = dict(PartyCategory.objects.filter(name__in=countries).values_list("name", "pk"))
    return {name: found.get(name) or save(viewer, "party_categories", {"name": name}) for name in sorted(countries)}


def parts(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The values in runs."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


Piece = tuple[str, str, datetime, dict[str, Any] | Wanted]
"""单据 A document to come: its source number, its type, its moment, and its content (of purchases) or its plan."""


def pieces(book: Book, months: Sequence[Month]) -> Iterator[Piece]:
    """全部单据 Every document in order: what a month needs, then the month's own."""
    for month in months:
        yield from purchases(book, month)
        for document in month.documents:
            yield document.source, document.type, local(document.invoice.moment), document


def purchases(book: Book, month: Month) -> Iterator[Piece]:
    """补货 On the first of the month: receipts of goods at their cost, and of charges at none."""
    charges = [code for code in month.needs if is_charge(code)]
    goods = [code for code in month.needs if not is_charge(code)]
    for kind, place, codes in (("other_receipt", CHARGES, charges), ("purchase_receipt", GOODS, goods)):
        for index, part in enumerate(parts(codes, LINES_PER_PURCHASE), start=1):
            source = f"{kind}:{month.first:%Y-%m}:{index}"
            raw: dict[str, Any] = {
                "document_date": month.first.isoformat(),
                "target_place": book.places[place],
                "remark": remark(source, ""),
            }
            if kind == "purchase_receipt":
                raw["party"] = book.supplier
            raw["goods_lines"] = [
                {"item": book.items[code], "quantity": str(month.needs[code]), "unit_price_net": plain(book.costs[code])} for code in part
            ]
            yield source, kind, local(datetime.combine(month.first, BEFORE_OPENING)), raw


def remark(source: str, country: str) -> str:
    """备注 The mark, the number in the source, the country."""
    return f"{online_retail_check.MARK}{source} {country}".rstrip()


def local(moment: datetime) -> datetime:
    """A moment of the source in the book's time zone."""
    return timezone.make_aware(moment)


def lines_in(piece: Piece) -> int:
    """How many lines a document has."""
    content = piece[3]
    return len(content.lines) if isinstance(content, Wanted) else len(content["goods_lines"])


def transactions(all_pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """分批 Runs of documents for one transaction each."""
    run: list[Piece] = []
    lines = 0
    for piece in all_pieces:
        if run and (len(run) >= DOCUMENTS_PER_TRANSACTION or lines + lines_in(piece) > LINES_PER_TRANSACTION):
            yield run
            run, lines = [], 0
        run.append(piece)
        lines += lines_in(piece)
    if run:
        yield run


def load_documents(book: Book, months: Sequence[Month], say: Say) -> None:
    """装单 All documents, many in one transaction; those that are there are passed over."""
    all_pieces = list(pieces(book, months))
    progress = Progress(say, "单据行", sum(map(lines_in, all_pieces)))
    runs = [run for run in transactions(all_pieces) if any(piece[0] not in book.documents for piece in run)]
    progress.skip(progress.total - sum(lines_in(piece) for run in runs for piece in run))
    asked = (Run(book.viewer, run, tuple(content_of(book, piece) for piece in run)) for run in runs)
    for done, (run, prepared) in enumerate(ahead.computed(prepare, asked), start=1):
        with transaction.atomic():
            many.enter()
            load_run(book, run, prepared)
        tend_tables(done)
        progress.advance(sum(map(lines_in, run.pieces)))
    progress.finish()


@dataclass(frozen=True, slots=True)
class Run:
    """一批 The documents of one transaction and their contents."""

    viewer: Viewer
    pieces: Sequence[Piece]
    contents: tuple[dict[str, Any], ...]

    def drafts(self) -> list[many.Draft]:
        """The documents as drafts to be made."""
        return [
            many.Draft(self.viewer, registry.document(kind), content, moment)
            for (_, kind, moment, _), content in zip(self.pieces, self.contents, strict=True)
        ]


def prepare(run: Run) -> list[many.Prepared]:
    """备单 The drafts of a run, but for the lines their returns name: those are not yet there."""
    return many.prepare(run.drafts())


def load_run(book: Book, run: Run, prepared: Sequence[many.Prepared]) -> None:
    """装一批 Write and post the documents that are not there yet, looked up again under the gate."""
    found = loaded_remarks([content["remark"] for content in run.contents])
    book.documents |= {text.split(" ")[1]: pk for pk, text in found}
    waiting: dict[str, tuple[many.Draft, many.Prepared]] = {}
    for (source, _, _, content), draft, one in zip(run.pieces, run.drafts(), prepared, strict=True):
        if source in book.documents:
            continue
        origins = content.origins if isinstance(content, Wanted) else []
        if any(origin is not None and origin.source in waiting for origin in origins):
            flush(book, waiting)
        for at, origin in enumerate(origins):
            if origin is not None:
                one.name_source(at, line_id(book, origin))
        waiting[source] = (draft, one)
    flush(book, waiting)


def flush(book: Book, waiting: dict[str, tuple[many.Draft, many.Prepared]]) -> None:
    """Write and post what waits, and remember its ids."""
    if not waiting:
        return
    inserted = many.write([one for _, one in waiting.values()])
    many.post([draft for draft, _ in waiting.values()], inserted)
    for source, made in zip(waiting, inserted, strict=True):
        book.documents[source] = made.document
        book.lines[source] = made.goods
    waiting.clear()


def content_of(book: Book, piece: Piece) -> dict[str, Any]:
    """The content of a document as the document service takes it."""
    return raw_of(book, piece[3]) if isinstance(piece[3], Wanted) else piece[3]


def remark_of(document: Wanted) -> str:
    """The remark of a document of the source."""
    return remark(document.source, document.invoice.country)


def raw_of(book: Book, document: Wanted) -> dict[str, Any]:
    """内容 A document of the source as the document service takes it."""
    raw: dict[str, Any] = {"document_date": document.invoice.moment.date().isoformat(), "remark": remark_of(document)}
    inward = document.type == "sales_return"
    place = "target_place" if inward else "source_place"
    raw[place] = book.places[GOODS]
    if document.type != "other_issue":
        raw |= {"party": book.customers[document.invoice.customer], "salesperson": None}
    lines = []
    for line in document.lines:
        one: dict[str, Any] = {"item": book.items[line.code], "quantity": str(abs(line.quantity))}
        if is_charge(line.code):
            one[place] = book.places[CHARGES]
        if document.type != "other_issue":
            one["unit_price_net"] = plain(abs(line.price))
        if line.description and line.description != book.names[line.code]:
            one["remark"] = line.description
        lines.append(one)
    raw["goods_lines"] = lines
    return raw


def line_id(book: Book, origin: Origin) -> int:
    """The id of a line that was loaded, in this run or before."""
    if origin.source not in book.lines:
        rows = GoodsLine.objects.filter(document=book.documents[origin.source], revision=0).order_by("position")
        book.lines[origin.source] = tuple(rows.values_list("pk", flat=True))
    return book.lines[origin.source][origin.at]
