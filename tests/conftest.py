"""Test set-up: one database per run (SQLite, or the one DATABASE_URL names), invariants after every database test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from importlib import import_module
from typing import Any

os.environ.setdefault("HENGCANG_HOME", tempfile.mkdtemp(prefix="hengcang-test-"))
os.environ.setdefault("HENGCANG_SECRET_KEY", "for-tests-only")

import pytest

from hengcang.meta.english import speak

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}


def pytest_configure(config: pytest.Config) -> None:
    """The markers of this proof."""
    config.addinivalue_line("markers", "tampers: breaks the books on purpose, so that no check follows")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """A SQLite file of this process's own, in memory where the system offers that; settings were read before this file was."""
    from django.db import connection

    if connection.vendor != "sqlite":
        yield
        return
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="hengcang-test-", dir=memory) as folder:
        connection.settings_dict["TEST"]["NAME"] = os.path.join(folder, "test.sqlite3")
        yield


@pytest.fixture(scope="session", autouse=True)
def emptied_in_spite_of_triggers() -> Iterator[None]:
    """SQLite empties tables by DELETE, which append-only tables refuse: their triggers are lifted around it."""
    from django.db.backends.sqlite3.base import DatabaseOperations

    from hengcang.base.append_only import lifted

    plain = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: DatabaseOperations, statements: list[str]) -> Any:
        with lifted(guarded_tables()):
            return plain(self, statements)

    DatabaseOperations.execute_sql_flush = execute_sql_flush  # type: ignore[method-assign]
    yield
    DatabaseOperations.execute_sql_flush = plain  # type: ignore[method-assign]


SEEDS = (
    "hengcang.access.migrations.0002_preset_roles",
    "hengcang.places.migrations.0002_virtual_places",
    "hengcang.places.migrations.0003_expense_categories",
    "hengcang.accounting.migrations.0001_initial",
)


@pytest.fixture(scope="session", autouse=True)
def seeded_after_every_flush() -> Iterator[None]:
    """A test that commits ends by emptying every table: what migrations put there is put there again."""
    from django.apps import apps
    from django.db.models.signals import post_migrate

    def seed(**_: Any) -> None:
        if not apps.get_model("places", "Place").objects.exists():
            for name in SEEDS:
                import_module(name).forwards(apps, None)

    owner = apps.get_app_config("ledger")
    post_migrate.connect(seed, sender=owner, weak=False)
    yield
    post_migrate.disconnect(seed, sender=owner)


def guarded_tables() -> list[str]:
    """The append-only tables of a SQLite database."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name FROM sqlite_master WHERE type='trigger' AND name LIKE '%_no_delete'")
        return [row[0] for row in cursor.fetchall()]


def uses_database(request: pytest.FixtureRequest) -> bool:
    """Whether the test touches the test database."""
    marked = request.node.get_closest_marker("django_db") is not None
    return marked or not DATABASE_FIXTURES.isdisjoint(request.fixturenames)


@pytest.fixture(autouse=True)
def chinese() -> None:
    """Every test begins in Chinese: the language of a request stays with its thread until the next."""
    speak("zh")


@pytest.fixture(autouse=True)
def books_stand(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test that used the database every invariant holds, unless the test broke one on purpose."""
    if not uses_database(request):
        yield
        return
    from hengcang.base.book import forget_book

    request.getfixturevalue("_django_db_helper")
    forget_book()
    yield
    if request.node.get_closest_marker("tampers") is None:
        assert_books_stand()
    forget_book()


def assert_books_stand() -> None:
    """Fails with the faults, if there are any."""
    from hengcang.base import audit
    from hengcang.ledger import check

    audit.seal(everything=True)
    faults = check.run()
    assert not faults, "\n" + "\n".join(str(fault) for fault in faults)
