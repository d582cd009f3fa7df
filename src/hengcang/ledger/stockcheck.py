"""库存检查 Stock check: loads what `core.stock` needs, turns its findings into refusals, and finds the counts affected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from hengcang.base import bulk
from hengcang.base.book import book
from hengcang.core.amounts import to_decimal, to_micro, to_text
from hengcang.core.counting import Count, count_corrections
from hengcang.core.errors import HengcangError, InsufficientStock, StockUndone
from hengcang.core.shelf_errors import InsufficientOnShelf
from hengcang.core.stock import Delta, NegativeStock, Shortage, check_stock
from hengcang.ledger import serials
from hengcang.ledger.rows import BalanceKey, BalanceRow
from hengcang.ledger.work import Work
from hengcang.meta.english import said

Key = tuple[int, int, int, int, int, int]

LEGS = """
FROM {keys} JOIN ledger_stockmove m ON m.item_id=v.c1 AND (m.day, m.sequence) >= (v.c4, v.c5)
  AND (m.target_id=v.c2 OR m.source_id=v.c2) AND COALESCE(m.lot_id,0)=v.c3
"""
CHANGE = "CASE WHEN m.target_id=v.c2 THEN m.quantity ELSE -m.quantity END"
LATER_SQL = f"SELECT v.c0, m.day, m.sequence, {CHANGE} {LEGS}"
COUNT_SQL = f"SELECT m.id, v.c0, m.day, m.sequence {LEGS} WHERE m.kind='count' AND m.corrects_id IS NULL"
LOWEST_SQL = f"""
WITH p AS (
  SELECT v.c0 AS k, m.day AS day, m.sequence AS sequence, SUM({CHANGE}) AS q,
    MAX(CASE WHEN m.day=v.c4 AND m.sequence=v.c5 THEN 1 ELSE 0 END) AS own
  {LEGS} GROUP BY v.c0, m.day, m.sequence
),
r AS (
  SELECT k, day, sequence, own, SUM(q) OVER (PARTITION BY k ORDER BY day, sequence) AS running, SUM(q) OVER (PARTITION BY k) AS total
  FROM p
),
n AS (SELECT r.*, ROW_NUMBER() OVER (PARTITION BY k, own ORDER BY running, day, sequence) AS place FROM r)
SELECT k, day, sequence, own, CAST(running AS bigint), CAST(total AS bigint) FROM n WHERE place=1 ORDER BY k, own DESC
"""


def own_deltas(work: Work, sign: int) -> list[Delta]:
    """What the posting's moves (or, with −1, their removal) change, key by key in document order."""
    deltas: list[Delta] = []
    moves = work.new if sign > 0 else work.removed
    for one, move in zip(work.bound, moves, strict=True):
        line = one.wanted.line if one.wanted.line in work.request.lines else None
        quantity = to_micro(one.wanted.quantity) if sign > 0 else move.quantity
        if one.source_balance is not None:
            key = work.balances[one.source_balance].id
            deltas.append(Delta(key, move.day, move.sequence, -sign * quantity, line))
        if one.target_balance is not None:
            key = work.balances[one.target_balance].id
            deltas.append(Delta(key, move.day, move.sequence, sign * quantity, line))
    return deltas


def keys_behind(work: Work, own: Iterable[Delta]) -> list[Key]:
    """Keys that moved at or after the posting's position, with that position; none in the usual case."""
    first: dict[int, tuple[int, int]] = {}
    for delta in own:
        at = (delta.day, delta.sequence)
        first[delta.key] = min(first.get(delta.key, at), at)
    return sorted(
        (row.id, row.item, row.place, row.lot, *first[row.id])
        for row in work.balances.values()
        if row.id in first and (row.last_day, row.last_sequence) >= first[row.id]
    )


def counts_behind(work: Work, keys: Sequence[Key]) -> list[Count]:
    """盘点 The counts after the posting's position that still stand."""
    if not keys:
        return []
    source, parameters = bulk.table_of(keys, ["bigint"] * 6)
    removed = {move.id for move in work.removed}
    found = [Count._make(row) for row in bulk.fetch(COUNT_SQL.format(keys=source), parameters) if row[0] not in removed]
    return live_counts(found) if found else []


def lowest_points(keys: Sequence[Key], before: dict[int, int]) -> list[Delta]:
    """What happened at the posting's own position, and the lowest point that each key runs through after it.

    One posting stands at one position, so these are all that can refuse it. Takes what came later out of `before`.
    """
    if not keys:
        return []
    source, parameters = bulk.table_of(keys, ["bigint"] * 6)
    deltas: list[Delta] = []
    at_own: dict[int, int] = {}
    for key, day, sequence, own, running, total in bulk.fetch(LOWEST_SQL.format(keys=source), parameters):
        if own or key not in at_own:
            before[key] -= total
        if own:
            at_own[key] = running
            deltas.append(Delta(key, day, sequence, running))
        else:
            deltas.append(Delta(key, day, sequence, running - at_own.setdefault(key, 0)))
    return deltas


def all_points(keys: Sequence[Key], before: dict[int, int]) -> list[Delta]:
    """Every later change of the keys, where a count takes up what the posting changes."""
    source, parameters = bulk.table_of(keys, ["bigint"] * 6)
    deltas = [Delta(*row) for row in bulk.fetch(LATER_SQL.format(keys=source), parameters)]
    for delta in deltas:
        before[delta.key] -= delta.quantity
    return deltas


def check(work: Work, own: list[Delta]) -> tuple[tuple[Shortage, ...], tuple[Shortage, ...]]:
    """Refused and warned shortages; notes in `work.counts` the counts that take up a late entry."""
    rows = {row.id: row for row in work.balances.values()}
    before = {key: row.quantity for key, row in rows.items()}
    keys = keys_behind(work, own)
    counts = counts_behind(work, keys)
    for count in counts:
        item = next(row.item for row in rows.values() if row.id == count.key)
        if work.items[item].tracking == "serial":
            serials.refuse_counted(work, count.move, item)
    if counts:
        later = all_points(keys, before)
        work.counts = count_corrections(counts, own)
        work.counted = counts
        by_move = {count.move: count for count in counts}
        own = own + [
            Delta(by_move[move].key, by_move[move].day, by_move[move].sequence, -quantity, None) for move, quantity in work.counts.items()
        ]
    else:
        leaving = {delta.key for delta in own if delta.quantity < 0}
        later = lowest_points([key for key in keys if key[0] in leaving], before)
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
        "place_id": place,
        "short": to_decimal(shortage.short),
        "unit": item.unit,
        "date": date.fromordinal(shortage.day).isoformat(),
    }


def shortage_error(work: Work, shortage: Shortage) -> HengcangError:
    """缺货 As a refusal, pointing at the line, and at the other shelves of the warehouse that hold some."""
    named = {**work.request.line_at(shortage.line or 0).named("quantity"), **words(work, shortage)}
    found = other_shelves(work, shortage) if book().bins else []
    if not found:
        return InsufficientStock(**named)
    told = said("、", ", ").join(said(f"{name} 有 {to_text(one)}", f"{name} holds {to_text(one)}") for name, one in found)
    return InsufficientOnShelf(**named, elsewhere=told)


OTHER_SHELVES_SQL = """
SELECT p.name, CAST(SUM(b.quantity) AS bigint) FROM ledger_stockbalance b JOIN places_place p ON p.id=b.place_id
WHERE b.item_id=%s AND COALESCE(b.lot_id,0)=%s AND b.place_id<>%s AND b.quantity>0
  AND (p.id=%s OR (p.kind='bin' AND p.warehouse_id=%s)) GROUP BY p.code, p.name ORDER BY p.code LIMIT 3
"""


def other_shelves(work: Work, shortage: Shortage) -> list[tuple[str, int]]:
    """别的库位 (name, quantity in micro) of what the first three other shelves of the warehouse hold of the item and lot."""
    item, place, lot = row_of(work, shortage.key)
    if not work.places.by_id[place].shelves:
        return []
    pool = work.places.by_id[place].pool
    return bulk.fetch(OTHER_SHELVES_SQL, [item, lot, place, pool, pool])


def undone_error(work: Work, shortage: Shortage) -> HengcangError:
    """撤销后缺货 As a refusal."""
    return StockUndone(**words(work, shortage))
