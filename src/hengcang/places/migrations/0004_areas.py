"""库区 Areas of warehouses take the place of one place for all goods under way."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from hengcang.core.posting import PlaceKind


def forwards(apps: Any, schema_editor: Any) -> None:
    """Nothing was ever booked to the one place."""
    apps.get_model("places", "Place").objects.filter(code="@transit").delete()


class Migration(migrations.Migration):
    """A further kind, and the one place gone."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("places", "0003_expense_categories")]
    operations: ClassVar[list[Operation]] = [
        migrations.AlterField(
            model_name="place",
            name="kind",
            field=models.CharField(choices=[(kind.value, kind.value) for kind in PlaceKind], max_length=20),
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
