"""多规格接口 What a family's records are made into: preview, making and retiring them, and the matrix that lines are entered in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from hengcang.api.request import body_of, once, reply, viewer_of_request
from hengcang.catalog import variants
from hengcang.catalog.families import AXES, MOST_VARIANTS
from hengcang.core.errors import FieldInvalid
from hengcang.meta.declarations import MasterType


def variant_endpoints(router: Router, master: MasterType) -> None:
    """For masters whose records generate others."""
    if not master.generates:
        return
    name, label = master.collection, master.label

    @router.get("/{int:record_id}/variants", operation_id=f"{name}_variants", summary=f"预览{label}的规格")
    def preview(request: HttpRequest, record_id: int) -> HttpResponse:
        return reply(variants.preview(record_id, viewer_of_request(request), chosen_of(request)))

    @router.post("/{int:record_id}/variants", operation_id=f"{name}_generate", summary=f"生成{label}的规格商品")
    def generate(request: HttpRequest, record_id: int) -> HttpResponse:
        viewer, wanted = viewer_of_request(request), wanted_of(body_of(request))
        return reply(once(request, lambda: {"id": record_id, **variants.change(record_id, viewer, wanted)}))

    @router.get("/{int:record_id}/matrix", operation_id=f"{name}_matrix", summary=f"{label}矩阵")
    def matrix(request: HttpRequest, record_id: int) -> HttpResponse:
        parameters = {name: str(value) for name, value in request.GET.items()}
        return reply(variants.matrix(record_id, viewer_of_request(request), parameters))


def chosen_of(request: HttpRequest) -> dict[int, list[int]]:
    """所选规格值 Ids by number of the axis, from `chosen_1=3,4`. Raises FieldInvalid."""
    found = {}
    for at in AXES:
        text = request.GET.get(f"chosen_{at}")
        if text is None:
            continue
        words = [word for word in text.split(",") if word]
        if not all(word.isdecimal() and len(word) < 19 for word in words):
            raise FieldInvalid(path=f"chosen_{at}", label=f"规格值{at}", value=text[:40], reason="应为用逗号隔开的编号")
        found[at] = [int(word) for word in words]
    return found


def wanted_of(body: dict[str, Any]) -> variants.Wanted:
    """所求 `{create: [[value, …]], retire: [item], restore: [item], apply: [item], version}`. Raises FieldInvalid."""
    combinations = body.get("create") or []
    if not isinstance(combinations, list) or len(combinations) > MOST_VARIANTS:
        raise FieldInvalid(path="create", label="规格组合", value="", reason=f"应为最多 {MOST_VARIANTS} 个组合的列表")
    create = [tuple(ids_of("create", one)) for one in combinations]
    retire, restore, apply = (ids_of(name, body.get(name) or []) for name in ("retire", "restore", "apply"))
    version = body.get("version")
    if version is not None and type(version) is not int:
        raise FieldInvalid(path="version", label="版本", value=str(version)[:40], reason="应为整数")
    return variants.Wanted(create, retire, restore, apply, version)


def ids_of(path: str, raw: Any) -> list[int]:
    """A list of ids. Raises FieldInvalid."""
    if not isinstance(raw, list) or len(raw) > MOST_VARIANTS or not all(type(one) is int and 0 < one < 2**63 for one in raw):
        raise FieldInvalid(path=path, label="编号", value=str(raw)[:40], reason="应为编号的列表")
    return raw
