"""序时簿 Document register: every document of every type in a span, in the order it was dated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import report
from hengcang.analytics.report import Report
from hengcang.base import clock
from hengcang.core.lifecycle import STATE_LABELS, State
from hengcang.documents import fields as f
from hengcang.meta import registry
from hengcang.meta.dataset import document_filter
from hengcang.meta.declarations import Field, Kind, ReportType
from hengcang.meta.english import word
from hengcang.meta.refs import document_ref
from hengcang.meta.values import plain
from hengcang.records.models import Document

COLUMNS = (
    "id", "type", "number", "document_date", "party__name", "amount_gross", "state", "created_by__display_name", "posted_by__display_name",
)  # fmt: skip


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """The register, of the types the viewer may see."""
    last = parameters.get("date_to") or clock.today()
    first = parameters.get("date_from") or (last - timedelta(days=30))
    types = [name for name in registry.documents() if viewer.may(name, "view")]
    rows = Document.objects.filter(document_filter(viewer), type__in=types, document_date__range=(first, last))
    if parameters.get("party") is not None:
        rows = rows.filter(party=parameters["party"])
    ordered = rows.order_by("document_date", "id").values_list(*COLUMNS)
    if limit is None:
        return Report(row_of(viewer, row) for row in ordered.iterator(report.ROWS_PER_PART))
    found = list(ordered[: limit + 1])
    return Report([row_of(viewer, row) for row in found[:limit]], truncated=len(found) > limit)


def row_of(viewer: Viewer, row: tuple[Any, ...]) -> dict[str, Any]:
    """One document; its amount only for who may see its prices."""
    declaration = registry.document(row[1])
    shows = declaration.price_mask is None or declaration.price_mask not in viewer.masks
    return {
        "id": row[0],
        "document": document_ref(row[0], row[1], row[2]),
        "type_label": word(declaration.label, declaration.name),
        "document_date": row[3].isoformat(),
        "party_name": row[4],
        "amount_gross": plain(row[5]) if shows and row[5] else None,
        "state": row[6],
        "state_label": word(STATE_LABELS[State(row[6])], row[6]),
        "created_by": row[7],
        "posted_by": row[8],
    }


DOCUMENT_REGISTER = ReportType(
    name="document_register",
    label="单据序时簿",
    menu="analytics",
    parameters=(report.FROM_PARAMETER, report.TO_PARAMETER, report.PARTY_PARAMETER),
    columns=(
        Field(name="document_date", label="日期", kind=Kind.DATE, width=105),
        Field(name="type_label", label="单据类型", width=110),
        Field(name="document", label="单号", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
        Field(name="party_name", label="往来单位", width=200),
        Field(name="amount_gross", label="价税合计", kind=Kind.MONEY, scale=2, width=120),
        f.STATE,
        Field(name="created_by", label="制单人", width=90),
        Field(name="posted_by", label="审核人", width=90),
    ),
    run=run,
)
