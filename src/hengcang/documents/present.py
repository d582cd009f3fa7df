"""呈现单据 A document as the API shows it: header, lines, labels, and what this user may do with it now.

Everything is read through the query compiler's rights: a field he may not see is absent, a document outside his scope
does not exist. The number of statements does not depend on the number of lines.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from hengcang.access.viewer import Viewer
from hengcang.core.lifecycle import EDITABLE, LIVE, STATE_LABELS, State
from hengcang.documents import depending, links
from hengcang.documents.facts import unfit
from hengcang.documents.holding import REASSIGN
from hengcang.documents.logistics import SHIP
from hengcang.ledger import reservations
from hengcang.meta import query, refs
from hengcang.meta.approval import needs_approval
from hengcang.meta.dataset import GOODS_MODEL, dataset_of, line_set
from hengcang.meta.declarations import DocumentType, Lines
from hengcang.meta.english import said, word
from hengcang.meta.lines import read_lines
from hengcang.records.models import Document

ALWAYS = (
    *("id", "type", "number", "state", "version", "revision", "progress", "document_date", "reverses_id", "ext"),
    *("party_id", "carrier_id", "freight"),
)


def document_json(viewer: Viewer, declaration: DocumentType, document: int) -> dict[str, Any]:
    """单据 The whole document. Raises PermissionRefused, NotFound."""
    shown = query.get_row(dataset_of(declaration), document, viewer)
    header = header_of(document)
    state = State(header["state"])
    shown.update(
        {name: header[name] for name in ("version", "revision", "progress", "number")},
        label=refs.document_label(header["number"], document),
        state_label=word(STATE_LABELS[state], state),
        reverses=header["reverses_id"],
    )
    for lines in declaration.tables:
        shown[lines.name] = lines_json(viewer, lines, document, header["revision"])
    depending.present(declaration, shown)
    shown["allowed"] = allowed(viewer, declaration, header)
    return shown


def header_of(document: int) -> dict[str, Any]:
    """The parts of the header that every document shows."""
    return dict(Document.objects.filter(pk=document).values(*ALWAYS).get())


SOURCE = {
    "source_line": "source_line_id",
    "source_document": "source_line__document_id",
    "source_number": "source_line__document__number",
}


def lines_json(viewer: Viewer, lines: Lines, document: int, revision: int) -> list[dict[str, Any]]:
    """明细 The lines of the present revision, in order; a line that comes from another document names it."""
    table = line_set(lines)
    extra = SOURCE if table.model == GOODS_MODEL else {}
    found = read_lines(table, [document], viewer, condition=Q(revision=revision), extra=extra).get(document, [])
    for line in found:
        source = line.pop("source_document", None)
        number = line.pop("source_number", None)
        if source is not None:
            line["source"] = {"id": source, "label": refs.document_label(number, source)}
    return found


def allowed(viewer: Viewer, declaration: DocumentType, header: dict[str, Any]) -> list[dict[str, Any]]:
    """可执行的动作 The buttons this user has now; one that is not possible says why."""
    state = State(header["state"])
    followers = links.followers(header["id"], header["revision"]) if state in LIVE else []
    found: list[dict[str, Any]] = []
    approval, idle = needs_approval(declaration), idle_holding(declaration, header)
    for one in declaration.transitions(approval=approval):
        possible = state in one.sources and not (approval and one.name == "post" and state is State.DRAFT)
        if not possible or not viewer.may(declaration.name, one.name):
            continue
        if one.name == "void" and header["number"] is None:
            continue
        if one.name in idle:
            continue
        blocked = bool(followers) and one.name in ("unpost", "reverse")
        named = followers[:5]
        reason = said(f"已有后续单据 {'、'.join(named)}", f"Named by {', '.join(named)}") if blocked else ""
        found.append(button(one.name, one.label, "transition", enabled=not blocked, reason=reason))
    if declaration.delivery is not None and state in LIVE and header["reverses_id"] is None and viewer.may(declaration.name, SHIP):
        found.append(button(SHIP, "登记物流", "shipping"))
    found += conversions(viewer, declaration, header)
    found += actions(viewer, declaration, header, state)
    return found


def idle_holding(declaration: DocumentType, header: dict[str, Any]) -> set[str]:
    """无可占用 What of holding back would do nothing to an order now. One statement where it holds any, else none."""
    if not declaration.reserves or header["state"] != State.POSTED:
        return set()
    if not header["ext"].get("reserve"):
        return {"release", REASSIGN}
    lines = reservations.holdings([header["id"]]).values()
    full, empty = not any(one.room for one in lines), not any(one.held for one in lines)
    return ({"hold"} if full else set()) | ({REASSIGN} if empty else set())


def button(name: str, label: str, kind: str, *, enabled: bool = True, reason: str = "") -> dict[str, Any]:
    """One button."""
    return {"name": name, "label": word(label, name), "kind": kind, "enabled": enabled, "reason": reason}


def conversions(viewer: Viewer, declaration: DocumentType, header: dict[str, Any]) -> list[dict[str, Any]]:
    """What the document can be converted into now."""
    return [
        button(one.target, one.label, "conversion")
        for one in declaration.conversions
        if header["state"] in one.from_states and not unfit(declaration, one, header) and viewer.may(one.target, "create")
    ]


def actions(viewer: Viewer, declaration: DocumentType, header: dict[str, Any], state: State) -> list[dict[str, Any]]:
    """Saving, copying and deleting."""
    found = []
    if state in EDITABLE and viewer.may(declaration.name, "change"):
        found.append(button("save", "保存", "action"))
    if viewer.may(declaration.name, "create"):
        found.append(button("copy", "复制", "action"))
    if state in EDITABLE and header["number"] is None and viewer.may(declaration.name, "delete"):
        found.append(button("delete", "删除", "action"))
    return found
