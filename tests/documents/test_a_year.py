"""一年 A year closed month by month: late charges, back-dated receipts, a covered negative and a count in every month.

What was closed never moves: the stock and the balances of a closed month are those of the day it was closed, whatever
is posted afterwards, and each month opens with what the one before closed with (I-30).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from hengcang.base import audit, clock
from hengcang.base.book import change_book, load_book
from hengcang.documents import closing_run
from hengcang.documents.closing_checks import month_end
from hengcang.ledger import check, reports
from hengcang.ledger.reports import Span, StockFilter
from hengcang.records.models import Document
from tests import make
from tests.make import Company

METHODS = ("moving_average", "fifo", "monthly_average")
TAXPAYERS = ("general_taxpayer", "small_scale_taxpayer")
MONTHS = 12


def month(number: int, day: int) -> date:
    """A day of the year's month."""
    return date(2025, number, day)


class Year:
    """A company in business for a year, with an item per costing method."""

    def __init__(self, taxpayer: str) -> None:
        self.company: Company = make.company(negative_stock="allow")
        change_book(taxpayer=taxpayer)
        for method in METHODS:
            self.company.item(method, costing_method=method, tax_rate=Decimal("0.13"))
        self.receipts: dict[str, Document] = {}

    def trade(self, number: int) -> None:
        """A month of business of every item."""
        company = self.company
        for at, item in enumerate(METHODS):
            price = str(10 + number + at)
            delivered = company.delivery(month(number, 2), "4", item=item, price="30")
            late = self.receipts.get(item)
            self.receipts[item] = company.receipt(month(number, 5), "20", price, item=item)
            if late is not None:
                self.charge(late, month(number, 6), "7.77")
            company.delivery(month(number, 10), "6", item=item, price="30")
            company.receipt(month(number, 8), "3", "99.99", item=item)
            row = delivered.goods_lines.get()
            company.posted(
                "sales_return",
                month(number, 12),
                [{"item": row.item_id, "quantity": "1", "unit_price_net": "30", "source_line": row.pk}],
                party=company.customer.pk,
                target_place=company.places["A"].pk,
            )
            company.transfer(month(number, 14), "2", item=item)
            counted = [{"item": row.item_id, "quantity": str(8 * number + 1 - 2 * number)}]
            company.posted("stock_count", month(number, 20), counted, source_place=company.places["A"].pk)

    def charge(self, receipt: Document, on: date, amount: str) -> None:
        """Freight that comes when its receipt's month is closed."""
        rows = receipt.goods_lines.filter(revision=receipt.revision)
        lines = [{"item": row.item_id, "quantity": "20", "source_line": row.pk} for row in rows]
        self.company.posted("landed_cost", on, lines, party=self.company.supplier.pk, charge_amount=amount, charge_tax="0.47")


def summary(number: int) -> list[tuple[Any, ...]]:
    """Opening, in, out and closing of every pool in a month."""
    first = month(number, 1)
    return reports.summary_rows(Span(first, month_end(first)), StockFilter())


@pytest.mark.django_db
@pytest.mark.parametrize("taxpayer", TAXPAYERS)
def test_a_year_closes_month_by_month_and_what_was_closed_never_moves(taxpayer: str) -> None:
    year = Year(taxpayer)
    closed: dict[int, list[tuple[Any, ...]]] = {}
    with clock.standing_at(datetime(2026, 2, 1, 10, tzinfo=timezone(timedelta(hours=8)))):
        for number in range(1, MONTHS + 1):
            year.trade(number)
            (done,) = closing_run.close_through(year.company.viewer, month(number, 1))
            assert done.through == month_end(month(number, 1)) == load_book().closed_through
            closed[number] = summary(number)
            assert closed[number] and all(row[2] >= 0 for row in closed[number])
        audit.seal()
        assert check.run() == []
    for number, kept in closed.items():
        assert summary(number) == kept, f"month {number} moved after it was closed"
    for number in range(2, MONTHS + 1):
        opening = {row[:2]: row[2:4] for row in closed[number]}
        closing = {row[:2]: row[8:10] for row in closed[number - 1]}
        assert opening == closing, f"month {number} does not open with what the one before closed with"
