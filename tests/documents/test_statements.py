"""How many statements posting takes: constant, plus one per started 500 rows of a table, on both databases."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.base import bulk
from hengcang.documents import services
from hengcang.meta import registry
from hengcang.parties.models import Party
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

POST_AT_MOST = 30
UNPOST_AT_MOST = 40
PAID_BY_TRANSACTIONS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
PAID_ONCE_A_PROCESS = "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"


@pytest.fixture(autouse=True)
def remembered(db: None) -> None:
    """What a process asks once about its tables is not counted."""
    if bulk.is_postgresql():
        for model in apps.get_models():
            bulk.column_types(connection.alias, model._meta.db_table)


def many(company: Company, count: int) -> list[dict[str, object]]:
    """Lines of as many items, which are the same for one count."""
    return [{"item": company.item(f"{count}-{at}").pk, "quantity": "2", "unit_price_net": "5"} for at in range(count)]


def counted(company: Company, document: Document, name: str) -> int:
    """The statements of one transition, without those that delimit the transaction and those a process asks once."""
    order = services.Order(document.pk, name, None, "按例")
    with CaptureQueriesContext(connection) as captured:
        services.transition(company.viewer, registry.document(document.type), order)
    return sum(not query["sql"].startswith((*PAID_BY_TRANSACTIONS, PAID_ONCE_A_PROCESS)) for query in captured.captured_queries)


def chain(company: Company, lines: int) -> dict[str, int]:
    """Statements of posting and unposting a receipt, a delivery and its return, each of `lines` lines."""
    receipt = company.draft(
        "purchase_receipt", day(1), many(company, lines), party=company.supplier.pk, target_place=company.places["A"].pk
    )
    found = {"post receipt": counted(company, receipt, "post")}
    delivery = company.draft("sales_delivery", day(2), many(company, lines), party=company.customer.pk, source_place=company.places["A"].pk)
    found["post delivery"] = counted(company, delivery, "post")
    back = [{"item": row.item_id, "quantity": "1", "unit_price_net": "5", "source_line": row.pk} for row in delivery.goods_lines.all()]
    returned = company.draft("sales_return", day(3), back, party=company.customer.pk, target_place=company.places["A"].pk)
    found["post return"] = counted(company, returned, "post")
    found["unpost return"] = counted(company, returned, "unpost")
    found["unpost delivery"] = counted(company, delivery, "unpost")
    found["unpost receipt"] = counted(company, receipt, "unpost")
    return found


@pytest.mark.django_db
def test_posting_ten_lines_takes_at_most_thirty_statements_and_unposting_forty() -> None:
    found = chain(make.company(), 10)
    for act, statements in found.items():
        assert statements <= (POST_AT_MOST if act.startswith("post") else UNPOST_AT_MOST), found


@pytest.mark.django_db
def test_four_hundred_lines_take_as_many_statements_as_ten() -> None:
    company = make.company()
    few = chain(company, 10)
    assert chain(company, 400) == few


def settled(company: Company, count: int) -> dict[str, int]:
    """Statements of posting, unposting and reversing a payment and a clearing that name `count` deliveries each."""
    company.receipt(day(1), str(4 * count), "5")
    sold = [company.delivery(day(2), "2").pk for _ in range(count)]
    cash = {"cash_account": company.bank.pk, "amount": str(10 * count)}
    customer = {"party": company.customer.pk}
    paid = company.draft("incoming_payment", day(3), [cash, *({"cleared_document": one, "amount": "10"} for one in sold)], **customer)
    found = {"post payment": counted(company, paid, "post")}
    advance = company.posted("incoming_payment", day(3), [cash], **customer)
    named = [(advance.pk, "customer_advance", 10 * count), *((one, "receivable", 10) for one in sold)]
    lines = [{"cleared_document": one, "control": control, "amount": str(amount)} for one, control, amount in named]
    cleared = company.draft("clearing", day(4), lines, kind="advance_receivable", **customer)
    for name in ("post", "unpost"):
        found[f"{name} clearing"] = counted(company, cleared, name)
    company.act(cleared)
    found["reverse clearing"] = counted(company, cleared, "reverse")
    return found | {"unpost payment": counted(company, paid, "unpost")}


@pytest.mark.django_db
def test_money_takes_as_few_statements_however_many_documents_it_names() -> None:
    company = make.company()
    few = settled(company, 3)
    assert settled(company, 120) == few
    for act, statements in few.items():
        assert statements <= (POST_AT_MOST if act.startswith("post") else UNPOST_AT_MOST), few


@pytest.mark.django_db
def test_opening_balances_of_many_parties_take_as_few_statements_as_those_of_few() -> None:
    company = make.company()

    def opened(count: int) -> dict[str, int]:
        names = [f"{count}-{at}" for at in range(count)]
        parties = Party.objects.bulk_create([Party(code=name, name=name, is_customer=True) for name in names])
        document = company.draft("opening_receivable", day(1), [{"party": party.pk, "amount": "7"} for party in parties])
        found = {name: counted(company, document, name) for name in ("post", "unpost")}
        company.act(document)
        return found | {"reverse": counted(company, document, "reverse")}

    few = opened(3)
    assert opened(400) == few
    assert few["post"] <= POST_AT_MOST and max(few.values()) <= UNPOST_AT_MOST


@pytest.mark.django_db
def test_eleven_hundred_lines_take_at_most_two_more_statements_for_each_table_that_gets_rows() -> None:
    company = make.company()
    where = {"party": company.supplier.pk, "target_place": company.places["A"].pk}
    few = company.draft("purchase_receipt", day(1), many(company, 10), **where)
    lots = company.draft("purchase_receipt", day(1), many(company, 1100), **where)
    one_by_one = connection.vendor == "sqlite"
    tables_with_rows = 5 if one_by_one else 0  # moves, balances, pools and their months; PostgreSQL gets arrays
    assert counted(company, lots, "post") == counted(company, few, "post") + 2 * tables_with_rows


def pieces(company: Company, method: str, count: int) -> dict[str, int]:
    """Statements of receiving and delivering so many pieces, and of undoing the delivery."""
    item = company.item(f"{method}-{count}", tracking="serial", costing_method=method).pk
    line = {"item": item, "quantity": str(count), "unit_price_net": "5", "serials": [f"{count}-{at}" for at in range(count)]}
    receipt = company.draft("purchase_receipt", day(1), [line], party=company.supplier.pk, target_place=company.places["A"].pk)
    found = {"receive": counted(company, receipt, "post")}
    delivery = company.draft("sales_delivery", day(2), [line], party=company.customer.pk, source_place=company.places["A"].pk)
    found["deliver"] = counted(company, delivery, "post")
    found["undo"] = counted(company, delivery, "unpost")
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["moving_average", "specific_cost"])
def test_four_hundred_pieces_take_as_many_statements_as_ten(method: str) -> None:
    company = make.company()
    few, many_pieces = pieces(company, method, 10), pieces(company, method, 400)
    assert many_pieces == few
    assert few["receive"] <= POST_AT_MOST + 10 and few["deliver"] <= POST_AT_MOST + 10, few
