"""首页 Home: today's and this month's figures with comparison, what is to be done, alerts, best sellers.

Only what the viewer may see. Everything comes from document headers by index and from kept sums.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics.alerts import alerts
from hengcang.analytics.party_ledger import SIDE_MASKS
from hengcang.base import clock
from hengcang.core.amounts import to_text
from hengcang.core.posting import Account
from hengcang.documents.scope import document_limits
from hengcang.ledger import reports as books
from hengcang.meta.dataset import document_filter
from hengcang.meta.declarations import Mask
from hengcang.meta.english import word
from hengcang.records.models import Document

FLOWS = {
    "sales": ("销售额", {"sales_delivery": 1, "sales_return": -1}, Mask.SALES_PRICE),
    "purchases": ("采购额", {"purchase_receipt": 1, "purchase_return": -1}, Mask.PURCHASE_PRICE),
    "collections": ("收款", {"incoming_payment": 1}, None),
    "payments": ("付款", {"outgoing_payment": 1}, None),
}
WAITING = (
    ("drafts", "草稿待审核", {"state": "draft"}, None),
    ("to_receive", "采购订单待入库", {"type": "purchase_order", "state": "posted"}, "purchase_order"),
    ("to_deliver", "销售订单待出库", {"type": "sales_order", "state": "posted"}, "sales_order"),
)


def home(viewer: Viewer) -> dict[str, Any]:
    """首页数据 As docs/develop/api.md says."""
    today = clock.today()
    days = daily(viewer, today)
    return {
        "today": today.isoformat(),
        "figures": [*flow_figures(viewer, days, today), *level_figures(viewer)],
        "trend": trend(viewer, days, today),
        "todo": todo(viewer),
        "alerts": alerts(viewer),
        "best_sellers": sellers(viewer, today),
    }


def seen(viewer: Viewer, name: str) -> bool:
    """Whether the viewer may see a flow: its documents and its prices."""
    _, types, mask = FLOWS[name]
    return all(viewer.may(one, "view") for one in types) and (mask is None or mask not in viewer.masks)


def daily(viewer: Viewer, today: date) -> dict[str, dict[date, int]]:
    """Net amounts by flow and day of the last two months: one statement."""
    signs = {name: (flow, sign) for flow, (_, types, _) in FLOWS.items() for name, sign in types.items()}
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    found: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for name, day, _, gross, _ in books.totals_by_day(list(signs), books.Span(first, today), document_limits(viewer)):
        flow, sign = signs[name]
        found[flow][day if isinstance(day, date) else date.fromisoformat(day)] += sign * gross
    return found


def flow_figures(viewer: Viewer, days: Mapping[str, Mapping[date, int]], today: date) -> list[dict[str, Any]]:
    """Flows of today (against yesterday) and of this month (against the same days of last month)."""
    start = today.replace(day=1)
    last_start = (start - timedelta(days=1)).replace(day=1)
    last_end = min(last_start + (today - start), start - timedelta(days=1))
    figures = []
    for name, (label, types, _) in FLOWS.items():
        if not seen(viewer, name):
            continue
        flow = days.get(name, {})
        now, before = flow.get(today, 0), flow.get(today - timedelta(days=1), 0)
        month = sum(amount for day, amount in flow.items() if day >= start)
        previous = sum(amount for day, amount in flow.items() if last_start <= day <= last_end)
        figures.append(figure(name, f"今日{label}", now, before, "today", types, [today, today]))
        figures.append(figure(f"{name}_month", f"本月{label}", month, previous, "month", types, [start, today]))
    return figures


def figure(name: str, label: str, now: int, before: int, period: str, types: Mapping[str, int], span: list[date]) -> dict[str, Any]:
    """One figure with what it is compared to and the documents behind it."""
    where: list[dict[str, Any]] = [{"field": "document_date", "op": "between", "value": [day.isoformat() for day in span]}]
    where.append({"field": "state", "op": "in", "value": ["posted", "closed", "reversed"]})
    return {
        "name": name,
        "label": word(label, name),
        "value": to_text(now),
        "previous": to_text(before),
        "kind": "money",
        "period": period,
        "link": {"kind": "document", "name": next(iter(types)), "where": where},
    }


def level_figures(viewer: Viewer) -> list[dict[str, Any]]:
    """What stands now: stock value, receivables, payables."""
    figures = []
    if viewer.may("stock_on_hand", "view") and Mask.COST not in viewer.masks and viewer.scope("warehouse") is None:
        figures.append(level("stock_value", "库存金额", books.stock_value(), {"kind": "report", "name": "stock_on_hand"}))
    limits = document_limits(viewer)
    if viewer.may("open_items", "view"):
        for name, label, account, sign, side in (
            ("receivable", "应收账款", Account.RECEIVABLE, 1, "customer"),
            ("payable", "应付账款", Account.PAYABLE, -1, "supplier"),
        ):
            if SIDE_MASKS[side] in viewer.masks:
                continue
            amount = books.open_total(str(account), limits) if limits else books.balance_of(str(account))
            link = {"kind": "report", "name": "open_items", "parameters": {"side": side}}
            figures.append(level(name, label, sign * amount, link))
    return figures


def level(name: str, label: str, amount: int, link: dict[str, Any]) -> dict[str, Any]:
    """A figure without comparison."""
    return {
        "name": name,
        "label": word(label, name),
        "value": to_text(amount),
        "previous": None,
        "kind": "money",
        "period": "now",
        "link": link,
    }


def trend(viewer: Viewer, days: Mapping[str, Mapping[date, int]], today: date) -> list[dict[str, Any]]:
    """Sales and purchases of the last thirty days."""
    shown = [name for name in ("sales", "purchases") if seen(viewer, name)]
    span = [today - timedelta(days=back) for back in range(29, -1, -1)]
    return [{"day": day.isoformat(), **{name: to_text(days.get(name, {}).get(day, 0)) for name in shown}} for day in span]


def todo(viewer: Viewer) -> list[dict[str, Any]]:
    """What waits for this user: drafts, orders to be received or delivered."""
    found = []
    for name, label, condition, type_name in WAITING:
        if type_name is not None and not viewer.may(type_name, "view"):
            continue
        rows = Document.objects.filter(document_filter(viewer), **condition)
        if type_name is None:
            rows = rows.filter(created_by=viewer.user_id)
            link: dict[str, Any] = {"kind": "report", "name": "document_register"}
        else:
            rows = rows.exclude(progress="complete")
            where = [{"field": "progress", "op": "ne", "value": "complete"}, {"field": "state", "op": "eq", "value": "posted"}]
            link = {"kind": "document", "name": type_name, "where": where}
        found.append({"name": name, "label": word(label, name), "count": rows.count(), "link": link})
    return found


def sellers(viewer: Viewer, today: date) -> list[dict[str, Any]]:
    """The best sellers of this month."""
    if not seen(viewer, "sales"):
        return []
    rows = books.best_sellers(books.Span(today.replace(day=1), today), 8, document_limits(viewer))
    return [
        {"item": {"id": pk, "code": code, "label": name}, "quantity": to_text(quantity), "amount": to_text(amount)}
        for pk, code, name, quantity, amount in rows
    ]
