"""选择器 Pickers: a few records that match what was typed, with what a line needs of them.

Typed text is first taken as the beginning of a code, a barcode or pinyin initials (by index), then as words that occur
anywhere. A master with a `search_column` is searched there, in one lower-case text, without sorting what it finds: over
100,000 records the answer must come while the clerk types. Rooms above add columns of their own (stock on hand, last
price) by `extra`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from hengcang.access.viewer import Viewer
from hengcang.meta import conditions, marks, refs, registry
from hengcang.meta.dataset import DataSet, dataset_of
from hengcang.meta.declarations import MasterType
from hengcang.meta.query import select, visible_rows

Extra = Callable[[Sequence[int], Viewer, Mapping[str, str]], dict[int, dict[str, Any]]]
First = Callable[[Viewer, Mapping[str, str]], list[int]]
Exact = Callable[[str], dict[int, dict[str, Any]]]

LIMIT_CAP = 100
CANDIDATES = 200
PREFIXED = ("code", "barcode", "pinyin")
_extras: dict[str, dict[str, Extra]] = {}
_firsts: dict[str, First] = {}
_exacts: dict[tuple[str, str], Exact] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """所求 What was typed, how many records at most, and the parameters of the call (place, party, document_type …)."""

    search: str = ""
    limit: int = 20
    parameters: Mapping[str, str] = field(default_factory=dict)


def extra(collection: str, provider: Extra) -> None:
    """附加列 Let `provider(ids, viewer, parameters)` add keys to the rows of a collection's picker, set-based."""
    _extras.setdefault(collection, {})[f"{provider.__module__}.{provider.__qualname__}"] = provider


def first(collection: str, finder: First) -> None:
    """先列 Let `finder(viewer, parameters)` name the records that a collection's picker lists first, while nothing is typed."""
    _firsts[collection] = finder


def exact(collection: str, parameter: str, finder: Exact) -> None:
    """精确查找 Let `?parameter=…` find records by `finder`, which gives ids with keys to add."""
    _exacts[collection, parameter] = finder


def options(master: MasterType, wanted: Wanted, viewer: Viewer) -> list[dict[str, Any]]:
    """选项 `{id, code, label, …}` of active records in the viewer's scope. Raises PermissionRefused.

    Statements: at most two to find, one to read, and those of the extras and marks: constant in the number of records.
    """
    if not viewer.may(master.permission, "view") and not master.open_options:
        viewer.require(master.permission, "view")
    rows = usable_rows(master, viewer, wanted.parameters)
    ids, added = _find(master, dataset_of(master), rows, wanted, viewer)
    shown = shown_options(master, ids, viewer, wanted.parameters)
    for row in shown:
        row.update(added.get(row["id"], {}))
    return shown


def usable_rows(master: MasterType, viewer: Viewer, parameters: Mapping[str, str]) -> QuerySet[Any, Any]:
    """可选记录 The active records in the viewer's scope that a call with these parameters may pick."""
    return visible_rows(dataset_of(master), viewer).filter(_usable(master, parameters))


def shown_options(master: MasterType, ids: Sequence[int], viewer: Viewer, parameters: Mapping[str, str]) -> list[dict[str, Any]]:
    """选项内容 Records as a picker shows them, in the order of their ids: one statement, and those of the extras and marks."""
    full = viewer.may(master.permission, "view")
    shown = _read(master, dataset_of(master), ids, viewer, full)
    if full and shown:
        for provider in _extras.get(master.collection, {}).values():
            more = provider(ids, viewer, parameters)
            for row in shown:
                row.update(more.get(row["id"], {}))
        marks.put(dataset_of(master), shown, viewer, parameters)
    return shown


def _usable(master: MasterType, parameters: Mapping[str, str]) -> Q:
    """Active ones that the document type's `field` takes, or any of its fields for this collection where none is named."""
    active = refs.of_master(master).active
    usable = Q(**{active: True}) if active else Q()
    usable &= Q(**{f"{name}_id": int(parameters[name]) for name in master.option_filters if parameters.get(name, "").isdecimal()})
    declared = registry.documents().get(parameters.get("document_type", ""))
    if declared is None:
        return usable
    fields = [*declared.fields, *(one for table in declared.tables for one in table.fields)]
    takers = [one for one in fields if one.ref == master.collection]
    named = [one for one in takers if one.name == parameters.get("field")] or takers
    if not all(one.where for one in named):
        return usable
    taken = Q()
    for one in named:
        taken |= Q(**one.where)
    return usable & taken


def _find(
    master: MasterType, dataset: DataSet, rows: QuerySet[Any, Any], wanted: Wanted, viewer: Viewer
) -> tuple[list[int], dict[int, dict[str, Any]]]:
    limit = max(1, min(wanted.limit, LIMIT_CAP))
    for (collection, parameter), finder in _exacts.items():
        if collection == master.collection and wanted.parameters.get(parameter):
            found = finder(wanted.parameters[parameter].replace("\x00", "").strip())
            return list(rows.filter(pk__in=found).values_list("pk", flat=True)[:limit]), found
    text = wanted.search.replace("\x00", "").strip()[:100]
    if not text:
        leading = _firsts.get(master.collection)
        ahead = leading(viewer, wanted.parameters) if leading else []
        kept = set(rows.filter(pk__in=ahead).values_list("pk", flat=True)) if ahead else set()
        ids = [pk for pk in ahead if pk in kept][:limit]
        if len(ids) < limit:
            ids += rows.exclude(pk__in=ids).order_by(master.code_field).values_list("pk", flat=True)[: limit - len(ids)]
        return ids, {}
    if not master.search_column:
        met = rows.filter(conditions.search_filter(dataset, text, viewer))
        return list(met.order_by(master.code_field).values_list("pk", flat=True)[:limit]), {}
    return _find_in_column(master, dataset, rows, text, limit, viewer), {}


def _find_in_column(master: MasterType, dataset: DataSet, rows: QuerySet[Any, Any], text: str, limit: int, viewer: Viewer) -> list[int]:
    """Beginnings first, by index and in order of code; then what contains every word, as the database comes upon it."""
    paths = [one.path for one in master.fields if one.name in PREFIXED]
    begun = rows.filter(_begins(paths, text)).values_list(master.code_field, "pk")[:CANDIDATES]
    ids = [pk for _, pk in sorted(begun, key=lambda row: (row[0].lower() != text.lower(), row[0]))][:limit]
    if len(ids) < limit:
        within = rows.filter(conditions.search_filter(dataset, text, viewer)).values_list("pk", flat=True)
        ids += [pk for pk in within[: limit + len(ids)] if pk not in ids][: limit - len(ids)]
    return ids


def _begins(paths: Sequence[str], text: str) -> Q:
    """A beginning, in a form that each database can answer from a plain index."""
    met = Q()
    for path in paths:
        for variant in {text, text.lower(), text.upper()}:
            if connection.vendor == "postgresql":
                met |= Q(**{f"{path}__startswith": variant})
            else:
                met |= Q(**{f"{path}__gte": variant, f"{path}__lt": variant + "\U0010ffff"})
    return met


def _read(master: MasterType, dataset: DataSet, ids: Sequence[int], viewer: Viewer, full: bool) -> list[dict[str, Any]]:
    if not ids:
        return []
    origin = refs.of_master(master)
    own = {one.name: one for one in master.fields}
    fields = [own[name] for name in master.option_fields if full and viewer.sees(own[name])]
    selection = select(dataset, fields)
    places = [selection.place("pk" if column == "id" else column) for column in origin.columns]
    fetched = list(selection.fetch(dataset.model_class._default_manager.filter(pk__in=ids)))
    shown = {}
    for row, read in zip(fetched, selection.read(fetched), strict=True):
        named = refs.show(origin, [row[at] for at in places]) or {}
        if not full:
            named = {key: named[key] for key in ("id", "code", "label")}
        shown[read["id"]] = {**named, **read}
    return [shown[pk] for pk in ids]
