"""畅销商品 Best sellers: what was sold and stayed sold."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from hengcang.analytics.home import home
from hengcang.base import clock
from tests import make
from tests.make import day


@pytest.mark.django_db
def test_a_reversed_delivery_counts_as_nothing_in_the_month_it_was_made_and_in_the_month_it_was_reversed() -> None:
    company = make.company()
    company.receipt(day(1), "10", "10")
    kept, undone = company.delivery(day(5), "2", price="20"), company.delivery(day(6), "3", price="20")
    for number in (10, 40):
        with clock.standing_at(datetime.combine(day(number), datetime.min.time(), timezone(timedelta(hours=8)))):
            if undone.state == "posted":
                company.act(undone, "reverse", reason="错")
            found = [(row["quantity"], row["amount"]) for row in home(company.viewer)["best_sellers"]]
        assert found == ([("2", "40")] if number == 10 else [])
    assert kept.state == "posted" and undone.state == "reversed"
