"""行仓库 A line without a warehouse of its own has the header's, also after the header changed; its own one it keeps."""

from __future__ import annotations

from typing import Any

import pytest

from hengcang.documents import drafts
from hengcang.ledger.models import StockMove
from hengcang.meta import registry
from hengcang.records.models import Document, GoodsLine
from tests import make
from tests.make import day

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> make.Company:
    """A company."""
    return make.company()


def places(document: Document, name: str = "target_place") -> list[str]:
    """The warehouses of the lines, in order."""
    rows = GoodsLine.objects.filter(document=document, revision=document.revision).order_by("position")
    return list(rows.values_list(f"{name}__code", flat=True))


def receipt(company: make.Company) -> Document:
    """A draft for A仓 of a line without a warehouse, one of A仓 and one of B仓."""
    line = {"item": company.item().pk, "quantity": "1", "unit_price_net": "2"}
    own = [{}, {"target_place": company.places["A"].pk}, {"target_place": company.places["B"].pk}]
    header = {"party": company.supplier.pk, "target_place": company.places["A"].pk}
    return company.draft("purchase_receipt", day(1), [{**line, **more} for more in own], **header)


def save(company: make.Company, document: Document, **raw: Any) -> None:
    """A save by the API's body."""
    document.refresh_from_db()
    drafts.save(company.viewer, registry.document(document.type), document.pk, {"version": document.version, **raw})
    document.refresh_from_db()


def test_lines_that_are_not_sent_follow_a_header_that_changes(company: make.Company) -> None:
    document = receipt(company)
    third = company.places["B"].__class__.objects.create(code="C", name="C仓", kind="warehouse")
    assert places(document) == ["A", "A", "B"]
    save(company, document, target_place=third.pk)
    assert places(document) == ["C", "C", "B"]
    save(company, document, remark="同一仓库", target_place=third.pk)
    assert places(document) == ["C", "C", "B"]
    company.act(document)
    assert list(StockMove.objects.order_by("line__position").values_list("target__code", flat=True)) == ["C", "C", "B"]


def test_a_line_that_is_sent_without_or_with_an_empty_warehouse_has_the_headers(company: make.Company) -> None:
    document = receipt(company)
    ids = list(GoodsLine.objects.filter(document=document).order_by("position").values_list("pk", flat=True))
    lines = [
        {"id": ids[0], "quantity": "5"},
        {"id": ids[1], "target_place": company.places["A"].pk},
        {"id": ids[2], "target_place": None},
        {"item": company.item().pk, "quantity": "1"},
    ]
    save(company, document, target_place=company.places["B"].pk, goods_lines=lines)
    assert places(document) == ["B", "A", "B", "B"]


def test_a_transfer_goes_where_its_header_says_although_its_lines_were_not_sent_again(company: make.Company) -> None:
    company.receipt(day(1), "5", "2")
    third = company.places["B"].__class__.objects.create(code="C", name="C仓", kind="warehouse")
    header = {"source_place": company.places["A"].pk, "target_place": company.places["B"].pk}
    transfer = company.draft("stock_transfer", day(2), [{"item": company.item().pk, "quantity": "2"}], **header)
    save(company, transfer, target_place=third.pk)
    company.act(transfer)
    move = StockMove.objects.get(kind="transfer")
    assert (move.source.code, move.target.code) == ("A", "C")


def test_the_declarations_tell_which_line_fields_follow_the_header(company: make.Company) -> None:
    for one in registry.documents().values():
        header = {field.name for field in one.fields}
        for field in one.goods.fields if one.goods else ():
            assert not field.inherits or field.inherits in header, (one.name, field.name)
            assert (field.name in ("source_place", "target_place")) == bool(field.inherits), (one.name, field.name)
