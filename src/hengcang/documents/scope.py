"""数据权限 Whether a viewer may touch a document: the same dimensions the query compiler filters lists by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.core.errors import NotFound
from hengcang.documents.rows import GoodsRow
from hengcang.meta.declarations import DocumentType


def in_scope(viewer: Viewer, header: Mapping[str, Any], goods: Sequence[GoodsRow] = ()) -> bool:
    """Whether every dimension the viewer is limited in allows this document."""
    warehouses = {header["source_place_id"], header["target_place_id"]}
    warehouses |= {row.source_place for row in goods} | {row.target_place for row in goods}
    keys: dict[str, set[Any]] = {
        "warehouse": warehouses,
        "department": {header["department_id"]},
        "salesperson": {header["salesperson_id"]},
        "own": {header["created_by_id"]},
    }
    for dimension, found in keys.items():
        allowed = viewer.scope(dimension)
        named = {key for key in found if key is not None}
        if allowed is not None and named and not named & allowed:
            return False
        if allowed is not None and not named and dimension in ("salesperson", "own"):
            return False
    return True


def require_in_scope(viewer: Viewer, declaration: DocumentType, header: Mapping[str, Any], goods: Sequence[GoodsRow]) -> None:
    """Raises NotFound: what one may not see does not exist."""
    if not in_scope(viewer, header, goods):
        raise NotFound(label=declaration.label)
