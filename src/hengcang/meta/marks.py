"""标记 Marks: what a row of a list or of a picker is to be looked at for, as rooms above know it (below its limit, overdue …).

A room above registers a marker for a model; every list and picker over that model then bears its marks, whatever declared
it: customers and suppliers share those of parties, all types of document those of documents. Marks are no columns: they
stand under one key beside them, only in rows that have some, and no file has them. A list can be narrowed to the rows that
bear a kind of mark by a condition on the same key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Q

from hengcang.access.viewer import Viewer
from hengcang.core.errors import QueryRefused
from hengcang.meta.dataset import DataSet
from hengcang.meta.declarations import Choice

KEY = "alerts"
Parameters = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """标记 One mark of a row: its kind, what is written on it in which tone, what to do about it, and where that is done."""

    kind: str
    label: str
    tone: str
    help: str
    link: Mapping[str, Any] | None = None

    def json(self) -> dict[str, Any]:
        """The mark for the wire."""
        return {"kind": self.kind, "label": self.label, "tone": self.tone, "help": self.help, "link": self.link}


class Marker(Protocol):
    """标记者 What a room above knows of the rows of a model. It gives nothing that the viewer may not look into."""

    def kinds(self, dataset: DataSet, viewer: Viewer) -> Sequence[Choice]:
        """The kinds of mark that rows of a data set can bear before this viewer; no statement."""

    def marks(self, dataset: DataSet, ids: Sequence[int], viewer: Viewer, picking: Parameters | None) -> Mapping[int, Sequence[Mark]]:
        """The marks by row, the gravest first; `picking` are the parameters of a picker, None in a list.

        Statements: constant in the number of rows.
        """

    def having(self, dataset: DataSet, kinds: Sequence[str], viewer: Viewer) -> Q:
        """The condition that leaves the rows with one of these kinds, all of them its own."""


_markers: dict[str, list[Marker]] = {}


def register(model: str, marker: Marker) -> None:
    """登记 Let a marker mark the rows of every list and picker over a model (`app.Model`)."""
    _markers.setdefault(model, []).append(marker)


def is_marked(model: str) -> bool:
    """Whether rows of a model can bear marks."""
    return model in _markers


def kinds(dataset: DataSet, viewer: Viewer) -> list[Choice]:
    """标记种类 What the rows of a data set can bear before a viewer; no statement."""
    return [one for marker in _markers.get(dataset.model, ()) for one in marker.kinds(dataset, viewer)]


def put(dataset: DataSet, rows: Sequence[dict[str, Any]], viewer: Viewer, picking: Parameters | None = None) -> None:
    """标上 Put their marks into rows for the wire, by their `id`; a row without any stays as it is."""
    for marker in _markers.get(dataset.model, ()) if rows else ():
        found = marker.marks(dataset, [row["id"] for row in rows], viewer, picking)
        for row in rows:
            if marked := found.get(row["id"]):
                row[KEY] = [*row.get(KEY, ()), *(one.json() for one in marked)]


def condition(dataset: DataSet, operator: str, value: Any, viewer: Viewer) -> Q:
    """标记条件 The rows that bear a kind (`eq`, `in`), do not (`ne`), or bear none or any (`empty`). Raises QueryRefused."""
    known = [one.value for one in kinds(dataset, viewer)]
    if operator == "empty":
        borne = _having(dataset, known, viewer)
        return borne if value in (False, "false", 0, "0") else ~borne
    asked = value if operator == "in" and isinstance(value, list | tuple) else [value]
    if operator not in ("eq", "ne", "in") or not asked:
        raise QueryRefused(path="where", reason="预警条件应为一种或几种预警，或者为空、不为空")
    for one in asked:
        if one not in known:
            raise QueryRefused(path="where", reason=f"没有名为“{one}”的预警，或您无权查看")
    borne = _having(dataset, asked, viewer)
    return ~borne if operator == "ne" else borne


def _having(dataset: DataSet, wanted: Sequence[str], viewer: Viewer) -> Q:
    met = Q(pk__in=[])
    for marker in _markers.get(dataset.model, ()):
        own = [one.value for one in marker.kinds(dataset, viewer) if one.value in wanted]
        if own:
            met |= marker.having(dataset, own, viewer)
    return met
