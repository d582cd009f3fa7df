"""启动检查 What must hold of the database before anything is posted; refuses to start otherwise."""

from __future__ import annotations

from django.db import connection

from hengcang.base import bulk


def check_database() -> None:
    """SQLite: WAL, synchronous=FULL, foreign keys, library version. PostgreSQL: synchronous_commit, read committed."""
    if bulk.is_postgresql():
        assert setting("synchronous_commit") == "on", "PostgreSQL: synchronous_commit must be on"
        assert setting("default_transaction_isolation") == "read committed", "PostgreSQL: read committed is needed"
        return
    import pysqlite3

    from hengcang.config.sqlite import REQUIRED

    assert pysqlite3.sqlite_version_info >= REQUIRED, f"SQLite {pysqlite3.sqlite_version} is too old"
    assert pragma("journal_mode") in ("wal", "memory"), "SQLite: WAL is needed; is the data folder on a network share?"
    assert pragma("synchronous") == 2, "SQLite: synchronous=FULL is needed"
    assert pragma("foreign_keys") == 1, "SQLite: foreign keys must be on"


def setting(name: str) -> str:
    """A setting of the PostgreSQL session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def pragma(name: str) -> object:
    """A pragma of the SQLite connection."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]
