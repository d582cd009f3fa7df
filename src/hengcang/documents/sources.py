"""来源核对 What the lines of a draft name: a source line of the right type and item, a document to be cleared, seen by who names it.

Party, state and date are checked at posting, where both documents are under lock. What somebody may not see he cannot
name either; what a line names already stays.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from hengcang.access.viewer import Viewer
from hengcang.core.errors import FieldInvalid, HengcangError
from hengcang.documents.facts import conversion_into
from hengcang.documents.scope import in_sight
from hengcang.meta.declarations import DocumentType
from hengcang.meta.values import Parsed
from hengcang.records.models import Document, GoodsLine, MoneyLine

UNKNOWN = "不存在，或您无权查看"


def faults(viewer: Viewer, declaration: DocumentType, goods: Sequence[Parsed], money: Sequence[Parsed]) -> list[HengcangError]:
    """来源有误 A fault per line that names what it cannot come from; no statement where no line names anything."""
    return [*goods_faults(viewer, declaration, goods), *money_faults(viewer, money)]


def goods_faults(viewer: Viewer, declaration: DocumentType, rows: Sequence[Parsed]) -> list[HengcangError]:
    """Faults of goods lines that name a source line."""
    naming = [row for row in rows if row.values.get("source_line") is not None]
    if not naming:
        return []
    columns = ("id", "item_id", "document__type", "document", "role")
    found = {row[0]: row[1:] for row in GoodsLine.objects.filter(pk__in=values_of(naming, "source_line")).values_list(*columns)}
    seen = visible(viewer, {document: name for _, name, document, _ in found.values()})
    hidden = [row for row in naming if found.get(row.values["source_line"], (0, "", 0, ""))[2] not in seen]
    standing = set(GoodsLine.objects.filter(pk__in=ids_of(hidden)).values_list("id", "source_line_id")) if ids_of(hidden) else set()
    wrong: list[HengcangError] = []
    for row in naming:
        line = row.values["source_line"]
        if line not in found or (row in hidden and (row.id, line) not in standing):
            wrong.append(fault(row, "source_line", "源单行", UNKNOWN))
        elif conversion_into(found[line][1], declaration, found[line][3]) is None:
            wrong.append(fault(row, "source_line", "源单行", f"{declaration.label}不能由这种单据生成"))
        elif found[line][0] != row.values["item"]:
            wrong.append(fault(row, "item", "商品", "与源单行的商品不同"))
    return wrong


def money_faults(viewer: Viewer, rows: Sequence[Parsed]) -> list[HengcangError]:
    """Faults of money lines that name a document the viewer may not see."""
    naming = [row for row in rows if row.values.get("cleared_document") is not None]
    if not naming or viewer.administrator:
        return []
    found = dict(Document.objects.filter(pk__in=values_of(naming, "cleared_document")).values_list("id", "type"))
    seen = visible(viewer, found)
    hidden = [row for row in naming if row.values["cleared_document"] not in seen]
    standing = set(MoneyLine.objects.filter(pk__in=ids_of(hidden)).values_list("id", "cleared_document_id")) if ids_of(hidden) else set()
    return [
        fault(row, "cleared_document", "核销单据", UNKNOWN) for row in hidden if (row.id, row.values["cleared_document"]) not in standing
    ]


def values_of(rows: Sequence[Parsed], name: str) -> set[int]:
    """What the rows name."""
    return {row.values[name] for row in rows}


def ids_of(rows: Sequence[Parsed]) -> Collection[int]:
    """The ids of the rows that stood before."""
    return [row.id for row in rows if row.id is not None]


def visible(viewer: Viewer, types: Mapping[int, str]) -> set[int]:
    """Those of the documents, given with their types, that the viewer may see."""
    return in_sight(viewer, [document for document, name in types.items() if viewer.may(name, "view")])


def fault(row: Parsed, name: str, label: str, reason: str) -> HengcangError:
    """The fault of a cell."""
    return FieldInvalid(path=row.where.at(name), where=row.where.text, label=label, value=row.values[name], reason=reason)
