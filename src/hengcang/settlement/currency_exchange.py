"""外币兑换单 Currency exchange: money of one currency becomes money of another at the bank (结汇、购汇、外币互换).

Each account is booked at the rate of its own currency on that day, as every payment is (《小企业会计准则》第七十六条); what the bank
gave beside that is 汇兑损益. The closing of the month revalues what is left on the accounts.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hengcang.core.currency_errors import FeeAboveReceived, SameCurrency
from hengcang.core.errors import SameAccount
from hengcang.core.exchange import at_rate, difference
from hengcang.core.posting import ZERO, Account, DocumentFacts, Entry, MoneyFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.rules import cash_control
from hengcang.meta.declarations import Choice, DocumentType, Field, Kind, Total
from hengcang.settlement.lines import money_lines, total_field

CENT = Decimal("0.01")
SIDES = (Choice("source", "转出账户"), Choice("target", "转入账户"))


def posting(document: DocumentFacts) -> Posting:
    """借 the account it goes to、财务费用—手续费 贷 the account it comes from, the rest 财务费用—汇兑损益, line by line.

    Raises SameAccount, SameCurrency, FeeAboveReceived.
    """
    entries = []
    for line in document.money:
        refuse(line)
        entries += exchanged(line)
    return Posting(entries=entries)


def refuse(line: MoneyFacts) -> None:
    """Whether a line is an exchange. Raises SameAccount, SameCurrency, FeeAboveReceived."""
    at = f"money_lines.{line.line_number - 1}"
    if line.cash_account == line.target_account:
        raise SameAccount(path=f"{at}.target_account", line=line.line_number)
    if line.currency == line.target_currency:
        raise SameCurrency(path=f"{at}.target_account", line=line.line_number)
    if line.target_pays_fee and line.fee >= line.target_amount:
        raise FeeAboveReceived(path=f"{at}.fee", line=line.line_number, fee=line.fee, amount=line.target_amount)


def exchanged(line: MoneyFacts) -> list[Entry]:
    """One line: what comes, the fee, what goes, and the exchange difference; the fee is paid by the account that is named."""
    comes, goes, fee_currency, fee_rate = line.target_amount, line.amount + line.fee, line.currency, line.rate
    if line.target_pays_fee:
        comes, goes, fee_currency, fee_rate = line.target_amount - line.fee, line.amount, line.target_currency, line.target_rate
    entries = [
        entry(cash_control(line.target_kind), comes, line.target_currency, line.target_rate, line.target_account),
        entry(Account.BANK_CHARGE, line.fee, fee_currency, fee_rate),
        entry(cash_control(line.cash_kind), -goes, line.currency, line.rate, line.cash_account),
    ]
    abroad = line.currency or line.target_currency
    entries += [replace(one, currency=abroad) for one in difference(entries)]
    return [replace(one, money_line=line.id) for one in entries]


def entry(account: Account, amount: Decimal, currency: str | None, rate: Decimal, cash_account: int | None = None) -> Entry:
    """An amount in the currency of an account, booked at the rate of that currency."""
    return Entry(account, at_rate(amount, rate), None, cash_account, foreign=amount if currency else None, currency=currency)


def rate(name: str, label: str) -> Field:
    """The rate at which a side is booked."""
    found = replace(f.CURRENCY_RATE, name=name, label=label, column=f"ext:{name}", width=100, sortable=False)
    return replace(found, help="一单位外币合多少本位币；留空时取单据日期的最新汇率，本位币账户不填")


ACCOUNT, _, AMOUNT, REMARK = money_lines("").fields
LINES = replace(
    money_lines("兑换明细"),
    role="exchange",
    fields=(
        replace(ACCOUNT, label="转出账户", required=True),
        replace(AMOUNT, label="转出金额", minimum=CENT, help="以转出账户的币别计"),
        replace(ACCOUNT, name="target_account", label="转入账户", required=True),
        replace(AMOUNT, name="target_amount", label="转入金额", minimum=CENT, help="以转入账户的币别计，银行实际给的金额"),
        Field(
            name="bank_rate", label="银行汇率", kind=Kind.PRICE, column="ext:bank_rate", readonly=True, scale=6, width=100, sortable=False,
            help="由两边金额算出；有一边是本位币时为一单位外币合多少本位币",
        ),
        rate("currency_rate", "转出记账汇率"),
        rate("target_rate", "转入记账汇率"),
        replace(AMOUNT, name="book_amount", label="折本位币", required=False, readonly=True, total=True, help="转出金额按记账汇率"),
        Field(name="fee", label="手续费", kind=Kind.MONEY, default="0", minimum=ZERO, scale=2, width=100),
        Field(
            name="fee_from", label="手续费从", kind=Kind.CHOICE, column="ext:fee_from", choices=SIDES, default="source", width=100,
            sortable=False, help="以该账户的币别计：转出账户另付，转入账户少收",
        ),
        REMARK,
    ),
)  # fmt: skip
CURRENCY_EXCHANGE = DocumentType(
    name="currency_exchange",
    collection="currency_exchanges",
    label="外币兑换单",
    number_pattern="WBDH-{yyyymmdd}-{seq:04}",
    total=Total.BOOK,
    exchanges=True,
    menu="settlement",
    posting=posting,
    fields=(f.NUMBER, f.DATE, f.HANDLER, f.DEPARTMENT, total_field("折本位币"), *f.FOOT),
    money=LINES,
    list=f.document_list("amount_gross", filters=("money_lines.cash_account", "money_lines.target_account")),
)
