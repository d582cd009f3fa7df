"""物流接口 Logistics of documents whose goods are handed over: one written down, many at once, and how one got on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from hengcang.api.errors import conflict_shows
from hengcang.api.masters import version_of
from hengcang.api.request import body_of, key_of, reply, viewer_of_request
from hengcang.api.wire import components
from hengcang.core.errors import FieldInvalid
from hengcang.core.shipping import DeliveryState
from hengcang.documents import notes, present, shipping
from hengcang.documents.commands import Key
from hengcang.documents.logistics import STATE
from hengcang.documents.shipping import MOST, Shipment
from hengcang.meta import values
from hengcang.meta.declarations import DocumentType, Field, Kind
from hengcang.meta.values import HERE, Where

NOTE = Field(name="note", label="说明", max_length=200)
HAPPENED_AT = Field(name="happened_at", label="发生时间", kind=Kind.DATETIME)
OWN = frozenset({"id", "version", "state", "note", "happened_at"})


def shipping_endpoints(router: Router, declaration: DocumentType, schemas: Mapping[str, Any]) -> None:
    """For types whose goods are handed over: `{version?, facts, state?, note?, happened_at?}` of one, a list of these of many."""
    if declaration.delivery is None:
        return
    name, label = declaration.collection, declaration.label
    described = components.described(schemas["read"])

    @router.post("/ship", operation_id=f"{name}_ship_many", summary=f"{label}批量登记物流")
    def ship_many(request: HttpRequest) -> HttpResponse:
        wanted = shipments_of(body_of(request))
        return reply(shipping.ship(viewer_of_request(request), declaration, wanted, Key(*key_of(request))))

    @router.post("/{int:document}/ship", operation_id=f"{name}_ship", summary=f"{label}登记物流", openapi_extra=described)
    def ship(request: HttpRequest, document: int) -> HttpResponse:
        viewer = viewer_of_request(request)
        wanted = shipment_of(document, body_of(request))
        with conflict_shows(lambda: present.document_json(viewer, declaration, document)):
            shipping.ship(viewer, declaration, [wanted], Key(*key_of(request)))
        return reply(present.document_json(viewer, declaration, document))

    @router.get("/{int:document}/deliveries", operation_id=f"{name}_deliveries", summary=f"{label}物流记录")
    def deliveries(request: HttpRequest, document: int) -> HttpResponse:
        notes.require_visible(viewer_of_request(request), declaration, document)
        return reply(shipping.events_json(document))


def shipments_of(body: Mapping[str, Any]) -> list[Shipment]:
    """What is written down of many documents: `{documents: [{id, …}]}`. Raises FieldInvalid."""
    documents = body.get("documents")
    if not isinstance(documents, list) or not 0 < len(documents) <= MOST:
        raise FieldInvalid(path="documents", where="", label="单据", value=str(documents)[:40], reason=f"应为 1 到 {MOST} 张单据的列表")
    found = []
    for at, one in enumerate(documents):
        where = Where(f"documents.{at}", f"第 {at + 1} 张：")
        document = one.get("id") if isinstance(one, dict) else None
        if not isinstance(document, int) or isinstance(document, bool) or not 0 < document < 2**63:
            raise FieldInvalid(path=where.at("id"), where=where.text, label="单据", value=str(one)[:40], reason="应为 {id, …}")
        found.append(shipment_of(document, one, where))
    return found


def shipment_of(document: int, sent: Mapping[str, Any], where: Where = HERE) -> Shipment:
    """What is written down of one document. Raises FieldInvalid."""
    state = values.parse(STATE, sent.get("state"), where)
    return Shipment(
        document=document,
        version=None if sent.get("version") is None else version_of(dict(sent)),
        facts={name: value for name, value in sent.items() if name not in OWN},
        state=DeliveryState(state) if state else None,
        note=values.parse(NOTE, sent.get("note"), where),
        happened_at=values.parse(HAPPENED_AT, sent.get("happened_at"), where),
    )
