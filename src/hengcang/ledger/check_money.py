"""往来与总账检查 Invariants of money: vouchers balance, parties and open items follow from entries, sub-ledgers meet the ledger."""

from __future__ import annotations

from hengcang.core.posting import Account, Control
from hengcang.ledger.account_flows import kept_against_rows
from hengcang.ledger.check_words import by_sql, differing
from hengcang.ledger.money import OWN

OPENING = ",".join(f"'{one.account.value}'" for one in Control)
STOCK = ",".join(f"'{one.value}'" for one in (Account.INVENTORY, Account.RAW_MATERIAL))
CASH = ",".join(f"'{one.value}'" for one in (Account.CASH, Account.BANK))
PROVISIONAL = Account.PROVISIONAL_PAYABLE.value

PARTY = differing(
    "party_id, account",
    "SELECT party_id, account, balance AS amount FROM ledger_partybalance",
    "SELECT party_id, account, amount FROM ledger_moneyentry WHERE party_id IS NOT NULL",
)
CLEARING_SIDES = """
SELECT c.id AS clearing, c.debit_id AS debit, c.credit_id AS credit, c.amount FROM ledger_clearing c
JOIN ledger_moneyentry d ON d.id=c.debit_id JOIN ledger_moneyentry k ON k.id=c.credit_id
WHERE COALESCE(d.party_id,0)<>COALESCE(k.party_id,0) OR d.account<>k.account OR d.currency<>k.currency OR d.amount<=0 OR k.amount>=0
  OR c.amount=0 OR d.corrects_id IS NOT NULL OR k.corrects_id IS NOT NULL
"""
CLEARED = """
SELECT debit_id AS entry_id, amount FROM ledger_clearing UNION ALL SELECT credit_id, -amount FROM ledger_clearing
"""
CLEARED_ABROAD = """
SELECT debit_id AS entry_id, COALESCE(foreign_amount,amount) AS amount FROM ledger_clearing
UNION ALL SELECT credit_id, -COALESCE(foreign_amount,amount) FROM ledger_clearing
"""
ADJUSTED = "SELECT adjusts_id AS entry_id, amount FROM ledger_moneyentry WHERE adjusts_id IS NOT NULL"
OVERSPENT = f"""
SELECT e.id AS entry, e.amount, s.amount AS cleared_amount FROM (
  SELECT entry_id, CAST(SUM(amount) AS bigint) AS amount FROM ({CLEARED_ABROAD}) c GROUP BY entry_id
) s JOIN (SELECT id, foreign_amount AS amount FROM ledger_moneyentry) e
  ON e.id=s.entry_id WHERE (e.amount>0 AND (s.amount>e.amount OR s.amount<0))
  OR (e.amount<0 AND (s.amount<e.amount OR s.amount>0))
"""
LIVE_OPENING = f"""
SELECT e.id AS entry_id, e.amount, e.foreign_amount FROM ledger_moneyentry e
WHERE e.account IN ({OPENING}) AND e.party_id IS NOT NULL AND e.corrects_id IS NULL AND e.adjusts_id IS NULL
  AND e.id NOT IN (SELECT r.corrects_id FROM ledger_moneyentry r WHERE r.corrects_id IS NOT NULL)
"""
OPEN_ITEMS = differing(
    "entry_id",
    "SELECT entry_id, open AS amount FROM ledger_openitem",
    f"SELECT entry_id, amount FROM ({LIVE_OPENING}) e UNION ALL {ADJUSTED} UNION ALL SELECT c.entry_id, -c.amount FROM ({CLEARED}) c",
)
OPEN_ABROAD = differing(
    "entry_id",
    "SELECT entry_id, COALESCE(foreign_open,open) AS amount FROM ledger_openitem",
    f"SELECT entry_id, foreign_amount AS amount FROM ({LIVE_OPENING}) e UNION ALL SELECT c.entry_id, -c.amount FROM ({CLEARED_ABROAD}) c",
)
# What is open in one of its two currencies only, is a cent left behind.
LEFT_BEHIND = "SELECT entry_id AS entry, open AS amount FROM ledger_openitem WHERE foreign_open=0 AND open<>0"
OPEN_ITEM_FACTS = """
SELECT o.entry_id AS entry, o.amount, e.amount AS recorded_amount FROM ledger_openitem o JOIN ledger_moneyentry e ON e.id=o.entry_id
JOIN ledger_posting p ON p.id=e.posting_id
WHERE o.amount<>e.amount OR o.account<>e.account OR o.party_id<>e.party_id OR o.document_id<>p.document_id OR e.corrects_id IS NOT NULL
"""
CONTROL = differing(
    "party_id, account",
    f"SELECT party_id, account, amount FROM ledger_moneyentry WHERE account IN ({OPENING}) AND party_id IS NOT NULL",
    "SELECT party_id, account, open AS amount FROM ledger_openitem",
)
WITHOUT_PARTY = f"SELECT id AS entry, account, amount FROM ledger_moneyentry WHERE account IN ({OPENING}) AND party_id IS NULL"
STOCK_IS_LEDGER = f"""
SELECT x.stored AS stored_value, x.rebuilt AS rebuilt_value FROM (
  SELECT (SELECT COALESCE(CAST(SUM(value) AS bigint),0) FROM ledger_costpool) AS stored,
    (SELECT COALESCE(CAST(SUM(CASE WHEN target_account IN ({STOCK}) THEN value ELSE 0 END
      - CASE WHEN source_account IN ({STOCK}) THEN value ELSE 0 END) AS bigint),0) FROM ledger_stockmove)
    + (SELECT COALESCE(CAST(SUM(amount) AS bigint),0) FROM ledger_moneyentry WHERE account IN ({STOCK})) AS rebuilt
) x WHERE x.stored<>x.rebuilt
"""
# A receipt brings its own debt, a bill that charges it brings what it adds: 暂估应付 closes posting by posting.
PROVISIONAL_OPEN = f"""
SELECT p.id AS posting, p.document_id AS document, CAST(SUM(x.amount) AS bigint) AS amount FROM (
  SELECT m.posting_id, CASE WHEN m.target_account='{PROVISIONAL}' THEN m.value ELSE 0 END
    - CASE WHEN m.source_account='{PROVISIONAL}' THEN m.value ELSE 0 END AS amount
  FROM ledger_stockmove m WHERE '{PROVISIONAL}' IN (m.source_account, m.target_account)
  UNION ALL SELECT e.posting_id, e.amount FROM ledger_moneyentry e WHERE e.account='{PROVISIONAL}'
) x JOIN ledger_posting p ON p.id=x.posting_id GROUP BY p.id, p.document_id HAVING SUM(x.amount)<>0
"""
CASH_NAMED = f"""
SELECT e.id AS entry, e.account, e.amount FROM ledger_moneyentry e LEFT JOIN places_cashaccount c ON c.id=e.cash_account_id
WHERE (e.account IN ({CASH}) AND c.id IS NULL) OR (e.account NOT IN ({CASH}) AND c.id IS NOT NULL)
"""
VOUCHERS = """
SELECT posting_id AS posting, currency, document_date, CAST(SUM(amount) AS bigint) AS amount,
  CAST(SUM(foreign_amount) AS bigint) AS foreign_amount
FROM ledger_moneyentry WHERE posting_id NOT IN ({exchanging})
GROUP BY posting_id, currency{day} HAVING SUM(amount)<>0 OR SUM(foreign_amount)<>0
"""
EXCHANGING = """
SELECT p.id FROM records_moneyline m JOIN ledger_posting p ON p.document_id=m.document_id AND p.revision=m.revision
WHERE m.target_amount IS NOT NULL
"""
VOUCHER = VOUCHERS.replace("document_date, ", "").format(day="", exchanging=EXCHANGING)
VOUCHER_BY_DAY = VOUCHERS.format(day=", document_date", exchanging=EXCHANGING)
# What is exchanged balances in the book's currency; of every other, as much left or came as the lines say.
VOUCHER_OF_EXCHANGE = f"""
SELECT posting_id AS posting, document_date, CAST(SUM(amount) AS bigint) AS amount FROM ledger_moneyentry
WHERE posting_id IN ({EXCHANGING}) GROUP BY posting_id, document_date HAVING SUM(amount)<>0
"""
EXCHANGED_LINES = """
SELECT p.id AS posting_id, COALESCE(c.code,'{own}') AS currency,
  CASE WHEN p.kind='unpost' THEN {sign}m.{amount} ELSE -({sign}m.{amount}) END AS foreign_amount
FROM records_moneyline m JOIN ledger_posting p ON p.document_id=m.document_id AND p.revision=m.revision
JOIN places_cashaccount a ON a.id=m.{account} LEFT JOIN places_currency c ON c.id=a.currency_id WHERE m.target_amount IS NOT NULL
"""
EXCHANGED = f"""
SELECT posting_id AS posting, currency, CAST(SUM(foreign_amount) AS bigint) AS foreign_amount FROM (
  SELECT posting_id, currency, foreign_amount FROM ledger_moneyentry WHERE posting_id IN ({EXCHANGING})
  UNION ALL {EXCHANGED_LINES.format(own=OWN, sign="-", amount="amount", account="cash_account_id")}
  UNION ALL {EXCHANGED_LINES.format(own=OWN, sign="", amount="target_amount", account="target_account_id")}
) x GROUP BY posting_id, currency HAVING SUM(foreign_amount)<>0
"""
TOTAL = "SELECT s.amount FROM (SELECT CAST(SUM(amount) AS bigint) AS amount FROM ledger_moneyentry) s WHERE s.amount<>0"
# Whole units and the rest apart: the accounts of a month together may be more than a column holds.
TRIAL = """
SELECT month, SUM((debit-credit)/1000000) AS whole, SUM((debit-credit)%1000000) AS rest FROM ledger_accountmonth GROUP BY month
HAVING SUM((debit-credit)/1000000)*1000000+SUM((debit-credit)%1000000)<>0
"""
NEGATED = """
SELECT x.entry, x.amount FROM (
  SELECT COALESCE(e.corrects_id, e.id) AS entry, CAST(SUM(e.amount) AS bigint) AS amount, COUNT(*) AS rows_of,
    COUNT(DISTINCT e.account) AS accounts, COUNT(DISTINCT COALESCE(e.party_id,0)) AS parties, COUNT(DISTINCT e.document_date) AS days
  FROM ledger_moneyentry e WHERE e.corrects_id IS NOT NULL
    OR e.id IN (SELECT r.corrects_id FROM ledger_moneyentry r WHERE r.corrects_id IS NOT NULL)
  GROUP BY COALESCE(e.corrects_id, e.id)
) x WHERE x.amount<>0 OR x.rows_of<>2 OR x.accounts<>1 OR x.parties<>1 OR x.days<>1
"""

CHECKS = (
    by_sql("I-16", "分录的冲回与原分录不符", NEGATED),
    by_sql("I-21", "往来余额与分录之和不符", PARTY),
    by_sql("I-22", "核销双方的单位、科目、币种或方向不符", CLEARING_SIDES),
    by_sql("I-23", "核销超过分录金额", OVERSPENT),
    by_sql("I-24", "往来科目与未结项之和不符", CONTROL),
    by_sql("I-24", "往来科目的分录没有往来单位", WITHOUT_PARTY),
    by_sql("I-24", "库存金额与存货科目不符", STOCK_IS_LEDGER),
    by_sql("I-25", "记账借贷不平", VOUCHER),
    by_sql("I-25", "兑换的外币与单据不符", EXCHANGED),
    by_sql("I-35", "资金分录与结算账户不对应", CASH_NAMED),
    by_sql("I-46", "科目月度发生额与分录、移动不符", kept_against_rows),
    by_sql("I-49", "全部科目之和不为零", TOTAL),
    by_sql("I-49", "试算不平", TRIAL),
    by_sql("I-54", "未结项与分录减核销不符", OPEN_ITEMS),
    by_sql("I-54", "未结项与其分录不符", OPEN_ITEM_FACTS),
    by_sql("I-54", "外币未结项与分录减核销不符", OPEN_ABROAD),
    by_sql("I-54", "外币已结清而本位币有余额", LEFT_BEHIND),
    by_sql("I-55", "记账按日期借贷不平", VOUCHER_BY_DAY),
    by_sql("I-55", "兑换按日期借贷不平", VOUCHER_OF_EXCHANGE),
    by_sql("I-55", "暂估应付未随单据结清", PROVISIONAL_OPEN),
)
