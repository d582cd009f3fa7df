"""自动明细 Lines that the program makes of a document's header: typed is only what their other fields ask for."""

from __future__ import annotations

from collections.abc import Sequence

from hengcang.access.viewer import Viewer
from hengcang.meta import values
from hengcang.meta.declarations import DocumentType
from hengcang.meta.values import Parsed
from hengcang.records.models import Document, MoneyLine


def filled(viewer: Viewer, declaration: DocumentType, document: Document, sent: Sequence[Parsed]) -> list[MoneyLine]:
    """填写明细 The money lines of a draft whose type fills them, with what was typed in those that stood; as its maker sees them."""
    assert declaration.fill is not None and declaration.money is not None
    standing = []
    if document.pk is not None:
        found = MoneyLine.objects.filter(document=document.pk, revision=document.revision)
        standing = list(found.order_by("position", "id"))
    keys = {row.pk: row.ext["key"] for row in standing}
    typed = [one for one in declaration.money.fields if not one.readonly and one.path.startswith("ext:")]
    answers = {row.ext["key"]: {one.path[4:]: row.ext.get(one.path[4:]) for one in typed} for row in standing}
    for line in sent:
        if line.id in keys:
            answers[keys[line.id]] |= {one.path[4:]: values.present(one, line.values[one.name]) for one in typed if one.name in line.values}
    return list(declaration.fill(viewer, document, standing, answers))
