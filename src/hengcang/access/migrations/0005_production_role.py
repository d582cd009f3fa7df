"""生产计划员 The preset role of production, in books that are older than it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from hengcang.access.roles import seed


def forwards(apps: Any, schema_editor: Any) -> None:
    """Insert it."""
    seed(*(apps.get_model("access", name) for name in ("Role", "Permission", "DataScope", "FieldMask")))


class Migration(migrations.Migration):
    """Data only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("access", "0004_alerts")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(forwards, migrations.RunPython.noop)]
