"""物流的权限 Whoever may post a document whose goods are handed over may write down how they get on; who sees sales sees the tracking."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

SHIPPED = ("sales_delivery", "sales_return", "purchase_return", "transfer_out")
REPORTS = {"sales_delivery": ("delivery_tracking",), "expense": ("delivery_tracking", "freight_bills", "cash_forecast", "cash_forecast_lines")}


def forwards(apps: Any, schema_editor: Any) -> None:
    """Copy the permissions of roles that have them."""
    permissions = apps.get_model("access", "Permission")
    rows = list(permissions.objects.filter(subject__in=[*SHIPPED, *REPORTS]).values_list("role", "subject", "action"))
    wanted = {(role, subject, "ship") for role, subject, action in rows if action == "post" and subject in SHIPPED}
    wanted |= {(role, new, act) for role, old, act in rows if act in ("view", "export") for new in REPORTS.get(old, ())}
    made = [permissions(role_id=role, subject=subject, action=action) for role, subject, action in sorted(wanted)]
    permissions.objects.bulk_create(made, ignore_conflicts=True)


class Migration(migrations.Migration):
    """Data only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("access", "0012_supplier_performance")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(forwards, migrations.RunPython.noop)]
