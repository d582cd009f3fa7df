"""期初资金 Opening cash: what was on each of our accounts when the books began."""

from __future__ import annotations

from dataclasses import replace

from hengcang.core.posting import ZERO, Account, DocumentFacts, Entry, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import cash_entry
from hengcang.meta.declarations import DocumentType, Total
from hengcang.settlement.lines import money_lines, total_field


def posting(document: DocumentFacts) -> Posting:
    """借 库存现金、银行存款 贷 期初余额, line by line."""
    entries = [cash_entry(line, 1) for line in document.money]
    return Posting(entries=[*entries, Entry(Account.OPENING_BALANCE, -sum((entry.amount for entry in entries), ZERO))])


ACCOUNT, _, AMOUNT, REMARK = money_lines("").fields
OPENING_CASH = DocumentType(
    name="opening_cash",
    collection="opening_cash",
    label="期初资金",
    number_pattern="QCZJ-{yyyymmdd}-{seq:04}",
    total=Total.LINES,
    menu="settlement",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        f.HANDLER,
        *f.CURRENCIES,
        total_field("资金金额"),
        *f.FOOT,
    ),
    money=replace(
        money_lines("期初资金明细"),
        role="opening",
        fields=(replace(ACCOUNT, required=True), replace(AMOUNT, total=True), REMARK),
    ),
    list=f.document_list("amount_gross", filters=("money_lines.cash_account",)),
)
