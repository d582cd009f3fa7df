"""引用 References: how a value that points at another record is read, labelled, checked and searched.

Everything is set-based: one statement per model for any number of rows, or a join where a list is selected anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Model, Q

from hengcang.access.viewer import PERSONAL_DIMENSIONS, Viewer
from hengcang.meta import registry
from hengcang.meta.declarations import Field, Kind, MasterType
from hengcang.meta.english import word

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefSource:
    """引用来源 Where the targets of a reference live. `extra` maps a key of the shown value to own columns.

    A key with one column shows its value, with two columns `{id, label}`.
    """

    name: str
    label: str
    model: str
    code: str = "code"
    title: str = "name"
    active: str = "active"
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scope: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    base_filter: Mapping[str, Any] = field(default_factory=dict)
    search: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns a shown value is made of."""
        return ("id", self.code, self.title, *(column for group in self.extra.values() for column in group))


DOCUMENTS = RefSource(name="documents", label="单据", model="records.Document", code="number", title="type", active="", search=("number",))
DEFAULTS = {Kind.UNIT: "units", Kind.LOT: "lots", Kind.DOCUMENT: "documents"}


def source_of(one: Field) -> RefSource:
    """来源 The source a reference field points at."""
    return source(one.ref or DEFAULTS[one.kind])


def source(collection: str) -> RefSource:
    """来源 The source of a collection: a master, or `documents`. Raises NotFound."""
    return DOCUMENTS if collection == "documents" else of_master(registry.master_by_collection(collection))


def of_master(master: MasterType) -> RefSource:
    """The source that a master is."""
    own = {one.name: one for one in master.fields}
    return RefSource(
        name=master.name,
        label=master.label,
        model=master.model,
        code=master.code_field,
        title=master.label_field,
        active=own["active"].path if "active" in own else "",
        extra={key: _extra_columns(own[name]) for key, name in master.ref_fields.items()},
        scope=scope_of(master),
        base_filter=master.base_filter,
        search=tuple(own[name].path if name in own else name for name in master.search),
    )


def scope_of(master: MasterType) -> dict[str, tuple[str, ...]]:
    """The dimensions that limit a master, with the paths of their keys."""
    own = {master.scope: ("id",)} if master.scope else {}
    return {**own, **master.scope_paths}


def _extra_columns(one: Field) -> tuple[str, ...]:
    if one.kind not in (Kind.REF, Kind.UNIT):
        return (one.path,)
    target = registry.master_by_collection(one.ref or DEFAULTS[one.kind])
    return (f"{one.path}_id", f"{one.path}__{target.label_field}")


def model_of(name: str) -> type[Model]:
    """The model called `app.Model`."""
    return apps.get_model(name)


def scope_filter(scope: Mapping[str, tuple[str, ...]], viewer: Viewer) -> Q:
    """数据范围 The condition that leaves what the viewer may see.

    A row counts when one of the dimension's paths is among his keys; one where all of them are empty counts too, but
    for personal dimensions (salesperson, own), where nobody's is not his.
    """
    condition = Q()
    for dimension, paths in scope.items():
        keys = viewer.scope(dimension)
        if keys is None:
            continue
        among = Q()
        for path in paths:
            among |= Q(**{f"{path}__in": sorted(keys)})
        if dimension not in PERSONAL_DIMENSIONS:
            among |= Q(**{f"{path}__isnull": True for path in paths})
        condition &= among
    return condition


def document_label(number: str | None, document_id: int) -> str:
    """单据名 The number, or 草稿 #id while there is none."""
    return number or f"{word('草稿', 'draft')} #{document_id}"


def document_ref(document: int, type_name: str, number: str | None) -> dict[str, Any]:
    """单据引用 A document to go to, as a cell of a report."""
    collection = registry.document(type_name).collection
    return {"id": document, "type": type_name, "collection": collection, "label": document_label(number, document)}


def show(origin: RefSource, values: Sequence[Any]) -> dict[str, Any] | None:
    """显示 The wire form of a reference from the values of `origin.columns`; None where it is empty."""
    if values[0] is None:
        return None
    if origin is DOCUMENTS:
        number = values[1]
        return {"id": values[0], "type": values[2], "number": number, "label": document_label(number, values[0])}
    shown = {"id": values[0], "code": values[1], "label": values[2]}
    start = 3
    for key, columns in origin.extra.items():
        part = values[start : start + len(columns)]
        shown[key] = part[0] if len(columns) == 1 else (part[0] and {"id": part[0], "label": part[1]})
        start += len(columns)
    return shown


def labels(collection: str, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """标签 The wire form of many references of one collection: one statement, none for no ids."""
    wanted = set(ids)
    if not wanted:
        return {}
    origin = source(collection)
    rows = model_of(origin.model)._default_manager.filter(pk__in=wanted).values_list(*origin.columns)
    return {row[0]: shown for row in rows if (shown := show(origin, row)) is not None}


def label_refs(fields: Iterable[Field], rows: Sequence[dict[str, Any]]) -> None:
    """批量标签 Put the wire form in the place of ids, in many rows: one statement per collection."""
    refs = [one for one in fields if one.kind in (Kind.REF, Kind.UNIT, Kind.LOT, Kind.DOCUMENT)]
    wanted: dict[str, set[int]] = {}
    for one in refs:
        collection = one.ref or DEFAULTS[one.kind]
        wanted.setdefault(collection, set()).update(row[one.name] for row in rows if row.get(one.name) is not None)
    shown = {collection: labels(collection, ids) for collection, ids in wanted.items()}
    for one in refs:
        found = shown[one.ref or DEFAULTS[one.kind]]
        for row in rows:
            if one.name in row:
                row[one.name] = found.get(row[one.name])
