"""预警标记数据 Which of some rows the alerts are about: the same alerts as in `alert_reports`, by item, family, lot, party or document.

A part is one SELECT of (subject, kind, how many, name of the subject). Parts of one family are asked in one statement for
the rows of a page, and the same parts, without the rows, are the condition that leaves the rows with an alert.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from hengcang.base import bulk
from hengcang.ledger.alert_reports import EXPIRING, STOCK_KINDS, UNPRICED, Clock, Part, late_orders, slow
from hengcang.ledger.reports import Limit, among, within

Found = tuple[int, str, int, str]
DEBTS = {"overdue_receivable": ("o.open>0", "'1122','1221'"), "overdue_payable": ("o.open<0", "'2202','2241'")}


@dataclass(frozen=True, slots=True)
class Subjects:
    """标记对象 The column of what is marked, and the rows that are asked about; all of them for None."""

    column: str
    ids: Collection[int] | None = None

    def condition(self) -> Part:
        """The condition that leaves these rows."""
        return (f" AND {self.column} IS NOT NULL", []) if self.ids is None else among(self.column, self.ids)


def stock_parts(kinds: Collection[str], subjects: Subjects, places: Collection[int] | None, at: Clock) -> list[Part]:
    """库存预警 By item `i` or its family: how many warehouses, lots (临期), places where it lies (滞销)."""
    own, own_keys = subjects.condition()
    column, parts = subjects.column, list[Part]()
    if bounds := [kind for kind in STOCK_KINDS if kind in kinds]:
        inside, keys = among("a.place_id", places)
        sql = (
            f"SELECT {column}, a.kind, COUNT(*), '' FROM ledger_stockalert a JOIN catalog_item i ON i.id=a.item_id "
            f"WHERE a.live AND a.kind IN ({bulk.placeholders(bounds)}){inside}{own} GROUP BY {column}, a.kind"
        )
        parts.append((sql, [*bounds, *keys, *own_keys]))
    inside, keys = among("b.place_id", places)
    if "near_expiry" in kinds:
        sql = f"SELECT {column}, 'near_expiry', COUNT(DISTINCT b.lot_id), '' {EXPIRING.format(places=inside)}{own} GROUP BY {column}"
        parts.append((sql, [at.within("near_expiry").isoformat(), *keys, *own_keys]))
    if "slow_moving" in kinds:
        since = at.before("slow_moving").toordinal()
        sql = f"SELECT {column}, 'slow_moving', COUNT(DISTINCT b.place_id), '' {slow(inside)}{own} GROUP BY {column}"
        parts.append((sql, [*keys, since, since, *own_keys]))
    return parts


def debt_parts(kinds: Collection[str], subjects: Subjects, name: str, limits: Sequence[Limit], at: Clock) -> list[Part]:
    """逾期往来 By party or document of open items `o` of documents `d`: how many are past their day, of documents inside limits."""
    own, own_keys = subjects.condition()
    more, keys = within(limits, "d")
    parts = []
    for kind, (sign, accounts) in DEBTS.items():
        if kind in kinds:
            sql = (
                f"SELECT {subjects.column}, '{kind}', COUNT(*), {name} "
                "FROM ledger_openitem o JOIN records_document d ON d.id=o.document_id "
                f"WHERE NOT (o.open=0) AND {sign} AND o.account IN ({accounts}) AND o.due_date<%s{more}{own} GROUP BY {subjects.column}"
            )
            parts.append((sql, [at.before(kind).isoformat(), *keys, *own_keys]))
    return parts


def order_part(type_name: str, subjects: Subjects, today: date) -> Part:
    """订单逾期 The unfinished orders `d` of a type whose agreed day lies before a day."""
    own, own_keys = subjects.condition()
    sql, keys = late_orders([type_name], ())
    selected = f"SELECT d.id, 'late_{type_name}', 1, COALESCE(MIN(d.number),'')"
    return f"{selected} {sql}{own} GROUP BY d.id", [*keys, today.isoformat(), *own_keys]


def unpriced_part(type_name: str, subjects: Subjects, since: date) -> Part:
    """待补价 How many lines of the receipts `d` of a type, dated after a day, have no price and no bill yet."""
    own, own_keys = subjects.condition()
    sql = UNPRICED.format(types=bulk.placeholders([type_name]), more=own)
    return f"SELECT d.id, 'unpriced', COUNT(*), COALESCE(MIN(d.number),'') {sql} GROUP BY d.id", [type_name, since.isoformat(), *own_keys]


def found(parts: Sequence[Part]) -> list[Found]:
    """标记 (subject, kind, how many, name) of some parts: one statement, none for none."""
    if not parts:
        return []
    sql = " UNION ALL ".join(part for part, _ in parts)
    return [(int(row[0]), row[1], int(row[2]), row[3]) for row in bulk.fetch(sql, [one for _, keys in parts for one in keys])]


def subjects_sql(parts: Sequence[Part]) -> Part:
    """标记对象 A SELECT of the subjects of some parts alone, to stand in a condition."""
    sql = " UNION ALL ".join(part for part, _ in parts)
    return f"WITH marked(subject, kind, many, name) AS ({sql}) SELECT subject FROM marked", [one for _, keys in parts for one in keys]
