"""查询 The query compiler: everything that leaves the server as rows passes here, and here alone meets rights.

`run` gives a page, `stream` all rows for a file, `get_row` one record. Permissions, data scope and field masks apply to
all of them: a masked column cannot be selected, sorted, filtered, summed or paged on. Rows are tuples from the
database, never instances; references are joined, or labelled in one statement per collection where no join exists.
A large list is never counted exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Func, Model, Q, QuerySet, Sum

from hengcang.access.viewer import Viewer
from hengcang.base.crypto import covered
from hengcang.core.errors import NotFound, QueryRefused
from hengcang.meta import conditions, keyset, marks, refs, values
from hengcang.meta.dataset import DataSet, in_ext, inside, is_encrypted, is_relation, orm_path, sort_path
from hengcang.meta.declarations import NUMBERS, REFERENCES, Field

COUNT_CAP = 10_000
LIMIT_CAP = 200
MOST_COLUMNS = 100
ROWS_PER_FETCH = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """查询 What is asked. `group` and `measures` ask for sums by group instead of rows."""

    columns: Sequence[str] = ()
    where: Any = ()
    sort: Sequence[str] = ()
    search: str = ""
    limit: int = 50
    cursor: str = ""
    totals: bool = False
    group: Sequence[str] = ()
    measures: Sequence[str] = ()


@dataclass(slots=True)
class Page:
    """一页 Rows ready for the wire; `next` is the cursor of the next page; `count` stops at 10,000 (`capped`)."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    next: str | None = None
    totals: dict[str, Any] | None = None
    count: int = 0
    capped: bool = False


Read = Callable[[Sequence[Any]], Any]


@dataclass(slots=True)
class Selection:
    """选取 The columns to fetch and how to read a row of them. `later` are references no join can label.

    `from_json` are the fields kept in the JSON, by the name they are fetched under.
    """

    model: type[Model]
    paths: list[str] = field(default_factory=list)
    readers: list[tuple[str, Read]] = field(default_factory=list)
    later: list[Field] = field(default_factory=list)
    from_json: dict[str, Func] = field(default_factory=dict)

    def place(self, path: str) -> int:
        """The position of a path in the fetched row; added when it is new."""
        if path not in self.paths:
            self.paths.append(path)
        return self.paths.index(path)

    def add(self, one: Field, open_personal: bool) -> None:
        """Select a field."""
        path = orm_path(one)
        if one.kind in REFERENCES and not in_ext(one) and is_relation(self.model, path):
            self._join(one, path)
            return
        if in_ext(one):
            path = under(one)
            self.from_json[path] = inside(one)
        at = self.place(path)
        if one.kind in REFERENCES:
            self.later.append(one)
            self.readers.append((one.name, lambda row: row[at]))
        elif is_encrypted(one) and not open_personal:
            self.readers.append((one.name, lambda row: covered(row[at] or "")))
        elif one.kind in NUMBERS or one.kind in ("date", "datetime"):
            self.readers.append((one.name, lambda row: values.present(one, row[at])))
        else:
            self.readers.append((one.name, lambda row: row[at]))

    def _join(self, one: Field, path: str) -> None:
        origin = refs.source_of(one)
        places = [self.place(f"{path}_id" if column == "id" else f"{path}__{column}") for column in origin.columns]
        self.readers.append((one.name, lambda row: refs.show(origin, [row[at] for at in places])))

    def fetch(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """The rows as tuples in the order of `paths`."""
        fetched: QuerySet[Any, Any] = rows.annotate(**self.from_json).values_list(*self.paths)
        return fetched

    def read(self, rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """The rows for the wire."""
        shown = [{name: read(row) for name, read in self.readers} for row in rows]
        if self.later and shown:
            refs.label_refs(self.later, shown)
        return shown


def under(one: Field) -> str:
    """The name that a field in the JSON is fetched under."""
    return f"json_{one.name}"


def columns_of(dataset: DataSet, names: Sequence[str], viewer: Viewer) -> list[Field]:
    """列 The fields asked for; all that the viewer may see of the default columns when none are named."""
    if len(names) > MOST_COLUMNS:
        raise QueryRefused(path="columns", reason=f"一次最多 {MOST_COLUMNS} 列")
    if not names:
        named = (dataset.fields[name] for name in dataset.columns if name in dataset.fields)
        return [one for one in named if viewer.sees(one)]
    return [conditions.visible_field(dataset.fields, name, viewer) for name in dict.fromkeys(names) if name != "id"]


def visible_rows(dataset: DataSet, viewer: Viewer) -> QuerySet[Any, Any]:
    """可见行 The rows the viewer may see, as a query to narrow further."""
    return dataset.queryset().filter(dataset.sight(viewer))


def filtered(dataset: DataSet, query: Query, viewer: Viewer) -> QuerySet[Any, Any]:
    """筛选 The rows that a query is about."""
    rows = visible_rows(dataset, viewer).filter(conditions.compile_where(dataset, query.where, viewer))
    return rows.filter(conditions.search_filter(dataset, query.search, viewer)) if query.search.strip() else rows


def select(dataset: DataSet, fields: Sequence[Field], open_personal: bool = False) -> Selection:
    """选取 The selection of some fields, with the id and what every row carries."""
    selection = Selection(dataset.model_class)
    for key, path in {"id": "pk", **dataset.always}.items():
        at = selection.place(path)
        selection.readers.append((key, lambda row, at=at: row[at]))  # type: ignore[misc]
    for one in fields:
        if one.name not in dataset.always:
            selection.add(one, open_personal)
    return selection


def sort_keys(dataset: DataSet, sort: Sequence[str], viewer: Viewer) -> tuple[list[str], list[keyset.SortKey]]:
    """排序 The order asked for, or the declared one, made total by the id. Raises QueryRefused."""
    order = [name for name in sort if name] or _default_sort(dataset, viewer)
    keys: list[keyset.SortKey] = []
    for name in order[:4]:
        descending = name.startswith("-")
        bare = name.lstrip("-")
        if bare == "id":
            keys.append(keyset.SortKey("pk", descending, False))
            break
        one = conditions.visible_field(dataset.fields, bare, viewer)
        if is_encrypted(one) or in_ext(one) or not one.sortable:
            raise QueryRefused(path="sort", reason=f"不能按“{one.label}”排序")
        keys.append(keyset.sort_key(dataset.model_class, sort_path(dataset.model_class, one), descending))
    if keys[-1].path != "pk":
        keys.append(keyset.SortKey("pk", keys[0].descending, False))
    return order[:4], keys


def _default_sort(dataset: DataSet, viewer: Viewer) -> list[str]:
    allowed = []
    for name in dataset.sort.split(","):
        one = dataset.fields.get(name.lstrip("-"))
        if one is None or viewer.sees(one):
            allowed.append(name)
    return allowed or ["-id"]


def run(dataset: DataSet, query: Query, viewer: Viewer) -> Page:
    """查询一页 A page of rows under the viewer's rights. Raises PermissionRefused, QueryRefused.

    Statements: one for the rows, one for the capped count of a first page, one for totals when asked, one per
    collection of references that no join can label, and those of the marks.
    """
    viewer.require(dataset.name, "view")
    if query.group:
        return _run_groups(dataset, query, viewer)
    fields = columns_of(dataset, query.columns, viewer)
    order, keys = sort_keys(dataset, query.sort, viewer)
    rows = filtered(dataset, query, viewer)
    selection = select(dataset, fields)
    places = [selection.place(key.path) for key in keys]
    limit = max(1, min(query.limit, LIMIT_CAP))
    page = Page()
    here = rows
    if query.cursor:
        last, (page.count, page.capped) = keyset.decode(dataset.model_class, order, keys, query.cursor)
        here = rows.filter(keyset.after(keys, last))
    else:
        page.count, page.capped = capped_count(rows)
    fetched = list(selection.fetch(here.order_by(*(key.order() for key in keys)))[: limit + 1])
    if len(fetched) > limit:
        del fetched[limit:]
        page.next = keyset.encode(order, [fetched[-1][at] for at in places], (page.count, page.capped))
    page.rows = selection.read(fetched)
    marks.put(dataset, page.rows, viewer)
    if query.totals:
        page.totals = totals_of(rows, fields)
    return page


def capped_count(rows: QuerySet[Any, Any]) -> tuple[int, bool]:
    """行数 How many rows, counting no further than 10,000, and whether there are more."""
    count = rows.order_by().values("pk")[: COUNT_CAP + 1].count()
    return min(count, COUNT_CAP), count > COUNT_CAP


def totals_of(rows: QuerySet[Any, Any], fields: Sequence[Field]) -> dict[str, Any]:
    """合计 The sums of the selected fields that are declared `total`, over all filtered rows: one statement."""
    summed = [one for one in fields if one.total and one.kind in NUMBERS and not in_ext(one)]
    if not summed:
        return {}
    found = rows.order_by().aggregate(**{f"sum_{one.name}": Sum(orm_path(one)) for one in summed})
    return {one.name: values.present(one, found[f"sum_{one.name}"] or 0) for one in summed}


def _run_groups(dataset: DataSet, query: Query, viewer: Viewer) -> Page:
    groups = columns_of(dataset, query.group, viewer)
    measured = [conditions.visible_field(dataset.fields, name, viewer) for name in query.measures]
    for one in measured:
        if one.kind not in NUMBERS or in_ext(one) or is_encrypted(one):
            raise QueryRefused(path="measures", reason=f"“{one.label}”不能汇总")
    selection = Selection(dataset.model_class)
    for one in groups:
        if is_encrypted(one):
            raise QueryRefused(path="group", reason=f"不能按“{one.label}”分组")
        selection.add(one, open_personal=False)
    sums = {f"sum_{one.name}": Sum(orm_path(one)) for one in measured}
    rows = filtered(dataset, query, viewer)
    grouped = rows.order_by().annotate(**selection.from_json).values(*selection.paths).annotate(**sums)
    fetched = grouped.order_by(*_group_order(query, groups, measured, selection)).values_list(*selection.paths, *sums)
    limit = max(1, min(query.limit, COUNT_CAP))
    found = list(fetched[: limit + 1])
    width = len(selection.paths)
    shown = selection.read(found[:limit])
    for row, values_row in zip(shown, found[:limit], strict=True):
        for at, one in enumerate(measured, start=width):
            row[one.name] = values.present(one, values_row[at] or 0)
    page = Page(rows=shown, count=len(shown), capped=len(found) > limit)
    if query.totals:
        page.totals = totals_of(rows, [one for one in measured if one.total])
    return page


def _group_order(query: Query, groups: Sequence[Field], measured: Sequence[Field], selection: Selection) -> list[str]:
    summed = {one.name: f"sum_{one.name}" for one in measured}
    own = {one.name: under(one) if in_ext(one) else sort_path(selection.model, one) for one in groups}
    order = []
    for name in query.sort:
        path = {**own, **summed}.get(name.lstrip("-"))
        if path is None:
            raise QueryRefused(path="sort", reason=f"汇总结果中没有“{name.lstrip('-')}”")
        order.append(f"-{path}" if name.startswith("-") else path)
    return [*order, *selection.paths]


def stream(dataset: DataSet, query: Query, viewer: Viewer) -> tuple[list[Field], Iterator[dict[str, Any]]]:
    """导出行 The columns and every row of a query, in its order, fetched in parts. Needs the permission `export`.

    Everything is checked before the first row is asked for.
    """
    viewer.require(dataset.name, "export")
    fields = columns_of(dataset, query.columns, viewer)
    _, keys = sort_keys(dataset, query.sort, viewer)
    selection = select(dataset, fields)
    ordered = filtered(dataset, query, viewer).order_by(*(key.order() for key in keys))
    return fields, _parts(selection, selection.fetch(ordered))


def _parts(selection: Selection, rows: QuerySet[Any, Any]) -> Iterator[dict[str, Any]]:
    part: list[Any] = []
    for row in rows.iterator(chunk_size=ROWS_PER_FETCH):
        part.append(row)
        if len(part) == ROWS_PER_FETCH:
            yield from selection.read(part)
            part = []
    yield from selection.read(part)


def get_row(dataset: DataSet, row_id: int, viewer: Viewer, fields: Sequence[Field] = (), extra: Q | None = None) -> dict[str, Any]:
    """单条 One record with every field the viewer may see (or the given ones). Raises PermissionRefused, NotFound.

    Personal fields are open to who may change the record, covered for others.
    """
    viewer.require(dataset.name, "view")
    shown = [one for one in (fields or dataset.fields.values()) if viewer.sees(one)]
    selection = select(dataset, shown, open_personal=viewer.may(dataset.name, "change"))
    rows = visible_rows(dataset, viewer).filter(extra or Q(), pk=row_id)
    found = list(selection.fetch(rows)[:1])
    if not found:
        raise NotFound(label=dataset.label)
    return selection.read(found)[0]
