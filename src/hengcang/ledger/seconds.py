"""辅助数量台账 Second quantities in the books: those of a posting's rows, those that counts take up, what empties a place.

They are decided under the locks of the balances, beside the quantities. A posting without an item of two units pays nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from hengcang.base import bulk
from hengcang.core.amounts import to_decimal, to_micro
from hengcang.core.costing import Move
from hengcang.core.counting import count_corrections
from hengcang.core.second_errors import SecondRemainder
from hengcang.core.seconds import Leg, settle
from hengcang.core.stock import Delta
from hengcang.ledger.work import Work

LIVE_SQL = """
SELECT COALESCE(corrects_id, id), CAST(SUM(second_quantity) AS bigint) FROM ledger_stockmove
WHERE second_quantity IS NOT NULL AND (id {chosen} OR corrects_id {chosen}) GROUP BY COALESCE(corrects_id, id)
"""


def settle_posting(work: Work) -> None:
    """记账 Decide the second quantities of the new moves; warns of a line that takes what was left where it empties a place."""
    wanted = [None if one.wanted.second is None else to_micro(one.wanted.second) for one in work.bound]
    work.seconds = decided(work, work.new, [move.quantity for move in work.new], wanted)
    for one, stated, taken in zip(work.bound, wanted, work.seconds, strict=True):
        if stated != taken and stated is not None:
            at = work.request.line_at(one.wanted.line).named("second_quantity")
            item = f"{one.item.code} {one.item.name}"
            amounts: dict[str, Any] = {"taken": to_decimal(taken or 0), "stated": to_decimal(stated)}
            work.warnings.append(SecondRemainder(**at, item=item, unit=one.item.second, **amounts))


def settle_removal(work: Work) -> None:
    """反审核 Decide the second quantities of the rows that negate the removed moves: one statement, where any has one."""
    live: dict[int, int] = {}
    if any(one.item.second is not None for one in work.bound):
        chosen, ids = bulk.among([move.id for move in work.removed])
        live = dict(bulk.fetch(LIVE_SQL.format(chosen=chosen), [ids, ids]))
    wanted = [-live[move.id] if move.id in live else None for move in work.removed]
    work.seconds = decided(work, work.removed, [-move.quantity for move in work.removed], wanted)


def decided(work: Work, moves: Sequence[Move], quantities: Sequence[int], wanted: Sequence[int | None]) -> list[int | None]:
    """The second quantities of the rows about to be written, which bear these quantities; None of an item without a second unit."""
    kept = [at for at, one in enumerate(work.bound) if one.item.second is not None or wanted[at] is not None]
    found: list[int | None] = list(wanted)
    if not kept:
        return found
    balances = {row.id: row for row in work.balances.values()}
    legs = []
    after = {key: row.quantity for key, row in balances.items()}
    deltas = []
    for at in kept:
        one, move, second = work.bound[at], moves[at], wanted[at] or 0
        source = None if one.source_balance is None else work.balances[one.source_balance].id
        target = None if one.target_balance is None else work.balances[one.target_balance].id
        legs.append(Leg(source, target, second))
        for key, sign in ((source, -1), (target, 1)):
            if key is not None:
                after[key] += sign * quantities[at]
                deltas.append(Delta(key, move.day, move.sequence, sign * second, None))
    work.count_seconds = count_corrections(work.counted, deltas)
    before = defaultdict(int, {key: row.second for key, row in balances.items()})
    for count in work.counted:
        after[count.key] -= work.counts.get(count.move, 0)
        before[count.key] -= work.count_seconds.get(count.move, 0)
    touched = {key for leg in legs for key in (leg.source, leg.target) if key is not None}
    settled = settle(legs, before, {key for key in touched if not after[key]})
    for at, second in zip(kept, settled, strict=True):
        found[at] = second if wanted[at] is not None or second else None
    return found
