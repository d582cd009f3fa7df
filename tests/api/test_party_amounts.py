"""往来金额 What parties owe is told by no door to who may not see the prices or the documents that it is made of."""

from __future__ import annotations

from typing import Any

import pytest

from hengcang.access.models import User
from hengcang.parties.models import Party
from hengcang.places.models import Department
from tests.api.conftest import Browser, person
from tests.api.documents_world import World, world

pytestmark = pytest.mark.django_db
LEDGER = "/reports/party_ledger?side=supplier&date_from=2026-03-05&date_to=2026-03-31&party="


@pytest.fixture
def at() -> World:
    return world()


def bought(at: World, quantity: str, on: int, **header: Any) -> Any:
    """A posted receipt at 5 a piece."""
    return at.posted("purchase_receipts", [at.line(quantity)], on=on, **header)


def ledger(browser: Browser, at: World) -> tuple[list[tuple[Any, str]], dict[str, str], str]:
    """The supplier's ledger: document and balance of each row, totals, note."""
    found = browser.get(f"{LEDGER}{at.company.supplier.pk}")
    rows = [(row.get("document", {}).get("id"), row["balance"]) for row in found["rows"]]
    return rows, found["totals"], found["note"]


def balance(browser: Browser, collection: str = "suppliers") -> dict[str, str | None]:
    """What the picker says of each party."""
    return {row["code"]: row.get("balance") for row in browser.get(f"/{collection}/options")["rows"]}


def test_a_party_s_ledger_and_balance_hold_only_documents_inside_the_viewer_s_limits(at: World) -> None:
    north, south = (Department.objects.create(code=name, name=name) for name in ("北区", "南区"))
    b = at.company.places["B"].pk
    early, there = bought(at, "10", 1, department=north.pk), bought(at, "2000", 2, target_place=b, department=south.pk)
    late = bought(at, "4", 6, department=north.pk)
    bought(at, "7000", 7, target_place=b, department=south.pk)
    lines = [{"cash_account": at.company.bank.pk, "amount": "30"}, {"cleared_document": early["id"], "amount": "30"}]
    paid = at.posted("outgoing_payments", lines, on=8)
    assert ledger(at.boss, at)[1] == {"debit": "30", "credit": "35020", "balance": "-45040"} and balance(at.boss)["S1"] == "-45040"
    stay = person("stay", [("*", "view")], scopes=[("warehouse", at.company.places["A"].pk)])
    northern = person("northern", [("*", "view")], scopes=[("department", north.pk)])
    for browser in (stay, northern):
        rows, totals, note = ledger(browser, at)
        assert rows == [(None, "-50"), (late["id"], "-70"), (paid["id"], "-40")]
        assert totals == {"debit": "30", "credit": "20", "balance": "-40"} and "只含您可见单据的往来" in note
        assert balance(browser)["S1"] == "-40"
    assert "只含" not in ledger(at.boss, at)[2]
    maker = person("maker", [("*", "*")], scopes=[("own", 0)])
    made = maker.call("POST", "/purchase_receipts", at.body("purchase_receipts", [at.line("1")], 9))[1]
    maker.call("POST", f"/purchase_receipts/{made['id']}/post", {})
    assert ledger(maker, at)[0] == [(None, "0"), (made["id"], "-5")] and balance(maker)["S1"] == "-5"
    assert there["id"] not in [row["document"]["id"] for row in stay.get("/reports/open_items?side=supplier")["rows"]]


def test_who_is_limited_to_his_customers_sees_them_alone_and_all_that_was_booked_with_them(at: World) -> None:
    bought(at, "100", 1)
    seller = at.worker("li", "销售员")
    own = Party.objects.create(code="C9", name="我的客户", is_customer=True, salesperson=User.objects.get(username="li"))
    sold = at.posted("sales_deliveries", [at.line("4")], on=6, party=own.pk, salesperson=own.salesperson_id)
    lines = [{"cash_account": at.company.bank.pk, "amount": "15"}, {"cleared_document": sold["id"], "amount": "15"}]
    at.posted("incoming_payments", lines, on=7, party=own.pk)
    at.posted("sales_deliveries", [at.line("9")], on=6)
    span = "date_from=2026-03-01&date_to=2026-03-31"
    shown = seller.get(f"/reports/party_ledger?party={own.pk}&{span}")
    assert [row["balance"] for row in shown["rows"]] == ["0", "20", "5"]
    assert seller.call("GET", f"/reports/party_ledger?party={at.company.customer.pk}&{span}")[0] == 422
    assert balance(seller, "customers") == {"C9": "5"}


def test_the_picker_tells_a_balance_only_to_who_sees_the_prices_it_is_made_of(at: World) -> None:
    both = Party.objects.create(code="X1", name="两边", is_supplier=True, is_customer=True)
    bought(at, "100", 1)
    bought(at, "3", 1, party=both.pk)
    at.posted("sales_deliveries", [at.line("4")], on=2)
    rights = [("*", "view")]
    everything = {"S1": "-500", "C1": "20", "X1": "-15"}
    told = {
        (): everything,
        ("cost",): everything,
        ("sales_price",): {"S1": "-500", "C1": None, "X1": None},
        ("purchase_price",): {"S1": None, "C1": "20", "X1": None},
        ("purchase_price", "sales_price"): dict.fromkeys(everything),
    }
    for number, (masks, wanted) in enumerate(told.items()):
        assert balance(person(f"p{number}", rights, masks=masks), "parties") == wanted, masks
    assert balance(person("blind", [("party", "view")]), "parties") == dict.fromkeys(everything)
