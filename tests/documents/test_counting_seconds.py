"""盘点录入的辅助数量: heads and weight entered by many, what a pass knows of them, and what the stock count books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.models import User
from hengcang.access.viewer import Viewer
from hengcang.analytics.count_differences import COUNT_DIFFERENCES
from hengcang.base.book import change_book
from hengcang.catalog.models import Unit
from hengcang.core.errors import FieldInvalid
from hengcang.documents import count_entries, count_figures, count_results
from hengcang.documents.count_entries import Counted
from hengcang.ledger.models import StockBalance
from hengcang.meta import registry
from hengcang.records.models import CountEntry, Document, GoodsLine
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Company:
    """25.3 斤 of hens, 10 只, and 30 M8 at A."""
    found = make.company()
    unit = Unit.objects.create(code="jin", name="斤", decimals=2)
    head = Unit.objects.create(code="zhi", name="只", decimals=0)
    found.item("鸡", name="土鸡", base_unit=unit, second_unit=head, second_factor=Decimal("2.5"))
    change_book(second_units=True)
    found.receipt(day(1), "25.3", "10", item="鸡", second_quantity="10")
    found.receipt(day(1), "30", "2", item="M8")
    return found


def counter(name: str) -> Viewer:
    """Somebody who may count and nothing else."""
    user = User.objects.create(username=name, display_name=name)
    return Viewer(user.pk, name, permissions=frozenset({("count_plan", "count")}))


def line_of(plan: Document, code: str) -> int:
    """The line of an item on the plan's list."""
    return GoodsLine.objects.get(document=plan, revision=plan.revision, role="listed", item__code=code).pk


def enter(
    who: Viewer, plan: Document, quantity: str, second: str | None, *, sets: bool = True, code: str = "鸡", **more: Any
) -> dict[str, Any]:
    """One entry."""
    heads = None if second is None else Decimal(second)
    counted = Counted(line_of(plan, code), quantity=Decimal(quantity), sets=sets, second=heads, **more)
    return count_entries.enter(who, registry.document("count_plan"), plan.pk, counted)


def settled(company: Company, plan: Document) -> Document:
    """The count that the plan becomes; what nobody counted is left out."""
    answer = count_results.settle(company.viewer, registry.document("count_plan"), plan.pk, "leave")
    return Document.objects.get(pk__in=answer["documents"])


def held(company: Company) -> tuple[str, str]:
    """Quantity and second quantity of the hens."""
    row = StockBalance.objects.get(item=company.items["鸡"])
    return f"{row.quantity.normalize():f}", f"{row.second_quantity.normalize():f}"


def test_heads_and_weight_of_many_add_up_and_the_count_books_both_differences(at: Company) -> None:
    plan = at.posted("count_plan", day(5))
    one, other = counter("甲"), counter("乙")
    assert enter(one, plan, "10.3", "4") | {"entry": 0} == {
        "document": plan.pk, "entry": 0, "line": line_of(plan, "鸡"), "phase": "first", "own": "10.3", "own_second": "4",
    }  # fmt: skip
    assert enter(other, plan, "12", "4", sets=False)["own_second"] == "4"
    assert enter(other, plan, "2.5", "1", sets=False)["own_second"] == "5"
    (entry, *_) = count_entries.own_entries(other, registry.document("count_plan"), plan.pk)
    assert (entry["quantity"], entry["unit"], entry["second_quantity"], entry["second_unit"]) == ("2.5", "斤", "1", "只")
    count = settled(at, plan)
    (line,) = count.goods_lines.all()
    assert (str(line.quantity), str(line.second_quantity)) == ("24.8", "9")
    at.act(count)
    assert held(at) == ("24.8", "9")
    at.act(count, "unpost")
    assert held(at) == ("25.3", "10")


def test_heads_are_unknown_where_somebody_weighed_without_counting_and_known_again_once_he_did(at: Company) -> None:
    plan = at.posted("count_plan", day(5))
    one, other = counter("甲"), counter("乙")
    enter(one, plan, "10.3", "4")
    weighed = enter(other, plan, "10", None)
    assert weighed["own_second"] is None
    (line,) = settled(at, plan).goods_lines.all()
    assert (str(line.quantity), line.second_quantity) == ("20.3", None)
    again = at.posted("count_plan", day(6))
    enter(other, again, "10", None)
    enter(other, again, "10", "5")
    enter(one, again, "10.3", "4")
    (line,) = settled(at, again).goods_lines.all()
    assert (str(line.quantity), str(line.second_quantity)) == ("20.3", "9")


def test_a_withdrawn_entry_takes_its_heads_along(at: Company) -> None:
    plan, who = at.posted("count_plan", day(5)), counter("甲")
    enter(who, plan, "10", "4")
    wrong = enter(who, plan, "10", "14", sets=False)
    count_entries.withdraw(who, registry.document("count_plan"), plan.pk, wrong["entry"])
    (line,) = settled(at, plan).goods_lines.all()
    assert (str(line.quantity), str(line.second_quantity)) == ("10", "4")


@pytest.mark.parametrize(
    ("quantity", "second", "code", "reason"),
    [
        ("10", "0", "鸡", "数量不为 0，辅助数量也不能为 0"),
        ("0", "3", "鸡", "数量为 0，辅助数量也应为 0"),
        ("10", "3.5", "鸡", "辅助单位没有小数"),
        ("10", "3", "M8", "这个商品没有辅助单位，请清空辅助数量"),
    ],
)
def test_heads_that_do_not_fit_are_refused(at: Company, quantity: str, second: str, code: str, reason: str) -> None:
    plan = at.posted("count_plan", day(5))
    with pytest.raises(FieldInvalid) as refused:
        enter(counter("甲"), plan, quantity, second, code=code)
    assert (refused.value.path, refused.value.params["reason"]) == ("second_quantity", reason)
    assert CountEntry.objects.count() == 0


def test_heads_alone_that_differ_are_counted_again_and_the_report_says_by_how_many(at: Company) -> None:
    plan = at.posted("count_plan", day(5), blind=False)
    enter(counter("甲"), plan, "25.3", "9")
    header = {"id": plan.pk, "revision": plan.revision, "document_date": plan.document_date, "ext": plan.ext}
    figure = count_figures.figures(header)[line_of(plan, "鸡")]
    assert (figure.book_second, figure.second_of("first"), figure.differs("first")) == (Decimal(10), Decimal(9), True)
    declaration, another = registry.document("count_plan"), counter("乙")
    (task,) = count_results.tasks(another, declaration, plan.pk, "second")["rows"]
    assert (task["second_unit"], task["book_second"], task["own_second"]) == ("只", "10", None)
    row = next(row for row in COUNT_DIFFERENCES.run(at.viewer, {}).rows if row["item_code"] == "鸡")
    assert [row[name] for name in ("book_second", "final_second", "difference_second", "second_unit")] == ["10", "9", "-1", "只"]
    enter(another, plan, "25.3", "10", phase="second")
    count = settled(at, plan)
    at.act(count)
    assert held(at) == ("25.3", "10")


def test_of_a_blind_plan_a_counter_is_not_told_the_heads_of_the_books(at: Company) -> None:
    plan = at.posted("count_plan", day(5), blind=True)
    rows = count_results.tasks(counter("甲"), registry.document("count_plan"), plan.pk, "first")["rows"]
    hens = next(row for row in rows if row["item_code"] == "鸡")
    assert "book_second" not in hens and "book_quantity" not in hens and hens["second_unit"] == "只"
    assert "second_unit" not in next(row for row in rows if row["item_code"] == "M8")


def test_figures_take_one_statement_more_with_second_units_however_many_lines(at: Company) -> None:
    def statements() -> int:
        plan = at.posted("count_plan", day(5))
        header = {"id": plan.pk, "revision": plan.revision, "document_date": plan.document_date, "ext": plan.ext}
        with CaptureQueriesContext(connection) as captured:
            count_figures.figures(header)
        return len(captured.captured_queries)

    few = statements()
    hen = at.items["鸡"]
    for number in range(12):
        at.item(f"鸭{number}", base_unit=hen.base_unit, second_unit=hen.second_unit, second_factor=Decimal(3))
        at.receipt(day(2), "30", "10", item=f"鸭{number}", second_quantity="10")
    assert statements() == few
