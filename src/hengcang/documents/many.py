"""成批开单 Many drafts at once, for loaders: the same parsing, checks and amounts as one draft, in a few statements for all.

References are checked once for every draft of a kind, lines are built together, and each table is written by multi-row
inserts. What the single draft refuses, this refuses; nothing is written then. Every draft may stand at a moment of its
own, so that history that is entered late bears its own times. Posting stays one `services.apply` a document.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import DateField, JSONField, Model

from hengcang.access.viewer import Viewer
from hengcang.base import audit, bulk, clock
from hengcang.base.audit import Actor
from hengcang.base.fields import ScaledField
from hengcang.core.amounts import to_micro
from hengcang.documents import depending, drafts, exchanging, filling, freezing, gate, goods, rates, services, sources
from hengcang.documents.commands import Answer
from hengcang.meta import registry, values
from hengcang.meta.declarations import DocumentType, Lines
from hengcang.parties.models import Party
from hengcang.records.models import Document, GoodsLine, MoneyLine


@dataclass(frozen=True, slots=True)
class Draft:
    """待建草稿 A draft to be made: by whom, of which type, its content as the API takes it, at which moment; `ext` is what the
    program itself keeps in the header from the first. Not `complete`, its header may lack what only a person knows."""

    viewer: Viewer
    declaration: DocumentType
    raw: drafts.Raw
    moment: datetime | None = None
    ext: Mapping[str, Any] = field(default_factory=dict)
    complete: bool = True


def standing(moment: datetime | None) -> AbstractContextManager[None]:
    """Everything inside happens at the moment; none: now."""
    return clock.standing_at(moment) if moment is not None else nullcontext()


@dataclass(frozen=True, slots=True)
class Inserted:
    """已建草稿 The id of a draft and of its lines, in their order."""

    document: int
    goods: tuple[int, ...]
    money: tuple[int, ...]


@dataclass(slots=True)
class Prepared:
    """已备草稿 A checked draft as rows of the tables, still without ids; plain values that may come from another process."""

    type: str
    actor: Actor
    moment: datetime | None
    document: list[Any]
    goods: list[list[Any]]
    money: list[list[Any]]

    def name_source(self, at: int, line: int) -> None:
        """指明源行 Let a goods line take from a line that was not yet there when the draft was prepared."""
        self.goods[at][place_of(GoodsLine, "source_line_id")] = line


@dataclass(slots=True)
class Built:
    """A draft on its way into rows."""

    draft: Draft
    document: Document
    content: drafts.Content
    goods: list[GoodsLine]
    money: list[MoneyLine]


def insert(wanted: Sequence[Draft]) -> list[Inserted]:
    """成批新建草稿 Make the drafts inside the caller's transaction; ids ascend in the given order.

    Raises PermissionRefused, InvalidDocument (the paths are those of the draft in question): nothing is written.
    """
    return write(prepare(wanted))


def prepare(wanted: Sequence[Draft]) -> list[Prepared]:
    """成批备单 Parse, check and compute the drafts; only new lots are written. Raises as `insert`.

    The greater part of the work, and apart from the writing: a loader may have another process do it ahead.
    """
    built = [parsed(draft) for draft in wanted]
    groups: dict[tuple[str, int], list[Built]] = {}
    for one in built:
        viewer = one.draft.viewer
        groups.setdefault((one.draft.declaration.name, 0 if viewer.administrator else viewer.user_id), []).append(one)
    for group in groups.values():
        resolve(group)
        build_goods(group)
    due_dates(built)
    rates.settle([one.document for one in built])
    settle_exchanges(built)
    for one in built:
        complete(one)
    for group in groups.values():
        declaration = group[0].draft.declaration
        if declaration.money is not None:
            drafts.line_due_dates(declaration.money, [(one.document, row) for one in group for row in one.money])
    documents = rows_of(Document, [one.document for one in built])
    goods_rows = iter(rows_of(GoodsLine, [row for one in built for row in one.goods]))
    money_rows = iter(rows_of(MoneyLine, [row for one in built for row in one.money]))
    return [
        Prepared(
            type=one.document.type,
            actor=one.draft.viewer.actor,
            moment=one.draft.moment,
            document=document,
            goods=list(islice(goods_rows, len(one.goods))),
            money=list(islice(money_rows, len(one.money))),
        )
        for one, document in zip(built, documents, strict=True)
    ]


def write(prepared: Sequence[Prepared]) -> list[Inserted]:
    """成批写入草稿 Draw ids and write the rows, inside the caller's transaction; ids ascend in the given order."""
    for one, document in zip(prepared, bulk.draw_ids("records_document", len(prepared)), strict=True):
        one.document[0] = document
    insert_rows(Document, [one.document for one in prepared])
    insert_lines(GoodsLine, [(one.document[0], row) for one in prepared for row in one.goods])
    insert_lines(MoneyLine, [(one.document[0], row) for one in prepared for row in one.money])
    for one in prepared:
        if registry.document(one.type).freezes:
            with standing(one.moment):
                freezing.freeze(Document.objects.get(pk=one.document[0]), int(one.actor.user_id or 0))
    for (actor, kind, moment), group in groupby(prepared, key=lambda one: (one.actor, one.type, one.moment)):
        with standing(moment):
            audit.record_many(actor, "create", kind, {int(one.document[0]): () for one in group})
    return [Inserted(int(one.document[0]), tuple(row[0] for row in one.goods), tuple(row[0] for row in one.money)) for one in prepared]


def post(wanted: Sequence[Draft], inserted: Sequence[Inserted]) -> list[Answer]:
    """成批审核 Post the drafts one by one, in order, each at its moment, inside the caller's transaction.

    The caller holds the gate alone (`enter`). Raises what the document service refuses.
    """
    answers = []
    for draft, one in zip(wanted, inserted, strict=True):
        with standing(draft.moment):
            answers.append(services.apply(draft.viewer, draft.declaration, services.Order(one.document, "post"), True))
    return answers


def enter() -> None:
    """过闸 Hold the company gate alone for the rest of the transaction, as posting many documents in one needs."""
    gate.enter(exclusive=True)


def parsed(draft: Draft) -> Built:
    """One draft parsed, its references not yet checked."""
    declaration, viewer, raw = draft.declaration, draft.viewer, draft.raw
    viewer.require(declaration.name, "create")
    tables = {lines.name for lines in declaration.tables}
    header_raw = {name: value for name, value in raw.items() if name not in tables}
    with standing(draft.moment):
        header = values.parse_record(declaration.fields, header_raw, viewer, new=True, complete=draft.complete)
        document = Document(type=declaration.name, created_by_id=viewer.user_id, created_at=clock.now(), document_date=clock.today())
    depending.settle_header(declaration, header, None)
    document.ext.update(draft.ext)
    content = drafts.Content(
        header,
        drafts.goods_of(viewer, declaration, raw, header, None),
        drafts.parse_table(viewer, declaration.money, raw, None, MoneyLine),
    )
    values.refuse(content.errors)
    return Built(draft, document, content, [], [])


def resolve(group: Sequence[Built]) -> None:
    """Check every reference of drafts of one type: one statement per collection for all of them."""
    declaration, viewer = group[0].draft.declaration, group[0].draft.viewer
    tables: list[tuple[Any, list[values.Parsed]]] = [(declaration.fields, [one.content.header for one in group])]
    for lines in declaration.goods_tables:
        tables.append((lines.fields, [row for one in group for own, rows in one.content.tables if own is lines for row in rows]))
    if declaration.money is not None:
        tables.append((declaration.money.fields, [row for one in group for row in one.content.money]))
    values.refuse(values.resolve_refs(tables, viewer).errors)
    named = [row for one in group for row in one.content.goods]
    values.refuse(sources.faults(viewer, declaration, named, [row for one in group for row in one.content.money]))
    for one in group:
        drafts.assign(one.document, declaration, one.content.header.values)


def build_goods(group: Sequence[Built]) -> None:
    """The goods lines of drafts of one type, built together and given out to their documents."""
    declaration = group[0].draft.declaration
    if declaration.prices is not None:
        declaration.prices(group[0].draft.viewer, [(one.document, line) for one in group for line in one.content.goods])
    rows = iter(goods.build(declaration, Document(revision=0), [table for one in group for table in one.content.tables]))
    for one in group:
        for row in islice(rows, len(one.content.goods)):
            goods.set_places(row, declaration, one.document)
            one.goods.append(row)


def due_dates(built: Sequence[Built]) -> None:
    """到期日 From the parties' terms where they were left empty: one statement for all."""
    waiting = [
        one
        for one in built
        if one.document.due_date is None and one.document.party_id and any(f.name == "due_date" for f in one.draft.declaration.fields)
    ]
    parties = {one.document.party_id for one in waiting if one.document.party_id is not None}
    days = dict(Party.objects.filter(pk__in=parties).values_list("pk", "payment_days")) if parties else {}
    for one in waiting:
        assert one.document.party_id is not None
        one.document.due_date = one.document.document_date + timedelta(days=days.get(one.document.party_id) or 0)


def settle_exchanges(built: Sequence[Built]) -> None:
    """兑换 The lines of money that is exchanged, with their rates: three statements for all."""
    wanted = []
    for one in built:
        lines = one.draft.declaration.money
        if one.draft.declaration.exchanges and lines is not None:
            one.money = drafts.money_rows(lines, one.document, one.content.money)
            wanted += [(one.document, row) for row in one.money]
    if wanted:
        exchanging.settle(wanted)


def complete(one: Built) -> None:
    """Totals, scope, money lines."""
    declaration: DocumentType = one.draft.declaration
    if not declaration.counts:
        goods.set_header_places(one.document, one.goods)
    drafts.refuse_foreign(one.draft.viewer, declaration, one.document, one.goods)
    money: Lines | None = declaration.money
    if declaration.fill is not None:
        one.money = filling.filled(one.draft.viewer, declaration, one.document, one.content.money)
    if declaration.fill is not None or declaration.exchanges:
        made = [values.Parsed({"amount": row.amount, "book_amount": row.book_amount}) for row in one.money]
        drafts.total(one.document, declaration, one.goods, made)
        return
    drafts.total(
        one.document,
        declaration,
        one.goods,
        one.content.money if money is not None else None,
    )
    if money is not None:
        one.money = drafts.money_rows(money, one.document, one.content.money)


def insert_lines(model: type[Model], lines: Sequence[tuple[int, list[Any]]]) -> None:
    """Write lines with fresh ids under their documents."""
    at = place_of(model, "document_id")
    for line, (document, row) in zip(bulk.draw_ids(model._meta.db_table, len(lines)), lines, strict=True):
        row[0], row[at] = line, document
    insert_rows(model, [row for _, row in lines])


def insert_rows(model: type[Model], rows: Sequence[list[Any]]) -> None:
    """Write rows that hold a value for every column."""
    bulk.insert_rows(model._meta.db_table, [f'"{field.column}"' for field in model._meta.concrete_fields], rows)


def place_of(model: type[Model], name: str) -> int:
    """The place of an attribute in a row."""
    return [field.attname for field in model._meta.concrete_fields].index(name)


def rows_of(model: type[Model], data: Sequence[Any]) -> list[list[Any]]:
    """Instances as rows of what the database holds of each field; the id comes first."""
    fields = model._meta.concrete_fields
    columns = [column_of(field, [getattr(row, field.attname) for row in data]) for field in fields]
    return [list(row) for row in zip(*columns, strict=True)]


def column_of(field: Any, data: list[Any]) -> list[Any]:
    """The values of one column as the database holds them; what a field does not change is passed on as it is."""
    if isinstance(field, ScaledField):
        return [None if value is None else to_micro(value) for value in data]
    database = connections[DEFAULT_DB_ALIAS]
    if isinstance(field, JSONField):
        return [json.dumps(value) if value is not None else "{}" for value in data]
    if isinstance(field, DateField):
        return [field.get_db_prep_save(value, database) for value in data]
    return data
