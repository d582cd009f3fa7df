"""循环盘点与 ABC 的权限 Whoever makes count plans keeps their schedules; whoever sees stock sees its classes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from hengcang.access import rights_like

LIKE = {"count_plan": ("count_schedule",), "count_differences": ("count_calendar",), "stock_summary": ("abc_analysis",)}


def forwards(apps: Any, schema_editor: Any) -> None:
    """Copy the permissions of roles that have them."""
    rights_like.give(apps.get_model("access", "Permission"), LIKE, ("view", "create", "change", "delete", "export"))


class Migration(migrations.Migration):
    """Data only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("access", "0009_matching")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(forwards, migrations.RunPython.noop)]
