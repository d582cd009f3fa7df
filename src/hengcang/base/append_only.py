"""只增不改 Append-only tables: database triggers that refuse UPDATE and DELETE, on both databases.

For migrations. `lifted` is for the one who must empty a test database; nothing in the product uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

FUNCTION = """
CREATE OR REPLACE FUNCTION hengcang_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % of % is refused', TG_OP, TG_TABLE_NAME;
END $$
"""


def statements(vendor: str, table: str) -> list[str]:
    """The statements that protect one table; per statement on PostgreSQL, so that a bulk insert pays nothing."""
    if vendor == "postgresql":
        return [
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION hengcang_append_only()"
        ]
    return [
        f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'append-only: {action} of {table} is refused'); END"
        for action in ("UPDATE", "DELETE")
    ]


def protect(tables: Sequence[str]) -> Callable[[Any, Any], None]:
    """保护 A RunPython step that makes the tables append-only."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            schema_editor.execute(FUNCTION, params=None)
        for table in tables:
            for statement in statements(vendor, table):
                schema_editor.execute(statement, params=None)

    return forwards


def unprotect(tables: Sequence[str]) -> Callable[[Any, Any], None]:
    """撤除保护 The reverse step."""

    def backwards(apps: Any, schema_editor: Any) -> None:
        for table in tables:
            for statement in drops(schema_editor.connection.vendor, table):
                schema_editor.execute(statement, params=None)

    return backwards


def drops(vendor: str, table: str) -> list[str]:
    """The statements that lift the protection of one table."""
    if vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}"]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{action}" for action in ("update", "delete")]


@contextmanager
def lifted(tables: Sequence[str]) -> Iterator[None]:
    """暂时解除 For tests that tamper with or empty the tables: the triggers are gone inside and back afterwards."""
    with connection.cursor() as cursor:
        for table in tables:
            for statement in drops(connection.vendor, table):
                cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for table in tables:
                for statement in statements(connection.vendor, table):
                    cursor.execute(statement)
