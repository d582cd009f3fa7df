"""Fail at the N-th statement of every command, for every N: nothing half done; the retry has one effect and one answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection, transaction

from hengcang.base.book import change_book
from hengcang.catalog.models import Item
from hengcang.documents import conversion, drafts, services
from hengcang.documents.commands import Answer, Key
from hengcang.meta import registry
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

Command = Callable[[Key], Answer]
KEY = Key("one-and-the-same", "digest")


class Broken(OperationalError):
    """The connection breaks (without a state that says: try again)."""


class BreaksAt:
    """Counts statements and breaks before the N-th; the ones that undo are let through, as a lost connection undoes too.

    Undoing to a savepoint is two statements: back to it, and its release.
    """

    def __init__(self, at: int | None) -> None:
        self.at = at
        self.count = 0
        self.undoing = False

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        undone, self.undoing = self.undoing and sql.startswith("RELEASE"), sql.startswith("ROLLBACK")
        if not undone and not self.undoing:
            self.count += 1
            if self.count == self.at:
                raise Broken(f"broken at statement {self.at}: {sql[:80]}")
        return execute(sql, params, many, context)


@contextmanager
def tried() -> Iterator[None]:
    """Whatever happens inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found[table] = [tuple(map(str, row)) for row in cursor.fetchall()]
    return found


def act(company: Company, document: Document, name: str) -> Command:
    """A transition as a command."""
    order = services.Order(document.pk, name, None, "试")
    return lambda key: services.transition(company.viewer, registry.document(document.type), order, key)


def goods(company: Company, **more: object) -> list[dict[str, object]]:
    """Two lines."""
    return [{"item": company.item(code).pk, "quantity": "2", "unit_price_net": "5", **more} for code in ("M6", "M8")]


def receipt(company: Company) -> Document:
    """A draft receipt dated before a delivery, so that it revalues something."""
    company.receipt(day(1), "10", "10")
    company.receipt(day(1), "10", "10", item="M8")
    company.delivery(day(5), "6")
    where = {"party": company.supplier.pk, "target_place": company.places["A"].pk}
    return company.draft("purchase_receipt", day(3), goods(company), **where)


def order(company: Company, post: bool = True) -> Document:
    """A sales order that holds stock back."""
    company.receipt(day(1), "10", "10")
    company.receipt(day(1), "10", "10", item="M8")
    where = {"party": company.customer.pk, "source_place": company.places["A"].pk, "reserve": True}
    document = company.draft("sales_order", day(2), goods(company), **where)
    if post:
        company.act(document)
    return document


def creating(company: Company) -> Command:
    company.item("M6"), company.item("M8")
    where = {"party": company.supplier.pk, "target_place": company.places["A"].pk}
    raw = {"document_date": "2026-03-02", "goods_lines": goods(company), **where}
    return lambda key: drafts.create(company.viewer, registry.document("purchase_receipt"), raw, key)


def counting(company: Company) -> Command:
    company.receipt(day(1), "10", "10")
    lines = [{"item": company.item().pk, "quantity": "9"}]
    raw = {"document_date": "2026-03-02", "source_place": company.places["A"].pk, "goods_lines": lines}
    return lambda key: drafts.create(company.viewer, registry.document("stock_count"), raw, key)


def saving(company: Company) -> Command:
    document = receipt(company)
    lines: list[dict[str, object]] = [{"id": document.goods_lines.first().pk, "quantity": "3"}, *goods(company)]
    raw = {"version": document.version, "goods_lines": lines}
    return lambda key: drafts.save(company.viewer, registry.document(document.type), document.pk, raw, key)


def deleting(company: Company) -> Command:
    document = receipt(company)
    return lambda key: drafts.delete(company.viewer, registry.document(document.type), document.pk, key)


def posting(company: Company) -> Command:
    return act(company, receipt(company), "post")


def posting_delivery(company: Company) -> Command:
    source = order(company)
    lines = [{"item": row.item_id, "quantity": "1", "unit_price_net": "5", "source_line": row.pk} for row in source.goods_lines.all()]
    where = {"party": company.customer.pk, "source_place": company.places["A"].pk}
    return act(company, company.draft("sales_delivery", day(3), lines, **where), "post")


def paying(company: Company) -> Command:
    company.receipt(day(1), "10", "10")
    sold = company.delivery(day(2), "5")
    lines = [{"cash_account": company.bank.pk, "amount": "110"}, {"cleared_document": sold.pk, "amount": "100"}]
    return act(company, company.draft("incoming_payment", day(3), lines, party=company.customer.pk, discount_amount="1"), "post")


def unposting(company: Company) -> Command:
    document = receipt(company)
    company.act(document)
    return act(company, document, "unpost")


def payment(company: Company) -> Document:
    company.receipt(day(1), "10", "10")
    sold = company.delivery(day(2), "5")
    lines = [{"cash_account": company.bank.pk, "amount": "100"}, {"cleared_document": sold.pk, "amount": "100"}]
    return company.posted("incoming_payment", day(3), lines, party=company.customer.pk)


def unposting_payment(company: Company) -> Command:
    return act(company, payment(company), "unpost")


def reversing_payment(company: Company) -> Command:
    return act(company, payment(company), "reverse")


def reversing(company: Company) -> Command:
    document = receipt(company)
    company.act(document)
    return act(company, document, "reverse")


def bill(company: Company, name: str, **header: object) -> Document:
    """A bill over a receipt of which a part is sold."""
    source = company.receipt(day(1), "10", "10")
    company.delivery(day(2), "5")
    lines = [{"item": row.item_id, "quantity": "10", "unit_price_net": "11", "source_line": row.pk} for row in source.goods_lines.all()]
    for line in lines if name == "landed_cost" else ():
        del line["unit_price_net"]
    return company.draft(name, day(3), lines, party=company.supplier.pk, **header)


def billing(company: Company) -> Command:
    return act(company, bill(company, "purchase_invoice"), "post")


def billing_what_waited(company: Company) -> Command:
    change_book(debts_at="bill")
    return act(company, bill(company, "purchase_invoice"), "post")


def reversing_a_credit(company: Company) -> Command:
    change_book(debts_at="bill")
    company.receipt(day(1), "10", "10")
    sold = company.delivery(day(2), "5")
    lines = [{"item": row.item_id, "quantity": "5", "unit_price_net": "20", "source_line": row.pk} for row in sold.goods_lines.all()]
    back = company.posted("sales_return", day(3), lines, party=company.customer.pk, target_place=company.places["A"].pk)
    lines = [{**lines[0], "source_line": row.pk} for row in back.goods_lines.all()]
    return act(company, company.posted("sales_credit_note", day(4), lines, party=company.customer.pk), "reverse")


def charging(company: Company) -> Command:
    return act(company, bill(company, "landed_cost", charge_amount="20"), "post")


def uncharging(company: Company) -> Command:
    document = bill(company, "landed_cost", charge_amount="20")
    company.act(document)
    return act(company, document, "unpost")


def period(company: Company) -> Document:
    """A month with goods that are averaged at its end, waiting to be closed."""
    company.item("M6", costing_method="monthly_average")
    company.receipt(day(1), "10", "10")
    company.delivery(day(2), "5")
    company.receipt(day(3), "10", "20")
    return company.draft("period_close", day(31))


def closing_period(company: Company) -> Command:
    return act(company, period(company), "post")


def reopening_period(company: Company) -> Command:
    document = period(company)
    company.act(document)
    return act(company, document, "unpost")


def closing(company: Company) -> Command:
    return act(company, order(company), "close")


def reopening(company: Company) -> Command:
    document = order(company)
    company.act(document, "close", reason="试")
    return act(company, document, "reopen")


def releasing(company: Company) -> Command:
    return act(company, order(company), "release")


def holding(company: Company) -> Command:
    document = order(company)
    company.act(document, "release", reason="试")
    return act(company, document, "hold")


def buying(company: Company) -> Command:
    """A conversion that makes a draft for each supplier and one for nobody."""
    document = order(company)
    Item.objects.filter(code="M8").update(default_supplier=company.supplier, purchase_price=3)
    wanted = conversion.Wanted("purchase_order", [document.pk])
    return lambda key: conversion.convert(company.viewer, registry.document("sales_order"), wanted, key)


def voiding(company: Company) -> Command:
    return act(company, order(company, post=False), "void")


def converting(company: Company) -> Command:
    source = order(company)
    wanted = conversion.Wanted("sales_delivery", [source.pk])
    return lambda key: conversion.convert(company.viewer, registry.document("sales_order"), wanted, key)


def converting_to_money(company: Company) -> Command:
    company.receipt(day(1), "10", "10")
    wanted = conversion.Wanted("incoming_payment", [company.delivery(day(2), "5").pk])
    return lambda key: conversion.convert(company.viewer, registry.document("sales_delivery"), wanted, key)


def sending(company: Company) -> Command:
    """Goods sent on their way, which makes the place where they are meanwhile."""
    company.receipt(day(1), "10", "10")
    lines = [{"item": company.item().pk, "quantity": "4"}]
    places = {"source_place": company.places["A"].pk, "target_place": company.places["B"].pk}
    return act(company, company.draft("transfer_out", day(2), lines, **places), "post")


def adjusting(company: Company) -> Command:
    """The value of goods in stock changes, some of which left since."""
    company.item("F", costing_method="fifo")
    for item in ("M6", "F"):
        company.receipt(day(1), "10", "10", item=item)
        company.delivery(day(5), "6", item=item)
    lines = [{"item": company.item(code).pk, "amount": "7.77"} for code in ("M6", "F")]
    return act(company, company.draft("cost_adjustment", day(2), lines, source_place=company.places["A"].pk), "post")


def inspecting(company: Company) -> Command:
    """Goods found good and bad."""
    lines = [{"item": company.item().pk, "quantity": "10", "unit_price_net": "3"}]
    where = {"party": company.supplier.pk, "target_place": company.places["A"].pk, "inspect": True}
    row = company.posted("purchase_receipt", day(1), lines, **where).goods_lines.get()
    found = [{"item": row.item_id, "quantity": q, "source_line": row.pk, "result": r} for q, r in (("9", "accepted"), ("1", "rejected"))]
    where = {"party": company.supplier.pk, "source_place": company.places["A"].pk}
    return act(company, company.draft("inspection", day(2), found, **where), "post")


COMMANDS = (
    creating, counting, converting, converting_to_money, saving, deleting, posting, posting_delivery, paying, unposting,
    unposting_payment, reversing_payment, reversing, closing, reopening, releasing, holding, buying, voiding, billing,
    billing_what_waited, reversing_a_credit, charging,
    uncharging, closing_period, reopening_period, sending, inspecting, adjusting,
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("prepare", COMMANDS, ids=[one.__name__ for one in COMMANDS])
def test_a_command_that_breaks_anywhere_does_nothing_and_its_retry_takes_effect_once(prepare: Callable[[Company], Command]) -> None:
    whole_or_nothing(prepare(make.company()))


def whole_or_nothing(command: Command) -> None:
    """The proof: broken before any of its statements a command leaves everything as it was; then it takes effect once."""
    with tried():
        command(KEY)  # what a process asks once and remembers is asked now
    whole = BreaksAt(None)
    with tried(), connection.execute_wrapper(whole):
        command(KEY)
    before = everything()
    assert whole.count > 5
    for at in range(1, whole.count + 1):
        with tried():
            with pytest.raises(Broken), connection.execute_wrapper(BreaksAt(at)):
                command(KEY)
            assert everything() == before, f"something stayed after a break at statement {at}"
    answer = command(KEY)
    after = everything()
    assert after != before
    assert command(KEY) == answer
    assert everything() == after, "a second call with the same key did something"
