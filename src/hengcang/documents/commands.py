"""命令 Commands: one transaction each, once per idempotency key, again when the database asks for it.

A command is a function of `exclusive` that does its work and gives a small JSON answer. It is run again when two
commands met in a deadlock or a serialization failure (40P01, 40001), and once more holding the company gate alone
when its replay leaves the pools it locked. Whatever fails, fails whole.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, OperationalError, transaction

from hengcang.access.viewer import Viewer
from hengcang.base import idempotency
from hengcang.base.book import forget_book
from hengcang.documents import gate
from hengcang.ledger import limits
from hengcang.ledger.request import NeedsExclusive

ATTEMPTS = 8
RETRIED = {"40P01", "40001"}
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """幂等键 The key a caller sent and the hash of what he sent with it; none for the command line."""

    key: str = ""
    digest: str = ""


NO_KEY = Key()


def run(viewer: Viewer, key: Key, command: Callable[[bool], Answer]) -> Answer:
    """执行 Run a command to its end: whole, once, whatever else happens at the same time."""
    exclusive = False
    for attempt in range(ATTEMPTS):
        try:
            return once(viewer, key, command, exclusive)
        except NeedsExclusive:
            exclusive = True
        except IntegrityError as error:
            if refusal := limits.refusal_of(error):
                raise refusal from error
            raise
        except OperationalError as error:
            if attempt == ATTEMPTS - 1 or not is_retried(error):
                raise
            time.sleep(0.005 * 2**attempt)
    raise AssertionError("a command that needs the gate got it and needs it again")


def once(viewer: Viewer, key: Key, command: Callable[[bool], Answer], exclusive: bool) -> Answer:
    """One attempt in one transaction. What an attempt that fails changed in the book, the process does not go on remembering."""
    try:
        with transaction.atomic():
            if key.key:
                stored = idempotency.begin(viewer.user_id, key.key, key.digest)
                if stored is not None:
                    return stored
            gate.enter(exclusive=exclusive)
            answer = command(exclusive)
            if key.key:
                idempotency.finish(viewer.user_id, key.key, answer)
            return answer
    except BaseException:
        forget_book()
        raise


def is_retried(error: OperationalError) -> bool:
    """Whether the database says that the same command may succeed when run again.

    SQLite's one writer is waited for at BEGIN, for as long as the busy timeout; it does not queue, so under load one of
    many waits in vain now and then. Nothing has happened yet, and the next wait begins.
    """
    return getattr(error.__cause__, "sqlstate", None) in RETRIED or "database is locked" in str(error)
