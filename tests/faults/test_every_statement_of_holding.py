"""Fail at the N-th statement of letting go, taking again and handing over, line by line and by lot: nothing half done, one effect."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from hengcang.core.holding import Part
from hengcang.documents import services
from hengcang.meta import registry
from hengcang.records.models import Document
from tests import make
from tests.faults.test_every_statement import Command, act, whole_or_nothing
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def orders(company: Company) -> tuple[Document, Document]:
    """An order that holds back two lots of 牛奶, and one that lacks them."""
    company.item("牛奶", tracking="lot")
    for lot in ("L1", "L2"):
        company.receipt(day(1), "10", "3", "牛奶", lot=lot)
    lines = [{"item": company.item("牛奶").pk, "quantity": "8", "unit_price_net": "5", "lot": lot} for lot in ("L1", "L2")]
    where = {"party": company.customer.pk, "source_place": company.places["A"].pk}
    first, second = (company.posted("sales_order", day(2), lines, **where, reserve=asks) for asks in (True, False))
    return first, second


def rows(document: Document) -> list[int]:
    """Its lines."""
    return list(document.goods_lines.order_by("position").values_list("pk", flat=True))


def command(company: Company, document: Document, name: str, *parts: Part) -> Command:
    """A command on some lines."""
    order = services.Order(document.pk, name, None, "急单", parts=parts)
    return lambda key: services.transition(company.viewer, registry.document("sales_order"), order, key)


def releasing(company: Company) -> Command:
    order, _ = orders(company)
    return command(company, order, "release", Part(rows(order)[0], Decimal(3)), Part(rows(order)[1]))


def holding(company: Company) -> Command:
    _, order = orders(company)
    return command(company, order, "hold", Part(rows(order)[0], Decimal(3)), Part(rows(order)[1]))


def handing_over(company: Company) -> Command:
    giver, taker = orders(company)
    parts = [Part(one, Decimal(3), other) for one, other in zip(rows(giver), rows(taker), strict=True)]
    return command(company, giver, "reassign", *parts)


def delivering_another_lot(company: Company) -> Command:
    order, _ = orders(company)
    line = {"item": company.item("牛奶").pk, "quantity": "5", "unit_price_net": "5", "source_line": rows(order)[0], "lot": "L2"}
    where = {"party": company.customer.pk, "source_place": company.places["A"].pk}
    return act(company, company.draft("sales_delivery", day(3), [line], **where), "post")


@pytest.mark.parametrize("prepare", [releasing, holding, handing_over, delivering_another_lot])
def test_what_is_held_back_is_as_it_was_after_a_break_anywhere_and_changes_once(prepare: Callable[[Company], Command]) -> None:
    whole_or_nothing(prepare(make.company()))
