"""单据范围 Who is limited to warehouses sees, and acts on, only documents all of whose places are among them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.viewer import Viewer
from hengcang.base.clock import standing_at
from hengcang.documents.scope import in_sight, may_hold
from hengcang.records.models import Document, GoodsLine
from tests import make
from tests.api.conftest import person
from tests.api.documents_world import World, faults, world
from tests.faults.test_every_statement import everything
from tests.make import day

pytestmark = pytest.mark.django_db
VIEWS = ("", "/trace", "/postings", "/preview", "/progress", "/history", "/comments", "/attachments", "/print/standard")
SPAN = "date_from=2026-03-01&date_to=2026-03-31"


@pytest.fixture
def at() -> World:
    return world()


def ids(rows: list[dict[str, Any]]) -> list[int]:
    """The ids of rows."""
    return [row["id"] for row in rows]


def test_a_line_in_another_warehouse_hides_the_whole_document(at: World) -> None:
    b = at.company.places["B"].pk
    own = at.posted("purchase_receipts", [at.line("10")])
    mixed = at.posted("purchase_receipts", [at.line("3"), at.line("4444", target_place=b)])
    moved = at.posted("stock_transfers", [{"item": at.company.item().pk, "quantity": "2"}], on=2, target_place=b)
    keeper = at.worker("li", "仓库管理员", warehouses=("A",))
    page = keeper.get("/purchase_receipts?totals=1")
    assert (ids(page["rows"]), page["count"]) == ([own["id"]], 1)
    assert keeper.get("/stock_transfers")["rows"] == []
    assert ids(keeper.get(f"/reports/document_register?{SPAN}")["rows"]) == [own["id"]]
    for document, acts in ((mixed, ("unpost", "reverse", "copy", "convert/purchase_return")), (moved, ("unpost", "reverse", "copy"))):
        path = f"/{document['type']}s/{document['id']}"
        for view in VIEWS:
            assert keeper.call("GET", f"{path}{view}")[0] == 404, view
        before = everything()
        for act in acts:
            status, problem = keeper.call("POST", f"{path}/{act}", {"reason": "试"})
            assert (status, problem["code"]) == (404, "not_found"), act
        assert everything() == before
    back = at.body(
        "purchase_returns", [{"item": at.company.item().pk, "quantity": "1", "source_line": mixed["goods_lines"][0]["id"]}], on=3
    )
    assert faults(keeper.call("POST", "/purchase_returns", back)[1]) == [("goods_lines.0.source_line", "field_invalid")]
    both = at.worker("wang", "仓库管理员", warehouses=("B",))
    assert ids(both.get("/purchase_receipts")["rows"]) == [mixed["id"], own["id"]]
    assert both.get(f"/stock_transfers/{moved['id']}")["state"] == "posted"


def test_open_items_and_the_figures_of_home_leave_out_documents_with_a_foreign_line(at: World) -> None:
    b = at.company.places["B"].pk
    own = at.posted("purchase_receipts", [at.line("10")], on=2)
    at.posted("purchase_receipts", [at.line("3"), at.line("4444", target_place=b)], on=2)
    at.posted("purchase_receipts", [at.line("5")], on=2, target_place=b)
    clerk = person("clerk", [("*", "view")], scopes=[("warehouse", at.company.places["A"].pk)])
    assert ids(clerk.get("/reports/open_items?side=supplier")["rows"]) == [
        row["id"] for row in at.boss.get("/reports/open_items?side=supplier")["rows"] if row["document"]["id"] == own["id"]
    ]
    with standing_at(datetime(2026, 3, 2, 4, tzinfo=UTC)):
        figures = {one["name"]: one["value"] for one in clerk.get("/home")["figures"]}
    assert (figures["payable"], figures["purchases"]) == ("50", "50")


def test_a_draft_comes_into_sight_when_its_foreign_line_is_gone_and_cannot_be_given_one(at: World) -> None:
    b = at.company.places["B"].pk
    mixed = at.made("purchase_receipts", [at.line("3"), at.line("4", target_place=b)])
    path = f"/purchase_receipts/{mixed['id']}"
    keeper = at.worker("li", "仓库管理员", warehouses=("A",))
    assert keeper.call("GET", path)[0] == 404 and keeper.call("PUT", path, {"version": 1, "remark": "改"})[0] == 404
    kept = [{"id": mixed["goods_lines"][0]["id"]}]
    assert at.boss.call("PUT", path, {"version": 1, "goods_lines": kept})[0] == 200
    assert keeper.get(path)["goods_lines"][0]["quantity"] == "3"
    before = everything()
    problem = keeper.call(
        "PUT", path, {"version": 2, "goods_lines": [*kept, {"item": at.company.item().pk, "quantity": "1", "target_place": b}]}
    )[1]
    assert faults(problem) == [("goods_lines.1.target_place", "field_invalid")] and everything() == before
    assert keeper.call("POST", f"{path}/post", {})[0] == 200


def test_the_chain_leaves_out_a_document_with_a_foreign_line(at: World) -> None:
    b = at.company.places["B"].pk
    order = at.posted("purchase_orders", [at.line("5"), at.line("5")])
    first, second = order["goods_lines"]
    own = at.posted("purchase_receipts", [at.line("2", source_line=first["id"])])
    at.posted("purchase_receipts", [at.line("1", source_line=first["id"]), at.line("1", source_line=second["id"], target_place=b)])
    keeper = at.worker("li", "仓库管理员", warehouses=("A",))
    assert ids(keeper.get(f"/purchase_orders/{order['id']}/trace")["documents"]) == [order["id"], own["id"]]


def test_a_limited_list_takes_as_many_statements_as_an_unlimited_one(at: World) -> None:
    for number in range(1, 6):
        at.posted("purchase_receipts", [at.line()] * number, on=number)
    keeper = at.worker("li", "仓库管理员", warehouses=("A",))
    counts = {}
    for name, browser in (("boss", at.boss), ("keeper", keeper)):
        with CaptureQueriesContext(connection) as captured:
            assert len(browser.get("/purchase_receipts")["rows"]) == 5
        counts[name] = len([one for one in captured.captured_queries if '"records_document"' in one["sql"]])
    assert counts["keeper"] == counts["boss"]


def test_what_may_be_written_is_what_will_be_seen() -> None:
    company = make.company()
    a, b = company.places["A"].pk, company.places["B"].pk
    document = Document.objects.create(
        type="stock_transfer", document_date=day(1), created_by_id=company.viewer.user_id, created_at="2026-03-01T00:00Z"
    )
    line = GoodsLine.objects.create(document=document, position=1, item=company.item(), unit=company.unit, quantity=1, base_quantity=1)
    choices = (None, a, b)
    for source, target, line_source, line_target in product(choices, repeat=4):
        Document.objects.filter(pk=document.pk).update(source_place=source, target_place=target)
        GoodsLine.objects.filter(pk=line.pk).update(source_place=line_source, target_place=line_target)
        header = Document.objects.values().get(pk=document.pk)
        for keys in ({a}, {b}, {a, b}):
            viewer = Viewer(10**6, "某人", scopes={"warehouse": frozenset(keys)})
            sees = bool(in_sight(viewer, [document.pk]))
            assert sees == may_hold(viewer, header, (line_source, line_target))
            assert sees == ({source, target, line_source, line_target} <= {None, *keys})
