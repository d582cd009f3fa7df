"""生产订单执行 Production progress: of each order what was planned and made, what material and fees went in, what is left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import items, report
from hengcang.analytics.report import Report, sums
from hengcang.base import clock
from hengcang.core.amounts import to_text
from hengcang.documents import fields as f
from hengcang.documents.scope import document_limits
from hengcang.ledger import production_reports as books
from hengcang.meta.declarations import Field, Kind, ReportType
from hengcang.meta.refs import document_ref

TYPE = "production_order"
AMOUNTS = ("issued", "fees", "received", "open", "variance")
NUMBERS = ("planned", "finished", *AMOUNTS)


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """The orders dated in a span; none for who may not see production orders."""
    last = parameters.get("date_to") or clock.today()
    first = parameters.get("date_from") or (last - timedelta(days=90))
    found = books.orders(TYPE, (first, last), document_limits(viewer)) if viewer.may(TYPE, "view") else []
    if parameters.get("item") is not None:
        found = [row for row in found if row.item == parameters["item"]]
    numbers = [{name: getattr(row, name) for name in NUMBERS} for row in found]
    shown = report.shown(found, limit, show)
    return Report(shown, sums(numbers, NUMBERS), truncated=limit is not None and len(found) > limit)


def show(rows: Any) -> list[dict[str, Any]]:
    """Orders for the wire."""
    names = items.item_columns({row.item for row in rows})
    return [
        {
            "document": document_ref(row.id, TYPE, row.number),
            "document_date": row.day.isoformat(),
            "finish_date": row.finish_date or None,
            "state": row.state,
            **names[row.item],
            **{name: to_text(getattr(row, name)) for name in NUMBERS},
        }
        for row in rows
    ]


PRODUCTION_PROGRESS = ReportType(
    name="production_progress",
    label="生产订单执行",
    menu="production",
    parameters=(report.FROM_PARAMETER, report.TO_PARAMETER, report.ITEM_PARAMETER),
    columns=(
        Field(name="document", label="生产订单", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
        Field(name="document_date", label="日期", kind=Kind.DATE, width=105),
        Field(name="finish_date", label="完工日期", kind=Kind.DATE, width=105),
        f.STATE,
        report.ITEM_CODE,
        report.ITEM_NAME,
        report.UNIT_NAME,
        report.quantity("planned", "计划数量"),
        report.quantity("finished", "完工数量"),
        report.value("issued", "领料成本"),
        report.value("fees", "人工与制造费用"),
        report.value("received", "完工成本"),
        report.value("open", "在产金额"),
        report.value("variance", "生产差异"),
    ),
    run=run,
)
