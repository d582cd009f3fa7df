"""占用 Reservations: let go, taken again, given up when their day has passed; what counts as available meanwhile."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from hengcang.access.viewer import Viewer
from hengcang.analytics.pickers import stock_of
from hengcang.analytics.promises import run_lines
from hengcang.analytics.stock_on_hand import run as stock_on_hand
from hengcang.base import clock
from hengcang.base.models import AuditLog
from hengcang.core.errors import PermissionRefused, ReasonRequired, TransitionRefused
from hengcang.documents import services
from hengcang.documents.commands import Key
from hengcang.documents.reservations import release_expired
from hengcang.ledger import check
from hengcang.ledger.models import Posting, Reservation, StockBalance
from hengcang.meta import registry
from hengcang.records.models import Document
from tests import make
from tests.faults.test_every_statement import everything
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def standing(number: int) -> Any:
    """The morning of a day."""
    return clock.standing_at(datetime.combine(day(number), datetime.min.time(), timezone(timedelta(hours=8))) + timedelta(hours=9))


def order(company: Company, quantity: str, until: int | None = None, **more: Any) -> Document:
    """A posted sales order that holds stock back, until a day."""
    lines = [{"item": company.item().pk, "quantity": quantity, "unit_price_net": "5"}]
    ends = {} if until is None else {"reserve_until": day(until).isoformat()}
    raw = {"party": company.customer.pk, "source_place": company.places["A"].pk, "reserve": True, **ends, **more}
    return company.posted("sales_order", day(1), lines, **raw)


def reserved(company: Company) -> Decimal:
    """What is held back at A仓."""
    return StockBalance.objects.get(item=company.item(), place=company.places["A"], lot=None).reserved


def available(company: Company) -> set[str]:
    """What the picker and 库存查询 call available, by item, place and lot."""
    item = company.item().pk
    found = {stock_of([item], company.viewer, {"place": str(company.places["A"].pk)})[item]["available"]}
    for by in ("item", "place", "lot"):
        found |= {row["available"] for row in stock_on_hand(company.viewer, {"by": by}).rows}
    return found


def test_an_order_lets_go_of_what_is_open_and_takes_it_again() -> None:
    company = make.company()
    company.receipt(day(1), "20", "1")
    sold = order(company, "8")
    delivered = company.delivery(day(2), "3", source_line=sold.goods_lines.get().pk)
    assert (reserved(company), available(company)) == (Decimal(5), {"12"})
    company.act(sold, "release", reason="让给急单")
    assert (reserved(company), available(company), sold.ext["reserve"], sold.state) == (Decimal(0), {"17"}, False, "posted")
    row = AuditLog.objects.filter(object_id=sold.pk, action="release").get()
    assert {one["field"]: (one["before"], one["after"]) for one in json.loads(row.changes)} == {
        "reason": (None, "让给急单"),
        "reserve": (True, False),
    }
    company.act(delivered, "unpost")
    assert reserved(company) == Decimal(0)
    company.act(sold, "hold")
    assert (reserved(company), available(company)) == (Decimal(8), {"12"})
    company.act(sold, "close", reason="不要了")
    assert reserved(company) == Decimal(0)
    assert check.run() == []


def test_what_one_order_lets_go_another_takes() -> None:
    company = make.company()
    company.receipt(day(1), "8", "1")
    first, urgent = order(company, "8"), order(company, "6", reserve=False)
    company.act(first, "release", reason="转给急单")
    company.act(urgent, "hold")
    held = dict(Reservation.objects.values_list("line__document", "quantity"))
    assert (held, reserved(company)) == ({first.pk: Decimal(0), urgent.pk: Decimal(6)}, Decimal(6))
    assert check.run() == []


def test_letting_go_twice_without_a_reason_or_without_the_right_changes_nothing() -> None:
    company = make.company()
    company.receipt(day(1), "8", "1")
    sold = order(company, "8")
    before = everything()
    with pytest.raises(ReasonRequired):
        company.act(sold, "release", reason="")
    with pytest.raises(TransitionRefused) as refused:
        company.act(sold, "hold")
    assert str(refused.value) == "销售订单当前为“已占用库存”，不能占用库存。"
    clerk = Viewer(user_id=company.viewer.user_id, name="文员", permissions=frozenset({("sales_order", "post"), ("sales_order", "close")}))
    with pytest.raises(PermissionRefused):
        services.transition(clerk, registry.document("sales_order"), services.Order(sold.pk, "release", None, "试"))
    assert everything() == before
    key = Key("k", "d")
    company.act(sold, "release", reason="试", key=key)
    company.act(sold, "release", reason="试", key=key)
    assert Posting.objects.filter(document=sold).count() == 2
    with pytest.raises(TransitionRefused):
        company.act(sold, "release", reason="试")


def test_beyond_its_day_a_reservation_does_not_count_and_is_given_up() -> None:
    company = make.company()
    company.receipt(day(1), "20", "1")
    old, kept, forever = order(company, "8", until=5), order(company, "4", until=6), order(company, "2")
    with standing(5):
        assert (available(company), release_expired(company.viewer, clock.today())) == ({"6"}, [])
    with standing(6):
        assert (reserved(company), available(company)) == (Decimal(14), {"14"})
        held = {row["document"]["id"]: row["reserved"] for row in run_lines(company.viewer, {}).rows}
        assert held == {old.pk: "0", kept.pk: "4", forever.pk: "2"}
        assert release_expired(company.viewer, clock.today()) == [old.number]
        assert (reserved(company), available(company)) == (Decimal(6), {"14"})
        assert release_expired(company.viewer, clock.today()) == []
        row = AuditLog.objects.filter(object_id=old.pk, action="release").get()
        assert {one["field"]: one["after"] for one in json.loads(row.changes)}["reason"] == "占用到期"
        company.act(old, "hold")
        assert (reserved(company), available(company), old.ext["reserve_until"]) == (Decimal(14), {"6"}, None)
