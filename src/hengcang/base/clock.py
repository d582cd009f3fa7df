"""时钟 The clock: the one place that asks for the time, so that demo data and tests can stand at another day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_fixed: ContextVar[datetime | None] = ContextVar("fixed_time", default=None)


def now() -> datetime:
    """The present instant, with zone."""
    return _fixed.get() or timezone.now()


def today() -> date:
    """The present day in the book's time zone."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The day of an instant in the book's time zone."""
    return timezone.localtime(moment).date()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Everything inside happens at `moment`."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
