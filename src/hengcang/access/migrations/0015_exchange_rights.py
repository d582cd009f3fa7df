"""外币兑换的权限 Whoever transfers money between accounts may exchange it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from hengcang.access import rights_like

LIKE = {"cash_transfer": ("currency_exchange",)}


def forwards(apps: Any, schema_editor: Any) -> None:
    """Copy the permissions of roles that have them."""
    rights_like.give(apps.get_model("access", "Permission"), LIKE)


class Migration(migrations.Migration):
    """Data only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("access", "0014_internal_settlement")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(forwards, migrations.RunPython.noop)]
