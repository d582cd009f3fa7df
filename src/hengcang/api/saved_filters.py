"""常用筛选接口 Saved filters of the lists: everybody's own, of the lists he may see."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Router

from hengcang.access import saved_filters
from hengcang.access.viewer import Viewer
from hengcang.api.request import body_of, once, reply, viewer_of_request
from hengcang.core.errors import FieldInvalid, NotFound
from hengcang.meta import registry, values
from hengcang.meta.declarations import Field, Kind

router = Router(tags=["saved_filters"])
MOST_BYTES = 16_000
NAME = Field(name="name", label="名称", required=True, max_length=40)
IS_DEFAULT = Field(name="is_default", label="设为默认", kind=Kind.BOOLEAN)


@router.get("/saved_filters", operation_id="saved_filters_list", summary="常用筛选")
def list_filters(request: HttpRequest) -> HttpResponse:
    """常用筛选 All of one's own: `[{id, list, name, content, is_default}]`."""
    return reply(shown(viewer_of_request(request)))


@router.post("/saved_filters", operation_id="saved_filters_create", summary="保存常用筛选", response={201: None})
def create(request: HttpRequest) -> HttpResponse:
    """保存常用筛选 `{list, name, content, is_default?}` → all of one's own."""
    viewer, body = viewer_of_request(request), body_of(request)
    subject = subject_of(viewer, body.pop("list", None))
    given = parsed(viewer, body, new=True)
    once(request, lambda: {"id": saved_filters.save_filter(viewer, subject, given)})
    return reply(shown(viewer), 201)


@router.put("/saved_filters/{int:filter_id}", operation_id="saved_filters_update", summary="修改常用筛选")
def update(request: HttpRequest, filter_id: int) -> HttpResponse:
    """修改常用筛选 `{name?, content?, is_default?}` → all of one's own."""
    viewer = viewer_of_request(request)
    given = parsed(viewer, body_of(request), new=False)
    once(request, lambda: {"id": saved_filters.change_filter(viewer, filter_id, given)})
    return reply(shown(viewer))


@router.delete("/saved_filters/{int:filter_id}", operation_id="saved_filters_delete", summary="删除常用筛选")
def delete(request: HttpRequest, filter_id: int) -> HttpResponse:
    """删除常用筛选 → all of one's own."""
    viewer = viewer_of_request(request)

    def act() -> dict[str, Any]:
        saved_filters.delete_filter(viewer, filter_id)
        return {"id": filter_id}

    once(request, act)
    return reply(shown(viewer))


def shown(viewer: Viewer) -> list[dict[str, Any]]:
    """The viewer's filters of the lists he may see now, for the wire."""
    found = saved_filters.saved_filters(viewer)
    return [{"list": one.pop("subject"), **one} for one in found if may_see(viewer, one["subject"])]


def may_see(viewer: Viewer, name: str) -> bool:
    """Whether there is such a list and the viewer may see it."""
    if name in registry.documents():
        return viewer.may(name, "view")
    master = registry.masters().get(name)
    return master is not None and viewer.may(master.permission, "view")


def subject_of(viewer: Viewer, name: Any) -> str:
    """The list a filter is for. Raises NotFound."""
    if not isinstance(name, str) or not may_see(viewer, name):
        raise NotFound(label="列表")
    return name


def parsed(viewer: Viewer, body: dict[str, Any], *, new: bool) -> dict[str, Any]:
    """What was sent, checked. Raises InvalidDocument, FieldInvalid."""
    content = body.pop("content", None)
    record = values.parse_record((NAME, IS_DEFAULT), body, viewer, new=new, ignored=())
    values.refuse(record.errors)
    if content is None and not new:
        return record.values
    if not isinstance(content, dict) or len(orjson.dumps(content)) > MOST_BYTES:
        reason = f"应为对象，最多 {MOST_BYTES:,} 字节"
        raise FieldInvalid(path="content", where="", label="筛选内容", value=str(content)[:40], reason=reason)
    return {**record.values, "content": content}
