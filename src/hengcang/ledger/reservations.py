"""占用 Reservations in the books: what order lines hold back, how postings change it, and goods taken that others hold back.

A line that names a lot holds back that lot, one that names none holds back any of its item in its warehouse. Available of a
lot is what there is of it less what lines hold back of it; of a warehouse, what there is less all that is held back there.
Who takes goods so that either falls below zero takes what is held back for somebody: refused or said, as the book says.
What is held back beyond its day counts for nobody. What a count finds missing, or an undone receipt never brought, was taken
by nobody: the alert tells it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hengcang.base import bulk, clock
from hengcang.core.amounts import to_decimal, to_micro
from hengcang.core.fulfilment import RELEASING
from hengcang.core.holding import Holding
from hengcang.core.holding_errors import TakenFromHeld
from hengcang.core.stock import NegativeStock
from hengcang.ledger import promises
from hengcang.ledger.reports import Limit, StockFilter, within
from hengcang.ledger.rows import BalanceKey
from hengcang.ledger.work import Work
from hengcang.meta import registry
from hengcang.places.houses import house

Place = tuple[int, int]
MOST_LACKING = 500

HOLDINGS_SQL = f"""
SELECT l.id, l.document_id, l.number, l.line_number, l.item_id, i.name, u.name, l.source_place_id, COALESCE(l.lot_id,0),
  l.base_quantity, COALESCE(p.quantity,0), COALESCE(r.quantity,0), COALESCE(r.wanted,0)
FROM (
  SELECT g.*, d.number, ROW_NUMBER() OVER (PARTITION BY g.document_id, g.role ORDER BY g.position, g.id) AS line_number
  FROM records_document d JOIN records_goodsline g ON g.document_id=d.id AND g.revision=d.revision WHERE d.id {{chosen}}
) l JOIN catalog_item i ON i.id=l.item_id JOIN catalog_unit u ON u.id=i.base_unit_id
LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose='{RELEASING}' LEFT JOIN ledger_reservation r ON r.line_id=l.id
WHERE l.source_place_id IS NOT NULL ORDER BY l.document_id, l.position, l.id
"""
HELD_SQL = """
SELECT r.line_id, b.item_id, b.place_id, COALESCE(b.lot_id,0), r.quantity, r.wanted
FROM ledger_reservation r JOIN ledger_stockbalance b ON b.id=r.balance_id WHERE r.line_id {chosen}
"""
# From the few orders that are not finished to their lines, in this order: of an item there may be a hundred thousand lines.
LACKING_SQL = f"""
SELECT l.item_id, l.source_place_id, COALESCE(l.lot_id,0), l.id, d.id, d.type, d.number, y.name,
  (SELECT COUNT(*) FROM records_goodsline x WHERE x.document_id=d.id AND x.revision=l.revision AND x.role=l.role
    AND (x.position, x.id)<=(l.position, l.id)),
  l.base_quantity-COALESCE(p.quantity,0)-COALESCE(r.quantity,0)
FROM records_document d CROSS JOIN records_goodsline l CROSS JOIN {{keys}}
LEFT JOIN parties_party y ON y.id=d.party_id LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose='{RELEASING}'
LEFT JOIN ledger_reservation r ON r.line_id=l.id
WHERE d.type IN ({{types}}) AND d.state='posted' AND NOT (d.progress='complete') AND d.reverses_id IS NULL
  AND l.document_id=d.id AND l.revision=d.revision AND l.item_id=v.c0 AND l.source_place_id=v.c1 AND COALESCE(l.lot_id,0)=v.c2
  AND l.base_quantity>COALESCE(p.quantity,0)+COALESCE(r.quantity,0){{limits}}
ORDER BY d.document_date, d.id, l.position, l.id LIMIT {MOST_LACKING}
"""
NAMES_SQL = """
SELECT v.c0, v.c1, v.c2, i.code, w.name, COALESCE(t.number,'') FROM {keys} JOIN catalog_item i ON i.id=v.c0
JOIN places_place w ON w.id=v.c1 LEFT JOIN catalog_lot t ON t.id=v.c2
"""
STANDING_SQL = f"""
SELECT v.c0, v.c1, COALESCE(b.lot_id,0), COALESCE(MIN(t.number),''), CAST(SUM(b.quantity) AS bigint), CAST(SUM(b.reserved) AS bigint)
FROM {{keys}} JOIN ledger_stockbalance b ON b.item_id=v.c0 JOIN places_place p ON p.id=b.place_id AND {house("p")}=v.c1
LEFT JOIN catalog_lot t ON t.id=b.lot_id GROUP BY v.c0, v.c1, COALESCE(b.lot_id,0) ORDER BY 1, 2, 3
"""


class Held(NamedTuple):
    """占用 What a line holds back, in micro, of which goods where; `wanted` of what was ordered it is to."""

    line: int
    item: int
    place: int
    lot: int
    quantity: int
    wanted: int


def held_by(lines: Iterable[int]) -> dict[int, Held]:
    """占用 What each of the lines holds back or is to; a line that never did is not there. One statement."""
    chosen, wanted = bulk.among(sorted(set(lines)))
    return {row[0]: Held._make(row) for row in bulk.fetch(HELD_SQL.format(chosen=chosen), [wanted])}


def holdings(documents: Collection[int]) -> dict[int, Holding]:
    """占用行 The lines of some orders, as they stand, that name a warehouse; by line, in order. One statement."""
    chosen, wanted = bulk.among(sorted(documents))
    found = {}
    for *known, ordered, done, held, aim in bulk.fetch(HOLDINGS_SQL.format(chosen=chosen), [wanted]):
        line, document, number, *rest = known
        sums = (to_decimal(one) for one in (ordered, done, held, aim))
        found[line] = Holding(line, document, number or "", *rest, *sums)
    return found


class Lacking(NamedTuple):
    """待占用行 A line of a live order of which something is open and not held back, in micro."""

    item: int
    place: int
    lot: int
    line: int
    document: int
    type: str
    number: str
    party: str | None
    line_number: int
    room: int


def lacking(keys: Collection[BalanceKey], types: Collection[str], limits: Sequence[Limit]) -> list[Lacking]:
    """待占用行 Lines of these goods and places that lack something, the oldest orders first, at most 500: one statement."""
    source, parameters = bulk.table_of(sorted(keys), ["bigint"] * 3)
    more, limited = within(limits, "d")
    names = sorted(types)
    sql = LACKING_SQL.format(keys=source, types=bulk.placeholders(names), limits=more)
    return [Lacking._make(row) for row in bulk.fetch(sql, [*parameters, *names, *limited])]


class Names(NamedTuple):
    """名称 How goods and where they are held back are called."""

    code: str
    place: str
    lot: str


def names_of(keys: Collection[BalanceKey]) -> dict[BalanceKey, Names]:
    """名称 Item code, warehouse and lot number by (item, place, lot): one statement."""
    source, parameters = bulk.table_of(sorted(keys), ["bigint"] * 3)
    return {row[:3]: Names._make(row[3:]) for row in bulk.fetch(NAMES_SQL.format(keys=source), parameters)}


def available(keys: Collection[BalanceKey]) -> dict[BalanceKey, int]:
    """可用 What of each (item, place, lot) is on hand and held back for nobody, in micro; of lot 0 what is at the place. Two statements."""
    stands = standing({key[:2] for key in keys})
    found = {}
    for item, place, lot in keys:
        whole = stands[item, place]
        of_place = whole.on_hand - whole.reserved
        one = whole.lots.get(lot, Stand()) if lot else whole
        found[item, place, lot] = min(one.on_hand - one.reserved, of_place)
    return found


def orders_of(lines: Collection[int]) -> dict[int, int]:
    """所属单据 The documents of lines, by line; a line never changes its document."""
    if not lines:
        return {}
    chosen, wanted = bulk.among(sorted(lines))
    return dict(bulk.fetch(f"SELECT id, document_id FROM records_goodsline WHERE id {chosen}", [wanted]))


def change(work: Work) -> None:
    """占用变动 Append what the posting changes of what order lines hold back, and add it up."""
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for one in work.request.posting.reserves:
        total = sums[one.line, work.balances[(one.item, one.place, one.lot)].id]
        total[0] += to_micro(one.quantity)
        total[1] += to_micro(one.wanted)
    rows = [(*key, *total) for key, total in sorted(sums.items()) if any(total)]
    bulk.add_rows("ledger_reservation", ("line_id", "balance_id"), ("quantity", "wanted"), rows)
    columns = ("posting_id", "line_id", "balance_id", "quantity", "wanted")
    bulk.insert_rows("ledger_reservationmove", columns, [(work.sequence, *row) for row in rows])
    for _, balance, quantity, _ in rows:
        work.change(balance).reserved += quantity


@dataclass(slots=True)
class Fall:
    """减少 By how much a posting makes less of a key available, and the last of its lines that takes of it."""

    quantity: int = 0
    line: int | None = None


@dataclass(slots=True)
class Stand:
    """现状 What there is of a key, and what is held back and counts, after the posting."""

    lot: str = ""
    on_hand: int = 0
    reserved: int = 0
    lots: dict[int, Stand] = field(default_factory=dict)

    def taken(self, fall: int) -> int:
        """How much of what is held back a fall took."""
        return min(fall, self.reserved - self.on_hand) if self.reserved > 0 else 0


def check_taken(work: Work, over: Collection[Place]) -> None:
    """动用占用 See whether the posting takes what orders hold back, where more is held back than there is. Raises TakenFromHeld.

    `over` are the (item, place) of which that holds after it; in the usual case there are none, and nothing is asked.
    """
    policy = work.request.rules.reserved_stock
    if policy == NegativeStock.ALLOW or not over or not work.new or work.request.posting.takes_back:
        return
    left = {at_house(work, one.source_balance)[:2] for one in work.bound if one.source_balance is not None and one.wanted.kind != "count"}
    keys = sorted(left & set(over))
    if not keys:
        return
    stands, falls = standing(keys), falls_of(work)
    found = [told for key in keys for told in takings(work, key, falls, stands[key])]
    if found and policy == NegativeStock.FORBID:
        raise found[0]
    work.warnings.extend(found)


def at_house(work: Work, key: BalanceKey) -> BalanceKey:
    """仓库的键 The key of a balance at a bin as its warehouse's, where order lines hold back."""
    item, place, lot = key
    return (item, work.places.by_id[place].house, lot)


def falls_of(work: Work) -> dict[BalanceKey, Fall]:
    """What becomes less available by key: goods that go, less what order lines give up that counted, as counts take it up."""
    falls: dict[BalanceKey, Fall] = defaultdict(Fall)
    for one, move in zip(work.bound, work.new, strict=True):
        if one.wanted.kind == "count":
            continue
        for key, quantity in ((one.source_balance, move.quantity), (one.target_balance, -move.quantity)):
            if key is not None:
                fall = falls[at_house(work, key)]
                fall.quantity += quantity
                fall.line = one.wanted.line if quantity > 0 else fall.line
    reserves = work.request.posting.reserves
    passed = promises.passed({reserve.line for reserve in reserves}, clock.today())
    for reserve in reserves:
        if reserve.line not in passed:
            falls[reserve.item, reserve.place, reserve.lot].quantity += to_micro(reserve.quantity)
    key_of = {row.id: key for key, row in work.balances.items()}
    for count in work.counted:
        falls[at_house(work, key_of[count.key])].quantity += work.counts.get(count.move, 0)
    return falls


def standing(keys: Collection[Place]) -> dict[Place, Stand]:
    """What there is and is held back at each (item, warehouse or area), bins included, and of each lot there: two statements."""
    source, parameters = bulk.table_of(sorted(keys), ["bigint"] * 2)
    wanted = StockFilter(items={key[0] for key in keys}, places={key[1] for key in keys})
    over = promises.expired(reserving_types(), wanted, clock.today())
    found: dict[Place, Stand] = defaultdict(Stand)
    for item, place, lot, number, quantity, reserved in bulk.fetch(STANDING_SQL.format(keys=source), parameters):
        counts, whole = reserved - over.get((item, place, lot), 0), found[item, place]
        whole.on_hand += quantity
        whole.reserved += counts
        if lot:
            whole.lots[lot] = Stand(number, quantity, counts)
    return found


def takings(work: Work, key: Place, falls: dict[BalanceKey, Fall], whole: Stand) -> list[TakenFromHeld]:
    """What the posting takes of what is held back there: of lots, else of the warehouse."""
    own = {one[2]: fall for one, fall in falls.items() if one[:2] == key}
    lots = [(fall, whole.lots[lot]) for lot, fall in sorted(own.items()) if lot in whole.lots and fall.line is not None]
    found = [taken_error(work, key, fall, stand, fall.quantity) for fall, stand in lots if stand.taken(fall.quantity) > 0]
    total = sum(fall.quantity for fall in own.values())
    if not found and whole.taken(total) > 0:
        last = next(fall for fall in reversed(own.values()) if fall.line is not None)
        found = [taken_error(work, key, last, whole, total)]
    return found


def taken_error(work: Work, key: Place, fall: Fall, stand: Stand, quantity: int) -> TakenFromHeld:
    """As a refusal, pointing at the line."""
    item = work.items[key[0]]
    return TakenFromHeld(
        **work.request.line_at(fall.line or 0).named("quantity"),
        item=f"{item.code} {item.name}",
        lot=f" {stand.lot}" if stand.lot else "",
        place=work.places.by_id[key[1]].name,
        place_id=key[1],
        on_hand=to_decimal(stand.on_hand),
        reserved=to_decimal(stand.reserved),
        taken=to_decimal(stand.taken(quantity)),
        unit=item.unit,
    )


def reserving_types() -> list[str]:
    """占用库存的类型 The types of order that hold stock back."""
    return [one.name for one in registry.documents().values() if one.reserves]
