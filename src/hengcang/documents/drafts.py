"""草稿 Drafts: make, save, copy, delete. A draft moves nothing; its amounts are computed here, once, by the server.

Lines keep their ids through saves. What a save leaves out of the header is unchanged; a line it leaves out is gone.
Every save counts `version` up, and is refused when somebody else saved in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, Q

from hengcang.access.viewer import Viewer, system_viewer
from hengcang.base import audit, clock, outbox
from hengcang.core.clearing import cleared_amount
from hengcang.core.errors import FieldInvalid, HengcangError, NotFound, OutsideScope, RevisionConflict, SideKept, TransitionRefused
from hengcang.core.lifecycle import EDITABLE, STATE_LABELS, State
from hengcang.core.posting import Control
from hengcang.core.pricing import discounted
from hengcang.documents import depending, exchanging, filling, freezing, gate, goods, rates, sources
from hengcang.documents.commands import NO_KEY, Answer, Key, run
from hengcang.documents.scope import may_hold, require_in_scope
from hengcang.meta import values
from hengcang.meta.declarations import DocumentType, Kind, Lines, Total
from hengcang.meta.values import Parsed
from hengcang.parties.models import Party
from hengcang.records.models import Document, GoodsLine, MoneyLine

Raw = Mapping[str, Any]
IGNORED = ("id", "version", "type", "number", "label", "state", "state_label", "revision", "progress", "allowed", "warnings", "documents")
LINE_EXT = "ext"


@dataclass(frozen=True, slots=True)
class Content:
    """内容 A document as parsed: header, tables of goods lines, money lines."""

    header: Parsed
    tables: Sequence[goods.Table]
    money: Sequence[Parsed]

    @property
    def goods(self) -> list[Parsed]:
        """The goods lines of every table, one after the other."""
        return [line for _, lines in self.tables for line in lines]

    @property
    def errors(self) -> list[HengcangError]:
        """Everything wrong in it."""
        return [error for part in (self.header, *self.goods, *self.money) for error in part.errors]


def create(viewer: Viewer, declaration: DocumentType, raw: Raw, key: Key = NO_KEY) -> Answer:
    """新建草稿 Make a draft. Gives {document}. Raises PermissionRefused, InvalidDocument."""
    viewer.require(declaration.name, "create")
    return run(viewer, key, lambda exclusive: {"document": insert(viewer, declaration, raw)})


def insert(viewer: Viewer, declaration: DocumentType, raw: Raw, *, complete: bool = True) -> int:
    """A draft inside the caller's transaction; gives its id. Not `complete`, its header may lack what only a person knows."""
    content = parse(viewer, declaration, raw, None, complete=complete)
    document = Document(type=declaration.name, created_by_id=viewer.user_id, created_at=clock.now(), document_date=clock.today())
    assign(document, declaration, content.header.values)
    return store_content(viewer, declaration, document, content, ())


def save(viewer: Viewer, declaration: DocumentType, document: int, raw: Raw, key: Key = NO_KEY) -> Answer:
    """保存草稿 Save a draft that was at `raw["version"]`. Raises RevisionConflict, TransitionRefused, InvalidDocument."""
    viewer.require(declaration.name, "change")
    return run(viewer, key, lambda exclusive: {"document": update(viewer, declaration, document, raw)})


def update(viewer: Viewer, declaration: DocumentType, document_id: int, raw: Raw) -> int:
    """A save inside the caller's transaction."""
    document = lock_draft(viewer, declaration, document_id, raw.get("version"), "修改")
    before = snapshot(declaration, document)
    places, kept_rate = goods.places_of(document), (document.currency_id, document.currency_rate)
    raw = depending.with_standing(declaration, raw, document)
    content = parse(viewer, declaration, raw, document)
    assign(document, declaration, content.header.values)
    kept = [lines.name for lines in declaration.tables if lines.name not in raw]
    for lines in declaration.goods_tables:
        if lines.name in kept:
            goods.follow_header(document, places, lines.role)
    document.version += 1
    return store_content(viewer, declaration, document, content, kept, before, kept_rate)


def lock_draft(viewer: Viewer, declaration: DocumentType, document_id: int, version: Any, verb: str) -> Document:
    """The draft under lock, as the caller saw it. Raises NotFound, RevisionConflict, TransitionRefused."""
    header = gate.lock_documents([document_id]).get(document_id)
    document = Document.objects.filter(pk=document_id).first()
    if header is None or document is None or document.type != declaration.name:
        raise NotFound(label=declaration.label)
    require_in_scope(viewer, declaration, [document_id])
    if version is not None and version != document.version:
        raise RevisionConflict(seen=version, current=document.version)
    if document.state not in EDITABLE:
        raise TransitionRefused(label=declaration.label, state=STATE_LABELS[State(document.state)], transition=verb)
    return document


def parse(viewer: Viewer, declaration: DocumentType, raw: Raw, document: Document | None, *, complete: bool = True) -> Content:
    """Parse a request whole: every fault with its path, every reference checked. Raises InvalidDocument."""
    tables = {lines.name for lines in declaration.tables}
    header_raw = {name: value for name, value in raw.items() if name not in tables}
    ignored = (*IGNORED, "created_by", "created_at", "posted_by", "posted_at", "amount_net", "tax_amount", "amount_gross")
    header = values.parse_record(declaration.fields, header_raw, viewer, new=document is None, complete=complete, ignored=ignored)
    depending.settle_header(declaration, header, document)
    goods_tables = goods_of(viewer, declaration, raw, header, document)
    content = Content(header, goods_tables, parse_table(viewer, declaration.money, raw, document, MoneyLine))
    parsed: list[tuple[Iterable[Any], Sequence[Parsed]]] = [(declaration.fields, [header])]
    parsed += [(lines.fields, rows) for lines, rows in content.tables]
    if declaration.money is not None:
        parsed.append((declaration.money.fields, content.money))
    resolved = values.resolve_refs(parsed, viewer)
    values.refuse([*content.errors, *resolved.errors])
    values.refuse(sources.faults(viewer, declaration, content.goods, content.money))
    return content


def goods_of(viewer: Viewer, declaration: DocumentType, raw: Raw, header: Parsed, document: Document | None) -> list[goods.Table]:
    """The tables of goods lines that a request holds, parsed."""
    found: list[goods.Table] = []
    for lines in declaration.goods_tables:
        if lines.name in raw:
            absent = depending.absent(lines.fields, declaration, header, document)
            found.append((lines, parse_table(viewer, lines, raw, document, GoodsLine, absent)))
    return found


def parse_table(
    viewer: Viewer,
    lines: Lines | None,
    raw: Raw,
    document: Document | None,
    model: type[GoodsLine] | type[MoneyLine],
    absent: Sequence[depending.Absent] = (),
) -> list[Parsed]:
    """The lines of one table; a line with an id is one the draft has, its unsent fields unchanged. Fields that are `absent` are emptied."""
    if lines is None or lines.name not in raw:
        return []
    known: dict[int, Any] = {}
    if document is not None:
        known = {row.pk: row for row in lines_of(model, lines, document.pk, document.revision)}
    parsed = values.parse_lines(lines, raw[lines.name], viewer, known)
    sent_lines = raw[lines.name] if isinstance(raw[lines.name], list) else ()
    for row, sent in zip(parsed, sent_lines, strict=False):
        carry_links(row, sent)
        depending.empty(row, absent)
        if row.id is not None:
            fill_unsent(row, lines, known[row.id], document)
    return parsed


def carry_links(row: Parsed, sent: Any) -> None:
    """A new line may name the line it comes from; loaders and conversions send `source_line`."""
    row.errors = [error for error in row.errors if not error.path.endswith(".source_line")]
    named = sent.get("source_line") if isinstance(sent, Mapping) else None
    if named is None:
        return
    if isinstance(named, bool) or not isinstance(named, int) or not 0 < named < 2**63:
        words = {"where": row.where.text, "label": "源单行", "value": str(named)[:40], "reason": "应为源单的行号"}
        row.errors.append(FieldInvalid(path=row.where.at("source_line"), **words))
    else:
        row.values["source_line"] = named


def fill_unsent(row: Parsed, lines: Lines, line: Any, document: Document | None) -> None:
    """The values of an existing line that the request did not send; what it had of the header it still has of the header."""
    for one in lines.fields:
        if one.name not in row.values and not one.readonly:
            value = value_of(line, one.path)
            inherited = one.inherits and document is not None and value == value_of(document, one.inherits)
            row.values[one.name] = None if inherited else value
    if "source_line" not in row.values and isinstance(line, GoodsLine):
        row.values["source_line"] = line.source_line_id


def attribute(model: Any, path: str) -> str:
    """The attribute that holds a column: references by their id."""
    return f"{path}_id" if hasattr(model, f"{path}_id") else path


def value_of(row: Any, path: str) -> Any:
    """字段值 The value of a field by its path, wherever a row keeps it: of a reference its id; none where the row has no such field."""
    return row.ext.get(path[4:]) if path.startswith("ext:") else getattr(row, attribute(row, path), None)


def assign(document: Document, declaration: DocumentType, parsed: Mapping[str, Any]) -> None:
    """Put header values where they are kept."""
    for one in declaration.fields:
        if one.name not in parsed:
            continue
        value = parsed[one.name]
        if one.path.startswith("ext:"):
            document.ext[one.path[4:]] = values.present(one, value)
        else:
            setattr(document, attribute(document, one.path), value)


def store_content(
    viewer: Viewer,
    declaration: DocumentType,
    document: Document,
    content: Content,
    kept: Sequence[str],
    before: Mapping[str, Any] | None = None,
    kept_rate: tuple[int | None, Decimal] | None = None,
) -> int:
    """Write a draft: header with totals, lines by id, the audit row. Statements do not grow with the lines."""
    is_new = document.pk is None
    due_date(declaration, document)
    rates.settle([document], kept_rate)
    if declaration.prices is not None:
        declaration.prices(viewer, [(document, line) for line in content.goods])
    goods_rows = goods.build(declaration, document, content.tables)
    if not declaration.counts:
        goods.set_header_places(document, goods_rows)
    sent = [lines.role for lines, _ in content.tables]
    standing = [*goods_rows, *([] if is_new else standing_rows(declaration, document, kept))]
    refuse_foreign(viewer, declaration, document, standing)
    money = content.money if "money_lines" not in kept else None
    made = made_lines(viewer, declaration, document, content.money, sent=money is not None)
    if made is not None:
        money = [Parsed({"amount": row.amount, "book_amount": row.book_amount}) for row in made]
    total(document, declaration, standing, money)
    document.save()
    if sent:
        write_lines(GoodsLine, document, goods_rows, goods.WRITTEN, among=None if is_new else Q(role__in=sent))
    if made is not None:
        write_lines(MoneyLine, document, made, MONEY_WRITTEN, among=None if is_new else Q())
    elif declaration.money is not None and "money_lines" not in kept:
        rows = money_rows(declaration.money, document, content.money)
        line_due_dates(declaration.money, [(document, row) for row in rows])
        write_lines(MoneyLine, document, rows, MONEY_WRITTEN, among=None if is_new else Q())
    if declaration.freezes:
        freezing.freeze(document, viewer.user_id)
    changes = [] if before is None else differences(declaration, before, snapshot(declaration, document))
    audit.record(viewer.actor, "create" if is_new else "change", document.type, document.pk, changes)
    return int(document.pk)


def made_lines(
    viewer: Viewer, declaration: DocumentType, document: Document, parsed: Sequence[Parsed], *, sent: bool
) -> list[MoneyLine] | None:
    """The money lines of a draft of which more is known than was typed; none where what was typed is all."""
    if declaration.fill is not None:
        return filling.filled(viewer, declaration, document, parsed)
    if not declaration.exchanges or not sent:
        return None
    assert declaration.money is not None
    rows = money_rows(declaration.money, document, parsed)
    exchanging.settle([(document, row) for row in rows])
    return rows


def standing_rows(declaration: DocumentType, document: Document, kept: Sequence[str]) -> list[GoodsLine]:
    """The goods lines that a save leaves as they are: a changed discount changes their shares and the totals."""
    roles = [lines.role for lines in declaration.goods_tables if lines.name in kept]
    if not roles:
        return []
    rows = GoodsLine.objects.filter(document=document.pk, revision=document.revision, role__in=roles)
    return list(rows.order_by("position", "id"))


def snapshot(declaration: DocumentType, document: Document) -> dict[str, Any]:
    """What is typed in a draft, header and lines, for the audit log."""
    everything = system_viewer(document.created_by_id, "")
    raw = typed(declaration.fields, document, everything)
    for lines, model in tables_of(declaration):
        rows = lines_of(model, lines, document.pk, document.revision)
        raw[lines.name] = [typed(lines.fields, row, everything) for row in rows]
    return raw


def lines_of(model: Any, lines: Lines, document: int, revision: Any) -> Any:
    """The lines of one table of a document, in order; of goods lines those of its role."""
    role = {"role": lines.role} if model is GoodsLine else {}
    return model.objects.filter(document=document, revision=revision, **role).order_by("position", "id")


def differences(declaration: DocumentType, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[audit.Change]:
    """Fields and tables that a save changed, before and after."""
    names = [*(one.name for one in declaration.fields), *(lines.name for lines in declaration.tables)]
    return [{"field": name, "before": before.get(name), "after": after.get(name)} for name in names if before.get(name) != after.get(name)]


def tables_of(declaration: DocumentType) -> list[tuple[Lines, Any]]:
    """The line tables of a type with their models."""
    return [(lines, MoneyLine if lines is declaration.money else GoodsLine) for lines in declaration.tables]


def due_date(declaration: DocumentType, document: Document) -> None:
    """到期日 Follows from the party's terms where it was left empty."""
    if document.due_date is None and document.party_id and any(one.name == "due_date" for one in declaration.fields):
        days = Party.objects.filter(pk=document.party_id).values_list("payment_days", flat=True).first()
        document.due_date = document.document_date + timedelta(days=days or 0)


def line_due_dates(lines: Lines, rows: Sequence[tuple[Document, MoneyLine]]) -> None:
    """到期日 Of lines with a party that state none: by the party's terms, from the original document's date on."""
    if not any(one.name == "due_date" for one in lines.fields):
        return
    waiting = [(document, row, row.party_id) for document, row in rows if row.due_date is None and row.party_id is not None]
    parties = {party for *_, party in waiting}
    days = dict(Party.objects.filter(pk__in=parties).values_list("pk", "payment_days")) if parties else {}
    for document, row, party in waiting:
        start = date.fromisoformat(row.ext["original_date"]) if row.ext.get("original_date") else document.document_date
        row.due_date = start + timedelta(days=days.get(party, 0))


def refuse_foreign(viewer: Viewer, declaration: DocumentType, document: Document, rows: Sequence[GoodsLine]) -> None:
    """A user may not make a document that he could not see afterwards. Raises OutsideScope, SideKept."""
    header = {
        "source_place_id": document.source_place_id,
        "target_place_id": document.target_place_id,
        "department_id": document.department_id,
        "salesperson_id": document.salesperson_id,
        "created_by_id": document.created_by_id,
    }
    if not may_hold(viewer, header, (place for row in rows for place in (row.source_place_id, row.target_place_id))):
        raise OutsideScope(label=declaration.label)
    if declaration.side_masks.get(str(document.ext.get("side"))) in viewer.masks:
        raise SideKept(path="side", label=declaration.label)


MOST_TOTAL = Decimal("1e11")
MONEY_WRITTEN = (
    "position", "role", "cash_account", "target_account", "cleared_document", "category", "party", "amount", "fee", "target_amount",
    "book_amount", "due_date", "remark", "ext",
)  # fmt: skip


def money_rows(lines: Lines, document: Document, parsed: Sequence[Parsed]) -> list[MoneyLine]:
    """Money lines from what was parsed: a line that names a document clears it, else it is cash, unless its type says more."""
    typed_role = any(one.path == "role" for one in lines.fields)
    rows = []
    for position, line in enumerate(parsed, start=1):
        row = MoneyLine(pk=line.id, revision=document.revision, position=position, ext={})
        for one in lines.fields:
            if one.name not in line.values or one.readonly:
                continue
            if one.path.startswith("ext:"):
                row.ext[one.path[4:]] = values.present(one, line.values[one.name])
            else:
                setattr(row, attribute(row, one.path), line.values[one.name])
        row.fee = row.fee or Decimal(0)
        if not typed_role:
            row.role = lines.role or ("clearing" if row.cleared_document_id else "cash")
        rows.append(row)
    return rows


def total(document: Document, declaration: DocumentType, standing: Sequence[GoodsLine], money: Sequence[Parsed] | None) -> None:
    """Totals of the header: the lines of the first table of goods less the discount; of money lines what the type counts."""
    if declaration.goods is not None:
        rows = [row for row in standing if row.role == declaration.main_role]
        document.amount_gross = sum((row.amount_gross for row in rows), Decimal(0)) - document.discount_amount
        document.tax_amount = sum((row.tax_amount for row in rows), Decimal(0))
        document.amount_net = document.amount_gross - document.tax_amount
        if document.discount_amount:
            parts = discounted(document.discount_amount, rows)
            document.amount_net = sum((net for net, _ in parts), Decimal(0))
            document.tax_amount = document.amount_gross - document.amount_net
    elif money is not None:
        document.amount_gross = document.amount_net = money_total(declaration, money)
    if abs(document.amount_gross) > MOST_TOTAL:
        reason = f"超出一张单据的范围（最多 {MOST_TOTAL:,.0f}），请核对数量与单价，或拆成几张"
        raise FieldInvalid(path="amount_gross", where="", label="合计金额", value=f"{document.amount_gross:,f}", reason=reason)


def money_total(declaration: DocumentType, money: Sequence[Parsed]) -> Decimal:
    """款项合计 What the money lines amount to."""
    if declaration.total is Total.CLEARED:
        return cleared_amount((Control(line.values["control"]), line.values["amount"]) for line in money)
    if declaration.total is Total.BOOK:
        return sum((line.values["book_amount"] for line in money), Decimal(0))
    counted = [line for line in money if declaration.total is Total.LINES or line.values.get("cash_account")]
    return sum((line.values["amount"] for line in counted), Decimal(0))


def write_lines(model: Any, document: Document, rows: Sequence[Any], columns: Sequence[str], *, among: Q | None) -> None:
    """Insert, update and delete lines so that of those `among` (None: of a new draft) the draft has exactly these."""
    kept = [row.pk for row in rows if row.pk is not None]
    if among is not None:
        model.objects.filter(among, document=document.pk, revision=document.revision).exclude(pk__in=kept).delete()
    for row in rows:
        row.document_id = document.pk
    if kept:
        model.objects.bulk_update([row for row in rows if row.pk is not None], columns, batch_size=500)
    model.objects.bulk_create([row for row in rows if row.pk is None], batch_size=500)


def delete(viewer: Viewer, declaration: DocumentType, document_id: int, key: Key = NO_KEY) -> Answer:
    """删除草稿 Delete a draft that never had a number; a count that froze the books is voided instead, since its position stays.

    Raises TransitionRefused for one that has a number (it is voided).
    """
    viewer.require(declaration.name, "delete")

    def command(exclusive: bool) -> Answer:
        document = lock_draft(viewer, declaration, document_id, None, "删除")
        if document.number is not None or document.revision:
            raise TransitionRefused(label=declaration.label, state=f"草稿（已编号 {document.number}）", transition="删除，请改为作废")
        if document.ext.get("freeze") is None:
            audit.record(viewer.actor, "delete", document.type, document_id, ())
            document.delete()
        else:
            audit.record(viewer.actor, "void", document.type, document_id, audit.diff({"state": "草稿"}, {"state": "作废"}, ["state"]))
            Document.objects.filter(pk=document_id).update(state=State.VOID, version=F("version") + 1)
            outbox.add("document_voided", document.type, document_id)
        return {"document": document_id}

    return run(viewer, key, command)


def copy(viewer: Viewer, declaration: DocumentType, document_id: int, key: Key = NO_KEY) -> Answer:
    """复制 A new draft of today with the same content, and no links."""
    viewer.require(declaration.name, "view")
    viewer.require(declaration.name, "create")

    def command(exclusive: bool) -> Answer:
        if document_id not in gate.lock_documents([document_id]):
            raise NotFound(label=declaration.label)
        require_in_scope(viewer, declaration, [document_id])
        everything = system_viewer(viewer.user_id, viewer.name)
        return {"document": insert(everything, declaration, content_of(everything, declaration, document_id))}

    return run(viewer, key, command)


def content_of(viewer: Viewer, declaration: DocumentType, document_id: int) -> dict[str, Any]:
    """The content of a document as a request for a new one: all that is typed but the pieces and the rates, dated today."""
    document = Document.objects.filter(pk=document_id, type=declaration.name).first()
    if document is None:
        raise NotFound(label=declaration.label)
    raw = typed((one for one in declaration.fields if not one.after_posting), document, viewer)
    for name in ("document_date", "due_date", "currency_rate"):
        raw.pop(name, None)
    for lines, model in tables_of(declaration):
        rows = lines_of(model, lines, document_id, F("document__revision"))
        fields = [
            one for one in lines.fields if one.kind is not Kind.SERIALS and not one.linked and one.name not in exchanging.RATES.values()
        ]
        raw[lines.name] = [typed(fields, row, viewer) for row in rows]
    return raw


def typed(fields: Iterable[Any], row: Any, viewer: Viewer) -> dict[str, Any]:
    """What a person typed into the fields of a row, as far as the viewer may see it."""
    found: dict[str, Any] = {}
    for one in fields:
        if one.readonly or not viewer.sees(one):
            continue
        value = value_of(row, one.path)
        shown = isinstance(value, int) or one.path.startswith("ext:")
        found[one.name] = value if shown else values.present(one, value)
    return found
