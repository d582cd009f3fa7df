"""追加 Appending: the rows of a posting, and the derived tables that follow from exactly those rows.

New moves are known here, so what follows from them is summed here and sent with them. A correcting row is made inside
the database from the row it corrects, so what follows from corrections is summed there. Pools get the totals of the core.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.core.amounts import to_micro
from hengcang.core.costing import Layer, Move, Valuation
from hengcang.core.posting import ZERO, AtCost, PlaceKind, account_of
from hengcang.core.posting import Move as Wanted
from hengcang.ledger.facts import load_items, load_places
from hengcang.ledger.request import Header
from hengcang.ledger.work import Bound, Work

MOVE_COLUMNS = (
    "id", "posting_id", "line_id", "kind", "entry_kind", "item_id", "lot_id", "source_id", "target_id",
    "source_pool_id", "target_pool_id", "source_account", "target_account", "quantity", "value", "document_date",
    "month", "day", "sequence", "rule", "given", "fallback", "named_id", "part", "whole", "cost_group", "settled", "reference",
    "second_quantity",
)  # fmt: skip
CORRECTION_SQL = """
INSERT INTO ledger_stockmove (id, posting_id, line_id, kind, entry_kind, item_id, lot_id, source_id, target_id,
  source_pool_id, target_pool_id, source_account, target_account, quantity, value, document_date, month, day, sequence,
  rule, given, fallback, named_id, part, whole, cost_group, settled, corrects_id, second_quantity)
SELECT v.c0, %s, m.line_id, m.kind, v.c2, m.item_id, m.lot_id, m.source_id, m.target_id,
  m.source_pool_id, m.target_pool_id, m.source_account, m.target_account, v.c3, v.c4,
  CASE WHEN m.day >= %s THEN m.document_date ELSE {first_open} END, CASE WHEN m.day >= %s THEN m.month ELSE %s END,
  m.day, m.sequence, m.rule, v.c5, NULL, m.named_id, 0, 0, m.cost_group, m.settled, m.id, v.c6
FROM {rows} JOIN ledger_stockmove m ON m.id=v.c1
"""
VARIANCE_SQL = """
INSERT INTO ledger_stockmove (id, posting_id, line_id, kind, entry_kind, item_id, lot_id, source_id, target_id,
  source_pool_id, source_account, target_account, quantity, value, document_date, month, day, sequence,
  rule, given, part, whole, corrects_id)
SELECT v.c0, %s, m.line_id, 'cost_variance', 'variance', m.item_id, m.lot_id, m.target_id, %s,
  m.target_pool_id, m.target_account, %s, 0, v.c2,
  CASE WHEN m.day >= %s THEN m.document_date ELSE {first_open} END, CASE WHEN m.day >= %s THEN m.month ELSE %s END,
  m.day, m.sequence, m.rule, 0, 0, 0, m.id
FROM {rows} JOIN ledger_stockmove m ON m.id=v.c1
"""
BALANCE_SQL = """
UPDATE ledger_stockbalance SET quantity=ledger_stockbalance.quantity+d.q,
  second_quantity=ledger_stockbalance.second_quantity+d.s,
  last_day=CASE WHEN (last_day, last_sequence) < (%s, %s) THEN %s ELSE last_day END,
  last_sequence=CASE WHEN (last_day, last_sequence) < (%s, %s) THEN %s ELSE last_sequence END
FROM (
  SELECT item_id, place_id, lot_id, CAST(SUM(q) AS bigint) AS q, CAST(SUM(s) AS bigint) AS s FROM (
    SELECT item_id, target_id AS place_id, COALESCE(lot_id,0) AS lot_id, quantity AS q, COALESCE(second_quantity,0) AS s
    FROM ledger_stockmove WHERE posting_id=%s AND corrects_id IS NOT NULL
    UNION ALL
    SELECT item_id, source_id, COALESCE(lot_id,0), -quantity, -COALESCE(second_quantity,0)
    FROM ledger_stockmove WHERE posting_id=%s AND corrects_id IS NOT NULL
  ) legs GROUP BY item_id, place_id, lot_id
) d
WHERE ledger_stockbalance.item_id=d.item_id AND ledger_stockbalance.place_id=d.place_id
  AND COALESCE(ledger_stockbalance.lot_id,0)=d.lot_id
"""
CHANGE_SQL = """
UPDATE ledger_stockbalance SET quantity=quantity+v.c1, reserved=reserved+v.c2, second_quantity=second_quantity+v.c5,
  last_day=CASE WHEN (last_day, last_sequence) < (v.c3, v.c4) THEN v.c3 ELSE last_day END,
  last_sequence=CASE WHEN (last_day, last_sequence) < (v.c3, v.c4) THEN v.c4 ELSE last_sequence END
FROM {rows} WHERE id=v.c0
"""
STOCK_MONTH_SQL = """
INSERT INTO ledger_stockmonth (balance_id, month, kind, quantity_in, quantity_out, second_in, second_out)
SELECT b.id, d.month, d.kind, CAST(SUM(d.q_in) AS bigint), CAST(SUM(d.q_out) AS bigint),
  CAST(SUM(d.s_in) AS bigint), CAST(SUM(d.s_out) AS bigint)
FROM (
  SELECT item_id, target_id AS place_id, lot_id, month, kind, quantity AS q_in, 0 AS q_out, COALESCE(second_quantity,0) AS s_in, 0 AS s_out
  FROM ledger_stockmove WHERE posting_id=%s AND corrects_id IS NOT NULL AND (quantity<>0 OR second_quantity<>0)
  UNION ALL
  SELECT item_id, source_id, lot_id, month, kind, 0, quantity, 0, COALESCE(second_quantity,0)
  FROM ledger_stockmove WHERE posting_id=%s AND corrects_id IS NOT NULL AND (quantity<>0 OR second_quantity<>0)
) d JOIN ledger_stockbalance b ON b.item_id=d.item_id AND b.place_id=d.place_id AND COALESCE(b.lot_id,0)=COALESCE(d.lot_id,0)
GROUP BY b.id, d.month, d.kind ORDER BY b.id, d.month, d.kind
ON CONFLICT (balance_id, month, kind) DO UPDATE SET
  quantity_in=ledger_stockmonth.quantity_in+excluded.quantity_in, quantity_out=ledger_stockmonth.quantity_out+excluded.quantity_out,
  second_in=ledger_stockmonth.second_in+excluded.second_in, second_out=ledger_stockmonth.second_out+excluded.second_out
"""
POOL_MONTH_SQL = """
INSERT INTO ledger_poolmonth (pool_id, month, kind, quantity_in, quantity_out, value_in, value_out, second_in, second_out)
SELECT pool, month, kind, CAST(SUM(q_in) AS bigint), CAST(SUM(q_out) AS bigint), CAST(SUM(v_in) AS bigint), CAST(SUM(v_out) AS bigint),
  CAST(SUM(s_in) AS bigint), CAST(SUM(s_out) AS bigint)
FROM (
  SELECT target_pool_id AS pool, month, kind, quantity AS q_in, 0 AS q_out, value AS v_in, 0 AS v_out,
    COALESCE(second_quantity,0) AS s_in, 0 AS s_out FROM ledger_stockmove
  WHERE posting_id=%s AND corrects_id IS NOT NULL AND target_pool_id IS NOT NULL
  AND (source_pool_id IS NULL OR source_pool_id<>target_pool_id)
  UNION ALL
  SELECT source_pool_id, month, kind, 0, quantity, 0, value, 0, COALESCE(second_quantity,0) FROM ledger_stockmove
  WHERE posting_id=%s AND corrects_id IS NOT NULL AND source_pool_id IS NOT NULL
  AND (target_pool_id IS NULL OR source_pool_id<>target_pool_id)
) d GROUP BY pool, month, kind ORDER BY pool, month, kind
ON CONFLICT (pool_id, month, kind) DO UPDATE SET
  quantity_in=ledger_poolmonth.quantity_in+excluded.quantity_in, quantity_out=ledger_poolmonth.quantity_out+excluded.quantity_out,
  value_in=ledger_poolmonth.value_in+excluded.value_in, value_out=ledger_poolmonth.value_out+excluded.value_out,
  second_in=ledger_poolmonth.second_in+excluded.second_in, second_out=ledger_poolmonth.second_out+excluded.second_out
"""
OWN_MOVES_SQL = """
SELECT m.id, m.line_id, m.item_id, m.lot_id, m.source_id, m.target_id, m.kind, m.source_pool_id, m.target_pool_id, m.cost_group
FROM ledger_stockmove m JOIN ledger_posting p ON p.id=m.posting_id
WHERE p.document_id=%s AND p.revision=%s AND p.kind='post' AND m.corrects_id IS NULL ORDER BY m.id
"""
CHARGED_SQL = """
SELECT m.corrects_id, CAST(SUM(m.given) AS bigint) FROM ledger_stockmove m JOIN ledger_posting p ON p.id=m.posting_id
WHERE p.document_id=%s AND p.revision=%s AND p.kind='post' AND m.entry_kind='charge' GROUP BY m.corrects_id HAVING SUM(m.given)<>0
"""
LAYER_KEY = "l.pool_id=v.c0 AND l.move_id=v.c1 AND l.position=v.c2"


class Ids(NamedTuple):
    """编号 Fresh ids of what a posting appends."""

    moves: list[int]
    entries: list[int]


def draw_ids(work: Work, moves: int, entries: int) -> Ids:
    """Draw the sequence of the posting and ids for its new rows: one statement."""
    wanted = [("ledger_posting", 1), ("ledger_stockmove", moves), ("ledger_moneyentry", entries)]
    (work.sequence,), *own = bulk.draw_many(wanted)
    return Ids(*own)


def append_posting(header: Header, sequence: int) -> None:
    """The head of an append; its id is the sequence."""
    columns = ("id", "document_id", "revision", "kind", "posted_at", "posted_by")
    at = bulk.instant(header.posted_at)
    bulk.insert_rows("ledger_posting", columns, [(sequence, header.document, header.revision, header.kind, at, header.posted_by)])


def bind_removed(work: Work) -> dict[int, tuple[int | None, int | None]]:
    """Bind the moves of the posted revision to their items, places and balances; gives their pools (source, target) by id.

    Quantities are left out: they are read under the locks.
    """
    rows = bulk.fetch(OWN_MOVES_SQL, [work.header.document, work.header.revision])
    wanted = [Wanted(line, item, ZERO, source, target, AtCost(), kind, lot) for _, line, item, lot, source, target, kind, *_ in rows]
    work.items = load_items({move.item for move in wanted})
    work.places = load_places(wanted, [reserve.place for reserve in work.request.posting.reserves])
    bound = []
    for move in wanted:
        source, target = work.places.find(move.source), work.places.find(move.target)
        keys = [(move.item, place.id, move.lot or 0) if place.holds_stock else None for place in (source, target)]
        bound.append(Bound(move, work.items[move.item], source, target, None, None, keys[0], keys[1]))
    work.bound = bound
    work.groups = {row[9] for row in rows if row[9] is not None and row[9] < 0}
    return {row[0]: row[7:9] for row in rows}


def charges_to_undo(header: Header) -> dict[int, int]:
    """What the posted revision charged, taken back, by move."""
    return {move: -given for move, given in bulk.fetch(CHARGED_SQL, [header.document, header.revision])}


def append_stock(work: Work, valuation: Valuation) -> bool:
    """Append the new moves, the corrections they cause, and everything derived; tells whether a settlement may differ now."""
    settled = any(one.wanted.settled is not None for one in work.bound)
    rows = [(*move_row(work, one, move, valuation), second) for one, move, second in zip(work.bound, work.new, work.seconds, strict=True)]
    bulk.insert_rows("ledger_stockmove", MOVE_COLUMNS, rows)
    add_flows(work, valuation)
    corrected = append_corrections(work, valuation)
    write_pools(work, valuation)
    return settled or corrected


def append_removal(work: Work, valuation: Valuation) -> bool:
    """Append the negation of the removed moves and what follows from their absence; tells whether a settlement may differ now."""
    reversals = [
        Correction(move.id, "reversal", -move.quantity, -(move.net or 0), second=second)
        for move, second in zip(work.removed, work.seconds, strict=True)
    ]
    undone = [(move.id, -move.variance) for move in work.removed if move.variance]
    corrected = append_corrections(work, valuation, reversals, undone)
    write_pools(work, valuation)
    return corrected


def move_row(work: Work, one: Bound, move: Move, valuation: Valuation) -> tuple[Any, ...]:
    """A new move as a row, but for its second quantity."""
    wanted, header = one.wanted, work.header
    settled = None if wanted.settled is None else to_micro(wanted.settled)
    accounts = (account_of(one.source.kind, one.item.account_class), account_of(one.target.kind, one.item.account_class))
    when = header.document_date
    return (
        move.id, work.sequence, wanted.line, wanted.kind, "move", wanted.item, wanted.lot, one.source.id, one.target.id,
        move.source_pool, move.target_pool, str(accounts[0]), str(accounts[1]), move.quantity, valuation.values[move.id],
        when.isoformat(), when.year * 100 + when.month, move.day, move.sequence, move.rule, move.given, move.fallback,
        move.named, move.part, move.whole, move.group, settled, move.reference,
    )  # fmt: skip


class Correction(NamedTuple):
    """更正 What a row adds to an earlier move."""

    move: int
    entry_kind: str
    quantity: int
    value: int
    given: int = 0
    second: int | None = None


def append_corrections(
    work: Work, valuation: Valuation, reversals: Sequence[Correction] = (), undone: Sequence[tuple[int, int]] = ()
) -> bool:
    """Append the reversals, and a row for every other earlier move whose quantity, value or variance is another now.

    Balances and flows follow from those rows. Tells whether a move was corrected that stands.
    """
    removed = {move.id for move in work.removed}
    values, counts, charges = valuation.values, work.counts, work.charges
    changes: list[Correction] = []
    for move in work.window.moves:
        own = move.id
        change = values[own] - (move.net or 0) if own not in removed else 0
        quantity, given, second = counts.get(own, 0), charges.get(own, 0), work.count_seconds.get(own)
        if quantity or change or given or second:
            kind = "count" if quantity or second else "charge" if given else "revaluation"
            changes.append(Correction(own, kind, quantity, change, given, second))
    recorded = {move.id: move.variance for move in work.window.moves if move.variance}
    variances = [(move, amount - recorded.get(move, 0)) for move, amount in valuation.variances.items() if move not in removed]
    varied = [change for change in (*variances, *undone) if change[1]]
    insert_corrections(work, [*reversals, *changes])
    insert_variances(work, varied)
    if reversals or changes or varied:
        follow_corrections(work, quantities=bool(reversals or counts or work.count_seconds))
    return bool(changes)


def insert_corrections(work: Work, changes: Sequence[Correction]) -> None:
    """Rows that correct moves, each at its move's date or the first open day."""
    if not changes:
        return
    ids = work.spare if len(work.spare) == len(changes) else bulk.draw_ids("ledger_stockmove", len(changes))
    rows = [(own, *change) for own, change in zip(ids, changes, strict=True)]
    source, parameters = bulk.table_of(rows, ["bigint", "bigint", "text", *["bigint"] * 4])
    sql = CORRECTION_SQL.format(rows=source, first_open=bulk.date_mark())
    bulk.execute(sql, [work.sequence, *open_limits(work), *parameters])


def insert_variances(work: Work, changes: Sequence[tuple[int, int]]) -> None:
    """Rows that take a cost variance (or its change) out of the pool where goods covered their own shortage."""
    if not changes:
        return
    place = work.places.virtual[PlaceKind.VARIANCE]
    account = str(account_of(PlaceKind.VARIANCE, ""))
    ids = bulk.draw_ids("ledger_stockmove", len(changes))
    source, parameters = bulk.table_of([(own, *change) for own, change in zip(ids, changes, strict=True)], ["bigint"] * 3)
    sql = VARIANCE_SQL.format(rows=source, first_open=bulk.date_mark())
    bulk.execute(sql, [work.sequence, place.id, account, *open_limits(work), *parameters])


def open_limits(work: Work) -> list[Any]:
    """First open day as the correction statements take it: ordinal, date, ordinal, month."""
    limit = work.request.rules.first_open
    if limit is None:
        return [0, "0001-01-01", 0, 0]
    return [limit.toordinal(), limit.isoformat(), limit.toordinal(), limit.year * 100 + limit.month]


def follow_corrections(work: Work, *, quantities: bool) -> None:
    """Balances and monthly flows after the correcting rows of this posting; quantities only where rows bear any."""
    sequence = work.sequence
    if quantities:
        at = [work.day, work.place_in_day]
        bulk.execute(BALANCE_SQL, [*at, work.day, *at, work.place_in_day, sequence, sequence])
        bulk.execute(STOCK_MONTH_SQL, [sequence, sequence])
    bulk.execute(POOL_MONTH_SQL, [sequence, sequence])


def add_flows(work: Work, valuation: Valuation) -> None:
    """Balances and monthly flows after the new moves, which all stand at one date."""
    date = work.header.document_date
    month = date.year * 100 + date.month
    stock: dict[tuple[int, int, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    pools: dict[tuple[int, int, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0, 0])
    for one, move, taken in zip(work.bound, work.new, work.seconds, strict=True):
        value, kind, second = valuation.values[move.id], one.wanted.kind, taken or 0
        for way, balance, sign in ((0, one.target_balance, 1), (1, one.source_balance, -1)):
            if balance is not None:
                key = work.balances[balance].id
                change = work.change(key)
                change.quantity += sign * move.quantity
                change.second += sign * second
                change.moved = True
                if move.quantity or second:
                    flow = stock[key, month, kind]
                    flow[way] += move.quantity
                    flow[way + 2] += second
        for way, pool in ((0, move.target_pool), (1, move.source_pool)):
            if pool is not None and move.source_pool != move.target_pool:
                flow = pools[pool, month, kind]
                flow[way] += move.quantity
                flow[way + 2] += value
                flow[way + 4] += second
    for table, key_column, sums, flows in (
        ("ledger_stockmonth", "balance_id", ("quantity_in", "quantity_out", "second_in", "second_out"), stock),
        ("ledger_poolmonth", "pool_id", ("quantity_in", "quantity_out", "value_in", "value_out", "second_in", "second_out"), pools),
    ):
        bulk.add_rows(table, (key_column, "month", "kind"), sums, [(*key, *flow) for key, flow in sorted(flows.items())])


def write_pools(work: Work, valuation: Valuation) -> None:
    """The pools as the core left them, with their layers and tangles."""
    columns = ("quantity", "value", "last_day", "last_sequence", "last_quantity", "last_value")
    rows = []
    for pool, state in sorted(valuation.pools.items()):
        row = work.pools[pool]
        last = max((row.last_day, row.last_sequence), (work.day, work.place_in_day))
        rows.append((pool, state.quantity, state.value, *last, state.last_quantity, state.last_value))
    bulk.update_rows("ledger_costpool", columns, rows)
    replace_layers(work, valuation)
    replace_averages(work, valuation)
    replace_tangles(work, valuation)


def replace_averages(work: Work, valuation: Valuation) -> None:
    """The averages of the 全月一次 pools of the window, from their starts on, anew."""
    if not valuation.averages:
        return
    starts = [(pool, work.window.starts[pool][0]) for pool in sorted(valuation.averages)]
    source, parameters = bulk.table_of(starts, ["bigint"] * 2)
    old = f"SELECT a.id FROM {source} JOIN ledger_poolaverage a ON a.pool_id=v.c0 AND a.last_day>=v.c1"
    bulk.execute(f"DELETE FROM ledger_poolaverage WHERE id IN ({old})", parameters)
    rows = [(pool, *month) for pool, months in sorted(valuation.averages.items()) for month in months]
    bulk.insert_rows("ledger_poolaverage", ("pool_id", "last_day", "quantity", "value"), rows)


def replace_tangles(work: Work, valuation: Valuation) -> None:
    """The decisions on descent of the loaded pools, from their starts on, anew; nothing to do where none were and are."""
    if any(row.tangles for row in work.pools.values()):
        starts = [(pool, *start) for pool, start in sorted(work.window.starts.items())]
        source, parameters = bulk.table_of(starts, ["bigint"] * 3)
        old = f"SELECT g.id FROM {source} JOIN ledger_costtangle g ON g.pool_id=v.c0 AND (g.start_day, g.start_sequence) >= (v.c1, v.c2)"
        bulk.execute(f"DELETE FROM ledger_costtangle WHERE id IN ({old})", parameters)
    columns = ("item_id", "pool_id", "start_day", "start_sequence", "end_day", "end_sequence", "leaf")
    rows = [(work.pools[one.pool].item, one.pool, *one.start[:2], *one.end[:2], one.leaf) for one in valuation.tangles]
    bulk.insert_rows("ledger_costtangle", columns, sorted(set(rows), key=str))


def replace_layers(work: Work, valuation: Valuation) -> None:
    """The layers of first-in-first-out pools: those of the window anew, older ones with what is left of them."""
    if not valuation.layers:
        return
    pools = sorted(valuation.layers)
    if work.window.moves:
        delete_layers(work, pools)
    older = []
    for pool in pools:
        left = {(layer.move, layer.index): layer for layer in valuation.pools[pool].layers}
        for before in work.window.states[pool].layers:
            now: Layer | None = left.get((before.move, before.index))
            after = (now.quantity, now.value) if now else (0, 0)
            older.append((pool, before.move, before.index, *after))
    if older:
        source, parameters = bulk.table_of(older, ["bigint"] * 5)
        key = LAYER_KEY.replace("l.", "ledger_costlayer.")
        bulk.execute(f"UPDATE ledger_costlayer SET quantity_left=v.c3, value_left=v.c4 FROM {source} WHERE {key}", parameters)
    columns = ("pool_id", "move_id", "position", "quantity_in", "value_in", "quantity_left", "value_left", "age")
    bulk.insert_rows("ledger_costlayer", columns, [(pool, *layer) for pool in pools for layer in valuation.layers[pool]])
    if valuation.uses:
        source, parameters = bulk.table_of(valuation.uses, ["bigint"] * 6)
        bulk.execute(
            "INSERT INTO ledger_layeruse (layer_id, move_id, quantity, value) "
            f"SELECT l.id, v.c3, v.c4, v.c5 FROM {source} JOIN ledger_costlayer l ON {LAYER_KEY} ORDER BY v.c3, l.id",
            parameters,
        )


def delete_layers(work: Work, pools: list[int]) -> None:
    """Take away the layers born in the window, and every use by its moves: they are written anew."""
    starts = [(pool, *work.window.starts[pool]) for pool in pools]
    source, parameters = bulk.table_of(starts, ["bigint"] * 3)
    moves = (
        f"SELECT m.id FROM {source} JOIN ledger_stockmove m ON m.corrects_id IS NULL AND (m.day, m.sequence) >= (v.c1, v.c2) "
        "AND (m.source_pool_id=v.c0 OR m.target_pool_id=v.c0)"
    )
    marks = bulk.placeholders(pools)
    layers = f"SELECT id FROM ledger_costlayer WHERE pool_id IN ({marks})"
    bulk.execute(f"DELETE FROM ledger_layeruse WHERE move_id IN ({moves}) AND layer_id IN ({layers})", [*parameters, *pools])
    born = (
        f"SELECT l.id FROM {source} JOIN ledger_costlayer l ON l.pool_id=v.c0 JOIN ledger_stockmove m ON m.id=l.move_id "
        "AND (m.day, m.sequence) >= (v.c1, v.c2)"
    )
    bulk.execute(f"DELETE FROM ledger_costlayer WHERE id IN ({born})", parameters)


def change_balances(work: Work) -> None:
    """余额 Add to the balances under lock what moved to and from them and what is held back of them."""
    rows = [
        (balance, change.quantity, change.reserved, *((work.day, work.place_in_day) if change.moved else (0, 0)), change.second)
        for balance, change in sorted(work.changes.items())
    ]
    if rows:
        source, parameters = bulk.table_of(rows, ["bigint"] * 6)
        bulk.write("ledger_stockbalance", CHANGE_SQL.format(rows=source), parameters)
