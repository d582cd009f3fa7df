"""演示货架 The generator's own book of stock, in base units by item, warehouse and lot: what can still be sold."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

Key = tuple[str, str]
Taken = tuple[str, int]


@dataclass(slots=True)
class Shelves:
    """货架 Quantities by (item, warehouse) and lot, the oldest lot first; `coming` is what is on order by item."""

    held: dict[Key, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    coming: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def on_hand(self, item: str, place: str) -> int:
        """现存量 What is there."""
        return sum(self.held[item, place].values())

    def of_lot(self, item: str, place: str, lot: str) -> int:
        """批次现存量 What is there of one lot."""
        return self.held[item, place].get(lot, 0)

    def put(self, item: str, place: str, quantity: int, lot: str = "") -> None:
        """上架 Goods arrive."""
        lots = self.held[item, place]
        lots[lot] = lots.get(lot, 0) + quantity

    def take(self, item: str, place: str, quantity: int) -> list[Taken]:
        """下架 Take a quantity that is there, the oldest lots first; gives what came of which lot."""
        assert quantity <= self.on_hand(item, place), (item, place, quantity)
        taken: list[Taken] = []
        for lot, held in list(self.held[item, place].items()):
            part = min(held, quantity)
            if part > 0:
                self.take_lot(item, place, lot, part)
                quantity -= part
                taken.append((lot, part))
        return taken

    def take_lot(self, item: str, place: str, lot: str, quantity: int) -> None:
        """按批下架 Take of one lot what is there of it."""
        lots = self.held[item, place]
        assert quantity <= lots[lot], (item, place, lot, quantity)
        lots[lot] -= quantity
        if not lots[lot]:
            del lots[lot]
