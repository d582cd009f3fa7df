"""预警 Alerts: the kinds there are, how many of each a viewer has, and the list each leads to.

Home shows them as cards, the bell as messages: both say the same numbers, of what the viewer may look into.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hengcang.access import alert_rules
from hengcang.access.alert_rules import MOST_DAYS
from hengcang.access.viewer import Viewer
from hengcang.analytics.count_calendar import due_count
from hengcang.analytics.credit_exposure import over_credit
from hengcang.analytics.party_ledger import SIDE_MASKS
from hengcang.base import clock
from hengcang.base.book import book
from hengcang.documents.scope import document_limits
from hengcang.ledger import alert_reports
from hengcang.meta import registry
from hengcang.meta.declarations import Choice, DocumentType, Field, Kind, ListView, Mask, MasterType
from hengcang.meta.english import word
from hengcang.meta.master_fields import ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertKind:
    """预警种类 One kind: its name, colour, the report that lists it with which parameters, and the threshold in days it has."""

    name: str
    label: str
    tone: str
    report: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    days: int | None = None
    days_parameter: str = ""
    mask: str = ""


def of_stock(name: str, label: str, tone: str) -> AlertKind:
    """A kind that is kept by item and warehouse."""
    return AlertKind(name=name, label=label, tone=tone, report="stock_alerts", parameters={"kind": name})


def of_debt(name: str, label: str, tone: str, side: str) -> AlertKind:
    """A kind of debt that is overdue."""
    bound = {"parameters": {"side": side}, "days": 0, "days_parameter": "overdue_days"}
    return AlertKind(name=name, label=label, tone=tone, report="open_items", mask=SIDE_MASKS[side], **bound)  # type: ignore[arg-type]


def of_order(name: str, label: str) -> AlertKind:
    """A kind of order that is past its agreed day."""
    bound = {"parameters": {"type": name}, "days": 0, "days_parameter": "overdue_days"}
    return AlertKind(name=f"late_{name}", label=label, tone="warning", report="late_orders", **bound)  # type: ignore[arg-type]


KINDS = (
    of_stock("below_min", "低于库存下限", "error"),
    of_stock("below_safety", "低于安全库存", "warning"),
    of_stock("above_max", "高于库存上限", "default"),
    of_stock("negative", "负库存", "error"),
    of_stock("over_reserved", "占用超过现存", "warning"),
    AlertKind(name="near_expiry", label="临期与过期", tone="warning", report="expiring_stock", days=30, days_parameter="days"),
    AlertKind(name="slow_moving", label="滞销", tone="default", report="slow_stock", days=90, days_parameter="days"),
    AlertKind(name="unpriced", label="待补价", tone="warning", report="unpriced_receipts"),
    of_debt("overdue_receivable", "逾期应收", "error", "customer"),
    of_debt("overdue_payable", "逾期应付", "warning", "supplier"),
    AlertKind(
        name="over_credit", label="超信用额度", tone="error", report="credit_exposure", parameters={"over": "true"}, mask=Mask.SALES_PRICE
    ),
    AlertKind(name="count_due", label="到期盘点", tone="warning", report="count_calendar", days=0, days_parameter="days"),
    of_order("sales_order", "销售订单逾期"),
    of_order("purchase_order", "采购订单逾期"),
)
BY_NAME = {one.name: one for one in KINDS}


def day_bound(types: Mapping[str, DocumentType]) -> list[str]:
    """有交期的订单 The types of order that agree on a day of delivery and can be late."""
    return [one.name for one in types.values() if one.closable and any(f.name == "delivery_date" for f in one.fields)]


def bought_types() -> list[str]:
    """The types by which goods are bought in."""
    return [one.name for one in registry.documents().values() if one.buys]


def closed_day() -> date:
    """The last closed day; long ago where nothing was closed."""
    return book().closed_through or date(1, 1, 1)


def alerts(viewer: Viewer) -> list[dict[str, Any]]:
    """我的预警 What a viewer is told: kind, count, how many are new, and where they are listed. A constant few statements."""
    days = alert_rules.told(viewer, {one.name: default_days(one) for one in KINDS})
    kinds = [one for one in KINDS if one.name in days and seen(viewer, one)]
    if not kinds:
        return []
    at = alert_reports.Clock(clock.today(), days, alert_rules.last_seen(viewer), closed_day())
    orders = [name for name in day_bound(registry.documents()) if viewer.may(name, "view")]
    receipts = [name for name in bought_types() if viewer.may(name, "view")]
    sight = alert_reports.Sight(viewer.scope("warehouse"), document_limits(viewer), orders, receipts)
    counts = alert_reports.counts({one.name for one in kinds}, sight, at)
    if BY_NAME["over_credit"] in kinds:
        counts["over_credit"] = (len(over_credit(viewer)), 0)
    if BY_NAME["count_due"] in kinds:
        counts["count_due"] = (due_count(viewer, at.within("count_due")), 0)
    return [card(one, *counts[one.name], days[one.name]) for one in kinds if counts.get(one.name, (0, 0))[0]]


def seen(viewer: Viewer, kind: AlertKind) -> bool:
    """Whether the viewer may look into the list of a kind."""
    return viewer.may(kind.report, "view") and kind.mask not in viewer.masks


def link(kind: AlertKind, days: int, narrowed: Mapping[str, str]) -> dict[str, Any]:
    """链接 The list of a kind with its threshold, narrowed by further parameters."""
    parameters = {**kind.parameters, **({kind.days_parameter: str(days)} if kind.days_parameter else {}), **narrowed}
    return {"kind": "report", "name": kind.report, "parameters": parameters}


def card(kind: AlertKind, count: int, fresh: int, days: int) -> dict[str, Any]:
    """One kind for the wire."""
    return {
        "name": kind.name,
        "label": word(kind.label, kind.name),
        "count": count,
        "new": fresh,
        "tone": kind.tone,
        "link": link(kind, days, {}),
    }


def default_days(kind: AlertKind) -> int:
    """默认天数 The threshold of a kind without a rule: for what expires it is the book's."""
    return book().near_expiry_days if kind.name == "near_expiry" else kind.days or 0


def threshold(viewer: Viewer, kind: str, asked: int | None) -> int:
    """阈值 The threshold in days that is asked for, else that of the viewer's rules, else the kind's own."""
    if asked is not None:
        return asked
    default = default_days(BY_NAME[kind])
    return alert_rules.told(viewer, {kind: default}).get(kind, default)


ALERT_RULE = MasterType(
    name="alert_rule",
    collection="alert_rules",
    label="预警规则",
    model="access.AlertRule",
    code_field="name",
    label_field="name",
    fields=(
        Field(name="name", label="名称", required=True, unique=True, max_length=60, width=200),
        Field(
            name="kind",
            label="预警种类",
            kind=Kind.CHOICE,
            choices=tuple(Choice(one.name, one.label, one.tone) for one in KINDS),
            required=True,
            width=140,
            help="没有规则的种类提醒所有有权查看的人",
        ),
        Field(name="role", label="提醒角色", kind=Kind.REF, ref="roles"),
        Field(name="user", label="提醒用户", kind=Kind.REF, ref="users", help="角色与用户都留空为所有人"),
        Field(
            name="days",
            label="天数",
            kind=Kind.INTEGER,
            minimum=Decimal(0),
            maximum=Decimal(MOST_DAYS),
            width=80,
            help="临期提前、滞销或逾期的天数，留空按默认",
        ),
        ACTIVE,
    ),
    list=ListView(columns=("name", "kind", "role", "user", "days", "active"), filters=("name", "kind", "active"), sort="name"),
    search=("name",),
)
