"""序列号台账 Serial numbers in the books: which pieces a posting moves, whether each is where it leaves from, and where it is then.

A piece that did not move after the posting's position is judged by its present place alone, under lock; only of pieces
that did, the whole chain is read. Statements do not depend on how many pieces move.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from hengcang.base import bulk
from hengcang.core.errors import HengcangError
from hengcang.core.piece_errors import (
    AdjustmentOfPieces,
    SerialCounted,
    SerialElsewhere,
    SerialGone,
    SerialInStock,
    SerialOfOther,
    SerialOutOfOrder,
    SerialUndone,
)
from hengcang.core.posting import Adjust, CostOf
from hengcang.core.posting import Move as Wanted
from hengcang.core.serials import OUTSIDE, Broken, Leg, Spot, follow, pieces
from hengcang.ledger.facts import FULL_NAME, STOCK_KINDS_SQL, PlaceFacts
from hengcang.ledger.rows import lock_serials
from hengcang.ledger.work import Bound, Work

SHOWN = 5
TIMELINE_SQL = """
SELECT k.serial_id, m.day, m.sequence, COALESCE(m.corrects_id, m.id), CASE WHEN s.kind IN ({kinds}) THEN m.source_id ELSE 0 END,
  CASE WHEN t.kind IN ({kinds}) THEN m.target_id ELSE 0 END, COALESCE(m.lot_id,0), SUM(k.quantity)
FROM ledger_serialmove k JOIN ledger_stockmove m ON m.id=k.move_id
JOIN places_place s ON s.id=m.source_id JOIN places_place t ON t.id=m.target_id
WHERE k.serial_id {chosen} GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING SUM(k.quantity)<>0 ORDER BY 2, 3, 4
"""
NAMED_SQL = """
SELECT m.line_id, k.serial_id, m.id FROM ledger_stockmove m JOIN ledger_serialmove k ON k.move_id=m.id
WHERE m.line_id {} AND m.corrects_id IS NULL
"""
REMOVED_SQL = """
SELECT m.id, k.serial_id, k.quantity FROM ledger_posting p JOIN ledger_stockmove m ON m.posting_id=p.id AND m.corrects_id IS NULL
JOIN ledger_serialmove k ON k.move_id=m.id WHERE p.document_id=%s AND p.revision=%s AND p.kind='post' ORDER BY m.id
"""
NEGATE_SQL = """
INSERT INTO ledger_serialmove (move_id, serial_id, quantity)
SELECT c.id, k.serial_id, -k.quantity FROM ledger_stockmove c JOIN ledger_serialmove k ON k.move_id=c.corrects_id
WHERE c.posting_id=%s AND c.entry_kind='reversal'
"""
UPDATE_SQL = """
UPDATE ledger_serialplace SET place_id=NULLIF(v.c1,0), lot_id=NULLIF(v.c2,0), last_day=v.c3, last_sequence=v.c4 FROM {} WHERE serial_id=v.c0
"""


def spread(work: Work, moves: Sequence[Wanted]) -> list[Wanted]:
    """逐件 The wanted moves; those of individually costed pieces one by one. Raises AdjustmentOfPieces."""
    found: list[Wanted] = []
    for move in moves:
        item = work.items[move.item]
        if item.individual and isinstance(move.value, Adjust):
            raise AdjustmentOfPieces(**work.request.lines[move.line].named("item"), item=f"{item.code} {item.name}")
        found += pieces(move) if item.individual else [move]
    return found


def lock(work: Work) -> None:
    """Lock where the pieces of the posting stand."""
    items = {serial: one.item.id for one in work.bound for serial in (*one.wanted.serials, *one.wanted.against)}
    work.serials.update(lock_serials(items))


def lock_removed(work: Work) -> None:
    """Find the pieces that a posted revision moved, and lock where they stand."""
    if all(item.tracking != "serial" for item in work.items.values()):
        return
    bound = {move.id: one for one, move in zip(work.bound, work.removed, strict=True)}
    at = {move.id: move for move in work.removed}
    items = {}
    for move, serial, quantity in bulk.fetch(REMOVED_SQL, [work.header.document, work.header.revision]):
        source, target = spots_of(bound[move])
        ends = (source, target) if quantity > 0 else (target, source)
        work.serial_legs[serial] = Leg(at[move].day, at[move].sequence, move, *ends)
        items[serial] = bound[move].item.id
    work.serials.update(lock_serials(items))


def spots_of(one: Bound) -> tuple[Spot, Spot]:
    """From which spot to which a move goes."""
    lot = one.wanted.lot or 0
    return spot_of(one.source, lot), spot_of(one.target, lot)


def spot_of(place: PlaceFacts, lot: int) -> Spot:
    """The spot of a place: none where it does not hold stock of ours."""
    return (place.id, lot) if place.holds_stock else OUTSIDE


def pieces_named(work: Work, lines: Sequence[int]) -> dict[tuple[int, int], int]:
    """The moves of the individually costed pieces that named lines moved, by line and piece.

    Raises SerialOfOther: a piece that the line did not move.
    """
    asking = [one for one in work.bound if isinstance(one.wanted.value, CostOf) and one.wanted.serials]
    if not asking:
        return {}
    chosen, wanted = bulk.among(lines)
    moved = {(line, serial): move for line, serial, move in bulk.fetch(NAMED_SQL.format(chosen), [wanted])}
    found = {}
    for one in asking:
        assert isinstance(one.wanted.value, CostOf)
        keys = [(one.wanted.value.line, serial) for serial in one.wanted.serials]
        strange = [serial for key, serial in zip(keys, one.wanted.serials, strict=True) if key not in moved]
        if strange:
            raise SerialOfOther(**at_line(work, one.wanted.line), serial=names(strange))
        if one.item.individual:
            found.update({key: moved[key] for key in keys})
    return found


def check_posting(work: Work) -> None:
    """Every piece leaves from where it stands, then and ever after. Raises SerialElsewhere, SerialInStock, SerialOutOfOrder."""
    lines: dict[int, int] = {}
    for one, move in zip(work.bound, work.new, strict=True):
        source, target = spots_of(one)
        for serials, ends in ((one.wanted.serials, (source, target)), (one.wanted.against, (target, source))):
            for serial in serials:
                work.serial_legs[serial] = Leg(move.day, move.sequence, 0, *ends)
                lines[serial] = one.wanted.line
    broken = judge(work, add=True)
    if broken:
        raise refusal(work, broken, lines)


def check_removal(work: Work) -> None:
    """What later moves of the pieces stand on is not taken away. Raises SerialUndone."""
    broken = judge(work, add=False)
    if broken:
        serial, found = next(iter(broken.items()))
        raise SerialUndone(serial=names([serial]), date=day_of(found.leg), number=number_of(found.leg))


def judge(work: Work, *, add: bool) -> dict[int, Broken]:
    """Where each piece stands once its leg is added (or taken away), noted in `work.spots`; gives those whose chain breaks."""
    legs = work.serial_legs
    late = [one for one, leg in legs.items() if behind(work, one, leg, add=add)]
    chains = timelines(late)
    broken = {}
    for serial, leg in legs.items():
        row = work.serials[serial]
        found: Spot | Broken
        if serial in chains:
            others = [one for one in chains[serial] if one.move != leg.move]
            found = follow([*others, leg] if add else others)
        elif add:
            found = leg.target if (row.place, row.lot) == leg.source else Broken(leg, (row.place, row.lot))
        else:
            found = leg.source
        if isinstance(found, Broken):
            broken[serial] = found
        else:
            work.spots[serial] = found
    return broken


def behind(work: Work, serial: int, leg: Leg, *, add: bool) -> bool:
    """Whether the piece moved at or after the position of a new leg, or after that of one that is taken away."""
    row = work.serials[serial]
    last = (row.last_day, row.last_sequence)
    return last >= (leg.day, leg.sequence) if add else last > (leg.day, leg.sequence)


def timelines(serials: Collection[int]) -> dict[int, list[Leg]]:
    """The live legs of pieces, in order."""
    if not serials:
        return {}
    chosen, wanted = bulk.among(sorted(serials))
    found: dict[int, list[Leg]] = {serial: [] for serial in serials}
    sql = TIMELINE_SQL.format(chosen=chosen, kinds=STOCK_KINDS_SQL)
    for serial, day, sequence, move, source, target, lot, quantity in bulk.fetch(sql, [wanted]):
        ends = ((source, lot) if source else OUTSIDE, (target, lot) if target else OUTSIDE)
        found[serial].append(Leg(day, sequence, move, *(ends if quantity > 0 else ends[::-1])))
    return found


def append(work: Work) -> None:
    """The pieces of the new moves, and where they stand now."""
    rows = []
    for one, move in zip(work.bound, work.new, strict=True):
        rows += [(move.id, serial, 1) for serial in one.wanted.serials]
        rows += [(move.id, serial, -1) for serial in one.wanted.against]
    bulk.insert_rows("ledger_serialmove", ("move_id", "serial_id", "quantity"), rows)
    write_places(work)


def append_removal(work: Work) -> None:
    """The negation of the pieces of the removed moves, and where they stand now."""
    if work.serial_legs:
        bulk.execute(NEGATE_SQL, [work.sequence])
        write_places(work)


def write_places(work: Work) -> None:
    """Where the pieces stand, and the last position at which each moved (never earlier than it was)."""
    rows = []
    for serial, (place, lot) in sorted(work.spots.items()):
        row, leg = work.serials[serial], work.serial_legs[serial]
        rows.append((serial, place, lot, *max((row.last_day, row.last_sequence), (leg.day, leg.sequence))))
    if rows:
        source, parameters = bulk.table_of(rows, ["bigint"] * 5)
        bulk.write("ledger_serialplace", UPDATE_SQL.format(source), parameters)


def refuse_counted(work: Work, count: int, item: int) -> None:
    """A count that says which pieces were there is not changed by an entry before it. Raises SerialCounted."""
    raise SerialCounted(item=work.items[item].name, number=number_of(Leg(0, 0, count, OUTSIDE, OUTSIDE)))


def refusal(work: Work, broken: Mapping[int, Broken], lines: Mapping[int, int]) -> HengcangError:
    """The refusal of the first line that has broken chains: its pieces that stand in the same wrong spot together."""
    by_cause: dict[tuple[int, Spot, bool, int], list[int]] = defaultdict(list)
    for serial, found in broken.items():
        by_cause[lines[serial], found.stands, found.leg.move == 0, found.leg.move].append(serial)
    (line, stands, own, _), serials = min(by_cause.items(), key=lambda pair: work.request.line_at(pair[0][0]).number)
    where, leg = at_line(work, line), broken[serials[0]].leg
    if not own:
        return SerialOutOfOrder(**where, serial=names(serials), date=day_of(leg), number=number_of(leg))
    if leg.source == OUTSIDE:
        return SerialInStock(**where, serial=names(serials), place_id=stands[0], where=spot_name(stands))
    if stands == OUTSIDE:
        return SerialGone(**where, serial=names(serials), place=spot_name(leg.source))
    wanted = spot_name(leg.source, with_lot=leg.source[0] == stands[0])
    there = spot_name(stands, with_lot=leg.source[0] == stands[0])
    return SerialElsewhere(**where, serial=names(serials), place_id=stands[0], place=wanted, where=there)


def at_line(work: Work, line: int) -> dict[str, Any]:
    """The path and number of a goods line."""
    return work.request.line_at(line).named("serials")


def names(serials: Sequence[int]) -> str:
    """Numbers as a person reads them: the first few, and how many."""
    chosen, wanted = bulk.among(serials[:SHOWN])
    found = [row[0] for row in bulk.fetch(f"SELECT number FROM catalog_serial WHERE id {chosen} ORDER BY number", [wanted])]
    more = f" … ({len(serials)})" if len(serials) > SHOWN else ""
    return "、".join(found) + more


def spot_name(spot: Spot, *, with_lot: bool = False) -> str:
    """A spot for a person."""
    sql = f"SELECT {FULL_NAME} FROM places_place p LEFT JOIN places_place h ON h.id=p.warehouse_id WHERE p.id=%s"
    name = bulk.fetch(sql, [spot[0]])[0][0]
    lot = bulk.fetch("SELECT number FROM catalog_lot WHERE id=%s", [spot[1]]) if with_lot and spot[1] else []
    return f"{name}（{lot[0][0]}）" if lot else str(name)


def day_of(leg: Leg) -> str:
    """The day of a leg."""
    return date.fromordinal(leg.day).isoformat()


def number_of(leg: Leg) -> str:
    """The number of the document that made a leg."""
    sql = (
        "SELECT d.number FROM ledger_stockmove m JOIN records_goodsline l ON l.id=m.line_id "
        "JOIN records_document d ON d.id=l.document_id WHERE m.id=%s"
    )
    return str(bulk.fetch(sql, [leg.move])[0][0])
