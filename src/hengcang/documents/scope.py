"""数据权限 Whether a viewer may touch a document: what he may see is what lists show him, and all of it he may act on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from hengcang.access.viewer import PERSONAL_DIMENSIONS, Viewer
from hengcang.core.errors import NotFound
from hengcang.ledger.reports import Limit
from hengcang.meta.dataset import DOCUMENT_PLACES, DOCUMENT_SCOPE, document_filter
from hengcang.meta.declarations import DocumentType
from hengcang.records.models import Document


def in_sight(viewer: Viewer, documents: Collection[int]) -> set[int]:
    """可见单据 Those of the documents that lie in the viewer's scope: one statement, none where nothing limits him."""
    sight = document_filter(viewer)
    if not sight:
        return set(documents)
    return set(Document.objects.filter(sight, pk__in=documents).values_list("pk", flat=True))


def require_in_scope(viewer: Viewer, declaration: DocumentType, documents: Collection[int]) -> None:
    """Raises NotFound: what one may not see does not exist."""
    if len(in_sight(viewer, documents)) < len(set(documents)):
        raise NotFound(label=declaration.label)


def may_hold(viewer: Viewer, header: Mapping[str, Any], places: Iterable[int | None]) -> bool:
    """可写入 Whether a document of this header whose lines name these places will lie in the viewer's scope."""
    for dimension, paths in DOCUMENT_SCOPE.items():
        allowed = viewer.scope(dimension)
        if allowed is None:
            continue
        named = {header[path] for path in paths if header[path] is not None}
        nobodys = not named and dimension not in PERSONAL_DIMENSIONS
        if not nobodys and not named & allowed:
            return False
    warehouses = viewer.scope("warehouse")
    return warehouses is None or {*(header[path] for path in DOCUMENT_PLACES), *places} <= {None, *warehouses}


def document_limits(viewer: Viewer, besides: str = "") -> list[Limit]:
    """单据范围 What limits the documents a viewer may see, for the reports that read the books; without a dimension `besides`."""
    dimensions = {name: paths for name, paths in DOCUMENT_SCOPE.items() if name != besides}
    limits = ((paths, viewer.scope(dimension), dimension not in PERSONAL_DIMENSIONS) for dimension, paths in dimensions.items())
    found = [Limit(paths, keys, nobodys) for paths, keys, nobodys in limits if keys is not None]
    places = viewer.scope("warehouse")
    return found if places is None else [*found, Limit(DOCUMENT_PLACES, places, nobodys=True, every=True)]


def party_limits(viewer: Viewer) -> list[Limit]:
    """往来范围 What limits the entries of a party that a viewer may see.

    Who is limited to salespeople may choose their parties alone, and sees all that was booked with these: half of what
    his customer owes helps nobody.
    """
    return document_limits(viewer, besides="salesperson")


def numbered(limits: list[Limit], number: str | None) -> list[Limit]:
    """单据编号 The limits, with only the documents of that number where one is asked for."""
    return [*limits, Limit(("number",), {number.strip()}, nobodys=False)] if number else limits
