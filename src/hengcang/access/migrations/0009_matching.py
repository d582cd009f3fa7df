"""对单的权限 Whoever sees what is not priced or what customers use of their credit sees the matching of that side."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from hengcang.access import rights_like

LIKE = {"unpriced_receipts": ("purchase_matching",), "credit_exposure": ("sales_matching",)}


def forwards(apps: Any, schema_editor: Any) -> None:
    """Copy the permissions of roles that have them."""
    rights_like.give(apps.get_model("access", "Permission"), LIKE)


class Migration(migrations.Migration):
    """Data only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("access", "0008_credit_notes")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(forwards, migrations.RunPython.noop)]
