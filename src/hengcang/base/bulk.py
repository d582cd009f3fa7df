"""成批写入 Set-based writes: multi-row INSERT, UPDATE and upsert, alike on SQLite and PostgreSQL.

Inserts take one statement per 500 rows, on PostgreSQL beyond 2,000 rows COPY; updates and joins one in all. Values are what the database
holds (micro integers, ISO dates, JSON text), never Python models.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

ROWS_PER_STATEMENT = 500
COPY_FROM_ROWS = 2_000

Row = Sequence[Any]


def is_postgresql() -> bool:
    """Whether the default database is PostgreSQL."""
    return connection.vendor == "postgresql"


def chunks(rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
    """The rows in runs of at most 500."""
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        yield rows[start : start + ROWS_PER_STATEMENT]


def marks(rows: Sequence[Row]) -> str:
    """`(%s,%s),(%s,%s)` for the rows."""
    one = "(" + ",".join(["%s"] * len(rows[0])) + ")"
    return ",".join([one] * len(rows))


def flat(rows: Sequence[Row]) -> list[Any]:
    """All values in one list."""
    return [value for row in rows for value in row]


def insert_rows(table: str, columns: Sequence[str], rows: Sequence[Row], on_conflict: str = "") -> None:
    """Insert rows; `on_conflict` is the tail of the statement, such as `ON CONFLICT DO NOTHING`."""
    if not rows:
        return
    names = ",".join(columns)
    with connection.cursor() as cursor:
        if is_postgresql() and len(rows) > COPY_FROM_ROWS and not on_conflict:
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        for part in chunks(rows):
            cursor.execute(f"INSERT INTO {table} ({names}) VALUES {marks(part)} {on_conflict}", flat(part))


def add_rows(table: str, keys: Sequence[str], sums: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows or add their `sums` to the row of the same `keys`. Order rows by key; hold the covering locks."""
    adds = ",".join(f"{name}={table}.{name}+excluded.{name}" for name in sums)
    insert_rows(table, (*keys, *sums), rows, f"ON CONFLICT ({','.join(keys)}) DO UPDATE SET {adds}")


def table_of(rows: Sequence[Row], types: Sequence[str]) -> tuple[str, list[Any]]:
    """The rows as a table `v(c0, c1, ...)` to join with, in one parameter set however many there are.

    `types` are `bigint` or `text`. Use as `FROM {sql}`; both databases read it at once (`unnest`, `json_each`).
    """
    names = [f"c{index}" for index in range(len(types))]
    if is_postgresql():
        arrays = ",".join(f"CAST(%s AS {kind}[])" for kind in types)
        columns = [[row[index] for row in rows] for index in range(len(types))]
        return f"unnest({arrays}) AS v({','.join(names)})", list(columns)
    picks = ",".join(f"json_extract(j.value,'$[{index}]') AS {name}" for index, name in enumerate(names))
    return f"(SELECT {picks} FROM json_each(%s) j) AS v", [json.dumps([list(row) for row in rows])]


def update_rows(table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Set bigint columns by id: each row is (id, value, ...). One statement."""
    if not rows:
        return
    sets = ",".join(f"{name}=v.c{index}" for index, name in enumerate(columns, start=1))
    source, parameters = table_of(rows, ["bigint"] * (len(columns) + 1))
    execute(f"UPDATE {table} SET {sets} FROM {source} WHERE {table}.id=v.c0", parameters)


def fetch(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return list(cursor.fetchall())


def execute(sql: str, parameters: Sequence[Any] = ()) -> None:
    """One statement without an answer."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))


def placeholders(values: Sequence[Any]) -> str:
    """`%s,%s,%s` for an IN list that is not empty."""
    assert values
    return ",".join(["%s"] * len(values))


def instant(moment: datetime) -> Any:
    """An instant as the ORM would write it, for statements through the cursor."""
    return connection.ops.adapt_datetimefield_value(moment)


def date_mark() -> str:
    """A parameter of type date where the statement does not say so by itself (a SELECT list)."""
    return "CAST(%s AS date)" if is_postgresql() else "%s"


def instant_mark() -> str:
    """A parameter of type instant where the statement does not say so by itself."""
    return "CAST(%s AS timestamptz)" if is_postgresql() else "%s"


def read_json(value: Any) -> dict[str, Any]:
    """A JSON column read through the cursor: text on SQLite, text or already a value on PostgreSQL."""
    if not value:
        return {}
    found = json.loads(value) if isinstance(value, str) else value
    return dict(found)


def read_date(value: Any) -> date | None:
    """A date column read through the cursor: text on SQLite."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def read_instant(value: Any) -> datetime:
    """An instant read through the cursor: naive text in UTC on SQLite."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def draw_ids(table: str, count: int) -> list[int]:
    """`count` fresh ascending ids of a table: from its sequence, or above its maximum under SQLite's one writer."""
    if count == 0:
        return []
    if is_postgresql():
        sql = f"SELECT nextval(pg_get_serial_sequence('{table}','id')) FROM generate_series(1,%s)"
        return sorted(row[0] for row in fetch(sql, [count]))
    top = fetch(f"SELECT COALESCE(MAX(id),0) FROM {table}")[0][0]
    return list(range(top + 1, top + 1 + count))
