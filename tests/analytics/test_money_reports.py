"""账龄与资金 Ageing and cash: exact figures by hand, and at every day of random histories the plain sum of entries and clearings."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from hengcang.base import clock
from hengcang.core.errors import HengcangError
from hengcang.core.posting import Control
from hengcang.ledger.models import Clearing, MoneyEntry
from hengcang.meta import registry
from hengcang.places.models import CashAccount, ExpenseCategory
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db
AGES = ("not_due", "days_30", "days_60", "days_90", "days_more")
ACCOUNTS = {"customer": ("1122", "1221", "2203"), "supplier": ("2202", "2241", "1123")}


def at(on: date) -> Any:
    """Ten in the morning of a day."""
    return clock.standing_at(datetime.combine(on, datetime.min.time(), timezone(timedelta(hours=8))) + timedelta(hours=10))


def report(company: Company, name: str, **parameters: Any) -> Any:
    """A report as its type's function gives it."""
    return registry.reports()[name].run(company.viewer, parameters)


def opened(company: Company, *lines: tuple[str, str], on: date = make.START) -> Document:
    """Opening debts of the customer: (amount, due day)."""
    rows = [{"party": company.customer.pk, "amount": amount, "due_date": due} for amount, due in lines]
    return company.posted("opening_receivable", on, rows)


def ages(company: Company, on: date, side: str = "customer") -> dict[str, list[str]]:
    """Total, the five ages, advances and net by party."""
    names = ("owed", *AGES, "advance", "net")
    return {row["party_name"]: [row[name] for name in names] for row in report(company, "ageing", side=side, day=on).rows}


def test_a_debt_grows_older_day_by_day() -> None:
    company = make.company()
    due = day(31)
    opened(company, ("100", due.isoformat()))
    for late, age in ((-1, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4)):
        shown = ages(company, due + timedelta(days=late))["顺达商行"]
        assert shown == ["100", *("100" if at_age == age else "0" for at_age in range(5)), "0", "100"], late


def test_a_past_day_shows_what_had_been_cleared_until_then_and_ages_what_was_left() -> None:
    company = make.company()
    debts = opened(company, ("300", day(10).isoformat()), ("200", day(50).isoformat()))
    with at(day(45)):
        company.posted("incoming_payment", day(20), [{"cash_account": company.bank.pk, "amount": "40"}], party=company.customer.pk)
        lines = [{"cash_account": company.bank.pk, "amount": "350"}, {"cleared_document": debts.pk, "amount": "350"}]
        paid = company.posted("incoming_payment", day(30), lines, party=company.customer.pk)
        company.act(paid, "reverse")
    nothing = ["0"] * 3
    assert ages(company, date(2026, 2, 28)) == {}
    assert ages(company, day(5)) == {"顺达商行": ["500", "500", "0", *nothing, "0", "500"]}
    assert ages(company, day(20)) == {"顺达商行": ["500", "200", "300", *nothing, "-40", "460"]}
    assert ages(company, day(30)) == {"顺达商行": ["150", "150", "0", *nothing, "-40", "110"]}
    assert ages(company, day(45)) == {"顺达商行": ["500", "200", "0", "300", "0", "0", "-40", "460"]}
    with at(day(45)):
        assert ages(company, day(45)) == {
            row["party_name"]: [row[k] for k in ("owed", *AGES, "advance", "net")] for row in report(company, "ageing").rows
        }
    items = report(company, "open_items", day=day(30))
    assert [(row["open"], row["due_date"], row["overdue_days"]) for row in items.rows] == [
        ("150", day(50).isoformat(), 0),
        ("-40", None, 0),
    ]
    late = report(company, "open_items", day=day(45))
    assert [(row["open"], row["overdue_days"]) for row in late.rows] == [("300", 35), ("200", 0), ("-40", 0)]
    assert (late.totals, late.note) == ({"amount": "460", "open": "460"}, "其中逾期 300。")


def test_what_suppliers_are_owed_ages_above_zero() -> None:
    company = make.company()
    company.receipt(day(1), "10", "30")
    rent = [{"category": ExpenseCategory.objects.get(name="房租").pk, "amount": "70"}]
    company.posted("expense", day(2), rent, party=company.supplier.pk, due_date=day(3).isoformat())
    company.posted("outgoing_payment", day(4), [{"cash_account": company.bank.pk, "amount": "50"}], party=company.supplier.pk)
    assert ages(company, day(40), "supplier") == {"明达五金": ["370", "0", "300", "70", "0", "0", "-50", "320"]}
    found = report(company, "ageing", side="supplier", day=day(40))
    assert found.totals == {
        "owed": "370", "not_due": "0", "days_30": "300", "days_60": "70", "days_90": "0", "days_more": "0", "advance": "-50", "net": "320",
    }  # fmt: skip


def test_a_cash_journal_runs_from_its_opening_and_shows_undone_money_in_red() -> None:
    company = make.company()
    till = CashAccount.objects.create(code="T1", name="现金", kind="cash")
    company.posted("opening_cash", day(1), [{"cash_account": company.bank.pk, "amount": "1000"}, {"cash_account": till.pk, "amount": "50"}])
    advance = {"party": company.customer.pk}
    company.posted("incoming_payment", day(3), [{"cash_account": company.bank.pk, "amount": "200", "remark": "定金"}], **advance)
    company.posted("cash_transfer", day(4), [{"cash_account": company.bank.pk, "target_account": till.pk, "amount": "300", "fee": "1"}])
    undone = company.posted("incoming_payment", day(5), [{"cash_account": company.bank.pk, "amount": "70"}], **advance)
    company.act(undone, "unpost")
    turned = company.posted("incoming_payment", day(6), [{"cash_account": company.bank.pk, "amount": "30"}], **advance)
    with at(day(8)):
        company.act(turned, "reverse")
    found = report(company, "cash_ledger", cash_account=company.bank.pk, date_from=day(2), date_to=day(9))
    shown = [(row.get("amount_in"), row.get("amount_out"), row["balance"], row.get("remark")) for row in found.rows]
    assert shown == [
        (None, None, "1000", "期初余额"),
        ("200", None, "1200", "定金"),
        (None, "301", "899", ""),
        ("70", None, "969", ""),
        ("-70", None, "899", ""),
        ("30", None, "929", ""),
        ("-30", None, "899", ""),
    ]
    assert found.totals == {"amount_in": "200", "amount_out": "301", "balance": "899"}
    table = report(company, "cash_balances", date_from=day(2), date_to=day(9))
    assert [[row[name] for name in ("account_name", "opening", "amount_in", "amount_out", "balance")] for row in table.rows] == [
        ["基本户", "1000", "200", "301", "899"],
        ["现金", "50", "300", "0", "350"],
    ]
    assert table.totals == {"opening": "1050", "amount_in": "500", "amount_out": "301", "balance": "1249"}
    empty = report(company, "cash_ledger", cash_account=till.pk, date_from=day(20), date_to=day(30))
    assert [row["balance"] for row in empty.rows] == ["350"] and empty.totals == {"amount_in": "0", "amount_out": "0", "balance": "350"}


class History:
    """Random money: debts, payments, advances, clearings, refunds, undone and reversed again, dated anywhere in sixty days."""

    def __init__(self, seed: int) -> None:
        self.random, self.company = random.Random(seed), make.company()
        self.company.receipt(day(1), "1000", "1")
        self.company.customer.is_supplier = True
        self.company.customer.save()

    def document(self, *types: str) -> Document | None:
        """Any posted document of some types."""
        found = list(Document.objects.filter(type__in=types, state="posted", reverses=None).order_by("id"))
        return self.random.choice(found) if found else None

    def cash(self) -> dict[str, Any]:
        return {"cash_account": self.company.bank.pk, "amount": str(self.random.randint(1, 90))}

    def step(self) -> None:
        """One thing that may happen or be refused."""
        on, customer = day(self.random.randint(2, 60)), self.company.customer.pk
        debt, advance = self.document("sales_delivery", "opening_receivable"), self.document("incoming_payment")
        amount = str(self.random.randint(1, 60))
        named = [{"cleared_document": one.pk, "amount": amount} for one in (debt,) if one]
        offset = [
            {"cleared_document": one.pk, "control": control, "amount": amount}
            for one, control in ((debt, Control.RECEIVABLE), (advance, Control.CUSTOMER_ADVANCE))
            if one
        ]
        with at(max(on, day(61))):
            match self.random.randint(0, 7):
                case 0:
                    self.company.delivery(on, str(self.random.randint(1, 9)))
                case 1:
                    opened(self.company, (amount, on.isoformat()), ("-3", day(9).isoformat()), on=on)
                case 2 | 3:
                    lines = [self.cash(), *named]
                    self.company.posted("incoming_payment", on, lines, party=customer)
                case 4:
                    self.company.posted("clearing", on, offset, party=customer, kind="advance_receivable")
                case 5:
                    back = [{"cleared_document": one.pk, "amount": f"-{amount}"} for one in (advance,) if one]
                    lines = [{**self.cash(), "amount": f"-{amount}"}, *back]
                    self.company.posted("incoming_payment", on, lines, party=customer)
                case turn:
                    if one := self.document("incoming_payment", "clearing", "opening_receivable", "sales_delivery"):
                        self.company.act(one, "unpost" if turn == 6 else "reverse")


def open_by_hand(on: date, accounts: Sequence[str]) -> dict[int, Decimal]:
    """What stood open at the end of a day by entry: live entries less what was cleared of them until then."""
    gone = set(MoneyEntry.objects.exclude(corrects=None).values_list("corrects", flat=True))
    live = MoneyEntry.objects.filter(account__in=accounts, document_date__lte=on, corrects=None).exclude(pk__in=gone).exclude(party=None)
    found: dict[int, Decimal] = dict(live.values_list("pk", "amount"))
    for debit, credit, amount in Clearing.objects.filter(document_date__lte=on).values_list("debit", "credit", "amount"):
        for entry, signed in ((debit, -amount), (credit, amount)):
            if entry in found:
                found[entry] += signed
    return {entry: amount for entry, amount in found.items() if amount}


@pytest.mark.parametrize("seed", [4, 9, 12])
def test_at_every_day_the_ageing_is_the_sum_of_entries_and_clearings_until_then(seed: int) -> None:
    history = History(seed)
    done = 0
    for _ in range(70):
        try:
            history.step()
            done += 1
        except HengcangError:
            continue
    assert done > 30 and Clearing.objects.filter(amount__lt=0).exists()
    company = history.company
    for on in (day(number) for number in range(1, 64, 3)):
        for side, accounts in ACCOUNTS.items():
            wanted = open_by_hand(on, accounts)
            items = report(company, "open_items", side=side, day=on).rows
            sign = 1 if side == "customer" else -1
            assert {row["id"]: sign * Decimal(row["open"]) for row in items} == wanted, (seed, on, side)
            sums: dict[str, Decimal] = defaultdict(Decimal)
            for row in report(company, "ageing", side=side, day=on).rows:
                sums["net"] += Decimal(row["net"])
                assert sum(Decimal(row[age]) for age in AGES) == Decimal(row["owed"])
            assert sign * sums["net"] == sum(wanted.values())
    cash = report(company, "cash_balances", date_from=day(1), date_to=day(64)).totals
    assert Decimal(cash["balance"]) == sum(MoneyEntry.objects.exclude(cash_account=None).values_list("amount", flat=True))
