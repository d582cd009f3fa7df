"""记账过程 What one posting command holds while it runs: bound moves, rows under lock, the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hengcang.core.costing import Move
from hengcang.core.counting import Count
from hengcang.core.errors import HengcangError
from hengcang.core.posting import Move as Wanted
from hengcang.core.serials import Leg, Spot
from hengcang.ledger.facts import ItemFacts, PlaceFacts, Places
from hengcang.ledger.request import Header, Request
from hengcang.ledger.rows import BalanceKey, BalanceRow, PoolKey, PoolRow, SerialRow
from hengcang.ledger.windows import Start, Window


@dataclass(frozen=True, slots=True)
class Bound:
    """已定移动 A wanted move bound to rows: its places, pools and balances."""

    wanted: Wanted
    item: ItemFacts
    source: PlaceFacts
    target: PlaceFacts
    source_pool: PoolKey | None
    target_pool: PoolKey | None
    source_balance: BalanceKey | None
    target_balance: BalanceKey | None


@dataclass(slots=True)
class Change:
    """余额变化 What the new rows do to one balance; `moved` tells that goods moved there, if only by zero."""

    quantity: int = 0
    reserved: int = 0
    second: int = 0
    moved: bool = False


@dataclass(slots=True)
class Work:
    """记账过程 All that one command holds: rows under lock, the window, and what will be written.

    `groups` are the cost groups of documents that its moves belong to: whole in the window, their pools locked. `counts`
    are the corrections of the counts that take up a late entry, `counted` those counts; `seconds` and `count_seconds` are
    the second quantities of its rows and of those corrections.
    """

    request: Request
    sequence: int = 0
    items: dict[int, ItemFacts] = field(default_factory=dict)
    places: Places = field(default_factory=lambda: Places(()))
    bound: Sequence[Bound] = ()
    pools: dict[int, PoolRow] = field(default_factory=dict)
    pool_ids: dict[PoolKey, int] = field(default_factory=dict)
    balances: dict[BalanceKey, BalanceRow] = field(default_factory=dict)
    new: list[Move] = field(default_factory=list)
    removed: list[Move] = field(default_factory=list)
    spare: list[int] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)
    counted: list[Count] = field(default_factory=list)
    seconds: list[int | None] = field(default_factory=list)
    count_seconds: dict[int, int] = field(default_factory=dict)
    changes: dict[int, Change] = field(default_factory=dict)
    anew: dict[int, Start] = field(default_factory=dict)
    serials: dict[int, SerialRow] = field(default_factory=dict)
    serial_legs: dict[int, Leg] = field(default_factory=dict)
    spots: dict[int, Spot] = field(default_factory=dict)
    charges: dict[int, int] = field(default_factory=dict)
    charged: list[Move] = field(default_factory=list)
    groups: set[int] = field(default_factory=set)
    window: Window = field(default_factory=lambda: Window({}, {}, []))
    warnings: list[HengcangError] = field(default_factory=list)

    def change(self, balance: int) -> Change:
        """What changes on a balance."""
        return self.changes.setdefault(balance, Change())

    @property
    def header(self) -> Header:
        """Who posts what."""
        return self.request.header

    @property
    def day(self) -> int:
        """The posting's date ordinal."""
        return self.header.document_date.toordinal()

    @property
    def place_in_day(self) -> int:
        """The sequence its moves stand at: a count's is the one its freeze drew."""
        return self.header.freeze or self.sequence
