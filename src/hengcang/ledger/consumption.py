"""耗用读取 What was sold and used of items over months: from the months that are kept for pools, one statement."""

from __future__ import annotations

from datetime import date

from hengcang.base import bulk
from hengcang.base.book import book
from hengcang.core.ranking import Ranked, ranked
from hengcang.ledger.reports import month_of

KINDS = ("sale", "sales_return", "material_issue", "material_return", "assembly", "other_out")
USED_SQL = """
SELECT p.item_id, CAST(SUM(m.quantity_out-m.quantity_in) AS bigint), CAST(SUM(m.value_out-m.value_in) AS bigint)
FROM ledger_poolmonth m JOIN ledger_costpool p ON p.id=m.pool_id WHERE m.month BETWEEN %s AND %s AND m.kind IN ({kinds}) GROUP BY p.item_id
"""


def used(first: date, last: date) -> dict[int, tuple[int, int]]:
    """耗用 By item, quantity and cost of what left to customers, production and others, less what came back, in whole months."""
    rows = bulk.fetch(USED_SQL.format(kinds=bulk.placeholders(KINDS)), [month_of(first), month_of(last), *KINDS])
    return {item: (quantity, value) for item, quantity, value in rows}


def ranked_items(day: date, months: int = 12) -> list[Ranked]:
    """ABC 分类 Every item that ever moved, ranked by the cost of what was used of it in the months through that of a day."""
    first = day.replace(year=day.year - (months + 11 - day.month) // 12, month=(day.month - months) % 12 + 1, day=1)
    amounts = dict.fromkeys((item for (item,) in bulk.fetch("SELECT DISTINCT item_id FROM ledger_costpool")), 0)
    amounts |= {item: value for item, (_, value) in used(first, day).items()}
    return ranked(amounts, book().abc_first, book().abc_second)
