"""权限补齐 Whoever may do something to a type of old may do it to those that stand beside it, money among them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from hengcang.access import rights_like

LIKE = {
    "clearing": ("party_statement",),
    "cash_account": ("currency", "account", "account_rule"),
}
REPORTS = {
    "sales_order": ("earliest_delivery", "credit_exposure"),
    "open_items": ("ageing",),
    "clearing": ("statement_changes",),
}
ACTING = {"cash_account": ("bank_reconciliation",)}


def forwards(apps: Any, schema_editor: Any) -> None:
    """Copy the permissions of roles that have them; of a report there is seeing it, taking it out, and of some acting on it."""
    permissions = apps.get_model("access", "Permission")
    rights_like.give(permissions, LIKE)
    rights_like.give(permissions, REPORTS, ("view", "export", "*"))
    rights_like.give(permissions, ACTING, ("view", "export", "change", "*"))


class Migration(migrations.Migration):
    """Data only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("access", "0010_cycle_counts")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(forwards, migrations.RunPython.noop)]
