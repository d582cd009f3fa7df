"""发件箱 The outbox: events written in the transaction that caused them, delivered after its commit, at least once.

`deliver` claims an event by moving its `due_at` ahead (a lease that is also the back-off), calls the hooks outside of
any transaction, and marks it. Who dies in between leaves an event that falls due again; receivers tell repeats by the
event's id. One `Deliverer` thread per process does the rounds; `wake` after a commit makes the next one start at once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import orjson
from django.db import close_old_connections, connection, transaction
from django.db.models import F

from hengcang.base import bulk, clock, plugins
from hengcang.base.events import Event
from hengcang.base.models import OutboxEvent

LEASE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
COLUMNS = ("kind", "object_type", "object_id", "posting", "payload", "created_at", "due_at", "attempts", "last_error")
logger = logging.getLogger(__name__)


def add(kind: str, object_type: str, object_id: int, posting: int | None = None, payload: Mapping[str, Any] | None = None) -> None:
    """投递 Write an event in the caller's transaction (one INSERT) and wake the deliverer at its commit."""
    now = bulk.instant(clock.now())
    row = (kind, object_type, object_id, posting, orjson.dumps(payload or {}, default=str).decode(), now, now, 0, "")
    bulk.insert_rows("base_outboxevent", COLUMNS, [row])
    transaction.on_commit(wake)


def add_many(kind: str, object_type: str, objects: Iterable[int]) -> None:
    """成批投递 An event of one kind for each object, in one INSERT."""
    now = bulk.instant(clock.now())
    bulk.insert_rows("base_outboxevent", COLUMNS, [(kind, object_type, one, None, "{}", now, now, 0, "") for one in objects])
    transaction.on_commit(wake)


def deliver(limit: int = 100) -> int:
    """送达 One round: every due event up to `limit`, in order of writing; gives how many were delivered.

    An event whose hooks fail keeps the error, counts the attempt and comes again after 1, 2, 4 … minutes, at most six
    hours. A failure of one event does not hold up the others.
    """
    due = OutboxEvent.objects.filter(delivered_at=None, due_at__lte=clock.now()).order_by("id")
    columns = ("id", "kind", "object_type", "object_id", "posting", "created_at", "payload", "attempts")
    delivered = []
    for *values, attempts in due.values_list(*columns)[:limit]:
        event = Event(*values)
        if _claim(event.id, attempts) and _deliver_one(event):
            delivered.append(event)
    plugins.call("events_delivered", events=delivered)
    return len(delivered)


def _claim(event_id: int, attempts: int) -> bool:
    """Take the event, unless another deliverer did since it was read."""
    wait = min(LEASE * 2 ** min(attempts, 10), LONGEST_WAIT)
    mine = OutboxEvent.objects.filter(id=event_id, attempts=attempts, delivered_at=None)
    return mine.update(attempts=F("attempts") + 1, due_at=clock.now() + wait) == 1


def _deliver_one(event: Event) -> bool:
    one = OutboxEvent.objects.filter(id=event.id)
    try:
        plugins.call("deliver_event", event=event)
        plugins.call(event.kind, event=event)
    except Exception as error:
        logger.exception("event %s (%s) was not delivered", event.id, event.kind)
        one.update(last_error=f"{type(error).__name__}: {error}"[:2000])
        return False
    one.update(delivered_at=clock.now(), last_error="")
    return True


class Deliverer(threading.Thread):
    """送达线程 The thread that delivers, woken by commits and by itself every `pause` seconds."""

    def __init__(self, pause: float = 5.0) -> None:
        super().__init__(name="outbox", daemon=True)
        self.pause = pause
        self.woken = threading.Event()
        self.ended = threading.Event()

    def run(self) -> None:
        """Rounds until `stop`."""
        while not self.ended.is_set():
            self.woken.wait(self.pause)
            self.woken.clear()
            try:
                close_old_connections()
                deliver()
            except Exception:
                logger.exception("a round of deliveries failed")
        connection.close()

    def stop(self) -> None:
        """End after the present round."""
        self.ended.set()
        self.woken.set()


_deliverers: list[Deliverer] = []


def start() -> Deliverer:
    """启动 Start this process's deliverer; once."""
    if not _deliverers:
        _deliverers.append(Deliverer())
        _deliverers[0].start()
    return _deliverers[0]


def wake() -> None:
    """唤醒 Start the next round now, where this process delivers."""
    for one in _deliverers:
        one.woken.set()
