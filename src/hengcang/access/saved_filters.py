"""常用筛选服务 Services for saved filters: each user has his own, and sees and changes no one else's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from hengcang.access.models import SavedFilter
from hengcang.access.viewer import Viewer
from hengcang.core.errors import DuplicateValue, FieldInvalid, NotFound

MOST_PER_LIST = 50
COLUMNS = ("id", "subject", "name", "content", "is_default")


def saved_filters(viewer: Viewer) -> list[dict[str, Any]]:
    """我的筛选 All of the viewer's, by list and name: one statement."""
    rows = SavedFilter.objects.filter(user=viewer.user_id).order_by("subject", "name", "id")
    return list(rows.values(*COLUMNS))


def save_filter(viewer: Viewer, subject: str, values: Mapping[str, Any]) -> int:
    """新建 Keep a filter of a list; gives its id. Raises DuplicateValue, FieldInvalid beyond 50 of one list."""
    with transaction.atomic():
        kept = mine(viewer, subject)
        if len(kept) >= MOST_PER_LIST:
            reason = f"一个列表最多保存 {MOST_PER_LIST} 个常用筛选，请先删除不用的"
            raise FieldInvalid(path="name", where="", label="名称", value=values["name"], reason=reason)
        refuse_taken(kept, values["name"])
        if values.get("is_default"):
            SavedFilter.objects.filter(user=viewer.user_id, subject=subject).update(is_default=False)
        return SavedFilter.objects.create(user_id=viewer.user_id, subject=subject, **values).pk


def change_filter(viewer: Viewer, filter_id: int, values: Mapping[str, Any]) -> int:
    """修改 Rename one's own filter, keep another content, or make it the list's default. Raises NotFound, DuplicateValue."""
    with transaction.atomic():
        one = own(viewer, filter_id)
        if "name" in values:
            refuse_taken(mine(viewer, one.subject), values["name"], but=one.pk)
        if values.get("is_default"):
            SavedFilter.objects.filter(user=viewer.user_id, subject=one.subject).exclude(pk=one.pk).update(is_default=False)
        for name, value in values.items():
            setattr(one, name, value)
        one.save(update_fields=list(values))
        return one.pk


def delete_filter(viewer: Viewer, filter_id: int) -> None:
    """删除 Delete one's own filter. Raises NotFound."""
    with transaction.atomic():
        own(viewer, filter_id).delete()


def own(viewer: Viewer, filter_id: int) -> SavedFilter:
    """The viewer's filter; anyone else's does not exist for him."""
    found = SavedFilter.objects.filter(user=viewer.user_id, pk=filter_id).first()
    if found is None:
        raise NotFound(label="常用筛选")
    return found


def mine(viewer: Viewer, subject: str) -> dict[int, str]:
    """Names by id of the viewer's filters of a list."""
    return dict(SavedFilter.objects.filter(user=viewer.user_id, subject=subject).values_list("id", "name"))


def refuse_taken(kept: Mapping[int, str], name: str, but: int | None = None) -> None:
    """Raises DuplicateValue where another filter of the list bears the name."""
    if any(known == name for pk, known in kept.items() if pk != but):
        raise DuplicateValue(path="name", where="", label="名称", value=name)
