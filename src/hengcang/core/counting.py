"""盘点 Stock counts: the difference between book and counted, and what a late entry does to it.

A count's freeze draws the sequence at which the counted quantity is fixed. Its move goes from the place to outside
with a signed quantity: above zero is a loss (盘亏), below zero a gain (盘盈). An entry later placed before that
position would change the quantity on hand at the freeze; the count was right all the same, so its move takes up the
change and what was counted stays true. Only the first count after the entry does: the ones behind it never see it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from hengcang.core.stock import Delta


class Count(NamedTuple):
    """盘点移动 Count: the move of one counted key (item, place, lot), at the position of its freeze."""

    move: int
    key: int
    day: int
    sequence: int


def count_difference(book: int, counted: int) -> int:
    """盘点差异 Quantity of a count's move: book − counted, a loss above zero and a gain below."""
    return book - counted


def count_corrections(counts: Iterable[Count], deltas: Iterable[Delta]) -> dict[int, int]:
    """盘点更正 Corrections of counts by entries placed before them: by move, added to the *move's* quantity.

    `deltas` are changes of stock (in above zero). Five more received before a count make its loss five larger: the
    move's quantity grows by 5, its effect on stock is −5. Counts whose correction is zero are left out.
    """
    by_key: dict[int, list[tuple[tuple[int, int], int]]] = defaultdict(list)
    for count in counts:
        by_key[count.key].append(((count.day, count.sequence), count.move))
    for positions in by_key.values():
        positions.sort()
    corrections: dict[int, int] = defaultdict(int)
    for delta in deltas:
        positions = by_key.get(delta.key, [])
        first = bisect_right(positions, (delta.day, delta.sequence), key=lambda pair: pair[0])
        if first < len(positions):
            corrections[positions[first][1]] += delta.quantity
    return {move: quantity for move, quantity in corrections.items() if quantity}
