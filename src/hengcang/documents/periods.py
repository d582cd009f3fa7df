"""期末结账 Closing: what must be in order, the run of the month's costs, and the lock; reopening takes both back.

A period is a month. Closing holds the gate alone: nothing is posted beside it. Its corrections still count for the
month that is closed; after it every correction bears the first open day, and the database itself refuses rows dated
in closed months.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from hengcang.base import bulk, clock
from hengcang.base.book import Book, change_book
from hengcang.core.errors import (
    BooksBroken,
    HengcangError,
    InvalidDocument,
    NegativeAtClose,
    OpenDrafts,
    PeriodEnd,
    PeriodNotNewest,
    UnpricedAtClose,
)
from hengcang.core.posting import Posting
from hengcang.ledger import check, queries, store
from hengcang.ledger.request import Appended, Header, NeedsExclusive, Request, Rules
from hengcang.meta import registry

ASKED = {"I-07", "I-25", "I-27"}
SAMPLES = 3
DRAFTS_SQL = """
SELECT id, type, number FROM records_document WHERE document_date<=%s AND id<>%s AND state NOT IN ('posted','closed','reversed','void')
ORDER BY document_date, id
"""
UNPRICED_SQL = """
SELECT DISTINCT d.number FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision
LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose='invoiced'
WHERE d.type IN ({types}) AND d.state IN ('posted','closed') AND d.reverses_id IS NULL AND d.document_date>%s AND d.document_date<=%s
  AND l.unit_price_net IS NULL AND l.amount_gross=0 AND COALESCE(p.quantity,0)<l.base_quantity ORDER BY 1
"""
CLOSED_SQL = "SELECT MAX(document_date) FROM records_document WHERE type IN ({types}) AND state='posted' AND document_date<%s"


def close(header: Header, book: Book, rules: Rules, *, exclusive: bool) -> Appended:
    """结账 Close the month that ends at the document's date. Raises PeriodEnd, InvalidDocument, NeedsExclusive."""
    alone(exclusive=exclusive)
    through = header.document_date
    refuse_wrong_end(through, book.closed_through)
    faults = list(faults_of(header, through))
    if faults:
        raise InvalidDocument(faults)
    warnings = list(warnings_of(through, book.closed_through))
    request = Request(header, Posting(), replace(rules, run_through=through.toordinal()), exclusive=True, unlimited=True)
    since = 1 if book.averaged_through is None else book.averaged_through.toordinal() + 1
    appended = store.run_months(request, since)
    change_book(closed_through=through, averaged_through=through)
    return replace(appended, warnings=[*appended.warnings, *warnings])


def reopen(header: Header, book: Book, rules_of: Callable[[Book], Rules], *, exclusive: bool) -> Appended:
    """反结账 Open the newest closed month again; its run is taken back. Raises PeriodNotNewest, NeedsExclusive."""
    alone(exclusive=exclusive)
    if book.closed_through != header.document_date:
        raise PeriodNotNewest(closed_through=book.closed_through.isoformat() if book.closed_through else "")
    types = [one.name for one in registry.documents().values() if one.closes]
    sql = CLOSED_SQL.format(types=bulk.placeholders(types))
    before = bulk.read_date(bulk.fetch(sql, [*types, header.document_date.isoformat()])[0][0])
    opened = change_book(closed_through=before, averaged_through=before)
    request = Request(header, Posting(), rules_of(opened), exclusive=True, unlimited=True)
    return store.run_months(request, 1 if before is None else before.toordinal() + 1)


def alone(*, exclusive: bool) -> None:
    """Nobody posts while a period is closed or opened."""
    if not exclusive and bulk.is_postgresql():
        raise NeedsExclusive


def refuse_wrong_end(through: date, closed: date | None) -> None:
    """A month is closed as a whole, after the one before it, and not before it is over."""
    end = month_end(through)
    wanted = end if closed is None else month_end(closed + timedelta(days=1))
    if through > clock.today():
        last = clock.today().replace(day=1) - timedelta(days=1)
        raise PeriodEnd(path="document_date", date=through.isoformat(), reason="这一天还没有到", wanted=min(wanted, last).isoformat())
    if through != end:
        raise PeriodEnd(path="document_date", date=through.isoformat(), reason="不是月末", wanted=wanted.isoformat())
    if through != wanted:
        reason = f"已结账到 {closed}，要逐月结账"
        raise PeriodEnd(path="document_date", date=through.isoformat(), reason=reason, wanted=wanted.isoformat())


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def faults_of(header: Header, through: date) -> Iterator[HengcangError]:
    """What stands against closing: documents that could never be posted any more, and books that do not hold."""
    drafts = bulk.fetch(DRAFTS_SQL, [through.isoformat(), header.document])
    if drafts:
        labels = {one.name: one.label for one in registry.documents().values()}
        names = [f"{labels.get(kind, kind)} {number or f'草稿 #{one}'}" for one, kind, number in drafts[:SAMPLES]]
        yield OpenDrafts(count=len(drafts), samples="、".join(names))
    for fault in check.run(ASKED):
        yield BooksBroken(id=fault.id, text=fault.text)


def warnings_of(through: date, closed: date | None) -> Iterator[HengcangError]:
    """What should be mended before, but does not hold a closing back."""
    short = queries.negative_at(through)
    if short:
        yield NegativeAtClose(count=len(short), samples="、".join(short[:SAMPLES]))
    bought = [one.name for one in registry.documents().values() if one.inward and one.party_role == "supplier"]
    sql = UNPRICED_SQL.format(types=bulk.placeholders(bought))
    unpriced = bulk.fetch(sql, [*bought, (closed or date(1, 1, 1)).isoformat(), through.isoformat()])
    if unpriced:
        yield UnpricedAtClose(count=len(unpriced), samples="、".join(row[0] for row in unpriced[:SAMPLES]))
