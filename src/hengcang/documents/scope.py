"""数据权限 Whether a viewer may touch a document: the same dimensions and paths that the query compiler filters lists by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengcang.access.viewer import PERSONAL_DIMENSIONS, Viewer
from hengcang.core.errors import NotFound
from hengcang.meta.dataset import DOCUMENT_SCOPE
from hengcang.meta.declarations import DocumentType


def in_scope(viewer: Viewer, header: Mapping[str, Any]) -> bool:
    """Whether every dimension the viewer is limited in allows this document."""
    for dimension, paths in DOCUMENT_SCOPE.items():
        allowed = viewer.scope(dimension)
        if allowed is None:
            continue
        named = {header[path] for path in paths if header[path] is not None}
        nobodys = not named and dimension not in PERSONAL_DIMENSIONS
        if not nobodys and not named & allowed:
            return False
    return True


def require_in_scope(viewer: Viewer, declaration: DocumentType, header: Mapping[str, Any]) -> None:
    """Raises NotFound: what one may not see does not exist."""
    if not in_scope(viewer, header):
        raise NotFound(label=declaration.label)
