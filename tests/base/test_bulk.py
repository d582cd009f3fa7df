"""Rows written in bulk arrive as they are, and what is sent together is sent once; on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.base import bulk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe")]

TEXTS = ["", "NULL", "null", '"', "\\", '\\"', "{a,b}", "a,b", " blank ", "it's", "%s", "螺丝 M6×20", "line\nbreak", "\t"]


@pytest.fixture
def probe() -> None:
    """Two tables of names and amounts, gone with the test's transaction."""
    bulk.column_types.cache_clear()
    for table in ("bulk_probe", "bulk_other"):
        bulk.execute(f"CREATE TABLE {table} (name varchar(40) PRIMARY KEY, amount bigint)")
        if bulk.is_postgresql():
            bulk.column_types(connection.alias, table)


def kept(table: str = "bulk_probe") -> dict[str, int]:
    return dict(bulk.fetch(f"SELECT name, amount FROM {table}"))


@pytest.mark.parametrize("count", [1, 3_000], ids=["arrays", "beyond arrays"])
def test_any_text_arrives_as_it_is(count: int) -> None:
    rows = [(f"{text}{'' if at < len(TEXTS) else at}", at) for at, text in zip(range(max(count, len(TEXTS))), TEXTS * count, strict=False)]
    bulk.insert_rows("bulk_probe", ("name", "amount"), rows)
    assert kept() == dict(rows)


def test_additions_add_and_updates_set() -> None:
    bulk.add_rows("bulk_probe", ("name",), ("amount",), [("a", 1), ("b", 2)])
    bulk.add_rows("bulk_probe", ("name",), ("amount",), [("b", 3), ("c", 4)])
    assert kept() == {"a": 1, "b": 5, "c": 4}


@pytest.mark.parametrize("ids", [[], [2], [1, 3]])
def test_a_condition_on_ids_finds_those_and_no_others(ids: list[int]) -> None:
    bulk.insert_rows("bulk_probe", ("name", "amount"), [(name, at) for at, name in enumerate("abc", start=1)])
    chosen, parameter = bulk.among(ids)
    assert [row[0] for row in bulk.fetch(f"SELECT amount FROM bulk_probe WHERE amount {chosen} ORDER BY amount", [parameter])] == ids


def statements(act: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in captured.captured_queries)


def test_what_is_written_together_is_one_statement_on_postgresql() -> None:
    def act() -> None:
        with bulk.together():
            bulk.insert_rows("bulk_probe", ("name", "amount"), [("a", 1)])
            bulk.insert_rows("bulk_other", ("name", "amount"), [("b", 2)])

    assert statements(act) == (1 if bulk.is_postgresql() else 2)
    assert (kept(), kept("bulk_other")) == ({"a": 1}, {"b": 2})


def test_a_read_and_a_second_write_to_a_table_see_what_was_written_before() -> None:
    with bulk.together():
        bulk.add_rows("bulk_probe", ("name",), ("amount",), [("a", 1)])
        assert bulk.fetch("SELECT amount FROM bulk_probe") == [(1,)]
        bulk.add_rows("bulk_probe", ("name",), ("amount",), [("a", 1)])
        bulk.add_rows("bulk_probe", ("name",), ("amount",), [("a", 1)])
    assert kept() == {"a": 3}


def test_what_waits_when_an_error_is_raised_is_not_written_later() -> None:
    with pytest.raises(ZeroDivisionError), bulk.together():
        bulk.add_rows("bulk_probe", ("name",), ("amount",), [("lost on PostgreSQL", 1)])
        raise ZeroDivisionError
    assert bulk.waiting.writes is None
    bulk.add_rows("bulk_probe", ("name",), ("amount",), [("a", 1)])
    assert kept().get("lost on PostgreSQL") == (None if bulk.is_postgresql() else 1)


def test_fresh_ids_of_several_tables_ascend_and_are_free() -> None:
    series_ids, nothing = bulk.draw_many([("records_document", 3), ("records_goodsline", 0)])
    assert len(series_ids) == 3 and series_ids == sorted(set(series_ids)) and nothing == []
