"""下推 Conversion: a draft of the next type with what is still open of one or several sources.

Partial and repeated: what is open is what no live document has taken, so a second conversion carries the rest. Of
money, the open items of the sources become the lines that clear them. Where a conversion splits by a reference of the
item (以销定购 by the default supplier), it makes a draft for each. The draft carries prices that the user himself
may not see (a storekeeper delivers at the order's price), so it is made with every right, in his name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import F

from hengcang.access.viewer import Viewer, system_viewer
from hengcang.core.billing_errors import NotBilled
from hengcang.core.errors import FieldInvalid, NotFound, TransitionRefused
from hengcang.core.fulfilment import REPEATED, open_quantity
from hengcang.core.lifecycle import STATE_LABELS, State
from hengcang.core.pricing import to_millionths
from hengcang.core.seconds import open_part
from hengcang.core.shipping_errors import NoFreight
from hengcang.documents import charges, drafts, gate, many, passing, splitting
from hengcang.documents.commands import NO_KEY, Answer, Key, run
from hengcang.documents.facts import unfit
from hengcang.documents.scope import require_in_scope
from hengcang.ledger import queries
from hengcang.meta import registry
from hengcang.meta.declarations import FOREIGN, Conversion, DocumentType, Field, Kind
from hengcang.meta.values import present
from hengcang.places.models import CashAccount
from hengcang.records.models import Document, GoodsLine


@dataclass(frozen=True, slots=True)
class Wanted:
    """下推请求 Into which type, from which documents; `quantities` limits it to some lines (in the line's unit)."""

    target: str
    documents: Sequence[int]
    quantities: Mapping[int, Decimal] = field(default_factory=dict)


def convert(viewer: Viewer, declaration: DocumentType, wanted: Wanted, key: Key = NO_KEY) -> Answer:
    """下推 Make the draft, or the drafts; gives {document, type, documents}, the first and all of them.

    Raises PermissionRefused, NotFound, TransitionRefused (wrong state, nothing open), NoFreight, FieldInvalid (different parties).
    """
    conversion = next((one for one in declaration.conversions if one.target == wanted.target), None)
    if conversion is None:
        raise NotFound(label=wanted.target)
    target = registry.document(wanted.target)
    viewer.require(declaration.name, "view")
    viewer.require(target.name, "create")

    def command(exclusive: bool) -> Answer:
        sources = load_sources(viewer, declaration, conversion, wanted.documents)
        if conversion.charge is not None:
            contents = [charges.content(sources, conversion.charge, declaration, target)]
            return made_of(viewer, target, contents)
        raw = header_of(sources, conversion, declaration, target)
        if conversion.money:
            contents = [{**raw, "money_lines": money_lines(sources, conversion, declaration)}]
        else:
            contents = goods_contents(raw, goods_lines(sources, conversion, target, wanted.quantities, declaration), conversion, target)
        return made_of(viewer, target, contents)

    return run(viewer, key, command)


def made_of(viewer: Viewer, target: DocumentType, contents: Sequence[Mapping[str, Any]]) -> Answer:
    """The drafts of some contents, made with every right in the viewer's name."""
    everything = system_viewer(viewer.user_id, viewer.name)
    made = [one.document for one in many.insert([many.Draft(everything, target, one, complete=False) for one in contents])]
    return {"document": made[0], "type": target.name, "documents": made}


def load_sources(viewer: Viewer, declaration: DocumentType, conversion: Conversion, ids: Sequence[int]) -> list[Document]:
    """The sources under lock, each once: visible, in a state that converts, with what it carries, and of one party."""
    ids = list(dict.fromkeys(ids))
    headers = gate.lock_documents(ids)
    found = {one.pk: one for one in Document.objects.filter(pk__in=headers, type=declaration.name)}
    if set(found) != set(ids):
        raise NotFound(label=declaration.label)
    require_in_scope(viewer, declaration, ids)
    for document in headers:
        one = found[document]
        wrong = unfit(declaration, conversion, headers[document])
        if one.state not in conversion.from_states:
            raise TransitionRefused(label=one.number or "草稿", state=STATE_LABELS[State(one.state)], transition=conversion.label)
        if wrong and conversion.charge is not None:
            raise NoFreight(number=one.number or "草稿", label=wrong, transition=conversion.label)
        if wrong:
            raise TransitionRefused(label=one.number or "草稿", state=f"{wrong}：否", transition=conversion.label)
    sources = [found[one] for one in ids]
    if conversion.charge is not None:
        return sources
    if len({one.currency_id for one in sources}) > 1 and conversion.purpose not in REPEATED and not conversion.split_by:
        raise FieldInvalid(path="also", where="", label="币别", value="", reason="合并下推的单据须为同一币别")
    if len({one.party_id for one in sources}) > 1 and conversion.purpose not in REPEATED and not conversion.split_by:
        raise FieldInvalid(path="also", where="", label="往来单位", value="", reason="合并下推的单据须属于同一往来单位")
    return sources


def header_of(sources: Sequence[Document], conversion: Conversion, declaration: DocumentType, target: DocumentType) -> dict[str, Any]:
    """The header: fields of the same name, and those the conversion maps; dated by the target's own default.

    Whose it is where the sources are of several parties, a person says; a conversion that splits says it itself.
    """
    first = sources[0]
    foreign = len({one.party_id for one in sources}) > 1 or bool(conversion.split_by)
    origins = {one.name: one for one in declaration.fields}
    raw: dict[str, Any] = dict(conversion.sets)
    for one in target.fields:
        origin = conversion.header.get(one.name, one.name)
        if one.readonly or one.after_posting or one.name in ("document_date", "due_date", "remark") or (foreign and one.name == "party"):
            continue
        value = drafts.value_of(first, origins.get(origin, one).path)
        if one.name == "discount_amount":
            value = None if conversion.money or conversion.split_by or len(sources) > 1 else value
        if one.feature == FOREIGN and (first.currency_id is None or not keeps(one, conversion, declaration)):
            value = None
        if value is not None:
            raw[one.name] = value if isinstance(value, int) else present(one, value)
    return raw


def keeps(one: Field, conversion: Conversion, declaration: DocumentType) -> bool:
    """沿用币别 Whether a draft is in its source's currency, and at its rate: a bill or a return of what was booked is both."""
    if conversion.purpose in REPEATED or conversion.split_by:
        return False
    return one.kind is Kind.REF or (declaration.posting is not None and not conversion.money)


class OpenLine(NamedTuple):
    """可下推行 A line that can go on, the line that its taker will name, what was taken of the first and is left of both (base units).

    `serials` are its pieces; of a line that is only passed through, those that are left. `second` is what of its second
    quantity is left.
    """

    line: GoodsLine
    taken_of: GoodsLine
    done: Decimal
    left: Decimal
    serials: Sequence[str]
    second: Decimal | None = None


def open_lines(documents: Sequence[int], declaration: DocumentType, conversion: Conversion) -> list[OpenLine]:
    """可下推行 The lines of some documents that a conversion carries, in order: two statements, five where it goes through.

    One more where any has a second quantity.
    """
    role = conversion.role or declaration.main_role
    rows = GoodsLine.objects.filter(document__in=documents, revision=F("document__revision"), role=role)
    ordered = rows.select_related("item__second_unit", "unit").order_by("document_id", "position", "id")
    lines = [line for line in ordered if passing.carries(declaration, conversion, line)]
    taken_of = {line.pk: line for line in lines}
    passed: Mapping[int, passing.Left] = {}
    if conversion.through:
        origins = GoodsLine.objects.in_bulk([line.source_line_id for line in lines if line.source_line_id is not None])
        taken_of = {line.pk: origins[line.source_line_id] for line in lines if line.source_line_id is not None}
        passed = passing.left_of(origins, declaration, conversion)
    done = queries.progress([line.pk for line in taken_of.values()], conversion.purpose)
    beside = {line.pk for line in taken_of.values() if line.second_quantity is not None}
    taken_beside = queries.second_progress(beside, conversion.purpose)
    found = []
    for line in lines:
        origin = taken_of.get(line.pk)
        if origin is None:
            continue
        taken = done.get(origin.pk, Decimal(0))
        left = open_quantity(origin.base_quantity, taken)
        second = origin.second_quantity
        second = None if second is None else second - taken_beside.get(origin.pk, Decimal(0))
        if conversion.through:
            own = passed.get(line.pk, passing.Left(Decimal(0), ()))
            second = second_share(line, second, left, own.quantity)
            found.append(OpenLine(line, origin, line.base_quantity - own.quantity, min(left, own.quantity), own.serials, second))
        else:
            found.append(OpenLine(line, origin, taken, min(left, line.base_quantity), line.serials, second))
    return found


def second_share(line: GoodsLine, second: Decimal | None, left: Decimal, wanted: Decimal) -> Decimal | None:
    """辅助份额 What a part of an open quantity takes of the open second quantity; None where there is none to take."""
    unit = line.item.second_unit
    return None if second is None or unit is None or left <= 0 else open_part(second, left, wanted, unit.decimals)


def goods_lines(
    sources: Sequence[Document],
    conversion: Conversion,
    target: DocumentType,
    quantities: Mapping[int, Decimal],
    declaration: DocumentType,
) -> list[tuple[GoodsLine, dict[str, Any]]]:
    """The lines that are still open, each with the target's line that takes what is open of it."""
    assert target.goods is not None
    found = []
    for one in open_lines([source.pk for source in sources], declaration, conversion):
        asked = quantities.get(one.line.pk) if quantities else None
        if one.left <= 0 or (quantities and asked is None):
            continue
        wanted = one.left if asked is None else asked * one.line.factor
        quantity = to_millionths(wanted / one.taken_of.factor)
        found.append((one.line, line_of(one, target.goods.fields, conversion, quantity)))
    if not found:
        raise TransitionRefused(label=sources[0].number or "", state="已全部执行", transition=conversion.label)
    return found


def goods_contents(
    raw: Mapping[str, Any], lines: Sequence[tuple[GoodsLine, dict[str, Any]]], conversion: Conversion, target: DocumentType
) -> list[dict[str, Any]]:
    """The contents of the drafts: one of all lines, or one for each party that the items name."""
    assert target.goods is not None
    if not conversion.split_by:
        return [{**raw, target.goods.name: [line for _, line in lines]}]
    prices = splitting.prices(target, lines)
    parts = splitting.by_party(conversion.split_by, lines)
    made = []
    for party, part in parts:
        owner = {} if party is None else {"party": party}
        made.append({**raw, **owner, target.goods.name: [{**line, **prices.get(source, {})} for source, line in part]})
    return made


def line_of(one_open: OpenLine, fields: Sequence[Field], conversion: Conversion, quantity: Decimal) -> dict[str, Any]:
    """A target line from a source line, with the pieces of the line in front where it takes all that are left of it."""
    line = one_open.taken_of
    raw: dict[str, Any] = {"source_line": line.pk}
    for one in fields:
        if one.readonly or one.path.startswith("ext:") or (one.mask is not None and conversion.split_by):
            continue
        origin = conversion.line.get(one.name, one.name)
        value = drafts.value_of(line, origin)
        if value is not None and value != []:
            raw[one.name] = value if isinstance(value, int) else present(one, value)
    raw["quantity"] = f"{quantity.normalize():f}"
    raw.pop("serials", None)
    raw.pop("second_quantity", None)
    second = second_share(one_open.line, one_open.second, one_open.left, to_millionths(quantity * line.factor))
    if second is not None and any(one.name == "second_quantity" for one in fields):
        raw["second_quantity"] = f"{second.normalize():f}"
    if one_open.serials and len(one_open.serials) == quantity * line.factor and any(one.name == "serials" for one in fields):
        raw["serials"] = list(one_open.serials)
    return raw


def money_lines(sources: Sequence[Document], conversion: Conversion, declaration: DocumentType) -> list[dict[str, Any]]:
    """What is open of the sources, to be cleared, and one line of cash for all of it."""
    sign = -1 if declaration.party_role == "supplier" else 1
    lines: list[dict[str, Any]] = []
    total = Decimal(0)
    for source in sources:
        amount = sign * sum((item["open"] for item in queries.open_items_of(source.pk)), Decimal(0))
        if amount:
            lines.append({"cleared_document": source.pk, "amount": f"{amount:f}"})
            total += amount
    if not lines and any(source.ext.get("unbilled") for source in sources):
        raise NotBilled(label=sources[0].number or "", transition=conversion.label)
    if not lines:
        raise TransitionRefused(label=sources[0].number or "", state="已结清", transition=conversion.label)
    accounts = CashAccount.objects.filter(active=True, currency=sources[0].currency_id).order_by("code")
    account = accounts.values_list("pk", flat=True).first()
    if account is not None and total:
        lines.insert(0, {"cash_account": account, "amount": f"{total:f}"})
    return lines
