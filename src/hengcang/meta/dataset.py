"""数据集 Data sets: what a query can be asked of — a document type, a master, a view of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, Func, JSONField, Model, OuterRef, Q, QuerySet, Value

from hengcang.access.viewer import Viewer
from hengcang.meta import refs, registry
from hengcang.meta.declarations import DocumentType, Field, Kind, Lines, MasterType

DOCUMENT_LINES = {"goods_lines": "records.GoodsLine", "money_lines": "records.MoneyLine"}
GOODS_MODEL = DOCUMENT_LINES["goods_lines"]
DOCUMENT_PLACES = ("source_place_id", "target_place_id")
DOCUMENT_SCOPE: dict[str, tuple[str, ...]] = {
    "department": ("department_id",),
    "salesperson": ("salesperson_id", "created_by_id"),
    "own": ("created_by_id",),
}


def document_filter(viewer: Viewer) -> Q:
    """单据范围 The condition that leaves the documents a viewer may see, which are those he may act on.

    Limited to warehouses he sees a document only where every place that its header and its lines name is among them;
    a transfer takes both of its warehouses.
    """
    condition = refs.scope_filter(DOCUMENT_SCOPE, viewer) & sides_seen(viewer)
    keys = viewer.scope("warehouse")
    if keys is None:
        return condition
    named = Q(document=OuterRef("pk"), revision=OuterRef("revision"))
    lines = refs.model_of("records.GoodsLine")._default_manager.filter(named, outside(sorted(keys)))
    return condition & ~outside(sorted(keys)) & ~Q(Exists(lines))


def sides_seen(viewer: Viewer) -> Q:
    """可见方向 The condition that leaves out documents of a side whose prices the viewer may not see."""
    condition = Q()
    for one in registry.documents().values():
        if hidden := [side for side, mask in one.side_masks.items() if mask in viewer.masks]:
            condition &= ~Q(type=one.name, ext__side__in=hidden)
    return condition


def outside(keys: Sequence[int]) -> Q:
    """Whether a header or a line names a place that is not among the keys."""
    beyond = Q()
    for path in DOCUMENT_PLACES:
        beyond |= Q(**{f"{path}__isnull": False}) & ~Q(**{f"{path}__in": keys})
    return beyond


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSet:
    """明细集 A table of lines that conditions reach: `parent` is its foreign key, `matches` line ← header attribute."""

    name: str
    label: str
    model: str
    parent: str
    fields: Mapping[str, Field]
    matches: Mapping[str, str] = field(default_factory=dict)
    base_filter: Mapping[str, Any] = field(default_factory=dict)

    def rows(self) -> QuerySet[Any, Any]:
        """The lines of the outer query's row."""
        same = {line: OuterRef(header) for line, header in self.matches.items()}
        manager = refs.model_of(self.model)._default_manager
        return manager.filter(**{self.parent: OuterRef("pk")}, **same, **self.base_filter)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """数据集 Rows with declared fields, lines, the paths that limit sight (`scope`), and what a free search looks at.

    `limit` gives the whole condition of sight where it is more than `scope`. `name` is the subject of its permissions.
    `always` are attributes every row carries, by key. `rows` gives the base query where it is more than the model's
    rows that meet `base_filter`.
    """

    name: str
    label: str
    model: str
    fields: Mapping[str, Field]
    lines: Mapping[str, LineSet] = field(default_factory=dict)
    scope: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    base_filter: Mapping[str, Any] = field(default_factory=dict)
    search: tuple[str, ...] = ()
    search_column: str = ""
    always: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    sort: str = "-id"
    rows: Callable[[], QuerySet[Any, Any]] | None = None
    limit: Callable[[Viewer], Q] | None = None

    @property
    def model_class(self) -> type[Model]:
        """The model its paths start from."""
        return refs.model_of(self.model)

    def queryset(self) -> QuerySet[Any, Any]:
        """All of its rows, before rights and conditions."""
        base = self.rows() if self.rows else self.model_class._default_manager.all()
        return base.filter(**self.base_filter)

    def sight(self, viewer: Viewer) -> Q:
        """The condition that leaves what the viewer may see of it."""
        return self.limit(viewer) if self.limit else refs.scope_filter(self.scope, viewer)


def by_name(fields: tuple[Field, ...]) -> dict[str, Field]:
    """Fields by name."""
    return {one.name: one for one in fields}


def line_set(lines: Lines) -> LineSet:
    """The line set of a declared table; a document's lines are those of its present revision."""
    of_document = not lines.model
    return LineSet(
        name=lines.name,
        label=lines.label,
        model=lines.model or DOCUMENT_LINES[lines.name],
        parent=lines.parent or "document",
        fields=by_name(lines.fields),
        matches=lines.matches or ({"revision": "revision"} if of_document else {}),
        base_filter={**lines.base_filter, **({"role": lines.role} if lines.role else {})},
    )


def dataset_of(declared: DocumentType | MasterType) -> DataSet:
    """数据集 The data set of a document type or master."""
    return _of_document(declared) if isinstance(declared, DocumentType) else _of_master(declared)


def _of_document(declared: DocumentType) -> DataSet:
    return DataSet(
        name=declared.name,
        label=declared.label,
        model="records.Document",
        fields=by_name(declared.fields),
        lines={lines.name: line_set(lines) for lines in declared.tables},
        limit=document_filter,
        base_filter={"type": declared.name},
        search=declared.list.search or ("number", "party"),
        always={"type": "type", "state": "state"},
        columns=declared.list.columns,
        sort=declared.list.sort,
    )


def _of_master(declared: MasterType) -> DataSet:
    return DataSet(
        name=declared.permission,
        label=declared.label,
        model=declared.model,
        fields=by_name(declared.fields),
        lines={lines.name: line_set(lines) for lines in declared.lines},
        scope=refs.scope_of(declared),
        base_filter=declared.base_filter,
        search=declared.search,
        search_column=declared.search_column,
        columns=declared.list.columns,
        sort=declared.list.sort,
    )


def is_encrypted(one: Field) -> bool:
    """Whether the database cannot look into the field."""
    return one.personal or one.secret


def in_ext(one: Field) -> bool:
    """Whether the field lives in the JSON."""
    return one.path.startswith("ext:")


def inside(one: Field) -> Func:
    """The value of a field in the JSON as it was stored; a plain path would read the text "00123" as a number on SQLite."""
    column, key = one.path.split(":", 1)
    return Func(F(column), Value(key), arg_joiner=" -> ", template="(%(expressions)s)", output_field=JSONField())


def orm_path(one: Field) -> str:
    """The ORM path of the stored value."""
    return one.path.replace(":", "__", 1)


def is_relation(model: type[Model], path: str) -> bool:
    """Whether the path ends at a foreign key, so that a reference can be joined."""
    at: Any = model
    for part in path.split("__"):
        found = at._meta.get_field(part)
        at = found.related_model
    return at is not None


def sort_path(model: type[Model], one: Field) -> str:
    """The ORM path to order by: a reference is ordered by its code."""
    path = orm_path(one)
    if one.kind in (Kind.REF, Kind.UNIT, Kind.LOT, Kind.DOCUMENT) and is_relation(model, path):
        return f"{path}__{refs.source_of(one).code}"
    return path
