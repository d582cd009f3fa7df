"""发货跟踪与运费结算 What is not shipped or signed for yet, since when and with whom; and whose freight is not on a bill yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from hengcang.access.viewer import Viewer
from hengcang.analytics import report
from hengcang.analytics.party_ledger import DOCUMENT
from hengcang.analytics.report import Report
from hengcang.base import bulk, clock
from hengcang.core.amounts import to_text
from hengcang.documents import charges, gate, logistics
from hengcang.documents.facts import unchargeable
from hengcang.documents.scope import document_limits, in_sight
from hengcang.ledger import delivery_reports as books
from hengcang.meta import registry
from hengcang.meta.declarations import Charge, Choice, DocumentType, Field, Kind, Remedy, ReportType
from hengcang.meta.refs import document_ref
from hengcang.records.models import Document

BILLS = (Choice("expense", "付给承运商"), Choice("other_income", "向客户收回（代垫）"))
BILLED = (Choice("not_billed", "未结算"), Choice("billed", "已结算"), Choice("all", "全部"))


def types_of(viewer: Viewer) -> list[str]:
    """The types whose goods are handed over, that the viewer may see."""
    return [one.name for one in registry.documents().values() if one.delivery is not None and viewer.may(one.name, "view")]


def wanted_of(viewer: Viewer, parameters: Mapping[str, Any], types: Sequence[str]) -> books.Wanted:
    """The documents of a question."""
    return books.Wanted(
        types=types,
        limits=document_limits(viewer),
        carrier=parameters.get("carrier"),
        party=parameters.get("party"),
        first=parameters.get("date_from"),
        last=parameters.get("date_to"),
        state=parameters.get("delivery_state") or "",
        before=None if parameters.get("waiting_days") is None else midnight(parameters["waiting_days"] - 1),
    )


def midnight(days: int) -> datetime:
    """The start of the day that many days ago: what began before it waits longer."""
    return timezone.make_aware(datetime.combine(clock.today() - timedelta(days=days), time.min))


def run_tracking(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """发货跟踪 The longest waiting first; one statement."""
    types = types_of(viewer)
    if not types:
        return Report()
    rows = list(books.delivery_rows(wanted_of(viewer, parameters, types), None if limit is None else limit + 1))
    return Report(report.shown(rows, limit, lambda part: [*map(tracked, part)]), truncated=limit is not None and len(rows) > limit)


def tracked(row: tuple[Any, ...]) -> dict[str, Any]:
    """One delivery; it waits since its last state was written down, or since it was posted."""
    since = bulk.read_instant(row[8] or row[9])
    return {**head(row), "since": timezone.localtime(since).isoformat(timespec="seconds"), **waited(since), "note": row[10], "by": row[11]}


def waited(since: Any) -> dict[str, Any]:
    """Whole days since a moment."""
    return {"waiting_days": max((clock.today() - timezone.localtime(since).date()).days, 0)}


def head(row: tuple[Any, ...]) -> dict[str, Any]:
    """What the rows of both reports begin with."""
    ext = bulk.read_json(row[6])
    return {
        "id": row[0],
        "document": document_ref(row[0], row[1], row[2]),
        "document_date": str(row[3]),
        "party_name": row[4],
        "carrier_name": row[5],
        "tracking_numbers": ext.get("tracking_numbers"),
        "packages": ext.get("packages"),
        "weight": ext.get("weight"),
        "delivery_state": row[7],
        "freight_payer": ext.get("freight_payer") or "ours",
    }


def chargeable(viewer: Viewer, target: str) -> dict[str, Charge]:
    """The charges that become a bill of a type, by type of their document, of those that the viewer may see."""
    found = {}
    for one in registry.documents().values():
        charge = next((way.charge for way in one.conversions if way.charge and way.target == target), None)
        if charge is not None and one.delivery is not None and viewer.may(one.name, "view"):
            found[one.name] = charge
    return found


def run_freight(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """运费结算 Freight by carrier and day, each with the bill it became; two statements."""
    target = parameters.get("bill_into") or "expense"
    known = chargeable(viewer, target)
    if not known:
        return Report()
    payers = sorted({payer for charge in known.values() for payer in charge.categories})
    billed = {"not_billed": False, "billed": True}.get(parameters.get("billed") or "not_billed")
    asked = books.Freight(wanted_of(viewer, parameters, list(known)), target, payers, billed)
    rows = list(books.freight_rows(asked, None if limit is None else limit + 1))
    shown = report.shown(rows, limit, lambda part: [freight_row(viewer, row) for row in part])
    return Report(shown, {"freight": to_text(books.freight_total(asked))}, None, limit is not None and len(rows) > limit)


def freight_row(viewer: Viewer, row: tuple[Any, ...]) -> dict[str, Any]:
    """One document's freight; its bill only for who may see such."""
    seen = row[9] is not None and viewer.may(row[10], "view")
    return {**head(row), "freight": to_text(row[8]), "billed_in": document_ref(row[9], row[10], row[11]) if seen else None}


def bill(target: str) -> Callable[[Viewer, Sequence[int]], list[dict[str, Any]]]:
    """生成费用单 A bill of the target's type for each party, of every chosen document whose freight is on none yet."""

    def drafts(viewer: Viewer, ids: Sequence[int]) -> list[dict[str, Any]]:
        declared, known = registry.document(target), chargeable(viewer, target)
        headers = {one: header for one, header in gate.lock_documents(ids).items() if fits(known, header)}
        seen = in_sight(viewer, headers)
        standing = charges.bills(seen, drafts=True) if seen else {}
        waiting = sorted(one for one in seen if (one, target) not in standing)
        groups: dict[int, list[tuple[Document, DocumentType, Charge]]] = defaultdict(list)
        for source in Document.objects.filter(pk__in=waiting).order_by("document_date", "pk"):
            type_of, charge = registry.document(source.type), known[source.type]
            groups[charges.said(source, type_of, charge.party)].append((source, type_of, charge))
        return [charges.bill_of(party, sources, declared) for party, sources in sorted(groups.items())]

    return drafts


def fits(known: Mapping[str, Charge], header: Mapping[str, Any]) -> bool:
    """Whether a document stands and has such a charge."""
    stands = header["type"] in known and header["state"] in ("posted", "closed") and header["reverses_id"] is None
    return stands and not unchargeable(registry.document(header["type"]), known[header["type"]], header)


STATE = Field(name="delivery_state", label="物流状态", kind=Kind.CHOICE, choices=logistics.STATES, width=130, help="留空为未签收的")
HEAD: tuple[Field, ...] = (
    DOCUMENT,
    Field(name="document_date", label="单据日期", kind=Kind.DATE, width=105),
    Field(name="party_name", label="往来单位", width=180),
    Field(name="carrier_name", label="承运商", width=130),
    Field(name="tracking_numbers", label="运单号", width=180),
    Field(name="packages", label="件数", kind=Kind.INTEGER, width=70),
    Field(name="weight", label="重量(千克)", kind=Kind.QUANTITY, scale=3, width=100),
    logistics.STATE,
)
DELIVERY_TRACKING = ReportType(
    name="delivery_tracking",
    label="发货跟踪",
    menu="sales",
    parameters=(
        STATE,
        logistics.CARRIER,
        report.PARTY_PARAMETER,
        Field(name="waiting_days", label="停留至少(天)", kind=Kind.INTEGER, minimum=Decimal(0), maximum=Decimal(36_500), width=110),
        report.FROM_PARAMETER,
        Field(name="date_to", label="结束日期", kind=Kind.DATE, width=120),
    ),
    columns=(
        *HEAD,
        Field(name="since", label="自何时", kind=Kind.DATETIME, width=140),
        Field(name="waiting_days", label="停留天数", kind=Kind.INTEGER, width=90),
        Field(name="note", label="最近说明", width=180),
        Field(name="by", label="登记人", width=90),
    ),
    run=run_tracking,
)
FREIGHT_BILLS = ReportType(
    name="freight_bills",
    label="运费结算",
    menu="settlement",
    parameters=(
        Field(name="bill_into", label="结算方向", kind=Kind.CHOICE, choices=BILLS, default="expense", width=170),
        Field(name="billed", label="结算", kind=Kind.CHOICE, choices=BILLED, default="not_billed", width=110),
        logistics.CARRIER,
        report.PARTY_PARAMETER,
        report.FROM_PARAMETER,
        Field(name="date_to", label="结束日期", kind=Kind.DATE, width=120),
    ),
    columns=(
        *HEAD,
        Field(name="freight_payer", label="运费承担", kind=Kind.CHOICE, choices=logistics.PAYERS, width=130),
        report.money("freight", "运费"),
        Field(name="billed_in", label="结算单据", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
    ),
    run=run_freight,
    remedies=(
        Remedy(name="bill_carrier", label="生成费用单", target="expense", drafts=bill("expense"), when={"bill_into": ("expense",)}),
        Remedy(
            name="bill_customer",
            label="生成其他收入单",
            target="other_income",
            drafts=bill("other_income"),
            when={"bill_into": ("other_income",)},
        ),
    ),
)
