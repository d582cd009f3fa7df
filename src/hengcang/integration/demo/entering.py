"""演示入账 Entering the plan: drafts in waves by what they name, steps in order of time, all through the document services."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F

from hengcang.access.models import User
from hengcang.access.viewer import Viewer, system_viewer
from hengcang.base import clock
from hengcang.documents import count_entries, drafts, many, services, shipping
from hengcang.documents.count_entries import Counted
from hengcang.integration.demo.masters import Ids
from hengcang.integration.demo.plans import Action, DocumentOf, Handing, LineOf, Master, Parcel, Plan, Planned, Tally, Verb
from hengcang.integration.loading import tend_tables
from hengcang.integration.progress import Progress
from hengcang.ledger.counts import LISTED
from hengcang.meta import registry
from hengcang.meta.declarations import CHARGED
from hengcang.records.models import GoodsLine

STEPS_PER_RUN = 400


@dataclass(slots=True)
class Entry:
    """入账 The plan, the ids of its masters, and what of it is in the book."""

    plan: Plan
    ids: Ids
    progress: Progress
    viewers: dict[str, Viewer] = field(default_factory=dict)
    made: dict[int, many.Inserted] = field(default_factory=dict)


def enter_plan(entry: Entry) -> None:
    """入账 Run by run: the drafts that a run of steps needs, then the steps; the drafts nobody posts last."""
    entry.viewers = {user.username: system_viewer(user.pk, user.display_name) for user in User.objects.all()}
    steps = entry.plan.steps()
    for start in range(0, len(steps), STEPS_PER_RUN):
        run = steps[start : start + STEPS_PER_RUN]
        insert(entry, [entry.plan.documents[step.key] for step in run if isinstance(step, Action) and step.verb is Verb.POST])
        for step in run:
            with clock.standing_at(step.moment):
                if isinstance(step, Action):
                    act(entry, step)
                elif isinstance(step, Handing):
                    hand(entry, step)
                else:
                    tally(entry, step)
        entry.progress.advance(len(run))
        tend_tables(start // STEPS_PER_RUN + 1)
    insert(entry, [document for document in entry.plan.documents.values() if document.key not in entry.made])
    entry.progress.finish()


def insert(entry: Entry, wanted: list[Planned]) -> None:
    """开单 Make the drafts wave by wave: those whose named documents are there. What must wait for its turn is left to it."""
    waiting = [document for document in wanted if not waits(document)]
    while waiting:
        ready = [document for document in waiting if document.needs <= entry.made.keys()]
        assert ready, "documents of a plan name each other in a circle"
        insert_now(entry, ready)
        waiting = [document for document in waiting if document.key not in entry.made]


def waits(document: Planned) -> bool:
    """须待其时 A count freezes the books when it is made; a bill of freight forbids that the freight is still written down."""
    return registry.document(document.type).freezes or any(CHARGED in line for line in document.content.get("money_lines", ()))


def insert_now(entry: Entry, ready: list[Planned]) -> None:
    """Make these drafts."""
    wanted = [
        many.Draft(entry.viewers[one.by], registry.document(one.type), resolved(entry, one.content), one.made)
        for one in sorted(ready, key=lambda one: (one.made, one.key))
    ]
    keys = [one.key for one in sorted(ready, key=lambda one: (one.made, one.key))]
    entry.made.update(zip(keys, many.insert(wanted), strict=True))


def resolved(entry: Entry, content: Any) -> Any:
    """引用换编号 The content with ids in place of references."""
    if isinstance(content, Master):
        return entry.ids[content.collection, content.code]
    if isinstance(content, LineOf):
        return entry.made[content.document].goods[content.at]
    if isinstance(content, DocumentOf):
        return entry.made[content.document].document
    if isinstance(content, dict):
        return {name: resolved(entry, value) for name, value in content.items()}
    if isinstance(content, list):
        return [resolved(entry, value) for value in content]
    return content


def act(entry: Entry, action: Action) -> None:
    """动作 Post, short-close, or unpost, add to the remark and post again."""
    planned = entry.plan.documents[action.key]
    declaration = registry.document(planned.type)
    viewer = entry.viewers[action.by]
    if action.key not in entry.made:
        insert_now(entry, [planned])
    document = entry.made[action.key].document
    if action.verb is Verb.REDO:
        services.apply(viewer, declaration, services.Order(document, "unpost", reason=action.reason), True)
        drafts.update(viewer, declaration, document, {"remark": action.reason})
    name = "close" if action.verb is Verb.CLOSE else "post"
    services.apply(viewer, declaration, services.Order(document, name, reason=action.reason), True)


def hand(entry: Entry, handing: Handing) -> None:
    """物流登记 What became of the goods of some documents, all at once."""
    wanted = [shipment(entry, parcel) for parcel in handing.parcels]
    shipping.ship(entry.viewers[handing.by], registry.document(handing.type), wanted)


def shipment(entry: Entry, parcel: Parcel) -> shipping.Shipment:
    """One document's part of it."""
    return shipping.Shipment(
        document=entry.made[parcel.document].document,
        facts=resolved(entry, parcel.facts),
        state=parcel.state,
        note=parcel.note,
        happened_at=parcel.happened_at,
    )


def tally(entry: Entry, step: Tally) -> None:
    """盘点录入 Some lines of the list of a count plan, each as the books have it but the last."""
    document = entry.made[step.key].document
    listed = GoodsLine.objects.filter(document=document, revision=F("document__revision"), role=LISTED).exclude(item__tracking="serial")
    rows = list(listed.order_by("position").values_list("id", "book_quantity")[step.first : step.first + step.lines])
    declaration = registry.document(entry.plan.documents[step.key].type)
    for at, (line, book) in enumerate(rows, start=1):
        off = step.off if at == len(rows) else 0
        count_entries.enter(entry.viewers[step.by], declaration, document, Counted(line, quantity=Decimal(book or 0) + off))
