"""往来立账 Pure pieces of the debts of goods and of their bills.

A book recognises a debt when the goods move, or when the bill comes (开票立账). In the second case the goods stand against
未开票 (and the tax of a sale against 待转销项税额) until they are billed; what waits is then booked line by line, each line
at the document's rate, so that any number of bills leaves nothing behind in either currency.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from hengcang.core.exchange import at_rate
from hengcang.core.posting import ZERO, Account, DocumentFacts, Entry, GoodsFacts, SourceFacts
from hengcang.documents.rules import cost_of_line


def payable(document: DocumentFacts, sign: int) -> list[Entry]:
    """应付分录 A purchase (+1) or a return (−1): 借 暂估应付、进项税额 贷 应付账款. The goods themselves book 暂估应付.

    Where the debt waits for the bill: 借 暂估应付 贷 应付账款—未开票, without tax.
    """
    gross = sum((line.amount_gross for line in document.goods), ZERO)
    cost = sum((cost_of_line(document, line) for line in document.goods), ZERO)
    goods = Entry(Account.PROVISIONAL_PAYABLE, sign * cost)
    if document.unbilled:
        return [goods, waiting(document, Account.UNBILLED_PAYABLE, -sign, lambda line: cost_of_line(document, line))]
    return [
        goods,
        Entry(Account.INPUT_TAX, sign * (gross - cost)),
        Entry(Account.PAYABLE, -sign * gross, party=document.party, due_date=document.due_date, opens=True),
    ]


def receivable(document: DocumentFacts, sign: int) -> list[Entry]:
    """应收分录 A sale (+1) or a return (−1): 借 应收账款 贷 主营业务收入、销项税额.

    Where the debt waits for the bill: 借 应收账款—未开票 贷 主营业务收入、待转销项税额 (财会〔2016〕22号).
    """
    gross = sum((line.amount_gross for line in document.goods), ZERO)
    net = sum((line.amount_net for line in document.goods), ZERO)
    revenue = Entry(Account.REVENUE, -sign * net)
    if document.unbilled:
        return [
            waiting(document, Account.UNBILLED_RECEIVABLE, sign, lambda line: line.amount_gross),
            revenue,
            waiting(document, Account.PENDING_OUTPUT_TAX, -sign, lambda line: line.tax_amount, party=False),
        ]
    return [
        Entry(Account.RECEIVABLE, sign * gross, party=document.party, due_date=document.due_date, opens=True),
        revenue,
        Entry(Account.OUTPUT_TAX, -sign * (gross - net)),
    ]


def waiting(document: DocumentFacts, account: Account, sign: int, of: Callable[[GoodsFacts], Decimal], *, party: bool = True) -> Entry:
    """未开票 What of the lines waits for the bill on an account."""
    amounts = [of(line) for line in document.goods]
    booked = sum((at_rate(amount, document.rate) for amount in amounts), ZERO)
    return Entry(account, sign * sum(amounts, ZERO), document.party if party else None, booked=sign * booked)


class Waited(NamedTuple):
    """待开票部分 What of the source lines waited for a bill, in the document's currency and as it was booked."""

    amount: Decimal = ZERO
    booked: Decimal = ZERO

    def entry(self, account: Account, sign: int, party: int | None = None) -> Entry:
        """It on an account."""
        return Entry(account, sign * self.amount, party, booked=sign * self.booked)


class Bill(NamedTuple):
    """开票 A bill against what its source lines were booked at: by how much it differs (cost, net, gross), and what waited for it."""

    cost: Decimal
    net: Decimal
    gross: Decimal
    waited_cost: Waited
    waited_gross: Waited
    waited_tax: Waited

    @property
    def debt(self) -> Decimal:
        """What it adds to the debt."""
        return self.gross + self.waited_gross.amount

    @property
    def input_tax(self) -> Decimal:
        """What of that is tax that may be deducted."""
        return self.debt - self.cost - self.waited_cost.amount


def billed(document: DocumentFacts, line: GoodsFacts) -> tuple[Decimal, Decimal, Decimal]:
    """开票差额 By how much a bill's line differs from what its source line was booked at: cost, net and gross."""
    assert line.source is not None
    source = line.source
    net = line.amount_net - source.share(source.amount_net, line.quantity)
    gross = line.amount_gross - source.share(source.amount_gross, line.quantity)
    return (net if document.taxpayer == "general_taxpayer" else gross), net, gross


def bill_of(document: DocumentFacts) -> Bill:
    """开票 All lines of a bill."""
    differences = [billed(document, line) for line in document.goods]
    cost, net, gross = (sum((one[at] for one in differences), ZERO) for at in range(3))
    return Bill(
        cost,
        net,
        gross,
        waited(document, lambda source: source.amount_net if source.unbilled == "net" else source.amount_gross),
        waited(document, lambda source: source.amount_gross),
        waited(document, lambda source: source.amount_gross - source.amount_net),
    )


def waited(document: DocumentFacts, of: Callable[[SourceFacts], Decimal]) -> Waited:
    """What of the source lines waited for this bill."""
    parts = [
        Waited(source.share(of(source), line.quantity), source.share(at_rate(of(source), source.rate), line.quantity))
        for line in document.goods
        for source in (line.source,)
        if source is not None and source.unbilled
    ]
    return Waited(sum((one.amount for one in parts), ZERO), sum((one.booked for one in parts), ZERO))


def owed_more(document: DocumentFacts, cost: Decimal, gross: Decimal) -> list[Entry]:
    """补记应付 What a charge adds to a debt: 借 暂估应付 (the goods bear it), 进项税额 贷 应付账款."""
    return [Entry(Account.PROVISIONAL_PAYABLE, cost), Entry(Account.INPUT_TAX, gross - cost), owed(document, gross)]


def owed(document: DocumentFacts, gross: Decimal) -> Entry:
    """应付账款 What is owed to the document's supplier; a credit of his is below zero."""
    return Entry(Account.PAYABLE, -gross, party=document.party, due_date=document.due_date, opens=True)


def claimed(document: DocumentFacts, gross: Decimal) -> Entry:
    """应收账款 What the document's customer owes."""
    return Entry(Account.RECEIVABLE, gross, party=document.party, due_date=document.due_date, opens=True)


def our_bill(document: DocumentFacts, sign: int) -> list[Entry]:
    """销售开票 A bill (+1) or a credit note (−1) of ours: 借 应收账款 贷 what waited for it, 主营业务收入 (the difference), 销项税额."""
    bill = bill_of(document)
    return [
        claimed(document, sign * bill.debt),
        bill.waited_gross.entry(Account.UNBILLED_RECEIVABLE, -sign, document.party),
        Entry(Account.REVENUE, -sign * bill.net),
        bill.waited_tax.entry(Account.PENDING_OUTPUT_TAX, sign),
        Entry(Account.OUTPUT_TAX, -sign * (bill.gross - bill.net + bill.waited_tax.amount)),
    ]
