"""基础资料接口 The operations of every declared master."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile as DjangoFile
from django.http import HttpRequest, HttpResponse
from ninja import File, Router, UploadedFile

from hengcang.access.viewer import Viewer
from hengcang.api.errors import conflict_shows
from hengcang.api.lists import list_endpoints
from hengcang.api.request import body_of, once, reply, viewer_of_request
from hengcang.api.variants import variant_endpoints
from hengcang.api.wire import ImportOutcome, Options, components, schema_of
from hengcang.base import audit
from hengcang.core.errors import FieldInvalid, ImportRefused
from hengcang.meta import registry
from hengcang.meta.declarations import MasterType
from hengcang.meta.importing import Outcome, import_master
from hengcang.meta.marks import is_marked
from hengcang.meta.masters import delete_master, get_master, save_master
from hengcang.meta.options import Wanted, options

LARGEST_FILE_BYTES = 20 * 1024 * 1024


def routers() -> list[tuple[str, Router]]:
    """路由 A prefix and a router per declared master."""
    return [(f"/{master.collection}", router_of(master)) for master in registry.masters().values()]


def router_of(master: MasterType) -> Router:
    """路由 The operations of one master."""
    router = Router(tags=[master.label])
    schemas = schema_of(master.name, master.fields, master.lines, marked=is_marked(master.model))
    list_endpoints(router, master, schemas["page"])
    _options_endpoint(router, master)
    _import_endpoint(router, master)
    variant_endpoints(router, master)
    _record_endpoints(router, master, schemas)
    return router


def _options_endpoint(router: Router, master: MasterType) -> None:
    @router.get(
        "/options",
        operation_id=f"{master.collection}_options",
        summary=f"选择{master.label}",
        openapi_extra=components.described(Options),
    )
    def list_options(request: HttpRequest, search: str = "", limit: int = 20) -> HttpResponse:
        parameters = {name: str(value) for name, value in request.GET.items() if name not in ("search", "limit")}
        wanted = Wanted(search=search, limit=limit, parameters=parameters)
        return reply({"rows": options(master, wanted, viewer_of_request(request))})


def _import_endpoint(router: Router, master: MasterType) -> None:
    @router.post(
        "/import",
        operation_id=f"{master.collection}_import",
        summary=f"导入{master.label}",
        openapi_extra=components.described(ImportOutcome),
    )
    def import_file(request: HttpRequest, file: File[UploadedFile], dry_run: bool = False) -> HttpResponse:
        trial = dry_run or request.POST.get("dry_run", "") in ("1", "true")
        viewer = viewer_of_request(request)
        name, content = file.name or "", read_upload(file)

        def act() -> dict[str, Any]:
            return outcome_of(master.name, name, import_master(master, name, content, viewer, trial), viewer, trial)

        return reply(imported(request, act, content, trial))


def imported(request: HttpRequest, act: Callable[[], dict[str, Any]], content: bytes, trial: bool) -> dict[str, Any]:
    """导入一次 The answer of an import, which has one effect per key; a trial has none anyway."""
    if trial:
        return act()
    done = once(request, lambda: {"id": 0, **act()}, sha256(content).digest())
    return {name: value for name, value in done.items() if name != "id"}


def read_upload(file: DjangoFile[Any]) -> bytes:
    """上传的文件 The content of a file to be imported. Raises ImportRefused beyond 20 MB."""
    if (file.size or 0) > LARGEST_FILE_BYTES:
        raise ImportRefused(reason="文件超过 20 MB")
    return bytes(file.read())


def outcome_of(subject: str, name: str, outcome: Outcome, viewer: Viewer, trial: bool) -> dict[str, Any]:
    """导入应答 What an import did, for the wire; noted in the log where it did something."""
    if not outcome.errors and not trial:
        told = {"field": "import", "before": None, "after": [name, outcome.created, outcome.updated]}
        audit.record(viewer.actor, "import", subject, 0, [told])
    return {"rows": outcome.rows, "created": outcome.created, "updated": outcome.updated, "errors": outcome.errors}


def _record_endpoints(router: Router, master: MasterType, schemas: dict[str, Any]) -> None:
    name, label = master.collection, master.label
    written = components.described(schemas["read"], schemas["write"])
    made = components.described(schemas["read"], schemas["write"], status=201)

    @router.post("", operation_id=f"{name}_create", summary=f"新建{label}", response={201: None}, openapi_extra=made)
    def create(request: HttpRequest) -> HttpResponse:
        viewer, body = viewer_of_request(request), body_of(request)
        body.pop("version", None)
        done = once(request, lambda: {"id": save_master(master, body, viewer)})
        return reply(get_master(master, done["id"], viewer), status=201)

    read = components.described(schemas["read"])

    @router.get("/{int:record_id}", operation_id=f"{name}_get", summary=f"读取{label}", openapi_extra=read)
    def get(request: HttpRequest, record_id: int) -> HttpResponse:
        return reply(get_master(master, record_id, viewer_of_request(request)))

    @router.put("/{int:record_id}", operation_id=f"{name}_update", summary=f"修改{label}", openapi_extra=written)
    def update(request: HttpRequest, record_id: int) -> HttpResponse:
        viewer, body = viewer_of_request(request), body_of(request)
        version = version_of(body)
        with conflict_shows(lambda: get_master(master, record_id, viewer)):
            once(request, lambda: {"id": save_master(master, body, viewer, record_id, version)})
        return reply(get_master(master, record_id, viewer))

    @router.delete("/{int:record_id}", operation_id=f"{name}_delete", summary=f"删除{label}")
    def delete(request: HttpRequest, record_id: int) -> HttpResponse:
        viewer = viewer_of_request(request)

        def act() -> dict[str, Any]:
            delete_master(master, record_id, viewer)
            return {"id": record_id}

        once(request, act)
        return reply({})


def version_of(body: dict[str, Any]) -> int:
    """版本 The version the caller saw: a change must say it. Raises FieldInvalid."""
    version = body.pop("version", None)
    if isinstance(version, bool) or not isinstance(version, int):
        raise FieldInvalid(path="version", label="版本", value=str(version), reason="修改时须带上读到的版本号")
    return version
