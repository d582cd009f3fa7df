"""占用的权限 Whoever may release what an order holds back may hand it over to another; who sees what can be promised sees who holds it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


def forwards(apps: Any, schema_editor: Any) -> None:
    """Copy the permissions of roles that have them."""
    permissions = apps.get_model("access", "Permission")
    rows = permissions.objects.filter(action="release").values_list("role", "subject")
    wanted = {(role, subject, "reassign") for role, subject in rows}
    seen = permissions.objects.filter(subject__in=("promises", "earliest_delivery"), action__in=("view", "export", "print"))
    wanted |= {(role, "held_stock", action) for role, action in seen.values_list("role", "action")}
    made = [permissions(role_id=role, subject=subject, action=action) for role, subject, action in sorted(wanted)]
    permissions.objects.bulk_create(made, ignore_conflicts=True)


class Migration(migrations.Migration):
    """Data only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("access", "0015_exchange_rights")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(forwards, migrations.RunPython.noop)]
