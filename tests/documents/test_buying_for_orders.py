"""以销定购 Buying for orders: drafts by supplier, whose they are, how many statements it takes, who sees for whom."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.viewer import Viewer
from hengcang.base.models import AuditLog
from hengcang.core.errors import TransitionRefused
from hengcang.documents import conversion
from hengcang.documents.commands import Key
from hengcang.documents.progress import progress_json
from hengcang.meta import registry
from hengcang.parties.models import Party
from hengcang.places.models import Currency
from hengcang.records.models import Document, GoodsLine, LineLink
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def order(company: Company, count: int, suppliers: int, customer: int | None = None) -> Document:
    """A posted sales order of `count` items, 2 of each at 20, that `suppliers` sell in turn at 5."""
    owners = [
        Party.objects.get_or_create(code=f"V{at}", defaults={"name": f"供应商{at}", "is_supplier": True, "payment_days": 30})[0]
        for at in range(suppliers)
    ]
    items = [
        company.item(f"{suppliers}-{count}-{at}", purchase_price=Decimal(5), default_supplier=owners[at % suppliers]) for at in range(count)
    ]
    lines = [{"item": one.pk, "quantity": "2", "unit_price_net": "20"} for one in items]
    where = {"party": customer or company.customer.pk, "source_place": company.places["A"].pk}
    return company.posted("sales_order", day(1), lines, **where)


def buy(company: Company, *orders: Document, key: Key | None = None) -> list[Document]:
    """The purchase orders that some sales orders become."""
    wanted = conversion.Wanted("purchase_order", [one.pk for one in orders])
    answer = conversion.convert(company.viewer, registry.document("sales_order"), wanted, *([] if key is None else [key]))
    return [Document.objects.get(pk=one) for one in answer["documents"]]


def test_orders_of_several_customers_become_one_order_for_each_supplier() -> None:
    company = make.company()
    other = Party.objects.create(code="C2", name="兴隆", is_customer=True, payment_days=0)
    made = buy(company, order(company, 3, 2), order(company, 3, 2, other.pk))
    assert [(one.party.name if one.party else "", one.amount_gross, one.source_place_id, one.target_place_id) for one in made] == [
        ("供应商0", Decimal(40), None, company.places["A"].pk),
        ("供应商1", Decimal(20), None, company.places["A"].pk),
    ]
    for one in made:
        company.act(one)
    rows = progress_json(company.viewer, registry.document("purchase_order"), made[0].pk)
    assert [row["source"]["party"] for row in rows] == ["顺达商行", "顺达商行", "兴隆", "兴隆"]


def test_what_is_sold_in_dollars_is_bought_at_the_price_of_the_item_in_our_own_currency() -> None:
    company = make.company()
    dollar = Currency.objects.create(code="USD", name="美元")
    abroad, home = order(company, 2, 1), order(company, 2, 1)
    Document.objects.filter(pk=abroad.pk).update(currency=dollar, currency_rate=Decimal(7))
    made = buy(company, abroad, home)
    assert [(one.currency_id, one.currency_rate, one.amount_gross) for one in made] == [(None, Decimal(1), Decimal(40))]
    company.act(made[0])


def test_a_supplier_that_is_no_longer_used_is_asked_for() -> None:
    company = make.company()
    sold = order(company, 2, 2)
    Party.objects.filter(code="V0").update(active=False)
    made = buy(company, sold)
    assert [one.party and one.party.name for one in made] == ["供应商1", None]


def test_a_repeated_command_makes_the_drafts_once_and_what_is_bought_is_not_bought_again() -> None:
    company = make.company()
    sold, key = order(company, 4, 2), Key("k1", "d")
    first, again = buy(company, sold, key=key), buy(company, sold, key=key)
    assert [one.pk for one in first] == [one.pk for one in again]
    for one in first:
        company.act(one)
    before = (Document.objects.count(), LineLink.objects.count())
    with pytest.raises(TransitionRefused):
        buy(company, sold)
    assert (Document.objects.count(), LineLink.objects.count()) == before == (3, 4)


def test_statements_do_not_grow_with_the_lines() -> None:
    company = make.company()

    def counted(count: int) -> tuple[int, int]:
        sold = order(company, count, 2)
        with CaptureQueriesContext(connection) as buying:
            made = buy(company, sold)
        for one in made:
            company.act(one)
        with CaptureQueriesContext(connection) as reading:
            progress_json(company.viewer, registry.document("sales_order"), sold.pk)
        return len(buying.captured_queries), len(reading.captured_queries)

    few = counted(4)
    assert counted(60) == few
    assert few[1] == 4


def test_statements_of_a_conversion_that_splits_do_not_grow_with_its_drafts() -> None:
    company = make.company()
    buy(company, order(company, 2, 2))

    def counted(suppliers: int) -> int:
        wanted = conversion.Wanted("purchase_order", [order(company, 2 * suppliers, suppliers).pk])
        with CaptureQueriesContext(connection) as buying:
            made = conversion.convert(company.viewer, registry.document("sales_order"), wanted)["documents"]
        logged = AuditLog.objects.filter(action="create", object_type="purchase_order", object_id__in=made)
        assert (len(made), sorted(logged.values_list("object_id", flat=True))) == (suppliers, sorted(made))
        return len(buying.captured_queries)

    assert counted(2) == counted(15) <= 23


def test_who_may_not_see_sales_orders_is_not_told_for_whom_is_bought() -> None:
    company = make.company()
    made = buy(company, order(company, 1, 1))[0]
    buyer = Viewer(user_id=company.viewer.user_id, name="采购", administrator=False, permissions=frozenset({("purchase_order", "view")}))
    assert progress_json(buyer, registry.document("purchase_order"), made.pk)[0]["source"] is None
    assert GoodsLine.objects.get(document=made).source_line is not None
