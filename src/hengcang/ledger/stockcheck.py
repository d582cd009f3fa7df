"""库存检查 Stock check: loads what `core.stock` needs, turns its findings into refusals, and finds the counts affected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from hengcang.base import bulk
from hengcang.core.amounts import to_decimal, to_micro
from hengcang.core.counting import Count, count_corrections
from hengcang.core.errors import HengcangError, InsufficientStock, StockUndone
from hengcang.core.stock import Delta, NegativeStock, Shortage, check_stock
from hengcang.ledger.rows import BalanceKey, BalanceRow
from hengcang.ledger.work import Work

LATER_SQL = """
SELECT v.c0, m.day, m.sequence, m.id, m.kind, m.corrects_id, CASE WHEN m.target_id=v.c2 THEN m.quantity ELSE -m.quantity END
FROM {keys} JOIN ledger_stockmove m ON m.item_id=v.c1 AND (m.day, m.sequence) >= (v.c4, v.c5)
  AND (m.target_id=v.c2 OR m.source_id=v.c2) AND COALESCE(m.lot_id,0)=v.c3
"""


def own_deltas(work: Work, sign: int) -> list[Delta]:
    """What the posting's moves (or, with −1, their removal) change, key by key in document order."""
    deltas: list[Delta] = []
    moves = work.new if sign > 0 else work.removed
    for one, move in zip(work.bound, moves, strict=True):
        line = work.request.line_numbers.get(one.wanted.line)
        quantity = to_micro(one.wanted.quantity) if sign > 0 else move.quantity
        if one.source_balance is not None:
            key = work.balances[one.source_balance].id
            deltas.append(Delta(key, move.day, move.sequence, -sign * quantity, line))
        if one.target_balance is not None:
            key = work.balances[one.target_balance].id
            deltas.append(Delta(key, move.day, move.sequence, sign * quantity, line))
    return deltas


def later_deltas(work: Work, own: Iterable[Delta]) -> tuple[list[Delta], list[Count]]:
    """Changes of the same keys at or after the posting's position, and the counts among them; none in the usual case."""
    first: dict[int, tuple[int, int]] = {}
    for delta in own:
        at = (delta.day, delta.sequence)
        first[delta.key] = min(first.get(delta.key, at), at)
    keys = []
    for row in work.balances.values():
        at = first.get(row.id, (0, 0))
        if row.id in first and (row.last_day, row.last_sequence) >= at:
            keys.append((row.id, row.item, row.place, row.lot, *at))
    if not keys:
        return [], []
    source, parameters = bulk.table_of(sorted(keys), ["bigint"] * 6)
    deltas, counts = [], {}
    removed = {move.id for move in work.removed}
    for key, day, sequence, move, kind, corrects, quantity in bulk.fetch(LATER_SQL.format(keys=source), parameters):
        deltas.append(Delta(key, day, sequence, quantity))
        if kind == "count" and corrects is None and move not in removed:
            counts[move] = Count(move, key, day, sequence)
    return deltas, list(counts.values())


def check(work: Work, own: list[Delta]) -> tuple[tuple[Shortage, ...], tuple[Shortage, ...]]:
    """Refused and warned shortages; notes in `work.counts` the counts that take up a late entry."""
    rows = {row.id: row for row in work.balances.values()}
    later, counts = later_deltas(work, own)
    before = {key: row.quantity for key, row in rows.items()}
    for delta in later:
        before[delta.key] -= delta.quantity
    if counts:
        live = live_counts(counts)
        work.counts = count_corrections(live, own)
        by_move = {count.move: count for count in live}
        own = own + [
            Delta(by_move[move].key, by_move[move].day, by_move[move].sequence, -quantity, None) for move, quantity in work.counts.items()
        ]
    policy = {key: policy_of(work, row) for key, row in rows.items()}
    found = check_stock(before, later, own, policy)
    return found.refused, found.warned


def live_counts(counts: list[Count]) -> list[Count]:
    """盘点 The counts that still stand: not undone, not reversed, and no counter-move of a reversal."""
    ids = [count.move for count in counts]
    marks = bulk.placeholders(ids)
    sql = (
        f"SELECT corrects_id FROM ledger_stockmove WHERE entry_kind='reversal' AND corrects_id IN ({marks}) "
        "UNION SELECT m.id FROM ledger_stockmove m JOIN records_linelink k ON k.purpose='reversed' "
        f"AND (k.source_id=m.line_id OR k.target_id=m.line_id) WHERE m.id IN ({marks})"
    )
    undone = {row[0] for row in bulk.fetch(sql, ids + ids)}
    return [count for count in counts if count.move not in undone]


def policy_of(work: Work, row: BalanceRow) -> NegativeStock:
    """负库存 The item's own policy, else the warehouse's, else the book's."""
    item = work.items[row.item].negative_stock
    place = work.places.by_id[row.place].negative_stock
    return NegativeStock(item or place or work.request.rules.negative_stock)


def check_posting(work: Work) -> None:
    """Refuse a posting that takes what is not there. Raises InsufficientStock."""
    refused, warned = check(work, own_deltas(work, 1))
    if refused:
        raise shortage_error(work, refused[0])
    work.warnings.extend(shortage_error(work, one) for one in warned)


def check_removal(work: Work) -> None:
    """Refuse to undo what later issues stand on. Raises StockUndone."""
    refused, warned = check(work, own_deltas(work, -1))
    if refused:
        raise undone_error(work, refused[0])
    work.warnings.extend(undone_error(work, one) for one in warned)


def row_of(work: Work, balance: int) -> BalanceKey:
    """The key of a balance by its id."""
    return next(key for key, row in work.balances.items() if row.id == balance)


def words(work: Work, shortage: Shortage) -> dict[str, Any]:
    """The numbers and names of a shortage."""
    item_id, place, _ = row_of(work, shortage.key)
    item = work.items[item_id]
    return {
        "item": f"{item.code} {item.name}",
        "place": work.places.by_id[place].name,
        "short": to_decimal(shortage.short),
        "unit": item.unit,
        "date": date.fromordinal(shortage.day).isoformat(),
    }


def shortage_error(work: Work, shortage: Shortage) -> HengcangError:
    """缺货 As a refusal, pointing at the line."""
    line = shortage.line or 0
    return InsufficientStock(path=f"goods_lines.{line - 1}.quantity" if line else "", line=line, **words(work, shortage))


def undone_error(work: Work, shortage: Shortage) -> HengcangError:
    """撤销后缺货 As a refusal."""
    return StockUndone(**words(work, shortage))
