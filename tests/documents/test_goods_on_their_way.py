"""在途、待检的货 Goods under way or waiting for inspection lie where their source line left them, line by line and piece by piece."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from hengcang.core.errors import HengcangError
from hengcang.documents import conversion
from hengcang.ledger import check
from hengcang.ledger.models import SerialPlace, StockBalance
from hengcang.meta import registry
from hengcang.places.models import Place
from hengcang.records.models import Document, GoodsLine
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db
METHODS = ("moving_average", "specific_cost")


@pytest.fixture
def company() -> Company:
    """A company with a third warehouse and ten M6 at A仓 and at B仓."""
    made = make.company()
    made.places["C"] = Place.objects.create(code="C", name="C仓", kind="warehouse")
    made.receipt(day(1), "10", "2")
    made.receipt(day(1), "10", "4", place="B")
    return made


def held() -> dict[str, str]:
    """What is at each place, by its own name and its warehouse's."""
    rows = (
        StockBalance.objects.exclude(quantity=0)
        .order_by("place_id")
        .values_list("place__kind", "place__warehouse__code", "place__code", "quantity")
    )
    return {(code if kind == "warehouse" else f"{parent}·{kind}"): f"{quantity.normalize():f}" for kind, parent, code, quantity in rows}


def sent(company: Company, lines: Mapping[str, str]) -> Document:
    """A posted transfer to C仓 of M6 from several warehouses, by quantity."""
    rows = [{"item": company.item().pk, "quantity": quantity, "source_place": company.places[name].pk} for name, quantity in lines.items()]
    return company.posted("transfer_out", day(2), rows, source_place=company.places["A"].pk, target_place=company.places["C"].pk)


def converted(company: Company, source: Document, target: str, **more: Any) -> Document:
    """The draft that a document becomes."""
    made = conversion.convert(company.viewer, registry.document(source.type), conversion.Wanted(target, [source.pk], **more))
    return Document.objects.get(pk=made["document"])


def refused(act: Any, message: str) -> None:
    """The act is refused in these words, and no stock moved."""
    before = held()
    with pytest.raises(HengcangError) as caught:
        act()
    errors = getattr(caught.value, "errors", [caught.value])
    assert [one.message() for one in errors] == [message]
    assert held() == before


def lines_of(document: Document) -> list[GoodsLine]:
    """Its lines in order."""
    return list(document.goods_lines.filter(revision=document.revision).order_by("position"))


def in_books() -> list[Any]:
    """What is wrong with the books."""
    return [(one.id, one.text, one.rows) for one in check.run({"I-11", "I-14", "I-30"})]


def test_what_left_two_warehouses_arrives_from_the_way_of_each(company: Company) -> None:
    out = sent(company, {"A": "3", "B": "4"})
    assert held() == {"A": "7", "B": "6", "A·transit": "3", "B·transit": "4"}
    arrival = converted(company, out, "transfer_in")
    assert [line.source_place.code for line in lines_of(arrival)] == ["A", "B"]
    company.act(arrival)
    assert held() == {"A": "7", "B": "6", "C": "7"}
    out.refresh_from_db()
    assert (out.progress, in_books()) == ("complete", [])


def test_what_did_not_arrive_is_taken_from_the_way_of_its_own_warehouse(company: Company) -> None:
    out = sent(company, {"A": "3", "B": "4"})
    lost = converted(company, out, "transfer_difference")
    assert [line.source_place.code for line in lines_of(lost)] == ["A", "B"]
    company.act(lost)
    assert held() == {"A": "7", "B": "6"}
    assert in_books() == []


def test_two_transfers_of_different_warehouses_arrive_together(company: Company) -> None:
    outs = [
        company.posted(
            "transfer_out",
            day(2),
            [{"item": company.item().pk, "quantity": "3"}],
            source_place=company.places[name].pk,
            target_place=company.places["C"].pk,
        )
        for name in ("A", "B")
    ]
    wanted = conversion.Wanted("transfer_in", [one.pk for one in outs])
    made = conversion.convert(company.viewer, registry.document("transfer_out"), wanted)
    company.act(Document.objects.get(pk=made["document"]))
    assert held() == {"A": "7", "B": "7", "C": "6"}
    assert in_books() == []


@pytest.mark.parametrize("target", ["transfer_in", "transfer_difference"])
def test_goods_cannot_arrive_from_a_warehouse_that_they_did_not_leave(company: Company, target: str) -> None:
    out = sent(company, {"A": "3", "B": "4"})
    second = lines_of(out)[1]
    line = {"item": company.item().pk, "quantity": "3", "source_line": second.pk}
    header = {"source_place": company.places["A"].pk} | ({"target_place": company.places["C"].pk} if target == "transfer_in" else {})
    draft = company.draft(target, day(3), [line], **header)
    refused(lambda: company.act(draft), f"第 1 行：源单 {out.number} 的仓库与本单不符，请重新选取源单。")
    right = company.draft(target, day(3), [{**line, "source_place": company.places["B"].pk}], **header)
    company.act(right)
    assert held()["B·transit"] == "1"


def test_lines_are_inspected_each_in_the_warehouse_that_it_came_to(company: Company) -> None:
    line = {"item": company.item().pk, "unit_price_net": "2"}
    rows = [{**line, "quantity": "3"}, {**line, "quantity": "5", "target_place": company.places["B"].pk}]
    header = {"party": company.supplier.pk, "target_place": company.places["C"].pk, "inspect": True}
    receipt = company.posted("purchase_receipt", day(2), rows, **header)
    assert held() == {"A": "10", "B": "10", "C·quarantine": "3", "B·quarantine": "5"}
    wrong = {"item": company.item().pk, "quantity": "3", "source_line": lines_of(receipt)[1].pk}
    head = {"party": company.supplier.pk, "source_place": company.places["C"].pk}
    draft = company.draft("inspection", day(3), [wrong], **head)
    refused(lambda: company.act(draft), f"第 1 行：源单 {receipt.number} 的仓库与本单不符，请重新选取源单。")
    draft.delete()
    inspection = converted(company, receipt, "inspection")
    assert [one.source_place.code for one in lines_of(inspection)] == ["C", "B"]
    company.act(inspection)
    assert held() == {"A": "10", "B": "15", "C": "3"}
    assert in_books() == []


@pytest.mark.parametrize("method", METHODS)
def test_pieces_arrive_part_by_part_and_the_books_agree_at_every_step(company: Company, method: str) -> None:
    company.item("手机", tracking="serial", costing_method=method)
    for place, serials in (("A", ["S1", "S2", "S3"]), ("B", ["S4", "S5"])):
        company.receipt(day(1), str(len(serials)), "100", "手机", place, serials=serials)
    phone = company.item("手机").pk
    rows = [
        {"item": phone, "quantity": "3", "serials": ["S1", "S2", "S3"]},
        {"item": phone, "quantity": "2", "serials": ["S4", "S5"], "source_place": company.places["B"].pk},
    ]
    header = {"source_place": company.places["A"].pk, "target_place": company.places["C"].pk}
    out = company.posted("transfer_out", day(2), rows, **header)
    assert in_books() == []
    first, second = lines_of(out)
    part = [
        {"item": phone, "quantity": "1", "serials": ["S2"], "source_line": first.pk},
        {"item": phone, "quantity": "1", "serials": ["S5"], "source_line": second.pk, "source_place": company.places["B"].pk},
    ]
    company.posted("transfer_in", day(3), part, **header)
    assert in_books() == []
    lost = {"item": phone, "quantity": "1", "serials": ["S1"], "source_line": first.pk}
    company.posted("transfer_difference", day(3), [lost], source_place=company.places["A"].pk)
    assert in_books() == []
    rest = converted(company, out, "transfer_in")
    assert [(f"{one.quantity:f}".rstrip("0").rstrip("."), one.source_place.code) for one in lines_of(rest)] == [("1", "A"), ("1", "B")]
    pieces = [
        {"item": phone, "quantity": "1", "serials": ["S3"], "source_line": first.pk},
        {"item": phone, "quantity": "1", "serials": ["S4"], "source_line": second.pk, "source_place": company.places["B"].pk},
    ]
    company.posted("transfer_in", day(4), pieces, **header)
    standing = dict(SerialPlace.objects.values_list("serial__number", "place__code"))
    assert standing == {"S1": None, "S2": "C", "S3": "C", "S4": "C", "S5": "C"}
    assert in_books() == []
