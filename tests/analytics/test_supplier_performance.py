"""供应商表现 Figures of suppliers: what was inspected, refused, sent back, and late."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.analytics.supplier_performance import SUPPLIER_PERFORMANCE
from hengcang.parties.models import Party
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db
SPAN = {"date_from": day(1), "date_to": day(31)}


def rows(at: Company, **more: Any) -> list[dict[str, Any]]:
    return list(SUPPLIER_PERFORMANCE.run(at.viewer, {**SPAN, **more}, 100).rows)


def received(at: Company, supplier: Party, on: int, due: int | None = None, **header: Any) -> Document:
    """A receipt of ten, of an order that agreed on a day."""
    where = {"party": supplier.pk, "target_place": at.places["A"].pk}
    line = {"item": at.item().pk, "quantity": "10", "unit_price_net": "1"}
    if due is not None:
        order = at.posted("purchase_order", day(1), [line], delivery_date=day(due).isoformat(), **where)
        line = {**line, "source_line": order.goods_lines.get().pk}
    return at.posted("purchase_receipt", day(on), [line], **where, **header)


def inspected(at: Company, receipt: Document, *results: tuple[str, str]) -> Document:
    source = receipt.goods_lines.get()
    lines = [{"item": source.item_id, "quantity": n, "result": result, "source_line": source.pk} for result, n in results]
    return at.posted("inspection", receipt.document_date, lines, party=receipt.party_id, source_place=receipt.target_place_id)


def test_suppliers_are_ranked_by_what_inspection_found_then_by_their_days() -> None:
    at = make.company()
    other = Party.objects.create(code="S2", name="永兴纸业", is_supplier=True)
    inspected(at, received(at, at.supplier, 5, due=4, inspect=True), ("accepted", "7"), ("rejected", "2"), ("conceded", "1"))
    inspected(at, received(at, other, 5, due=9, inspect=True), ("accepted", "10"))
    received(at, at.supplier, 8, due=2)
    gone = received(at, at.supplier, 9)
    at.act(gone, "reverse")
    shown = [
        tuple(row[name] for name in ("party_name", "received_lines", "inspected_lines", "rejected_lines", "accepted_rate", "punctual_rate"))
        for row in rows(at)
    ]
    assert shown == [("明达五金", 2, 3, 1, "66.7", "0.0"), ("永兴纸业", 1, 1, 0, "100.0", "100.0")]
    assert [row["late_days"] for row in rows(at)] == ["3.5", None]
    [row] = rows(at, by="item", party=at.supplier.pk)
    assert [row[name] for name in ("item_code", "received", "accepted", "conceded", "rejected", "returned")] == [
        "M6",
        "20",
        "7",
        "1",
        "2",
        "0",
    ]


def test_the_statements_do_not_grow() -> None:
    at = make.company()
    counts = []
    for number in range(2):
        for at_number in range(3):
            one = Party.objects.create(code=f"T{number}{at_number}", name=f"供应商{number}{at_number}", is_supplier=True)
            inspected(at, received(at, one, 5, due=4, inspect=True), ("accepted", "10"))
        with CaptureQueriesContext(connection) as asked:
            assert len(rows(at, by="item")) == 3 * (number + 1)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 7
