"""占用明细 Who holds what back: item, warehouse, lot, order line, customer, since when, until when; or which lines lack it.

From its rows what is held back can be let go of, taken again, and handed over: by the commands of the orders themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from hengcang.access.viewer import Viewer
from hengcang.analytics import items, report
from hengcang.analytics.report import Report
from hengcang.base import bulk, clock
from hengcang.core.amounts import to_text
from hengcang.documents.scope import document_limits
from hengcang.ledger import reservation_reports as books
from hengcang.meta import registry
from hengcang.meta.declarations import Choice, Field, Kind, LineCommand, ReportType
from hengcang.meta.english import said
from hengcang.meta.refs import document_ref

SHOWN = (Choice("held", "占用中"), Choice("lacking", "未占满的订单行"))


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """占用明细 By item, warehouse and lot, the oldest order first."""
    types = {one.name: one.expected for one in registry.documents().values() if one.reserves and viewer.may(one.name, "view")}
    if not types:
        return Report()
    today = clock.today()
    asked = books.Asked(
        expected=types,
        wanted=items.stock_filter(viewer, parameters),
        limits=document_limits(viewer),
        today=today,
        shown=parameters.get("shown") or "held",
        party=parameters.get("party"),
        passed=bool(parameters.get("overdue")),
    )
    rows = list(books.held_stock_rows(asked, None if limit is None else limit + 1))
    note = said(
        "按基本单位。没有批次的占用仓库里任意批次。过了占用到期日的，已不计入可用量，“释放到期占用”会收回。",
        "In base units. Without a lot any lot of the warehouse is held back. What is beyond its day does not count any more.",
    )
    return Report(report.shown(rows, limit, lambda part: show(part, today)), None, note, limit is not None and len(rows) > limit)


def show(rows: Sequence[tuple[Any, ...]], today: date) -> list[dict[str, Any]]:
    """Rows with their names, for the wire."""
    names = items.item_columns({row[6] for row in rows})
    places = items.place_names({row[7] for row in rows})
    return [
        {
            **names[item],
            "id": line,
            "document": document_ref(document, kind, number),
            "line_number": at,
            "party_name": party or "",
            "place_name": places.get(place, ""),
            "lot": lot,
            "open": to_text(left),
            "reserved": to_text(held),
            "lacking": to_text(max(left - held, 0)),
            "delivery_date": expected or None,
            "since": None if since is None else timezone.localtime(bulk.read_instant(since)).isoformat(timespec="seconds"),
            "reserve_until": until or None,
            "overdue_days": max((today - date.fromisoformat(until)).days, 0) if until else 0,
        }
        for line, document, kind, number, party, at, item, place, lot, left, held, expected, until, since in rows
    ]


HELD_STOCK = ReportType(
    name="held_stock",
    label="占用明细",
    menu="sales",
    parameters=(
        Field(name="shown", label="显示", kind=Kind.CHOICE, choices=SHOWN, default="held", width=140),
        report.SEARCH_PARAMETER,
        report.PLACE_PARAMETER,
        report.CATEGORY_PARAMETER,
        report.ITEM_PARAMETER,
        report.PARTY_PARAMETER,
        Field(name="overdue", label="只看已到期", kind=Kind.BOOLEAN, width=100),
        *report.FAMILY_PARAMETERS,
    ),
    columns=(
        report.ITEM_CODE,
        report.ITEM_NAME,
        *report.VARIANT_COLUMNS,
        report.UNIT_NAME,
        Field(name="place_name", label="仓库", width=110),
        Field(name="lot", label="批次", width=110),
        Field(name="document", label="订单", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
        Field(name="line_number", label="行", kind=Kind.INTEGER, width=50),
        Field(name="party_name", label="客户", width=160),
        report.quantity("reserved", "占用", total=False),
        report.quantity("open", "未交数量", total=False),
        report.quantity("lacking", "未占用", total=False),
        Field(name="delivery_date", label="交货日期", kind=Kind.DATE, width=105),
        Field(name="since", label="占用时间", kind=Kind.DATETIME, width=150),
        Field(name="reserve_until", label="占用到期日", kind=Kind.DATE, width=110),
        Field(name="overdue_days", label="超期天数", kind=Kind.INTEGER, width=80),
    ),
    run=run,
    commands=(
        LineCommand("release", {"shown": ("held",)}),
        LineCommand("reassign", {"shown": ("held",)}),
        LineCommand("hold", {"shown": ("lacking",)}),
    ),
)
