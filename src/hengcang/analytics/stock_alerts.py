"""库存预警报表 Lists of alerts on stock: beyond its bounds, near its expiry, lying; each with what can be made of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import alerts, items, remedies, report
from hengcang.analytics.report import Report
from hengcang.base import bulk, clock
from hengcang.core.amounts import to_text
from hengcang.ledger import alert_reports
from hengcang.ledger.reports import StockFilter
from hengcang.meta.declarations import Choice, Field, Kind, Remedy, ReportType
from hengcang.meta.english import word
from hengcang.parties.models import Party

KINDS = tuple(Choice(one.name, one.label, one.tone) for one in alerts.KINDS if one.report == "stock_alerts")
LABELS = {one.value: one.label for one in KINDS}
MOST_DAYS = Decimal(36_500)


def wanted_of(viewer: Viewer, parameters: Mapping[str, Any]) -> StockFilter:
    """The items and places that are asked for, inside the viewer's scope."""
    return items.stock_filter(viewer, parameters)


def run_bounds(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """库存预警 Items beyond a bound, with what is coming and what would fill them up."""
    kinds = [parameters["kind"]] if parameters.get("kind") else list(LABELS)
    rows = alert_reports.stock_rows(kinds, wanted_of(viewer, parameters), None if limit is None else limit + 1)
    truncated = limit is not None and len(rows) > limit
    return Report(report.shown(rows, limit, show_bounds), truncated=truncated)


def show_bounds(rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Rows for the wire."""
    names, places = items.item_columns({row[1] for row in rows}), items.place_names({row[2] for row in rows})
    coming = remedies.coming({row[1] for row in rows})
    suppliers = dict(Party.objects.filter(pk__in={row[9] for row in rows if row[9]}).values_list("pk", "name"))
    found = []
    for pk, item, place, kind, held, bound, low, high, safety, supplier, _ in rows:
        on_way = coming.get((item, place), 0)
        found.append(
            {
                **names[item],
                "id": pk,
                "place": place,
                "place_name": places.get(place, ""),
                "kind": kind,
                "kind_label": word(LABELS[kind], kind),
                "quantity": to_text(held),
                "bound": to_text(bound),
                "difference": to_text(held - bound),
                "stock_min": None if low is None else to_text(low),
                "stock_max": None if high is None else to_text(high),
                "safety_stock": None if safety is None else to_text(safety),
                "incoming": to_text(on_way),
                "suggested": to_text(remedies.wanting(held, on_way, high, low, safety)),
                "supplier": suppliers.get(supplier),
            }
        )
    return found


def run_expiring(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """临期 What is held and expires within some days, or has expired."""
    days = alerts.threshold(viewer, "near_expiry", parameters.get("days"))
    through = clock.today() + timedelta(days=days)
    rows = alert_reports.expiring_rows(wanted_of(viewer, parameters), through, None if limit is None else limit + 1)
    return Report(report.shown(rows, limit, show_expiring), truncated=limit is not None and len(rows) > limit)


def show_expiring(rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Rows for the wire; days left are below zero for what has expired."""
    names, places = items.item_columns({row[1] for row in rows}), items.place_names({row[2] for row in rows})
    lots, today = items.lot_columns({row[3] for row in rows}), clock.today()
    return [
        {
            **names[item],
            "id": pk,
            "place": place,
            "place_name": places.get(place, ""),
            **lots[lot],
            "days_left": (bulk.read_day(expiry) - today).days,
            "quantity": to_text(held),
        }
        for pk, item, place, lot, held, expiry in rows
    ]


def run_slow(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """滞销 What has lain for some days without being sold or used."""
    days = alerts.threshold(viewer, "slow_moving", parameters.get("days"))
    since = clock.today() - timedelta(days=days)
    rows = alert_reports.slow_rows(wanted_of(viewer, parameters), since, None if limit is None else limit + 1)
    return Report(report.shown(rows, limit, show_slow), truncated=limit is not None and len(rows) > limit)


def show_slow(rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Rows for the wire; what never left has no last day."""
    names, places = items.item_columns({row[1] for row in rows}), items.place_names({row[2] for row in rows})
    today = clock.today()
    return [
        {
            **names[item],
            "id": pk,
            "place": place,
            "place_name": places.get(place, ""),
            "quantity": to_text(held),
            "last_out": None if last is None else last.isoformat(),
            "idle_days": None if last is None else (today - last).days,
        }
        for pk, item, place, held, last in rows
    ]


def days_parameter(help_text: str) -> Field:
    """How many days; the rule's where it is left empty."""
    bounds = {"minimum": Decimal(0), "maximum": MOST_DAYS}
    return Field(name="days", label="天数", kind=Kind.INTEGER, width=90, help=help_text, **bounds)  # type: ignore[arg-type]


PLACES = (report.SEARCH_PARAMETER, report.PLACE_PARAMETER, report.CATEGORY_PARAMETER, report.ITEM_PARAMETER, *report.FAMILY_PARAMETERS)
NAMED = (report.ITEM_CODE, report.ITEM_NAME, report.ITEM_SPEC, report.UNIT_NAME, Field(name="place_name", label="仓库", width=120))
CARD = {"report": "stock_card", "parameters": {"item": "item", "place": "place"}}
LOW, HIGH = ("below_min", "below_safety"), ("above_max",)
STOCK_ALERTS = ReportType(
    name="stock_alerts",
    label="库存预警",
    menu="inventory",
    parameters=(Field(name="kind", label="预警种类", kind=Kind.CHOICE, choices=KINDS, default="below_min", width=140), *PLACES),
    columns=(
        Field(name="kind_label", label="预警种类", width=130),
        *NAMED,
        report.quantity("quantity", "现存量", total=False, drill=CARD),
        report.quantity("bound", "界限", total=False),
        report.quantity("difference", "差额", total=False),
        report.quantity("incoming", "待入", total=False),
        report.quantity("suggested", "建议数量", total=False),
        report.quantity("stock_min", "库存下限", total=False),
        report.quantity("stock_max", "库存上限", total=False),
        report.quantity("safety_stock", "安全库存", total=False),
        Field(name="supplier", label="默认供应商", width=160),
    ),
    run=run_bounds,
    remedies=(
        Remedy(name="buy", label="生成采购订单", target="purchase_order", drafts=remedies.buy, when={"kind": LOW}),
        Remedy(name="fetch", label="生成调拨单", target="stock_transfer", drafts=remedies.fetch, when={"kind": LOW}),
        Remedy(name="send_away", label="生成调拨单", target="stock_transfer", drafts=remedies.send_away, when={"kind": HIGH}),
        Remedy(
            name="recount", label="生成盘点单", target="stock_count", drafts=remedies.count, when={"kind": ("negative", "over_reserved")}
        ),
    ),
)
EXPIRING_STOCK = ReportType(
    name="expiring_stock",
    label="临期商品",
    menu="inventory",
    parameters=(days_parameter("多少天内到期，留空按预警规则"), *PLACES, report.LOT_PARAMETER),
    columns=(
        *NAMED,
        Field(name="lot", label="批次", width=120),
        Field(name="expiry_date", label="有效期至", kind=Kind.DATE, width=110),
        Field(name="days_left", label="剩余天数", kind=Kind.INTEGER, width=90),
        report.quantity("quantity", "现存量", total=False, drill=CARD),
    ),
    run=run_expiring,
    remedies=(Remedy(name="throw_away", label="生成报损单", target="stock_scrap", drafts=remedies.scrap),),
)
SLOW_STOCK = ReportType(
    name="slow_stock",
    label="滞销商品",
    menu="inventory",
    parameters=(days_parameter("多少天没有销售或领用，留空按预警规则"), *PLACES),
    columns=(
        *NAMED,
        report.quantity("quantity", "现存量", total=False, drill=CARD),
        Field(name="last_out", label="最后出库日", kind=Kind.DATE, width=110),
        Field(name="idle_days", label="呆滞天数", kind=Kind.INTEGER, width=90),
    ),
    run=run_slow,
    remedies=(Remedy(name="relocate", label="生成调拨单", target="stock_transfer", drafts=remedies.move_slow),),
)
