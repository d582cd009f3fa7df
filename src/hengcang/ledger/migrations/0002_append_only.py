"""只追加 Append-only books: the database itself refuses UPDATE and DELETE on ledger rows."""

from django.db import migrations

from hengcang.base.append_only import protect, unprotect

TABLES = ("ledger_posting", "ledger_stockmove", "ledger_moneyentry", "ledger_clearing")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(protect(TABLES), unprotect(TABLES))]
