"""Serial numbers through every document that moves stock: a piece is in one place, comes and goes in turn, and costs its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from hengcang.base import clock
from hengcang.core.errors import HengcangError
from hengcang.documents import conversion
from hengcang.ledger import queries
from hengcang.ledger.models import CostPool, SerialMove, SerialPlace, StockBalance, StockMove
from hengcang.meta import registry
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db
METHODS = ("moving_average", "fifo", "specific_cost", "monthly_average")


@pytest.fixture(params=METHODS)
def company(request: pytest.FixtureRequest) -> Company:
    """A company whose 手机 is kept by serial number, under each costing method."""
    made = make.company()
    made.item("手机", tracking="serial", costing_method=request.param)
    return made


@pytest.fixture
def phones() -> Company:
    """As `company`, by moving average."""
    made = make.company()
    made.item("手机", tracking="serial")
    return made


def receive(company: Company, on: int, serials: Sequence[str], price: str = "100", place: str = "A", **more: Any) -> Document:
    """A posted receipt of pieces."""
    return company.receipt(day(on), str(len(serials)), price, "手机", place, serials=list(serials), **more)


def deliver(company: Company, on: int, serials: Sequence[str], place: str = "A", **more: Any) -> Document:
    """A posted delivery of pieces."""
    return company.delivery(day(on), str(len(serials)), "手机", place, "200", serials=list(serials), **more)


def move(company: Company, on: int, serials: Sequence[str], source: str = "A", target: str = "B") -> Document:
    """A posted transfer of pieces."""
    return company.transfer(day(on), str(len(serials)), source, target, "手机", serials=list(serials))


def give_back(company: Company, on: int, source: Document, serials: Sequence[str], place: str = "A") -> Document:
    """A posted return of pieces of a receipt or a delivery."""
    receipt = source.type == "purchase_receipt"
    line = source.goods_lines.get(revision=source.revision)
    lines = [
        {"item": line.item_id, "quantity": str(len(serials)), "unit_price_net": "100", "source_line": line.pk, "serials": list(serials)}
    ]
    header = {"party": (company.supplier if receipt else company.customer).pk}
    header["source_place" if receipt else "target_place"] = company.places[place].pk
    return company.posted("purchase_return" if receipt else "sales_return", day(on), lines, **header)


def count(company: Company, on: int, serials: Sequence[str], place: str = "A") -> Document:
    """A posted count that found these pieces."""
    lines = [{"item": company.item("手机").pk, "quantity": str(len(serials)), "serials": list(serials)}]
    return company.posted("stock_count", day(on), lines, source_place=company.places[place].pk)


def reverse(company: Company, document: Document, on: int) -> None:
    """Reverse a document on a day."""
    with clock.standing_at(datetime.combine(day(on), time(10), timezone(timedelta(hours=8)))):
        company.act(document, "reverse")


def places(company: Company) -> dict[str, str]:
    """Where each piece stands, by number; pieces with nobody of ours are left out."""
    return dict(SerialPlace.objects.exclude(place=None).order_by("serial__number").values_list("serial__number", "place__code"))


def state() -> list[Any]:
    """All that a refusal must leave as it was."""
    return [
        sorted(StockBalance.objects.values_list("item", "place", "quantity")),
        sorted(CostPool.objects.values_list("item", "serial", "quantity", "value"), key=str),
        sorted(SerialPlace.objects.values_list("serial", "place", "last_sequence"), key=str),
        StockMove.objects.count(),
        SerialMove.objects.count(),
    ]


def refused(act: Any, code: str, message: str) -> None:
    """The act is refused in these words, and nothing has changed."""
    before = state()
    with pytest.raises(HengcangError) as caught:
        act()
    errors = getattr(caught.value, "errors", [caught.value])
    assert [(one.code, one.message()) for one in errors] == [(code, message)]
    assert state() == before


def test_a_piece_goes_through_its_whole_life_and_back(company: Company) -> None:
    receipt = receive(company, 1, ["S1", "S2", "S3"])
    assert places(company) == {"S1": "A", "S2": "A", "S3": "A"}
    transfer = move(company, 2, ["S2", "S3"])
    delivery = deliver(company, 3, ["S3"], "B")
    assert places(company) == {"S1": "A", "S2": "B"}
    back = give_back(company, 4, delivery, ["S3"], "A")
    assert places(company) == {"S1": "A", "S2": "B", "S3": "A"}
    returned = give_back(company, 5, receipt, ["S1"])
    assert places(company) == {"S2": "B", "S3": "A"}
    for document, standing in (
        (returned, {"S1": "A", "S2": "B", "S3": "A"}),
        (back, {"S1": "A", "S2": "B"}),
        (delivery, {"S1": "A", "S2": "B", "S3": "B"}),
        (transfer, {"S1": "A", "S2": "A", "S3": "A"}),
        (receipt, {}),
    ):
        company.act(document, "unpost")
        assert places(company) == standing, document.type
    for document in (receipt, transfer, delivery):
        company.act(document)
    assert places(company) == {"S1": "A", "S2": "B"}


def test_reversal_takes_the_same_pieces_back(company: Company) -> None:
    receive(company, 1, ["S1", "S2", "S3"])
    delivery = deliver(company, 2, ["S1", "S3"])
    reverse(company, delivery, 3)
    assert places(company) == {"S1": "A", "S2": "A", "S3": "A"}
    transfer = move(company, 4, ["S1"])
    reverse(company, transfer, 5)
    assert places(company) == {"S1": "A", "S2": "A", "S3": "A"}
    other = receive(company, 6, ["S4"])
    reverse(company, other, 6)
    assert places(company) == {"S1": "A", "S2": "A", "S3": "A"}


def test_a_count_loses_what_it_did_not_find_and_gains_what_the_books_had_not(company: Company) -> None:
    receive(company, 1, ["S1", "S2", "S3"])
    counted = count(company, 2, ["S2", "S3", "S9"])
    assert places(company) == {"S2": "A", "S3": "A", "S9": "A"}
    company.act(counted, "unpost")
    assert places(company) == {"S1": "A", "S2": "A", "S3": "A"}
    company.act(counted)
    refused(
        lambda: receive(company, 1, ["S7"]),
        "serial_counted",
        f"商品手机 之后已按序列号盘点（{counted.number}），不能在盘点之前补录或反审核。请先反审核 {counted.number}。",
    )
    reverse(company, counted, 3)
    assert places(company) == {"S1": "A", "S2": "A", "S3": "A"}
    none = count(company, 40, [])
    assert places(company) == {}
    company.act(none, "unpost")


def test_a_count_without_difference_stands(company: Company) -> None:
    receive(company, 1, ["S1"])
    count(company, 2, ["S1"])
    assert places(company) == {"S1": "A"}


def test_late_entries_keep_in_and_out_alternating(company: Company) -> None:
    receive(company, 10, ["S1"])
    deliver(company, 20, ["S1"])
    refused(lambda: receive(company, 15, ["S1"]), "serial_in_stock", "第 1 行：序列号 S1 已在 A仓，不能再次入库。请核对序列号。")
    sold = Document.objects.get(type="sales_delivery").number
    refused(
        lambda: move(company, 15, ["S1"]),
        "serial_out_of_order",
        f"第 1 行：序列号 S1 在 2026-03-20 另有 {sold}，这样补录后前后接不上。请改日期，或先反审核 {sold}。",
    )
    receive(company, 25, ["S1"], "150")
    assert places(company) == {"S1": "A"}


def test_a_return_before_a_second_sale_can_be_entered_late(company: Company) -> None:
    receive(company, 1, ["S1", "S2"])
    first = deliver(company, 2, ["S1"])
    deliver(company, 20, ["S2"])
    give_back(company, 10, first, ["S1"])
    deliver(company, 15, ["S1"])
    assert places(company) == {}


def test_undoing_what_a_later_move_of_the_piece_stands_on_is_refused(phones: Company) -> None:
    phones.places["A"].negative_stock = "allow"
    phones.places["A"].save()
    receipt = receive(phones, 1, ["S1"])
    delivery = deliver(phones, 2, ["S1"])
    refused(
        lambda: phones.act(receipt, "unpost"),
        "serial_undone",
        f"序列号 S1 之后在 2026-03-02 还有 {delivery.number}，不能反审核。请先处理 {delivery.number}。",
    )


def test_the_number_of_serials_is_the_quantity(phones: Company) -> None:
    def draft(quantity: str, serials: Sequence[str]) -> Any:
        lines = [{"item": phones.item("手机").pk, "quantity": quantity, "unit_price_net": "1", "serials": list(serials)}]
        return lambda: phones.posted("purchase_receipt", day(1), lines, party=phones.supplier.pk, target_place=phones.places["A"].pk)

    words = "第 1 行：商品手机 按序列号管理，数量 {} 应有 {} 个序列号，现有 {} 个，{}。"
    refused(draft("3", ["S1"]), "serial_count", words.format(3, 3, 1, "缺 2 个"))
    refused(draft("1", ["S1", "S2"]), "serial_count", words.format(1, 1, 2, "多 1 个"))
    refused(draft("1.5", ["S1"]), "serial_count", words.format("1.5", "1.5", 1, "缺 0.5 个"))
    refused(draft("2", ["S1", "S1"]), "serial_twice", "第 1 行：序列号 S1 已在第 1 行填过，请删去一个。")


def test_a_serial_twice_in_one_document_is_refused_by_line(phones: Company) -> None:
    line = {"item": phones.item("手机").pk, "quantity": "1", "unit_price_net": "1"}
    lines = [{**line, "serials": ["S1"]}, {**line, "serials": "S2"}, {**line, "serials": "S1\n"}]
    refused(
        lambda: phones.posted("purchase_receipt", day(1), lines, party=phones.supplier.pk, target_place=phones.places["A"].pk),
        "serial_twice",
        "第 3 行：序列号 S1 已在第 1 行填过，请删去一个。",
    )


def test_pieces_that_are_not_there_cannot_go(company: Company) -> None:
    receive(company, 1, ["S1"])
    receive(company, 1, ["S2"], place="B")
    receive(company, 2, ["S3"])
    deliver(company, 3, ["S3"])
    refused(lambda: deliver(company, 4, ["S9"]), "serial_unknown", "第 1 行：商品手机 没有序列号 S9，请核对。")
    refused(lambda: deliver(company, 4, ["S2"]), "serial_elsewhere", "第 1 行：序列号 S2 不在 A仓，现在 B仓。请核对序列号或仓库。")
    refused(lambda: deliver(company, 4, ["S3"]), "serial_gone", "第 1 行：序列号 S3 现在不在库，不能从 A仓 发出。请核对序列号。")
    refused(lambda: receive(company, 4, ["S1"]), "serial_in_stock", "第 1 行：序列号 S1 已在 A仓，不能再次入库。请核对序列号。")


def test_a_return_brings_back_pieces_of_the_line_it_names(company: Company) -> None:
    receipt = receive(company, 1, ["S1", "S2"])
    receive(company, 2, ["S3"])
    first = deliver(company, 3, ["S1"])
    deliver(company, 3, ["S2"])
    words = "第 1 行：序列号 {} 不在源单行里，请改选源单或序列号。"
    refused(lambda: give_back(company, 4, first, ["S2"]), "serial_of_other", words.format("S2"))
    refused(lambda: give_back(company, 4, receipt, ["S3"]), "serial_of_other", words.format("S3"))


def test_serials_of_an_item_without_them_are_refused(phones: Company) -> None:
    refused(
        lambda: phones.receipt(day(1), "1", "1", serials=["S1"]),
        "field_invalid",
        "商品明细第 1 行：“序列号”的值“S1”不可用：这个商品不按序列号管理，请清空序列号。",
    )


def test_lots_of_pieces_are_checked_with_them(phones: Company) -> None:
    receive(phones, 1, ["S1"], lot="L1")
    receive(phones, 1, ["S2"], lot="L2")
    refused(
        lambda: deliver(phones, 2, ["S1"], lot="L2"),
        "serial_elsewhere",
        "第 1 行：序列号 S1 不在 A仓（L2），现在 A仓（L1）。请核对序列号或仓库。",
    )
    deliver(phones, 2, ["S1"], lot="L1")


def costs(document: Document) -> list[tuple[Decimal, Decimal]]:
    """Quantity and net value of each move of a document."""
    document.refresh_from_db()
    return [(row["quantity"], row["value"]) for row in queries.live_moves(document.pk, document.revision)]


def specific() -> Company:
    """A company that costs every 手机 by itself."""
    made = make.company()
    made.item("手机", tracking="serial", costing_method="specific_cost")
    return made


def test_every_piece_costs_its_own() -> None:
    company = specific()
    one = Decimal(1)
    bought = company.receipt(day(1), "3", "33.3333", "手机", serials=["S1", "S2", "S3"])
    assert costs(bought) == [(one, Decimal("33.33")), (one, Decimal("33.33")), (one, Decimal("33.34"))]
    receive(company, 2, ["S4"], "500")
    sold = deliver(company, 3, ["S4", "S3"])
    assert sorted(costs(sold)) == [(one, Decimal("33.34")), (one, Decimal("500.00"))]
    back = give_back(company, 4, sold, ["S4"])
    assert costs(back) == [(one, Decimal("500.00"))]
    pools = {pool.serial.number: pool.value for pool in CostPool.objects.exclude(serial=None) if pool.serial}
    assert pools == {"S1": Decimal("33.33"), "S2": Decimal("33.33"), "S3": Decimal(0), "S4": Decimal(500)}
    receive(company, 5, ["S3"], "70")
    again = deliver(company, 6, ["S3"])
    assert costs(again) == [(one, Decimal(70))]


def test_freight_reaches_each_piece_and_those_already_sold() -> None:
    company = specific()
    bought = receive(company, 1, ["S1", "S2", "S3"], "100")
    sold = deliver(company, 2, ["S2"])
    line = bought.goods_lines.get()
    lines = [{"item": line.item_id, "quantity": "3", "source_line": line.pk}]
    freight = {"party": company.supplier.pk, "charge_amount": "10", "charge_tax": "0", "basis": "amount"}
    charge = company.posted("landed_cost", day(3), lines, **freight)
    assert costs(sold) == [(Decimal(1), Decimal("103.33"))]
    assert [value for _, value in costs(bought)] == [Decimal("103.33"), Decimal("103.33"), Decimal("103.34")]
    company.act(charge, "unpost")
    assert costs(sold) == [(Decimal(1), Decimal(100))]


def test_a_conversion_keeps_pieces_when_all_go_on(phones: Company) -> None:
    receipt = receive(phones, 1, ["S1", "S2"])

    def returning(quantity: str) -> list[list[str]]:
        line = receipt.goods_lines.get()
        wanted = conversion.Wanted("purchase_return", [receipt.pk], {line.pk: Decimal(quantity)})
        answer = conversion.convert(phones.viewer, registry.document("purchase_receipt"), wanted)
        return [row.serials for row in Document.objects.get(pk=answer["document"]).goods_lines.all()]

    assert returning("2") == [["S1", "S2"]]
    assert returning("1") == [[]]


@pytest.mark.parametrize("action", ["reverse", "unpost"])
def test_a_count_that_found_no_piece_gives_them_all_back_when_it_is_undone(company: Company, action: str) -> None:
    receive(company, 1, ["S1", "S2"])
    counted = count(company, 2, [])
    assert pieces_at("A") == set()
    with clock.standing_at(datetime.combine(day(3), time(10), timezone(timedelta(hours=8)))):
        company.act(counted, action)
    assert pieces_at("A") == {"S1", "S2"}
    assert queries.on_hand([company.item("手机").pk], None)[company.item("手机").pk]["on_hand"] == 2
    deliver(company, 3, ["S1", "S2"])


def pieces_at(place: str) -> set[str]:
    """The pieces that are at a warehouse."""
    return set(SerialPlace.objects.filter(place__code=place).values_list("serial__number", flat=True))
