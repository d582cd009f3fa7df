"""列表与选择器中的预警 Alerts where people work: the marks that rows of lists and pickers bear, from what the alert lists say.

A mark is shown to whom its kind is told, by the right to its list, his scopes and masks, and the alert rules; it leads to
that list, narrowed to the row. What bears which marks is said by model, at once for all that is declared over it: a further
type of document needs nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.db.models.expressions import RawSQL

from hengcang.access import alert_rules
from hengcang.access.viewer import Viewer
from hengcang.analytics import alerts, report
from hengcang.analytics.credit_exposure import over_credit
from hengcang.analytics.pickers import number
from hengcang.base import clock
from hengcang.core.posting import Control
from hengcang.documents.scope import document_limits
from hengcang.ledger import alert_marks as books
from hengcang.ledger.alert_marks import Subjects
from hengcang.ledger.alert_reports import Clock, Part
from hengcang.meta import marks, registry
from hengcang.meta.dataset import DataSet
from hengcang.meta.declarations import Choice
from hengcang.meta.english import said
from hengcang.meta.marks import Mark, Parameters

SIDES = {"overdue_receivable": "customer", "over_credit": "customer", "overdue_payable": "supplier"}
CONTROLS = {
    "overdue_receivable": {Control.RECEIVABLE, Control.OTHER_RECEIVABLE},
    "overdue_payable": {Control.PAYABLE, Control.OTHER_PAYABLE},
}


@dataclass(frozen=True, slots=True)
class Sign:
    """标记样式 How a kind of alert is told at a row: in a word, and how many of what with what to do, in both languages.

    `picked`: a picker shows it too.
    """

    kind: str
    label: tuple[str, str]
    help: tuple[str, str]
    picked: bool = False

    @property
    def of(self) -> alerts.AlertKind:
        """The kind of alert."""
        return alerts.BY_NAME[self.kind]


@dataclass(frozen=True, slots=True)
class Asked:
    """所问 Which kinds, of which rows (all of them for None), for whom, as of when, and the parameters of the picker that asks."""

    kinds: Collection[str]
    ids: Sequence[int] | None
    viewer: Viewer
    at: Clock
    picking: Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertMarker:
    """预警标记 The alerts that the rows of a model bear: `signs`, the gravest first, and which of them those of a data set can.

    `parts` find them by one statement, `computed` those that no statement can tell. `parameter` of the lists of alerts takes
    the row: by its number where it is `named`, else by its id.
    """

    signs: tuple[Sign, ...]
    parameter: str
    parts: Callable[[DataSet, Asked], list[Part]]
    bears: Callable[[DataSet, str], bool] = lambda dataset, kind: True
    computed: Mapping[str, Callable[[Asked], Collection[int]]] = field(default_factory=dict)
    named: bool = False

    def shown(self, dataset: DataSet, viewer: Viewer) -> list[Sign]:
        """The signs that a viewer may see at rows of a data set."""
        return [one for one in self.signs if self.bears(dataset, one.kind) and alerts.seen(viewer, one.of)]

    def kinds(self, dataset: DataSet, viewer: Viewer) -> list[Choice]:
        """As `Marker` says."""
        return [Choice(one.kind, said(*one.label), one.of.tone) for one in self.shown(dataset, viewer)]

    def marks(self, dataset: DataSet, ids: Sequence[int], viewer: Viewer, picking: Parameters | None) -> Mapping[int, list[Mark]]:
        """As `Marker` says; nothing is asked for a viewer who may see none."""
        signs = [one for one in self.shown(dataset, viewer) if one.picked or picking is None]
        days = alert_rules.told(viewer, {one.kind: alerts.default_days(one.of) for one in signs}) if signs else {}
        if not days:
            return {}
        asked = Asked(days.keys(), ids, viewer, as_of(days), picking or {})
        found: dict[str, dict[int, tuple[int, str]]] = defaultdict(dict)
        for subject, kind, many, name in books.found(self.parts(dataset, asked)):
            found[kind][subject] = (many, name)
        for kind, finder in self.computed.items():
            if kind in days:
                found[kind] = dict.fromkeys(finder(asked), (1, ""))
        marked: dict[int, list[Mark]] = defaultdict(list)
        for sign in signs:
            for subject, (many, name) in found[sign.kind].items():
                link = self.link(sign, name if self.named else str(subject), days[sign.kind]) if picking is None else None
                marked[subject].append(mark_of(sign, many, link))
        return marked

    def link(self, sign: Sign, row: str, days: int) -> dict[str, Any]:
        """Where the list of a kind tells of a row alone."""
        return alerts.link(sign.of, days, {self.parameter: row})

    def having(self, dataset: DataSet, kinds: Sequence[str], viewer: Viewer) -> Q:
        """As `Marker` says; thresholds are the viewer's own, as in the lists of alerts."""
        defaults = {one.kind: alerts.default_days(one.of) for one in self.signs if one.kind in kinds}
        days = {**defaults, **alert_rules.told(viewer, defaults)}
        asked = Asked(days.keys(), None, viewer, as_of(days), {})
        met = Q(pk__in=[])
        if parts := self.parts(dataset, asked):
            met |= Q(pk__in=RawSQL(*books.subjects_sql(parts)))
        for kind, finder in self.computed.items():
            if kind in days:
                met |= Q(pk__in=finder(asked))
        return met


def as_of(days: dict[str, int]) -> Clock:
    """The moment of the question, with the thresholds."""
    return Clock(clock.today(), days, alert_rules.NEVER, alerts.closed_day())


def mark_of(sign: Sign, many: int, link: Mapping[str, Any] | None) -> Mark:
    """A sign on a row."""
    return Mark(kind=sign.kind, label=said(*sign.label), tone=sign.of.tone, help=said(*sign.help).format(many=many), link=link)


def stock_by(column: str) -> Callable[[DataSet, Asked], list[Part]]:
    """The alerts on stock at the places a viewer may see, at the one that a picker asks for."""

    def parts(dataset: DataSet, asked: Asked) -> list[Part]:
        places = report.visible_places(asked.viewer, number(asked.picking.get("place")))
        return books.stock_parts(asked.kinds, Subjects(column, asked.ids), places, asked.at)

    return parts


def party_debts(dataset: DataSet, asked: Asked) -> list[Part]:
    """Debts of parties past their day, in documents the viewer may see."""
    return books.debt_parts(asked.kinds, Subjects("o.party_id", asked.ids), "''", document_limits(asked.viewer), asked.at)


def own_side(dataset: DataSet, kind: str) -> bool:
    """Customers bear what customers owe, suppliers what they are owed, all parties both."""
    return not dataset.base_filter or bool(dataset.base_filter.get(f"is_{SIDES[kind]}"))


def document_parts(dataset: DataSet, asked: Asked) -> list[Part]:
    """Debts and orders past their day, and receipts without a price; whoever sees the document is told."""
    own = Subjects("d.id", asked.ids)
    debts = Subjects("o.document_id", asked.ids)
    parts = books.debt_parts(asked.kinds, debts, "COALESCE(MIN(d.number),'')", (), asked.at)
    if (late := f"late_{dataset.name}") in asked.kinds:
        parts.append(books.order_part(dataset.name, own, asked.at.before(late)))
    if "unpriced" in asked.kinds:
        parts.append(books.unpriced_part(dataset.name, own, asked.at.closed))
    return parts


def of_document(dataset: DataSet, kind: str) -> bool:
    """Whether documents of a type can bear a kind: orders are late, receipts wait for a price, what posts a debt is overdue."""
    declared = registry.documents().get(dataset.name)
    if declared is None:
        return False
    if kind in CONTROLS:
        return declared.posting is not None and not declared.closable and bool(CONTROLS[kind] & set(declared.controls))
    return declared.buys if kind == "unpriced" else kind == f"late_{declared.name}"


STOCK = (
    Sign(
        "negative",
        ("负库存", "Negative stock"),
        (
            "{many} 个仓库现存为负：补录漏记的入库，或在“库存预警”里生成盘点单核实。",
            "Negative in {many} warehouse(s): enter the receipt that is missing, or make a count from the stock alerts.",
        ),
        picked=True,
    ),
    Sign(
        "below_min",
        ("低于下限", "Below limit"),
        (
            "{many} 个仓库低于库存下限：在“库存预警”里看在途多少，生成采购订单或调拨单。",
            "Below the lower limit in {many} warehouse(s): the stock alerts tell what is on its way and make orders or transfers.",
        ),
        picked=True,
    ),
    Sign(
        "below_safety",
        ("低于安全库存", "Below safety stock"),
        (
            "{many} 个仓库低于安全库存：在“库存预警”里看在途多少，生成采购订单或调拨单。",
            "Below safety stock in {many} warehouse(s): the stock alerts tell what is on its way and make orders or transfers.",
        ),
    ),
    Sign(
        "over_reserved",
        ("占用超现存", "Over-reserved"),
        (
            "{many} 个仓库占用超过现存：补货，或释放不再需要的占用。",
            "More is held back than there is in {many} warehouse(s): buy, or let go of what is not needed any more.",
        ),
    ),
    Sign(
        "above_max",
        ("超上限", "Above limit"),
        (
            "{many} 个仓库高于库存上限：暂缓采购，或在“库存预警”里生成调拨单移走。",
            "Above the upper limit in {many} warehouse(s): hold off buying, or make transfers from the stock alerts.",
        ),
    ),
)
NEAR_EXPIRY = Sign(
    "near_expiry",
    ("临期", "Near expiry"),
    (
        "{many} 批临期或已过期：先到期的先出，过期的在“临期商品”里生成报损单。",
        "{many} lot(s) near their expiry or past it: what expires first goes first, what has expired becomes a scrap document.",
    ),
    picked=True,
)
SLOW_MOVING = Sign(
    "slow_moving",
    ("滞销", "Slow moving"),
    (
        "{many} 处库存久未销售或领用：促销、停购，或在“滞销商品”里生成调拨单。",
        "Not sold or used for long in {many} place(s): promote it, stop buying, or move it elsewhere.",
    ),
)
COLLECT = (
    "{many} 笔款已过到期日还没收齐：催收，在“应收应付”里生成收款单。",
    "{many} debt(s) past due and not collected: remind the customer, or make payments in from the open items.",
)
PAY = (
    "{many} 笔款已过到期日还没付清：安排付款，在“应收应付”里生成付款单。",
    "{many} debt(s) past due and not paid: make payments out from the open items.",
)
OVER_CREDIT = Sign(
    "over_credit",
    ("超信用", "Over credit"),
    (
        "占用超过信用额度：先催收再发货，或调整额度，见“信用占用”。",
        "Beyond the credit limit: collect before delivering, or change the limit.",
    ),
    picked=True,
)
ITEMS = AlertMarker(signs=(*STOCK, NEAR_EXPIRY, SLOW_MOVING), parameter="item", parts=stock_by("i.id"))
FAMILIES = AlertMarker(signs=(*STOCK, NEAR_EXPIRY, SLOW_MOVING), parameter="family", parts=stock_by("i.family_id"))
LOTS = AlertMarker(signs=(NEAR_EXPIRY,), parameter="lot", parts=stock_by("t.id"))
PARTIES = AlertMarker(
    signs=(
        OVER_CREDIT,
        Sign("overdue_receivable", ("逾期应收", "Overdue"), COLLECT, picked=True),
        Sign("overdue_payable", ("逾期应付", "Overdue to pay"), PAY, picked=True),
    ),
    parameter="party",
    parts=party_debts,
    bears=own_side,
    computed={"over_credit": lambda asked: over_credit(asked.viewer, asked.ids)},
)
DOCUMENTS = AlertMarker(
    signs=(
        Sign("overdue_receivable", ("逾期未收", "Overdue"), COLLECT),
        Sign("overdue_payable", ("逾期未付", "Overdue to pay"), PAY),
        Sign(
            "late_sales_order",
            ("订单逾期", "Late"),
            (
                "已过交货日期还没发齐：尽快发货，或与客户改期、关闭订单。",
                "Past its delivery day and not all delivered: deliver, agree on another day, or close it.",
            ),
        ),
        Sign(
            "late_purchase_order",
            ("订单逾期", "Late"),
            (
                "已过交货日期还没收齐：催供应商交货，或改期、关闭订单。",
                "Past its delivery day and not all received: remind the supplier, agree on another day, or close it.",
            ),
        ),
        Sign(
            "unpriced",
            ("待补价", "No price yet"),
            (
                "{many} 行入库还没有价格：收到发票后补价，见“待补价入库”。",
                "{many} line(s) came in without a price: enter it with the bill.",
            ),
        ),
    ),
    parameter="number",
    parts=document_parts,
    bears=of_document,
    named=True,
)


def declare() -> None:
    """登记 Let the rows of these models bear their marks."""
    marks.register("catalog.Item", ITEMS)
    marks.register("catalog.ItemFamily", FAMILIES)
    marks.register("catalog.Lot", LOTS)
    marks.register("parties.Party", PARTIES)
    marks.register("records.Document", DOCUMENTS)
