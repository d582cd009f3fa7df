"""只追加 Append-only books: the database itself refuses UPDATE and DELETE on ledger rows."""

from django.db import migrations

from hengcang.base.append_only import protect, unprotect
from hengcang.ledger.models import APPEND_ONLY


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(protect(APPEND_ONLY), unprotect(APPEND_ONLY))]
