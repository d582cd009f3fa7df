"""Fail at the N-th statement of writing down deliveries and of billing their freight: nothing half done, one effect."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hengcang.core.shipping import DeliveryState
from hengcang.documents import conversion, shipping
from hengcang.documents.shipping import Shipment
from hengcang.meta import registry
from hengcang.parties.models import Party
from hengcang.records.models import Document
from tests import make
from tests.faults.test_every_statement import Command, act, whole_or_nothing
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def sold(company: Company) -> list[Document]:
    """Two posted deliveries that a carrier took."""
    company.receipt(day(1), "10", "10")
    carrier = Party.objects.create(code="SF", name="顺丰", is_supplier=True)
    documents = [company.delivery(day(2), "1") for _ in range(2)]
    wanted = [Shipment(one.pk, None, {"carrier": carrier.pk, "freight": "18"}, DeliveryState.SHIPPED) for one in documents]
    shipping.ship(company.viewer, registry.document("sales_delivery"), wanted)
    return documents


def writing(company: Company) -> Command:
    """Many at once."""
    wanted = [Shipment(one.pk, None, {"tracking_numbers": f"SF{one.pk}"}, DeliveryState.SIGNED) for one in sold(company)]
    return lambda key: shipping.ship(company.viewer, registry.document("sales_delivery"), wanted, key)


def billing(company: Company) -> Command:
    """The draft of a bill."""
    wanted = conversion.Wanted("expense", [one.pk for one in sold(company)])
    return lambda key: conversion.convert(company.viewer, registry.document("sales_delivery"), wanted, key)


def posting(company: Company) -> Command:
    """The bill itself."""
    wanted = conversion.Wanted("expense", [one.pk for one in sold(company)])
    made = conversion.convert(company.viewer, registry.document("sales_delivery"), wanted)
    return act(company, Document.objects.get(pk=made["document"]), "post")


def arrival(company: Company) -> Document:
    """The draft that takes in all that is under way."""
    company.receipt(day(1), "10", "10")
    places = {"source_place": company.places["A"].pk, "target_place": company.places["B"].pk}
    out = company.posted("transfer_out", day(2), [{"item": company.item().pk, "quantity": "2"}], **places)
    made = conversion.convert(company.viewer, registry.document("transfer_out"), conversion.Wanted("transfer_in", [out.pk]))
    return Document.objects.get(pk=made["document"])


def arriving(company: Company) -> Command:
    """All arrives, and is signed for."""
    return act(company, arrival(company), "post")


def missing(company: Company) -> Command:
    """What arrived is under way again."""
    document = arrival(company)
    company.act(document)
    return act(company, document, "unpost")


@pytest.mark.parametrize("prepare", [writing, billing, posting, arriving, missing])
def test_a_delivery_that_breaks_anywhere_is_as_it_was_and_is_written_down_once(prepare: Callable[[Company], Command]) -> None:
    whole_or_nothing(prepare(make.company()))
