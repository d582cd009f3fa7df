"""基础资料服务 The services of every master: read, save, delete. One door for screens, imports and loaders.

`save_master` checks everything first and refuses with all faults at once; then it writes the record, its child tables
and one audit row in one transaction. Statements are constant: they grow with the number of tables and of referenced
collections of the declaration, not with the number of lines.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, Q
from django.db.models.functions import Length

from hengcang.access.viewer import Viewer
from hengcang.base import audit, bulk
from hengcang.core.errors import DuplicateValue, FieldInvalid, HengcangError, InUse, NotFound, RevisionConflict
from hengcang.meta import refs, values
from hengcang.meta.dataset import dataset_of, in_ext, line_set
from hengcang.meta.declarations import REFERENCES, Field, Lines, MasterType
from hengcang.meta.lines import ordered_lines, read_lines, stored, stored_attribute
from hengcang.meta.query import get_row, visible_rows

Record = dict[str, Any]


def model_of(master: MasterType) -> Any:
    """The master's model."""
    return refs.model_of(master.model)


def has_version(model: type[models.Model]) -> bool:
    """Whether two people's changes are told apart."""
    return any(column.name == "version" for column in model._meta.fields)


def get_master(master: MasterType, record_id: int, viewer: Viewer) -> Record:
    """读取 One record with its child tables, as wire values. Raises PermissionRefused, NotFound.

    Statements: one, and one per child table.
    """
    dataset = dataset_of(master)
    always = {"version": "version"} if has_version(model_of(master)) else {}
    row = get_row(replace(dataset, always=always), record_id, viewer)
    may_open = viewer.may(dataset.name, "change")
    for lines in dataset.lines.values():
        row[lines.name] = read_lines(lines, [record_id], viewer, open_personal=may_open).get(record_id, [])
    return row


@dataclass(slots=True)
class Draft:
    """待存 A record on its way into the database: as it was, as it shall be, and what was wrong."""

    master: MasterType
    viewer: Viewer
    before: Record | None
    after: Record
    lines: dict[str, list[values.Parsed]] = field(default_factory=dict)
    errors: list[HengcangError] = field(default_factory=list)


def save_master(
    master: MasterType,
    raw: Mapping[str, Any],
    viewer: Viewer,
    record_id: int | None = None,
    version: int | None = None,
    waiting: list[int] | None = None,
) -> int:
    """保存 Create a record, or change one that was seen in `version` (None: whatever it is); gives its id.

    What is to settle once it is written does so now, or is left to the caller in `waiting`.
    Raises PermissionRefused, NotFound, RevisionConflict, InvalidDocument (field by field, duplicates included).
    """
    viewer.require(master.permission, "create" if record_id is None else "change")
    try:
        with transaction.atomic():
            before = None if record_id is None else _locked(master, record_id, viewer, version)
            draft = _prepared(master, raw, viewer, before)
            values.refuse(draft.errors)
            saved_id = _write(draft)
            _audit(draft, saved_id)
            if master.concerns and master.concerns(before, draft.after):
                settle(master, [saved_id]) if waiting is None else waiting.append(saved_id)
            return saved_id
    except ProtectedError as error:
        raise InUse(label=master.label, name="要移除的明细") from error
    except IntegrityError as error:
        code = str(raw.get(master.code_field, ""))
        raise DuplicateValue(path=master.code_field, label=master.label, value=code) from error


def settle(master: MasterType, ids: Collection[int]) -> None:
    """收尾 What follows, last in the transaction, of records that were written."""
    if ids and master.settle:
        master.settle(ids)


def _locked(master: MasterType, record_id: int, viewer: Viewer, version: int | None) -> Record:
    """The record as stored, with its child tables, under its lock."""
    model = model_of(master)
    dataset = dataset_of(master)
    rows = visible_rows(dataset, viewer).filter(pk=record_id)
    if bulk.is_postgresql():
        rows = rows.select_for_update(no_key=True, of=("self",))
    in_json = any(map(in_ext, master.fields))
    extra = (*(["version"] if has_version(model) else []), *(["ext"] if in_json else []))
    found = stored(model, [one for one in master.fields if not in_ext(one)], rows, extra)
    if not found:
        raise NotFound(label=master.label)
    before = {"version": None, **found[0]}
    before.update(_from_ext(master.fields, before.pop("ext", None) or {}))
    if version is not None and before["version"] is not None and version != before["version"]:
        raise RevisionConflict(seen=version, current=before["version"])
    for lines in master.lines:
        line_model = refs.model_of(lines.model)
        before[lines.name] = stored(line_model, lines.fields, ordered_lines(line_set(lines), [record_id]))
    return before


def _from_ext(fields: Sequence[Field], ext: Mapping[str, Any]) -> Record:
    return {one.name: values.parse(one, ext.get(one.path[4:])) for one in fields if in_ext(one)}


def _prepared(master: MasterType, raw: Mapping[str, Any], viewer: Viewer, before: Record | None) -> Draft:
    """Everything parsed, checked and computed; nothing written."""
    tables = {lines.name: lines for lines in master.lines}
    header = {name: value for name, value in raw.items() if name not in tables}
    parsed = values.parse_record(master.fields, header, viewer, new=before is None)
    draft = Draft(master, viewer, before, {**(before or {}), **parsed.values}, errors=list(parsed.errors))
    for name, lines in tables.items():
        if name in raw or before is None:
            _take_lines(draft, lines, raw.get(name) or [])
    checked: list[tuple[Sequence[Field], Sequence[values.Parsed]]] = [(master.fields, [parsed])]
    checked += [(tables[name].fields, rows) for name, rows in draft.lines.items()]
    draft.errors += values.resolve_refs(checked, viewer, kept=_kept(master, before)).errors
    if not draft.errors:
        _complete(draft)
    return draft


def _take_lines(draft: Draft, lines: Lines, raw: Any) -> None:
    known = [line["id"] for line in (draft.before or {}).get(lines.name, [])]
    rows = values.parse_lines(lines, raw, draft.viewer, known)
    old = {line["id"]: line for line in (draft.before or {}).get(lines.name, [])}
    for row in rows:
        draft.errors += row.errors
        row.values = {**old.get(row.id or 0, {}), **row.values}
    draft.lines[lines.name] = rows
    draft.after[lines.name] = [row.values for row in rows]


def _kept(master: MasterType, before: Record | None) -> dict[str, set[int]]:
    """The references the record already holds, by collection."""
    kept: dict[str, set[int]] = {}
    tables: list[tuple[Sequence[Field], Sequence[Record]]] = [(master.fields, [before] if before else [])]
    tables += [(lines.fields, (before or {}).get(lines.name, [])) for lines in master.lines]
    for fields, rows in tables:
        for one in fields:
            if one.kind in REFERENCES:
                held = {row[one.name] for row in rows if row.get(one.name)}
                kept.setdefault(one.ref or refs.DEFAULTS[one.kind], set()).update(held)
    return kept


def _complete(draft: Draft) -> None:
    """The code drawn, the derived values made, duplicates and the master's own rules checked."""
    master, after = draft.master, draft.after
    if master.code_pattern and not after.get(master.code_field):
        after[master.code_field] = draw_codes(master, 1)[0]
    try:
        draft.errors += _within_scope(draft)
        if master.prepare:
            after.update(master.prepare(after))
        draft.errors += _duplicates(draft)
        if master.check:
            master.check(draft.before, after)
    except HengcangError as error:
        draft.errors += getattr(error, "errors", (error,))


def _within_scope(draft: Draft) -> list[HengcangError]:
    """Who is limited keeps what he saves within his limits; where he left the field empty, it becomes his own key."""
    faults: list[HengcangError] = []
    for dimension, paths in draft.master.scope_paths.items():
        keys = draft.viewer.scope(dimension)
        for one in draft.master.fields:
            if keys is None or f"{one.path}_id" not in paths:
                continue
            if draft.after.get(one.name) is None and draft.viewer.user_id in keys:
                draft.after[one.name] = draft.viewer.user_id
            if draft.after.get(one.name) not in keys:
                words = {"label": one.label, "value": "", "reason": "超出您的数据权限范围"}
                faults.append(FieldInvalid(path=one.name, **words))
    return faults


def draw_codes(master: MasterType, count: int) -> list[str]:
    """编码 The next codes of the master's pattern, such as `SP{seq:05}`, above the highest one in use.

    Drawers of one master wait for each other until their transactions end.
    """
    prefix = master.code_pattern.partition("{")[0]
    width = len(master.code_pattern.format(seq=0))
    if bulk.is_postgresql():
        bulk.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"code {master.model}"])
    used = model_of(master)._default_manager.filter(
        **{f"{master.code_field}__startswith": prefix, f"{master.code_field}__regex": rf"^{re.escape(prefix)}[0-9]+$"}
    )
    by_length = used.annotate(length=Length(master.code_field)).filter(length__gte=width)
    top = by_length.order_by("-length", f"-{master.code_field}").values_list(master.code_field, flat=True).first()
    last = int(top[len(prefix) :]) if top else 0
    return [master.code_pattern.format(seq=last + step) for step in range(1, count + 1)]


def _duplicates(draft: Draft) -> list[HengcangError]:
    unique = [one for one in draft.master.fields if one.unique and draft.after.get(one.name)]
    same = Q()
    for one in unique:
        same |= Q(**{one.path: draft.after[one.name]})
    if not unique:
        return []
    model = model_of(draft.master)
    others = model._default_manager.filter(same).exclude(pk=draft.after.get("id"))
    rows = list(others.values(*(one.path for one in unique))[:20])
    return [
        DuplicateValue(path=one.name, label=one.label, value=draft.after[one.name])
        for one in unique
        if any(row[one.path] == draft.after[one.name] for row in rows)
    ]


def _attributes(model: type[models.Model], fields: Sequence[Field], record: Mapping[str, Any]) -> Record:
    """Columns to write, from values by field name; what lives in the JSON is gathered in `ext`."""
    columns = {stored_attribute(model, one): record[one.name] for one in fields if one.name in record and not in_ext(one)}
    inside = {one.path[4:]: audit.plain(record[one.name]) for one in fields if one.name in record and in_ext(one)}
    return {**columns, "ext": inside} if inside else columns


def _write(draft: Draft) -> int:
    model, master = model_of(draft.master), draft.master
    columns = _attributes(model, master.fields, draft.after)
    columns.update({name: value for name, value in draft.after.items() if name in _derived(model, master)})
    if draft.before is None:
        fixed = {name: value for name, value in master.base_filter.items() if "__" not in name}
        made = model(**{**fixed, **columns})
        made.save(force_insert=True)
        saved_id = int(made.pk)
        draft.after["id"] = saved_id
    else:
        saved_id = int(draft.before["id"])
        if draft.before["version"] is not None:
            columns["version"] = draft.before["version"] + 1
        model._default_manager.filter(pk=saved_id).update(**columns)
    for lines in master.lines:
        if lines.name in draft.lines:
            _write_lines(lines, saved_id, draft.lines[lines.name], (draft.before or {}).get(lines.name, []))
    if master.saved:
        master.saved(draft.before, draft.after)
    return saved_id


def _derived(model: type[models.Model], master: MasterType) -> set[str]:
    """Columns that `prepare` may fill without their being declared fields."""
    declared = {one.name for one in master.fields} | {"id", "version"}
    return {column.name for column in model._meta.fields} - declared


def _write_lines(lines: Lines, parent_id: int, rows: Sequence[values.Parsed], before: Sequence[Record]) -> None:
    """Removed lines go first, so that their unique values are free; then one statement for changed and one for new."""
    model: Any = refs.model_of(lines.model)
    numbered = any(column.name == "position" for column in model._meta.fields)
    staying = {row.id for row in rows if row.id is not None}
    removed = [line["id"] for line in before if line["id"] not in staying]
    if removed:
        model._default_manager.filter(pk__in=removed).delete()
    changed: list[models.Model] = []
    new: list[models.Model] = []
    for position, row in enumerate(rows):
        columns = {**lines.base_filter, **_attributes(model, lines.fields, row.values)}
        columns[f"{lines.parent}_id"] = parent_id
        if numbered:
            columns["position"] = position
        (new if row.id is None else changed).append(model(pk=row.id, **columns))
    if changed:
        names = [column.name for column in model._meta.fields if not column.primary_key]
        written = {one.path for one in lines.fields} | {"position"}
        model._default_manager.bulk_update(changed, [name for name in names if name in written])
    model._default_manager.bulk_create(new)


def _audit(draft: Draft, saved_id: int) -> None:
    master = draft.master
    hidden = [one.name for one in master.fields if one.personal or one.secret]
    changes = audit.diff(draft.before or {}, draft.after, [one.name for one in master.fields if not one.readonly], hidden)
    for lines in master.lines:
        if lines.name in draft.lines:
            before = _told(lines, (draft.before or {}).get(lines.name, []))
            after = _told(lines, draft.after[lines.name])
            if before != after:
                changes.append({"field": lines.name, "before": before, "after": after})
    audit.record(draft.viewer.actor, "change" if draft.before else "create", master.name, saved_id, changes)


def _told(lines: Lines, rows: Sequence[Record]) -> list[Record]:
    """The lines as the log tells them; of personal fields only that there is something."""
    told = []
    for row in rows:
        one = {}
        for declared in lines.fields:
            value = audit.plain(row.get(declared.name))
            one[declared.name] = audit.HIDDEN if value and (declared.personal or declared.secret) else value
        told.append(one)
    return told


def delete_master(master: MasterType, record_id: int, viewer: Viewer, version: int | None = None) -> None:
    """删除 Delete a record that nothing refers to. Raises PermissionRefused, NotFound, RevisionConflict, InUse.

    One statement per relation that could refer to it; its own child tables go with it.
    """
    viewer.require(master.permission, "delete")
    model = model_of(master)
    name = ""
    try:
        with transaction.atomic():
            before = _locked(master, record_id, viewer, version)
            name = str(before.get(master.label_field) or before.get(master.code_field))
            if master.check_delete:
                master.check_delete(before)
            own = {refs.model_of(lines.model) for lines in master.lines}
            for relation in model._meta.get_fields(include_hidden=True):
                if (relation.one_to_many or relation.one_to_one) and relation.auto_created:
                    _refuse_use(master, name, relation, own, record_id)
            for lines in master.lines:
                refs.model_of(lines.model)._default_manager.filter(**{lines.parent: record_id}).delete()
            bulk.execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [record_id])
            gone = audit.diff(before, {}, [one.name for one in master.fields if not (one.personal or one.secret)])
            audit.record(viewer.actor, "delete", master.name, record_id, gone)
    except IntegrityError as error:
        raise InUse(label=master.label, name=name) from error


def _refuse_use(master: MasterType, name: str, relation: Any, own: set[type[models.Model]], record_id: int) -> None:
    related = relation.related_model
    if related not in own and related._default_manager.filter(**{relation.field.name: record_id}).exists():
        raise InUse(label=master.label, name=name)
