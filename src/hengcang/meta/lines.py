"""明细读取 Reading lines: the lines of many records at once, as wire values or as stored ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet

from hengcang.access.viewer import Viewer
from hengcang.meta import refs
from hengcang.meta.dataset import LineSet, in_ext, is_relation, orm_path
from hengcang.meta.declarations import Field
from hengcang.meta.query import Selection


def ordered_lines(lines: LineSet, parent_ids: Iterable[int], condition: Q | None = None) -> QuerySet[Any, Any]:
    """有序明细 The lines of some records, in their order."""
    model = refs.model_of(lines.model)
    order = ["position", "id"] if any(column.name == "position" for column in model._meta.fields) else ["id"]
    base = {f"{lines.parent}__in": list(parent_ids), **lines.base_filter}
    return model._default_manager.filter(condition or Q(), **base).order_by(*order)


def read_lines(
    lines: LineSet,
    parent_ids: Iterable[int],
    viewer: Viewer,
    *,
    condition: Q | None = None,
    open_personal: bool = False,
    extra: Mapping[str, str] | None = None,
) -> dict[int, list[dict[str, Any]]]:
    """明细 Wire values of the lines by record, each with its id: one statement. `extra` adds attributes by key.

    Where only the lines of one revision are wanted, say so by `condition`.
    """
    model = refs.model_of(lines.model)
    selection = Selection(model)
    at_parent = selection.place(f"{lines.parent}_id")
    for key, path in {"id": "pk", **(extra or {})}.items():
        at = selection.place(path)
        selection.readers.append((key, lambda row, at=at: row[at]))  # type: ignore[misc]
    for one in lines.fields.values():
        if viewer.sees(one):
            selection.add(one, open_personal)
    fetched = list(selection.fetch(ordered_lines(lines, parent_ids, condition)))
    found: dict[int, list[dict[str, Any]]] = {}
    for row, shown in zip(fetched, selection.read(fetched), strict=True):
        found.setdefault(row[at_parent], []).append(shown)
    return found


def stored_attribute(model: type[Model], one: Field) -> str:
    """存储属性 The attribute with the plain value: `category_id` for a foreign key `category`, `ext__x` in JSON."""
    path = orm_path(one)
    return f"{path}_id" if not in_ext(one) and is_relation(model, path) else path


def stored(model: type[Model], fields: Sequence[Field], rows: QuerySet[Any, Any], extra: Sequence[str] = ()) -> list[dict[str, Any]]:
    """存储值 Python values by field name, with the id and `extra` attributes, of some rows: one statement."""
    names = [stored_attribute(model, one) for one in fields]
    keys = ["id", *extra, *(one.name for one in fields)]
    return [dict(zip(keys, row, strict=True)) for row in rows.values_list("pk", *extra, *names)]
