"""照旧给权 Rights to what is new, for roles that have those to what stands beside it: for migrations, which hand over their model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def give(permissions: Any, like: Mapping[str, Sequence[str]], actions: Sequence[str] = ()) -> None:
    """给权 Roles that may do something (of `actions`, if any) to a subject may do it to the new ones that `like` names beside it."""
    rows = permissions.objects.filter(subject__in=list(like)).values_list("role", "subject", "action")
    wanted = sorted({(role, subject, action) for role, old, action in rows if not actions or action in actions for subject in like[old]})
    made = [permissions(role_id=role, subject=subject, action=action) for role, subject, action in wanted]
    permissions.objects.bulk_create(made, ignore_conflicts=True)
