"""登记全部基础资料 Every master is declared, whatever else a test run has put into the registry."""

from __future__ import annotations

import pytest

from hengcang.catalog.declare import MASTERS as CATALOG
from hengcang.meta import marks, registry
from hengcang.meta.people import MASTERS as PEOPLE
from hengcang.parties.declare import MASTERS as PARTIES
from hengcang.places.declare import MASTERS as PLACES


@pytest.fixture(autouse=True)
def masters_alone(monkeypatch):
    for name in ("_documents", "_masters", "_reports", "_collections"):
        monkeypatch.setattr(registry, name, {})
    monkeypatch.setattr(marks, "_markers", {})
    registry.register(*PEOPLE, *PLACES, *PARTIES, *CATALOG)
