"""演示货架 The generator's own book of stock, in base units by item, warehouse and lot: what can still be sold."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

Key = tuple[str, str]
Taken = tuple[str, int]


@dataclass(slots=True)
class Shelves:
    """货架 Quantities by (item, warehouse) as [lot, quantity] in order of arrival; `coming` is what is on order."""

    held: dict[Key, list[list[str | int]]] = field(default_factory=lambda: defaultdict(list))
    totals: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    coming: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def on_hand(self, item: str, place: str) -> int:
        """现存量 What is there."""
        return self.totals[item, place]

    def put(self, item: str, place: str, quantity: int, lot: str = "") -> None:
        """上架 Goods arrive."""
        self.totals[item, place] += quantity
        for one in self.held[item, place]:
            if one[0] == lot:
                one[1] = int(one[1]) + quantity
                return
        self.held[item, place].append([lot, quantity])

    def take(self, item: str, place: str, quantity: int) -> list[Taken]:
        """下架 Take a quantity that is there, the oldest lots first; gives what came of which lot."""
        assert quantity <= self.totals[item, place], (item, place, quantity)
        self.totals[item, place] -= quantity
        taken: list[Taken] = []
        for one in self.held[item, place]:
            part = min(int(one[1]), quantity)
            if part > 0:
                one[1] = int(one[1]) - part
                quantity -= part
                taken.append((str(one[0]), part))
        self.held[item, place] = [one for one in self.held[item, place] if int(one[1]) > 0]
        return taken

    def of_lot(self, item: str, place: str, lot: str) -> int:
        """批次现存量 What is there of one lot."""
        return sum(int(one[1]) for one in self.held[item, place] if one[0] == lot)

    def take_lot(self, item: str, place: str, lot: str, quantity: int) -> None:
        """按批下架 Take of one lot what is there of it."""
        for one in self.held[item, place]:
            if one[0] == lot:
                assert quantity <= int(one[1])
                one[1] = int(one[1]) - quantity
        self.totals[item, place] -= quantity
