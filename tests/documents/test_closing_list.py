"""结账清单 What is shown before a month is closed, and months closed one after the other."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.analytics.alerts import bought_types
from hengcang.base import clock
from hengcang.base.book import load_book
from hengcang.core.errors import InvalidDocument
from hengcang.core.period_errors import PeriodEnd, PeriodNotOver
from hengcang.documents import closing_run
from hengcang.documents.closing_checks import checklist, refuse_wrong_end
from hengcang.meta import registry
from hengcang.meta.english import speak
from hengcang.records.models import Document
from tests import make
from tests.make import day

pytestmark = pytest.mark.django_db
MARCH, TODAY = date(2026, 3, 31), date(2026, 6, 10)


def found(closing: int = 0) -> dict[str, tuple[str, int]]:
    """Severity and count of the points with something found."""
    shown = checklist(load_book(), MARCH, TODAY, closing)
    assert shown["refusal"] is None
    return {one["code"]: (one["severity"], one["count"]) for one in shown["points"] if one["count"]}


def test_every_point_says_what_it_found_and_a_clean_month_says_nothing() -> None:
    company = make.company(negative_stock="allow")
    company.receipt(day(1), "10", "10")
    assert found() == {}
    company.delivery(day(3), "2", item="N")
    item = company.item().pk
    place, other = company.places["A"].pk, company.places["B"].pk
    company.posted("transfer_out", day(4), [{"item": item, "quantity": "3"}], source_place=place, target_place=other)
    waiting = [{"item": item, "quantity": "5"}]
    company.posted("purchase_receipt", day(5), waiting, party=company.supplier.pk, target_place=place, inspect=True)
    draft = company.draft("sales_delivery", day(6), waiting, party=company.customer.pk, source_place=place)
    closing = company.draft("period_close", MARCH)
    assert found(closing.pk) == {
        "open_drafts": ("blocks", 1),
        "negative_stock": ("warns", 1),
        "unpriced": ("warns", 1),
        "in_transit": ("notes", 1),
        "to_inspect": ("notes", 1),
    }
    points = {one["code"]: one["samples"] for one in checklist(load_book(), MARCH, TODAY, closing.pk)["points"]}
    assert points["open_drafts"] == [{"text": f"销售出库单 草稿 #{draft.pk}", "type": "sales_delivery", "id": draft.pk, "item": 0}]
    assert points["negative_stock"] == [{"text": "N 商品N（A仓）", "type": "", "id": 0, "item": company.item("N").pk}]
    assert [one["text"] for one in points["in_transit"] + points["to_inspect"]] == ["M6 商品M6（A仓·在途）", "M6 商品M6（A仓·待检）"]


def test_a_day_that_cannot_be_closed_says_which_one_can() -> None:
    company = make.company()
    company.receipt(day(1), "10", "10")
    shown = checklist(load_book(), date(2026, 3, 15), TODAY)
    assert "2026-03-31" in shown["refusal"]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [("2026-06-30", "这一天还没有到"), ("2026-06-09", "不是月末"), ("2026-05-31", "已结账到 2026-05-31，要逐月结账")],
)
def test_a_month_that_is_still_running_is_not_to_be_closed_on_a_day_that_is(asked: str, reason: str) -> None:
    with pytest.raises(PeriodNotOver) as refused:
        refuse_wrong_end(date.fromisoformat(asked), date(2026, 5, 31), TODAY)
    assert refused.value.message() == f"{asked} 不能结账：{reason}。下一个要结的月份到 2026-06-30 才结束，请过完这一天再结账。"


@pytest.mark.parametrize(
    ("asked", "closed", "today", "wanted"),
    [
        (date(2026, 6, 30), None, TODAY, "2026-05-31"),
        (date(2026, 6, 9), None, TODAY, "2026-05-31"),
        (date(2026, 7, 9), None, date(2026, 6, 30), "2026-06-30"),
        (date(2026, 6, 30), MARCH, TODAY, "2026-04-30"),
    ],
)
def test_the_day_that_is_advised_can_be_closed(asked: date, closed: date | None, today: date, wanted: str) -> None:
    with pytest.raises(PeriodEnd) as refused:
        refuse_wrong_end(asked, closed, today)
    assert refused.value.params["wanted"] == wanted
    refuse_wrong_end(date.fromisoformat(wanted), closed, today)


def test_the_list_refuses_in_the_language_of_who_asks() -> None:
    make.company()
    speak("en")
    try:
        assert checklist(load_book(), date(2026, 3, 15), TODAY)["refusal"] == "2026-03-15 cannot be closed; the date should be 2026-03-31."
    finally:
        speak("zh")


def test_what_was_made_is_not_waiting_for_its_price() -> None:
    company = make.company()
    company.receipt(day(1), "10", "10")
    place = company.places["A"].pk
    order = company.posted("production_order", day(2), [{"item": company.item("桌").pk, "quantity": "1"}], target_place=place)
    line = order.goods_lines.get(revision=order.revision)
    made = [{"item": line.item_id, "quantity": "1", "source_line": line.pk}]
    company.posted("finished_receipt", day(3), made, target_place=place, party=company.supplier.pk)
    assert "unpriced" not in found()
    assert [one.name for one in registry.documents().values() if one.buys] == ["purchase_receipt"]
    assert bought_types() == ["purchase_receipt"]


@pytest.mark.tampers
def test_books_that_do_not_hold_are_told_in_the_words_of_the_check_that_found_it() -> None:
    company = make.company()
    receipt = company.receipt(day(1), "10", "10")
    Document.objects.filter(pk=receipt.pk).update(number=None)
    shown = checklist(load_book(), MARCH, TODAY)
    point = next(one for one in shown["points"] if one["code"] == "I-27")
    wanted = f"草稿已有单号，或已离开草稿而无单号：document={receipt.pk}，type=purchase_receipt，number=None，state=posted"
    assert point["samples"][0]["text"] == wanted
    with pytest.raises(InvalidDocument) as refused:
        company.act(company.draft("period_close", MARCH))
    told = [one for one in refused.value.errors if one.code == "books_broken"]
    assert [one.params["id"] for one in told] == ["I-27"]
    assert told[0].message().startswith(f"账簿检查 I-27 未通过：{wanted}、单号有断号、重号：")


def test_the_list_asks_as_many_statements_for_many_documents_as_for_few() -> None:
    company = make.company()

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            checklist(load_book(), MARCH, TODAY)
        return len(captured.captured_queries)

    company.receipt(day(1), "10", "10")
    few = asked()
    for at in range(12):
        lines = [{"item": company.item(f"I{at}").pk, "quantity": "1"}]
        company.draft("purchase_receipt", day(2), lines, party=company.supplier.pk, target_place=company.places["A"].pk)
    assert asked() == few <= 20


def test_months_are_closed_one_after_the_other_until_something_stands_against_it() -> None:
    company = make.company()
    with clock.standing_at(datetime(2026, 6, 10, 12, tzinfo=timezone(timedelta(hours=8)))):
        company.receipt(day(1), "10", "10")
        company.receipt(date(2026, 4, 2), "10", "20")
        begun = company.draft("period_close", MARCH)
        lines = [{"item": company.item().pk, "quantity": "1", "unit_price_net": "1"}]
        waiting = company.draft("sales_delivery", date(2026, 5, 3), lines, party=company.customer.pk, source_place=company.places["A"].pk)
        closing = closing_run.close_through(company.viewer, date(2026, 5, 1))
        assert [next(closing).through for _ in range(2)] == [MARCH, date(2026, 4, 30)]
        with pytest.raises(InvalidDocument):
            next(closing)
        assert load_book().closed_through == date(2026, 4, 30)
        begun.refresh_from_db()
        assert begun.state == "posted"
        company.act(waiting)
        assert [one.through for one in closing_run.close_through(company.viewer, date(2026, 5, 31))] == [date(2026, 5, 31)]
        assert Document.objects.filter(type="period_close", state="posted").count() == 3
