"""外币接口 Currencies over the wire: nothing of them shows until one is active; then documents have a currency and a rate."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.documents_world import World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> World:
    return world()


def names(at: World, document: str) -> set[str]:
    """The header fields of a type that the screen is given."""
    return {one["name"] for one in at.boss.get("/meta")["documents"][document]["fields"]}


def dollar(at: World) -> Any:
    """A currency as a person enters it."""
    rates = [{"rate_date": "2026-03-01", "rate": "7.1"}]
    status, made = at.boss.call("POST", "/currencies", {"code": "usd", "name": "美元", "symbol": "$", "rates": rates})
    assert status == 201, made
    return made


def test_currencies_show_only_while_one_is_active(at: World) -> None:
    assert not {"currency", "currency_rate"} & names(at, "purchase_receipt")
    assert "currency_exchange" not in at.boss.get("/meta")["documents"]
    assert not {"currency", "currencies", "closing_book"} & names(at, "party_statement")
    assert not {"currency", "currencies"} & {one["name"] for one in at.boss.get("/meta")["reports"]["ageing"]["parameters"]}
    assert "foreign_amount" not in {one["name"] for one in at.boss.get("/meta")["reports"]["open_items"]["columns"]}
    made = dollar(at)
    assert made["code"] == "USD"
    assert {"currency", "currency_rate"} <= names(at, "purchase_receipt")
    assert {"currency", "currency_rate"} <= names(at, "outgoing_payment")
    assert {"currency", "currencies", "closing_book"} <= names(at, "party_statement")
    assert {"currency", "currencies"} <= {one["name"] for one in at.boss.get("/meta")["reports"]["ageing"]["parameters"]}
    settlement = next(one for one in at.boss.get("/meta")["menu"] if one["name"] == "settlement")
    assert {"kind": "document", "name": "currency_exchange"} in settlement["entries"]
    status, answer = at.boss.call("PUT", f"/currencies/{made['id']}", {"version": made["version"], "active": False})
    assert status == 200, answer
    assert not {"currency", "currency_rate"} & names(at, "purchase_receipt")


def test_a_code_that_is_no_foreign_currency_is_refused(at: World) -> None:
    for code in ("CNY", "美元", "U1"):
        status, problem = at.boss.call("POST", "/currencies", {"code": code, "name": "某币"})
        assert (status, problem["code"]) == (422, "invalid_document"), problem
    assert at.boss.get("/currencies")["rows"] == []


def test_a_receipt_in_dollars_is_converted_into_a_payment_and_reports_show_both(at: World) -> None:
    made = dollar(at)
    status, account = at.boss.call("POST", "/cash_accounts", {"name": "美元户", "currency": made["id"]})
    assert status == 201, account
    receipt = at.posted("purchase_receipts", [at.line("10")], currency=made["id"])
    assert (receipt["currency"]["label"], receipt["currency_rate"]) == ("美元", "7.1")
    [row] = at.boss.get("/reports/open_items?side=supplier")["rows"]
    assert row["currency"] == "USD" and row["to_clear"] == row["foreign_amount"] == receipt["amount_gross"]
    status, answer = at.boss.call("POST", f"/purchase_receipts/{receipt['id']}/convert/outgoing_payment", {})
    assert status in (200, 201), answer
    [cash, cleared] = at.boss.get(f"/outgoing_payments/{answer['id']}")["money_lines"]
    assert (cash["cash_account"]["id"], cash["amount"], cleared["amount"]) == (account["id"], row["to_clear"], row["to_clear"])


def test_an_exchange_and_a_statement_in_dollars_go_over_the_wire(at: World) -> None:
    made = dollar(at)
    status, account = at.boss.call("POST", "/cash_accounts", {"name": "美元户", "currency": made["id"]})
    assert status == 201, account
    line = {"cash_account": account["id"], "amount": "100", "target_account": at.company.bank.pk, "target_amount": "709", "fee": "1"}
    draft = at.made("currency_exchanges", [line], on=3)
    [shown] = draft["money_lines"]
    named = ("bank_rate", "currency_rate", "target_rate", "book_amount", "fee_from")
    assert [shown[name] for name in named] == ["7.09", "7.1", None, "710", "source"] and draft["amount_gross"] == "710"
    status, problem = at.boss.call("POST", "/currency_exchanges", at.body("currency_exchanges", [{**line, "target_amount": None}]))
    assert (status, problem["errors"][0]["path"]) == (422, "money_lines.0.target_amount")
    status, posted = at.boss.call("POST", f"/currency_exchanges/{draft['id']}/post", {"version": draft["version"]})
    assert status == 200 and posted["number"].startswith("WBDH-20260303-"), posted
    [row] = at.boss.get(f"/reports/cash_ledger?cash_account={account['id']}&date_from=2026-03-02&date_to=2026-03-31")["rows"][1:]
    assert (row["amount_out"], row["currency"], row["foreign_amount"]) == ("717.1", "USD", "-101")
    at.posted("purchase_receipts", [at.line("10")], currency=made["id"])
    span = {"date_from": "2026-03-01", "date_to": "2026-03-31", "side": "supplier", "currency": made["id"]}
    status, sent = at.boss.call("POST", "/party_statements", {"party": at.company.supplier.pk, **span})
    assert status == 201 and (sent["closing"], sent["closing_book"]) == ("50", "355"), sent
    path = f"/reports/ageing?side=supplier&currency={made['id']}"
    [aged] = at.boss.get(path)["rows"]
    assert (aged["owed"], aged["foreign_amount"], aged["book_amount"]) == ("50", "50", "355")
    status, problem = at.boss.call("GET", f"{path}&currencies=own_currency")
    assert (status, problem["code"]) == (422, "currency_and_own")
