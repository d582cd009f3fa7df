"""到期占用 Reservations whose day has passed: they count no longer when stock is promised; this gives them up in the books."""

from __future__ import annotations

from datetime import date

from hengcang.access.viewer import Viewer
from hengcang.core.errors import TransitionRefused
from hengcang.documents import services
from hengcang.ledger import promises
from hengcang.meta import registry
from hengcang.records.models import Document

REASON = "占用到期"


def release_expired(viewer: Viewer, today: date) -> list[str]:
    """释放到期占用 Every order lets go of what it holds back beyond its day, each in a transaction of its own; gives their numbers.

    One that somebody released or closed in between is passed over.
    """
    types = [one.name for one in registry.documents().values() if one.reserves]
    released = []
    for document, name in promises.expired_orders(types, today):
        try:
            services.transition(viewer, registry.document(name), services.Order(document, "release", None, REASON))
        except TransitionRefused:
            continue
        released.append(document)
    numbers = dict(Document.objects.filter(pk__in=released).values_list("pk", "number"))
    return [numbers[one] or "" for one in released]
