"""英文 What the server itself says comes in the language of the request; what the company wrote stays."""

from __future__ import annotations

import re

import pytest

from tests.api.documents_world import World, world
from tests.make import day

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def at() -> World:
    """A company whose own names have no Chinese in them."""
    one = world()
    one.company.item(name="Screw")
    for place in one.company.places.values():
        type(place).objects.filter(pk=place.pk).update(name=place.code)
    for party in (one.company.supplier, one.company.customer, one.company.bank):
        type(party).objects.filter(pk=party.pk).update(name=party.code)
    type(one.company.unit).objects.update(name="pcs")
    return one


def chinese(values: list[dict[str, object]]) -> set[str]:
    """Texts with Chinese in them, without who made the document."""
    kept = ("created_by", "posted_by")
    return {str(text) for row in values for name, text in row.items() if name not in kept and CHINESE.search(str(text))}


def test_reports_speak_english_in_notes_kinds_and_virtual_places(at: World) -> None:
    company = at.company
    company.receipt(day(1), "5", "2")
    company.delivery(day(2), "2")
    at.made("purchase_receipts", on=3)
    item, place = company.item().pk, company.places["A"].pk
    span = f"date_from={day(1)}&date_to={day(9)}"
    for path in (
        "stock_on_hand",
        "stock_on_hand?by=item",
        f"stock_card?item={item}&{span}",
        f"stock_card?item={item}&place={place}&{span}",
        f"stock_summary?{span}",
        f"stock_summary?place={place}&{span}",
        "open_items?side=customer",
        f"party_ledger?side=supplier&party={company.supplier.pk}&{span}",
        f"document_register?{span}",
        f"purchase_matching?{span}",
        f"sales_matching?{span}",
        "ageing?side=supplier",
        f"cash_ledger?cash_account={company.bank.pk}&{span}",
        f"cash_balances?{span}",
    ):
        report = at.boss.get(f"/reports/{path}", **ENGLISH)
        assert report["rows"] and chinese(report["rows"]) == set() and not CHINESE.search(report["note"] or ""), path
        assert chinese(report["columns"]) == set(), path
    card = at.boss.get(f"/reports/stock_card?item={item}&{span}", **ENGLISH)["rows"]
    assert [(row["kind"], row.get("source"), row.get("target")) for row in card] == [
        ("Opening balance", None, None),
        ("Purchase", "Supplier", "A"),
        ("Sale", "A", "Customer"),
    ]
    assert at.boss.get(f"/reports/stock_card?item={item}&{span}")["rows"][1]["source"] == "供应商"


def test_postings_name_virtual_places_and_a_draft_in_english(at: World) -> None:
    receipt = at.company.receipt(day(1), "5", "2")
    at.company.act(receipt, "unpost")
    postings = at.boss.get(f"/purchase_receipts/{receipt.pk}/postings", **ENGLISH)
    moves = [move for posting in postings for move in posting["moves"]]
    assert [(move["source"], move["kind_label"]) for move in moves] == [("Supplier", "Purchase"), ("Supplier", "Purchase (Reversal)")]
    draft = at.made("purchase_receipts")
    assert at.boss.get(f"/purchase_receipts/{draft['id']}", **ENGLISH)["label"] == f"Draft #{draft['id']}"


def test_a_warehouse_that_is_called_like_a_virtual_place_keeps_its_name(at: World) -> None:
    place = at.company.places["A"]
    type(place).objects.filter(pk=place.pk).update(name="生产")
    at.company.receipt(day(1), "5", "2")
    card = at.boss.get(f"/reports/stock_card?item={at.company.item().pk}&date_from={day(1)}&date_to={day(9)}", **ENGLISH)["rows"]
    assert (card[1]["source"], card[1]["target"]) == ("Supplier", "生产")


def test_the_text_a_declaration_writes_into_a_record_comes_in_the_language_of_the_request(at: World) -> None:
    for headers, text in (({}, "收货地址"), (ENGLISH, "Delivery address")):
        tables = at.boss.get("/meta", **headers)["masters"]["customer"]["lines"]
        label = next(one for table in tables if table["name"] == "addresses" for one in table["fields"] if one["name"] == "label")
        assert label["default"] == text


def test_transfers_and_what_they_settle_speak_english(at: World) -> None:
    company = at.company
    company.receipt(day(1), "5", "2")
    meta = at.boss.get("/meta", **ENGLISH)
    lines = {one["name"]: one["label"] for one in meta["documents"]["stock_transfer"]["lines"][0]["fields"]}
    assert (lines["unit_price_net"], lines["amount_net"]) == ("Transfer price", "Transfer amount")
    header = {one["name"]: one for one in meta["documents"]["stock_transfer"]["fields"]}
    assert [one["label"] for one in header["pricing"]["choices"]] == ["At cost", "At a transfer price"]
    assert header["markup"]["when"] == {"pricing": "changed"} and header["pricing"]["when"] == {}
    line = {"item": company.item().pk, "quantity": "1", "unit_price_net": "3"}
    status, refused = at.boss.call("POST", "/stock_transfers", at.body("stock_transfers", [line]), **ENGLISH)
    assert status == 422 and refused["errors"][0]["message"].endswith(
        "Transfer price is there only where Pricing is “At a transfer price”. Leave it empty, or change that first."
    )
    where = {"source_place": company.places["A"].pk, "target_place": company.places["B"].pk}
    company.posted("stock_transfer", day(2), [line], pricing="changed", **where)
    for name in ("internal_settlement", "internal_settlement_months", "internal_settlement_lines", "internal_settlement?by=department"):
        path = f"/reports/{name}{'&' if '?' in name else '?'}date_from={day(1)}&date_to={day(9)}"
        report = at.boss.get(path, **ENGLISH)
        assert report["rows"] and chinese(report["rows"]) == set() and not CHINESE.search(report["note"] or ""), name
