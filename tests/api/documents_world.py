"""The small company of `tests/make.py` behind a browser: bodies of documents, and colleagues with preset roles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from hengcang.access import services
from hengcang.access.models import DataScope, Role, User
from hengcang.base.book import change_book
from hengcang.places.models import CashAccount, Currency, CurrencyRate, ExpenseCategory
from hengcang.records.models import Document
from tests import make
from tests.api.conftest import GOOD, Browser
from tests.make import Company, day

PLACES = {
    "purchase_orders": "target_place", "purchase_receipts": "target_place", "purchase_returns": "source_place",
    "sales_orders": "source_place", "sales_deliveries": "source_place", "sales_returns": "target_place",
    "opening_stocks": "target_place", "other_receipts": "target_place", "other_issues": "source_place",
    "stock_counts": "source_place", "stock_transfers": "source_place", "transfer_outs": "source_place",
    "price_protections": "source_place",
}  # fmt: skip
UNPRICED = ("stock_counts", "stock_transfers", "transfer_outs", "other_issues")
PARTIES = {
    "purchase_orders": "supplier", "purchase_receipts": "supplier", "purchase_returns": "supplier", "sales_orders": "customer",
    "sales_deliveries": "customer", "sales_returns": "customer", "incoming_payments": "customer", "outgoing_payments": "supplier",
    "price_protections": "supplier",
}  # fmt: skip

PARTIES_OF_LINES = {
    "opening_receivables": "customer", "opening_customer_advances": "customer",
    "opening_payables": "supplier", "opening_supplier_advances": "supplier",
}  # fmt: skip


@dataclass
class World:
    """A company and the browser of its boss."""

    company: Company
    boss: Browser

    def body(self, collection: str, lines: Any = None, on: int = 1, **header: Any) -> dict[str, Any]:
        """The body of a document of one line of two pieces at 5, unless told otherwise."""
        body: dict[str, Any] = {"document_date": day(on).isoformat()}
        if collection in PARTIES:
            body["party"] = getattr(self.company, PARTIES[collection]).pk
        if collection in PLACES:
            body[PLACES[collection]] = self.company.places["A"].pk
            plain = {"item": self.company.item().pk, "quantity": "2"}
            body["goods_lines"] = [plain if collection in UNPRICED else self.line()] if lines is None else lines
            if collection in ("stock_transfers", "transfer_outs"):
                body["target_place"] = self.company.places["B"].pk
        else:
            body["money_lines"] = [self.money_line(collection)] if lines is None else lines
            if collection == "clearings":
                body.update(party=self.company.customer.pk, kind="bad_debt")
        return {**body, **header}

    def money_line(self, collection: str) -> dict[str, Any]:
        """A money line of ten that a draft of this type takes."""
        cash, party = {"cash_account": self.company.bank.pk}, PARTIES_OF_LINES.get(collection)
        if collection == "clearings":
            return {"cleared_document": self.made("incoming_payments")["id"], "control": "customer_advance", "amount": "10"}
        if party:
            return {"party": getattr(self.company, party).pk, "amount": "10"}
        if collection in ("expenses", "other_incomes"):
            direction = "expense" if collection == "expenses" else "income"
            return {"category": ExpenseCategory.objects.filter(direction=direction)[0].pk, "amount": "10", **cash}
        if collection == "cash_transfers":
            till, _ = CashAccount.objects.get_or_create(code="T1", defaults={"name": "现金", "kind": "cash"})
            return {"target_account": till.pk, "amount": "10", **cash}
        if collection == "currency_exchanges":
            dollar, _ = Currency.objects.get_or_create(code="USD", defaults={"name": "美元"})
            CurrencyRate.objects.get_or_create(currency=dollar, rate_date=day(1), defaults={"rate": "7.1"})
            account, _ = CashAccount.objects.get_or_create(code="U1", defaults={"name": "美元户", "currency": dollar})
            change_book(foreign=True)
            return {"target_account": account.pk, "amount": "10", "target_amount": "1.4", **cash}
        return {"amount": "10", **cash}

    def line(self, quantity: str = "2", item: str = "M6", **more: Any) -> dict[str, Any]:
        """A goods line."""
        return {"item": self.company.item(item).pk, "quantity": quantity, "unit_price_net": "5", **more}

    def made(self, collection: str, lines: Any = None, on: int = 1, by: Browser | None = None, **header: Any) -> Any:
        """A draft that was made over the wire."""
        status, made = (by or self.boss).call("POST", f"/{collection}", self.body(collection, lines, on, **header))
        assert status == 201, made
        return made

    def posted(self, collection: str, lines: Any = None, on: int = 1, **header: Any) -> Any:
        """A document that was made and posted over the wire."""
        made = self.made(collection, lines, on, **header)
        status, posted = self.boss.call("POST", f"/{collection}/{made['id']}/post", {"version": made["version"]})
        assert status == 200, posted
        return posted

    def worker(self, name: str, *roles: str, warehouses: tuple[str, ...] = ()) -> Browser:
        """A colleague with preset roles, limited to some warehouses."""
        if warehouses:
            limited = Role.objects.get(name=roles[0])
            for one in warehouses:
                DataScope.objects.create(role=limited, dimension="warehouse", key=self.company.places[one].pk)
        services.create_user(name, name.title(), GOOD, roles)
        return Browser().login(name)

    def stored(self, made: Any) -> Document:
        """The row of a document."""
        return Document.objects.get(pk=made["id"])


def world(**place_values: Any) -> World:
    """A new company whose boss is logged in."""
    company = make.company(**place_values)
    User.objects.filter(username="boss").update(password=make_password(GOOD))
    return World(company, Browser().login("boss"))


def faults(refusal: Any) -> list[tuple[str, str]]:
    """Path and code of each fault of a problem."""
    return [(one["path"], one["code"]) for one in refusal["errors"]]
