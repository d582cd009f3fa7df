"""Builders with the trade's defaults, for tests: a small trading company and short ways to its documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hengcang.access.models import User
from hengcang.access.viewer import Viewer, system_viewer
from hengcang.base.book import change_book
from hengcang.catalog.models import Item, Unit
from hengcang.documents import drafts, services
from hengcang.documents.commands import Key
from hengcang.meta import registry
from hengcang.parties.models import Party
from hengcang.places import virtual
from hengcang.places.models import CashAccount, Currency, CurrencyRate, Place
from hengcang.records.models import Document

START = date(2026, 3, 1)


def day(number: int) -> date:
    """Day 1 is 2026-03-01."""
    return START + timedelta(days=number - 1)


@dataclass
class Company:
    """A company with warehouses A仓 and B仓, a supplier, a customer, a bank account, and its administrator."""

    viewer: Viewer
    places: dict[str, Place]
    supplier: Party
    customer: Party
    bank: CashAccount
    unit: Unit
    items: dict[str, Item] = field(default_factory=dict)

    def item(self, code: str = "M6", **values: Any) -> Item:
        """An item, made at first use."""
        if code not in self.items:
            defaults = {"name": f"商品{code}", "base_unit": self.unit, "tax_rate": Decimal(0), **values}
            self.items[code] = Item.objects.create(code=code, **defaults)
        return self.items[code]

    def bins(self, place: str, *codes: str) -> list[Place]:
        """Bins of a warehouse, by their codes also among the places."""
        made = [Place.objects.create(code=code, name=code, kind="bin", warehouse=self.places[place]) for code in codes]
        self.places |= {one.code: one for one in made}
        change_book(bins=True)
        return made

    def draft(self, type_name: str, on: date, lines: Sequence[Mapping[str, Any]] = (), **header: Any) -> Document:
        """A draft of that type; lines as the API takes them."""
        declaration = registry.document(type_name)
        raw: dict[str, Any] = {"document_date": on.isoformat(), **header}
        table = declaration.goods or declaration.money
        if table is not None:
            raw.setdefault(table.name, list(lines))
        answer = drafts.create(self.viewer, declaration, raw)
        return Document.objects.get(pk=answer["document"])

    def act(self, document: Document, name: str = "post", **more: Any) -> dict[str, Any]:
        """A transition of a document."""
        key = more.pop("key", Key())
        order = services.Order(document.pk, name, more.pop("version", None), more.pop("reason", "按例"))
        answer = services.transition(self.viewer, registry.document(document.type), order, key)
        document.refresh_from_db()
        return answer

    def posted(self, type_name: str, on: date, lines: Sequence[Mapping[str, Any]] = (), **header: Any) -> Document:
        """A posted document of that type."""
        document = self.draft(type_name, on, lines, **header)
        self.act(document)
        return document

    def receipt(self, on: date, quantity: str, price: str, item: str = "M6", place: str = "A", **line: Any) -> Document:
        """A posted purchase receipt of one line."""
        lines = [{"item": self.item(item).pk, "quantity": quantity, "unit_price_net": price, **line}]
        return self.posted("purchase_receipt", on, lines, party=self.supplier.pk, target_place=self.places[place].pk)

    def delivery(self, on: date, quantity: str, item: str = "M6", place: str = "A", price: str = "20", **line: Any) -> Document:
        """A posted sales delivery of one line."""
        lines = [{"item": self.item(item).pk, "quantity": quantity, "unit_price_net": price, **line}]
        return self.posted("sales_delivery", on, lines, party=self.customer.pk, source_place=self.places[place].pk)

    def transfer(self, on: date, quantity: str, source: str = "A", target: str = "B", item: str = "M6", **line: Any) -> Document:
        """A posted transfer of one line."""
        lines = [{"item": self.item(item).pk, "quantity": quantity, **line}]
        return self.posted("stock_transfer", on, lines, source_place=self.places[source].pk, target_place=self.places[target].pk)


def dollars(at: Company, rates: Mapping[int, str]) -> tuple[Currency, CashAccount]:
    """A foreign currency with rates by day, and an account in it."""
    dollar = Currency.objects.create(code="USD", name="美元")
    for number, rate in rates.items():
        CurrencyRate.objects.create(currency=dollar, rate_date=day(number), rate=Decimal(rate))
    change_book(foreign=True)
    return dollar, CashAccount.objects.create(code="U1", name="美元户", kind="bank", currency=dollar)


def company(**place_values: Any) -> Company:
    """A small company in the test database."""
    user = User.objects.create(username="boss", display_name="老板", is_administrator=True)
    virtual.seed(Place)
    places = {name: Place.objects.create(code=name, name=f"{name}仓", kind="warehouse", **place_values) for name in ("A", "B")}
    unit, _ = Unit.objects.get_or_create(code="pcs", defaults={"name": "个"})
    return Company(
        viewer=system_viewer(user.pk, "老板"),
        places=places,
        supplier=Party.objects.create(code="S1", name="明达五金", is_supplier=True, payment_days=30),
        customer=Party.objects.create(code="C1", name="顺达商行", is_customer=True, payment_days=30),
        bank=CashAccount.objects.create(code="B1", name="基本户", kind="bank"),
        unit=unit,
    )
