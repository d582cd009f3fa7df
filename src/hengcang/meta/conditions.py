"""条件 Conditions: `where` of a query, from JSON to the ORM, under the viewer's rights.

A list of conditions must all hold; `{"any": […]}` and `{"all": […]}` nest. Conditions on the lines of one table that
stand in the same list must hold for one and the same line. What the viewer may not see he cannot ask about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, Model, Q
from django.utils import timezone

from hengcang.access.viewer import Viewer
from hengcang.core.errors import FieldInvalid, FieldRequired, QueryRefused
from hengcang.meta import marks, refs, values
from hengcang.meta.dataset import DataSet, LineSet, in_ext, is_encrypted, is_relation, orm_path
from hengcang.meta.declarations import NUMBERS, REFERENCES, Field, Kind

DEEPEST = 6
MOST = 100
MOST_VALUES = 1_000
ORDERED = frozenset({Kind.DATE, Kind.DATETIME, Kind.INTEGER, Kind.TEXT, *NUMBERS})
LOOKUPS = {"lt": "lt", "lte": "lte", "gt": "gt", "gte": "gte"}
OPERATORS = ("eq", "ne", "lt", "lte", "gt", "gte", "in", "contains", "starts", "between", "empty")


def refused(reason: str) -> QueryRefused:
    """A refusal of the query."""
    return QueryRefused(path="where", reason=reason)


@dataclass(frozen=True, slots=True)
class Target:
    """What a condition is about: a field and where it is kept."""

    field: Field
    path: str
    model: type[Model]


def compile_where(dataset: DataSet, where: Any, viewer: Viewer) -> Q:
    """编译条件 The condition of a whole `where`. Raises QueryRefused."""
    if not where:
        return Q()
    budget = [MOST]
    return _group(dataset, where, viewer, Q.AND, 0, budget)


def _group(dataset: DataSet, where: Any, viewer: Viewer, joined: str, depth: int, budget: list[int]) -> Q:
    if not isinstance(where, Sequence) or isinstance(where, str) or depth > DEEPEST:
        raise refused(f"条件应为列表，最多嵌套 {DEEPEST} 层")
    parts: list[Q] = []
    by_table: dict[str, list[Mapping[str, Any]]] = {}
    for one in where:
        budget[0] -= 1
        if budget[0] < 0 or not isinstance(one, Mapping):
            raise refused(f"每个条件应为对象，最多 {MOST} 个")
        if "any" in one or "all" in one:
            word = "any" if "any" in one else "all"
            parts.append(_group(dataset, one[word], viewer, Q.OR if word == "any" else Q.AND, depth + 1, budget))
            continue
        table, dot, _ = str(one.get("field", "")).partition(".")
        if dot and table in dataset.lines:
            by_table.setdefault(table, []).append(one)
        elif one.get("field") == marks.KEY and marks.is_marked(dataset.model):
            parts.append(marks.condition(dataset, str(one.get("op", "eq")), one.get("value"), viewer))
        else:
            parts.append(_condition(_target(dataset.fields, dataset.model_class, str(one.get("field")), viewer), one))
    for table, conditions in by_table.items():
        parts.append(_on_lines(dataset.lines[table], conditions, viewer, joined))
    found = Q()
    for part in parts:
        found = found | part if joined == Q.OR else found & part
    return found


def _on_lines(lines: LineSet, conditions: Sequence[Mapping[str, Any]], viewer: Viewer, joined: str) -> Q:
    model = refs.model_of(lines.model)
    met = Q()
    for one in conditions:
        name = str(one["field"]).partition(".")[2]
        part = _condition(_target(lines.fields, model, name, viewer), one)
        met = met | part if joined == Q.OR else met & part
    return Q(Exists(lines.rows().filter(met)))


def visible_field(fields: Mapping[str, Field], name: str, viewer: Viewer) -> Field:
    """可见字段 The field of that name. Raises QueryRefused alike where there is none and where he is kept from it."""
    one = fields.get(name)
    if one is None or not viewer.sees(one):
        raise refused(f"没有名为“{name}”的字段，或您无权查看")
    return one


ID = Field(name="id", label="编号", kind=Kind.INTEGER, column="pk")


def _target(fields: Mapping[str, Field], model: type[Model], name: str, viewer: Viewer) -> Target:
    if name == ID.name:
        return Target(ID, ID.path, model)
    one = visible_field(fields, name, viewer)
    if is_encrypted(one):
        raise refused(f"“{one.label}”已加密，不能用作条件")
    return Target(one, orm_path(one), model)


def _condition(target: Target, one: Mapping[str, Any]) -> Q:
    operator = one.get("op", "eq")
    if operator not in OPERATORS:
        raise refused(f"没有名为“{operator}”的比较方式")
    return COMPILERS[operator](target, str(operator), one.get("value"))


def _value(target: Target, raw: Any) -> Any:
    if raw is None or raw == "":
        raise refused(f"“{target.field.label}”的条件缺少值")
    try:
        value = values.parse(target.field, raw)
    except (FieldInvalid, FieldRequired) as error:
        raise refused(error.message().rstrip("。")) from None
    if in_ext(target.field):
        return str(values.present(target.field, value)) if target.field.kind in NUMBERS else _json(value)
    return value


def _json(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _moment(target: Target, raw: Any, end: bool) -> Any:
    """A day stands for its first instant, as an upper bound for the first instant of the next day."""
    if target.field.kind is Kind.DATETIME and isinstance(raw, str) and len(raw) == 10:
        start = _value(target, f"{raw}T00:00:00")
        assert isinstance(start, datetime)
        return timezone.localtime(start) + timedelta(days=1) if end else start
    return None


def _equal(target: Target, operator: str, raw: Any) -> Q:
    empty = raw is None or raw == ""
    met = _emptiness(target) if empty else Q(**{target.path: _value(target, raw)})
    return ~met if operator == "ne" else met


def _ordered(target: Target, operator: str, raw: Any) -> Q:
    if target.field.kind not in ORDERED or (in_ext(target.field) and target.field.kind in NUMBERS):
        raise refused(f"“{target.field.label}”不能比较大小")
    if operator in ("lte", "gt") and (moment := _moment(target, raw, end=True)) is not None:
        return Q(**{f"{target.path}__{'lt' if operator == 'lte' else 'gte'}": moment})
    moment = _moment(target, raw, end=False)
    return Q(**{f"{target.path}__{LOOKUPS[operator]}": _value(target, raw) if moment is None else moment})


def _between(target: Target, operator: str, raw: Any) -> Q:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) != 2:
        raise refused(f"“{target.field.label}”的区间应有两个值")
    met = Q()
    for bound, word in zip(raw, ("gte", "lte"), strict=True):
        if bound is not None and bound != "":
            met &= _ordered(target, word, bound)
    return met


def _among(target: Target, operator: str, raw: Any) -> Q:
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) > MOST_VALUES:
        raise refused(f"“{target.field.label}”的取值应为最多 {MOST_VALUES} 个的列表")
    given = [value for value in raw if value is not None and value != ""]
    met = Q(**{f"{target.path}__in": [_value(target, value) for value in given]})
    return met | _emptiness(target) if len(given) < len(raw) else met


def _containing(target: Target, operator: str, raw: Any) -> Q:
    text = str(raw or "").replace("\x00", "").strip()[:100]
    if not text:
        raise refused(f"“{target.field.label}”的条件缺少值")
    lookup = "icontains" if operator == "contains" else "istartswith"
    if target.field.kind in REFERENCES and is_relation(target.model, target.path):
        origin = refs.source_of(target.field)
        names = Q(**{f"{origin.code}__{lookup}": text}) | Q(**{f"{origin.title}__{lookup}": text})
        found = refs.model_of(origin.model)._default_manager.filter(names)
        return Q(**{f"{target.path}__in": found.values("pk")})
    if target.field.kind not in (Kind.TEXT, Kind.LONGTEXT):
        raise refused(f"“{target.field.label}”不能按文字查找")
    return Q(**{f"{target.path}__{lookup}": text})


def _emptiness(target: Target) -> Q:
    met = Q(**{f"{target.path}__isnull": True})
    if target.field.kind in values.TEXTS:
        met |= Q(**{target.path: ""})
    return met


def _empty(target: Target, operator: str, raw: Any) -> Q:
    return ~_emptiness(target) if raw in (False, "false", 0, "0") else _emptiness(target)


COMPILERS: dict[str, Callable[[Target, str, Any], Q]] = {
    "eq": _equal,
    "ne": _equal,
    **dict.fromkeys(LOOKUPS, _ordered),
    "between": _between,
    "in": _among,
    "contains": _containing,
    "starts": _containing,
    "empty": _empty,
}


def search_filter(dataset: DataSet, text: str, viewer: Viewer) -> Q:
    """自由查找 Every word of the text must occur in one of the searched fields; a reference is searched by its own."""
    met = Q()
    for word in text.replace("\x00", "").split()[:8]:
        if dataset.search_column:
            met &= Q(**{f"{dataset.search_column}__contains": word.lower()})
            continue
        anywhere = Q()
        for name in dataset.search:
            one = dataset.fields.get(name)
            if one is None:
                anywhere |= Q(**{f"{name}__icontains": word})
            elif viewer.sees(one) and not is_encrypted(one):
                anywhere |= _found_in(one, word)
        met &= anywhere
    return met


def _found_in(one: Field, word: str) -> Q:
    if one.kind not in REFERENCES:
        return Q(**{f"{orm_path(one)}__icontains": word})
    origin = refs.source_of(one)
    names = Q()
    for path in {origin.code, origin.title, *origin.search}:
        names |= Q(**{f"{path}__icontains": word})
    return Q(**{f"{orm_path(one)}__in": refs.model_of(origin.model)._default_manager.filter(names).values("pk")})
