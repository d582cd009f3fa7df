"""参考成本 A move keeps the reference cost it was posted with; those posted before take their item's present one."""

from typing import Any

from django.db import migrations

import hengcang.base.fields
from hengcang.base.append_only import protect, unprotect

MOVES = ("ledger_stockmove",)
FILL = """
UPDATE ledger_stockmove SET reference=(SELECT i.reference_cost FROM catalog_item i WHERE i.id=ledger_stockmove.item_id)
WHERE corrects_id IS NULL AND rule IN ('at_cost','cost_of')
  AND item_id IN (SELECT id FROM catalog_item WHERE reference_cost IS NOT NULL)
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """The rows that stand in the books already."""
    schema_editor.execute(FILL, params=None)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_balances_within"), ("catalog", "0001_initial")]
    operations = [
        migrations.RunPython(unprotect(MOVES), protect(MOVES)),
        migrations.AddField("stockmove", "reference", hengcang.base.fields.ScaledField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(protect(MOVES), unprotect(MOVES)),
    ]
