"""随单头的字段 Fields that are there only while the header says so (`Field.when`): elsewhere they are empty, and a value is refused.

A save that changes what they depend on and leaves the lines out takes the lines as they stand through the same door, so
that no line keeps what its header no longer has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from hengcang.core.errors import FieldNotNow
from hengcang.meta import values
from hengcang.meta.declarations import DocumentType, Field
from hengcang.meta.english import word
from hengcang.meta.values import Parsed
from hengcang.records.models import Document, GoodsLine


class Absent(NamedTuple):
    """此时没有 A field that is not there, the header field it depends on, and the value that this lacks."""

    field: Field
    depends_on: Field
    needs: str


def absent(fields: Iterable[Field], declaration: DocumentType, header: Parsed, document: Document | None) -> list[Absent]:
    """此时没有的字段 Those of the fields that the header, as sent over what is kept, does not give."""
    named = {one.name: one for one in declaration.fields}
    return [
        Absent(one, named[name], needs)
        for one in fields
        for name, needs in one.when.items()
        if stated(named[name], header, document) != needs
    ]


def stated(one: Field, header: Parsed, document: Document | None) -> Any:
    """What the header says in a field of a choice, as sent or else as kept."""
    if one.name in header.values:
        return header.values[one.name]
    if document is None:
        return None
    return document.ext.get(one.path[4:]) if one.path.startswith("ext:") else getattr(document, one.path)


def settle_header(declaration: DocumentType, header: Parsed, document: Document | None) -> None:
    """单头 Empty the header fields that are not there; a value sent for one is a fault."""
    empty(header, absent(declaration.fields, declaration, header, document))


def empty(row: Parsed, fields: Sequence[Absent]) -> None:
    """清空 Empty these fields of a parsed row; a value sent for one is a fault."""
    for one, depends_on, needs in fields:
        if one.readonly:
            continue
        nothing = values.empty(one)
        if row.values.get(one.name, nothing) != nothing:
            row.errors.append(refusal(row, one, depends_on, needs))
        row.values[one.name] = nothing


def refusal(row: Parsed, one: Field, depends_on: Field, needs: str) -> FieldNotNow:
    """The fault of a value that is not there."""
    label = next((choice.label for choice in depends_on.choices if choice.value == needs), needs)
    words = {"label": word(one.label, one.name), "field": word(depends_on.label, depends_on.name), "needs": word(label, needs)}
    return FieldNotNow(path=row.where.at(one.name), where=row.where.text, **words)


def with_standing(declaration: DocumentType, raw: Mapping[str, Any], document: Document | None) -> Mapping[str, Any]:
    """含原有明细 The request with the standing lines of the tables that it leaves out, where their fields depend on what it sends."""
    if document is None:
        return raw
    more = {}
    for lines in declaration.goods_tables:
        if lines.name in raw or not any(name in raw for one in lines.fields for name in one.when):
            continue
        rows = GoodsLine.objects.filter(document=document.pk, revision=document.revision, role=lines.role)
        more[lines.name] = [{"id": pk} for pk in rows.order_by("position", "id").values_list("id", flat=True)]
    return {**raw, **more}


def present(declaration: DocumentType, shown: dict[str, Any]) -> None:
    """呈现 Show nothing in the fields that a document, as shown, does not have."""
    for rows, fields in [([shown], declaration.fields), *((shown[lines.name], lines.fields) for lines in declaration.tables)]:
        gone = [one.name for one in fields if any(shown.get(name) != needs for name, needs in one.when.items())]
        for row in rows:
            row.update({name: None for name in gone if name in row})
