"""期末结账 Closing: what must be in order, the run of the month's costs, and the lock; reopening takes both back.

A period is a month. Closing holds the gate alone: nothing is posted beside it. Its corrections still count for the
month that is closed; after it every correction bears the first open day, and the database itself refuses rows dated
in closed months.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hengcang.base import bulk, clock
from hengcang.base.book import Book, change_book
from hengcang.core.errors import InvalidDocument
from hengcang.core.period_errors import PeriodNotNewest
from hengcang.core.posting import Posting
from hengcang.documents import closing_checks, rates
from hengcang.documents.closing_checks import Severity
from hengcang.ledger import store
from hengcang.ledger.request import Appended, Header, NeedsExclusive, Request, Rules
from hengcang.meta import registry

CLOSED_SQL = "SELECT MAX(document_date) FROM records_document WHERE type IN ({types}) AND state='posted' AND document_date<%s"


def close(header: Header, book: Book, rules: Rules, *, exclusive: bool) -> Appended:
    """结账 Close the month that ends at the document's date. Raises PeriodEnd, PeriodNotOver, InvalidDocument, NeedsExclusive."""
    alone(exclusive=exclusive)
    through = header.document_date
    closing_checks.refuse_wrong_end(through, book.closed_through, clock.today())
    span = closing_checks.Span(book.closed_through, through, header.document)
    faults = closing_checks.refusals(span, Severity.BLOCKS)
    if faults:
        raise InvalidDocument(faults)
    warnings = closing_checks.refusals(span, Severity.WARNS)
    request = Request(
        header,
        Posting(),
        replace(rules, run_through=through.toordinal()),
        exclusive=True,
        unlimited=True,
        closing_rates=rates.closing_rates(through),
    )
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
