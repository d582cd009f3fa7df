"""数据权限 Whether a viewer may touch a document: what he may see is what lists show him, and all of it he may act on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from hengcang.access.viewer import PERSONAL_DIMENSIONS, Viewer
from hengcang.core.errors import NotFound
from hengcang.meta.dataset import DOCUMENT_PLACES, DOCUMENT_SCOPE, document_filter
from hengcang.meta.declarations import DocumentType
from hengcang.records.models import Document


def in_sight(viewer: Viewer, documents: Collection[int]) -> set[int]:
    """可见单据 Those of the documents that lie in the viewer's scope: one statement, none where nothing limits him."""
    if not viewer.scopes:
        return set(documents)
    return set(Document.objects.filter(document_filter(viewer), pk__in=documents).values_list("pk", flat=True))


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
