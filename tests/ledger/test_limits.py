"""上限 A balance that would pass what a 64-bit column holds is refused by name, on both databases, and nothing is written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hengcang.core.amounts import MOST, SCALE
from hengcang.core.errors import BalanceTooLarge, InvalidDocument
from hengcang.ledger.models import AccountMonth, CostPool, PartyBalance, PoolMonth, StockBalance, StockMonth, StockMove
from hengcang.records.models import Document
from tests import make
from tests.api.documents_world import world
from tests.make import day

pytestmark = pytest.mark.django_db
LARGEST = "10000000000"
HUNDRED_BILLION = Decimal(LARGEST) * 10
MOST_SHOWN = "9,000,000,000,000"


def ten_lines(company: make.Company, item: str, quantity: str = "1", price: str = LARGEST) -> list[dict[str, Any]]:
    """The largest document there is: ten lines of the largest amount."""
    return [{"item": company.item(item).pk, "quantity": quantity, "unit_price_net": price}] * 10


def receipt(company: make.Company, item: str, **line: str) -> Document:
    """A posted receipt of ten such lines into A仓."""
    lines = ten_lines(company, item, **line)
    return company.posted("purchase_receipt", day(1), lines, party=company.supplier.pk, target_place=company.places["A"].pk)


def standing() -> dict[str, Any]:
    """What a refusal must leave as it is."""
    return {
        "moves": StockMove.objects.count(),
        "pools": list(CostPool.objects.order_by("id").values_list("quantity", "value")),
        "stock": list(StockBalance.objects.order_by("id").values_list("quantity", flat=True)),
        "party": list(PartyBalance.objects.order_by("id").values_list("balance", flat=True)),
    }


def refused(company: make.Company, item: str, **line: str) -> BalanceTooLarge:
    """The refusal of one more such receipt; nothing has changed and the draft is a draft."""
    before = standing()
    lines = ten_lines(company, item, **line)
    draft = company.draft("purchase_receipt", day(1), lines, party=company.supplier.pk, target_place=company.places["A"].pk)
    with pytest.raises(BalanceTooLarge) as error:
        company.act(draft)
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("draft", None) and standing() == before
    return error.value


def test_the_value_of_a_pool_is_refused_beyond_nine_million_million_with_line_and_item() -> None:
    company = make.company()
    for _ in range(90):
        receipt(company, "M6")
    assert CostPool.objects.get().value == 90 * HUNDRED_BILLION == MOST // SCALE
    error = refused(company, "M6")
    assert (error.code, error.path) == ("balance_too_large", "goods_lines.0.quantity")
    assert error.message() == f"M6 商品M6 库存金额将超过可记录的上限 {MOST_SHOWN}，操作没有生效。请核对数量、单位与单价。"
    assert error.message("en").startswith(f"M6 商品M6 stock value would pass what can be recorded ({MOST_SHOWN})")


def test_the_balance_of_a_party_is_refused_where_no_pool_is_full() -> None:
    company = make.company()
    for number in range(90):
        receipt(company, f"P{number % 2}")
    assert PartyBalance.objects.get().balance == -90 * HUNDRED_BILLION
    assert "往来余额" in refused(company, "P2").message()


def test_a_quantity_is_refused_for_the_pool_and_the_flow_of_a_month_where_goods_come_and_go() -> None:
    company = make.company()
    lines = [{"item": company.item().pk, "quantity": LARGEST}] * 10
    for _ in range(90):
        receipt(company, "M6", quantity=LARGEST, price="0")
        company.posted("other_issue", day(1), lines, source_place=company.places["A"].pk)
    assert StockMonth.objects.get(kind="purchase").quantity_in == PoolMonth.objects.get(kind="purchase").quantity_in == MOST // SCALE
    assert StockBalance.objects.get().quantity == 0
    assert "当月收发数量" in refused(company, "M6", quantity=LARGEST, price="0").message()


@pytest.mark.tampers
def test_every_kept_balance_has_its_limit_in_the_database() -> None:
    company = make.company()
    receipt(company, "M6", quantity="1", price="1")
    beyond = Decimal(MOST // SCALE)
    for model, column, words in (
        (StockBalance, "quantity", "库存数量"),
        (CostPool, "value", "库存金额"),
        (PartyBalance, "balance", "往来余额"),
    ):
        kept = model.objects.get()
        model.objects.update(**{column: -beyond if model is PartyBalance else beyond})
        assert words in refused(company, "M6", quantity="1", price="1").message()
        model.objects.update(**{column: getattr(kept, column)})


@pytest.mark.tampers
def test_the_turnover_of_an_account_has_its_limit_too() -> None:
    company = make.company()
    receipt(company, "M6", quantity="1", price="1")
    AccountMonth.objects.filter(account="1405").update(debit=Decimal(MOST // SCALE))
    assert "当月科目发生额" in refused(company, "M6", quantity="1", price="1").message()
    assert AccountMonth.objects.get(account="1405").debit == MOST // SCALE


def test_one_line_and_one_document_say_how_much_they_take() -> None:
    company = make.company()
    header = {"party": company.supplier.pk, "target_place": company.places["A"].pk}
    for line, words in (
        ({"quantity": "2", "unit_price_net": LARGEST}, "单价或金额超出范围（最多 10,000,000,000）"),
        ({"quantity": "10000000001"}, "不能大于 10000000000"),
        ({"quantity": "9000000000001"}, "超出范围（最多 9,000,000,000,000）"),
    ):
        with pytest.raises(InvalidDocument) as error:
            company.draft("purchase_receipt", day(1), [{"item": company.item().pk, **line}], **header)
        assert words in error.value.message() and "第 1 行" in error.value.message()
    with pytest.raises(Exception, match="超出一张单据的范围（最多 100,000,000,000）"):
        company.draft("purchase_receipt", day(1), [*ten_lines(company, "M6"), *ten_lines(company, "M6")], **header)


@pytest.mark.tampers
def test_the_wire_refuses_a_posting_and_a_sum_beyond_the_limit_by_name() -> None:
    one = world()
    for item in ("M6", "M8"):
        one.company.receipt(day(1), "1", "1", item=item)
    CostPool.objects.update(value=Decimal(MOST // SCALE))
    draft = one.made("purchase_receipts")
    status, problem = one.boss.call("POST", f"/purchase_receipts/{draft['id']}/post", {"version": draft["version"]})
    assert (status, problem["code"]) == (422, "balance_too_large") and "库存金额" in problem["message"]
    assert one.stored(draft).state == "draft"
    status, problem = one.boss.call("GET", "/home")
    assert (status, problem["code"]) == (422, "out_of_range") and "合计超出可表示的范围（约 9.2 万亿）" in problem["message"]
    assert one.boss.last.headers["Content-Type"] == "application/problem+json"
