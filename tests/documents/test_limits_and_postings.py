"""限额与记账 Whoever changes limits waits for postings at the gate, and locks no row that a posting may wait for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.documents.gate import GATE
from hengcang.ledger.models import StockAlert
from hengcang.meta import masters, registry
from tests import make
from tests.make import day

pytestmark = pytest.mark.django_db


def test_limits_change_alone_with_the_books_and_lock_no_balance() -> None:
    company = make.company()
    company.receipt(day(1), "10", "2")
    limits = [{"place": company.places["A"].pk, "stock_min": "12"}]
    with CaptureQueriesContext(connection) as captured:
        masters.save_master(registry.masters()["item"], {"limits": limits}, company.viewer, company.item().pk)
    assert list(StockAlert.objects.values_list("kind", "quantity", "bound", "live")) == [("below_min", Decimal(10), Decimal(12), True)]
    said = [one["sql"] for one in captured]
    written = next(at for at, sql in enumerate(said) if "INSERT INTO ledger_stockalert" in sql)
    assert [sql for sql in said if "ledger_stockbalance" in sql and "FOR UPDATE" in sql] == []
    if connection.vendor == "postgresql":
        assert f"pg_advisory_xact_lock({GATE})" in said[written - 1]
