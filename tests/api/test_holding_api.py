"""占用接口 Holding back over the wire: what an order's lines hold, a part let go of, and a reservation handed over, once."""

from __future__ import annotations

from typing import Any

import pytest

from hengcang.access.models import Permission, Role
from tests.api.documents_world import World, world
from tests.faults.test_every_statement import everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> World:
    return world()


def orders(at: World) -> tuple[Any, Any]:
    """An order of two lines that holds ten pieces back, and one of the same item that lacks eight."""
    at.posted("purchase_receipts", [at.line("20")])
    first = at.posted("sales_orders", [at.line("6"), at.line("4")], on=2, reserve=True)
    return first, at.posted("sales_orders", [at.line("8")], on=2)


def test_a_part_is_let_go_of_taken_again_and_handed_over_over_the_wire(at: World) -> None:
    giver, urgent = orders(at)
    path = f"/sales_orders/{giver['id']}"
    first, second = at.boss.get(f"{path}/holdings")
    assert [(one["held"], one["room"], one["available"]) for one in (first, second)] == [("6", "0", "10"), ("4", "0", "10")]
    assert [(one["label"], one["party"], one["room"]) for one in first["takers"]] == [(urgent["number"], "顺达商行", "8")]
    body = {
        "version": giver["version"],
        "reason": "先放一放",
        "lines": [{"line": first["line"], "quantity": "2.5"}, {"line": second["line"]}],
    }
    status, shown = at.boss.call("POST", f"{path}/release", body, key="once")
    assert (status, shown["reserve"], shown["version"]) == (200, True, giver["version"] + 1)
    assert at.boss.call("POST", f"{path}/release", body, key="once")[1]["version"] == shown["version"]
    assert [one["held"] for one in at.boss.get(f"{path}/holdings")] == ["3.5", "0"]
    handed = {
        "version": shown["version"],
        "reason": "急单",
        "lines": [{"line": first["line"], "quantity": "3", "taker": first["takers"][0]["line"]}],
    }
    assert at.boss.call("POST", f"{path}/reassign", handed, key="hand")[0] == 200
    assert [one["held"] for one in at.boss.get(f"{path}/holdings")] == ["0.5", "0"]
    assert [one["held"] for one in at.boss.get(f"/sales_orders/{urgent['id']}/holdings")] == ["3"]
    assert at.boss.get(f"/sales_orders/{urgent['id']}")["reserve"] is True
    for document in (giver, urgent):
        (told,) = [one for one in at.boss.get(f"/sales_orders/{document['id']}/history") if one["action"] == "reassign"]
        words = f"{giver['number']} 第 1 行 → {urgent['number']} 第 1 行：3 个"
        assert told["label"] == "转让占用"
        assert ("转让占用", words) in {(one["label"], one["after"]) for one in told["changes"]}
    stale = at.boss.call("POST", f"{path}/hold", {"version": 1, "lines": [{"line": second["line"]}]}, key="late")
    assert (stale[0], stale[1]["code"]) == (409, "revision_conflict")


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        ("all", "lines"), ([7], "lines.0"), ([{"line": "7"}], "lines.0"), ([{"line": 7, "taker": 8}], "lines.0"),
        ([{"line": 7, "quantity": "x"}], "lines.0.quantity"), ([{"line": 7, "quantity": "-1"}], "lines.0.quantity"),
        ([{"line": 1}] * 501, "lines"), ([], "lines"), ({}, "lines"), ("", "lines"), (False, "lines"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_lines_is_refused_and_changes_nothing(at: World, lines: Any, path: str) -> None:
    giver, _ = orders(at)
    before = everything()
    status, problem = at.boss.call("POST", f"/sales_orders/{giver['id']}/release", {"reason": "试", "lines": lines}, key="k")
    assert (status, problem["errors"][0]["path"]) == (422, path)
    assert everything() == before


def test_who_may_not_see_stock_is_told_no_numbers_of_it(at: World) -> None:
    giver, _ = orders(at)
    role = Role.objects.create(name="跟单")
    Permission.objects.bulk_create([Permission(role=role, subject="sales_order", action=action) for action in ("view", "release")])
    clerk = at.worker("wen", "跟单")
    assert "available" not in clerk.get(f"/sales_orders/{giver['id']}/holdings")[0]
    assert clerk.get(f"/sales_orders/{giver['id']}/holdings")[0]["takers"] == []
    names = {one["name"] for one in clerk.get(f"/sales_orders/{giver['id']}")["allowed"]}
    assert names & {"hold", "release", "reassign"} == {"release"}


def test_a_type_that_holds_nothing_back_has_no_such_list(at: World) -> None:
    sold = at.posted("purchase_receipts", [at.line("2")])
    assert at.boss.call("GET", f"/purchase_receipts/{sold['id']}/holdings")[0] == 404
