"""新类型的权限 Whoever may do something to a type of old may do it to the new ones that stand beside it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

LIKE = {
    "stock_transfer": ("transfer_out", "transfer_in", "transfer_difference", "lot_adjustment"),
    "purchase_receipt": ("inspection",),
    "purchase_requisition": ("price_protection",),
    "other_issue": ("stock_scrap",),
    "landed_cost": ("cost_adjustment",),
    "stock_card": ("cost_card", "lot_trace", "serial_life", "serials_in_stock"),
    "stock_summary": ("stock_alerts", "expiring_stock", "slow_stock", "late_orders", "promises"),
}
ACTIONS = {"close": ("release",), "reopen": ("hold",)}


def forwards(apps: Any, schema_editor: Any) -> None:
    """Copy the permissions of roles that have them."""
    permissions = apps.get_model("access", "Permission")
    rows = list(permissions.objects.filter(subject__in=[*LIKE, "sales_order"]).values_list("role", "subject", "action"))
    wanted = {(role, subject, action) for role, old, action in rows for subject in LIKE.get(old, ())}
    wanted |= {(role, old, action) for role, old, act in rows if old == "sales_order" for action in ACTIONS.get(act, ())}
    made = [permissions(role_id=role, subject=subject, action=action) for role, subject, action in sorted(wanted)]
    permissions.objects.bulk_create(made, ignore_conflicts=True)


class Migration(migrations.Migration):
    """Data only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("access", "0006_counting_role")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(forwards, migrations.RunPython.noop)]
