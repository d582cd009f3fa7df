"""期间锁 The database's own lock of closed periods: no row dated in one can be inserted, whoever writes it.

For migrations. The service refuses such documents by name long before; this is for what would go round it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

FUNCTION = """
CREATE OR REPLACE FUNCTION hengcang_period_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE closed date;
BEGIN
    SELECT CAST(NULLIF(value #>> '{}', '') AS date) INTO closed FROM base_setting WHERE name='closed_through';
    IF closed IS NOT NULL AND EXISTS (SELECT 1 FROM added WHERE document_date <= closed) THEN
        RAISE EXCEPTION 'period-closed: rows of % dated on or before % are refused', TG_TABLE_NAME, closed;
    END IF;
    RETURN NULL;
END $$
"""
CLOSED = "(SELECT json_extract(value,'$') FROM base_setting WHERE name='closed_through')"


def statement(vendor: str, table: str) -> str:
    """The trigger of one table; per statement on PostgreSQL, so that a bulk insert asks once."""
    if vendor == "postgresql":
        return (
            f"CREATE TRIGGER {table}_period AFTER INSERT ON {table} REFERENCING NEW TABLE AS added "
            "FOR EACH STATEMENT EXECUTE FUNCTION hengcang_period_open()"
        )
    return (
        f"CREATE TRIGGER {table}_period BEFORE INSERT ON {table} WHEN NEW.document_date <= {CLOSED} "
        f"BEGIN SELECT RAISE(ABORT, 'period-closed: rows of {table} dated in a closed period are refused'); END"
    )


def lock(tables: Sequence[str]) -> Callable[[Any, Any], None]:
    """上锁 A RunPython step that makes the tables refuse rows of closed periods."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            schema_editor.execute(FUNCTION, params=None)
        for table in tables:
            schema_editor.execute(statement(vendor, table), params=None)

    return forwards


def unlock(tables: Sequence[str]) -> Callable[[Any, Any], None]:
    """解锁 The reverse step."""

    def backwards(apps: Any, schema_editor: Any) -> None:
        on = " ON {}" if schema_editor.connection.vendor == "postgresql" else ""
        for table in tables:
            schema_editor.execute(f"DROP TRIGGER {table}_period" + on.format(table), params=None)

    return backwards
