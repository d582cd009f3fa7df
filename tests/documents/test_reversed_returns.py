"""Reversed returns: the document they named is as if they had never been, but for its chain."""

from __future__ import annotations

import pytest

from hengcang.access.viewer import system_viewer
from hengcang.core.errors import NamedByDocuments
from hengcang.documents import present, progress, trace
from hengcang.documents.links import followers
from hengcang.meta import registry
from hengcang.records.models import Document, LineLink
from tests import make
from tests.faults.test_every_statement import everything
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def returned(company: Company, sold: Document, quantity: str) -> Document:
    """A posted return of so much of a delivery."""
    line = sold.goods_lines.get(revision=sold.revision)
    lines = [{"item": line.item_id, "quantity": quantity, "unit_price_net": "20", "source_line": line.pk}]
    return company.posted("sales_return", day(3), lines, party=company.customer.pk, target_place=company.places["A"].pk)


def open_to_return(sold: Document) -> list[str]:
    """What of each line may still be returned."""
    rows = progress.progress_json(system_viewer(0, ""), registry.document("sales_delivery"), sold.pk)
    return [row["purposes"]["returned"]["open"] for row in rows]


def test_a_live_return_holds_its_delivery_and_a_reversed_one_does_not() -> None:
    company = make.company()
    company.receipt(day(1), "10", "5")
    sold = company.delivery(day(2), "4")
    back = returned(company, sold, "3")
    before = everything()
    for name in ("unpost", "reverse"):
        with pytest.raises(NamedByDocuments) as refusal:
            company.act(sold, name)
        assert refusal.value.params["followers"] == back.number
    assert everything() == before
    company.act(back, "reverse")
    assert followers(sold.pk, sold.revision) == [] and open_to_return(sold) == ["4"]
    shown = present.document_json(company.viewer, registry.document("sales_delivery"), sold.pk)
    assert {one["name"]: one["enabled"] for one in shown["allowed"] if one["name"] in ("unpost", "reverse")} == {
        "unpost": True, "reverse": True,
    }  # fmt: skip
    other = returned(company, sold, "4")
    with pytest.raises(NamedByDocuments) as refusal:
        company.act(sold, "reverse")
    assert refusal.value.params["followers"] == other.number


def test_unposting_the_delivery_takes_the_settled_links_and_keeps_the_chain() -> None:
    company = make.company()
    company.receipt(day(1), "10", "5")
    sold = company.delivery(day(2), "4")
    back = returned(company, sold, "3")
    company.act(back, "reverse")
    company.act(sold, "unpost")
    red = Document.objects.get(reverses=back)
    assert list(LineLink.objects.values_list("source__document", "target__document", "purpose", "quantity")) == [
        (back.pk, red.pk, "reversed", 0)
    ]
    chain = trace.trace(company.viewer, sold.pk)
    assert {one["id"] for one in chain["documents"]} == {sold.pk, back.pk, red.pk}
    company.act(sold, "post")
    assert open_to_return(sold) == ["4"]
    returned(company, sold, "4")
    sold.refresh_from_db()
    assert sold.progress == "complete"


def test_an_order_whose_delivery_was_reversed_can_be_unposted() -> None:
    company = make.company()
    company.receipt(day(1), "10", "5")
    lines = [{"item": company.item().pk, "quantity": "4", "unit_price_net": "20"}]
    order = company.posted("sales_order", day(1), lines, party=company.customer.pk, source_place=company.places["A"].pk, reserve=True)
    line = order.goods_lines.get()
    sold = company.delivery(day(2), "4", source_line=line.pk)
    company.act(sold, "reverse")
    order.refresh_from_db()
    assert order.progress == "none"
    company.act(order, "unpost")
    assert order.state == "draft"
    company.act(order, "post")
