"""历史 The audit log of one record, as this viewer may see it: labels for fields and references, masked fields left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengcang.access.labels import ACTIONS
from hengcang.access.viewer import Viewer
from hengcang.base import audit
from hengcang.meta import refs, values
from hengcang.meta.dataset import dataset_of
from hengcang.meta.declarations import REFERENCES, DocumentType, Field, Kind, Lines, MasterType
from hengcang.meta.query import get_row

LABELS = {"state": "状态", "number": "单号", "reason": "原因"}
Change = dict[str, Any]


def history_of(declared: DocumentType | MasterType, record_id: int, viewer: Viewer) -> list[dict[str, Any]]:
    """操作日志 `{at, by, action, label, changes: [{field, label, before, after}]}`, oldest first.

    Statements: two, and one per collection of references that changed. Raises PermissionRefused, NotFound.
    """
    get_row(dataset_of(declared), record_id, viewer, fields=declared.fields[:1])
    tables = declared.tables if isinstance(declared, DocumentType) else declared.lines
    rows = audit.history(declared.name, record_id)
    fields = {one.name: one for one in declared.fields}
    lines = {one.name: one for one in tables}
    shown = []
    for row in rows:
        changes = [_shown(change, fields, lines, viewer) for change in row["changes"]]
        shown.append(
            {
                "at": row["at"].isoformat(timespec="seconds"),
                "by": row["by"],
                "action": row["action"],
                "label": ACTIONS.get(row["action"], row["action"]),
                "changes": [change for change in changes if change],
            }
        )
    _label(shown, fields)
    return shown


def _shown(change: Change, fields: Mapping[str, Field], lines: Mapping[str, Lines], viewer: Viewer) -> Change | None:
    name = change["field"]
    if name in lines:
        table = lines[name]
        return {
            "field": name,
            "label": table.label,
            "before": _lines(table, change["before"], viewer),
            "after": _lines(table, change["after"], viewer),
        }
    one = fields.get(name)
    if one is None:
        return {**change, "label": LABELS.get(name, name)}
    return {**change, "label": one.label} if viewer.sees(one) else None


def _lines(table: Lines, rows: Any, viewer: Viewer) -> Any:
    seen = [one.name for one in table.fields if viewer.sees(one)]
    return [{name: row.get(name) for name in seen} for row in rows] if isinstance(rows, list) else rows


def _label(rows: list[dict[str, Any]], fields: Mapping[str, Field]) -> None:
    """Ids become labels, values of choices their words."""
    wanted: dict[str, set[int]] = {}
    for change in _changes(rows):
        one = fields.get(change["field"])
        if one is not None and one.kind in REFERENCES:
            ids = {value for value in (change["before"], change["after"]) if isinstance(value, int)}
            wanted.setdefault(one.ref or refs.DEFAULTS[one.kind], set()).update(ids)
    labels = {collection: refs.labels(collection, ids) for collection, ids in wanted.items()}
    for change in _changes(rows):
        one = fields.get(change["field"])
        for side in ("before", "after"):
            change[side] = _worded(one, change[side], labels)


def _changes(rows: list[dict[str, Any]]) -> list[Change]:
    return [change for row in rows for change in row["changes"]]


def _worded(one: Field | None, value: Any, labels: Mapping[str, Mapping[int, Mapping[str, Any]]]) -> Any:
    if one is None or value is None:
        return value
    if one.kind in REFERENCES and isinstance(value, int):
        return labels[one.ref or refs.DEFAULTS[one.kind]].get(value, {}).get("label", value)
    if one.kind is Kind.CHOICE:
        return next((choice.label for choice in one.choices if choice.value == value), value)
    if one.kind is Kind.BOOLEAN:
        return "是" if value else "否"
    return values.present(one, value) if one.kind not in REFERENCES else value
