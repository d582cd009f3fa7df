"""多规格接口 Families over the wire: preview, making items once per key, the matrix of a document and what it costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.catalog.models import Item
from tests import make
from tests.api.conftest import Browser, person
from tests.make import Company, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(admin: Browser) -> Company:
    return make.company()


def family(admin: Browser, shop: Company, sizes: str = "S、M", code: str = "T001") -> int:
    """A family of 红 and 蓝 in some sizes, and its items."""
    axes = []
    for name, values in (("颜色" + code, "红、蓝"), ("尺码" + code, sizes)):
        lines = [{"name": one} for one in values.split("、")]
        axes.append(admin.call("POST", "/variant_axes", {"name": name, "axis_values": lines})[1]["id"])
    raw = {"code": code, "name": "T恤", "axis_1": axes[0], "chosen_1": "红、蓝", "axis_2": axes[1], "chosen_2": sizes}
    status, made = admin.call("POST", "/item_families", {**raw, "base_unit": shop.unit.pk, "sales_price": "50", "purchase_price": "20"})
    assert status == 201, made
    found = admin.get(f"/item_families/{made['id']}/variants")
    create = [row["variants"] for row in found["rows"]]
    status, done = admin.call("POST", f"/item_families/{made['id']}/variants", {"create": create}, key=f"make {code}")
    assert status == 200 and done["created"] == len(create)
    shop.items |= {one.code: one for one in Item.objects.filter(family=made["id"])}
    return int(made["id"])


def test_a_key_makes_items_once_and_refusals_say_what_is_wrong(admin: Browser, shop: Company) -> None:
    made = family(admin, shop)
    found = admin.get(f"/item_families/{made}/variants")
    create = [row["variants"] for row in found["rows"]]
    again = admin.call("POST", f"/item_families/{made}/variants", {"create": create}, key="make T001")
    assert again[1]["created"] == 4 and Item.objects.filter(family=made).count() == 4
    for body in ({"create": [[1]]}, {"create": "x"}, {"retire": [True]}, {"create": [[10**9, 10**9]]}):
        assert admin.call("POST", f"/item_families/{made}/variants", body)[0] == 422, body
    assert admin.call("GET", f"/item_families/{made}/variants?chosen_1=x")[0] == 422
    assert admin.call("GET", "/item_families/99/matrix")[0] == 404
    narrowed = admin.get(f"/item_families/{made}/variants?chosen_2={create[0][1]}")
    assert [(axis["label"], [one["chosen"] for one in axis["values"]]) for axis in narrowed["axes"]] == [
        ("颜色T001", [True, True]), ("尺码T001", [True, False]),
    ]  # fmt: skip


def test_the_matrix_of_a_document_has_stock_and_price_of_every_item(admin: Browser, shop: Company) -> None:
    made = family(admin, shop)
    shop.receipt(day(1), "7", "20", "T001-红-M")
    found = admin.get(f"/item_families/{made}/matrix?document_type=sales_delivery&place={shop.places['A'].pk}&party={shop.customer.pk}")
    assert found["family"] == {"id": made, "code": "T001", "label": "T恤"}
    assert [[one["label"] for one in axis["values"]] for axis in found["axes"]] == [["红", "蓝"], ["S", "M"]]
    cells = {row["code"]: (row["on_hand"], row["available"], row["sales_price"], len(row["variants"])) for row in found["items"]}
    assert cells == {
        "T001-红-S": ("0", "0", "50", 2), "T001-红-M": ("7", "7", "50", 2),
        "T001-蓝-S": ("0", "0", "50", 2), "T001-蓝-M": ("0", "0", "50", 2),
    }  # fmt: skip
    admin.call("POST", f"/item_families/{made}/variants", {"retire": [shop.items["T001-红-M"].pk, shop.items["T001-红-S"].pk]})
    left = admin.get(f"/item_families/{made}/matrix")
    assert [row["code"] for row in left["items"]] == ["T001-蓝-S", "T001-蓝-M"]
    assert [[one["label"] for one in axis["values"]] for axis in left["axes"]] == [["蓝"], ["S", "M"]]


def test_prices_and_stock_are_shown_to_who_may_see_them(admin: Browser, shop: Company) -> None:
    made = family(admin, shop)
    keeper = person("keeper", (("item", "view"),), masks=("sales_price", "purchase_price"))
    row = keeper.get(f"/item_families/{made}/matrix")["items"][0]
    assert not {"sales_price", "purchase_price", "on_hand"} & set(row) and row["units"][0]["label"] == "个"
    assert person("nobody").call("GET", f"/item_families/{made}/matrix")[0] == 403


def test_the_matrix_takes_as_many_statements_for_four_items_as_for_eighty(admin: Browser, shop: Company) -> None:
    few, many = family(admin, shop), family(admin, shop, "、".join(f"{n}码" for n in range(40)), "T002")
    counts = []
    for one in (few, many):
        with CaptureQueriesContext(connection) as statements:
            admin.get(f"/item_families/{one}/matrix?document_type=sales_delivery&place={shop.places['A'].pk}&party={shop.customer.pk}")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 22


def test_tables_of_goods_say_that_they_take_a_matrix_once_there_are_families(admin: Browser, shop: Company) -> None:
    def tables() -> dict[str, str]:
        documents = admin.get("/meta")["documents"]
        return {f"{name}.{one['name']}": one["matrix"] for name, declared in documents.items() for one in declared["lines"]}

    assert set(tables().values()) == {""}
    family(admin, shop)
    found = tables()
    taking = {name for name, matrix in found.items() if matrix == "item_families"}
    assert {"purchase_order.goods_lines", "sales_delivery.goods_lines", "stock_transfer.goods_lines", "stock_count.goods_lines"} <= taking
    assert found["incoming_payment.money_lines"] == found["landed_cost.goods_lines"] == ""
    meta = admin.get("/meta")
    assert meta["masters"]["item_family"]["generates"] == "items" and meta["masters"]["item"]["generates"] == ""
