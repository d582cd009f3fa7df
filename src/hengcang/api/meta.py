"""元数据接口 `GET /meta`: the declarations as this user may see them. What he may not see is absent, not disabled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from hengcang.access.viewer import Viewer
from hengcang.api.request import reply, viewer_of_request
from hengcang.base import clock
from hengcang.base.book import book
from hengcang.core.lifecycle import STATE_LABELS, STATE_TONES, State, Transition
from hengcang.documents import logistics
from hengcang.meta import marks, registry
from hengcang.meta.approval import needs_approval
from hengcang.meta.dataset import dataset_of
from hengcang.meta.declarations import Choice, DocumentType, Field, Kind, Lines, ListView, MasterType, ReportType
from hengcang.meta.english import speaks_english, word, written
from hengcang.meta.values import plain

router = Router(tags=["meta"])
ACTIONS = ("create", "change", "delete", "export", "import")
Json = dict[str, Any]
GROUPS = {
    "价格": "prices",
    "库存": "stock",
    "结算": "settlement",
    "多规格": "variants",
    "账套": "book",
    "可用量": "available",
    "往来": "parties",
    "盘点": "counting",
    "物流": "logistics",
}


@router.get("/meta", operation_id="meta", summary="元数据")
def get_meta(request: HttpRequest) -> HttpResponse:
    """元数据 Book, menu, documents, masters and reports for this user. No statement beyond those of every request."""
    return reply(meta_for(viewer_of_request(request)))


def meta_for(viewer: Viewer) -> Json:
    """元数据 All that a viewer's program needs to know."""
    shown = (one for one in registry.documents().values() if book().foreign or not one.exchanges)
    documents = {one.name: document_json(one, viewer) for one in shown if viewer.may(one.name, "view")}
    masters = {one.name: master_json(one, viewer) for one in registry.masters().values() if viewer.may(one.permission, "view")}
    reports = {one.name: report_json(one, viewer) for one in registry.reports().values() if viewer.may(one.name, "view")}
    pages = {page: {"label": word(label, page)} for page, label, subject, action in pages_of() if viewer.may(subject, action)}
    seen = {"document": documents, "master": masters, "report": reports, "page": pages}
    now = book()
    return {
        "book": {
            "name": now.name,
            "currency": now.currency,
            "taxpayer": now.taxpayer,
            "bins": now.bins,
            "closed_through": now.closed_through,
            "today": clock.today(),
        },
        "menu": menu_json(seen),
        "documents": documents,
        "masters": masters,
        "reports": reports,
        "pages": pages,
    }


def pages_of() -> list[tuple[str, str, str, str]]:
    """页面 The pages that are drawn by hand: name, label, and the right that opens them."""
    counting = [("counting", "扫码盘点", one.name, "count") for one in registry.documents().values() if one.counts]
    return [*counting, ("settings", "账套设置", "book", "change")]


def menu_json(seen: dict[str, dict[str, Any]]) -> list[Json]:
    """菜单 The groups that have an entry left."""
    groups = []
    for menu in registry.menus():
        entries = [{"kind": one.kind, "name": one.name} for one in menu.entries if one.name in seen[one.kind]]
        if entries:
            groups.append({"name": menu.name, "label": word(menu.label, menu.name), "entries": entries})
    return groups


def field_json(one: Field, viewer: Viewer) -> Json:
    """字段 A field as the browser's renderers read it."""
    return {
        "name": one.name,
        "label": word(one.label, one.name),
        "kind": one.kind,
        "required": one.required,
        "readonly": one.readonly or one.linked,
        "width": one.width,
        "group": word(one.group, GROUPS.get(one.group, "more")),
        "help": "" if speaks_english() else one.help,
        "default": written(one.default),
        "ref": one.ref,
        "choices": [choice_json(choice) for choice in one.choices if not choice.feature or getattr(book(), choice.feature)],
        "scale": one.scale,
        "total": one.total,
        "drill": _drill(one, viewer),
        "max_length": one.max_length,
        "minimum": None if one.minimum is None else plain(one.minimum),
        "maximum": None if one.maximum is None else plain(one.maximum),
        "fills": dict(one.fills),
        "inherits": one.inherits,
        "when": dict(one.when),
        "later": bool(one.after_posting),
        "sortable": one.sortable and not (one.personal or one.secret),
    }


def choice_json(one: Choice) -> Json:
    """选项 A value of a choice, in the language of the request."""
    return {"value": one.value, "label": word(one.label, one.value), "tone": one.tone}


def _drill(one: Field, viewer: Viewer) -> Json | None:
    """A click leads only where this user may go."""
    if one.drill is None or ("report" in one.drill and not viewer.may(str(one.drill["report"]), "view")):
        return None
    return dict(one.drill)


def fields_json(fields: Iterable[Field], viewer: Viewer) -> list[Json]:
    """字段表 The fields a viewer may see."""
    return [field_json(one, viewer) for one in fields if viewer.sees(one)]


def lines_json(declared: DocumentType | MasterType, viewer: Viewer) -> list[Json]:
    """明细表 The line tables; of goods whether they go out."""
    document = declared if isinstance(declared, DocumentType) else None
    return [
        {
            "name": one.name,
            "label": word(one.label, one.name),
            "fields": fields_json(one.fields, viewer),
            "required": one.required,
            "most": one.most,
            "outward": document is not None and document.goes_out(one),
            "matrix": matrix_of(document, one, viewer),
        }
        for one in (declared.lines if isinstance(declared, MasterType) else declared.tables)
    ]


def matrix_of(document: DocumentType | None, lines: Lines, viewer: Viewer) -> str:
    """矩阵 The collection of families by which quantities of a table may be entered as a matrix; empty for none.

    Lines that begin at another document's, or have no quantity of their own, have none.
    """
    if document is None or document.needs_source or not book().variants:
        return ""
    kinds = [one for one in lines.fields if viewer.sees(one) and not one.readonly]
    taken = {one.ref for one in kinds if one.kind is Kind.REF}
    found = [one for one in registry.masters().values() if one.generates in taken and one.generates and viewer.may(one.permission, "view")]
    return found[0].collection if found and any(one.kind is Kind.QUANTITY for one in kinds) else ""


def list_json(view: ListView, fields: Iterable[Field], viewer: Viewer) -> Json:
    """列表 What a list shows, without what the viewer may not see."""
    seen = {one.name for one in fields if viewer.sees(one)}
    sort = ",".join(name for name in view.sort.split(",") if name.lstrip("-") in {*seen, "id"})
    return {
        "columns": [name for name in view.columns if name in seen],
        "filters": [name for name in view.filters if name.partition(".")[0] in seen or "." in name],
        "sort": sort or "-id",
    }


def _common(declared: DocumentType | MasterType, subject: str, viewer: Viewer) -> Json:
    return {
        "name": declared.name,
        "collection": declared.collection,
        "label": word(declared.label, declared.name),
        "fields": fields_json(declared.fields, viewer),
        "lines": lines_json(declared, viewer),
        "list": list_json(declared.list, declared.fields, viewer),
        "alerts": [{"value": one.value, "label": one.label, "tone": one.tone} for one in marks.kinds(dataset_of(declared), viewer)],
        "permissions": {action: viewer.may(subject, action) for action in ACTIONS},
    }


def master_json(master: MasterType, viewer: Viewer) -> Json:
    """基础资料 A master."""
    makes = master.generates if viewer.may(master.permission, "create") else ""
    naming = {"code_field": master.code_field, "label_field": master.label_field, "generates": makes}
    return {**_common(master, master.permission, viewer), **naming}


def document_json(declared: DocumentType, viewer: Viewer) -> Json:
    """单据 A document type with its states, transitions and conversions."""
    steps = declared.transitions(approval=needs_approval(declared))
    used = {State.DRAFT, *(one.target for one in steps), *(state for one in steps for state in one.sources)}
    if not needs_approval(declared):
        used -= {State.SUBMITTED, State.APPROVED, State.REJECTED}
    if not declared.closable:
        used.discard(State.CLOSED)
    return {
        **_common(declared, declared.name, viewer),
        "states": [{"value": one, "label": word(STATE_LABELS[one], one), "tone": STATE_TONES[one]} for one in State if one in used],
        "transitions": [transition_json(one, used) for one in steps if viewer.may(declared.name, one.name)],
        "conversions": [
            {"target": one.target, "label": word(one.label, one.target), "purpose": one.purpose, "from": list(one.from_states)}
            for one in declared.conversions
            if viewer.may(one.target, "create")
        ],
        "line_fills": [{"name": one.name, "label": word(one.label, one.name), "when": dict(one.when)} for one in declared.line_fills],
        "shipping": shipping_json(declared, viewer),
        "inward": declared.inward,
        "outward": declared.outward,
        "needs_source": declared.needs_source,
        "checklist": declared.closes,
    }


def shipping_json(declared: DocumentType, viewer: Viewer) -> Json | None:
    """物流 What may be written down of goods that were handed over, by who has the right: names of fields, and the states."""
    if declared.delivery is None or not viewer.may(declared.name, logistics.SHIP):
        return None
    states = [{"value": one.value, "label": word(one.label, one.value), "tone": one.tone} for one in logistics.STATES]
    return {"fields": [one.name for one in declared.fields_open_to(logistics.SHIP) if viewer.sees(one)], "states": states}


def transition_json(one: Transition, used: set[State]) -> Json:
    """动作 A transition."""
    return {
        "name": one.name,
        "label": word(one.label, one.name),
        "from": [state for state in one.sources if state in used],
        "to": one.target,
        "reason": one.reason,
        "primary": one.name in ("post", "submit"),
        "danger": one.danger,
        "by_line": one.by_line,
        "to_line": one.to_line,
    }


def report_json(report: ReportType, viewer: Viewer) -> Json:
    """报表 A report."""
    return {
        "name": report.name,
        "label": word(report.label, report.name),
        "parameters": fields_json(report.parameters, viewer),
        "columns": fields_json(report.columns, viewer),
        "actions": [
            {"name": one.name, "label": word(one.label, one.name), "file": one.file}
            for one in report.actions
            if viewer.may(report.name, "change")
        ],
        "chart": None if report.chart is None else {"x": report.chart.x, "y": report.chart.y, "by": report.chart.by},
        "files": [{"format": name, "label": form.label} for name, form in report.files.items()],
        "commands": [
            {"name": one.transition, "when": {name: list(values) for name, values in one.when.items()}} for one in report.commands
        ],
        "remedies": [
            {"name": one.name, "label": word(one.label, one.name), "target": one.target, "when": {k: list(v) for k, v in one.when.items()}}
            for one in report.remedies
            if viewer.may(one.target, "create")
        ],
    }
