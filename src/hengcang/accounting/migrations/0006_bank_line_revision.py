"""银行流水 Lines keep which revision of a document stands against them; of booked money that of its posting."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce


def forwards(apps: Any, schema_editor: Any) -> None:
    """What was booked names its posting's revision; a payment that was drafted for a line began as the first."""
    entries = apps.get_model("ledger", "MoneyEntry").objects.filter(pk=OuterRef("entry"))
    lines = apps.get_model("accounting", "BankLine").objects.filter(entry__isnull=False)
    lines.update(revision=Coalesce(Subquery(entries.values("posting__revision")[:1]), 0))


class Migration(migrations.Migration):
    """A column, and what it says of the lines there are."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("accounting", "0005_unbilled_accounts"), ("ledger", "0013_posting_moment")]
    operations: ClassVar[list[Operation]] = [
        migrations.AddField("bankline", "revision", models.IntegerField(default=0)),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
