"""盘点方案 Count plans: frozen books, many counters, second counts by others, and stock counts at the plan's position."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.models import User
from hengcang.access.viewer import Viewer
from hengcang.core import count_errors, errors
from hengcang.documents import count_entries, count_figures, count_results, drafts
from hengcang.documents.count_entries import Counted
from hengcang.ledger import queries
from hengcang.ledger.models import SerialPlace, StockMove
from hengcang.meta import english, registry
from hengcang.places.models import Place
from hengcang.records.models import CountEntry, Document, GoodsLine
from tests import make
from tests.make import Company, day


@pytest.fixture
def company(db: None) -> Company:
    """M6: 100 at A and 40 at B; M8: 30 at A."""
    made = make.company()
    made.receipt(day(1), "100", "10")
    made.receipt(day(1), "40", "10", place="B")
    made.receipt(day(1), "30", "2", item="M8")
    return made


def person(company: Company, name: str) -> Viewer:
    """Somebody who may count and nothing else."""
    user = User.objects.create(username=name, display_name=name)
    return Viewer(user.pk, name, permissions=frozenset({("count_plan", "count")}))


def plan(company: Company, **header: Any) -> Document:
    """A plan that runs."""
    return company.posted("count_plan", day(5), **header)


def lines(document: Document) -> dict[tuple[str, str], int]:
    """Lines of its list by item code and place."""
    rows = GoodsLine.objects.filter(document=document, revision=document.revision, role="listed").order_by("position")
    return {(row.item.code, row.source_place.code if row.source_place else ""): row.pk for row in rows}


DECLARATION = "count_plan"


def enter(who: Viewer, document: Document, line: int, quantity: str | None, phase: str = "first", **more: Any) -> dict[str, Any]:
    """One entry."""
    counted = Counted(line, phase, None if quantity is None else Decimal(quantity), **more)
    return count_entries.enter(who, registry.document(DECLARATION), document.pk, counted)


def settle(company: Company, document: Document, uncounted: str = "") -> list[Document]:
    """The documents that the plan becomes."""
    answer = count_results.settle(company.viewer, registry.document(DECLARATION), document.pk, uncounted)
    return list(Document.objects.filter(pk__in=answer["documents"]).order_by("pk"))


def test_posting_freezes_the_books_and_lists_what_is_there(company: Company) -> None:
    document = plan(company)
    place = {code: one.code for code, one in company.places.items()}
    listed = GoodsLine.objects.filter(document=document, role="listed").order_by("position")
    assert [(row.item.code, row.source_place and row.source_place.code, row.book_quantity) for row in listed] == [
        ("M6", place["A"], Decimal(100)),
        ("M8", place["A"], Decimal(30)),
        ("M6", place["B"], Decimal(40)),
    ]
    assert document.number == "PDFA-20260305-0001" and document.ext["freeze"] > 0
    assert document.source_place_id is None


def test_a_scope_limits_the_list_and_an_empty_one_is_refused(company: Company) -> None:
    assert list(lines(plan(company, source_place=company.places["B"].pk))) == [("M6", company.places["B"].code)]
    chosen = [{"item": company.item("M8").pk}, {"item": company.item("M6").pk, "source_place": company.places["B"].pk}]
    document = company.draft("count_plan", day(5), chosen)
    company.act(document)
    assert list(lines(document)) == [("M8", company.places["A"].code), ("M6", company.places["B"].code)]
    nothing = company.draft("count_plan", day(5), [{"item": company.item("M9").pk}])
    with pytest.raises(count_errors.NothingToCount):
        company.act(nothing)
    nothing.refresh_from_db()
    assert (nothing.state, nothing.number, "freeze" in nothing.ext) == ("draft", None, False)


def test_what_is_gone_is_listed_only_where_all_that_moved_is_counted(company: Company) -> None:
    company.delivery(day(2), "30", item="M8")
    a = company.places["A"].code
    assert ("M8", a) not in lines(plan(company))
    assert ("M8", a) in lines(plan(company, objects="moved"))


def test_entries_of_many_add_up_and_a_typed_quantity_replaces_ones_own(company: Company) -> None:
    document = plan(company)
    line = lines(document)["M6", company.places["A"].code]
    zhang, li = person(company, "张三"), person(company, "李四")
    assert enter(zhang, document, line, "1")["own"] == "1"
    assert enter(zhang, document, line, "1")["own"] == "2"
    assert enter(li, document, line, "38")["own"] == "38"
    assert enter(zhang, document, line, "60", sets=True)["own"] == "60"
    last = enter(zhang, document, line, "1")
    assert last["own"] == "61"
    header = count_results.plan_of(registry.document(DECLARATION), document.pk)
    assert count_figures.figures(header)[line].counted == {"first": Decimal(99)}
    count_entries.withdraw(zhang, registry.document(DECLARATION), document.pk, last["entry"])
    assert count_figures.figures(header)[line].counted == {"first": Decimal(98)}
    with pytest.raises(count_errors.NotOwnEntry):
        count_entries.withdraw(zhang, registry.document(DECLARATION), document.pk, last["entry"])
    assert CountEntry.objects.count() == 5


def test_second_counts_are_of_lines_that_differ_by_somebody_else(company: Company) -> None:
    document = plan(company)
    found = lines(document)
    at = company.places["A"].code
    zhang, li = person(company, "张三"), person(company, "李四")
    enter(zhang, document, found["M6", at], "98")
    enter(zhang, document, found["M8", at], "30")
    with pytest.raises(count_errors.NotToCountAgain):
        enter(li, document, found["M8", at], "30", "second")
    with pytest.raises(count_errors.SecondCountBySame) as refused:
        enter(zhang, document, found["M6", at], "98", "second")
    assert refused.value.params["person"] == "张三"
    enter(li, document, found["M6", at], "99", "second")
    declaration = registry.document(DECLARATION)
    assert CountEntry.objects.count() == 3
    shown = count_results.progress(company.viewer, declaration, document.pk)
    assert [(one["to_count"], one["counted"], one["differing"]) for one in shown["phases"]] == [(3, 2, 1), (1, 1, 1), (3, 0, 0)]
    assert (shown["to_count"], shown["left"]) == (3, 1)


def test_of_a_blind_plan_a_counter_is_told_nothing_of_the_books(company: Company) -> None:
    declaration = registry.document(DECLARATION)
    zhang = person(company, "张三")
    for blind in (True, False):
        document = plan(company, blind=blind)
        rows = count_results.tasks(zhang, declaration, document.pk, "first")["rows"]
        assert len(rows) == 3 and all(("book_quantity" in row) is not blind for row in rows)
        assert all(("differing" in one) is not blind for one in count_results.progress(zhang, declaration, document.pk)["phases"])
        answer = enter(zhang, document, rows[0]["line"], "98")
        assert set(answer) == {"document", "entry", "line", "phase", "own"}
    with pytest.raises(errors.PermissionRefused):
        count_results.settle(zhang, declaration, document.pk, "zero")
    stranger = replace(zhang, permissions=frozenset())
    with pytest.raises(errors.PermissionRefused):
        enter(stranger, document, rows[0]["line"], "98")


def test_the_plan_becomes_a_count_a_warehouse_at_its_own_position(company: Company) -> None:
    document = plan(company)
    found = lines(document)
    a, b = company.places["A"].code, company.places["B"].code
    enter(company.viewer, document, found["M6", a], "97")
    enter(company.viewer, document, found["M6", b], "41")
    company.delivery(day(5), "20")
    company.receipt(day(6), "5", "10")
    with pytest.raises(count_errors.CountUnfinished) as refused:
        settle(company, document)
    assert refused.value.params["left"] == 1
    made = settle(company, document, "zero")
    assert [one.source_place_id for one in made] == [company.places["A"].pk, company.places["B"].pk]
    assert {one.ext["freeze"] for one in made} == {document.ext["freeze"]}
    with pytest.raises(count_errors.CountSettled):
        settle(company, document, "zero")
    english.speak("en")
    with pytest.raises(count_errors.CountSettled) as standing:
        enter(company.viewer, document, found["M6", a], "1")
    english.speak("zh")
    assert f"Draft #{made[0].pk}" in str(standing.value.params["documents"])
    document.refresh_from_db()
    with pytest.raises(count_errors.CountResultsOpen):
        company.act(document, "close")
    for one in made:
        company.act(one)
    moves = StockMove.objects.filter(kind="count").order_by("id").values_list("item__code", "quantity", "value")
    assert list(moves) == [("M6", Decimal(3), Decimal(30)), ("M8", Decimal(30), Decimal(60)), ("M6", Decimal(-1), Decimal(-10))]
    held = queries.on_hand([company.item("M6").pk, company.item("M8").pk], None)
    assert (held[company.item("M6").pk]["on_hand"], held[company.item("M8").pk]["on_hand"]) == (Decimal(123), Decimal(0))
    document.refresh_from_db()
    company.act(document, "close")
    assert document.state == "closed"


def test_the_date_of_a_count_that_comes_from_a_plan_is_the_plans(company: Company) -> None:
    document = plan(company, source_place=company.places["B"].pk)
    [line] = lines(document).values()
    enter(company.viewer, document, line, "40")
    [made] = settle(company, document)
    with pytest.raises(errors.FieldInvalid):
        raw = {"version": made.version, "document_date": day(6).isoformat()}
        drafts.save(company.viewer, registry.document("stock_count"), made.pk, raw)
    company.act(made, "void")
    enter(company.viewer, document, line, "39", sets=True)
    [again] = settle(company, document)
    assert again.goods_lines.get().quantity == Decimal(39)


def test_a_plan_is_taken_back_and_started_anew(company: Company) -> None:
    document = plan(company)
    first = document.ext["freeze"]
    company.act(document, "unpost")
    assert GoodsLine.objects.filter(document=document, revision=1).count() == 0
    company.delivery(day(4), "10")
    company.act(document)
    assert document.ext["freeze"] > first
    listed = GoodsLine.objects.filter(document=document, revision=1, role="listed").order_by("position")
    assert [row.book_quantity for row in listed] == [Decimal(90), Decimal(30), Decimal(40)]


def test_a_second_count_may_be_asked_for(company: Company) -> None:
    document = plan(company, source_place=company.places["B"].pk, second_required=True)
    [line] = lines(document).values()
    enter(company.viewer, document, line, "39")
    with pytest.raises(count_errors.SecondCountMissing):
        settle(company, document)
    enter(person(company, "李四"), document, line, "40", "second")
    [made] = settle(company, document)
    assert made.goods_lines.get().quantity == Decimal(40)


def test_pieces_are_scanned_each_once_and_become_the_pieces_of_the_count(company: Company) -> None:
    company.item("手机", tracking="serial")
    company.receipt(day(1), "3", "50", "手机", serials=["S1", "S2", "S3"])
    document = plan(company, category=None)
    line = lines(document)["手机", company.places["A"].code]
    zhang, li = person(company, "张三"), person(company, "李四")
    with pytest.raises(count_errors.PiecesToScan):
        enter(zhang, document, line, "3")
    enter(zhang, document, line, None, serials=("S1",))
    with pytest.raises(count_errors.CountedPieceTwice) as refused:
        enter(li, document, line, None, serials=("S1",))
    assert refused.value.params == {"serial": "S1", "person": "张三"}
    enter(li, document, line, None, serials=("S2", "S9"))
    header = count_results.plan_of(registry.document(DECLARATION), document.pk)
    figure = count_figures.figures(header)[line]
    assert (figure.book, figure.final, figure.differs("first")) == (Decimal(3), Decimal(3), True)
    [made] = settle(company, document, "leave")
    assert made.goods_lines.get().serials == ["S1", "S2", "S9"]
    company.act(made)
    held = SerialPlace.objects.filter(place__isnull=False).values_list("serial__number", flat=True)
    assert sorted(held) == ["S1", "S2", "S9"]


def test_statements_do_not_grow_with_the_lines(company: Company) -> None:
    declaration = registry.document(DECLARATION)

    def statements(count: int) -> dict[str, int]:
        place = Place.objects.create(code=f"W{count}", name=f"库{count}", kind="warehouse")
        goods = [{"item": company.item(f"{count}-{at}").pk, "quantity": "2", "unit_price_net": "5"} for at in range(count)]
        company.posted("purchase_receipt", day(1), goods, party=company.supplier.pk, target_place=place.pk)
        document = company.draft("count_plan", day(5), source_place=place.pk)
        found: dict[str, int] = {}

        def counted(name: str, act: Callable[[], Any]) -> Any:
            with CaptureQueriesContext(connection) as captured:
                answer = act()
            found[name] = len(captured)
            return answer

        counted("post", lambda: company.act(document))
        assert len(lines(document)) == count
        line = min(lines(document).values())
        counted("enter", lambda: enter(company.viewer, document, line, "2"))
        counted("progress", lambda: count_results.progress(company.viewer, declaration, document.pk))
        counted("tasks", lambda: count_results.tasks(company.viewer, declaration, document.pk, "first"))
        counted("settle", lambda: settle(company, document, "zero"))
        return found

    statements(2)
    assert statements(400) == statements(5)


def test_the_report_shows_differences_as_the_books_have_them(company: Company) -> None:
    report = registry.reports()["count_differences"]
    document = plan(company)
    found = lines(document)
    a = company.places["A"].code
    enter(company.viewer, document, found["M6", a], "97")
    enter(person(company, "李四"), document, found["M6", a], "98", "second")
    enter(company.viewer, document, found["M8", a], "30")

    def rows(**parameters: Any) -> list[tuple[Any, ...]]:
        names = ("item_code", "book", "first_count", "second_count", "final", "difference", "value")
        return [tuple(row[name] for name in names) for row in report.run(company.viewer, parameters).rows]

    differing = [("M6", "100", "97", "98", "98", "-2", "-20")]
    assert rows(show="differing") == differing == rows(show="differing", number=document.number)
    assert rows(show="uncounted") == [("M6", "40", None, None, None, None, None)]
    assert len(rows()) == 3 and rows(number="没有") == []
    [leave] = [one for one in report.actions if one.name == "make_counts_leave"]
    assert leave.run(company.viewer, {}, "", b"") == "PDFA-20260305-0001 已生成 1 张盘点单草稿，请检查后审核。"
    document.refresh_from_db()
    company.act(Document.objects.get(pk=document.ext["results"][0]))
    assert rows(show="differing") == differing
    company.receipt(day(2), "100", "16")
    [late] = rows(show="differing")
    booked = sum(StockMove.objects.filter(line__document=document.ext["results"][0], item__code="M6").values_list("value", flat=True))
    assert late == ("M6", "200", "97", "98", "98", "-102", f"{-booked.normalize():f}")


def test_a_warehouse_of_more_lines_than_a_document_takes_becomes_several(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(count_results, "LINES_AT_MOST", 1)
    document = plan(company, source_place=company.places["A"].pk)
    assert [one.goods_lines.get().item.code for one in settle(company, document, "zero")] == ["M6", "M8"]


def test_a_plan_whose_results_are_void_is_found_again_and_settled_again(company: Company) -> None:
    document = plan(company, source_place=company.places["B"].pk)
    [line] = lines(document).values()
    declaration = registry.document(DECLARATION)
    enter(company.viewer, document, line, "38", sets=True)
    [made] = settle(company, document)
    assert count_entries.plans(company.viewer, declaration) == []
    company.act(made, "void")
    assert [one["id"] for one in count_entries.plans(company.viewer, declaration)] == [document.pk]
    document.refresh_from_db()
    with pytest.raises(count_errors.CountResultsOpen):
        company.act(document, "close")
    enter(company.viewer, document, line, "39", sets=True)
    [again] = settle(company, document)
    assert (again.pk != made.pk, again.goods_lines.get().quantity) == (True, Decimal(39))
    company.act(again)
    assert queries.on_hand([company.item().pk], [company.places["B"].pk])[company.item().pk]["on_hand"] == Decimal(39)
    assert count_entries.plans(company.viewer, declaration) == []
    document.refresh_from_db()
    company.act(document, "close")


def test_a_plan_whose_results_are_reversed_is_not_counted_again_and_can_be_closed(company: Company) -> None:
    document = plan(company, source_place=company.places["B"].pk)
    [line] = lines(document).values()
    enter(company.viewer, document, line, "38")
    [made] = settle(company, document)
    company.act(made)
    company.act(made, "reverse")
    assert count_entries.plans(company.viewer, registry.document(DECLARATION)) == []
    for again in (lambda: enter(company.viewer, document, line, "39", sets=True), lambda: settle(company, document)):
        with pytest.raises(count_errors.CountSettled) as refused:
            again()
        assert refused.value.message().endswith("要重新盘点，请先作废这些盘点单；已红冲的，请另建盘点方案。")
    document.refresh_from_db()
    company.act(document, "close")
    assert queries.on_hand([company.item().pk], [company.places["B"].pk])[company.item().pk]["on_hand"] == Decimal(40)


def test_a_plan_of_which_nothing_was_counted_and_all_is_left_out_cannot_be_settled(company: Company) -> None:
    document = plan(company)
    with pytest.raises(count_errors.CountEmpty) as refused:
        settle(company, document, "leave")
    assert refused.value.message() == (
        f"盘点方案 {document.number} 没有可生成盘点单的行：还没有人盘点，未盘的行又选择了“不处理”。请先盘点，或选择“按零处理”。"
    )
    document.refresh_from_db()
    assert "settled" not in document.ext
    assert Document.objects.filter(type="stock_count").count() == 0
    assert len(settle(company, document, "zero")) == 2


def test_plans_are_listed_in_two_statements_however_many_there_are(company: Company) -> None:
    declaration = registry.document(DECLARATION)
    counted: list[int] = []
    for _ in range(2):
        document = plan(company, source_place=company.places["B"].pk)
        enter(company.viewer, document, next(iter(lines(document).values())), "40")
        settle(company, document)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert count_entries.plans(company.viewer, declaration) == []
        counted.append(len(asked))
    assert counted == [2, 2]


def test_plans_are_looked_for_among_the_newest_that_were_begun(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    declaration = registry.document(DECLARATION)
    first, second = (plan(company, source_place=company.places[one].pk) for one in ("A", "B"))
    assert [one["id"] for one in count_entries.plans(company.viewer, declaration)] == [second.pk, first.pk]
    monkeypatch.setattr(count_entries, "MOST_LOOKED_AT", 1)
    assert [one["id"] for one in count_entries.plans(company.viewer, declaration)] == [second.pk]


def test_a_pass_that_there_is_not_is_refused_in_the_words_of_the_trade(company: Company) -> None:
    document = plan(company, source_place=company.places["B"].pk)
    [line] = lines(document).values()
    with pytest.raises(errors.FieldInvalid) as refused:
        enter(company.viewer, document, line, "40", "third")
    assert refused.value.message() == "“轮次”的值“third”不可用：应为 first（初盘）、second（复盘）、sample（抽盘）之一。"
