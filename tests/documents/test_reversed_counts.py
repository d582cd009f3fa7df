"""Reversed counts: what a count found may change until the pools are locked; the reversal takes back what it then is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from hengcang.documents import gate
from hengcang.ledger import queries
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def counted(company: Company, quantity: str) -> Document:
    """A posted count of an item of which there are ten."""
    company.receipt(day(1), "10", "5")
    lines = [{"item": company.item().pk, "quantity": quantity}]
    return company.posted("stock_count", day(5), lines, source_place=company.places["A"].pk)


@pytest.mark.parametrize(("quantity", "seen"), [("8", "-2"), ("8", "3"), ("10", "-4")])
def test_a_reversal_that_saw_another_quantity_is_decided_once_more_with_the_gate_held_alone(
    quantity: str, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = make.company()
    document = counted(company, quantity)
    plain, enter = queries.live_moves, gate.enter
    read: list[list[dict[str, Any]]] = []
    gates: list[bool] = []

    def stale_once(number: int, revision: int) -> list[dict[str, Any]]:
        rows = plain(number, revision)
        read.append(rows)
        return rows if len(read) > 1 else [{**row, "quantity": row["quantity"] + Decimal(seen)} for row in rows]

    monkeypatch.setattr(queries, "live_moves", stale_once)
    monkeypatch.setattr(gate, "enter", lambda *, exclusive: (gates.append(exclusive), enter(exclusive=exclusive)))
    company.act(document, "reverse")
    assert (len(read), gates) == (2, [False, True])
    assert queries.on_hand([company.item().pk], None)[company.item().pk]["on_hand"] == 10
    assert Document.objects.filter(reverses=document).count() == 1


def test_a_count_that_found_nothing_is_reversed_by_nothing() -> None:
    company = make.company()
    document = counted(company, "10")
    company.act(document, "reverse")
    red = Document.objects.get(reverses=document)
    assert (document.state, red.state, queries.moves_of(red.pk)) == ("reversed", "posted", [])
    company.receipt(day(2), "3", "5")
    assert queries.on_hand([company.item().pk], None)[company.item().pk]["on_hand"] == 13
