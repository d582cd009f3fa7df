"""报表接口 Every declared report, its export, and the home page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router

from hengcang.access.alert_rules import look
from hengcang.access.viewer import Viewer
from hengcang.analytics import remedies
from hengcang.analytics import report as reporting
from hengcang.analytics.alerts import alerts
from hengcang.analytics.home import home
from hengcang.analytics.report import Report
from hengcang.api.lists import streamed
from hengcang.api.masters import read_upload
from hengcang.api.meta import field_json
from hengcang.api.request import body_of, key_of, once, reply, viewer_of_request
from hengcang.base import audit, clock
from hengcang.core.errors import FieldInvalid, KeptFromViewer, QueryRefused
from hengcang.documents import commands
from hengcang.documents.commands import Key
from hengcang.meta import exchange, registry, values
from hengcang.meta.declarations import REFERENCES, Field, Kind, Remedy, ReportAction, ReportType

router = Router(tags=["报表"])
MOST_ROWS = 1_000


def reports_router() -> Router:
    """路由 The operations of reports and of the home page."""
    for one in registry.reports().values():
        report_endpoint(one)
        for remedy in one.remedies:
            remedy_endpoint(one, remedy)
        for action in one.actions:
            action_endpoint(one, action)
    return router


@router.get("/home", operation_id="home", summary="首页")
def get_home(request: HttpRequest) -> HttpResponse:
    """首页 Figures, to-do and alerts for this user."""
    return reply(home(viewer_of_request(request)))


@router.get("/alerts", operation_id="alerts", summary="我的预警")
def get_alerts(request: HttpRequest) -> HttpResponse:
    """我的预警 The messages of the bell: kind, count, how many are new to this user, and the list each leads to."""
    return reply(alerts(viewer_of_request(request)))


@router.post("/alerts/seen", operation_id="alerts_seen", summary="预警已读")
def see_alerts(request: HttpRequest) -> HttpResponse:
    """预警已读 Nothing of it is new to this user any more."""
    viewer = viewer_of_request(request)

    def act() -> dict[str, Any]:
        look(viewer)
        return {"id": viewer.user_id}

    once(request, act)
    return reply(alerts(viewer))


def report_endpoint(declared: ReportType) -> None:
    """One report: parameters in the query, rows out; `format` gives a file."""

    @router.get(f"/reports/{declared.name}", operation_id=f"report_{declared.name}", summary=declared.label)
    def run(request: HttpRequest) -> HttpResponseBase:
        viewer = viewer_of_request(request)
        viewer.require(declared.name, "view")
        parameters = parameters_of(declared, request.GET.dict(), viewer)
        if request.GET.get("format"):
            return file_of(request, declared, parameters, viewer)
        report = masked(declared.run(viewer, parameters, reporting.ROW_LIMIT), declared, viewer)
        shown = {
            "columns": [field_json(one, viewer) for one in columns_of(declared, report, viewer)],
            "rows": list(report.rows),
            "totals": report.totals,
            "next": None,
            "truncated": report.truncated,
            "limit": reporting.ROW_LIMIT,
            "note": report.note,
        }
        return reply(shown)


def remedy_endpoint(declared: ReportType, remedy: Remedy) -> None:
    """One remedy: `{rows: [id]}` → `{type, documents: [{id}], left}`, saved drafts, and how many more there would have been."""

    @router.post(
        f"/reports/{declared.name}/{remedy.name}",
        operation_id=f"report_{declared.name}_{remedy.name}",
        summary=f"{declared.label}：{remedy.label}",
        response={201: None},
    )
    def act(request: HttpRequest) -> HttpResponse:
        viewer = viewer_of_request(request)
        answer = remedies.make(viewer, declared, remedy, rows_of(body_of(request)), Key(*key_of(request)))
        documents = [{"id": one} for one in answer["documents"]]
        return reply({"type": answer["type"], "documents": documents, "left": answer.get("left", 0)}, 201)


def rows_of(body: dict[str, Any]) -> list[int]:
    """The chosen rows. Raises FieldInvalid."""
    rows = body.get("rows")
    whole = isinstance(rows, list) and 0 < len(rows) <= MOST_ROWS
    if not whole or not all(isinstance(one, int) and not isinstance(one, bool) and 0 < one < 2**63 for one in rows or ()):
        reason = f"应为行编号的列表，1 到 {MOST_ROWS} 行"
        raise FieldInvalid(path="rows", where="", label="选中的行", value=str(rows)[:40], reason=reason)
    return sorted(set(rows or ()))


def action_endpoint(declared: ReportType, action: ReportAction) -> None:
    """动作 What may be done from a report: parameters in the query, a `file` where it takes one."""

    @router.post(f"/reports/{declared.name}/{action.name}", operation_id=f"report_{declared.name}_{action.name}", summary=action.label)
    def act(request: HttpRequest) -> HttpResponse:
        viewer = viewer_of_request(request)
        viewer.require(declared.name, "change")
        if declared.kept_from is not None and (kept := declared.kept_from(viewer)) is not None:
            raise KeptFromViewer(label=action.label, reason=kept.note)
        file = request.FILES.get("file") if action.file else None
        if action.file and file is None:
            raise QueryRefused(path="file", reason="没有文件")
        name, content = ("", b"") if file is None else (file.name or "", read_upload(file))
        parameters = parameters_of(declared, request.GET.dict(), viewer)
        key = Key(*key_of(request, content if action.file else None))
        return reply(commands.run(viewer, key, lambda _: {"message": action.run(viewer, parameters, name, content)}))


def parameters_of(declared: ReportType, given: Mapping[str, str], viewer: Viewer) -> dict[str, Any]:
    """参数 The parameters as Python values, references checked against the viewer's scope. Raises InvalidDocument."""
    raw: dict[str, Any] = {}
    for one in declared.parameters:
        text = given.get(one.name)
        if text:
            raw[one.name] = typed(one, text)
    parsed = values.parse_record(declared.parameters, raw, viewer, new=True)
    resolved = values.resolve_refs([(declared.parameters, [parsed])], viewer)
    values.refuse([*parsed.errors, *resolved.errors])
    return parsed.values


def typed(one: Field, text: str) -> Any:
    """A parameter's text as the JSON value it would be in a body."""
    if one.kind in REFERENCES and text.isdecimal():
        return int(text)
    return text == "true" if one.kind is Kind.BOOLEAN else text


def columns_of(declared: ReportType, report: Report, viewer: Viewer) -> list[Field]:
    """列 The columns of an answer: those this viewer may see and this question has something of."""
    return [one for one in declared.columns if viewer.sees(one) and one.name not in report.unused]


def masked(report: Report, declared: ReportType, viewer: Viewer) -> Report:
    """Without the columns this viewer may not see, in rows and totals."""
    hidden = [one.name for one in declared.columns if not viewer.sees(one)]
    return replace(report, rows=(without(row, hidden) for row in report.rows), totals=report.totals and without(report.totals, hidden))


def without(values: Mapping[str, Any], hidden: Sequence[str]) -> dict[str, Any]:
    """The values under other names."""
    return {name: value for name, value in values.items() if name not in hidden}


def file_of(request: HttpRequest, declared: ReportType, parameters: Mapping[str, Any], viewer: Viewer) -> HttpResponseBase:
    """导出 Every row of the report as a file; who took it out is noted. Raises PermissionRefused, QueryRefused."""
    viewer.require(declared.name, "export")
    form = request.GET["format"]
    if form not in ("xlsx", "csv", *declared.files):
        raise QueryRefused(path="format", reason=f"导出格式应为 {'、'.join(('xlsx', 'csv', *declared.files))}")
    found = masked(declared.run(viewer, parameters, None), declared, viewer)
    columns, rows = columns_of(declared, found, viewer), found.rows
    if form in declared.files and found.note:
        raise QueryRefused(path="format", reason=found.note)
    audit.record(viewer.actor, "export", declared.name, 0, [{"field": "export", "before": None, "after": request.GET.dict()}])
    name = f"{declared.label}-{clock.today():%Y%m%d}.{form}"
    if form in declared.files:
        own = declared.files[form]
        return streamed((line.encode() for line in own.lines(parameters)), f"{name.rpartition('.')[0]}.{own.extension}")
    if form == "xlsx":
        return FileResponse(exchange.xlsx_file(declared.label, columns, rows), as_attachment=True, filename=name)
    return streamed(exchange.csv_lines(columns, rows), name)
