"""Every check catches what it is there for: the books are tampered with, one fact at a time."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.base import audit
from hengcang.base.append_only import lifted
from hengcang.base.book import change_book
from hengcang.core.shipping import DeliveryState
from hengcang.documents import conversion, shipping
from hengcang.documents.commands import Key
from hengcang.documents.shipping import Shipment
from hengcang.ledger import check
from hengcang.ledger.models import APPEND_ONLY, Posting
from hengcang.ledger.request import Appended
from hengcang.meta import registry
from hengcang.parties.models import Party
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

GUARDED = (*APPEND_ONLY, "base_auditlog", "base_auditseal")


def busy_books() -> Company:
    """Books with a bit of everything: both warehouses as pools, averages, layers, an order, a count, a payment, an undone receipt."""
    company = make.company()
    change_book(pool_kind="warehouse")
    company.item("F", costing_method="fifo", tax_rate="0.13")
    company.receipt(day(1), "10", "10")
    company.receipt(day(1), "10", "10", item="F")
    company.receipt(day(2), "10", "12", item="F")
    sold = company.delivery(day(5), "6")
    company.delivery(day(5), "12", item="F")
    company.transfer(day(6), "2")
    line = {"item": company.item().pk, "quantity": "1", "unit_price_net": "20", "source_line": sold.goods_lines.get().pk}
    company.posted("sales_return", day(7), [line], party=company.customer.pk, target_place=company.places["A"].pk)
    company.posted("stock_count", day(8), [{"item": company.item().pk, "quantity": "2"}], source_place=company.places["A"].pk)
    company.receipt(day(3), "10", "16.67")
    undone = company.receipt(day(4), "1", "9")
    company.act(undone, "unpost")
    order = company.draft(
        "sales_order", day(9), [{"item": company.item().pk, "quantity": "1", "unit_price_net": "20"}],
        party=company.customer.pk, source_place=company.places["A"].pk, reserve=True,
    )  # fmt: skip
    company.act(order, key=Key("k", "d"))
    money = [{"cash_account": company.bank.pk, "amount": "130"}, {"cleared_document": sold.pk, "amount": "120"}]
    company.posted("incoming_payment", day(10), money, party=company.customer.pk)
    carried(company, sold)
    audit.seal(everything=True)
    return company


def carried(company: Company, sold: Document) -> None:
    """A carrier took it, and was billed for."""
    carrier = Party.objects.create(code="SF", name="顺丰", is_supplier=True)
    shipment = Shipment(sold.pk, None, {"carrier": carrier.pk, "freight": "18"}, DeliveryState.SHIPPED)
    declaration = registry.document("sales_delivery")
    shipping.ship(company.viewer, declaration, [shipment])
    made = conversion.convert(company.viewer, declaration, conversion.Wanted("expense", [sold.pk]))
    company.act(Document.objects.get(pk=made["document"]))


FIRST_MOVE = "(SELECT MIN(id) FROM ledger_stockmove)"
SALE = "(SELECT MIN(id) FROM ledger_stockmove WHERE kind='sale')"
TAMPERINGS = (
    ("I-01", "UPDATE ledger_stockbalance SET quantity=quantity+1 WHERE id=(SELECT MIN(id) FROM ledger_stockbalance)"),
    ("I-01", "UPDATE ledger_stockbalance SET second_quantity=second_quantity+1 WHERE id=(SELECT MIN(id) FROM ledger_stockbalance)"),
    ("I-01", "UPDATE ledger_costpool SET value=value+10000 WHERE id=(SELECT MIN(id) FROM ledger_costpool)"),
    ("I-02", f"UPDATE ledger_stockmove SET quantity=100000000 WHERE id={SALE}"),
    ("I-03", "UPDATE ledger_stockbalance SET reserved=reserved+1 WHERE id=(SELECT MIN(id) FROM ledger_stockbalance)"),
    ("I-05", "UPDATE ledger_costlayer SET quantity_left=quantity_left+1, quantity_in=quantity_in+1 WHERE quantity_left>0"),
    ("I-06", "UPDATE ledger_layeruse SET value=value+10000 WHERE id=(SELECT MIN(id) FROM ledger_layeruse)"),
    ("I-07", "UPDATE ledger_costpool SET quantity=0 WHERE id=(SELECT MIN(id) FROM ledger_costpool)"),
    ("I-08", "UPDATE ledger_costpool SET value=-value WHERE id=(SELECT MIN(id) FROM ledger_costpool)"),
    ("I-10", f"UPDATE ledger_stockmove SET target_pool_id=NULL WHERE id={FIRST_MOVE}"),
    ("I-13", "UPDATE records_goodsline SET factor=2000000 WHERE id=(SELECT MIN(id) FROM records_goodsline)"),
    ("I-14", f"UPDATE ledger_stockmove SET quantity=quantity+1 WHERE id={FIRST_MOVE}"),
    ("I-15", "UPDATE records_document SET state='draft' WHERE id=(SELECT MIN(id) FROM records_document)"),
    ("I-16", "UPDATE ledger_stockmove SET value=value+10000 WHERE entry_kind='reversal'"),
    ("I-16", "UPDATE ledger_moneyentry SET amount=amount+10000 WHERE corrects_id=(SELECT MIN(corrects_id) FROM ledger_moneyentry)"),
    ("I-53", "UPDATE records_linelink SET quantity=quantity*100"),
    ("I-17", "UPDATE records_lineprogress SET quantity=quantity*100"),
    ("I-19", "UPDATE records_document SET progress='complete' WHERE type='sales_order'"),
    ("I-20", "UPDATE records_goodsline SET amount_net=amount_net+10000 WHERE id=(SELECT MIN(id) FROM records_goodsline)"),
    ("I-20", "UPDATE records_document SET amount_gross=amount_gross+10000 WHERE type='incoming_payment'"),
    ("I-21", "UPDATE ledger_partybalance SET balance=balance+10000"),
    ("I-22", "UPDATE ledger_clearing SET debit_id=credit_id, credit_id=debit_id"),
    ("I-23", "UPDATE ledger_clearing SET amount=amount*10"),
    ("I-24", "UPDATE ledger_openitem SET open=open+10000 WHERE entry_id=(SELECT MIN(entry_id) FROM ledger_openitem)"),
    ("I-24", f"UPDATE ledger_stockmove SET target_account='5402' WHERE id={FIRST_MOVE}"),
    ("I-25", "UPDATE ledger_moneyentry SET amount=amount+10000 WHERE id=(SELECT MIN(id) FROM ledger_moneyentry)"),
    ("I-27", "UPDATE records_numberseries SET last=last+1"),
    ("I-27", "UPDATE records_document SET number=NULL WHERE id=(SELECT MIN(id) FROM records_document)"),
    ("I-33", "UPDATE records_goodsline SET base_quantity=base_quantity+1000000, quantity=quantity+1000000 WHERE role='counted'"),
    ("I-35", "UPDATE ledger_moneyentry SET cash_account_id=NULL WHERE cash_account_id IS NOT NULL"),
    ("I-38", "UPDATE base_auditlog SET changes='[]', action='view' WHERE id=(SELECT MIN(id) FROM base_auditlog)"),
    ("I-39", "UPDATE base_auditlog SET posting=NULL WHERE posting=(SELECT MIN(posting) FROM base_auditlog)"),
    ("I-40", "UPDATE base_idempotencykey SET answer='{\"document\": 987654}'"),
    ("I-41", "DELETE FROM base_outboxevent WHERE id=(SELECT MIN(id) FROM base_outboxevent)"),
    ("I-46", "UPDATE ledger_stockmonth SET quantity_in=quantity_in+1, quantity_out=quantity_out+1"),
    ("I-46", "UPDATE ledger_stockmonth SET second_in=second_in+1, second_out=second_out+1"),
    ("I-46", "UPDATE ledger_poolmonth SET value_in=value_in+1, value_out=value_out+1"),
    ("I-46", "UPDATE ledger_poolmonth SET second_in=second_in+1, second_out=second_out+1"),
    ("I-46", "UPDATE ledger_reservation SET quantity=quantity+1"),
    ("I-46", "UPDATE ledger_reservation SET wanted=wanted+1"),
    ("I-46", "UPDATE ledger_reservation SET balance_id=(SELECT MAX(id) FROM ledger_stockbalance)"),
    ("I-46", "UPDATE records_document SET ext='{}' WHERE type='sales_order'"),
    ("I-03", "UPDATE ledger_reservationmove SET quantity=quantity+1"),
    ("I-03", "UPDATE ledger_reservationmove SET wanted=wanted+1"),
    ("I-47", "UPDATE ledger_poolmonth SET value_in=value_in+1"),
    ("I-47", "UPDATE ledger_stockmonth SET second_in=second_in+1"),
    ("I-49", "UPDATE ledger_moneyentry SET amount=amount+10000 WHERE id=(SELECT MIN(id) FROM ledger_moneyentry)"),
    ("I-51", "UPDATE ledger_stockmove SET value=value+10000 WHERE entry_kind='revaluation'"),
    ("I-51", "UPDATE ledger_costlayer SET age=age+1"),
    ("I-52", f"UPDATE ledger_stockmove SET document_date='2026-03-30' WHERE id={FIRST_MOVE}"),
    ("I-53", "UPDATE records_lineprogress SET quantity=quantity+1"),
    ("I-54", "UPDATE ledger_openitem SET amount=amount+10000"),
    ("I-56", "UPDATE records_document SET delivery_state='signed' WHERE delivery_state='shipped'"),
    (
        "I-57",
        "UPDATE records_moneyline SET cleared_document_id=(SELECT MIN(id) FROM records_document), "
        "category_id=(SELECT MIN(id) FROM places_expensecategory)",
    ),
    ("I-55", "UPDATE ledger_moneyentry SET amount=amount+10000 WHERE account='2202.99'"),
)


def tamper(statement: str) -> None:
    """One statement past every guard."""
    with ExitStack() as stack, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        stack.enter_context(lifted(GUARDED))
        cursor.execute(statement)
        assert cursor.rowcount > 0, "the statement found nothing to tamper with"


@pytest.mark.django_db
def test_books_that_nobody_tampered_with_pass_every_check_whole_and_posting_by_posting() -> None:
    busy_books()
    assert check.run() == []
    for posting in Posting.objects.all():
        assert check.check_posting(Appended(posting.pk)) == []


@pytest.mark.django_db
@pytest.mark.tampers
@pytest.mark.parametrize(("name", "statement"), TAMPERINGS, ids=[f"{name}-{at}" for at, (name, _) in enumerate(TAMPERINGS)])
def test_a_tampered_fact_is_found(name: str, statement: str) -> None:
    busy_books()
    tamper(statement)
    assert name in {fault.id for fault in check.run()}, [str(fault) for fault in check.run()]


TOUCHED = (
    ("I-02", "UPDATE ledger_stockbalance SET quantity=-1 WHERE id=(SELECT MIN(id) FROM ledger_stockbalance)", "sale"),
    ("I-05", "UPDATE ledger_costlayer SET quantity_left=quantity_left+1 WHERE quantity_left>0", "purchase"),
    ("I-07", "UPDATE ledger_costpool SET quantity=0", "purchase"),
    ("I-10", "UPDATE ledger_stockmove SET target_pool_id=NULL WHERE kind='purchase'", "purchase"),
    ("I-14", "UPDATE records_goodsline SET document_id=(SELECT MIN(id) FROM records_document)", "purchase"),
    ("I-21", "UPDATE ledger_partybalance SET balance=balance+10000", "purchase"),
    ("I-25", "UPDATE ledger_moneyentry SET amount=amount+10000 WHERE account='1122'", "sale"),
)


@pytest.mark.django_db
@pytest.mark.tampers
@pytest.mark.parametrize(("name", "statement", "kind"), TOUCHED, ids=[name for name, *_ in TOUCHED])
def test_the_cheap_check_finds_it_where_the_posting_touched_it(name: str, statement: str, kind: str) -> None:
    busy_books()
    tamper(statement)
    postings = Posting.objects.filter(stockmove__kind=kind).distinct()
    assert name in {fault.id for posting in postings for fault in check.check_posting(Appended(posting.pk))}


@pytest.mark.django_db
@pytest.mark.tampers
def test_the_cheap_check_finds_a_shortage_where_nothing_came_later() -> None:
    busy_books()
    tamper("UPDATE ledger_stockbalance SET quantity=-1 WHERE quantity>=0")
    newest = Posting.objects.filter(stockmove__kind="sale", stockmove__corrects=None).latest("pk").pk
    asked_little = Appended(newest, late=False, layered=False, undoing=False)
    assert [fault.id for fault in check.check_posting(asked_little)] == ["I-02"]


@pytest.mark.django_db
def test_the_cheap_check_takes_one_statement() -> None:
    busy_books()
    newest = Posting.objects.latest("pk").pk
    with CaptureQueriesContext(connection) as captured:
        assert check.check_posting(Appended(newest)) == []
    assert len(captured.captured_queries) == 1
