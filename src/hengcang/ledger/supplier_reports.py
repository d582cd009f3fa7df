"""供应商表现读取 How suppliers deliver: what inspection found, what went back, and whether it came by the agreed day; a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from hengcang.base import bulk
from hengcang.ledger.promises import in_ext
from hengcang.ledger.reports import Limit, within

LIVE = "d.state IN ('posted','closed') AND d.reverses_id IS NULL AND d.document_date BETWEEN %s AND %s"
INSPECTED_SQL = """
SELECT d.party_id, l.item_id, {result}, COUNT(*), CAST(SUM(l.base_quantity) AS bigint)
FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision
WHERE d.type IN ({types}) AND {live}{limits} GROUP BY 1, 2, 3
"""
MOVED_SQL = """
SELECT d.party_id, l.item_id, COUNT(*), CAST(SUM(l.base_quantity) AS bigint)
FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision
WHERE d.type IN ({types}) AND {live}{limits} GROUP BY 1, 2
"""
PUNCTUAL_SQL = """
SELECT d.party_id, l.item_id, d.document_date, {agreed}, COUNT(*)
FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision
JOIN records_goodsline s ON s.id=l.source_line_id JOIN records_document o ON o.id=s.document_id
WHERE d.type IN ({types}) AND {live}{limits} AND {agreed} IS NOT NULL AND {agreed}<>'' GROUP BY 1, 2, 3, 4
"""
Key = tuple[int, int]


class Asked(NamedTuple):
    """条件 Dated in a span, as far as the limits let see."""

    first: date
    last: date
    limits: Sequence[Limit]

    def fill(self, sql: str, types: Sequence[str], **more: str) -> tuple[str, list[object]]:
        """A statement with its parameters."""
        limits, keys = within(self.limits, "d")
        names = list(types) or [""]
        filled = sql.format(types=bulk.placeholders(names), live=LIVE, limits=limits, **more)
        return filled, [*names, self.first.isoformat(), self.last.isoformat(), *keys]


def inspected(types: Sequence[str], asked: Asked) -> dict[Key, dict[str, tuple[int, int]]]:
    """验收 By (supplier, item) and result: lines and quantity."""
    found: dict[Key, dict[str, tuple[int, int]]] = {}
    for party, item, name, lines, quantity in bulk.fetch(*asked.fill(INSPECTED_SQL, types, result=in_ext("result", "l"))):
        found.setdefault((party, item), {})[name or ""] = (lines, quantity)
    return found


def moved(types: Sequence[str], asked: Asked) -> dict[Key, tuple[int, int]]:
    """收退货 By (supplier, item): lines and quantity of documents of some types."""
    rows = bulk.fetch(*asked.fill(MOVED_SQL, types))
    return {(party, item): (lines, quantity) for party, item, lines, quantity in rows}


def punctual(types: Sequence[str], asked: Asked) -> dict[Key, tuple[int, int, int]]:
    """准时 By (supplier, item): lines with an agreed day, those that came later, and by how many days together."""
    agreed = in_ext("delivery_date", "o")
    found: dict[Key, tuple[int, int, int]] = {}
    for party, item, came, wanted, lines in bulk.fetch(*asked.fill(PUNCTUAL_SQL, types, agreed=agreed)):
        late = max((bulk.read_day(came) - date.fromisoformat(wanted)).days, 0)
        all_lines, late_lines, days = found.get((party, item), (0, 0, 0))
        found[party, item] = (all_lines + lines, late_lines + (lines if late else 0), days + late * lines)
    return found
