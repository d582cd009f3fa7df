"""供应商表现的权限 Whoever sees the matching of purchases sees how suppliers perform."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from hengcang.access import rights_like

LIKE = {"purchase_matching": ("supplier_performance",)}


def forwards(apps: Any, schema_editor: Any) -> None:
    """Copy the permissions of roles that have them."""
    rights_like.give(apps.get_model("access", "Permission"), LIKE)


class Migration(migrations.Migration):
    """Data only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("access", "0011_rights_beside")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(forwards, migrations.RunPython.noop)]
