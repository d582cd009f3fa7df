"""列表接口 Lists, exports and history of anything declared: the same operations for masters and documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import orjson
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Query as QueryParameters
from ninja import Router, Schema

from hengcang.api.request import reply, viewer_of_request
from hengcang.api.wire import Model, components
from hengcang.base import audit, clock
from hengcang.core.errors import QueryRefused
from hengcang.meta import exchange
from hengcang.meta.dataset import dataset_of
from hengcang.meta.declarations import DocumentType, MasterType
from hengcang.meta.history import history_of
from hengcang.meta.query import Page, Query, run, stream


class ListQuery(Schema):
    """列表参数 The parameters of a list."""

    columns: str = ""
    where: str = ""
    sort: str = ""
    search: str = ""
    limit: int = 50
    cursor: str = ""
    totals: bool = False


class ExportQuery(Schema):
    """导出参数 The parameters of an export."""

    columns: str = ""
    where: str = ""
    sort: str = ""
    search: str = ""
    format: str = "xlsx"


def words(text: str) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def condition(text: str) -> Any:
    """The JSON of `where`. Raises QueryRefused."""
    try:
        return orjson.loads(text) if text else ()
    except orjson.JSONDecodeError:
        raise QueryRefused(path="where", reason="where 不是有效的 JSON") from None


def query_of(given: ListQuery) -> Query:
    """查询 The query that a list's parameters ask for."""
    return Query(
        columns=words(given.columns),
        where=condition(given.where),
        sort=words(given.sort),
        search=given.search,
        limit=given.limit,
        cursor=given.cursor,
        totals=given.totals,
    )


def page_json(page: Page) -> dict[str, Any]:
    """列表应答 A page for the wire."""
    return {
        "rows": page.rows,
        "next": page.next,
        "count": page.count,
        "count_capped": page.capped,
        "totals": page.totals,
    }


def list_endpoints(router: Router, declared: DocumentType | MasterType, page: Model) -> None:
    """列表操作 Add list, export and history of a declared type to its router."""
    name = declared.collection
    described = components.described(page)

    @router.get("", operation_id=f"{name}_list", summary=f"{declared.label}列表", openapi_extra=described)
    def list_rows(request: HttpRequest, given: QueryParameters[ListQuery]) -> HttpResponse:
        return reply(page_json(run(dataset_of(declared), query_of(given), viewer_of_request(request))))

    @router.get("/export", operation_id=f"{name}_export", summary=f"导出{declared.label}")
    def export(request: HttpRequest, given: QueryParameters[ExportQuery]) -> HttpResponseBase:
        return export_file(request, declared, given)

    @router.get("/{int:record_id}/history", operation_id=f"{name}_history", summary=f"{declared.label}操作日志")
    def history(request: HttpRequest, record_id: int) -> HttpResponse:
        return reply(history_of(declared, record_id, viewer_of_request(request)))


def export_file(request: HttpRequest, declared: DocumentType | MasterType, given: ExportQuery) -> HttpResponseBase:
    """导出 The file of what a list shows; who took it out is noted. Raises PermissionRefused, QueryRefused."""
    if given.format not in ("xlsx", "csv"):
        raise QueryRefused(path="format", reason="导出格式应为 xlsx 或 csv")
    viewer = viewer_of_request(request)
    asked = ListQuery(columns=given.columns, where=given.where, sort=given.sort, search=given.search)
    fields, rows = stream(dataset_of(declared), query_of(asked), viewer)
    told = {"field": "export", "before": None, "after": request.GET.dict()}
    audit.record(viewer.actor, "export", declared.name, 0, [told])
    file_name = f"{declared.label}-{clock.today():%Y%m%d}.{given.format}"
    if given.format == "xlsx":
        return FileResponse(exchange.xlsx_file(declared.label, fields, rows), as_attachment=True, filename=file_name)
    return streamed(exchange.csv_lines(fields, rows), file_name)


def streamed(lines: Iterator[bytes], file_name: str) -> StreamingHttpResponse:
    """A CSV sent as it is made."""
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename*=utf-8''{quote(file_name)}"},
    )
