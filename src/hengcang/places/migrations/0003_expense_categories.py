"""收支项目 What money is spent on and comes from, with the usual ones."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from hengcang.places.categories import seed


def forwards(apps: Any, schema_editor: Any) -> None:
    """Insert the usual ones."""
    seed(apps.get_model("places", "ExpenseCategory"))


class Migration(migrations.Migration):
    """A table and its first rows."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("places", "0002_virtual_places")]
    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="ExpenseCategory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=30, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("direction", models.CharField(default="expense", max_length=10)),
                ("account", models.CharField(max_length=20)),
                ("active", models.BooleanField(default=True)),
                ("version", models.IntegerField(default=1)),
            ],
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
