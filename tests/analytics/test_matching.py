"""对单 Orders, goods, bills and payments line by line: what agrees, what is missing, and by how much it differs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.analytics.matching import PURCHASE_MATCHING, SALES_MATCHING
from hengcang.base.book import change_book
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db
SPAN = {"date_from": day(1), "date_to": day(31)}


def rows(at: Company, report: Any = PURCHASE_MATCHING, **more: Any) -> list[tuple[str, ...]]:
    """Number of the first document's type, quantities, differences, result."""
    found = report.run(at.viewer, {**SPAN, **more}, 100).rows
    names = ("ordered", "moved", "returned", "billed", "price_difference", "bill_difference", "result")
    return [tuple(row[name] for name in names) for row in found]


def order(at: Company, quantity: str = "10", price: str = "10", kind: str = "purchase_order") -> Document:
    party = at.supplier if kind == "purchase_order" else at.customer
    place = "target_place" if kind == "purchase_order" else "source_place"
    lines = [{"item": at.item().pk, "quantity": quantity, "unit_price_net": price}]
    return at.posted(kind, day(1), lines, party=party.pk, **{place: at.places["A"].pk})


def following(at: Company, source: Document, kind: str, on: int, quantity: str, price: str) -> Document:
    """A document over the first line of another."""
    line = source.goods_lines.filter(revision=source.revision).earliest("position")
    place = source.target_place_id or source.source_place_id
    where = {name: place for name in ("source_place", "target_place") if kind in PLACED.get(name, ())}
    lines = [{"item": line.item_id, "quantity": quantity, "unit_price_net": price, "source_line": line.pk}]
    return at.posted(kind, day(on), lines, party=source.party_id, **where)


PLACED = {
    "target_place": ("purchase_receipt", "sales_return"),
    "source_place": ("sales_delivery", "purchase_return"),
}


def pay(at: Company, *documents: Document, amount: str) -> None:
    lines = [{"cash_account": at.bank.pk, "amount": amount}]
    lines += [{"cleared_document": one.pk, "amount": amount} for one in documents]
    at.posted("outgoing_payment", day(9), lines, party=documents[0].party_id)


def test_an_order_is_followed_to_its_payment() -> None:
    at = make.company()
    bought = order(at)
    assert rows(at) == [("10", "0", "0", "0", "0", "0", "未到 10")]
    receipt = following(at, bought, "purchase_receipt", 2, "6", "11")
    assert rows(at) == [("10", "6", "0", "0", "6", "0", "未到 4；单价与订单不同，差 6；未开票 6；未付清")]
    bill = following(at, receipt, "purchase_invoice", 3, "6", "11.5")
    assert rows(at) == [("10", "6", "0", "6", "6", "3", "未到 4；单价与订单不同，差 6；发票与货单不同，差 3；未付清")]
    at.act(bill, "unpost")
    at.act(receipt, "reverse")
    assert rows(at) == [("10", "0", "0", "0", "0", "0", "未到 10")]
    receipt = following(at, bought, "purchase_receipt", 4, "10", "10")
    following(at, receipt, "purchase_invoice", 5, "10", "10")
    assert rows(at) == [("10", "10", "0", "10", "0", "0", "未付清")]
    pay(at, receipt, amount="100")
    assert rows(at) == [("10", "10", "0", "10", "0", "0", "相符")]
    assert rows(at, only="differing") == rows(at, only="unfinished") == []


def test_what_no_order_asked_for_is_matched_with_its_bill() -> None:
    at = make.company()
    change_book(debts_at="bill")
    receipt = at.receipt(day(1), "10", "10")
    back = following(at, receipt, "purchase_return", 2, "4", "10")
    assert rows(at) == [("0", "10", "4", "0", "0", "0", "未开票 10；红字发票未开 4")]
    following(at, receipt, "purchase_invoice", 3, "10", "10")
    following(at, back, "purchase_credit_note", 3, "4", "9")
    assert rows(at) == [("0", "10", "4", "6", "0", "0", "未付清")]


def test_more_than_ordered_and_a_closed_order() -> None:
    at = make.company()
    at.receipt(day(1), "100", "1")
    sold = order(at, kind="sales_order", price="20")
    following(at, sold, "sales_delivery", 2, "4", "20")
    assert rows(at, SALES_MATCHING) == [("10", "4", "0", "0", "0", "0", "未发 6；未开票 4；未收清")]
    at.act(sold, "close")
    assert rows(at, SALES_MATCHING, only="unfinished") == [("10", "4", "0", "0", "0", "0", "未开票 4；未收清")]
    assert rows(at, SALES_MATCHING, only="differing") == []
    assert rows(at, SALES_MATCHING, party=at.supplier.pk) == []


def test_a_finding_tells_its_number_with_thousands() -> None:
    at = make.company()
    bought = order(at, "2500", "1000")
    following(at, bought, "purchase_receipt", 2, "1250.5", "1001.5")
    found = ("2500", "1250.5", "0", "0", "1875.75", "0", "未到 1,249.5；单价与订单不同，差 1,875.75；未开票 1,250.5；未付清")
    assert rows(at) == [found]


def test_prices_are_not_told_to_who_may_not_see_them() -> None:
    at = make.company()
    bought = order(at)
    following(at, bought, "purchase_receipt", 2, "10", "11")
    buyer = replace(at.viewer, masks=frozenset({"purchase_price"}))
    [row] = PURCHASE_MATCHING.run(buyer, SPAN, 100).rows
    assert row["result"] == "单价与订单不同，差 …；未开票 10；未付清"


def test_the_statements_do_not_grow_with_the_lines() -> None:
    at = make.company()
    counts = []
    for _ in range(2):
        for _ in range(3):
            bought = order(at)
            following(at, bought, "purchase_receipt", 2, "6", str(Decimal("10.5")))
        with CaptureQueriesContext(connection) as asked:
            assert len(rows(at)) == 3 * (len(counts) + 1)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6
