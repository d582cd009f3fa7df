"""评论与附件 Comments and attachments of a document.

A file is written beside its name first (temporary file, fsync, rename to its SHA-256), then its row: a crash leaves at
most a file without a row, which the check finds. The same content is kept once.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hengcang.access.viewer import Viewer
from hengcang.base import audit, clock
from hengcang.core.errors import FieldInvalid, FieldRequired, NotFound
from hengcang.meta.dataset import document_filter
from hengcang.meta.declarations import DocumentType
from hengcang.records.models import Attachment, Comment, Document

LARGEST = 50 * 1024 * 1024


def require_visible(viewer: Viewer, declaration: DocumentType, document: int) -> None:
    """Raises PermissionRefused, NotFound."""
    viewer.require(declaration.name, "view")
    if not Document.objects.filter(document_filter(viewer), pk=document, type=declaration.name).exists():
        raise NotFound(label=declaration.label)


def comments(document: int) -> list[dict[str, Any]]:
    """评论 Oldest first."""
    rows = Comment.objects.filter(document=document).order_by("id")
    return [
        {"id": pk, "text": text, "created_by": name, "created_at": timezone.localtime(at).isoformat(timespec="seconds")}
        for pk, text, name, at in rows.values_list("id", "text", "created_by__display_name", "created_at")
    ]


def add_comment(viewer: Viewer, document: int, text: str) -> int:
    """写评论 Gives its id. Raises FieldRequired for an empty one."""
    text = text.strip()
    if not text:
        raise FieldRequired(path="text", where="", label="评论")
    if len(text) > 2000:
        raise FieldInvalid(path="text", where="", label="评论", value=f"{text[:10]}…", reason="最多 2000 个字")
    made = Comment.objects.create(document_id=document, text=text, created_by_id=viewer.user_id, created_at=clock.now())
    return int(made.pk)


def attachments(document: int) -> list[dict[str, Any]]:
    """附件 Oldest first."""
    rows = Attachment.objects.filter(document=document).order_by("id")
    names = ("id", "name", "size", "sha256", "created_by__display_name", "created_at")
    return [
        {
            "id": pk,
            "name": name,
            "size": size,
            "sha256": digest,
            "created_by": by,
            "created_at": timezone.localtime(at).isoformat(timespec="seconds"),
            "url": f"attachments/{pk}",
        }
        for pk, name, size, digest, by, at in rows.values_list(*names)
    ]


def path_of(digest: str) -> Path:
    """Where the content of that SHA-256 is kept."""
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def store_file(parts: Iterable[bytes]) -> tuple[str, int]:
    """存文件 Write content under its SHA-256; gives digest and size. Raises FieldInvalid beyond 50 MiB."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    descriptor, name = tempfile.mkstemp(dir=root, prefix="incoming-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            for part in parts:
                size += len(part)
                if size > LARGEST:
                    raise FieldInvalid(path="file", where="", label="附件", value="", reason="文件超过 50 MB")
                digest.update(part)
                stream.write(part)
            stream.flush()
            os.fsync(stream.fileno())
        final = path_of(digest.hexdigest())
        final.parent.mkdir(exist_ok=True)
        os.replace(name, final)
    finally:
        Path(name).unlink(missing_ok=True)
    return digest.hexdigest(), size


@dataclass(frozen=True, slots=True)
class Kept:
    """已存文件 A file whose content is kept already: as it was called, its SHA-256 and size."""

    name: str
    sha256: str
    size: int


def attach(viewer: Viewer, declaration: DocumentType, document: int, file: Kept) -> int:
    """上传附件 The row of a file that is kept; gives its id."""
    name = Path(file.name.replace("\x00", "")).name[:200] or "附件"
    with transaction.atomic():
        made = Attachment.objects.create(
            document_id=document,
            name=name,
            size=file.size,
            sha256=file.sha256,
            created_by_id=viewer.user_id,
            created_at=clock.now(),
        )
        changes = [{"field": "attachment", "before": None, "after": name}]
        audit.record(viewer.actor, "attach", declaration.name, document, changes)
    return int(made.pk)


def attachment_file(document: int, attachment: int) -> tuple[str, Path]:
    """下载附件 Name and path. Raises NotFound."""
    row = Attachment.objects.filter(pk=attachment, document=document).values_list("name", "sha256").first()
    if row is None:
        raise NotFound(label="附件")
    return row[0], path_of(row[1])
