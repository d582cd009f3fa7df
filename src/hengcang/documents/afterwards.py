"""审核之后 What rooms above have to do, and to say, when a document was posted: inside its transaction, so it stands or falls with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hengcang.access.viewer import Viewer
from hengcang.core.errors import HengcangError
from hengcang.documents.facts import Opened

Follower = Callable[[Viewer, Opened], Sequence[HengcangError]]
followers: list[Follower] = []


def follow(viewer: Viewer, opened: Opened) -> list[HengcangError]:
    """后续 Let every follower do its part; gives their warnings."""
    return [warning for one in followers for warning in one(viewer, opened)]
