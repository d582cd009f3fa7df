"""辅助数量 Second quantities on the lines of a document: suggested where none was typed, checked, and given to the moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from hengcang.core import seconds
from hengcang.core.posting import Move, Posting
from hengcang.documents.rows import GoodsRow
from hengcang.ledger import queries


class Second(NamedTuple):
    """辅助单位 The second unit of an item: its decimals, and how many base units one is as a rule."""

    decimals: int
    factor: Decimal | None


def fitted(base_quantity: Decimal, typed: Decimal | None, second: Second | None, *, counted: bool) -> tuple[Decimal | None, str]:
    """辅助数量 The second quantity of a line, and what is wrong with the one that was typed.

    One that was left empty is suggested; not of a count, where it says that heads were not counted.
    """
    if second is None:
        return None, "这个商品没有辅助单位，请清空辅助数量" if typed else ""
    if typed is None:
        return (None if counted else seconds.suggested(base_quantity, second.factor, second.decimals)), ""
    return typed, seconds.misfit(base_quantity, typed, second.decimals)


def attach(rows: Sequence[GoodsRow], posting: Posting, freeze: tuple[int, int] | None) -> Posting:
    """带上辅助数量 The posting with the second quantity of each line on its moves; of a count with what it differs by from the books.

    `freeze` is the position (day, sequence) at which a count holds: one statement more, where it counts such an item.
    """
    own = {row.id: row for row in rows if row.second_unit is not None}
    if not own or not posting.moves:
        return posting
    parts: dict[int, list[Decimal]] = {}
    if freeze is None:
        quantities: dict[int, list[Decimal]] = defaultdict(list)
        for move in posting.moves:
            quantities[move.line].append(move.quantity)
        for line, row in own.items():
            if row.second_quantity is not None:
                parts[line] = seconds.spread(row.second_quantity, row.base_quantity, quantities[line], row.second_decimals)
    else:
        keys = [(row.id, row.item, row.source_place, row.lot) for row in own.values()]
        held = queries.second_at(*freeze, keys)
        parts = {move.line: [counted(move, own[move.line], held[move.line])] for move in posting.moves if move.line in own}
    moves = [replace(move, second=parts[move.line].pop(0)) if parts.get(move.line) else move for move in posting.moves]
    return replace(posting, moves=moves)


def counted(move: Move, row: GoodsRow, book: Decimal) -> Decimal:
    """盘点差异 Book less counted; where heads were not counted, what is there has the ratio of the books."""
    if row.second_quantity is not None:
        return book - row.second_quantity
    quantity = move.quantity + row.base_quantity
    if not row.base_quantity or not quantity:
        return Decimal(0) if row.base_quantity else book
    return book - seconds.rounded(book * row.base_quantity / quantity, row.second_decimals)
