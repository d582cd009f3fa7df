"""可承诺量与最早可交 Promises: what can be promised of an item day by day, and when each open order line can be delivered.

Orders whose day has passed are expected today. What comes without an agreed day is not counted on: nobody promised it.
What goes out without one is wanted today. Lines are met in the order of their agreed days, those of one day in the
order of their orders; what is held back for a line is met first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import availability, items, report
from hengcang.analytics.report import Report
from hengcang.base import clock
from hengcang.core.amounts import to_text
from hengcang.core.promising import Day, earliest, projected
from hengcang.documents.scope import in_sight
from hengcang.ledger import reports as books
from hengcang.ledger.promises import OpenLine
from hengcang.meta.declarations import Field, Kind, ReportType
from hengcang.meta.english import said
from hengcang.meta.refs import document_ref
from hengcang.parties.models import Party

Key = tuple[int, int]


def wanted_of(viewer: Viewer, parameters: Mapping[str, Any]) -> books.StockFilter:
    """The items and places of a question."""
    return items.stock_filter(viewer, parameters)


def by_key(rows: Iterable[OpenLine]) -> dict[Key, list[OpenLine]]:
    """Lines by item and place."""
    found: dict[Key, list[OpenLine]] = defaultdict(list)
    for row in rows:
        found[row.item, row.place].append(row)
    return found


def supply_of(rows: Iterable[OpenLine]) -> list[tuple[date, int]]:
    """What comes, with its days."""
    return [(row.day, row.open) for row in rows if row.inward and row.day is not None]


def days(viewer: Viewer, parameters: Mapping[str, Any]) -> list[tuple[Key, Day]]:
    """按日 The days of every item and place with something to come or to go."""
    wanted, today = wanted_of(viewer, parameters), clock.today()
    held = {(row[0], row[1]): row[3] for row in books.on_hand_rows(wanted, "place")}
    found = []
    for key, rows in by_key(availability.lines(wanted)).items():
        demand = [(row.day or today, row.open) for row in rows if not row.inward]
        found += [(key, day) for day in projected(held.get(key, 0), supply_of(rows), demand, today)]
    last = parameters.get("date_to")
    return [one for one in found if last is None or one[1].day <= last]


def run_days(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """可承诺量 By item, warehouse and day."""
    found = days(viewer, parameters)
    names = items.item_columns({key[0] for key, _ in found})
    places = items.place_names({key[1] for key, _ in found})
    found.sort(key=lambda one: (names[one[0][0]]["item_code"], places.get(one[0][1], ""), one[1].day))

    def show(rows: Sequence[tuple[Key, Day]]) -> list[dict[str, Any]]:
        return [
            {
                **names[item],
                "place": place or None,
                "place_name": places.get(place, ""),
                "day": row.day.isoformat(),
                **{name: to_text(getattr(row, name)) for name in ("incoming", "outgoing", "projected", "promise")},
            }
            for (item, place), row in rows
        ]

    note = said(
        "逾期未到的按今天到算；没有交货日期的待入不算，待发按今天算。可承诺量＝当天及以后各天预计结存的最小值。",
        "What is overdue is expected today; goods without an agreed day are not counted on, orders without one are wanted today.",
    )
    return Report(report.shown(found, limit, show), None, note, limit is not None and len(found) > limit)


def earliest_days(rows: Sequence[OpenLine], held: Mapping[Key, int], today: date) -> dict[int, date | None]:
    """最早可交 By line; None where what is on its way is not enough."""
    found: dict[int, date | None] = {}
    for key, lines in by_key(rows).items():
        wanted = sorted((row for row in lines if not row.inward), key=lambda row: (row.day or today, row.document, row.line))
        demand = [(row.line, row.held) for row in wanted if row.held] + [
            (row.line, row.open - row.held) for row in wanted if row.open > row.held
        ]
        found |= earliest(held.get(key, 0), supply_of(lines), demand, today)
    return found


def run_lines(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """最早可交 Every open order line that the viewer may see, the latest against its day first."""
    wanted, today = wanted_of(viewer, parameters), clock.today()
    rows = availability.lines(wanted)
    held = {(row[0], row[1]): row[3] for row in books.on_hand_rows(wanted, "place")}
    meets = earliest_days(rows, held, today)
    going = [row for row in rows if not row.inward and viewer.may(row.type, "view")]
    seen = in_sight(viewer, {row.document for row in going})
    going = [row for row in going if row.document in seen and (not parameters.get("party") or row.party == parameters["party"])]
    if parameters.get("late"):
        going = [row for row in going if late_days(row, meets[row.line], today) != 0]
    going.sort(key=lambda row: (row.day or today, row.document, row.line))
    names = items.item_columns({row.item for row in going})
    places = items.place_names({row.place for row in going})
    parties = dict(Party.objects.filter(pk__in={row.party for row in going}).values_list("id", "name"))

    def show(part: Sequence[OpenLine]) -> list[dict[str, Any]]:
        return [
            {
                "id": row.line,
                "document": document_ref(row.document, row.type, row.number),
                "party_name": parties.get(row.party or 0, ""),
                **names[row.item],
                "place_name": places.get(row.place, ""),
                "open": to_text(row.open),
                "reserved": to_text(row.held),
                "delivery_date": None if row.day is None else row.day.isoformat(),
                "earliest": None if meets[row.line] is None else str(meets[row.line]),
                "late_days": late_days(row, meets[row.line], today),
            }
            for row in part
        ]

    note = said(
        "先满足占用，再按交货日期、订单先后分配现存量和有交货日期的待入；空白表示现有与待入都不够。",
        "Stock and goods with an agreed day go to what is held back first, then by agreed day and order; blank: not enough is coming.",
    )
    return Report(report.shown(going, limit, show), None, note, limit is not None and len(going) > limit)


def late_days(row: OpenLine, met: date | None, today: date) -> int | None:
    """晚几天 By how many days a line is met after its agreed day (today where none was agreed); None where it is not met."""
    return None if met is None else max((met - (row.day or today)).days, 0)


CARD = {"report": "stock_card", "parameters": {"item": "item", "place": "place"}}
PARAMETERS = (report.SEARCH_PARAMETER, report.PLACE_PARAMETER, report.CATEGORY_PARAMETER, report.ITEM_PARAMETER, *report.FAMILY_PARAMETERS)
PROMISES = ReportType(
    name="promises",
    label="可承诺量",
    menu="inventory",
    parameters=(*PARAMETERS, Field(name="date_to", label="结束日期", kind=Kind.DATE, width=120, help="留空到最后一天")),
    columns=(
        report.ITEM_CODE,
        report.ITEM_NAME,
        report.ITEM_SPEC,
        *report.VARIANT_COLUMNS,
        report.UNIT_NAME,
        Field(name="place_name", label="仓库", width=120),
        Field(name="day", label="日期", kind=Kind.DATE, width=105),
        report.quantity("incoming", "待入", total=False),
        report.quantity("outgoing", "待发", total=False),
        report.quantity("projected", "预计结存", total=False, drill=CARD),
        report.quantity("promise", "可承诺量", total=False),
    ),
    run=run_days,
)
EARLIEST_DELIVERY = ReportType(
    name="earliest_delivery",
    label="最早可交",
    menu="sales",
    parameters=(*PARAMETERS, report.PARTY_PARAMETER, Field(name="late", label="只看交不上的", kind=Kind.BOOLEAN, width=110)),
    columns=(
        Field(name="document", label="订单", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
        Field(name="party_name", label="往来单位", width=160),
        report.ITEM_CODE,
        report.ITEM_NAME,
        *report.VARIANT_COLUMNS,
        report.UNIT_NAME,
        Field(name="place_name", label="仓库", width=110),
        report.quantity("open", "未交数量", total=False),
        report.quantity("reserved", "占用", total=False),
        Field(name="delivery_date", label="交货日期", kind=Kind.DATE, width=105),
        Field(name="earliest", label="最早可交", kind=Kind.DATE, width=105, drill={"report": "promises", "parameters": {"item": "item"}}),
        Field(name="late_days", label="晚几天", kind=Kind.INTEGER, width=80),
    ),
    run=run_lines,
)
