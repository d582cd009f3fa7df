"""未开票科目 The accounts of what is not billed yet, in charts that are older than they."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from hengcang.accounting.standard import seed


def forwards(apps: Any, schema_editor: Any) -> None:
    """Insert what is not there by code."""
    seed(apps.get_model("accounting", "ChartAccount"))


class Migration(migrations.Migration):
    """Data only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("accounting", "0004_exchange_account")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(forwards, migrations.RunPython.noop)]
