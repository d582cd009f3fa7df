"""权限矩阵 Preset roles × operations × fields: deny by default, and what is masked or out of scope leaves by no door.

Prices are numbers that occur nowhere else, so that an answer can be searched for them as text.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hengcang.access.models import User
from hengcang.access.viewer import viewer_of
from hengcang.base.book import change_book
from hengcang.catalog.models import StockLimit
from hengcang.core.errors import InsufficientStock
from hengcang.documents import printing
from hengcang.ledger import stock_alerts
from hengcang.meta import registry
from hengcang.parties.models import Party
from hengcang.records.models import Document
from tests.api.conftest import Browser, person
from tests.api.documents_world import World, faults, world
from tests.faults.test_every_statement import everything
from tests.make import day

pytestmark = pytest.mark.django_db

BOUGHT, SOLD = "7.77", "31.31"
BOUGHT_TEXTS, SOLD_TEXTS = ("7.77", "77.7", "23.31"), ("31.31", "93.93")
VIEWS = ("", "/trace", "/postings", "/preview", "/progress", "/history", "/comments", "/attachments")


@pytest.fixture
def at() -> World:
    return world()


@pytest.fixture
def trade(at: World) -> dict[str, Any]:
    """Ten bought at 7.77, three of them sold at 31.31, one returned each way, with orders before."""
    bought, sold = {"unit_price_net": BOUGHT}, {"unit_price_net": SOLD}
    made: dict[str, Any] = {}
    made["purchase_orders"] = at.posted("purchase_orders", [at.line("10", **bought)])
    source = made["purchase_orders"]["goods_lines"][0]["id"]
    made["purchase_receipts"] = at.posted("purchase_receipts", [at.line("10", source_line=source, **bought)], on=2)
    made["sales_orders"] = at.posted("sales_orders", [at.line("5", **sold)], on=2)
    source = made["sales_orders"]["goods_lines"][0]["id"]
    made["sales_deliveries"] = at.posted("sales_deliveries", [at.line("3", source_line=source, **sold)], on=3)
    source = made["purchase_receipts"]["goods_lines"][0]["id"]
    made["purchase_returns"] = at.posted("purchase_returns", [at.line("1", source_line=source, unit_price_net="6.66")], on=4)
    source = made["sales_deliveries"]["goods_lines"][0]["id"]
    made["sales_returns"] = at.posted("sales_returns", [at.line("1", source_line=source, **sold)], on=4)
    made["opening_stocks"] = at.posted("opening_stocks", [at.line("1", item="M8", **bought)])
    return made


def texts(browser: Browser, path: str) -> str:
    """An answer as text."""
    status, body = browser.call("GET", path)
    assert status == 200, (path, body)
    return browser.content.decode("utf-8-sig", "replace") if isinstance(browser.content, bytes) else str(body)


def leaks(browser: Browser, path: str, hidden: tuple[str, ...]) -> list[str]:
    """The hidden numbers that occur in an answer; identifying hashes and times are not numbers."""
    body = texts(browser, path)
    return [one for one in hidden if f'"{one}"' in body or f",{one}" in body or f"{one}," in body]


MASKED = {
    "仓库管理员": {**dict.fromkeys(("purchase_orders", "purchase_receipts", "purchase_returns"), (*BOUGHT_TEXTS, "6.66")),
                **dict.fromkeys(("sales_orders", "sales_deliveries", "sales_returns"), (*SOLD_TEXTS, *BOUGHT_TEXTS))},
    "销售员": dict.fromkeys(("sales_orders", "sales_deliveries", "sales_returns"), BOUGHT_TEXTS),
}  # fmt: skip


@pytest.mark.parametrize("role", MASKED)
def test_masked_numbers_leave_by_no_door(at: World, trade: dict[str, Any], role: str) -> None:
    worker = at.worker("li", role)
    Document.objects.update(salesperson=User.objects.get(username="li"))
    for collection, hidden in MASKED[role].items():
        document = trade[collection]["id"]
        for view in VIEWS:
            assert leaks(worker, f"/{collection}/{document}{view}", hidden) == [], (collection, view)
        for path in (f"/{collection}", f"/{collection}/export?format=csv", f"/{collection}?totals=1&search=CG"):
            assert leaks(worker, path, hidden) == [], path
        declared = registry.document_by_collection(collection)
        viewer = viewer_of(User.objects.get(username="li"))
        data = orjson.dumps(printing.data_of(viewer, declared, worker.get(f"/{collection}/{document}"))).decode()
        assert [one for one in hidden if f'"{one}"' in data] == []
        conflict = worker.call("POST", f"/{collection}/{document}/unpost", {"version": 0})
        if conflict[0] == 409:
            assert [one for one in hidden if f'"{one}"' in orjson.dumps(conflict[1]).decode()] == []
    for path in ("/reports/stock_on_hand", "/reports/document_register?date_from=2026-03-01&date_to=2026-03-31", "/home", "/items/options"):
        assert leaks(worker, path, (*BOUGHT_TEXTS, "54.39")) == [], path


def test_what_is_masked_shows_to_who_may_see_it(at: World, trade: dict[str, Any]) -> None:
    for collection, text in (("purchase_receipts", "77.7"), ("sales_deliveries", "93.93")):
        for view in ("", "/trace", "/postings"):
            assert leaks(at.boss, f"/{collection}/{trade[collection]['id']}{view}", (text,)) == [text], (collection, view)
    keeper = at.worker("li", "仓库管理员")
    [posting] = keeper.get(f"/purchase_receipts/{trade['purchase_receipts']['id']}/postings")
    assert [entry["account"] for entry in posting["entries"]] and all("amount" not in entry for entry in posting["entries"])
    assert all("value" not in move and move["quantity"] == "10" for move in posting["moves"])


def test_a_masked_column_cannot_be_asked_about_in_any_way(at: World, trade: dict[str, Any]) -> None:
    keeper = at.worker("li", "仓库管理员")
    cases = (
        ("sales_deliveries", "amount_gross"), ("sales_deliveries", "goods_lines.unit_price_net"),
        ("purchase_receipts", "goods_lines.amount_net"), ("purchase_receipts", "discount_amount"),
    )  # fmt: skip
    before = everything()
    for collection, name in cases:
        where = quote(orjson.dumps([{"any": [{"field": name, "op": "gt", "value": "0"}]}]))
        queries = [f"where={where}"] + ([] if "." in name else [f"columns={name}", f"sort=-{name}", f"sort=number,{name}"])
        for query in queries:
            for path in (f"/{collection}?{query}", f"/{collection}/export?{query}&format=csv"):
                status, problem = keeper.call("GET", path)
                assert (status, problem["code"]) == (422, "query_refused"), path
    assert keeper.get("/sales_deliveries?totals=1")["totals"] == {}
    page = at.boss.get("/sales_deliveries?sort=amount_gross&limit=1&columns=amount_gross")
    assert page["totals"] is None
    assert everything() == before
    fields = {one["name"] for one in keeper.get("/meta")["documents"]["sales_delivery"]["lines"][0]["fields"]}
    assert fields.isdisjoint({"unit_price_net", "discount", "tax_rate", "amount_net"}) and "quantity" in fields


def test_a_cursor_of_one_who_sees_a_column_is_no_door_for_one_who_does_not(at: World, trade: dict[str, Any]) -> None:
    at.posted("sales_deliveries", [at.line("1")], on=5)
    keeper = at.worker("li", "仓库管理员")
    cursor = at.boss.get("/sales_deliveries?sort=amount_gross&limit=1")["next"]
    assert cursor and keeper.call("GET", f"/sales_deliveries?sort=amount_gross&cursor={quote(cursor)}")[0] == 422
    assert keeper.call("GET", f"/sales_deliveries?cursor={quote(cursor)}")[1]["errors"][0]["path"] == "cursor"


def test_reports_leave_masked_columns_out_of_rows_totals_and_columns(at: World, trade: dict[str, Any]) -> None:
    keeper = at.worker("li", "仓库管理员")
    item = at.company.item().pk
    for path, hidden in (
        ("/reports/stock_on_hand", ("value", "unit_cost")),
        (f"/reports/stock_card?item={item}&date_from=2026-03-01&date_to=2026-03-31", ("value", "value_in", "value_out")),
        ("/reports/stock_summary?date_from=2026-03-01&date_to=2026-03-31", ("opening_value", "closing_value", "value_in", "value_out")),
    ):
        shown, whole = keeper.get(path), at.boss.get(path)
        for name in hidden:
            assert name in whole["rows"][-1]
            assert all(name not in row for row in shown["rows"]) and name not in shown["totals"]
            assert name not in {one["name"] for one in shown["columns"]}
    assert [row["quantity"] for row in keeper.get("/reports/stock_on_hand?by=item")["rows"]] == ["7", "1"]
    for name in ("party_ledger", "open_items"):
        assert keeper.call("GET", f"/reports/{name}")[0] == 403


def test_a_buyer_is_not_shown_what_customers_owe(at: World, trade: dict[str, Any]) -> None:
    buyer = at.worker("li", "采购员")
    for path in ("/reports/open_items?side=customer", f"/reports/party_ledger?side=customer&party={at.company.customer.pk}"):
        found = buyer.get(path)
        assert (found["rows"], found["totals"]) == ([], None) and "销售价" in found["note"]
    owed = buyer.get("/reports/open_items?side=supplier")
    assert owed["totals"]["open"] == "71.04"
    assert "receivable" not in {one["name"] for one in buyer.get("/home")["figures"]}


ROLES = ("采购员", "销售员", "仓库管理员", "财务", "老板")
MAY = {
    "purchase_orders": {"view": "采购员 仓库管理员 财务 老板", "create": "采购员", "post": "采购员"},
    "purchase_receipts": {"view": "采购员 仓库管理员 财务 老板", "create": "采购员 仓库管理员", "post": "采购员 仓库管理员"},
    "sales_orders": {"view": "销售员 仓库管理员 财务 老板", "create": "销售员", "post": "销售员"},
    "sales_deliveries": {"view": "销售员 仓库管理员 财务 老板", "create": "销售员 仓库管理员", "post": "销售员 仓库管理员"},
    "stock_counts": {"view": "仓库管理员 财务 老板", "create": "仓库管理员", "post": "仓库管理员"},
    "stock_transfers": {"view": "仓库管理员 财务 老板", "create": "仓库管理员", "post": "仓库管理员"},
    "opening_stocks": {"view": "财务 老板", "create": "财务", "post": "财务"},
    "incoming_payments": {"view": "财务 老板", "create": "财务", "post": "财务"},
    "outgoing_payments": {"view": "财务 老板", "create": "财务", "post": "财务"},
    **{
        collection: {"view": "财务 老板", "create": "财务", "post": "财务"}
        for collection in (
            "clearings", "expenses", "other_incomes", "cash_transfers", "currency_exchanges", "opening_receivables", "opening_payables",
            "opening_customer_advances", "opening_supplier_advances", "opening_cash",
        )
    },
}  # fmt: skip


def test_every_preset_role_may_what_the_table_says_and_nothing_else(at: World) -> None:
    workers = {role: at.worker(f"u{number}", role) for number, role in enumerate(ROLES)}
    nobody = person("nobody")
    for collection, rights in MAY.items():
        document = at.made(collection)["id"]
        calls = (
            ("view", "GET", f"/{collection}", None), ("view", "GET", f"/{collection}/export?format=csv", None),
            ("view", "GET", f"/{collection}/{document}", None), ("view", "GET", f"/{collection}/{document}/trace", None),
            ("create", "POST", f"/{collection}", {"nonsense": 1}), ("create", "POST", f"/{collection}/{document}/copy", None),
            ("create", "PUT", f"/{collection}/{document}", {"version": 99}),
            ("post", "POST", f"/{collection}/{document}/post", {"version": 99}),
            ("post", "POST", f"/{collection}/{document}/void", {"version": 99}),
        )  # fmt: skip
        for role, worker in {**workers, "": nobody}.items():
            for right, method, path, body in calls:
                if path.endswith("/copy") and role and role in rights["create"].split():
                    continue
                status, problem = worker.call(method, path, body)
                allowed = role in rights[right].split()
                assert (status != 403) == allowed, (role, method, path, status, problem)
                if not allowed:
                    assert problem["code"] == "permission_refused" and "权限" in problem["message"]
    assert nobody.get("/meta")["documents"] == {} == nobody.get("/meta")["reports"] and nobody.get("/meta")["menu"] == []
    assert nobody.get("/home")["figures"] == []


def test_a_keeper_of_one_warehouse_sees_no_other_in_documents_reports_pickers_and_home(at: World) -> None:
    b = at.company.places["B"].pk
    at.posted("purchase_receipts", [at.line("10")])
    foreign = at.posted("purchase_receipts", [at.line("4444")], target_place=b)
    unplaced = {**at.body("purchase_receipts", [at.line("5555", target_place=b)]), "target_place": None}
    hidden = at.boss.call("POST", "/purchase_receipts", unplaced)[1]
    StockLimit.objects.create(item=at.company.item(), place=at.company.places["B"], stock_min="9999")
    stock_alerts.of_items([at.company.item().pk])
    keeper = at.worker("li", "仓库管理员", warehouses=("A",))
    assert [row["id"] for row in keeper.get("/purchase_receipts")["rows"]] == [foreign["id"] - 1]
    for document in (foreign, hidden):
        for view in (*VIEWS, "/print/standard"):
            assert keeper.call("GET", f"/purchase_receipts/{document['id']}{view}")[0] == 404, view
        for act in ("post", "unpost", "reverse", "void", "copy", "convert/purchase_return"):
            before = everything()
            status, problem = keeper.call("POST", f"/purchase_receipts/{document['id']}/{act}", {"version": 0} if act == "unpost" else {})
            assert status in (404, 409), (act, problem)
            assert "current" not in problem and "4444" not in str(problem) and everything() == before
    item, span = at.company.item().pk, "date_from=2026-03-01&date_to=2026-03-31"
    for path in (
        "stock_on_hand",
        "stock_on_hand?by=item",
        f"stock_card?item={item}&{span}",
        f"stock_summary?{span}",
        f"document_register?{span}",
        "stock_alerts",
        "slow_stock",
        "expiring_stock",
    ):
        body = texts(keeper, f"/reports/{path}")
        assert "4444" not in body and "4454" not in body and "5555" not in body and "B仓" not in body, path
    buyer = at.worker("zhou", "采购员", warehouses=("A",))
    assert [row["moved"] for row in buyer.get(f"/reports/purchase_matching?{span}")["rows"]] == ["10"]
    assert keeper.get(f"/reports/stock_summary?{span}")["rows"][0]["closing_quantity"] == "10"
    assert keeper.call("GET", f"/reports/stock_on_hand?place={b}")[0] == 422
    for place in ("", f"&place={b}", f"&place={at.company.places['A'].pk}"):
        [row] = keeper.get(f"/items/options?search=M6{place}")["rows"]
        assert row["on_hand"] == ("0" if place == f"&place={b}" else "10"), place
    assert [row["id"] for row in keeper.get("/warehouses/options")["rows"]] == [at.company.places["A"].pk]
    shown = keeper.get("/home")
    assert (
        {one["name"] for one in shown["alerts"]} == {"slow_moving"}
        and shown["alerts"][0]["count"] == 1
        and {one["name"] for one in at.boss.get("/home")["alerts"]} >= {"below_min"}
    )
    assert "stock_value" not in {one["name"] for one in shown["figures"]}
    line = {"item": item, "quantity": "1"}
    problem = keeper.call("POST", "/purchase_receipts", at.body("purchase_receipts", [line], target_place=b))[1]
    assert faults(problem) == [("target_place", "field_invalid")]
    problem = keeper.call("POST", "/purchase_receipts", at.body("purchase_receipts", [{**line, "target_place": b}]))[1]
    assert faults(problem) == [("goods_lines.0.target_place", "field_invalid")]


def test_a_shortage_is_told_with_numbers_only_to_who_may_see_the_stock(at: World) -> None:
    at.posted("purchase_receipts", [at.line("10")])
    blind = person("blind", [("sales_delivery", "*"), ("party", "view"), ("item", "view"), ("purchase_receipt", "*")])
    elsewhere = person("else", [("*", "*")], scopes=[("warehouse", at.company.places["B"].pk)])
    delivery = at.made("sales_deliveries", [at.line("13")], on=2)
    path = f"/sales_deliveries/{delivery['id']}"
    known, hidden = at.boss.call("POST", f"{path}/post", {})[1], blind.call("POST", f"{path}/post", {})[1]
    assert known["params"]["short"] == "3" and "缺 3 个" in known["message"]
    assert (hidden["code"], hidden["params"]) == ("insufficient_stock", {"line": 1, "item": "M6 商品M6"})
    assert hidden["message"] == "第 1 行：M6 商品M6 库存不足。可改数量、换仓库，或先办入库。"
    assert "缺" not in str(blind.get(f"{path}/preview")["refusal"]) and at.boss.get(f"{path}/preview")["refusal"]["params"]["short"] == "3"
    at.posted("sales_orders", [at.line("9")], on=2, reserve=True)
    change_book(reserved_stock="forbid")
    taking = f"/sales_deliveries/{at.made('sales_deliveries', [at.line('4')], on=2)['id']}/post"
    known, hidden = at.boss.call("POST", taking, {})[1], blind.call("POST", taking, {})[1]
    assert (known["code"], known["params"]["taken"], hidden["params"]) == ("taken_from_held", "3", {"line": 1, "item": "M6 商品M6"})
    assert hidden["message"] == "第 1 行：M6 商品M6 会动用订单占用的库存。可改数量、换批次或仓库，或先释放、转让占用。"
    change_book(reserved_stock="warn")
    moved = at.posted("stock_transfers", [{"item": at.company.item().pk, "quantity": "7"}], on=2, target_place=at.company.places["B"].pk)
    at.posted("sales_deliveries", [at.line("5")], on=3, source_place=at.company.places["B"].pk)
    keeper = at.worker("li", "仓库管理员", warehouses=("A", "B"))
    mover = person("mover", [("stock_transfer", "*")])
    refusal = mover.call("POST", f"/stock_transfers/{moved['id']}/unpost", {})[1]
    assert (refusal["code"], refusal["params"]) == ("stock_undone", {"item": "M6 商品M6"})
    assert keeper.call("POST", f"/stock_transfers/{moved['id']}/unpost", {})[1]["params"]["short"] == "5"
    assert elsewhere.call("POST", f"/stock_transfers/{moved['id']}/unpost", {})[0] == 404
    assert InsufficientStock(line=1, item="x").message("en") == "Line 1: there is not enough of x."


def test_a_warning_is_told_like_a_refusal() -> None:
    at = world(negative_stock="warn")
    blind = person("blind", [("sales_delivery", "*"), ("party", "view"), ("item", "view")])
    delivery = at.made("sales_deliveries", [at.line("3")])
    status, posted = blind.call("POST", f"/sales_deliveries/{delivery['id']}/post", {})
    assert status == 200 and [one["params"] for one in posted["warnings"]] == [{"line": 1, "item": "M6 商品M6"}]


def test_a_salesperson_sees_his_own_customers_documents_only(at: World, trade: dict[str, Any]) -> None:
    seller = at.worker("li", "销售员")
    user = User.objects.get(username="li")
    mine = Party.objects.create(code="C9", name="我的客户", is_customer=True, salesperson=user)
    own = at.posted("sales_deliveries", [at.line("1", unit_price_net="1.11")], on=5, party=mine.pk, salesperson=user.pk)
    assert [row["id"] for row in seller.get("/sales_deliveries")["rows"]] == [own["id"]]
    foreign = trade["sales_deliveries"]["id"]
    for view in VIEWS:
        assert seller.call("GET", f"/sales_deliveries/{foreign}{view}")[0] == 404
    assert [row["document"]["id"] for row in seller.get("/reports/open_items")["rows"]] == [own["id"]]
    span = "date_from=2026-03-01&date_to=2026-03-31"
    assert [row["id"] for row in seller.get(f"/reports/document_register?{span}")["rows"]] == [own["id"]]
    assert seller.call("GET", f"/reports/party_ledger?party={at.company.customer.pk}")[0] == 422
    assert seller.get(f"/reports/party_ledger?party={mine.pk}&date_to=2026-03-31&date_from=2026-03-01")["rows"][-1]["balance"] == "1.11"
    figures = {one["name"]: one["value"] for one in seller.get("/home")["figures"]}
    assert figures["receivable"] == "1.11" and "payable" not in figures and "stock_value" not in figures
    last = "/items/options?search=M6&document_type=sales_order&party="
    assert seller.get(f"{last}{mine.pk}")["rows"][0]["last_price"] == "1.11"
    assert "last_price" not in seller.get(f"{last}{at.company.customer.pk}")["rows"][0]
    line = {"item": at.company.item().pk, "quantity": "1", "source_line": trade["sales_deliveries"]["goods_lines"][0]["id"]}
    before = everything()
    body = {"document_date": day(6).isoformat(), "party": mine.pk, "target_place": at.company.places["A"].pk, "goods_lines": [line]}
    problem = seller.call("POST", "/sales_returns", body)[1]
    assert faults(problem) == [("goods_lines.0.source_line", "field_invalid")] and everything() == before


def test_a_keeper_saves_and_converts_without_touching_the_prices_he_does_not_see(at: World, trade: dict[str, Any]) -> None:
    keeper = at.worker("li", "仓库管理员")
    status, draft = keeper.call("POST", f"/sales_orders/{trade['sales_orders']['id']}/convert/sales_delivery", {})
    assert status == 201 and draft["goods_lines"][0]["quantity"] == "2" and "unit_price_net" not in draft["goods_lines"][0]
    path = f"/sales_deliveries/{draft['id']}"
    assert at.boss.get(path)["goods_lines"][0]["unit_price_net"] == SOLD
    line = draft["goods_lines"][0]["id"]
    status, saved = keeper.call("PUT", path, {"version": 1, "goods_lines": [{"id": line, "quantity": "1"}], "remark": "先发一个"})
    assert status == 200 and "amount_gross" not in saved
    seen = at.boss.get(path)
    assert (seen["goods_lines"][0]["unit_price_net"], seen["amount_gross"], seen["remark"]) == (SOLD, SOLD, "先发一个")
    before = everything()
    for body, place in (
        ({"discount_amount": "1"}, "discount_amount"),
        ({"goods_lines": [{"id": line, "unit_price_net": "1"}]}, "goods_lines.0.unit_price_net"),
        ({"goods_lines": [{"id": line, "discount": "0.5"}]}, "goods_lines.0.discount"),
    ):
        status, problem = keeper.call("PUT", path, {"version": 2, **body})
        assert (status, faults(problem)) == (422, [(place, "field_unknown")])
    status, conflict = keeper.call("PUT", path, {"version": 1, "remark": "x"})
    assert status == 409 and "amount_gross" not in conflict["current"] and conflict["current"]["version"] == 2
    assert everything() == before
    status, copied = keeper.call("POST", f"{path}/copy")
    assert status == 201 and "amount_gross" not in copied and at.boss.get(f"/sales_deliveries/{copied['id']}")["amount_gross"] == SOLD
    [change] = [one for row in keeper.get(f"{path}/history") for one in row["changes"] if one["field"] == "goods_lines"]
    assert set(change["after"][0]).isdisjoint({"unit_price_net", "discount", "tax_rate"})


def test_a_file_with_a_masked_column_is_refused_as_if_there_were_none(at: World) -> None:
    keeper = at.worker("li", "仓库管理员")
    before = everything()
    file = SimpleUploadedFile("x.csv", "单据序号,供应商,收货仓库,商品,数量,不含税单价\n1,S1,A,M6,2,5\n".encode())
    token = keeper.client.cookies["csrftoken"].value
    at.company.item()
    before = everything()
    answer = keeper.client.post("/api/v1/purchase_receipts/import", {"file": file}, headers={"X-CSRFToken": token})
    assert (answer.status_code, answer.json()["code"]) == (422, "import_refused") and "不含税单价" in answer.json()["message"]
    assert everything() == before
