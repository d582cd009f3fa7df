"""科目发生额 What each account was debited and credited: the legs of every row of the books, kept by month.

A move is two legs (借 where the goods went, 贷 where they came from), an entry is one. What undoes another row stands in
that row's column, below zero (红字), so that turnovers are what happened and not what was typed. A move between two
pools of one account is no voucher. The legs have what a user's own chart of accounts may tell apart: item, party, cash
account, category of expense.
"""

from __future__ import annotations

from hengcang.base import bulk
from hengcang.ledger.check_words import unlike, yyyymm

KEYS = "month, account, item, party, cash_account, category"
SUMS = ("debit", "credit")
# What undoes another entry, or belongs to a red document, is written on that one's side.
DEBITED = "(CASE WHEN e.corrects_id IS NULL AND d.reverses_id IS NULL THEN e.amount ELSE -e.amount END)>0"
ENTRIES = (
    "ledger_moneyentry e JOIN ledger_posting p ON p.id=e.posting_id JOIN records_document d ON d.id=p.document_id "
    "LEFT JOIN records_goodsline l ON l.id=e.line_id LEFT JOIN records_moneyline n ON n.id=e.money_line_id"
)
IS_VOUCHER = "m.value<>0 AND m.source_account<>m.target_account"


def legs(which: str = "") -> str:
    """分录腿 Every leg with its keys; `which` limits the rows `r` by a condition with one parameter for each of three parts."""
    of_moves = (
        "SELECT m.month AS month, m.{side}_account AS account, m.item_id AS item, 0 AS party, 0 AS cash_account, 0 AS category, "
        f"{{amounts}} FROM ledger_stockmove m WHERE {IS_VOUCHER}{which.replace('r.', 'm.')}"
    )
    entries = (
        f"SELECT {yyyymm('e.document_date')}, e.account, COALESCE(l.item_id,0), COALESCE(e.party_id,0), COALESCE(e.cash_account_id,0), "
        f"COALESCE(n.category_id,0), CASE WHEN {DEBITED} THEN e.amount ELSE 0 END, CASE WHEN {DEBITED} THEN 0 ELSE -e.amount END "
        f"FROM {ENTRIES} WHERE e.amount<>0{which.replace('r.', 'e.')}"
    )
    came = of_moves.format(side="target", amounts="m.value AS debit, 0 AS credit")
    went = of_moves.format(side="source", amounts="0, m.value")
    return f"{came} UNION ALL {went} UNION ALL {entries}"


def add(sequence: int) -> None:
    """累加 Add the legs of one posting to the months; one statement, its rows in the order of their keys."""
    sql = (
        f"INSERT INTO ledger_accountmonth ({KEYS}, debit, credit) "
        f"SELECT {KEYS}, CAST(SUM(debit) AS bigint), CAST(SUM(credit) AS bigint) FROM ({legs(' AND r.posting_id=%s')}) x "
        f"GROUP BY {KEYS} ORDER BY {KEYS} ON CONFLICT ({KEYS}) DO UPDATE SET "
        "debit=ledger_accountmonth.debit+excluded.debit, credit=ledger_accountmonth.credit+excluded.credit"
    )
    bulk.execute(sql, [sequence, sequence, sequence])


def kept_against_rows() -> str:
    """I-46: the kept months against every row of the books."""
    return unlike(KEYS, SUMS, f"SELECT {KEYS}, debit, credit FROM ledger_accountmonth", legs())


def rebuild() -> None:
    """重建 Write the months anew from the rows: for the migration that makes the table, and for maintenance."""
    bulk.execute("DELETE FROM ledger_accountmonth")
    bulk.execute(
        f"INSERT INTO ledger_accountmonth ({KEYS}, debit, credit) SELECT {KEYS}, CAST(SUM(debit) AS bigint), "
        f"CAST(SUM(credit) AS bigint) FROM ({legs()}) x GROUP BY {KEYS} ORDER BY {KEYS}"
    )
