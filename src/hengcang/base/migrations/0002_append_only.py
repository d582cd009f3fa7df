"""操作日志只增不改 The audit log and its seals refuse UPDATE and DELETE."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from hengcang.base.append_only import protect, unprotect

TABLES = ("base_auditlog", "base_auditseal")


class Migration(migrations.Migration):
    """Triggers by vendor."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("base", "0001_initial")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(protect(TABLES), unprotect(TABLES))]
