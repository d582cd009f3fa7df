"""基准 What the speed of a posting is measured against writes all that a posting writes, and leaves the books as right."""

from __future__ import annotations

from datetime import date

import pytest
from bench import limits, same, world
from bench.run import draft, post

from hengcang.ledger import check
from hengcang.records.models import Document

pytestmark = pytest.mark.django_db


def test_the_posting_written_by_hand_leaves_what_ours_leaves() -> None:
    made = world.masters(12)
    items, day = made.items[:10], date(2026, 3, 5)
    post(made, "purchase_receipt", draft(made, "purchase_receipt", items, day, "100"))
    for name in ("purchase_receipt", "sales_delivery"):
        by_hand, ours = (draft(made, name, items, day) for _ in range(2))
        same.post(made, same.kind_of(name), by_hand, day)
        post(made, name, ours)
        left = [Document.objects.values("state", "amount_gross", "delivery_state", "version").get(pk=one) for one in (by_hand, ours)]
        assert left[0] == left[1]
    same.post(made, same.RECEIPT, limits.draft(made, items, day), day)
    assert check.run() == []
