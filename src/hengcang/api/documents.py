"""单据接口 The operations of every declared document type: parse, hand to the one service, show; nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import File, Router, UploadedFile

from hengcang.access.viewer import Viewer
from hengcang.api.counting import counting_endpoints
from hengcang.api.errors import conflict_shows
from hengcang.api.holding import holding_endpoints, parts_of
from hengcang.api.lists import list_endpoints
from hengcang.api.masters import imported, outcome_of, read_upload, version_of
from hengcang.api.request import body_of, key_of, once, reply, viewer_of_request
from hengcang.api.shipping import shipping_endpoints
from hengcang.api.tracking import tracking_endpoints
from hengcang.api.wire import ImportOutcome, components, schema_of
from hengcang.base import clock
from hengcang.base.book import load_book
from hengcang.core.errors import FieldInvalid
from hengcang.core.lifecycle import Transition
from hengcang.documents import (
    books,
    closing_checks,
    conversion,
    drafts,
    importing,
    notes,
    open_sources,
    present,
    printing,
    progress,
    services,
    trace,
)
from hengcang.documents.commands import Answer, Key
from hengcang.documents.fields import QUANTITY
from hengcang.meta import registry, values
from hengcang.meta.dataset import dataset_of
from hengcang.meta.declarations import Conversion, DocumentType, Field, Kind, LineFill
from hengcang.meta.marks import is_marked

Schemas = dict[str, Any]
REASON = Field(name="reason", label="原因", max_length=200)
COMMENT = Field(name="text", label="评论", kind=Kind.LONGTEXT, required=True, max_length=2000)


def routers() -> list[tuple[str, Router]]:
    """路由 A prefix and a router per declared document type."""
    return [(f"/{one.collection}", router_of(one)) for one in registry.documents().values()]


def router_of(declaration: DocumentType) -> Router:
    """路由 The operations of one type."""
    router = Router(tags=[declaration.label])
    schemas = schema_of(declaration.name, declaration.fields, declaration.tables, marked=is_marked(dataset_of(declaration).model))
    list_endpoints(router, declaration, schemas["page"])
    import_endpoint(router, declaration)
    draft_endpoints(router, declaration, schemas)
    for one in declaration.transitions(approval=True):
        transition_endpoint(router, declaration, one, schemas)
    for target in declaration.conversions:
        conversion_endpoint(router, declaration, target)
    tracking_endpoints(router, declaration)
    counting_endpoints(router, declaration)
    shipping_endpoints(router, declaration, schemas)
    holding_endpoints(router, declaration)
    if declaration.closes:
        checklist_endpoint(router, declaration)
    for button in declaration.line_fills:
        fill_endpoint(router, declaration, button)
    view_endpoints(router, declaration)
    annotation_endpoints(router, declaration)
    return router


def command_key(request: HttpRequest) -> Key:
    """The idempotency key as the services take it."""
    return Key(*key_of(request))


def shown(viewer: Viewer, declaration: DocumentType, answer: Answer, status: int = 200) -> HttpResponse:
    """The document that a command left, with the command's warnings."""
    document = present.document_json(viewer, declaration, answer["document"])
    document["warnings"] = answer.get("warnings", [])
    if "documents" in answer:
        document["documents"] = answer["documents"]
    return reply(document, status)


def draft_endpoints(router: Router, declaration: DocumentType, schemas: Schemas) -> None:
    """Create, read, save, copy and delete."""
    name, label = declaration.collection, declaration.label
    made = components.described(schemas["read"], schemas["write"], status=201)
    written = components.described(schemas["read"], schemas["write"])

    @router.post("", operation_id=f"{name}_create", summary=f"新建{label}", response={201: None}, openapi_extra=made)
    def create(request: HttpRequest) -> HttpResponse:
        viewer = viewer_of_request(request)
        return shown(viewer, declaration, drafts.create(viewer, declaration, body_of(request), command_key(request)), 201)

    read = components.described(schemas["read"])

    @router.get("/{int:document}", operation_id=f"{name}_get", summary=f"读取{label}", openapi_extra=read)
    def get(request: HttpRequest, document: int) -> HttpResponse:
        return reply(present.document_json(viewer_of_request(request), declaration, document))

    @router.put("/{int:document}", operation_id=f"{name}_update", summary=f"保存{label}", openapi_extra=written)
    def update(request: HttpRequest, document: int) -> HttpResponse:
        viewer, body = viewer_of_request(request), body_of(request)
        body["version"] = version_of(body)
        with conflict_shows(lambda: present.document_json(viewer, declaration, document)):
            answer = drafts.save(viewer, declaration, document, body, command_key(request))
        return shown(viewer, declaration, answer)

    @router.delete("/{int:document}", operation_id=f"{name}_delete", summary=f"删除{label}草稿")
    def delete(request: HttpRequest, document: int) -> HttpResponse:
        drafts.delete(viewer_of_request(request), declaration, document, command_key(request))
        return reply({})

    @router.post("/{int:document}/copy", operation_id=f"{name}_copy", summary=f"复制{label}", response={201: None}, openapi_extra=made)
    def copy(request: HttpRequest, document: int) -> HttpResponse:
        viewer = viewer_of_request(request)
        return shown(viewer, declaration, drafts.copy(viewer, declaration, document, command_key(request)), 201)


def import_endpoint(router: Router, declaration: DocumentType) -> None:
    """Drafts from a file: rows of one 单据序号 are one document."""

    @router.post(
        "/import",
        operation_id=f"{declaration.collection}_import",
        summary=f"导入{declaration.label}",
        openapi_extra=components.described(ImportOutcome),
    )
    def import_file(request: HttpRequest, file: File[UploadedFile], dry_run: bool = False) -> HttpResponse:
        trial = dry_run or request.POST.get("dry_run", "") in ("1", "true")
        viewer = viewer_of_request(request)
        name, content = file.name or "", read_upload(file)

        def act() -> dict[str, Any]:
            return outcome_of(declaration.name, name, importing.import_documents(declaration, name, content, viewer, trial), viewer, trial)

        return reply(imported(request, act, content, trial))


def transition_endpoint(router: Router, declaration: DocumentType, one: Transition, schemas: Schemas) -> None:
    """One transition: `{version, reason?}` → the document; of chosen lines with `lines`, where it can be."""
    described = components.described(schemas["read"])

    @router.post(
        f"/{{int:document}}/{one.name}",
        operation_id=f"{declaration.collection}_{one.name}",
        summary=f"{one.label}{declaration.label}",
        openapi_extra=described,
    )
    def act(request: HttpRequest, document: int) -> HttpResponse:
        viewer, body = viewer_of_request(request), body_of(request)
        version = None if body.get("version") is None else version_of(body)
        parts = parts_of(body, to_line=one.to_line) if one.by_line else ()
        order = services.Order(document, one.name, version, values.parse(REASON, body.get("reason")), parts=parts)
        with conflict_shows(lambda: present.document_json(viewer, declaration, document)):
            answer = services.transition(viewer, declaration, order, command_key(request))
        return shown(viewer, declaration, answer)


def checklist_endpoint(router: Router, declaration: DocumentType) -> None:
    """What to look at before a period is closed; `day` is the day it ends, `document` the draft that will close it."""

    @router.get("/checklist", operation_id=f"{declaration.collection}_checklist", summary=f"{declaration.label}检查")
    def checklist(request: HttpRequest, day: date, document: int = 0) -> HttpResponse:
        viewer_of_request(request).require(declaration.name, "post")
        return reply(closing_checks.checklist(load_book(), day, clock.today(), document))


def conversion_endpoint(router: Router, declaration: DocumentType, one: Conversion) -> None:
    """One conversion: what can go into it, and `{also?, lines?}` → a saved draft of the target type.

    `documents` are the ids of all that were made: several where the conversion splits.
    """
    path = f"/{{int:document}}/convert/{one.target}"

    @router.get(path, operation_id=f"{declaration.collection}_convert_{one.target}_sources", summary=f"可{one.label}的{declaration.label}")
    def sources(request: HttpRequest, document: int, search: str = "") -> HttpResponse:
        return reply(open_sources.open_sources(viewer_of_request(request), declaration, document, one.target, search))

    @router.post(
        path,
        operation_id=f"{declaration.collection}_convert_{one.target}",
        summary=f"{declaration.label}下推：{one.label}",
        response={201: None},
    )
    def convert(request: HttpRequest, document: int) -> HttpResponse:
        viewer, body = viewer_of_request(request), body_of(request)
        wanted = conversion.Wanted(one.target, [document, *also_of(body)], quantities_of(body))
        answer = conversion.convert(viewer, declaration, wanted, command_key(request))
        return shown(viewer, registry.document(one.target), answer, 201)


def also_of(body: dict[str, Any]) -> list[int]:
    """Further source documents. Raises FieldInvalid."""
    also = body.get("also") or []
    if not isinstance(also, list) or not all(isinstance(one, int) and not isinstance(one, bool) and 0 < one < 2**63 for one in also):
        raise FieldInvalid(path="also", where="", label="合并的单据", value=str(also)[:40], reason="应为单据编号的列表")
    return also


def quantities_of(body: dict[str, Any]) -> dict[int, Decimal]:
    """Quantities by source line. Raises FieldInvalid."""
    lines = body.get("lines") or []
    if not isinstance(lines, list):
        raise FieldInvalid(path="lines", where="", label="下推数量", value=str(lines)[:40], reason="应为 {id, quantity} 的列表")
    found: dict[int, Decimal] = {}
    for at, line in enumerate(lines):
        where = values.Where(f"lines.{at}", f"第 {at + 1} 行：")
        if not isinstance(line, dict) or not isinstance(line.get("id"), int) or isinstance(line["id"], bool):
            raise FieldInvalid(path=where.path, where=where.text, label="下推数量", value=str(line)[:40], reason="应为 {id, quantity}")
        quantity = values.parse(QUANTITY, line.get("quantity"), where)
        if not quantity:
            raise FieldInvalid(path=where.at("quantity"), where=where.text, label="数量", value="0", reason="应大于零")
        found[line["id"]] = quantity
    return found


def fill_endpoint(router: Router, declaration: DocumentType, one: LineFill) -> None:
    """The lines that a button of the form fills in, from the draft as typed; nothing is kept."""

    @router.post(f"/fill/{one.name}", operation_id=f"{declaration.collection}_fill_{one.name}", summary=f"{declaration.label}：{one.label}")
    def fill(request: HttpRequest) -> HttpResponse:
        viewer = viewer_of_request(request)
        viewer.require(declaration.name, "view")
        return reply({"lines": one.fill(viewer, declaration, body_of(request))})


def view_endpoints(router: Router, declaration: DocumentType) -> None:
    """Chain, books, preview and progress of a document that the caller may see."""
    views: tuple[tuple[str, str, Callable[[Viewer, int], Any]], ...] = (
        ("trace", "单据链", trace.trace),
        ("postings", "记账视图", lambda viewer, document: books.postings_json(viewer, declaration, document)),
        ("preview", "记账预览", lambda viewer, document: books.preview(viewer, declaration, document)),
        ("progress", "执行明细", lambda viewer, document: progress.progress_json(viewer, declaration, document)),
    )
    for name, label, view in views:
        view_endpoint(router, declaration, name, label, view)
    print_endpoint(router, declaration)


def print_endpoint(router: Router, declaration: DocumentType) -> None:
    """The document as PDF by a template."""

    @router.get("/{int:document}/print/{template}", operation_id=f"{declaration.collection}_print", summary=f"打印{declaration.label}")
    def print_pdf(request: HttpRequest, document: int, template: str) -> HttpResponse:
        pdf = printing.print_document(viewer_of_request(request), declaration, document, template)
        return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": "inline"})


def view_endpoint(router: Router, declaration: DocumentType, name: str, label: str, view: Callable[[Viewer, int], Any]) -> None:
    """One view."""

    @router.get(f"/{{int:document}}/{name}", operation_id=f"{declaration.collection}_{name}", summary=f"{declaration.label}{label}")
    def show(request: HttpRequest, document: int) -> HttpResponse:
        viewer = viewer_of_request(request)
        notes.require_visible(viewer, declaration, document)
        return reply(view(viewer, document))


def annotation_endpoints(router: Router, declaration: DocumentType) -> None:
    """Comments and attachments."""
    name, label = declaration.collection, declaration.label

    def visible(request: HttpRequest, document: int) -> Viewer:
        viewer = viewer_of_request(request)
        notes.require_visible(viewer, declaration, document)
        return viewer

    @router.get("/{int:document}/comments", operation_id=f"{name}_comments", summary=f"{label}评论")
    def comments(request: HttpRequest, document: int) -> HttpResponse:
        visible(request, document)
        return reply(notes.comments(document))

    @router.post("/{int:document}/comments", operation_id=f"{name}_comment", summary=f"评论{label}", response={201: None})
    def comment(request: HttpRequest, document: int) -> HttpResponse:
        text = values.parse(COMMENT, body_of(request).get("text"))
        viewer = visible(request, document)
        once(request, lambda: {"id": notes.add_comment(viewer, document, text)})
        return reply(notes.comments(document), 201)

    @router.get("/{int:document}/attachments", operation_id=f"{name}_attachments", summary=f"{label}附件")
    def attachments(request: HttpRequest, document: int) -> HttpResponse:
        visible(request, document)
        return reply(notes.attachments(document))

    @router.post("/{int:document}/attachments", operation_id=f"{name}_attach", summary=f"上传{label}附件", response={201: None})
    def attach(request: HttpRequest, document: int, file: File[UploadedFile]) -> HttpResponse:
        viewer = visible(request, document)
        digest, size = notes.store_file(file.chunks())
        kept = notes.Kept(file.name or "附件", digest, size)
        once(request, lambda: {"id": notes.attach(viewer, declaration, document, kept)}, digest.encode())
        return reply(notes.attachments(document), 201)

    @router.get("/{int:document}/attachments/{int:attachment}", operation_id=f"{name}_attachment", summary=f"下载{label}附件")
    def download(request: HttpRequest, document: int, attachment: int) -> HttpResponseBase:
        visible(request, document)
        file_name, path = notes.attachment_file(document, attachment)
        return FileResponse(path.open("rb"), as_attachment=True, filename=file_name)
