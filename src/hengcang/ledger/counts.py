"""盘点数据 Counting: what there is to count, what was counted, and what the books said — each in one statement.

A line of a count list is a goods line of the role `listed` that belongs to a plan; its place is its source place.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from hengcang.base import bulk
from hengcang.ledger.facts import SHELF_KINDS_SQL
from hengcang.places.houses import house

LISTED = "listed"


@dataclass(frozen=True, slots=True)
class CountScope:
    """盘点范围 What a plan counts; None and nothing mean all. `bins`: only bins whose codes begin so."""

    places: Collection[int] | None = None
    keys: Sequence[tuple[int, int]] = ()
    category_path: str = ""
    supplier: int | None = None
    items: Collection[int] | None = None
    bins: str = ""


class ListedLine(NamedTuple):
    """清单行 A line of a count list with what a counter is told of it."""

    id: int
    item: int
    code: str
    name: str
    spec: str
    barcode: str
    tracking: str
    unit: str
    decimals: int
    place: int
    place_name: str
    lot: int | None
    lot_number: str
    second_unit: str
    second_decimals: int


CANDIDATES_SQL = """
SELECT b.item_id, b.place_id, b.lot_id, i.base_unit_id, b.quantity FROM ledger_stockbalance b
JOIN catalog_item i ON i.id=b.item_id JOIN places_place p ON p.id=b.place_id LEFT JOIN catalog_lot t ON t.id=b.lot_id
LEFT JOIN places_place w ON w.id=p.warehouse_id
WHERE p.kind IN ({kinds}){conditions} ORDER BY COALESCE(w.code,p.code), p.kind DESC, p.code, i.code, t.number, b.id
"""
LINES_SQL = """
SELECT l.id, l.item_id, i.code, i.name, i.spec, i.barcode, i.tracking, u.name, u.decimals, p.id, p.name, l.lot_id, COALESCE(t.number,''),
  COALESCE(h.name,''), COALESCE(h.decimals,0)
FROM records_goodsline l JOIN catalog_item i ON i.id=l.item_id JOIN catalog_unit u ON u.id=i.base_unit_id
JOIN places_place p ON p.id=l.source_place_id LEFT JOIN catalog_lot t ON t.id=l.lot_id LEFT JOIN catalog_unit h ON h.id=i.second_unit_id
WHERE l.document_id=%s AND l.revision=%s AND l.role='listed'{conditions} ORDER BY l.position, l.id
"""
STANDING = """
FROM records_countentry e JOIN records_goodsline l ON l.id=e.line_id
WHERE l.document_id=%s AND l.revision=%s AND l.role='listed' AND e.withdrawn_at IS NULL AND e.id>=COALESCE((
  SELECT MAX(s.id) FROM records_countentry s
  WHERE s.line_id=e.line_id AND s.phase=e.phase AND s.person_id=e.person_id AND s.sets AND s.withdrawn_at IS NULL
),0){conditions}
"""
SECOND_SUM = (
    "CASE WHEN SUM(CASE WHEN e.quantity<>0 AND e.second_quantity IS NULL THEN 1 ELSE 0 END)=0 "
    "THEN CAST(COALESCE(SUM(e.second_quantity),0) AS bigint) END"
)
TOTALS_SQL = (
    f"SELECT e.line_id, e.phase, e.person_id, CAST(SUM(e.quantity) AS bigint), {SECOND_SUM}{STANDING}GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
)
PIECES_SQL = "SELECT e.line_id, e.phase, e.person_id, e.serials" + STANDING + "AND i.tracking='serial' ORDER BY e.id"
PIECES_SQL = PIECES_SQL.replace("ON l.id=e.line_id", "ON l.id=e.line_id JOIN catalog_item i ON i.id=l.item_id", 1)
NUMBERS_SQL = "SELECT id, number FROM catalog_serial WHERE id {chosen}"


def candidates(scope: CountScope) -> list[tuple[Any, ...]]:
    """待盘 (item, place, lot, base unit, quantity now) of what a scope holds, in the order of the shelves: one statement."""
    conditions = ""
    parameters: list[Any] = []
    if scope.places is not None:
        chosen, wanted = bulk.among(sorted(scope.places))
        conditions, parameters = f" AND b.place_id {chosen}", [*parameters, wanted]
    if scope.category_path:
        conditions += " AND i.category_id IN (SELECT id FROM catalog_itemcategory WHERE path LIKE %s)"
        parameters.append(scope.category_path + "%")
    if scope.supplier is not None:
        conditions += " AND i.default_supplier_id=%s"
        parameters.append(scope.supplier)
    if scope.items is not None:
        chosen, wanted = bulk.among(sorted(scope.items))
        conditions += f" AND b.item_id {chosen}"
        parameters.append(wanted)
    if scope.keys:
        source, keys = bulk.table_of(sorted(set(scope.keys)), ["bigint", "bigint"])
        conditions += f" AND EXISTS (SELECT 1 FROM {source} WHERE v.c0=b.item_id AND v.c1 IN (0, b.place_id, {house('p')}))"
        parameters += keys
    if scope.bins:
        conditions += f" AND p.kind='bin' AND UPPER(SUBSTR(p.code,1,{len(scope.bins)}))=UPPER(%s)"
        parameters.append(scope.bins)
    return bulk.fetch(CANDIDATES_SQL.format(kinds=SHELF_KINDS_SQL, conditions=conditions), parameters)


def lines_of(document: int, revision: int, lines: Collection[int] | None = None, places: Collection[int] | None = None) -> list[ListedLine]:
    """清单 The lines of a plan's list, all or some, in order: one statement."""
    conditions = ""
    parameters: list[Any] = [document, revision]
    for column, keys in (("l.id", lines), ("l.source_place_id", places)):
        if keys is not None:
            chosen, wanted = bulk.among(sorted(keys))
            conditions += f" AND {column} {chosen}"
            parameters.append(wanted)
    return [ListedLine._make(row) for row in bulk.fetch(LINES_SQL.format(conditions=conditions), parameters)]


def totals(document: int, revision: int, lines: Collection[int] | None = None) -> list[tuple[int, str, int, int, int | None]]:
    """盘点合计 (line, pass, person, quantity, second quantity, in micro units) of what stands: from each person's last typed quantity on.

    No second quantity where an entry that counted something does not say it.
    """
    conditions, parameters = of_lines(lines)
    return bulk.fetch(TOTALS_SQL.format(conditions=conditions), [document, revision, *parameters])


def pieces(document: int, revision: int, lines: Collection[int] | None = None) -> list[tuple[int, str, int, list[str]]]:
    """已盘序列号 (line, pass, person, numbers) of what stands of the lines that are kept by piece."""
    conditions, parameters = of_lines(lines)
    rows = bulk.fetch(PIECES_SQL.format(conditions=conditions), [document, revision, *parameters])
    return [(line, phase, person, bulk.read_list(serials)) for line, phase, person, serials in rows]


def of_lines(lines: Collection[int] | None) -> tuple[str, list[str]]:
    """The condition that an entry is of one of some lines."""
    if lines is None:
        return " ", []
    chosen, wanted = bulk.among(sorted(lines))
    return f" AND e.line_id {chosen} ", [wanted]


def numbers_of(serials: Collection[int]) -> dict[int, str]:
    """Numbers of pieces by id."""
    if not serials:
        return {}
    chosen, wanted = bulk.among(sorted(serials))
    return dict(bulk.fetch(NUMBERS_SQL.format(chosen=chosen), [wanted]))


BOOKED_SQL = """
SELECT l.item_id, l.source_place_id, COALESCE(l.lot_id,0), CAST(SUM(m.value) AS bigint)
FROM records_goodsline l JOIN records_document d ON d.id=l.document_id AND d.revision=l.revision
JOIN ledger_stockmove m ON m.line_id=l.id WHERE l.document_id {chosen} GROUP BY 1, 2, 3
"""


def booked(documents: Collection[int]) -> dict[tuple[int, int, int], int]:
    """已过账差异 What the differences of posted counts came to by item, place and lot, corrections included; a gain above zero."""
    if not documents:
        return {}
    chosen, wanted = bulk.among(sorted(documents))
    return {(item, place, lot): -value for item, place, lot, value in bulk.fetch(BOOKED_SQL.format(chosen=chosen), [wanted])}
