"""凭证与科目账: exact figures by hand; at every day of random histories the plain sum of the rows, always balanced, few statements."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.viewer import Viewer
from hengcang.accounting.declare import ACCOUNT, ACCOUNT_RULE
from hengcang.accounting.models import AccountRule, ChartAccount
from hengcang.catalog.models import ItemCategory
from hengcang.core.errors import HengcangError
from hengcang.core.posting import Account
from hengcang.ledger import check
from hengcang.ledger.account_flows import rebuild
from hengcang.ledger.models import AccountMonth, MoneyEntry, StockMove
from hengcang.meta import registry
from hengcang.meta.masters import delete_master, save_master
from hengcang.parties.models import PartyCategory
from tests import make
from tests.ledger.histories import History
from tests.make import Company, day

pytestmark = pytest.mark.django_db
SIX = ("opening_debit", "opening_credit", "debit", "credit", "closing_debit", "closing_credit")


def report(company: Company, name: str, **parameters: Any) -> Any:
    """A report as its type's function gives it."""
    return registry.reports()[name].run(company.viewer, parameters)


def trial(company: Company, first: date, last: date, **more: Any) -> dict[str, list[str]]:
    """The trial balance by code."""
    rows = report(company, "trial_balance", date_from=first, date_to=last, **more).rows
    return {row["account_code"]: [row[name] for name in SIX] for row in rows}


def lines(company: Company, **parameters: Any) -> list[tuple[Any, ...]]:
    """Voucher lines: day, account, debit, credit."""
    rows = report(company, "voucher_list", date_from=day(1), date_to=day(31), **parameters).rows
    return [(row["document_date"], row["account_code"], row["debit"], row["credit"]) for row in rows]


def account(company: Company, code: str, name: str, above: str) -> int:
    """A sub-account under a standard one."""
    parent = ChartAccount.objects.get(code=above)
    raw = {"code": code, "name": name, "parent": parent.pk, "kind": parent.kind, "direction": parent.direction}
    return save_master(ACCOUNT, raw, company.viewer)


def test_the_standard_chart_has_every_account_that_is_posted_to() -> None:
    codes = dict(ChartAccount.objects.values_list("code", "name"))
    assert {one.value for one in Account} <= codes.keys()
    assert (codes["1405"], codes["2221.01.02"], codes["2202.99"], codes["5801"]) == ("库存商品", "销项税额", "暂估应付", "所得税费用")
    assert ChartAccount.objects.get(code="2221.01.02").parent.code == "2221.01"


def test_a_receipt_and_a_delivery_are_vouchers_that_balance() -> None:
    company = make.company()
    company.item("M6", tax_rate=Decimal("0.13"))
    company.receipt(day(1), "10", "5")
    company.delivery(day(2), "4", price="8")
    assert lines(company) == [
        ("2026-03-01", "1405", "50", None),
        ("2026-03-01", "2202.99", "50", None),
        ("2026-03-01", "2221.01.01", "6.5", None),
        ("2026-03-01", "2202", None, "56.5"),
        ("2026-03-01", "2202.99", None, "50"),
        ("2026-03-02", "1122", "36.16", None),
        ("2026-03-02", "5401", "20", None),
        ("2026-03-02", "1405", None, "20"),
        ("2026-03-02", "2221.01.02", None, "4.16"),
        ("2026-03-02", "5001", None, "32"),
    ]
    found = trial(company, day(1), day(31))
    assert found["1405"] == ["0", "0", "50", "20", "30", "0"]
    assert found["2202"] == ["0", "0", "50", "106.5", "0", "56.5"], "with 暂估应付 below it"
    assert found["2221.01.01"] == ["0", "0", "6.5", "0", "6.5", "0"]
    assert found["2221"] == ["0", "0", "6.5", "4.16", "2.34", "0"]
    totals = report(company, "trial_balance", date_from=day(1), date_to=day(31)).totals
    assert totals == dict(zip(SIX, ["0", "0", "162.66", "162.66", "88.5", "88.5"], strict=True))


def test_what_is_undone_is_red_in_its_own_column() -> None:
    company = make.company()
    receipt = company.receipt(day(1), "10", "5")
    company.act(receipt, "unpost")
    assert lines(company)[4:] == [
        ("2026-03-01", "1405", "-50", None),
        ("2026-03-01", "2202.99", "-50", None),
        ("2026-03-01", "2202", None, "-50"),
        ("2026-03-01", "2202.99", None, "-50"),
    ]
    assert trial(company, day(1), day(31)) == {}, "nothing happened"
    assert lines(company, by="day") == []


def test_rules_refine_what_is_shown_and_the_books_stay() -> None:
    company = make.company()
    tools = ItemCategory.objects.create(code="T", name="工具", path="/7/")
    company.item("M6", category=tools)
    company.item("N1")
    fine, big = account(company, "1405.01", "工具", "1405"), account(company, "1122.01", "大客户", "1122")
    PartyCategory.objects.create(pk=5, code="BIG", name="大客户")
    company.receipt(day(1), "10", "5")
    company.receipt(day(1), "10", "7", item="N1")
    company.delivery(day(2), "1", price="8")
    before = trial(company, day(1), day(31))
    save_master(ACCOUNT_RULE, {"booked_account": "1405", "item_category": tools.pk, "account": fine}, company.viewer)
    save_master(ACCOUNT_RULE, {"booked_account": "1122", "party_category": 5, "account": big}, company.viewer)
    company.customer.category_id = 5
    company.customer.save()
    after = trial(company, day(1), day(31))
    assert before["1405"] == after["1405"] == ["0", "0", "120", "5", "115", "0"]
    assert (after["1405.01"], after["1122.01"]) == (["0", "0", "50", "5", "45", "0"], ["0", "0", "8", "0", "8", "0"])
    only = report(company, "account_ledger", account=fine, date_from=day(2), date_to=day(31))
    assert [(row.get("debit"), row.get("credit"), row["balance"]) for row in only.rows] == [(None, None, "50"), (None, "5", "45")]
    assert only.totals == {"debit": "0", "credit": "5", "balance": "45"}
    assert set(StockMove.objects.values_list("target_account", flat=True)) == {"1405", "5401"}


def test_the_chart_and_the_map_refuse_what_would_break_them() -> None:
    company = make.company()
    stock = ChartAccount.objects.get(code="1405")
    own = account(company, "1405.01", "工具", "1405")
    with pytest.raises(HengcangError):
        save_master(ACCOUNT, {"code": "1406"}, company.viewer, stock.pk)
    with pytest.raises(HengcangError):
        delete_master(ACCOUNT, stock.pk, company.viewer)
    with pytest.raises(HengcangError):
        save_master(ACCOUNT, {"parent": own}, company.viewer, stock.pk)
    with pytest.raises(HengcangError):
        save_master(ACCOUNT, {"kind": "liability"}, company.viewer, own)
    save_master(ACCOUNT, {"name": "存货"}, company.viewer, stock.pk)
    rule = {"booked_account": "1405", "account_class": "goods", "account": own}
    save_master(ACCOUNT_RULE, rule, company.viewer)
    with pytest.raises(HengcangError):
        save_master(ACCOUNT_RULE, rule, company.viewer)
    save_master(ACCOUNT_RULE, {**rule, "account_class": "material"}, company.viewer)
    with pytest.raises(HengcangError):
        delete_master(ACCOUNT, own, company.viewer)
    assert AccountRule.objects.count() == 2
    assert ChartAccount.objects.get(pk=stock.pk).name == "存货"


def test_who_is_kept_from_prices_or_documents_sees_no_account() -> None:
    company = make.company()
    company.receipt(day(1), "10", "5")
    for limited in (Viewer(1, "甲", masks=frozenset({"cost"})), Viewer(1, "甲", scopes={"salesperson": frozenset({1})})):
        for name in ("voucher_list", "trial_balance", "general_ledger", "account_ledger"):
            shown = registry.reports()[name].run(limited, {"account": ChartAccount.objects.get(code="1405").pk})
            assert list(shown.rows) == [] and shown.totals is None and shown.note


SEEDS = (5, 17)


@pytest.fixture(params=SEEDS)
def history(request: pytest.FixtureRequest, db: None) -> History:
    """Some months of trade."""
    made = History(request.param)
    for _ in range(90):
        made.step()
    assert made.happened > 20
    return made


def rows_of(first: date, last: date) -> dict[str, list[Decimal]]:
    """Debits less credits by booked account, made row by row here."""
    found: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)])
    for move in StockMove.objects.filter(document_date__range=(first, last)):
        found[move.target_account][0] += move.value
        found[move.source_account][0] -= move.value
    for entry in MoneyEntry.objects.filter(document_date__range=(first, last)):
        found[entry.account][0] += entry.amount
    return {code: sums for code, sums in found.items() if sums[0]}


def test_every_figure_is_the_plain_sum_of_the_rows(history: History) -> None:
    company, chart = history.company, {row.code: row for row in ChartAccount.objects.all()}
    numbers = random.Random(history.seed)
    for first, last in (
        (date(2026, 3, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 5, 31)),
        (date(2026, 3, 1), date(2026, 6, 30)),
    ):
        shown = report(company, "trial_balance", date_from=first, date_to=last)
        assert shown.totals["debit"] == shown.totals["credit"]
        assert shown.totals["opening_debit"] == shown.totals["opening_credit"]
        assert shown.totals["closing_debit"] == shown.totals["closing_credit"]
        closing = rows_of(date(2000, 1, 1), last)
        found = {row["account_code"]: Decimal(row["closing_debit"]) - Decimal(row["closing_credit"]) for row in shown.rows}
        for code in ("1405", "1122", "2202.99", "5401", "1002", "2203"):
            assert found.get(code, 0) == sum(sums[0] for own, sums in closing.items() if own == code or own.startswith(f"{code}.")), code
    for code in ("1405", "1122", "2202"):
        first = day(numbers.randint(1, 40))
        last = first + timedelta(days=numbers.randint(0, 30))
        ledger = report(company, "account_ledger", account=chart[code].pk, date_from=first, date_to=last)
        before = rows_of(date(2000, 1, 1), first - timedelta(days=1))
        until = rows_of(date(2000, 1, 1), last)
        assert Decimal(ledger.rows[0]["balance"]) == sum(s[0] for own, s in before.items() if own.startswith(code))
        assert ledger.rows[-1]["balance"] == ledger.totals["balance"]
        assert Decimal(ledger.totals["balance"]) == sum(s[0] for own, s in until.items() if own.startswith(code))


def test_every_voucher_balances_however_it_is_summed(history: History) -> None:
    for by, key in (("posting", "voucher"), ("document", "document"), ("day", "document_date")):
        shown = report(history.company, "voucher_list", date_from=day(1), date_to=day(60), by=by)
        for _, rows in groupby(shown.rows, key=lambda row, key=key: (row["document_date"], str(row[key]))):
            group = list(rows)
            assert sum(Decimal(row["debit"] or 0) - Decimal(row["credit"] or 0) for row in group) == 0, group
        assert shown.totals["debit"] == shown.totals["credit"]
        every = registry.reports()["voucher_list"].run(history.company.viewer, {"date_from": day(1), "date_to": day(60), "by": by}, None)
        assert list(every.rows) == list(shown.rows)


def test_the_general_ledger_rolls_forward_month_by_month(history: History) -> None:
    shown = report(history.company, "general_ledger", date_from=day(1), date_to=day(90))
    for _, rows in groupby(shown.rows, key=lambda row: row["account_code"]):
        opening, *months = rows
        balance = signed(opening)
        for month, year in zip(months[::2], months[1::2], strict=True):
            balance += Decimal(month["debit"]) - Decimal(month["credit"])
            assert signed(month) == signed(year) == balance


def signed(row: dict[str, Any]) -> Decimal:
    """A balance with its sign."""
    return Decimal(row["balance"]) * (-1 if row["direction"] == "贷" else 1)


def test_reports_of_accounts_take_as_few_statements_however_much_there_is(history: History) -> None:
    stock = ChartAccount.objects.get(code="1405").pk
    asked = {"trial_balance": 3, "general_ledger": 3, "account_ledger": 6, "voucher_list": 4}
    for name, most in asked.items():
        with CaptureQueriesContext(connection) as captured:
            report(history.company, name, date_from=day(3), date_to=day(40), **({"account": stock} if name == "account_ledger" else {}))
        assert len(captured.captured_queries) <= most, [one["sql"][:80] for one in captured.captured_queries]


def test_the_months_can_be_made_anew(history: History) -> None:
    keys = ("month", "account", "item", "party", "cash_account", "category", "debit", "credit")
    kept = sorted(row for row in AccountMonth.objects.values_list(*keys) if any(row[-2:]))
    rebuild()
    assert sorted(row for row in AccountMonth.objects.values_list(*keys) if any(row[-2:])) == kept


@pytest.mark.tampers
def test_a_month_that_was_changed_is_found() -> None:
    company = make.company()
    company.receipt(day(1), "10", "5")
    AccountMonth.objects.filter(account="1405").update(debit=Decimal("50.01"))
    assert {fault.id for fault in check.run()} == {"I-46", "I-49"}
