"""核心测试 Tests of the core: pure Python, no database."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "mutation: plants mistakes in the core and expects the tests to find them")
