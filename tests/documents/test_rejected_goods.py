"""不合格品 What was rejected goes back to its supplier once: in the unit and with the pieces of the inspection, until nothing is left."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.base import clock
from hengcang.catalog.models import ItemUnit, Unit
from hengcang.core.errors import TransitionRefused
from hengcang.documents import conversion
from hengcang.documents.open_sources import open_sources
from hengcang.meta import registry
from hengcang.records.models import Document, GoodsLine
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    """A company."""
    return make.company()


def received(company: Company, quantity: str, **line: Any) -> GoodsLine:
    """The line of a posted receipt that waits for inspection."""
    raw = {"item": company.item().pk, "quantity": quantity, "unit_price_net": "12", **line}
    header = {"party": company.supplier.pk, "target_place": company.places["A"].pk, "inspect": True}
    return company.posted("purchase_receipt", day(1), [raw], **header).goods_lines.get()


def inspected(company: Company, source: GoodsLine, *lines: dict[str, Any]) -> Document:
    """A posted inspection of a receipt's line, in parts."""
    rows = [{"item": source.item_id, "source_line": source.pk, **line} for line in lines]
    return company.posted("inspection", day(2), rows, party=company.supplier.pk, source_place=company.places["A"].pk)


def rejected(quantity: str, **more: Any) -> dict[str, Any]:
    """A part that was rejected."""
    return {"quantity": quantity, "result": "rejected", **more}


def lines_of(document: Document) -> list[GoodsLine]:
    """Its lines in order."""
    return list(document.goods_lines.filter(revision=document.revision).order_by("position"))


def give_back(company: Company, inspection: Document, quantities: dict[int, Decimal] | None = None) -> Document:
    """The draft of a return of what was rejected."""
    wanted = conversion.Wanted("purchase_return", [inspection.pk], quantities or {})
    return Document.objects.get(pk=conversion.convert(company.viewer, registry.document("inspection"), wanted)["document"])


def offered(company: Company, inspection: Document) -> list[tuple[str, str, str]]:
    """Quantity, done and open of the lines that can still go back."""
    found = open_sources(company.viewer, registry.document("inspection"), inspection.pk, "purchase_return")["documents"][0]
    return [(line["quantity"], line["done"], line["open"]) for line in found["lines"]]


def test_what_went_back_is_not_offered_again_until_its_return_is_reversed(company: Company) -> None:
    inspection = inspected(company, received(company, "10"), {"quantity": "7"}, rejected("3"))
    assert offered(company, inspection) == [("3", "0", "3")]
    line = lines_of(inspection)[1]
    first = give_back(company, inspection, {line.pk: Decimal(2)})
    company.act(first)
    assert offered(company, inspection) == [("3", "2", "1")]
    second = give_back(company, inspection)
    assert [one.quantity for one in lines_of(second)] == [Decimal(1)]
    company.act(second)
    assert offered(company, inspection) == []
    with pytest.raises(TransitionRefused) as refused:
        give_back(company, inspection)
    assert refused.value.message() == f"{inspection.number}当前为“已全部执行”，不能退不合格品。"
    with clock.standing_at(datetime.combine(day(3), time(10), timezone(timedelta(hours=8)))):
        company.act(first, "reverse")
    assert offered(company, inspection) == [("3", "1", "2")]
    company.act(second, "unpost")
    assert offered(company, inspection) == [("3", "0", "3")]


def test_what_went_back_from_stock_does_not_count_as_rejected(company: Company) -> None:
    source = received(company, "10")
    inspection = inspected(company, source, {"quantity": "8"}, rejected("2"))
    raw = {"item": source.item_id, "quantity": "7", "unit_price_net": "12", "source_line": source.pk}
    company.posted("purchase_return", day(3), [raw], party=company.supplier.pk, source_place=company.places["A"].pk)
    assert offered(company, inspection) == [("2", "0", "2")]


def test_parts_rejected_by_several_inspections_go_back_each_once(company: Company) -> None:
    source = received(company, "10")
    first = inspected(company, source, rejected("2"))
    second = inspected(company, source, rejected("3"))
    company.act(give_back(company, first))
    assert (offered(company, first), offered(company, second)) == ([], [("3", "0", "3")])
    company.act(give_back(company, second))
    assert (offered(company, first), offered(company, second)) == ([], [])


def test_what_is_asked_in_the_unit_of_the_inspection_is_returned_in_that_of_the_receipt(company: Company) -> None:
    box = Unit.objects.create(code="box", name="箱")
    ItemUnit.objects.create(item=company.item(), unit=box, factor=Decimal(12))
    inspection = inspected(company, received(company, "2", unit=box.pk), {"quantity": "18"}, rejected("6"))
    line = lines_of(inspection)[1]
    assert offered(company, inspection) == [("6", "0", "6")]
    [returned] = lines_of(give_back(company, inspection, {line.pk: Decimal(3)}))
    assert (returned.unit_id, returned.quantity, returned.base_quantity) == (box.pk, Decimal("0.25"), Decimal(3))


def test_the_pieces_that_were_rejected_go_back_and_not_others_of_the_receipt(company: Company) -> None:
    company.item(tracking="serial")
    source = received(company, "4", serials=["S1", "S2", "S3", "S4"])
    first = inspected(company, source, {"quantity": "1", "serials": ["S1"]}, rejected("1", serials=["S2"]))
    second = inspected(company, source, rejected("2", serials=["S3", "S4"]))
    back = give_back(company, second)
    assert [one.serials for one in lines_of(back)] == [["S3", "S4"]]
    company.act(back)
    assert (offered(company, first), offered(company, second)) == ([("1", "0", "1")], [])
    last = give_back(company, first)
    assert [one.serials for one in lines_of(last)] == [["S2"]]
    company.act(last)
    assert offered(company, first) == []


def test_a_receipt_that_is_not_to_be_inspected_says_so(company: Company) -> None:
    receipt = company.receipt(day(1), "1", "1")
    with pytest.raises(TransitionRefused) as refused:
        conversion.convert(company.viewer, registry.document("purchase_receipt"), conversion.Wanted("inspection", [receipt.pk]))
    assert refused.value.message() == f"{receipt.number}当前为“入库待检：否”，不能验收。"


def test_what_is_left_is_asked_in_as_many_statements_for_many_inspections_as_for_one(company: Company) -> None:
    source = received(company, "100")

    def counted(count: int) -> int:
        made = [inspected(company, source, rejected("1"), rejected("1")) for _ in range(count)]
        company.act(give_back(company, made[-1]))
        with CaptureQueriesContext(connection) as asked:
            offered(company, made[0])
        return len(asked)

    assert counted(1) == counted(8) == 6
