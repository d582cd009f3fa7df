"""批次与序列号接口 What a clerk asks while filling lines that go out: which lots to take, which pieces are there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from hengcang.api.request import body_of, reply, viewer_of_request
from hengcang.core.errors import OutsideScope
from hengcang.documents import allocating
from hengcang.ledger import traces
from hengcang.meta.declarations import DocumentType, Kind


def tracking_endpoints(router: Router, declaration: DocumentType) -> None:
    """For types with a table of goods that go out of lots."""
    tables = [one for one in declaration.goods_tables if declaration.goes_out(one)]
    if not any(field.kind is Kind.LOT for one in tables for field in one.fields):
        return
    name, label = declaration.collection, declaration.label

    @router.post("/suggest_lots", operation_id=f"{name}_suggest_lots", summary=f"{label}自动分配批次与库位")
    def suggest_lots(request: HttpRequest) -> HttpResponse:
        return reply(allocating.suggest(viewer_of_request(request), declaration, body_of(request)))

    @router.get("/serials_in_stock", operation_id=f"{name}_serials_in_stock", summary=f"{label}可选序列号")
    def serials_in_stock(request: HttpRequest, item: int, place: int) -> HttpResponse:
        viewer = viewer_of_request(request)
        viewer.require(declaration.name, "view")
        viewer.require("stock_on_hand", "view")
        places = viewer.scope("warehouse")
        if places is not None and place not in places:
            raise OutsideScope(label=label)
        return reply({"serials": traces.pieces_in_stock(item, place)})
