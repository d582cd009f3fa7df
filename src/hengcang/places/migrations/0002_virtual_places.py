"""虚拟地点 The places outside."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from hengcang.places.virtual import seed


def forwards(apps: Any, schema_editor: Any) -> None:
    """Insert them."""
    seed(apps.get_model("places", "Place"))


class Migration(migrations.Migration):
    """Data only."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("places", "0001_initial")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(forwards, migrations.RunPython.noop)]
