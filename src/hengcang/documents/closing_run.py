"""逐月结账 Months closed one after the other by the same service as the screen, each in its own transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Min

from hengcang.access.viewer import Viewer
from hengcang.base.book import load_book
from hengcang.core.lifecycle import State
from hengcang.documents import drafts, services
from hengcang.documents.closing_checks import month_end
from hengcang.meta import registry
from hengcang.records.models import Document


class Closed(NamedTuple):
    """已结月份 A month that was closed: its last day, the number of its closing, and what was said of it."""

    through: date
    number: str
    warnings: list[str]


def close_through(viewer: Viewer, through: date) -> Iterator[Closed]:
    """逐月结账 Close every month that is open, from the first with a document, through that of a day.

    Raises what the closing of a month refuses; the months before it stay closed.
    """
    declaration = next(one for one in registry.documents().values() if one.closes)
    last = month_end(through)
    end = next_end()
    while end is not None and end <= last:
        document = waiting(end, declaration.name)
        if document is None:
            document = drafts.create(viewer, declaration, {"document_date": end.isoformat()})["document"]
        answer = services.transition(viewer, declaration, services.Order(document, "post"))
        number = Document.objects.values_list("number", flat=True).get(pk=document)
        yield Closed(end, number or "", [one["message"] for one in answer["warnings"]])
        end = month_end(end + timedelta(days=1))


def next_end() -> date | None:
    """The last day of the first month that is open; none where there are no documents."""
    closed = load_book().closed_through
    if closed is not None:
        return month_end(closed + timedelta(days=1))
    first = Document.objects.aggregate(first=Min("document_date"))["first"]
    return None if first is None else month_end(first)


def waiting(end: date, type_name: str) -> int | None:
    """A closing of that day that somebody began: it is the one to post, since a draft stands against closing."""
    found = Document.objects.filter(type=type_name, document_date=end, state=State.DRAFT)
    return found.order_by("pk").values_list("pk", flat=True).first()
