"""预警规则服务 Who is told of which alerts, from which threshold on, and what is new to him."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from hengcang.access.models import AlertSeen
from hengcang.access.viewer import Viewer
from hengcang.base import bulk, clock

MOST_DAYS = 3_650
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
RULES = """
SELECT kind, days, active, CASE WHEN user_id IS NULL AND role_id IS NULL THEN 1 WHEN user_id=%s THEN 1
  WHEN role_id IN (SELECT r.role_id FROM access_user_roles r WHERE r.user_id=%s) THEN 1 ELSE 0 END FROM access_alertrule
"""


def told(viewer: Viewer, defaults: Mapping[str, int]) -> dict[str, int]:
    """我的预警 The kinds that a viewer is told of, each with its threshold in days: one statement.

    A kind without a rule is told to everybody, with the threshold it was declared with. Where rules stand, those that are
    active and name him count; of several the widest threshold, and none beyond `MOST_DAYS`.
    """
    ruled: set[str] = set()
    mine: dict[str, int] = {}
    for kind, days, active, named in bulk.fetch(RULES, [viewer.user_id, viewer.user_id]):
        ruled.add(kind)
        if active and named and kind in defaults:
            mine[kind] = max(mine.get(kind, 0), defaults[kind] if days is None else min(max(days, 0), MOST_DAYS))
    return {**{kind: days for kind, days in defaults.items() if kind not in ruled}, **mine}


def last_seen(viewer: Viewer) -> datetime:
    """上次查看 When a viewer last looked at his alerts; long ago for who never did."""
    found = AlertSeen.objects.filter(pk=viewer.user_id).values_list("at", flat=True).first()
    return found or NEVER


def look(viewer: Viewer) -> None:
    """已读 All of a viewer's alerts are known to him now."""
    AlertSeen.objects.update_or_create(pk=viewer.user_id, defaults={"at": clock.now()})
