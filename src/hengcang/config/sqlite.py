"""SQLite 版本 A current SQLite library under Django, by module substitution before Django loads its back end.

The `sqlite3` of many Python builds links an old library; the books need one that is safe in WAL mode
(≥ 3.51.3). The package `pysqlite3` carries its own.
"""

from __future__ import annotations

import sys

REQUIRED = (3, 51, 3)


def substitute() -> None:
    """Put `pysqlite3` in the place of `sqlite3`. Must run before `django.db` is imported."""
    import pysqlite3

    assert pysqlite3.sqlite_version_info >= REQUIRED, pysqlite3.sqlite_version
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
