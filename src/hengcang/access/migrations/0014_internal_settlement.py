"""内部结算的权限 Whoever is kept from cost is kept from transfer prices; who sees the stock summary sees what the sides settle."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from hengcang.access.rights_like import give

REPORTS = {"stock_summary": ("internal_settlement", "internal_settlement_months", "internal_settlement_lines")}


def forwards(apps: Any, schema_editor: Any) -> None:
    """Masks and permissions of the roles that there are."""
    masks = apps.get_model("access", "FieldMask")
    roles = sorted(set(masks.objects.filter(mask="cost").values_list("role", flat=True)))
    had = set(masks.objects.filter(mask="transfer_price").values_list("role", flat=True))
    masks.objects.bulk_create([masks(role_id=role, mask="transfer_price") for role in roles if role not in had])
    give(apps.get_model("access", "Permission"), REPORTS, ("view", "export", "print"))


class Migration(migrations.Migration):
    """Data only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("access", "0013_shipping_rights")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(forwards, migrations.RunPython.noop)]
