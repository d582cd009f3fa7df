"""循环盘点日历 Count calendar: what is to be counted when, and what became of it; with the plans that are due as a remedy."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hengcang.access.models import User
from hengcang.access.viewer import Viewer
from hengcang.analytics import items, report
from hengcang.analytics.report import Report
from hengcang.base import clock
from hengcang.catalog.models import ItemCategory
from hengcang.ledger import schedules as books
from hengcang.ledger.schedules import Schedule
from hengcang.meta import registry
from hengcang.meta.declarations import Field, Kind, Remedy, ReportType
from hengcang.meta.english import said
from hengcang.meta.refs import document_ref
from hengcang.records.models import Document

MOST_DAYS = Decimal(3650)
AHEAD = 60


def plan_types() -> list[str]:
    """The types of plan that schedules become."""
    return [one.name for one in registry.documents().values() if one.counts]


def due(viewer: Viewer, ids: Collection[int] | None = None) -> list[Schedule]:
    """循环盘点 The schedules that a viewer may see; who is limited to warehouses sees those of these."""
    return books.schedules(plan_types(), viewer.scope("warehouse"), ids)


def due_count(viewer: Viewer, through: date) -> int:
    """到期盘点数 How many are to be counted through a day and have no plan yet."""
    return sum(one.waiting is None and one.due <= through for one in due(viewer))


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """盘点日历 Every day on which something is to be counted through some days ahead, overdue ones first."""
    asked = parameters.get("days")
    through = clock.today() + timedelta(days=AHEAD if asked is None else asked)
    place = parameters.get("place")
    found = [one for one in due(viewer) if place is None or one.place == place]
    rows = sorted(((day, one) for one in found for day in one.days(through)), key=lambda row: (row[0], row[1].code))
    return Report(report.shown(rows, limit, show), truncated=limit is not None and len(rows) > limit)


def show(rows: Sequence[tuple[date, Schedule]]) -> list[dict[str, Any]]:
    """Rows for the wire."""
    places = items.place_names({one.place for _, one in rows if one.place})
    categories = dict(ItemCategory.objects.filter(pk__in={one.category for _, one in rows}).values_list("pk", "name"))
    people = dict(User.objects.filter(pk__in={one.handler for _, one in rows}).values_list("pk", "display_name"))
    plans = {one.pk: one for one in Document.objects.filter(pk__in={one.latest for _, one in rows}).only("type", "number")}
    found = []
    for day, one in rows:
        plan = plans.get(one.latest or 0) if day == one.due else None
        found.append(
            {
                "id": one.id,
                "schedule_name": f"{one.code} {one.name}",
                "place_name": places.get(one.place or 0) or said("全部仓库", "All warehouses"),
                "category_name": categories.get(one.category or 0, ""),
                "abc_class": one.abc_class,
                "handler_name": people.get(one.handler or 0, ""),
                "due_date": day.isoformat(),
                "last_date": None if one.last is None else one.last.isoformat(),
                "situation": situation(day, day == one.due and one.waiting is not None),
                "document": None if plan is None else document_ref(plan.pk, plan.type, plan.number),
            }
        )
    return found


def situation(day: date, waiting: bool) -> str:
    """状况 What is to be said of a day."""
    late = (clock.today() - day).days
    if waiting:
        return said("方案待开始", "Planned")
    if late > 0:
        return said(f"已过期 {late} 天", f"{late} days late")
    return said("今天", "Today") if late == 0 else said(f"{-late} 天后", f"In {-late} days")


def plans(viewer: Viewer, ids: Sequence[int]) -> list[dict[str, Any]]:
    """盘点方案 A plan for each schedule that has none waiting."""
    return [
        {
            "document_date": clock.today().isoformat(),
            "schedule": one.id,
            "objects": one.objects,
            "blind": one.blind,
            "second_required": one.second_required,
            "source_place": one.place,
            "category": one.category,
            "handler": one.handler,
            **({"abc_class": one.abc_class} if one.abc_class else {}),
        }
        for one in due(viewer, set(ids))
        if one.waiting is None
    ]


COUNT_CALENDAR = ReportType(
    name="count_calendar",
    label="循环盘点日历",
    menu="inventory",
    parameters=(
        Field(name="days", label="今后天数", kind=Kind.INTEGER, width=90, help=f"留空为 {AHEAD} 天", minimum=Decimal(0), maximum=MOST_DAYS),
        report.PLACE_PARAMETER,
    ),
    columns=(
        Field(name="due_date", label="盘点日", kind=Kind.DATE, width=110),
        Field(name="situation", label="状况", width=110),
        Field(name="schedule_name", label="循环盘点计划", width=200),
        Field(name="place_name", label="盘点仓库", width=120),
        Field(name="category_name", label="商品分类", width=120),
        Field(name="abc_class", label="ABC 分类", width=80),
        Field(name="handler_name", label="负责人", width=90),
        Field(name="last_date", label="上次盘点", kind=Kind.DATE, width=110),
        Field(name="document", label="最近方案", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
    ),
    run=run,
    remedies=(Remedy(name="plan", label="生成盘点方案", target="count_plan", drafts=plans),),
)
