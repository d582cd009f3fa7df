"""现金流预测 Exact days and amounts, why, whose eyes see what, and as many statements for many parties as for one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.viewer import Viewer
from hengcang.analytics.cash_forecast import run, run_lines
from hengcang.base import clock
from hengcang.base.book import change_book
from hengcang.meta.english import speak
from hengcang.parties.models import Party
from hengcang.places.models import CashAccount, CurrencyRate
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db
TODAY = day(31)


@pytest.fixture(autouse=True)
def last_of_march() -> Any:
    """Everything is looked at on 31 March."""
    with clock.standing_at(datetime(2026, 3, 31, 10, tzinfo=timezone(timedelta(hours=8)))):
        yield


def sold(company: Company, on: int, amount: str, due: int, **header: Any) -> Document:
    """A delivery of one piece, due on a day of March (32 is the first of April)."""
    lines = [{"item": company.item().pk, "quantity": "1", "unit_price_net": amount}]
    where = {"party": company.customer.pk, "source_place": company.places["A"].pk, "due_date": day(due).isoformat(), **header}
    return company.posted("sales_delivery", day(on), lines, **where)


def paid(company: Company, document: Document, on: int, amount: str, account: CashAccount | None = None) -> Document:
    """A payment that clears a document."""
    side = {"sales_delivery": "incoming_payment", "purchase_receipt": "outgoing_payment"}[document.type]
    lines = [{"cash_account": (account or company.bank).pk, "amount": amount}, {"cleared_document": document.pk, "amount": amount}]
    return company.posted(side, day(on), lines, party=document.party_id)


def stocked() -> Company:
    """Goods that cost nothing yet to anybody, and 1000 in the bank."""
    company = make.company()
    company.posted("opening_cash", day(1), [{"cash_account": company.bank.pk, "amount": "1000"}])
    lines = [{"item": company.item().pk, "quantity": "100", "unit_price_net": "1"}]
    company.posted("opening_stock", day(1), lines, target_place=company.places["A"].pk)
    return company


def lines(viewer: Viewer, **parameters: Any) -> list[tuple[Any, ...]]:
    """预计收付明细 in short: expected day, kind, document, in, out, why."""
    parameters = {"date_to": date(2026, 12, 31), **parameters}
    rows = run_lines(viewer, parameters).rows
    return [
        (row["expected"], row["kind"], row["document"]["id"], row["amount_in"], row["amount_out"], row["account_name"], row["why"])
        for row in rows
    ]


def days(viewer: Viewer, **parameters: Any) -> dict[str, tuple[Any, ...]]:
    """现金流预测 in short, by account and day, the days on which something moves."""
    rows = run(viewer, parameters).rows
    return {
        f"{row['account_name']} {row['day'][5:]}": (row["amount_in"], row["amount_out"], row["balance"], row["short"])
        for row in rows
        if row["amount_in"] or row["amount_out"]
    }


def test_open_items_come_by_due_day_and_the_party_s_own_habit() -> None:
    company = stocked()
    for on, due, late in ((1, 5, 9), (2, 6, 9), (3, 7, 20)):
        paid(company, sold(company, on, "10", due), due + late, "10")
    later, overdue, long_overdue = sold(company, 20, "100", 41), sold(company, 20, "50", 29), sold(company, 20, "7", 15)
    bought = company.receipt(day(10), "3", "700")
    habit = "按该客户近 3 笔平均晚 9 天"
    assert lines(company.viewer) == [
        ("2026-03-31", "open", long_overdue.pk, "7", None, "基本户", f"{habit}；已逾期 16 天，按今天算"),
        ("2026-04-07", "open", overdue.pk, "50", None, "基本户", habit),
        ("2026-04-09", "open", bought.pk, None, "2100", "账户未定", "没有收付记录，按到期日"),
        ("2026-04-19", "open", later.pk, "100", None, "基本户", habit),
    ]
    assert days(company.viewer) == {
        "全部账户 03-31": ("7", None, "1037", None),
        "全部账户 04-07": ("50", None, "1087", None),
        "全部账户 04-09": (None, "2100", "-1013", "1013"),
        "全部账户 04-19": ("100", None, "-913", "913"),
    }
    found = run(company.viewer, {"days_ahead": 10})
    assert len(list(found.rows)) == 11
    assert found.totals == {"amount_in": "57", "amount_out": "2100", "balance": "-1013"}
    assert "其后还有应收 100、应付 0。" in (found.note or "") and "现有资金 1,030。" in (found.note or "")
    weeks = list(run(company.viewer, {"days_ahead": 20, "step": "week"}).rows)
    assert [(row["day"], row["date_to"], row["balance"]) for row in weeks] == [
        ("2026-03-31", "2026-04-06", "1037"),
        ("2026-04-07", "2026-04-13", "-1013"),
        ("2026-04-14", "2026-04-20", "-913"),
    ]


def test_the_habit_is_of_the_newest_dozen_and_of_payments_that_stand() -> None:
    company = stocked()
    for number in range(1, 15):
        paid(company, sold(company, 1, "1", 2), 2 + (25 if number <= 2 else 4) if number > 2 else 3, "1")
    last = sold(company, 30, "5", 40)
    undone = paid(company, sold(company, 1, "1", 2), 30, "1")
    company.act(undone, "reverse")
    found = [row for row in lines(company.viewer) if row[2] == last.pk]
    assert found == [("2026-04-13", "open", last.pk, "5", None, "基本户", "按该客户近 12 笔平均晚 4 天")]


def test_what_was_paid_ahead_or_returned_pays_the_first_debts() -> None:
    company = stocked()
    first, second = sold(company, 20, "100", 40), sold(company, 20, "100", 41)
    company.posted("incoming_payment", day(21), [{"cash_account": company.bank.pk, "amount": "80"}], party=company.customer.pk)
    back = [{"item": company.item().pk, "quantity": "1", "unit_price_net": "30"}]
    company.posted("sales_return", day(22), back, party=company.customer.pk, target_place=company.places["A"].pk)
    no_habit = "没有收付记录，按到期日"
    assert lines(company.viewer) == [("2026-04-10", "open", second.pk, "90", None, "基本户", f"{no_habit}；已扣预收预付、退货 10")]
    assert days(company.viewer) == {"全部账户 04-10": ("90", None, "1170", None)}
    assert first.pk


def order(company: Company, type_name: str, quantity: str, price: str, delivery: int | None, **header: Any) -> Document:
    """A posted order."""
    side = {"sales_order": ("customer", "source_place"), "purchase_order": ("supplier", "target_place")}[type_name]
    body = {"party": getattr(company, side[0]).pk, side[1]: company.places["A"].pk, **header}
    if delivery is not None:
        body["delivery_date"] = day(delivery).isoformat()
    return company.posted(type_name, day(20), [{"item": company.item().pk, "quantity": quantity, "unit_price_net": price}], **body)


def test_orders_count_for_what_is_open_of_them_by_delivery_and_terms() -> None:
    company = stocked()
    wanted, late = order(company, "sales_order", "10", "20", 36), order(company, "sales_order", "1", "9", 25)
    bought, closed = order(company, "purchase_order", "5", "8", 35), order(company, "purchase_order", "5", "8", 35)
    line = {"item": company.item().pk, "quantity": "4", "unit_price_net": "20", "source_line": wanted.goods_lines.get().pk}
    where = {"party": company.customer.pk, "source_place": company.places["A"].pk}
    part = company.posted("sales_delivery", day(21), [line], **where)
    company.act(closed, "close")
    no_habit = "没有收付记录，按到期日"
    assert lines(company.viewer) == [
        ("2026-04-20", "open", part.pk, "80", None, "账户未定", no_habit),
        ("2026-04-30", "order", late.pk, "9", None, "账户未定", f"2026-03-31 交货，账期 30 天；{no_habit}"),
        ("2026-05-04", "order", bought.pk, None, "40", "账户未定", f"2026-04-04 交货，账期 30 天；{no_habit}"),
        ("2026-05-05", "order", wanted.pk, "120", None, "账户未定", f"2026-04-05 交货，账期 30 天；{no_habit}"),
    ]


def test_goods_that_wait_for_their_bill_count_by_the_day_it_would_be_due() -> None:
    company = stocked()
    change_book(debts_at="bill")
    waiting = sold(company, 20, "100", 45)
    received = company.receipt(day(22), "2", "30")
    no_habit = "没有收付记录，按到期日"
    assert lines(company.viewer) == [
        ("2026-04-14", "unbilled", waiting.pk, "100", None, "账户未定", f"还没有开票；{no_habit}"),
        ("2026-04-21", "unbilled", received.pk, None, "60", "账户未定", f"还没有开票；{no_habit}"),
    ]


def test_money_moves_on_the_account_that_was_last_used() -> None:
    company = stocked()
    till = CashAccount.objects.create(code="T", name="现金", kind="cash")
    other = Party.objects.create(code="C2", name="新客户", is_customer=True)
    paid(company, sold(company, 1, "10", 5), 5, "10")
    paid(company, sold(company, 2, "10", 6), 6, "10", till)
    sold(company, 20, "100", 40)
    sold(company, 20, "40", 42, party=other.pk)
    company.receipt(day(22), "1", "2000")
    assert days(company.viewer, by="account") == {
        "现金 04-09": ("100", None, "110", None),
        "现金 04-11": ("40", None, "150", None),
        "账户未定 04-21": (None, "2000", "-2000", "2000"),
    }
    balances = {row["account_name"]: row["balance"] for row in run(company.viewer, {"by": "account", "days_ahead": 1}).rows}
    assert balances == {"基本户": "1010", "现金": "10"}
    assert [row[3] for row in lines(company.viewer, cash_account=till.pk)] == ["100", "40"]


def test_foreign_money_counts_at_the_latest_rate_and_stays_apart() -> None:
    company = stocked()
    dollar, account = make.dollars(company, {1: "7.10", 25: "7.20"})
    company.posted("opening_cash", day(1), [{"cash_account": account.pk, "amount": "100"}], currency=dollar.pk)
    own, abroad = sold(company, 20, "50", 40), sold(company, 20, "10", 41, currency=dollar.pk, currency_rate="7.10")
    cash = [{"cash_account": account.pk, "amount": "4"}]
    company.posted("incoming_payment", day(26), cash, party=company.customer.pk, currency=dollar.pk)
    CurrencyRate.objects.create(currency=dollar, rate_date=day(31), rate=Decimal("7.25"))
    rows = {row["document"]["id"]: row for row in run_lines(company.viewer, {}).rows}
    assert (rows[own.pk]["amount_in"], rows[own.pk].get("currency")) == ("50", None)
    foreign = rows[abroad.pk]
    assert (foreign["amount_in"], foreign["currency"], foreign["foreign_amount"], foreign["account_name"]) == ("43.5", "USD", "6", "美元户")
    assert next(iter(run(company.viewer, {"days_ahead": 1}).rows))["balance"] == "1754"


def test_who_may_not_see_a_side_sees_neither_it_nor_the_balance_and_scopes_hold() -> None:
    company = stocked()
    sold(company, 20, "100", 40)
    company.receipt(day(22), "1", "30")
    blind = replace(company.viewer, administrator=False, permissions=frozenset({("*", "view")}), masks=frozenset({"sales_price"}))
    assert [(row[3], row[4]) for row in lines(blind)] == [(None, "30")]
    found = run(blind, {})
    assert {row["balance"] for row in found.rows} == {None} and found.totals == {"amount_in": "0", "amount_out": "30"}
    assert "您无权查看销售价" in (found.note or "")
    nothing = replace(blind, masks=frozenset({"sales_price", "purchase_price"}))
    assert lines(nothing) == []
    limited = replace(blind, masks=frozenset(), scopes={"warehouse": frozenset({company.places["B"].pk})})
    assert lines(limited) == [] and "只含您可见单据" in (run(limited, {}).note or "")
    orders = order(company, "sales_order", "1", "9", 40)
    without = replace(blind, masks=frozenset(), permissions=frozenset({("cash_forecast", "view")}))
    assert orders.pk not in {row[2] for row in lines(without)}
    speak("en")
    try:
        assert lines(blind)[0][6] == "no history: on the due day"
    finally:
        speak("zh")


def test_many_parties_take_as_many_statements_as_one() -> None:
    company = stocked()

    def counted() -> tuple[int, int]:
        found = []
        for report in (run, run_lines):
            with CaptureQueriesContext(connection) as captured:
                list(report(company.viewer, {}).rows)
            found.append(len(captured))
        return found[0], found[1]

    paid(company, sold(company, 1, "10", 5), 9, "10")
    sold(company, 20, "100", 40)
    order(company, "sales_order", "1", "9", 40)
    few = counted()
    for number in range(6):
        party = Party.objects.create(code=f"X{number}", name=f"客户{number}", is_customer=True)
        paid(company, sold(company, 1, "10", 5, party=party.pk), 7 + number, "10")
        sold(company, 20, "100", 40, party=party.pk)
        order(company, "sales_order", "1", "9", 40, party=party.pk)
    assert counted() == few
    assert max(few) <= 9
