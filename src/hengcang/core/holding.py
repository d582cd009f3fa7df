"""占用 Holding back: what an order line lets go of, takes again, and hands over to a line of another order.

A line is to hold back `wanted` of what was ordered, counted with what is delivered already: while its order is live it
holds `wanted − done`, never below zero. So deliveries take of what is held first, and undoing one gives it back,
whatever happened in between; a line that lets go of everything holds nothing again by itself. All in base units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from hengcang.core.holding_errors import HandedElsewhere, HeldLess, HeldMore

ZERO = Decimal(0)
PLACES = (("item", "商品"), ("place", "仓库"), ("lot", "批次"))


@dataclass(frozen=True, slots=True)
class Holding:
    """占用行 A line of a live order: what was ordered, delivered, and is held back; `lot` 0 is any lot."""

    line: int
    document: int
    number: str
    line_number: int
    item: int
    item_name: str
    unit: str
    place: int
    lot: int
    ordered: Decimal
    done: Decimal
    held: Decimal
    wanted: Decimal

    @property
    def open(self) -> Decimal:
        """未交数量 What is not delivered yet."""
        return max(self.ordered - self.done, ZERO)

    @property
    def room(self) -> Decimal:
        """可再占用 What is open and not held back."""
        return max(self.open - self.held, ZERO)

    def words(self, quantity: Decimal) -> dict[str, object]:
        """What a refusal says of it."""
        named = {"number": self.number, "line": self.line_number, "item": self.item_name, "unit": self.unit}
        return {**named, "held": self.held, "open": self.open, "room": self.room, "quantity": quantity}


@dataclass(frozen=True, slots=True)
class Part:
    """所选行 A chosen line and how much of it (None: all that can be), and to which line it goes where it is handed over."""

    line: int
    quantity: Decimal | None = None
    taker: int | None = None
    path: str = ""


def let_go(one: Holding, quantity: Decimal | None, verb: str = "释放", path: str = "") -> Holding:
    """释放 The line with less held back. Raises HeldLess."""
    less = one.held if quantity is None else quantity
    if not ZERO < less <= one.held:
        raise HeldLess(path=path, verb=verb, **one.words(less))
    left = one.held - less
    return replace(one, held=left, wanted=one.done + left if left else ZERO)


def take_more(one: Holding, quantity: Decimal | None, path: str = "") -> Holding:
    """占用 The line with more held back. Raises HeldMore."""
    more = one.room if quantity is None else quantity
    if not ZERO < more <= one.room:
        raise HeldMore(path=path, **one.words(more))
    return replace(one, held=one.held + more, wanted=one.done + one.held + more)


def hand_over(giver: Holding, taker: Holding, part: Part) -> tuple[Holding, Holding]:
    """转让 Both lines after it: of the same goods in the same place, of two orders. Raises HandedElsewhere, HeldLess, HeldMore."""
    words = {"number": giver.number, "line": giver.line_number, "other": taker.number, "other_line": taker.line_number}
    for name, what in PLACES:
        if getattr(giver, name) != getattr(taker, name):
            raise HandedElsewhere(path=f"{part.path}.taker", what=what, **words)
    if giver.line == taker.line:
        raise HandedElsewhere(path=f"{part.path}.taker", what="订单行须", **words)
    quantity = min(giver.held, taker.room) if part.quantity is None else part.quantity
    return let_go(giver, quantity, "转让", f"{part.path}.quantity"), take_more(taker, quantity, f"{part.path}.quantity")


def changed(lines: Mapping[int, Holding], name: str, parts: Sequence[Part]) -> tuple[dict[int, Holding], list[Decimal]]:
    """逐行占用 The lines after `hold`, `release` or `reassign` of the chosen ones, one after the other, and how much each part came to.

    Raises what these raise.
    """
    after, amounts = dict(lines), []
    for part in parts:
        one = after[part.line]
        if part.taker is not None:
            after[part.line], after[part.taker] = hand_over(one, after[part.taker], part)
        elif name == "hold":
            after[part.line] = take_more(one, part.quantity, f"{part.path}.quantity")
        else:
            after[part.line] = let_go(one, part.quantity, path=f"{part.path}.quantity")
        amounts.append(abs(after[part.line].held - one.held))
    return after, amounts
