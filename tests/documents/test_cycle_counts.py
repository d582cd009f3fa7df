"""循环盘点 What is to be counted when: schedules, their calendar, the plans they become, and the classes they may name."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.models import User
from hengcang.analytics import alerts, remedies
from hengcang.analytics.abc_analysis import ABC_ANALYSIS
from hengcang.analytics.count_calendar import COUNT_CALENDAR
from hengcang.base import clock
from hengcang.base.book import change_book
from hengcang.core.errors import NothingToDo
from hengcang.documents.commands import Key
from hengcang.records.models import CountSchedule, Document, GoodsLine
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def at(number: int) -> AbstractContextManager[None]:
    """Ten in the morning of a day of March."""
    return clock.standing_at(datetime.combine(day(number), datetime.min.time(), timezone(timedelta(hours=8))) + timedelta(hours=10))


def stocked() -> Company:
    """Three items, of which one makes most of the sales, one some, one none; in both warehouses."""
    company = make.company()
    for code, price in (("A1", "100"), ("B1", "20"), ("C1", "5")):
        for place in ("A", "B"):
            company.receipt(day(1), "50", price, item=code, place=place)
    company.delivery(day(2), "40", item="A1")
    company.delivery(day(2), "35", item="B1")
    return company


def schedule(**values: Any) -> CountSchedule:
    defaults = {"code": "X1", "name": "每周盘 A 类", "every_days": 7, "starts_on": day(3)}
    return CountSchedule.objects.create(**{**defaults, **values})


def calendar(company: Company, **parameters: Any) -> list[tuple[str, str]]:
    """Days and what is said of them."""
    return [(row["due_date"][8:], row["situation"]) for row in COUNT_CALENDAR.run(company.viewer, parameters, 100).rows]


def plan_it(company: Company, *schedules: CountSchedule, key: str = "") -> list[Document]:
    """The plans that schedules become."""
    answer = remedies.make(company.viewer, COUNT_CALENDAR, COUNT_CALENDAR.remedies[0], [one.pk for one in schedules], Key(key, key))
    return list(Document.objects.filter(pk__in=answer["documents"]).order_by("pk"))


def test_a_schedule_comes_round_after_the_day_it_was_counted() -> None:
    company = stocked()
    one = schedule(abc_class="A", place=company.places["A"], handler=User.objects.get(username="boss"))
    with at(5):
        assert calendar(company, days=10) == [("03", "已过期 2 天"), ("10", "5 天后")]
        [plan] = plan_it(company, one)
        assert (plan.ext["schedule"], plan.ext["abc_class"], plan.source_place_id) == (one.pk, "A", company.places["A"].pk)
        assert calendar(company, days=10) == [("03", "方案待开始"), ("10", "5 天后")]
        with pytest.raises(NothingToDo):
            plan_it(company, one)
        company.act(plan)
        listed = GoodsLine.objects.filter(document=plan, role="listed")
        assert [(row.item.code, row.source_place.code) for row in listed] == [("A1", "A")]
        assert calendar(company, days=10) == [("12", "7 天后")]
    with at(12):
        assert calendar(company, days=0) == [("12", "今天")]


def test_a_plan_that_was_voided_does_not_count() -> None:
    company = stocked()
    one = schedule()
    with at(5):
        [plan] = plan_it(company, one)
        company.act(plan)
        company.act(plan, "unpost")
        company.act(plan, "void")
        assert calendar(company, days=0) == [("03", "已过期 2 天")]


def test_what_is_due_is_an_alert_to_who_may_see_the_calendar() -> None:
    company = stocked()
    schedule()
    schedule(code="X2", name="后天", starts_on=day(7))
    schedule(code="X3", name="停用", active=False)
    with at(5):
        assert [(one["name"], one["count"]) for one in alerts.alerts(company.viewer) if one["name"] == "count_due"] == [("count_due", 1)]
        clerk = replace(company.viewer, administrator=False, permissions=frozenset({("stock_on_hand", "view")}))
        assert [one for one in alerts.alerts(clerk) if one["name"] == "count_due"] == []


def test_who_keeps_one_warehouse_sees_its_schedules() -> None:
    company = stocked()
    schedule()
    schedule(code="X2", name="B 仓", place=company.places["B"])
    keeper = replace(company.viewer, administrator=False, scopes={"warehouse": frozenset({company.places["B"].pk})})
    keeper = replace(keeper, permissions=frozenset({("*", "*")}))
    with at(5):
        rows = list(COUNT_CALENDAR.run(keeper, {"days": 0}, 100).rows)
    assert [row["schedule_name"] for row in rows] == ["X2 B 仓"]


def test_the_classes_of_items_follow_what_was_used_of_them() -> None:
    company = stocked()
    with at(5):
        rows = list(ABC_ANALYSIS.run(company.viewer, {}, 100).rows)
        shown = [(row["item_code"], row["abc_class"], row["used_value"], row["share"], row["through"]) for row in rows]
        assert shown == [("A1", "A", "4000", "85.11", "85.11"), ("B1", "B", "700", "14.89", "100.00"), ("C1", "C", "0", "0.00", "100.00")]
        change_book(abc_first=90, abc_second=100)
        assert [row["abc_class"] for row in ABC_ANALYSIS.run(company.viewer, {}, 100).rows] == ["A", "A", "C"]
        assert [row["item_code"] for row in ABC_ANALYSIS.run(company.viewer, {"abc_class": "C"}, 100).rows] == ["C1"]
    company.act(Document.objects.filter(type="sales_delivery").latest("pk"), "unpost")
    with at(5):
        assert [row["used_value"] for row in ABC_ANALYSIS.run(company.viewer, {}, 100).rows] == ["4000", "0", "0"]


def test_what_was_used_long_ago_does_not_count() -> None:
    company = stocked()
    with clock.standing_at(datetime(2027, 3, 1, 10, tzinfo=timezone(timedelta(hours=8)))):
        assert {row["abc_class"] for row in ABC_ANALYSIS.run(company.viewer, {}, 100).rows} == {"C"}
        assert [row["abc_class"] for row in ABC_ANALYSIS.run(company.viewer, {"months": 13}, 100).rows] == ["A", "B", "C"]


def test_the_statements_of_the_calendar_do_not_grow() -> None:
    company = stocked()
    counts = []
    for size in (1, 6):
        for number in range(size):
            schedule(code=f"Y{size}{number}", name="盘", place=company.places["A"])
        with at(5), CaptureQueriesContext(connection) as asked:
            assert len(calendar(company, days=0)) == sum((1, 6)[: len(counts) + 1])
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 5
