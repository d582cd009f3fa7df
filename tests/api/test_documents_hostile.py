"""恶意输入 Hostile input to documents: each is refused in words that say which line, or is legal; a refusal changes nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hengcang.catalog.models import Item, ItemUnit, Lot, Unit
from hengcang.parties.models import Party
from hengcang.records.models import Document
from tests.api.documents_world import World, faults, world
from tests.faults.test_every_statement import everything
from tests.make import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> World:
    return world()


def refused(at: World, method: str, path: str, body: Any, status: int = 422) -> Any:
    """The problem that a call is answered with; nothing changed."""
    before = everything()
    got, problem = at.boss.call(method, path, body)
    assert got == status, problem
    assert at.boss.last.headers["Content-Type"] == "application/problem+json"
    assert everything() == before
    assert any("\u4e00" <= letter <= "\u9fff" for letter in problem["message"])
    return problem


BAD_QUANTITIES = (
    "-1",
    -1,
    "NaN",
    "Infinity",
    "1e400",
    "9" * 41,
    "10000000001",
    "1.1234567",
    True,
    [1],
    {"a": 1},
    "一",
    "0x1",
    float(10**30),
)


@pytest.mark.parametrize("quantity", BAD_QUANTITIES, ids=str)
def test_a_quantity_that_is_none_is_refused_with_its_line(at: World, quantity: Any) -> None:
    problem = refused(at, "POST", "/purchase_receipts", at.body("purchase_receipts", [at.line(), {**at.line(), "quantity": quantity}]))
    assert faults(problem) == [("goods_lines.1.quantity", "field_invalid")]
    assert "第 2 行" in problem["message"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("unit_price_net", "-0.01"), ("unit_price_net", "10000000000.5"), ("discount", "1.0001"), ("discount", "-0.1"),
        ("tax_rate", "1.5"), ("tax_rate", "13"), ("price_basis", "both"), ("item", "M6"), ("item", 0), ("item", -1),
        ("item", 2**63), ("item", 10**9), ("item", None), ("unit", 10**9), ("lot", {"id": 10**9}), ("remark", "长" * 201),
        ("remark", 5), ("id", 10**9), ("id", "1"), ("nonsense", 1), ("source_line", 10**9), ("source_line", "1"),
        ("source_line", True), ("source_line", 2**63),
    ],
)  # fmt: skip
def test_a_value_no_line_can_have_is_refused_with_its_cell(at: World, name: str, value: Any) -> None:
    problem = refused(at, "POST", "/purchase_receipts", at.body("purchase_receipts", [{**at.line(), name: value}]))
    assert [path for path, _ in faults(problem)] == [f"goods_lines.0.{name}"]


@pytest.mark.parametrize("lines", [None, 5, "abc", {"a": 1}, [None], [5], ["x"], [[]], [{}]], ids=repr)
def test_lines_that_are_none_are_refused(at: World, lines: Any) -> None:
    path, _ = faults(refused(at, "POST", "/sales_orders", {**at.body("sales_orders"), "goods_lines": lines}))[0]
    assert path.split(".")[0] == "goods_lines"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("document_date", "0001-01-01"), ("document_date", "9999-12-31"), ("document_date", "2026-02-30"), ("document_date", 20260301),
        ("document_date", None), ("party", 10**9), ("party", "S1"), ("discount_amount", "-1"), ("discount_amount", "1.001"),
        ("discount_amount", "1e11"), ("remark", "长" * 501), ("remark", "\x00"), ("target_place", 10**9), ("handler", {"id": "x"}),
        ("due_date", "soon"), ("nonsense", 1), ("amount", "1"),
    ],
)  # fmt: skip
def test_a_value_no_header_can_have_is_refused_with_its_field(at: World, name: str, value: Any) -> None:
    problem = refused(at, "POST", "/purchase_receipts", {**at.body("purchase_receipts"), name: value})
    assert [path for path, _ in faults(problem)] == [name]


def test_numbers_whose_product_no_column_holds_are_refused_and_the_largest_that_fit_are_posted(at: World) -> None:
    for line in (at.line("10000000000", unit_price_net="2"), at.line("10000000000", unit_price_net="10000000000")):
        problem = refused(at, "POST", "/purchase_receipts", at.body("purchase_receipts", [line]))
        assert faults(problem) == [("goods_lines.0.quantity", "field_invalid")] and "超出范围" in problem["message"]
    dozen = Unit.objects.create(code="X", name="箱")
    ItemUnit.objects.create(item=at.company.item(), unit=dozen, factor=Decimal(1000))
    problem = refused(
        at, "POST", "/purchase_receipts", at.body("purchase_receipts", [at.line("10000001", unit=dozen.pk, unit_price_net="0")])
    )
    assert "折合基本单位后超出范围" in problem["message"]
    eleven = [at.line("10000000000", unit_price_net="1") for _ in range(11)]
    assert faults(refused(at, "POST", "/purchase_receipts", at.body("purchase_receipts", eleven))) == [("amount_gross", "field_invalid")]
    posted = at.posted("purchase_receipts", [at.line("10000000000", unit_price_net="1")])
    assert posted["amount_gross"] == "10000000000"


def test_five_thousand_lines_are_the_most(at: World) -> None:
    problem = refused(at, "POST", "/purchase_orders", at.body("purchase_orders", [at.line()] * 5001))
    assert faults(problem) == [("goods_lines", "field_invalid")] and "最多 5000 行" in problem["message"]


def test_controls_and_directions_of_unicode_are_kept_as_text_or_refused(at: World) -> None:
    odd = "甲\u202e乙\u200b丙\u0301\u0007"
    made = at.made("purchase_receipts", [at.line(remark=odd)], remark=odd)
    assert (made["remark"], made["goods_lines"][0]["remark"]) == (odd, odd)
    status, pdf = at.boss.call("GET", f"/purchase_receipts/{made['id']}/print/standard")
    assert status == 200 and pdf.startswith(b"%PDF")
    assert at.boss.call("GET", "/purchase_receipts/export?columns=number,remark")[0] == 200


def chain(at: World) -> dict[str, Any]:
    """A received order, a delivered order, and parties and items that have no part in them."""
    order = at.posted("purchase_orders", [at.line("10")])
    receipt = at.posted("purchase_receipts", [at.line("10", source_line=order["goods_lines"][0]["id"])], on=2)
    sold = at.posted("sales_orders", [at.line("5")], on=2)
    other = Party.objects.create(code="S2", name="别家", is_supplier=True, is_customer=True)
    return {"order": order, "receipt": receipt, "sold": sold, "other": other, "item": at.company.item("M8")}


def line_of(document: Any) -> int:
    return int(document["goods_lines"][0]["id"])


def test_a_line_comes_from_a_line_of_the_right_type_item_and_party_only(at: World) -> None:
    got = chain(at)
    wrong_type = at.body("purchase_receipts", [at.line(source_line=line_of(got["sold"]))], on=3)
    assert faults(refused(at, "POST", "/purchase_receipts", wrong_type)) == [("goods_lines.0.source_line", "field_invalid")]
    wrong_item = at.body("purchase_receipts", [at.line(item="M8", source_line=line_of(got["order"]))], on=3)
    assert faults(refused(at, "POST", "/purchase_receipts", wrong_item)) == [("goods_lines.0.item", "field_invalid")]
    own = at.made("purchase_receipts", on=3)
    body = {"version": 1, "goods_lines": [{"id": line_of(own), "source_line": line_of(own)}]}
    assert faults(refused(at, "PUT", f"/purchase_receipts/{own['id']}", body)) == [("goods_lines.0.source_line", "field_invalid")]
    foreign = at.made("purchase_receipts", [at.line("1", source_line=line_of(got["order"]))], on=3, party=got["other"].pk)
    problem = refused(at, "POST", f"/purchase_receipts/{foreign['id']}/post", {})
    assert (problem["code"], problem["params"]["what"], problem["params"]["line"]) == ("source_mismatch", "往来单位", 1)


def test_a_party_changed_after_the_lines_were_drawn_is_seen_at_posting(at: World) -> None:
    order = at.posted("sales_orders", [at.line("5")])
    status, draft = at.boss.call("POST", f"/sales_orders/{order['id']}/convert/sales_delivery", {})
    assert status == 201
    other = Party.objects.create(code="C2", name="别家", is_customer=True)
    assert at.boss.call("PUT", f"/sales_deliveries/{draft['id']}", {"version": 1, "party": other.pk})[0] == 200
    assert refused(at, "POST", f"/sales_deliveries/{draft['id']}/post", {})["code"] == "source_mismatch"


def test_a_lot_is_of_the_lines_item_and_only_where_the_item_is_kept_by_lot(at: World) -> None:
    medicine = at.company.item("P1", tracking="lot")
    other = at.company.item("P2", tracking="lot")
    lot = Lot.objects.create(item=other, number="L-1")
    for sent, reason in (({"id": lot.pk}, "不是这个商品的批次"),):
        problem = refused(at, "POST", "/purchase_receipts", at.body("purchase_receipts", [at.line(item="P1", lot=sent)]))
        assert faults(problem) == [("goods_lines.0.lot", "field_invalid")] and reason in problem["message"]
    problem = refused(at, "POST", "/purchase_receipts", at.body("purchase_receipts", [at.line(lot="新批次")]))
    assert "不按批次管理" in problem["message"]
    made = at.made("purchase_receipts", [at.line(item="P1", lot="新批次")])
    assert Lot.objects.get(item=medicine).number == made["goods_lines"][0]["lot"]["label"] == "新批次"
    problem = refused(at, "POST", "/sales_deliveries", at.body("sales_deliveries", [at.line(item="P1", lot="没有的批次")]))
    assert faults(problem) == [("goods_lines.0.lot", "field_invalid")]


def test_an_item_that_is_inactive_or_a_unit_of_another_item_is_refused(at: World) -> None:
    box = Unit.objects.create(code="X", name="箱")
    ItemUnit.objects.create(item=at.company.item("M8"), unit=box, factor=Decimal(10))
    problem = refused(at, "POST", "/sales_orders", at.body("sales_orders", [at.line(unit=box.pk)]))
    assert faults(problem) == [("goods_lines.0.unit", "field_invalid")] and "没有此单位" in problem["message"]
    Item.objects.filter(code="M6").update(active=False)
    problem = refused(at, "POST", "/sales_orders", at.body("sales_orders"))
    assert faults(problem) == [("goods_lines.0.item", "field_invalid")] and "已停用" in problem["message"]


def test_a_party_of_the_other_side_is_refused(at: World) -> None:
    body = at.body("sales_orders", party=at.company.supplier.pk)
    assert faults(refused(at, "POST", "/sales_orders", body)) == [("party", "field_invalid")]


def test_a_discount_above_what_the_lines_amount_to_is_not_posted(at: World) -> None:
    made = at.made("purchase_receipts", discount_amount="10.01")
    problem = refused(at, "POST", f"/purchase_receipts/{made['id']}/post", {})
    assert faults(problem) == [("discount_amount", "discount_too_large")]
    status, saved = at.boss.call("PUT", f"/purchase_receipts/{made['id']}", {"version": 1, "discount_amount": "10"})
    assert status == 200 and (saved["amount_gross"], saved["amount_net"]) == ("0", "0")
    assert at.boss.call("POST", f"/purchase_receipts/{made['id']}/post", {})[0] == 200


def test_a_discount_saved_alone_changes_the_totals(at: World) -> None:
    made = at.made("purchase_receipts")
    assert made["amount_gross"] == "10"
    saved = at.boss.call("PUT", f"/purchase_receipts/{made['id']}", {"version": 1, "discount_amount": "2.5"})[1]
    assert (saved["amount_gross"], saved["discount_amount"], len(saved["goods_lines"])) == ("7.5", "2.5", 1)


def test_a_transfer_into_the_same_warehouse_is_not_posted(at: World) -> None:
    at.posted("purchase_receipts")
    made = at.made("stock_transfers", [{"item": at.company.item().pk, "quantity": "1"}], target_place=at.company.places["A"].pk)
    assert faults(refused(at, "POST", f"/stock_transfers/{made['id']}/post", {})) == [("goods_lines.0.target_place", "same_place")]


def test_goods_are_counted_once_in_a_count(at: World) -> None:
    at.posted("purchase_receipts", [at.line("10")])
    lines = [{"item": at.company.item().pk, "quantity": quantity} for quantity in ("6", "4")]
    made = at.made("stock_counts", lines, on=2)
    problem = refused(at, "POST", f"/stock_counts/{made['id']}/post", {})
    assert faults(problem) == [("goods_lines.1.item", "counted_twice")] and problem["params"] == {"count": 1}
    elsewhere = [lines[0], {**lines[1], "item": at.company.item("M8").pk}]
    assert at.boss.call("PUT", f"/stock_counts/{made['id']}", {"version": 1, "goods_lines": elsewhere})[0] == 200
    assert at.boss.call("POST", f"/stock_counts/{made['id']}/post", {})[0] == 200


def test_a_money_line_is_either_cash_or_a_document(at: World) -> None:
    sold = sale(at)
    for line in ({"cash_account": at.company.bank.pk, "cleared_document": sold["id"], "amount": "10"}, {"amount": "10"}):
        made = at.made("incoming_payments", [line], on=3)
        problem = refused(at, "POST", f"/incoming_payments/{made['id']}/post", {})
        assert faults(problem) == [("money_lines.0.cash_account", "money_line_unclear")]


def sale(at: World, **header: Any) -> Any:
    """A posted delivery of 10."""
    at.posted("purchase_receipts", [at.line("10")])
    return at.posted("sales_deliveries", on=2, **header)


def test_a_payment_clears_live_documents_of_its_own_side_and_party_only(at: World) -> None:
    both = Party.objects.create(code="SC", name="两头", is_supplier=True, is_customer=True)
    bought = at.posted("purchase_receipts", [at.line("10")], party=both.pk)
    foreign, draft = at.posted("sales_deliveries", on=2), at.made("sales_deliveries", on=2, party=both.pk)
    for cleared, reason in ((bought, "同一方向"), (foreign, "往来单位"), (draft, "还没有审核")):
        lines = [{"cash_account": at.company.bank.pk, "amount": "10"}, {"cleared_document": cleared["id"], "amount": "10"}]
        made = at.made("incoming_payments", lines, on=3, party=both.pk)
        problem = refused(at, "POST", f"/incoming_payments/{made['id']}/post", {})
        assert problem["code"] == "clearing_mismatch" and reason in problem["message"], problem
        assert problem["params"]["line"] == 2 and faults(problem)[0][0] == "money_lines.1.cleared_document"
    early = at.made(
        "incoming_payments", [{"cash_account": at.company.bank.pk, "amount": "10"}, {"cleared_document": foreign["id"], "amount": "10"}]
    )
    assert refused(at, "POST", f"/incoming_payments/{early['id']}/post", {})["code"] == "dated_before_source"


@pytest.mark.parametrize(
    ("cash", "cleared", "code"), [("5", "10", "payment_unbalanced"), ("11", "10.01", "over_clearing"), ("10", "-1", "over_clearing")]
)
def test_a_payment_that_does_not_cover_or_exceeds_what_is_open_is_refused(at: World, cash: str, cleared: str, code: str) -> None:
    sold = sale(at)
    lines = [{"cash_account": at.company.bank.pk, "amount": cash}, {"cleared_document": sold["id"], "amount": cleared}]
    made = at.made("incoming_payments", lines, on=3)
    assert refused(at, "POST", f"/incoming_payments/{made['id']}/post", {})["code"] == code


def test_ids_no_column_holds_are_not_found_or_refused(at: World) -> None:
    huge = 10**25
    for method, path in (
        ("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/post"), ("POST", "/copy"), ("GET", "/trace"), ("GET", "/postings"),
        ("GET", "/preview"), ("GET", "/progress"), ("GET", "/history"), ("GET", "/comments"), ("GET", "/print/standard"),
    ):  # fmt: skip
        status, problem = at.boss.call(method, f"/sales_orders/{huge}{path}", {"version": 1} if method != "GET" else None)
        assert status in (404, 422), (method, path, status, problem)
        assert at.boss.last.headers["Content-Type"] == "application/problem+json"
    order = at.posted("sales_orders")
    for body in (
        {"also": [2**63]},
        {"also": [-1]},
        {"also": "x"},
        {"lines": 5},
        {"lines": [5]},
        {"lines": [{"id": 2**63, "quantity": "1"}]},
    ):
        problem = at.boss.call("POST", f"/sales_orders/{order['id']}/convert/sales_delivery", body)
        assert problem[0] in (404, 422), (body, problem)


@pytest.mark.parametrize("quantity", ["NaN", "sNaN", "-1", "0", "1e999999", "Infinity", "x", None, [], "1.1234567"], ids=str)
def test_a_quantity_to_convert_that_is_none_is_refused(at: World, quantity: Any) -> None:
    order = at.posted("sales_orders")
    body = {"lines": [{"id": line_of(order), "quantity": quantity}]}
    problem = refused(at, "POST", f"/sales_orders/{order['id']}/convert/sales_delivery", body)
    assert faults(problem)[0][0].startswith("lines.0")


@pytest.mark.parametrize("body", [{"version": "1"}, {"version": True}, {"version": 1.5}, {"version": [1]}], ids=str)
def test_a_version_that_is_none_is_refused(at: World, body: Any) -> None:
    made = at.made("sales_orders")
    for method, path in (("PUT", ""), ("POST", "/post")):
        assert faults(refused(at, method, f"/sales_orders/{made['id']}{path}", body)) == [("version", "field_invalid")]


def test_texts_with_a_nul_are_refused_wherever_they_come(at: World) -> None:
    made = at.posted("sales_orders")
    for path, body in (("close", {"reason": "a\x00b"}), ("comments", {"text": "a\x00b"}), ("close", {"reason": {"a": 1}})):
        refused(at, "POST", f"/sales_orders/{made['id']}/{path}", body)
    status, problem = at.boss.call("GET", "/sales_orders?search=%00")
    assert status == 200, problem


def test_terms_that_lead_beyond_the_calendar_are_refused(at: World) -> None:
    problem = refused(at, "POST", "/suppliers", {"name": "很久", "payment_days": 2**31 - 1})
    assert faults(problem) == [("payment_days", "field_invalid")]
    assert Document.objects.count() == 0 and day(1).year == 2026
