"""罗斯文 2010 账套对照 What loading Access 2010's Northwind keeps: the source's tables, and the ids its records got."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from hengcang.access.viewer import Viewer
from hengcang.integration.source import Table


@dataclass(slots=True)
class Book:
    """账套对照 The source's tables, the ids its records got, and what the rules had to decide."""

    viewer: Viewer
    tables: dict[str, Table]
    place: int = 0
    items: dict[str, int] = field(default_factory=dict)
    suppliers: dict[str, int] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    cash: dict[str, int] = field(default_factory=dict)
    documents: dict[tuple[str, str], int] = field(default_factory=dict)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    delivered: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    notes: list[str] = field(default_factory=list)
