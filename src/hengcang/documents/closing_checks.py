"""结账检查 What to look at before a month is closed: each point with what was found, where, and what to do about it.

A point that blocks holds the closing back: documents that could never be posted any more, books that do not hold. One
that warns is said and leaves the choice; a note tells what will stand over the end of the month, as it may.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.base.book import Book
from hengcang.core.errors import HengcangError
from hengcang.core.period_errors import BooksBroken, NegativeAtClose, OpenDrafts, PeriodEnd, PeriodNotOver, UnpricedAtClose
from hengcang.core.posting import PlaceKind
from hengcang.ledger import check, queries
from hengcang.meta import refs, registry
from hengcang.meta.english import said, word
from hengcang.places.virtual import shown_name

NAMED = 3
SHOWN = 20
DRAFTS_SQL = """
SELECT id, type, number FROM records_document WHERE document_date<=%s AND id<>%s AND state NOT IN ('posted','closed','reversed','void')
ORDER BY document_date, id
"""
UNPRICED_SQL = """
SELECT DISTINCT d.id, d.type, d.number FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision
LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose='invoiced'
WHERE d.type IN ({types}) AND d.state IN ('posted','closed') AND d.reverses_id IS NULL AND d.document_date>%s AND d.document_date<=%s
  AND l.unit_price_net IS NULL AND l.amount_gross=0 AND COALESCE(p.quantity,0)<l.base_quantity ORDER BY 3
"""


class Severity(StrEnum):
    """轻重 What a finding means for the closing."""

    BLOCKS = "blocks"
    WARNS = "warns"
    NOTES = "notes"


class Sample(NamedTuple):
    """样例 One thing found: a document (type, id), or an item at a place (item)."""

    text: str
    type: str = ""
    id: int = 0
    item: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """结账期间 The days after the last closing through the day that is closed; `document` is the closing itself."""

    closed: date | None
    through: date
    document: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """检查项 One point of the list: `find` gives all that is found, `refusal` says it in one sentence."""

    code: str
    label: str
    remedy: str
    remedy_en: str
    severity: Severity
    find: Callable[[Span], list[Sample]]
    refusal: Callable[[int, str], HengcangError] | None = None


def drafts(span: Span) -> list[Sample]:
    """未审核 Documents dated through the day that are not posted yet."""
    labels = {one.name: word(one.label, one.name) for one in registry.documents().values()}
    rows = bulk.fetch(DRAFTS_SQL, [span.through.isoformat(), span.document])
    return [Sample(f"{labels.get(kind, kind)} {refs.document_label(number, one)}", kind, one) for one, kind, number in rows]


def broken(name: str) -> Callable[[Span], list[Sample]]:
    """账簿不符 What breaks an invariant, each with the words of the check that found it."""

    def find(span: Span) -> list[Sample]:
        return [Sample(f"{fault.text}：{words(row)}") for fault in check.run({name}) for row in fault.rows]

    return find


def words(row: Mapping[str, Any]) -> str:
    """What a check tells of a row."""
    return "，".join(f"{key}={value}" for key, value in row.items())


def at_end(kinds: Sequence[PlaceKind], *, negative: bool) -> Callable[[Span], list[Sample]]:
    """期末结存 Balances that are below zero (or not empty) at places of these kinds at the end of the day's month."""

    def find(span: Span) -> list[Sample]:
        rows = queries.standing_at(span.through, kinds, negative=negative)
        return [Sample(f"{code} {name}（{shown_name(place, kind)}）", item=item) for item, code, name, place, kind in rows]

    return find


def unpriced(span: Span) -> list[Sample]:
    """待补价 Receipts of the span with lines that have no price yet, from their invoice neither."""
    bought = [one.name for one in registry.documents().values() if one.buys]
    sql = UNPRICED_SQL.format(types=bulk.placeholders(bought))
    rows = bulk.fetch(sql, [*bought, (span.closed or date(1, 1, 1)).isoformat(), span.through.isoformat()])
    return [Sample(number, kind, one) for one, kind, number in rows]


def broken_point(name: str, label: str) -> Point:
    """账簿检查 A point that asks for an invariant."""
    return Point(
        code=name,
        label=label,
        remedy="账簿不符，请先联系管理员运行 hengcang check 查明",
        remedy_en="The books do not agree: let hengcang check tell where",
        severity=Severity.BLOCKS,
        find=broken(name),
        refusal=lambda count, samples: BooksBroken(id=name, text=samples),
    )


POINTS = (
    Point(
        "open_drafts",
        "未审核的单据",
        "审核、改到下月、删除或作废",
        "Post them, date them later, delete or void them",
        Severity.BLOCKS,
        drafts,
        lambda count, samples: OpenDrafts(count=count, samples=samples),
    ),
    broken_point("I-27", "单号连续"),
    broken_point("I-25", "借贷平衡"),
    broken_point("I-07", "数量为零金额为零"),
    Point(
        "negative_stock",
        "期末负库存",
        "补录入库，否则它的成本到下月才能定下来",
        "Enter the receipts: its cost is not known before",
        Severity.WARNS,
        at_end((), negative=True),
        lambda count, samples: NegativeAtClose(count=count, samples=samples),
    ),
    Point(
        "unpriced",
        "待补价的入库",
        "开采购发票补上价格，否则以后的补价只影响下一期",
        "Enter the invoices: a later price reaches the next period only",
        Severity.WARNS,
        unpriced,
        lambda count, samples: UnpricedAtClose(count=count, samples=samples),
    ),
    Point(
        "in_transit",
        "在途的货",
        "已到的开分步调入单；真的在路上，可以结账",
        "Receive what has arrived; what is under way may stand over",
        Severity.NOTES,
        at_end((PlaceKind.TRANSIT,), negative=False),
    ),
    Point(
        "to_inspect",
        "待检和不合格的货",
        "验收或退货；可以结账",
        "Inspect or return it; it may stand over",
        Severity.NOTES,
        at_end((PlaceKind.QUARANTINE, PlaceKind.REJECTED), negative=False),
    ),
)


def refusals(span: Span, severity: Severity) -> list[HengcangError]:
    """须说明的 What the points of a severity say, where anything was found."""
    told = []
    for point in POINTS:
        if point.severity is severity and point.refusal is not None:
            found = point.find(span)
            if found:
                told.append(point.refusal(len(found), "、".join(one.text for one in found[:NAMED])))
    return told


def month_end(day: date) -> date:
    """月末 The last day of a day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def refuse_wrong_end(through: date, closed: date | None, today: date) -> None:
    """A month is closed as a whole, after the one before it, and not before its last day. Raises PeriodEnd, PeriodNotOver."""
    end = month_end(through)
    wanted = end if closed is None else month_end(closed + timedelta(days=1))
    if through > today:
        reason = "这一天还没有到"
    elif through != end:
        reason = "不是月末"
    elif through != wanted:
        reason = f"已结账到 {closed}，要逐月结账"
    else:
        return
    if closed is not None and wanted > today:
        raise PeriodNotOver(path="document_date", date=through.isoformat(), reason=reason, end=wanted.isoformat())
    over = (today + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    raise PeriodEnd(path="document_date", date=through.isoformat(), reason=reason, wanted=min(wanted, over).isoformat())


def checklist(book: Book, through: date, today: date, document: int = 0) -> dict[str, Any]:
    """结账清单 `{refusal, closed_through, points: [{code, label, severity, count, remedy, samples}]}` for a day to be closed.

    `refusal` says why that day cannot be closed at all. Constant statements.
    """
    refusal = None
    try:
        refuse_wrong_end(through, book.closed_through, today)
    except (PeriodEnd, PeriodNotOver) as error:
        refusal = said(error.message(), error.message("en"))
    span = Span(book.closed_through, through, document)
    closed = book.closed_through.isoformat() if book.closed_through else None
    return {"refusal": refusal, "closed_through": closed, "points": [point_json(point, point.find(span)) for point in POINTS]}


def point_json(point: Point, found: Sequence[Sample]) -> dict[str, Any]:
    """One point for the wire."""
    return {
        "code": point.code,
        "label": word(point.label, point.code),
        "severity": point.severity,
        "count": len(found),
        "remedy": said(point.remedy, point.remedy_en),
        "samples": [{"text": one.text, "type": one.type, "id": one.id, "item": one.item} for one in found[:SHOWN]],
    }
