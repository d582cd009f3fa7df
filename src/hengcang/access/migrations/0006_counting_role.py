"""盘点员 The preset role of counting, and the storekeeper's rights to count plans, in books that are older than these."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from hengcang.access.roles import WORK, seed


def forwards(apps: Any, schema_editor: Any) -> None:
    """Insert what is missing."""
    seed(*(apps.get_model("access", name) for name in ("Role", "Permission", "DataScope", "FieldMask")))
    permission = apps.get_model("access", "Permission")
    for role in apps.get_model("access", "Role").objects.filter(name="仓库管理员"):
        rights = [permission(role=role, subject="count_plan", action=action) for action in (*WORK, "count")]
        rights += [permission(role=role, subject="count_differences", action=action) for action in ("view", "change", "export")]
        permission.objects.bulk_create(rights, ignore_conflicts=True)


class Migration(migrations.Migration):
    """Data only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("access", "0005_production_role")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(forwards, migrations.RunPython.noop)]
