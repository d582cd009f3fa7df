"""发票与费用 Bills that come after the goods: what they add follows the goods to where they are; undone, nothing is left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hengcang.base import bulk
from hengcang.base.book import change_book
from hengcang.core.amounts import to_decimal
from hengcang.core.errors import ChargeBelowZero, ChargeUnshared, InvalidDocument, NamedByDocuments, OverFulfilment
from hengcang.ledger import queries
from hengcang.parties.models import Party
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def cost(document: Document) -> Decimal:
    """The net cost of what a document moved."""
    return sum((move["value"] for move in queries.live_moves(document.pk, document.revision)), Decimal(0))


def pools() -> list[tuple[Decimal, Decimal]]:
    return [
        (to_decimal(quantity), to_decimal(value))
        for quantity, value in bulk.fetch("SELECT quantity, value FROM ledger_costpool ORDER BY id")
    ]


def owed(party: Party) -> Decimal:
    rows = bulk.fetch("SELECT balance FROM ledger_partybalance WHERE party_id=%s AND account='2202'", [party.pk])
    return -to_decimal(rows[0][0]) if rows else Decimal(0)


def lines_of(*documents: Document, quantity: str = "", price: str = "") -> list[dict[str, Any]]:
    """Lines of a bill over every line of the documents."""
    rows = []
    for document in documents:
        for line in document.goods_lines.filter(revision=document.revision).order_by("position"):
            row = {"item": line.item_id, "quantity": quantity or str(line.quantity), "source_line": line.pk}
            rows.append({**row, "unit_price_net": price} if price else row)
    return rows


def landed(company: Company, on: int, *receipts: Document, amount: str, basis: str = "quantity", **more: Any) -> Document:
    header = {"party": company.supplier.pk, "charge_amount": amount, "basis": basis, **more}
    return company.draft("landed_cost", day(on), lines_of(*receipts), **header)


def invoice(company: Company, on: int, receipt: Document, price: str, quantity: str = "") -> Document:
    return company.draft("purchase_invoice", day(on), lines_of(receipt, quantity=quantity, price=price), party=company.supplier.pk)


def test_landed_cost_after_half_of_the_goods_left() -> None:
    company = make.company()
    receipt = company.receipt(day(1), "10", "10")
    sold = company.delivery(day(5), "5")
    freight = landed(company, 8, receipt, amount="20")
    company.act(freight)
    assert (cost(sold), pools(), owed(company.supplier)) == (Decimal(60), [(Decimal(5), Decimal(60))], Decimal(120))
    with pytest.raises(NamedByDocuments):
        company.act(receipt, "unpost")
    company.act(freight, "unpost")
    assert (cost(sold), pools(), owed(company.supplier)) == (Decimal(50), [(Decimal(5), Decimal(50))], Decimal(100))


def test_a_reversed_charge_leaves_the_goods_at_what_they_cost_before() -> None:
    company = make.company()
    receipt = company.receipt(day(1), "10", "10")
    sold = company.delivery(day(5), "5")
    freight = landed(company, 8, receipt, amount="20", charge_tax="1.80")
    company.act(freight)
    assert owed(company.supplier) == Decimal("121.80")
    company.act(freight, "reverse")
    assert (cost(sold), pools(), owed(company.supplier)) == (Decimal(50), [(Decimal(5), Decimal(50))], Decimal(100))


def test_a_receipt_is_free_again_once_its_bills_are_undone() -> None:
    company = make.company()
    receipt = company.receipt(day(1), "10", "10")
    freight, bill = landed(company, 2, receipt, amount="20"), invoice(company, 3, receipt, "11")
    company.act(freight)
    company.act(bill)
    assert pools() == [(Decimal(10), Decimal(130))]
    company.act(freight, "reverse")
    company.act(bill, "unpost")
    company.act(receipt, "unpost")
    assert (pools(), owed(company.supplier)) == ([(Decimal(0), Decimal(0))], Decimal(0))


def test_a_charge_follows_a_transfer_into_the_other_warehouse_and_its_sale() -> None:
    company = make.company()
    change_book(pool_kind="warehouse")
    receipt = company.receipt(day(1), "10", "10")
    moved = company.transfer(day(2), "4")
    sold = company.delivery(day(3), "1", place="B")
    company.act(landed(company, 8, receipt, amount="10"))
    assert (cost(moved), cost(sold)) == (Decimal(44), Decimal(11))
    assert pools() == [(Decimal(6), Decimal(66)), (Decimal(3), Decimal(33))]


@pytest.mark.parametrize(
    ("basis", "first", "second"),
    [("quantity", "7.50", "2.50"), ("amount", "6.00", "4.00"), ("weight", "3.33", "6.67"), ("volume", "0", "10")],
)
def test_a_charge_is_shared_by_what_was_chosen(basis: str, first: str, second: str) -> None:
    company = make.company()
    company.item("I", weight=Decimal(1))
    company.item("O", weight=Decimal(6), volume=Decimal("0.2"))
    one = company.receipt(day(1), "3", "10", item="I")
    two = company.receipt(day(1), "1", "20", item="O")
    company.act(landed(company, 2, one, two, amount="10", basis=basis))
    assert [value for _, value in pools()] == [30 + Decimal(first), 20 + Decimal(second)]


def test_goods_without_weight_bear_no_charge_by_weight() -> None:
    company = make.company()
    freight = landed(company, 2, company.receipt(day(1), "3", "10"), amount="10", basis="weight")
    with pytest.raises(ChargeUnshared) as refused:
        company.act(freight)
    assert "没有重量" in refused.value.message()
    assert pools() == [(Decimal(3), Decimal(30))]


def test_a_line_of_a_bill_names_a_line_that_it_bills() -> None:
    company = make.company()
    company.receipt(day(1), "3", "10")
    bill = company.draft(
        "purchase_invoice", day(2), [{"item": company.item().pk, "quantity": "1", "unit_price_net": "9"}], party=company.supplier.pk
    )
    with pytest.raises(InvalidDocument) as refused:
        company.act(bill)
    assert "下推" in refused.value.errors[0].message()


def test_invoices_of_parts_end_at_what_was_invoiced_to_the_cent() -> None:
    company = make.company()
    receipt = company.receipt(day(1), "3", "3.35")
    sold = company.delivery(day(2), "2")
    for on, price in ((3, "3.34"), (4, "3.36"), (5, "3.37")):
        company.act(invoice(company, on, receipt, price, "1"))
    assert (owed(company.supplier), cost(receipt), cost(sold) + pools()[0][1]) == (Decimal("10.07"), Decimal("10.07"), Decimal("10.07"))
    with pytest.raises(OverFulfilment):
        company.act(invoice(company, 6, receipt, "3", "1"))


def test_an_invoice_at_the_received_price_books_nothing_and_can_be_undone() -> None:
    company = make.company()
    receipt = company.receipt(day(1), "3", "10")
    bill = invoice(company, 2, receipt, "10")
    company.act(bill)
    line = receipt.goods_lines.get().pk
    assert (queries.entries_of(bill.pk), owed(company.supplier)) == ([], Decimal(30))
    assert queries.progress([line], "invoiced") == {line: Decimal(3)}
    company.act(bill, "unpost")
    assert queries.progress([line], "invoiced") == {line: Decimal(0)}


def test_a_discount_on_the_receipt_is_part_of_what_was_booked() -> None:
    company = make.company()
    lines = [{"item": company.item(code, tax_rate=Decimal("0.13")).pk, "quantity": "1", "unit_price_net": "100"} for code in ("P", "Q")]
    receipt = company.posted(
        "purchase_receipt", day(1), lines, party=company.supplier.pk, target_place=company.places["A"].pk, discount_amount="22.60"
    )
    assert (owed(company.supplier), cost(receipt)) == (Decimal("203.40"), Decimal(180))
    bill = company.draft("purchase_invoice", day(2), lines_of(receipt, price="100"), party=company.supplier.pk, discount_amount="11.30")
    company.act(bill)
    assert (owed(company.supplier), cost(receipt)) == (Decimal("214.70"), Decimal(190))


def test_a_small_taxpayer_s_goods_bear_the_tax_of_a_bill() -> None:
    company = make.company()
    change_book(taxpayer="small_scale_taxpayer")
    company.item(tax_rate=Decimal("0.13"))
    receipt = company.receipt(day(1), "10", "10")
    company.act(invoice(company, 2, receipt, "11"))
    company.act(landed(company, 3, receipt, amount="10", charge_tax="0.90"))
    assert (cost(receipt), owed(company.supplier)) == (Decimal("135.20"), Decimal("135.20"))


def test_an_invoice_of_a_delivery_changes_revenue_and_the_claim() -> None:
    company = make.company()
    company.receipt(day(1), "10", "10")
    sold = company.delivery(day(2), "2", price="20")
    bill = company.draft("sales_invoice", day(3), lines_of(sold, price="21"), party=company.customer.pk)
    company.act(bill)
    entries = {entry["account"]: entry["amount"] for entry in queries.entries_of(bill.pk)}
    assert (entries, cost(sold)) == ({"1122": Decimal(2), "5001": Decimal(-2)}, Decimal(20))
    company.act(bill, "reverse")
    assert to_decimal(bulk.fetch("SELECT balance FROM ledger_partybalance WHERE account='1122'")[0][0]) == 40


def test_a_rebate_beyond_what_the_goods_cost_is_refused_by_line() -> None:
    company = make.company()
    receipt = company.receipt(day(1), "10", "10")
    company.act(landed(company, 2, receipt, amount="-60"))
    with pytest.raises(ChargeBelowZero) as refused:
        company.act(landed(company, 3, receipt, amount="-50"))
    assert refused.value.message().startswith("第 1 行冲减 50 后，入库成本为负（现为 40）")
    assert (pools(), owed(company.supplier)) == ([(Decimal(10), Decimal(40))], Decimal(40))
