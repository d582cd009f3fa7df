"""翻页 Pages by keyset: the cursor holds the sort values of the last row, so that page 1,000 costs what page 1 costs.

Empty values are the smallest on both databases. A cursor is signed: what it holds has passed the rights of the query
that made it, and it is good for the same sort only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db import connection
from django.db.models import F, Model, Q
from django.db.models.expressions import OrderBy

from hengcang.core.errors import QueryRefused

SALT = "hengcang.keyset"


@dataclass(frozen=True, slots=True)
class SortKey:
    """排序键 One path to order by, and whether it may be empty."""

    path: str
    descending: bool
    nullable: bool

    def order(self) -> OrderBy | str:
        """The ORDER BY term; plain where the database's own order is ours, so that indexes serve."""
        if self.nullable and connection.vendor == "postgresql":
            if self.descending:
                return F(self.path).desc(nulls_last=True)
            return F(self.path).asc(nulls_first=True)
        return f"-{self.path}" if self.descending else self.path

    def after(self, value: Any) -> Q:
        """Rows that come strictly after the value."""
        if value is None:
            return Q(pk__in=[]) if self.descending else Q(**{f"{self.path}__isnull": False})
        beyond = Q(**{f"{self.path}__{'lt' if self.descending else 'gt'}": value})
        return beyond | Q(**{f"{self.path}__isnull": True}) if self.descending and self.nullable else beyond

    def same(self, value: Any) -> Q:
        """Rows that stand at the value."""
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})


def sort_key(model: type[Model], path: str, descending: bool) -> SortKey:
    """排序键 The key for a path, by the model's own columns."""
    at: Any = model
    nullable = False
    for part in path.split("__"):
        found = at._meta.get_field(part)
        nullable = nullable or bool(found.null)
        at = found.related_model
    return SortKey(path, descending, nullable)


def after(keys: Sequence[SortKey], values: Sequence[Any]) -> Q:
    """其后 Rows after the given one in the order of the keys; the first key also bounds it alone, for the index."""
    found = Q()
    level = Q()
    for key, value in zip(keys, values, strict=True):
        found |= level & key.after(value)
        level &= key.same(value)
    first, value = keys[0], values[0]
    if value is None or first.nullable:
        return found
    return Q(**{f"{first.path}__{'lte' if first.descending else 'gte'}": value}) & found


def encode(order: Sequence[str], values: Sequence[Any], count: Sequence[Any]) -> str:
    """游标 The cursor after a row; it carries the count of the first page along."""
    return signing.dumps([list(order), [_text(value) for value in values], list(count)], salt=SALT)


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, (Decimal, date)) else value


def decode(model: type[Model], order: Sequence[str], keys: Sequence[SortKey], cursor: str) -> tuple[list[Any], list[Any]]:
    """读游标 The sort values and the carried count. Raises QueryRefused when it is not ours or of another sort."""
    try:
        kept, values, count = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        kept, values, count = None, [], []
    if kept != list(order):
        raise QueryRefused(path="cursor", reason="翻页标记已失效，请从第一页重新查询")
    return [_column(model, key.path).to_python(value) for key, value in zip(keys, values, strict=True)], count


def _column(model: type[Model], path: str) -> Any:
    at: Any = model
    found: Any = None
    for part in path.split("__"):
        found = at._meta.pk if part == "pk" else at._meta.get_field(part)
        at = found.related_model
    return found
