"""资金转账单 Cash transfer: money goes from one of our accounts to another; a fee is taken from the first on top."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hengcang.core.errors import SameAccount
from hengcang.core.posting import Account, DocumentFacts, Entry, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import cash_control, cash_entry
from hengcang.meta.declarations import DocumentType, Field, Kind, Total
from hengcang.settlement.lines import money_lines, total_field

CENT = Decimal("0.01")


def posting(document: DocumentFacts) -> Posting:
    """借 the account it goes to、财务费用—手续费 贷 the account it comes from, line by line. Raises SameAccount."""
    entries = []
    for line in document.money:
        if line.cash_account == line.target_account:
            raise SameAccount(path=f"money_lines.{line.line_number - 1}.target_account", line=line.line_number)
        target = cash_control(line.target_kind)
        entries += [
            Entry(target, line.amount, cash_account=line.target_account, money_line=line.id),
            Entry(Account.BANK_CHARGE, line.fee, money_line=line.id),
            cash_entry(replace(line, amount=line.amount + line.fee), -1),
        ]
    return Posting(entries=entries)


ACCOUNT, _, AMOUNT, REMARK = money_lines("").fields
LINES = replace(
    money_lines("转账明细"),
    role="transfer",
    fields=(
        replace(ACCOUNT, label="转出账户", required=True),
        replace(ACCOUNT, name="target_account", label="转入账户", required=True),
        replace(AMOUNT, minimum=CENT, total=True),
        Field(name="fee", label="手续费", kind=Kind.MONEY, default="0", minimum=Decimal(0), scale=2, total=True, width=100),
        REMARK,
    ),
)
CASH_TRANSFER = DocumentType(
    name="cash_transfer",
    collection="cash_transfers",
    label="资金转账单",
    number_pattern="ZJZZ-{yyyymmdd}-{seq:04}",
    total=Total.LINES,
    menu="settlement",
    posting=posting,
    fields=(
        f.NUMBER,
        f.DATE,
        f.HANDLER,
        f.DEPARTMENT,
        *f.CURRENCIES,
        total_field("转账金额"),
        *f.FOOT,
    ),
    money=LINES,
    list=f.document_list("amount_gross", filters=("money_lines.cash_account", "money_lines.target_account")),
)
