"""Commands are run again when the database asks for it, and only then."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError

from hengcang.access.viewer import Viewer
from hengcang.documents import commands

NOBODY = Viewer(0, "无")


class Deadlock(Exception):
    """As the driver reports it."""

    sqlstate = "40P01"


def failing(times: int, error: OperationalError) -> tuple[list[int], Any]:
    """A stand-in for one attempt that fails so many times, and the count of its attempts."""
    attempts: list[int] = []

    def once(*arguments: object) -> dict[str, bool]:
        attempts.append(1)
        if len(attempts) <= times:
            raise error
        return {"done": True}

    return attempts, once


def deadlock() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = Deadlock()
    return error


@pytest.mark.parametrize("error", [deadlock(), OperationalError("database is locked")], ids=["deadlock", "busy writer"])
def test_what_may_succeed_next_time_is_tried_again(monkeypatch: pytest.MonkeyPatch, error: OperationalError) -> None:
    attempts, once = failing(3, error)
    monkeypatch.setattr(commands, "once", once)
    assert commands.run(NOBODY, commands.NO_KEY, lambda exclusive: {}) == {"done": True}
    assert len(attempts) == 4


def test_what_will_not_succeed_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts, once = failing(3, OperationalError("disk I/O error"))
    monkeypatch.setattr(commands, "once", once)
    with pytest.raises(OperationalError):
        commands.run(NOBODY, commands.NO_KEY, lambda exclusive: {})
    assert len(attempts) == 1


def test_a_deadlock_that_never_ends_is_reported_after_eight_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts, once = failing(100, deadlock())
    monkeypatch.setattr(commands, "once", once)
    monkeypatch.setattr(commands.time, "sleep", lambda seconds: None)
    with pytest.raises(OperationalError):
        commands.run(NOBODY, commands.NO_KEY, lambda exclusive: {})
    assert len(attempts) == commands.ATTEMPTS == 8
