"""可下推的单据 Which documents can go into one draft together, and that they do."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.catalog.models import ItemUnit, Unit
from hengcang.documents import open_sources
from hengcang.parties.models import Party
from tests.api.conftest import Browser
from tests.api.documents_world import World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> World:
    """A company whose boss is logged in."""
    return world()


def order(at: World, *lines: tuple[str, str], on: int = 1, **header: Any) -> Any:
    """A posted purchase order of (item, quantity)."""
    return at.posted("purchase_orders", [at.line(quantity, item) for item, quantity in lines], on, **header)


def received(at: World, source: Any, body: dict[str, Any]) -> Any:
    """A posted receipt out of an order."""
    status, made = at.boss.call("POST", f"/purchase_orders/{source['id']}/convert/purchase_receipt", body)
    assert status == 201, made
    status, posted = at.boss.call("POST", f"/purchase_receipts/{made['id']}/post", {"version": made["version"]})
    assert status == 200, posted
    return posted


def asked(at: World, source: Any, by: Browser | None = None, search: str = "") -> Any:
    """What can go into a receipt with this order."""
    return (by or at.boss).get(f"/purchase_orders/{source['id']}/convert/purchase_receipt?search={search}")


def labels(answer: Any) -> list[str]:
    """The documents of an answer."""
    return [one["label"] for one in answer["documents"]]


def test_the_document_comes_first_then_others_of_the_party_with_open_lines_newest_first(at: World) -> None:
    other = Party.objects.create(code="S2", name="别家", is_supplier=True)
    first, second, third = (order(at, ("M6", "5"), on=number) for number in (1, 2, 3))
    order(at, ("M6", "5"), party=other.pk)
    at.made("purchase_orders", on=4)
    closed, done = order(at, ("M6", "5"), on=5), order(at, ("M6", "5"), on=6)
    assert at.boss.call("POST", f"/purchase_orders/{closed['id']}/close", {"version": closed["version"], "reason": "不要了"})[0] == 200
    received(at, done, {})
    answer = asked(at, first)
    assert labels(answer) == [first["number"], third["number"], second["number"]] and answer["more"] is False
    assert labels(asked(at, second)) == [second["number"], third["number"], first["number"]]
    assert labels(asked(at, first, search=third["number"][-8:])) == [first["number"], third["number"]]
    assert labels(asked(at, first, search="没有这样的")) == [first["number"]]


def test_what_is_open_is_told_in_the_unit_of_the_line_and_of_the_document_in_base_units(at: World) -> None:
    item = at.company.item("M6")
    box = Unit.objects.create(code="box", name="盒")
    ItemUnit.objects.create(item=item, unit=box, factor="100")
    one = at.posted("purchase_orders", [at.line("5", unit=box.pk), at.line("3", "M8")])
    line = one["goods_lines"][0]["id"]
    assert received(at, one, {"lines": [{"id": line, "quantity": "1.5"}]})["goods_lines"][0]["quantity"] == "1.5"
    (document,) = asked(at, one)["documents"]
    assert document["open"] == "353" and document["document_date"] == "2026-03-01"
    assert [(part["item"]["code"], part["unit"]["label"], part["quantity"], part["done"], part["open"]) for part in document["lines"]] == [
        ("M6", "盒", "5", "1.5", "3.5"),
        ("M8", "个", "3", "0", "3"),
    ]


def test_lines_of_two_orders_go_into_one_receipt_with_the_quantities_that_were_asked_for(at: World) -> None:
    first, second = order(at, ("M6", "5"), ("M8", "4")), order(at, ("M6", "7"), on=2)
    lines = {
        part["item"]["label"] + str(at_order): part["id"] for at_order, one in enumerate((first, second)) for part in one["goods_lines"]
    }
    body = {
        "also": [second["id"]],
        "lines": [{"id": lines["商品M80"], "quantity": "4"}, {"id": lines["商品M61"], "quantity": "2"}],
    }
    receipt = received(at, first, body)
    assert [(line["item"]["code"], line["quantity"], line["source"]["id"]) for line in receipt["goods_lines"]] == [
        ("M8", "4", first["id"]),
        ("M6", "2", second["id"]),
    ]
    left = {one["label"]: one["open"] for one in asked(at, first)["documents"]}
    assert left == {first["number"]: "5", second["number"]: "5"}


def test_a_colleague_sees_only_the_documents_of_his_warehouses_and_needs_the_right_to_make_the_target(at: World) -> None:
    first = order(at, ("M6", "5"))
    order(at, ("M6", "5"), target_place=at.company.places["B"].pk)
    buyer = at.worker("li", "采购员", warehouses=("A",))
    assert labels(asked(at, first, by=buyer)) == [first["number"]]
    clerk = at.worker("wang", "销售员")
    assert clerk.call("GET", f"/purchase_orders/{first['id']}/convert/purchase_receipt")[0] == 403
    assert at.boss.call("GET", f"/purchase_orders/{first['id']}/convert/stock_count")[0] in (404, 405)
    receipt = at.posted("purchase_receipts")
    assert at.boss.call("GET", f"/purchase_receipts/{receipt['id']}/convert/outgoing_payment")[0] == 422


def test_more_than_fit_are_said_and_the_statements_do_not_grow(at: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_sources, "OTHERS_AT_MOST", 2)
    orders = [order(at, ("M6", "5"), on=number) for number in (1, 2, 3)]
    with CaptureQueriesContext(connection) as few:
        assert asked(at, orders[0])["more"] is False
    orders.append(order(at, *[("M6", "1")] * 20, on=4))
    with CaptureQueriesContext(connection) as many:
        answer = asked(at, orders[0])
    assert labels(answer) == [orders[0]["number"], orders[3]["number"], orders[2]["number"]] and answer["more"] is True
    assert len(many) == len(few)
