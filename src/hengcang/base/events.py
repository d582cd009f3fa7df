"""事件 Events: what the outbox holds and the hooks receive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """事件 What happened: `id` is the same in every repeat."""

    id: int
    kind: str
    object_type: str
    object_id: int
    posting: int | None
    created_at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)
