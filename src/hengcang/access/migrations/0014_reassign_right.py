"""转让占用的权限 Whoever may release what an order holds back may hand it over to another order."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


def forwards(apps: Any, schema_editor: Any) -> None:
    """Copy the permissions of roles that have them."""
    permissions = apps.get_model("access", "Permission")
    rows = permissions.objects.filter(action="release").values_list("role", "subject")
    made = [permissions(role_id=role, subject=subject, action="reassign") for role, subject in sorted(set(rows))]
    permissions.objects.bulk_create(made, ignore_conflicts=True)


class Migration(migrations.Migration):
    """Data only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("access", "0013_shipping_rights")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(forwards, migrations.RunPython.noop)]
