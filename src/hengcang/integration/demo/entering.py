"""演示入账 Entering the plan: drafts in waves by what they name, actions in order of time, all through the document service."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hengcang.access.models import User
from hengcang.access.viewer import Viewer, system_viewer
from hengcang.base import clock
from hengcang.documents import drafts, many, services
from hengcang.integration.demo.masters import Ids
from hengcang.integration.demo.plans import Action, DocumentOf, LineOf, Master, Plan, Planned, Verb
from hengcang.integration.loading import tend_tables
from hengcang.integration.progress import Progress
from hengcang.meta import registry

ACTIONS_PER_RUN = 400


@dataclass(slots=True)
class Entry:
    """入账 The plan, the ids of its masters, and what of it is in the book."""

    plan: Plan
    ids: Ids
    progress: Progress
    viewers: dict[str, Viewer] = field(default_factory=dict)
    made: dict[int, many.Inserted] = field(default_factory=dict)


def enter_plan(entry: Entry) -> None:
    """入账 Run by run: the drafts that a run of actions needs, then the actions; the drafts nobody posts last."""
    entry.viewers = {user.username: system_viewer(user.pk, user.display_name) for user in User.objects.all()}
    actions = sorted(entry.plan.actions, key=lambda action: (action.moment, action.key))
    for start in range(0, len(actions), ACTIONS_PER_RUN):
        run = actions[start : start + ACTIONS_PER_RUN]
        insert(entry, [entry.plan.documents[action.key] for action in run if action.verb is Verb.POST])
        for action in run:
            act(entry, action)
        entry.progress.advance(len(run))
        tend_tables(start // ACTIONS_PER_RUN + 1)
    insert(entry, [document for document in entry.plan.documents.values() if document.key not in entry.made])
    entry.progress.finish()


def insert(entry: Entry, wanted: list[Planned]) -> None:
    """开单 Make the drafts wave by wave: those whose named documents are there. A count freezes, so it waits for its turn."""
    waiting = [document for document in wanted if not registry.document(document.type).freezes]
    while waiting:
        ready = [document for document in waiting if document.needs <= entry.made.keys()]
        assert ready, "documents of a plan name each other in a circle"
        insert_now(entry, ready)
        waiting = [document for document in waiting if document.key not in entry.made]


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
    if declaration.freezes and action.key not in entry.made:
        insert_now(entry, [planned])
    document = entry.made[action.key].document
    with clock.standing_at(action.moment):
        if action.verb is Verb.REDO:
            services.apply(viewer, declaration, services.Order(document, "unpost", reason=action.reason), True)
            drafts.update(viewer, declaration, document, {"remark": action.reason})
        name = "close" if action.verb is Verb.CLOSE else "post"
        services.apply(viewer, declaration, services.Order(document, name, reason=action.reason), True)
