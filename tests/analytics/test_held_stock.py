"""占用明细 Who holds what back, of which lot, since and until when; and which lines lack it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from hengcang.access.viewer import Viewer
from hengcang.analytics.held_stock import run
from hengcang.base import clock
from hengcang.core.holding import Part
from hengcang.documents import services
from hengcang.meta import registry
from hengcang.parties.models import Party
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db
SHOWN = ("document", "line_number", "party_name", "item_code", "place_name", "lot", "reserved", "open", "lacking", "delivery_date",
         "reserve_until", "overdue_days")  # fmt: skip


def standing(number: int) -> Any:
    """Nine in the morning of a day."""
    return clock.standing_at(datetime.combine(day(number), datetime.min.time(), timezone(timedelta(hours=8))) + timedelta(hours=9))


def order(company: Company, *lines: tuple[str, str, str | None], **more: Any) -> Document:
    """A posted order of (item, quantity, lot)."""
    rows = [{"item": company.item(item).pk, "quantity": quantity, "unit_price_net": "5", "lot": lot} for item, quantity, lot in lines]
    where = {"party": company.customer.pk, "source_place": company.places["A"].pk, "reserve": True, **more}
    return company.posted("sales_order", day(2), rows, **where)


def rows_of(viewer: Viewer, **parameters: Any) -> list[tuple[Any, ...]]:
    """The rows, the order by its number."""
    return [tuple(one["document"]["label"] if name == "document" else one[name] for name in SHOWN) for one in run(viewer, parameters).rows]


def test_who_holds_what_back_since_and_until_when_and_who_lacks_it() -> None:
    company = make.company()
    company.item("牛奶", tracking="lot")
    company.receipt(day(1), "20", "3", "牛奶", lot="L1")
    company.receipt(day(1), "20", "3")
    guest = Party.objects.create(code="C2", name="急客", is_customer=True)
    with standing(2):
        first = order(company, ("牛奶", "6", "L1"), ("M6", "9", None), reserve_until=day(5).isoformat(), delivery_date=day(9).isoformat())
    with standing(3):
        second = order(company, ("牛奶", "4", "L1"), reserve=False, party=guest.pk)
        line = first.goods_lines.order_by("position")[1].pk
        services.transition(company.viewer, registry.document("sales_order"),
                            services.Order(first.pk, "release", None, "试", parts=[Part(line, Decimal(2))]))  # fmt: skip
        shipped = [{"item": company.item().pk, "quantity": "3", "unit_price_net": "5", "source_line": line}]
        company.posted("sales_delivery", day(3), shipped, party=company.customer.pk, source_place=company.places["A"].pk)
    last = (day(9).isoformat(), day(5).isoformat())
    milk = (first.number, 1, "顺达商行", "牛奶", "A仓", "L1", "6", "6", "0", *last)
    bolts = (first.number, 2, "顺达商行", "M6", "A仓", "", "4", "6", "2", *last)
    with standing(4):
        assert rows_of(company.viewer) == [(*bolts, 0), (*milk, 0)]
        lacking = [(*bolts, 0), (second.number, 1, "急客", "牛奶", "A仓", "L1", "0", "4", "4", None, None, 0)]
        assert rows_of(company.viewer, shown="lacking") == lacking
        assert rows_of(company.viewer, shown="lacking", party=guest.pk) == lacking[1:]
        assert rows_of(company.viewer, item=company.item("牛奶").pk) == [(*milk, 0)]
        assert rows_of(company.viewer, overdue=True) == []
        assert {one["since"][:10] for one in run(company.viewer, {}).rows} == {day(2).isoformat()}
    with standing(8):
        assert rows_of(company.viewer, overdue=True) == [(*bolts, 3), (*milk, 3)]
        assert len(list(run(company.viewer, {}, None).rows)) == 2
    company.act(first, "close")
    assert rows_of(company.viewer) == []


def test_what_one_may_not_see_is_not_there() -> None:
    company = make.company()
    company.receipt(day(1), "20", "3")
    order(company, ("M6", "6", None))
    nobody = Viewer(user_id=company.viewer.user_id, name="文员", permissions=frozenset({("held_stock", "view")}))
    assert rows_of(nobody) == []
    may = frozenset({("held_stock", "view"), ("sales_order", "view")})
    beyond = Viewer(user_id=company.viewer.user_id, name="文员", permissions=may, scopes={"warehouse": frozenset({company.places["B"].pk})})
    assert rows_of(beyond) == []


def test_the_report_takes_as_many_statements_for_many_rows_as_for_few(django_assert_max_num_queries: Any) -> None:
    company = make.company()
    company.receipt(day(1), "200", "3")
    order(company, *[("M6", "1", None)] * 60)
    with django_assert_max_num_queries(5):
        assert len(rows_of(company.viewer)) == 60
