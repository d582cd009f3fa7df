"""可下推的单据 What can go into one draft together: a document and others of its type and party that still have open lines.

Quantities are in the unit of the line, as a clerk reads them; what is open of a document is summed in base units.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from hengcang.access.viewer import Viewer
from hengcang.core.errors import NotFound, QueryRefused
from hengcang.core.pricing import to_millionths
from hengcang.documents.conversion import open_lines
from hengcang.meta import refs
from hengcang.meta.dataset import document_filter
from hengcang.meta.declarations import Conversion, DocumentType
from hengcang.meta.values import plain
from hengcang.records.models import Document, GoodsLine, LineProgress

OTHERS_AT_MOST = 50
ZERO = Decimal(0)


def open_sources(viewer: Viewer, declaration: DocumentType, document: int, target: str, search: str = "") -> dict[str, Any]:
    """可下推的单据 `{documents: [{id, label, document_date, open, lines: [...]}], more}`: the document itself first.

    Then others, the newest first, those whose number contains `search`; at most 50, and `more` says that there are more.
    Four statements, six where the conversion goes through. Raises NotFound, PermissionRefused, QueryRefused for a conversion
    that is not of goods.
    """
    conversion = next((one for one in declaration.conversions if one.target == target), None)
    if conversion is None:
        raise NotFound(label=target)
    viewer.require(declaration.name, "view")
    viewer.require(target, "create")
    if conversion.money:
        raise QueryRefused(path="target", reason="这种下推不按商品行")
    visible = Document.objects.filter(document_filter(viewer), type=declaration.name)
    columns = ("id", "number", "document_date", "party_id")
    own = visible.filter(pk=document).values_list(*columns).first()
    if own is None:
        raise NotFound(label=declaration.label)
    role = conversion.role or declaration.main_role
    others = list(other_sources(visible, conversion, own[3], role, search).exclude(pk=document).values_list(*columns)[: OTHERS_AT_MOST + 1])
    shown = [own, *others[:OTHERS_AT_MOST]]
    lines = lines_json([row[0] for row in shown], declaration, conversion)
    documents = [document_json(row, lines.get(row[0], [])) for row in shown]
    return {"documents": documents, "more": len(others) > OTHERS_AT_MOST}


def other_sources(visible: QuerySet[Document], conversion: Conversion, party: int | None, role: str, search: str) -> QuerySet[Document]:
    """Documents of a party, in a state that converts, with a line of which something is open; none without a party.

    What goes through to other documents' lines is not searched for: it begins at the document in front.
    """
    if party is None or conversion.through:
        return visible.none()
    done = LineProgress.objects.filter(line=OuterRef("pk"), purpose=conversion.purpose).values("quantity")
    own = GoodsLine.objects.filter(document=OuterRef("pk"), revision=OuterRef("revision"), role=role).annotate(done=Subquery(done))
    still_open = own.filter(Q(done=None) | Q(base_quantity__gt=F("done")), base_quantity__gt=0)
    found = visible.filter(Exists(still_open), party=party, state__in=conversion.from_states)
    if search.strip():
        found = found.filter(number__icontains=search.replace("\x00", "").strip()[:60])
    return found.order_by("-document_date", "-id")


def lines_json(documents: Sequence[int], declaration: DocumentType, conversion: Conversion) -> dict[int, list[dict[str, Any]]]:
    """The lines of which something is open, by document, in order."""
    found: dict[int, list[dict[str, Any]]] = {}
    for line, _, taken, left, *_ in open_lines(documents, declaration, conversion):
        if left > 0:
            shown = {
                "id": line.pk,
                "item": {"id": line.item.pk, "code": line.item.code, "label": line.item.name, "spec": line.item.spec},
                "unit": {"id": line.unit.pk, "label": line.unit.name},
                "quantity": plain(line.quantity),
                "done": plain(to_millionths(taken / line.factor)),
                "open": plain(to_millionths(left / line.factor)),
            }
            found.setdefault(line.document_id, []).append({**shown, "left": left})
    return found


def document_json(row: tuple[Any, ...], lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One document; what is open of it in base units."""
    total = sum((line["left"] for line in lines), ZERO)
    return {
        "id": row[0],
        "label": refs.document_label(row[1], row[0]),
        "document_date": row[2].isoformat(),
        "open": plain(total),
        "lines": [{name: value for name, value in line.items() if name != "left"} for line in lines],
    }
