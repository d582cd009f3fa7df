"""封印插件 The plug-in that seals the audit log after each round of deliveries."""

from __future__ import annotations

from collections.abc import Sequence

from hengcang.base import audit
from hengcang.base.events import Event
from hengcang.base.plugins import hookimpl


@hookimpl
def events_delivered(events: Sequence[Event]) -> None:
    """一批送达完毕 Chain the audit rows that have been committed since."""
    audit.seal()
