"""检查用语 Words of the checks: what a check is, what a fault is, and how rows are read.

A check is a question to the database whose answer must be empty. Rows are shown as dicts with Decimal quantities and
amounts; at most `SHOWN` of a check, since one is enough to be alarmed and twenty are enough to see the pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection

from hengcang.base import bulk
from hengcang.core.amounts import to_decimal
from hengcang.meta import registry

SHOWN = 20
SCALED = ("quantity", "value", "amount", "stored", "rebuilt", "open", "reserved", "counted", "recorded", "replayed")

Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """不符 An invariant that does not hold: its id, what it says, and the first rows that break it."""

    id: str
    text: str
    rows: Sequence[Found]

    def __str__(self) -> str:
        """For a person: the sentence and its rows, one a line."""
        return "\n  ".join([f"{self.id} {self.text}", *(str(row) for row in self.rows)])


@dataclass(frozen=True, slots=True)
class Check:
    """检查 One invariant: `find` gives the rows that break it."""

    id: str
    text: str
    find: Callable[[], Iterator[Found]]


def ordinal(column: str) -> str:
    """The date ordinal of a date column, as a move's `day` is."""
    if bulk.is_postgresql():
        return f"({column} - DATE '0001-01-01' + 1)"
    return f"CAST(julianday({column}) - 1721424.5 AS integer)"


def quoted(names: Iterable[str]) -> str:
    """Names as the list of an IN; never empty."""
    return ",".join(f"'{name}'" for name in sorted(names)) or "''"


def closing_types() -> str:
    """The types whose documents close a period."""
    return quoted(one.name for one in registry.documents().values() if one.closes)


def yyyymm(column: str) -> str:
    """The month of a date column, as a move's `month` is."""
    if bulk.is_postgresql():
        return f"CAST(EXTRACT(YEAR FROM {column})*100 + EXTRACT(MONTH FROM {column}) AS integer)"
    return f"CAST(strftime('%%Y%%m', {column}) AS integer)"


def is_true(column: str, name: str) -> str:
    """Whether a JSON column holds true under a name."""
    if bulk.is_postgresql():
        return f"COALESCE({column}->>'{name}', '')='true'"
    return f"COALESCE(json_extract({column},'$.{name}'), 0)=1"


def shown(name: str, value: Any) -> Any:
    """A value of a fault's row for a person."""
    if value is not None and any(part in name for part in SCALED):
        return to_decimal(int(value))
    return value


def named(sql: str, parameters: Sequence[Any] = ()) -> Iterator[Found]:
    """The first rows of a statement, by column name."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters) or None)
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchmany(SHOWN):
            yield {name: shown(name, value) for name, value in zip(names, row, strict=True)}


def by_sql(check_id: str, text: str, sql: str | Callable[[], str]) -> Check:
    """A check that is one statement; a function where the statement differs by database."""

    def find() -> Iterator[Found]:
        statement = sql() if callable(sql) else sql
        return named(statement.replace("%%", "%"))

    return Check(check_id, text, find)


def differing(keys: str, stored: str, rebuilt: str) -> str:
    """A statement that compares two sets of (keys, amount): what is stored, and what the rows give.

    Both parts select the key columns and then one amount. Nothing is joined, so a row missing on either side shows.
    """
    return (
        f"SELECT {keys}, CAST(SUM(stored) AS bigint) AS stored, CAST(SUM(rebuilt) AS bigint) AS rebuilt FROM ("
        f"SELECT {keys}, amount AS stored, 0 AS rebuilt FROM ({stored}) s "
        f"UNION ALL SELECT {keys}, 0, amount FROM ({rebuilt}) r) x GROUP BY {keys} HAVING SUM(stored)<>SUM(rebuilt)"
    )


def unlike(keys: str, names: Sequence[str], stored: str, rebuilt: str) -> str:
    """As `differing`, for several amounts at once: what is stored less what the rows give, where that is not zero."""
    columns = ", ".join(names)
    negated = ", ".join(f"-{name}" for name in names)
    sums = ", ".join(f"CAST(SUM({name}) AS bigint) AS {name}_too_much" for name in names)
    return (
        f"SELECT {keys}, {sums} FROM (SELECT {keys}, {columns} FROM ({stored}) s UNION ALL SELECT {keys}, {negated} FROM ({rebuilt}) r) x "
        f"GROUP BY {keys} HAVING {' OR '.join(f'SUM({name})<>0' for name in names)}"
    )


def first(rows: Iterator[Found]) -> list[Found]:
    """As many rows as are shown."""
    return list(islice(rows, SHOWN))
