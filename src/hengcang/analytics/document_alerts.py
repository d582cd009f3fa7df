"""单据预警报表 Lists of alerts on documents: orders past their agreed day, receipts that have no price yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import alerts, items, report
from hengcang.analytics.party_ledger import DOCUMENT
from hengcang.analytics.report import Report
from hengcang.base import bulk, clock
from hengcang.core.amounts import to_text
from hengcang.documents import fields as f
from hengcang.documents.scope import document_limits, numbered
from hengcang.ledger import alert_reports
from hengcang.meta import registry
from hengcang.meta.declarations import Choice, Field, Kind, ReportType
from hengcang.meta.english import word
from hengcang.meta.refs import document_label, document_ref

ORDERS = tuple(
    Choice(one.name.removeprefix("late_"), one.label.removesuffix("逾期")) for one in alerts.KINDS if one.report == "late_orders"
)


def run_late(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """订单逾期 Unfinished orders whose agreed day has passed, the longest overdue first."""
    known = alerts.day_bound(registry.documents())
    types = [name for name in known if viewer.may(name, "view") and parameters.get("type") in (None, "", name)]
    if not types:
        return Report()
    day = clock.today() - timedelta(days=parameters.get("overdue_days") or 0)
    limits = numbered(document_limits(viewer), parameters.get("number"))
    rows = alert_reports.late_rows(types, limits, day, None if limit is None else limit + 1)
    shown = report.shown(rows, limit, lambda part: [late_row(viewer, row) for row in part])
    return Report(shown, truncated=limit is not None and len(rows) > limit)


def late_row(viewer: Viewer, row: tuple[Any, ...]) -> dict[str, Any]:
    """One order; its amount only for who may see its prices."""
    declared = registry.document(row[1])
    agreed = bulk.read_day(row[5])
    return {
        "id": row[0],
        "document": document_ref(row[0], row[1], row[2]),
        "type_label": word(declared.label, declared.name),
        "document_date": str(row[3]),
        "party_name": row[4],
        "delivery_date": agreed.isoformat(),
        "overdue_days": (clock.today() - agreed).days,
        "amount_gross": to_text(row[6]) if declared.price_mask not in viewer.masks else None,
        "progress": row[7],
    }


def run_unpriced(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """待补价 Lines of receipts of the open periods that were posted without a price and are not billed yet."""
    types = [name for name in alerts.bought_types() if viewer.may(name, "view")]
    if not types:
        return Report()
    limits = numbered(document_limits(viewer), parameters.get("number"))
    rows = alert_reports.unpriced_rows(types, alerts.closed_day(), limits, None if limit is None else limit + 1)
    return Report(report.shown(rows, limit, show_unpriced), truncated=limit is not None and len(rows) > limit)


def show_unpriced(rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Rows for the wire."""
    names, places = items.item_columns({row[6] for row in rows}), items.place_names({row[7] for row in rows})
    return [
        {
            **names[item],
            "id": line,
            "document": document_ref(document, kind, number),
            "document_label": document_label(number, document),
            "document_date": str(day),
            "party_name": party,
            "place_name": places.get(place, ""),
            "quantity": to_text(quantity),
        }
        for line, document, kind, number, day, party, item, place, quantity in rows
    ]


LATE_ORDERS = ReportType(
    name="late_orders",
    label="逾期订单",
    menu="analytics",
    parameters=(
        Field(name="type", label="订单类型", kind=Kind.CHOICE, choices=ORDERS, width=130),
        report.NUMBER_PARAMETER,
        report.OVERDUE_PARAMETER,
    ),
    columns=(
        Field(name="type_label", label="订单类型", width=110),
        DOCUMENT,
        Field(name="document_date", label="单据日期", kind=Kind.DATE, width=105),
        Field(name="party_name", label="往来单位", width=200),
        Field(name="delivery_date", label="交货日期", kind=Kind.DATE, width=110),
        Field(name="overdue_days", label="逾期天数", kind=Kind.INTEGER, width=90),
        report.money("amount_gross", "价税合计", total=False),
        f.PROGRESS,
    ),
    run=run_late,
)
UNPRICED_RECEIPTS = ReportType(
    name="unpriced_receipts",
    label="待补价入库",
    menu="purchasing",
    parameters=(report.NUMBER_PARAMETER,),
    columns=(
        DOCUMENT,
        Field(name="document_date", label="单据日期", kind=Kind.DATE, width=105),
        Field(name="party_name", label="供应商", width=180),
        report.ITEM_CODE,
        report.ITEM_NAME,
        report.ITEM_SPEC,
        report.UNIT_NAME,
        Field(name="place_name", label="仓库", width=120),
        report.quantity("quantity", "未开票数量", total=False),
    ),
    run=run_unpriced,
)
