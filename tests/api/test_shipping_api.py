"""物流接口 Deliveries over the wire: one and many, what a role may, lists by state, paper, and English."""

from __future__ import annotations

from typing import Any

import pytest

from hengcang.base import clock
from hengcang.parties.models import Party
from tests.api.documents_world import World, world
from tests.faults.test_every_statement import everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> World:
    return world()


def sold(at: World, on: int = 2) -> Any:
    """A posted delivery."""
    if on == 2:
        at.posted("purchase_receipts", [at.line("20")])
    return at.posted("sales_deliveries", on=on)


def carrier() -> Party:
    return Party.objects.create(code="SF", name="顺丰速运", is_supplier=True)


def test_one_is_written_down_shown_listed_printed_and_told(at: World) -> None:
    document, sf = sold(at), carrier()
    path = f"/sales_deliveries/{document['id']}"
    body = {
        "version": document["version"], "carrier": sf.pk, "tracking_numbers": "SF1001", "packages": 2, "freight": "18",
        "state": "shipped", "happened_at": clock.now().isoformat(),
    }  # fmt: skip
    status, shown = at.boss.call("POST", f"{path}/ship", body, key="once")
    assert (status, shown["delivery_state"], shown["carrier"]["label"], shown["freight"]) == (200, "shipped", "顺丰速运", "18")
    assert at.boss.call("POST", f"{path}/ship", body, key="once")[1]["version"] == shown["version"]
    assert [(one["state"], one["label"], one["tone"]) for one in at.boss.get(f"{path}/deliveries")] == [("shipped", "已发货", "processing")]
    where = '[{"field":"delivery_state","op":"in","value":["shipped"]}]'
    page = at.boss.get(f"/sales_deliveries?where={where}&columns=number,delivery_state,carrier,freight&totals=true")
    assert [(row["id"], row["delivery_state"], row["carrier"]["code"]) for row in page["rows"]] == [(document["id"], "shipped", "SF")]
    assert page["totals"] == {"freight": "18"}
    stale = at.boss.call("POST", f"{path}/ship", {**body, "state": "signed"}, key="other")
    assert (stale[0], stale[1]["code"]) == (409, "revision_conflict")
    changes = [one for one in at.boss.get(f"{path}/history") if one["action"] == "ship"]
    assert [one["label"] for one in changes] == ["登记物流"]
    assert ("承运商", None, "顺丰速运") in {(one["label"], one["before"], one["after"]) for one in changes[0]["changes"]}
    assert at.boss.call("GET", f"{path}/print/standard")[0] == 200


def test_the_paper_of_a_delivery_says_who_carries_it(at: World) -> None:
    from hengcang.access.viewer import system_viewer
    from hengcang.documents import present, printing
    from hengcang.meta import registry

    document, sf = sold(at), carrier()
    at.boss.call("POST", f"/sales_deliveries/{document['id']}/ship", {"carrier": sf.pk, "tracking_numbers": "SF1001", "packages": 2})
    viewer, declaration = system_viewer(1, ""), registry.document("sales_delivery")
    shown = present.document_json(viewer, declaration, document["id"])
    head = {one["label"]: one["value"] for one in printing.data_of(viewer, declaration, shown)["header"]}
    assert (head["承运商"], head["运单号"], head["件数"]) == ("顺丰速运", "SF1001", "2")
    assert "物流状态" not in head and "运费" not in head


def test_many_are_written_down_at_once_and_each_says_what_is_wrong_with_it(at: World) -> None:
    documents, sf = [sold(at), sold(at, 3)], carrier()
    rows = [{"id": one["id"], "carrier": sf.pk, "tracking_numbers": f"SF{one['id']}", "state": "shipped"} for one in documents]
    before = everything()
    wrong = at.boss.call("POST", "/sales_deliveries/ship", {"documents": [rows[0], {**rows[1], "freight": "两元"}]})
    assert (wrong[0], [one["path"] for one in wrong[1]["errors"]]) == (422, ["documents.1.freight"])
    assert everything() == before
    assert at.boss.call("POST", "/sales_deliveries/ship", {"documents": rows})[0] == 200
    found = at.boss.get("/sales_deliveries?columns=number,tracking_numbers,delivery_state")["rows"]
    assert {(row["tracking_numbers"], row["delivery_state"]) for row in found} == {(f"SF{one['id']}", "shipped") for one in documents}
    for body in ({}, {"documents": []}, {"documents": [1]}, {"documents": [{"id": True}]}, {"documents": [{"id": 1, "state": "lost"}]}):
        assert at.boss.call("POST", "/sales_deliveries/ship", body)[0] in (400, 422)


def test_a_storekeeper_ships_and_a_buyer_does_not(at: World) -> None:
    document = sold(at)
    keeper, buyer = at.worker("keeper", "仓库管理员"), at.worker("buyer", "采购员")
    path = f"/sales_deliveries/{document['id']}/ship"
    assert buyer.call("POST", path, {"state": "shipped"})[0] == 403
    status, shown = keeper.call("POST", path, {"state": "shipped", "freight": "9.50"})
    assert (status, shown["freight"], "amount_gross" in shown) == (200, "9.5", False)
    meta = keeper.get("/meta")["documents"]
    assert meta["sales_delivery"]["shipping"]["fields"] == [
        "carrier", "tracking_numbers", "packages", "weight", "freight_payer", "freight",
    ]  # fmt: skip
    assert [one["value"] for one in meta["sales_delivery"]["shipping"]["states"]][:2] == ["to_ship", "shipped"]
    assert meta["stock_count"]["shipping"] is None


def test_english_says_it_in_english(at: World) -> None:
    sold(at)
    meta = at.boss.get("/meta", **{"Accept-Language": "en"})
    delivery = meta["documents"]["sales_delivery"]
    labels = {one["name"]: (one["label"], one["group"]) for one in delivery["fields"] if one["group"] == "Logistics"}
    assert labels == {
        "carrier": ("Carrier", "Logistics"),
        "tracking_numbers": ("Tracking numbers", "Logistics"),
        "packages": ("Packages", "Logistics"),
        "weight": ("Weight (kg)", "Logistics"),
        "freight_payer": ("Freight borne by", "Logistics"),
        "freight": ("Freight", "Logistics"),
        "delivery_state": ("Delivery state", "Logistics"),
    }
    assert [one["label"] for one in delivery["shipping"]["states"]] == [
        "To ship",
        "Shipped",
        "On the way",
        "Signed",
        "Refused",
        "Exception",
    ]
    assert {"Expense", "Other income"} <= {one["label"] for one in delivery["conversions"]}
