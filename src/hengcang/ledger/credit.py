"""信用占用 Credit exposure of customers: balances are kept, unfinished orders are few; two statements for any number of customers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

from hengcang.base import bulk
from hengcang.core.amounts import SCALE, cents
from hengcang.core.credit import OrderLine, undelivered
from hengcang.core.posting import Account

BALANCES = """
SELECT party_id, account, balance FROM ledger_partybalance WHERE party_id {chosen} AND account IN (%s,%s,%s) AND balance<>0
"""
ORDERS = """
SELECT d.party_id, d.id, d.amount_gross, d.currency_rate, l.amount_gross, l.base_quantity, COALESCE(p.quantity,0)
FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision
LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose=%s
WHERE d.type=%s AND d.party_id {chosen} AND (d.state='posted' OR d.id=%s) AND d.progress<>'complete' ORDER BY d.id
"""


class Exposure(NamedTuple):
    """信用占用 What a customer owes, what he got that is not billed yet, what he has paid ahead (below zero), and what was promised
    and not delivered, in micro units."""

    receivable: int = 0
    unbilled: int = 0
    advance: int = 0
    ordered: int = 0

    @property
    def total(self) -> int:
        """What he uses of his credit."""
        return self.receivable + self.unbilled + self.advance + self.ordered


class Customer(NamedTuple):
    """授信客户 A customer with a credit limit, in micro units."""

    name: str
    limit: int


def lock_customer(party: int) -> Customer | None:
    """锁定客户 The customer under lock, so that two postings never both take the last of his credit; None without a limit."""
    lock = " FOR NO KEY UPDATE" if bulk.is_postgresql() else ""
    rows = bulk.fetch(f"SELECT name, credit_limit FROM parties_party WHERE id=%s AND credit_limit IS NOT NULL{lock}", [party])
    return Customer(*rows[0]) if rows else None


def exposures(parties: Collection[int], orders: Mapping[str, str], posting: int = 0) -> dict[int, Exposure]:
    """信用占用 By customer; `orders` are the types of order that count, each with its purpose of delivery, `posting` an order
    that is just being posted."""
    chosen, wanted = bulk.among(sorted(parties))
    kept: dict[int, dict[str, int]] = defaultdict(dict)
    accounts = [Account.RECEIVABLE.value, Account.UNBILLED_RECEIVABLE.value, Account.CUSTOMER_ADVANCE.value]
    for party, account, balance in bulk.fetch(BALANCES.format(chosen=chosen), [wanted, *accounts]):
        kept[party][account] = balance
    open_orders: dict[tuple[int, int, int], list[OrderLine]] = defaultdict(list)
    for type_name, purpose in orders.items():
        for party, order, gross, rate, *line in bulk.fetch(ORDERS.format(chosen=chosen), [purpose, type_name, wanted, posting]):
            open_orders[party, order, cents(gross * rate, SCALE)].append(OrderLine(*line))
    ordered: dict[int, int] = defaultdict(int)
    for (party, _, gross), lines in open_orders.items():
        ordered[party] += undelivered(gross, lines)
    return {one: Exposure(*(kept[one].get(account, 0) for account in accounts))._replace(ordered=ordered[one]) for one in parties}
