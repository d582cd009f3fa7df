"""演示计划 The plan of the demo: documents that name each other by key, and what is done with them, as plain values.

The simulation writes a plan without touching a database; entering it (see `entering`) is a second step. So the whole
history is a function of seed, day and size.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Size:
    """规模 How big the company is. `sales` is documents of selling on an average working day at the end."""

    months: int = 18
    items: int = 300
    suppliers: int = 40
    customers: int = 120
    sales: float = 2.1
    backdated: int = 110
    redone: int = 22


FULL = Size()


@dataclass(frozen=True, slots=True)
class LineOf:
    """行引用 A line of a planned document; becomes its id when entered."""

    document: int
    at: int


@dataclass(frozen=True, slots=True)
class DocumentOf:
    """单据引用 A planned document; becomes its id when entered."""

    document: int


@dataclass(frozen=True, slots=True)
class Master:
    """资料引用 A master by collection and code; becomes its id when entered."""

    collection: str
    code: str


@dataclass(slots=True)
class Planned:
    """计划单据 A document to come: `content` as the API takes it, with references in place of ids."""

    key: int
    type: str
    made: datetime
    by: str
    content: dict[str, Any]
    needs: set[int] = field(default_factory=set)


class Verb(StrEnum):
    """动作 What is done with a document."""

    POST = "post"
    REDO = "redo"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Action:
    """计划动作 At a moment somebody does something with a document."""

    moment: datetime
    key: int
    verb: Verb
    by: str
    reason: str = ""


@dataclass(slots=True)
class Plan:
    """计划 Documents by key and actions; lots to be made beforehand, as (item code, number, made, expires)."""

    documents: dict[int, Planned] = field(default_factory=dict)
    actions: list[Action] = field(default_factory=list)
    lots: list[tuple[str, str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class SoldLine:
    """已售行 A line of a delivery or receipt, as later returns and payments see it (quantity in base units)."""

    at: int
    item: str
    quantity: int
    unit: str
    factor: int
    price: Decimal
    lot: str = ""
    place: str = ""
    returned: int = 0
