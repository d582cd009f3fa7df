"""币别 Amounts in every currency have two decimals: a column that nothing asked goes."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    """One column less."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("places", "0005_currencies")]
    operations: ClassVar[list[Operation]] = [migrations.RemoveField("currency", "decimals")]
