"""成本卡 Cost card: every move of an item with what it was worth at first, what corrected that, and which document caused it.

Rows stand in the order of valuation; the corrections of a move follow it, in the order in which they were posted. With
`known_at` the card is as it was read at the end of that day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils import timezone

from hengcang.access.viewer import Viewer
from hengcang.analytics import report
from hengcang.analytics.report import Report
from hengcang.base import bulk, clock
from hengcang.core.amounts import SCALE, half_up, to_text
from hengcang.documents.books import kind_label
from hengcang.ledger import knowledge
from hengcang.meta.declarations import Field, Kind, Mask, ReportType
from hengcang.meta.english import said
from hengcang.meta.refs import document_ref
from hengcang.places.virtual import shown_name

KNOWN_PARAMETER = Field(
    name="known_at", label="当时所知", kind=Kind.DATE, width=120, help="只看到这一天为止记的账，之后的补录、改价、红冲不算；留空为现在"
)


def moment_of(day: date | None) -> datetime:
    """时点 The end of a day; now, where none is named."""
    if day is None:
        return clock.now()
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(microseconds=1)


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """The card of a span, whole moves first to last, and what they come to."""
    last = parameters.get("date_to") or clock.today()
    first = parameters.get("date_from") or (last - timedelta(days=92))
    places = report.visible_places(viewer, parameters.get("place"))
    moment = moment_of(parameters.get("known_at"))
    rows = knowledge.card_rows(parameters["item"], places, (first, last), moment, None if limit is None else limit + 1)
    if limit is None:
        return Report(shown(rows))
    found = list(rows)
    sums = [sum(row[18] * row[at] for row in found[:limit]) for at in (12, 13)]
    totals = {"quantity": to_text(sums[0]), "value": to_text(sums[1])}
    return Report(list(shown(iter(found[:limit]))), totals, note(), len(found) > limit)


def note() -> str:
    """How to read the card."""
    return said(
        "入为正、出为负；净值是这笔业务最初的成本加上全部更正。同一成本池内的调拨没有金额。",
        "In is above zero, out below; the net value is what a move was worth at first with all corrections.",
    )


def shown(rows: Iterator[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """The rows for the wire; the last of each move bears its net value."""
    for _, group in groupby(rows, itemgetter(0)):
        quantity = value = 0
        lines = []
        for row in group:
            quantity, value = quantity + row[12], value + row[13]
            lines.append(card_row(row))
        unit = half_up(abs(value) * SCALE, abs(quantity)) if quantity else None
        lines[-1] |= {"net_value": to_text((row[18] or 1) * value), "unit_cost": None if unit is None else to_text(unit)}
        yield from lines


def card_row(row: tuple[Any, ...]) -> dict[str, Any]:
    """One row of the card; what caused it, where that is another document."""
    sign = row[18] or 1
    return {
        "document_date": str(row[1]),
        "document": document_ref(row[2], row[3], row[4]),
        "kind": kind_label(row[5], row[6]),
        "source": shown_name(row[7], row[8]),
        "target": shown_name(row[9], row[10]),
        "lot": row[11],
        "quantity": to_text(sign * row[12]) if row[12] else None,
        "value": to_text(sign * row[13]),
        "cause": document_ref(row[14], row[15], row[16]) if row[14] != row[2] else None,
        "posted_at": timezone.localtime(bulk.read_instant(row[17])).isoformat(timespec="seconds"),
        "net_value": None,
        "unit_cost": None,
    }


COST_CARD = ReportType(
    name="cost_card",
    label="成本卡",
    menu="inventory",
    parameters=(
        replace(report.ITEM_PARAMETER, required=True),
        report.PLACE_PARAMETER,
        report.FROM_PARAMETER,
        report.TO_PARAMETER,
        KNOWN_PARAMETER,
    ),
    columns=(
        Field(name="document_date", label="计入日期", kind=Kind.DATE, width=105),
        Field(name="document", label="单据", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
        Field(name="kind", label="业务类型", width=170),
        Field(name="cause", label="由何引起", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
        Field(name="source", label="来自", width=100),
        Field(name="target", label="去往", width=100),
        Field(name="lot", label="批次", width=100),
        report.quantity("quantity", "数量"),
        report.value("value", "金额"),
        Field(name="net_value", label="净值", kind=Kind.MONEY, scale=2, mask=Mask.COST, width=120),
        Field(name="unit_cost", label="单位成本", kind=Kind.PRICE, scale=4, mask=Mask.COST, width=110),
        Field(name="posted_at", label="记账时间", kind=Kind.DATETIME, width=150),
    ),
    run=run,
)
