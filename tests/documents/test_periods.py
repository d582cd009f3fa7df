"""期末结账 Closing and reopening: costs run, dates locked, newest first; the database itself refuses what would go round it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from hengcang.base import bulk
from hengcang.base.book import book, load_book
from hengcang.core.amounts import to_decimal
from hengcang.core.errors import (
    InvalidDocument,
    TransitionRefused,
)
from hengcang.core.period_errors import (
    PeriodClosed,
    PeriodEnd,
    PeriodNotNewest,
)
from hengcang.documents import books, services
from hengcang.ledger import queries
from hengcang.ledger.check_words import Fault
from hengcang.ledger.models import MoneyEntry, StockMove
from hengcang.meta import registry
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db
MODELS = {"ledger_stockmove": StockMove, "ledger_moneyentry": MoneyEntry}
MARCH, APRIL, MAY = date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)


def close(company: Company, on: date) -> Document:
    return company.posted("period_close", on)


def cost(document: Document) -> Decimal:
    return sum((move["value"] for move in queries.live_moves(document.pk, document.revision)), Decimal(0))


def monthly(company: Company) -> None:
    company.item("Y", costing_method="monthly_average")


def test_closing_runs_the_average_of_the_month_and_reopening_takes_it_back() -> None:
    company = make.company()
    monthly(company)
    company.receipt(day(1), "10", "10", item="Y")
    sold = company.delivery(day(5), "10", item="Y")
    company.receipt(day(20), "10", "20", item="Y")
    assert cost(sold) == 100
    closing = close(company, MARCH)
    assert (cost(sold), load_book().closed_through, closing.number) == (Decimal(150), MARCH, "QMJZ-20260331-0001")
    later = company.delivery(date(2026, 4, 2), "4", item="Y")
    assert cost(later) == 60
    company.act(closing, "unpost")
    assert (cost(sold), load_book().closed_through) == (Decimal(100), None)
    company.act(closing)
    assert (cost(sold), cost(later), load_book().averaged_through) == (Decimal(150), Decimal(60), MARCH)


def test_a_bill_after_closing_reaches_goods_sold_in_a_closed_month_on_the_first_open_day() -> None:
    company = make.company()
    receipt = company.receipt(day(1), "10", "10")
    sold = company.delivery(day(5), "4")
    close(company, MARCH)
    lines = [{"item": company.item().pk, "quantity": "10", "source_line": receipt.goods_lines.get().pk}]
    company.posted("landed_cost", date(2026, 4, 10), lines, party=company.supplier.pk, charge_amount="20", basis="quantity")
    rows = bulk.fetch("SELECT entry_kind, document_date, value FROM ledger_stockmove WHERE corrects_id IS NOT NULL ORDER BY id")
    assert [(kind, str(on), to_decimal(value)) for kind, on, value in rows] == [
        ("charge", "2026-04-01", Decimal(20)),
        ("revaluation", "2026-04-01", Decimal(8)),
    ]
    assert cost(sold) == 48


def test_a_preview_of_closing_closes_nothing_and_leaves_nothing_remembered() -> None:
    company = make.company()
    company.receipt(day(1), "10", "10")
    closing = company.draft("period_close", MARCH)
    shown = books.preview(company.viewer, registry.document("period_close"), closing.pk)
    assert (shown["refusal"], book().closed_through, load_book().closed_through) == (None, None, None)
    assert company.receipt(day(2), "1", "10").state == "posted"


def test_a_run_that_would_break_the_books_is_stopped_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    company = make.company()
    closing = company.draft("period_close", MARCH)
    monkeypatch.setattr(services, "check_posting", lambda appended: [Fault("I-07", "数量为零而金额不为零", ())])
    with pytest.raises(services.BrokenBooks):
        company.act(closing)
    closing.refresh_from_db()
    assert (closing.state, book().closed_through) == ("draft", None)


def test_nothing_dated_in_a_closed_month_can_be_posted_or_undone() -> None:
    company = make.company()
    receipt = company.receipt(day(1), "10", "10")
    close(company, MARCH)
    with pytest.raises(PeriodClosed):
        company.receipt(day(31), "1", "10")
    Document.objects.filter(state="draft").delete()
    with pytest.raises(PeriodClosed):
        company.act(receipt, "unpost")
    assert company.receipt(date(2026, 4, 1), "1", "10").state == "posted"


@pytest.mark.parametrize("table", ["ledger_stockmove", "ledger_moneyentry"])
def test_the_database_refuses_a_row_dated_in_a_closed_month(table: str) -> None:
    company = make.company()
    company.receipt(day(1), "10", "10")
    close(company, MARCH)
    columns = ",".join(field.column for field in MODELS[table]._meta.concrete_fields if field.column != "id")
    with pytest.raises(DatabaseError, match="period-closed"), transaction.atomic():
        bulk.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table}")


@pytest.mark.parametrize(
    ("closed", "asked", "reason"),
    [
        ((), date(2026, 3, 30), "不是月末"),
        ((MARCH,), MAY, "逐月"),
        ((MARCH,), MARCH, "已结账"),
        ((), date(2099, 1, 31), "还没有到"),
    ],
)
def test_months_are_closed_whole_and_in_order(closed: tuple[date, ...], asked: date, reason: str) -> None:
    company = make.company()
    for one in closed:
        close(company, one)
    with pytest.raises((PeriodEnd, PeriodClosed)) as refused:
        close(company, asked)
    assert reason in refused.value.message()


def test_drafts_of_the_month_stand_against_closing_by_name() -> None:
    company = make.company()
    lines = [{"item": company.item().pk, "quantity": "1", "unit_price_net": "1"}]
    waiting = company.draft("purchase_receipt", day(9), lines, party=company.supplier.pk, target_place=company.places["A"].pk)
    with pytest.raises(InvalidDocument) as refused:
        close(company, MARCH)
    assert refused.value.errors[0].message().startswith(f"期间内还有 1 张单据没有审核（采购入库单 草稿 #{waiting.pk}）")
    company.act(waiting)
    company.act(Document.objects.get(type="period_close"))
    assert load_book().closed_through == MARCH


def test_periods_are_reopened_newest_first_and_never_reversed() -> None:
    company = make.company()
    company.receipt(day(1), "10", "10")
    march, april = close(company, MARCH), close(company, APRIL)
    with pytest.raises(PeriodNotNewest):
        company.act(march, "unpost")
    with pytest.raises(TransitionRefused):
        company.act(april, "reverse")
    company.act(april, "unpost")
    assert load_book().closed_through == MARCH
    company.act(march, "unpost")
    assert load_book().closed_through is None


def test_negative_stock_and_missing_prices_are_told_but_do_not_hold_closing_back() -> None:
    company = make.company(negative_stock="allow")
    company.delivery(day(3), "2")
    lines = [{"item": company.item("N").pk, "quantity": "1"}]
    company.posted("purchase_receipt", day(4), lines, party=company.supplier.pk, target_place=company.places["A"].pk)
    closing = company.draft("period_close", MARCH)
    told = company.act(closing)["warnings"]
    company.act(closing, "unpost")
    receipt = Document.objects.get(type="purchase_receipt")
    billed = [{"item": row.item_id, "quantity": "1", "unit_price_net": "3", "source_line": row.pk} for row in receipt.goods_lines.all()]
    company.posted("purchase_invoice", day(5), billed, party=company.supplier.pk)
    assert [one["code"] for one in company.act(closing)["warnings"]] == ["negative_at_close"]
    assert [one["code"] for one in told] == ["negative_at_close", "unpriced_at_close"]
    assert "M6 商品M6（A仓）" in told[0]["message"] and "CGRK-20260304-0001" in told[1]["message"]
