"""操作含查看 Who may make or change a record may view it: no command takes effect and then answers that it may not be seen."""

from __future__ import annotations

import pytest

from hengcang.access.labels import SHOWING
from hengcang.access.viewer import Viewer
from tests.api.conftest import person
from tests.api.documents_world import World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> World:
    return world()


def test_who_may_only_create_gets_the_draft_he_made_and_finds_it_in_the_list(at: World) -> None:
    maker = person("maker", [("purchase_receipt", "create"), ("party", "view"), ("item", "view"), ("warehouse", "view")])
    status, made = maker.call("POST", "/purchase_receipts", at.body("purchase_receipts"), key="k")
    assert (status, made["state"], made["goods_lines"][0]["quantity"]) == (201, "draft", "2")
    assert [row["id"] for row in maker.get("/purchase_receipts")["rows"]] == [made["id"]]
    assert maker.get("/meta")["documents"].keys() == {"purchase_receipt"}
    status, problem = maker.call("POST", f"/purchase_receipts/{made['id']}/post", {})
    assert (status, problem["params"]["action"]) == (403, "post")
    assert at.stored(made).state == "draft"


def test_who_may_only_post_gets_what_he_posted(at: World) -> None:
    made = at.made("purchase_receipts")
    poster = person("poster", [("*", "post")])
    status, posted = poster.call("POST", f"/purchase_receipts/{made['id']}/post", {})
    assert (status, posted["state"]) == (200, "posted")
    assert poster.get("/meta")["reports"] == {} and poster.call("GET", "/reports/stock_on_hand")[0] == 403


def test_who_may_only_create_a_master_gets_what_he_made() -> None:
    at = world()
    clerk = person("clerk", [("party", "create")])
    status, made = clerk.call("POST", "/parties", {"code": "C7", "name": "新客户", "is_customer": True})
    assert (status, made["code"]) == (201, "C7")
    assert at.boss.get(f"/parties/{made['id']}")["name"] == "新客户"


@pytest.mark.parametrize("action", sorted(SHOWING))
def test_acting_on_a_type_is_seeing_that_type_and_no_other(action: str) -> None:
    one, every = Viewer(1, "甲", permissions=frozenset({("sales_order", action)})), Viewer(1, "乙", permissions=frozenset({("*", action)}))
    assert one.may("sales_order", "view") and not one.may("purchase_order", "view") and not one.may("sales_order", "export")
    assert every.may("purchase_order", "view") and every.may("party", "view")
    assert not any(viewer.may(name, "view") for viewer in (one, every) for name in ("stock_on_hand", "audit", "book"))


@pytest.mark.parametrize("action", ["delete", "export", "import", "print"])
def test_what_answers_with_no_record_shows_none(action: str) -> None:
    assert not Viewer(1, "甲", permissions=frozenset({("sales_order", action)})).may("sales_order", "view")
