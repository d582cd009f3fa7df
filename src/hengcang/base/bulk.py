"""成批写入 Set-based writes: multi-row INSERT, UPDATE and upsert, alike on SQLite and PostgreSQL.

PostgreSQL gets rows as one array per column, so that the text of a statement does not depend on their number and is
planned once per connection; beyond 2,000 rows it gets COPY. SQLite gets 500 rows a statement. Inside `together()`
PostgreSQL gets all inserts and updates by id as one statement. Values are what the database holds (micro integers,
ISO dates, JSON text), never Python models.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from threading import local
from typing import Any

import orjson
from django.db import connection

ROWS_PER_STATEMENT = 500
COPY_FROM_ROWS = 2_000
ROWS_PER_PART = 2_000

Row = Sequence[Any]


@cache
def is_postgresql() -> bool:
    """Whether the default database is PostgreSQL; it does not change while a process runs."""
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
    if not is_postgresql():
        for part in chunks(rows):
            execute(f"INSERT INTO {table} ({names}) VALUES {marks(part)} {on_conflict}", flat(part))
        return
    if len(rows) > COPY_FROM_ROWS and not on_conflict:
        send_waiting()
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    types = column_types(connection.alias, table)
    arrays = ",".join(f"CAST(%s AS {types[name.strip(chr(34))]}[])" for name in columns)
    sql = f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}) {on_conflict}"
    write(table, sql, [array_of(column) for column in zip(*rows, strict=True)])


def add_rows(table: str, keys: Sequence[str], sums: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows or add their `sums` to the row of the same `keys`. Order rows by key; hold the covering locks."""
    adds = ",".join(f"{name}={table}.{name}+excluded.{name}" for name in sums)
    insert_rows(table, (*keys, *sums), rows, f"ON CONFLICT ({','.join(keys)}) DO UPDATE SET {adds}")


@cache
def column_types(alias: str, table: str) -> dict[str, str]:
    """The types of a table's columns on PostgreSQL, without their lengths: a cast to a length would cut silently."""
    sql = "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid=CAST(%s AS regclass) AND attnum>0"
    return dict(fetch(sql, [table]))


def array_of(values: Iterable[Any]) -> str:
    """Values as the text of a PostgreSQL array, to be cast to the array type."""
    return "{" + ",".join([element_of(value) for value in values]) + "}"


def element_of(value: Any) -> str:
    """One value in the text of an array."""
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def table_of(rows: Sequence[Row], types: Sequence[str]) -> tuple[str, list[Any]]:
    """The rows as a table `v(c0, c1, ...)` to join with, in one parameter set however many there are.

    `types` are `bigint` or `text`. Use as `FROM {sql}`; both databases read it at once (`unnest`, `json_each`).
    """
    names = [f"c{index}" for index in range(len(types))]
    if is_postgresql():
        arrays = ",".join(f"CAST(%s AS {kind}[])" for kind in types)
        columns: Iterable[Row] = zip(*rows, strict=True) if rows else [()] * len(types)
        return f"unnest({arrays}) AS v({','.join(names)})", [array_of(column) for column in columns]
    picks = ",".join(f"json_extract(j.value,'$[{index}]') AS {name}" for index, name in enumerate(names))
    return f"(SELECT {picks} FROM json_each(%s) j) AS v", [json_text([list(row) for row in rows])]


def json_text(value: Any) -> str:
    """JSON as SQLite takes it. Raises OverflowError for what no column holds, as PostgreSQL and the driver do."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError as error:
        raise OverflowError(str(error)) from None


def update_rows(table: str, columns: Sequence[str], rows: Sequence[Row], key: str = "id") -> None:
    """Set bigint columns by key: each row is (key, value, ...). One statement."""
    if not rows:
        return
    sets = ",".join(f"{name}=v.c{index}" for index, name in enumerate(columns, start=1))
    source, parameters = table_of(rows, ["bigint"] * (len(columns) + 1))
    write(table, f"UPDATE {table} SET {sets} FROM {source} WHERE {table}.{key}=v.c0", parameters)


def update_row(table: str, row_id: int, changes: Mapping[str, Any]) -> None:
    """Set columns of one row."""
    sets = ",".join(f"{name}=%s" for name in changes)
    write(table, f"UPDATE {table} SET {sets} WHERE id=%s", [*changes.values(), row_id])


class Waiting(local):
    """待发 The writes of this thread that wait to be sent together: table, statement, parameters; None outside of `together`."""

    writes: list[tuple[str, str, list[Any]]] | None = None


waiting = Waiting()


@contextmanager
def together() -> Iterator[None]:
    """成批发送 Inserts, additions and updates by id inside are sent to PostgreSQL as one statement, at the end.

    Any other statement inside sends first what waits, and so does a second write to one table: the parts of one
    statement do not see each other's effects. SQLite has no round trips to save and gets each at once.
    """
    if not is_postgresql() or waiting.writes is not None:
        yield
        return
    waiting.writes = []
    try:
        yield
        send_waiting()
    finally:
        waiting.writes = None


def write(table: str, sql: str, parameters: Sequence[Any]) -> None:
    """A write that reads nothing but its own row: at once, or with the others of `together`."""
    if waiting.writes is None:
        execute(sql, parameters)
        return
    if any(one[0] == table for one in waiting.writes):
        send_waiting()
    waiting.writes.append((table, sql, list(parameters)))


def send_waiting() -> None:
    """Send what waits."""
    writes = waiting.writes
    if not writes:
        return
    waiting.writes = []
    parts = ",".join(f"w{at} AS ({sql})" for at, (_, sql, _) in enumerate(writes[:-1]))
    head = f"WITH {parts} " if parts else ""
    execute(head + writes[-1][1], [value for _, _, parameters in writes for value in parameters])


def fetch(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    send_waiting()
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def stream(sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """All rows of one statement, fetched in parts: for files, however long they are."""
    send_waiting()
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, list(parameters))
        while part := cursor.fetchmany(ROWS_PER_PART):
            yield from part


def execute(sql: str, parameters: Sequence[Any] = ()) -> None:
    """One statement without an answer."""
    send_waiting()
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))


def placeholders(values: Sequence[Any]) -> str:
    """`%s,%s,%s` for an IN list that is not empty."""
    assert values
    return ",".join(["%s"] * len(values))


def among(ids: Iterable[int]) -> tuple[str, str]:
    """The condition that a column is one of the ids, to stand behind its name, and its one parameter: the text of the
    statement is the same however many they are."""
    if is_postgresql():
        return "= ANY(CAST(%s AS bigint[]))", array_of(ids)
    return "IN (SELECT value FROM json_each(%s))", json_text(list(ids))


def instant(moment: datetime) -> Any:
    """An instant as the ORM would write it, for statements through the cursor."""
    return connection.ops.adapt_datetimefield_value(moment)


def date_mark() -> str:
    """A parameter of type date where the statement does not say so by itself (a SELECT list)."""
    return "CAST(%s AS date)" if is_postgresql() else "%s"


def instant_mark() -> str:
    """A parameter of type instant where the statement does not say so by itself."""
    return "CAST(%s AS timestamptz)" if is_postgresql() else "%s"


def json_mark() -> str:
    """A parameter of type JSON where the statement does not say so by itself."""
    return "CAST(%s AS jsonb)" if is_postgresql() else "%s"


def read_json(value: Any) -> dict[str, Any]:
    """A JSON column read through the cursor: text on SQLite, text or already a value on PostgreSQL."""
    if not value:
        return {}
    found = json.loads(value) if isinstance(value, str) else value
    return dict(found)


def read_list(value: Any) -> list[Any]:
    """A JSON column that holds a list, read through the cursor."""
    found = json.loads(value) if isinstance(value, str) else value
    return list(found or ())


def read_date(value: Any) -> date | None:
    """A date column read through the cursor: text on SQLite."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def read_day(value: Any) -> date:
    """A date column that is never empty, read through the cursor."""
    day = read_date(value)
    assert day is not None
    return day


def read_instant(value: Any) -> datetime:
    """An instant read through the cursor: naive text in UTC on SQLite."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def draw_ids(table: str, count: int) -> list[int]:
    """`count` fresh ascending ids of a table: from its sequence, or above its maximum under SQLite's one writer."""
    return draw_many([(table, count)])[0] if count else []


def draw_many(wanted: Sequence[tuple[str, int]]) -> list[list[int]]:
    """Fresh ascending ids of several tables, each (table, how many), in one statement."""
    if is_postgresql():
        picks = ",".join(f"ARRAY(SELECT nextval(pg_get_serial_sequence('{table}','id')) FROM generate_series(1,%s))" for table, _ in wanted)
        return [sorted(ids) for ids in fetch(f"SELECT {picks}", [count for _, count in wanted])[0]]
    tops = fetch("SELECT " + ",".join(f"(SELECT COALESCE(MAX(id),0) FROM {table})" for table, _ in wanted))[0]
    return [list(range(top + 1, top + 1 + count)) for top, (_, count) in zip(tops, wanted, strict=True)]
