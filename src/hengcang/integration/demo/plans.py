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

from hengcang.core.shipping import DeliveryState


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


@dataclass(frozen=True, slots=True)
class Parcel:
    """计划登记 What is written down of the shipment of one document: facts as the API takes them, the state, when it was so, why."""

    document: int
    facts: dict[str, Any]
    state: DeliveryState | None
    happened_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Handing:
    """计划物流 At a moment somebody writes down what became of the goods of documents of one type; `key` is the first of them."""

    moment: datetime
    key: int
    type: str
    by: str
    parcels: tuple[Parcel, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """计划盘点 At a moment somebody counts so many lines of a count plan from one on, the last of them otherwise than booked by `off`."""

    moment: datetime
    key: int
    by: str
    first: int
    lines: int
    off: int = 0


Step = Action | Handing | Tally


@dataclass(slots=True)
class Plan:
    """计划 Documents by key, and what is done and written down; lots to be made beforehand, as (item, number, made, expires)."""

    documents: dict[int, Planned] = field(default_factory=dict)
    actions: list[Action] = field(default_factory=list)
    handings: list[Handing] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    lots: list[tuple[str, str, str, str]] = field(default_factory=list)

    def steps(self) -> list[Step]:
        """步骤 All that is done, in order of time."""
        return sorted([*self.actions, *self.handings, *self.tallies], key=lambda step: (step.moment, step.key))


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
