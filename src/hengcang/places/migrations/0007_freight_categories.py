"""代垫运费 The categories of freight that is paid for a customer and got back from him."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from hengcang.places.categories import seed


def forwards(apps: Any, schema_editor: Any) -> None:
    """Insert the usual ones that are not there."""
    seed(apps.get_model("places", "ExpenseCategory"))


class Migration(migrations.Migration):
    """Data only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("places", "0006_currency_without_decimals")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(forwards, migrations.RunPython.noop)]
