"""逐行占用 Reservations by lot and by line: held back, let go, taken again, handed over, and taken by somebody else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.viewer import Viewer
from hengcang.analytics.pickers import stock_of, stock_of_lots
from hengcang.analytics.stock_on_hand import run as stock_on_hand
from hengcang.base import append_only, bulk
from hengcang.base.book import change_book
from hengcang.base.models import AuditLog
from hengcang.catalog.models import Lot
from hengcang.core.errors import HengcangError, PermissionRefused
from hengcang.core.holding import Part
from hengcang.documents import allocating, conversion, services
from hengcang.documents.holding import holdings_json
from hengcang.documents.present import document_json
from hengcang.documents.progress import progress_json
from hengcang.ledger import check
from hengcang.ledger.models import Posting, Reservation, ReservationMove, StockAlert, StockBalance
from hengcang.meta import registry
from hengcang.parties.models import Party
from hengcang.records.models import Document, GoodsLine
from tests import make
from tests.documents.test_reservations import standing
from tests.faults.test_every_statement import everything
from tests.make import Company, day

pytestmark = pytest.mark.django_db
SALES_ORDER = registry.document("sales_order")


@pytest.fixture
def dairy() -> Company:
    """A company with 10 牛奶 of lot L1, which expires first, and 20 of L2."""
    made = make.company()
    made.item("牛奶", tracking="lot")
    for lot, quantity, ends in (("L1", "10", 40), ("L2", "20", 60)):
        made.receipt(day(1), quantity, "3", "牛奶", lot=lot, expiry_date=day(ends).isoformat())
    return made


def order(company: Company, *lines: tuple[str, str | None], item: str = "牛奶", on: int = 2, **more: Any) -> Document:
    """A posted order of (quantity, lot) lines that holds stock back."""
    rows = [{"item": company.item(item).pk, "quantity": quantity, "unit_price_net": "5", "lot": lot} for quantity, lot in lines]
    raw = {"party": company.customer.pk, "source_place": company.places["A"].pk, "reserve": True, **more}
    return company.posted("sales_order", day(on), rows, **raw)


def row(document: Document, number: int = 1) -> GoodsLine:
    """A line of the present revision."""
    document.refresh_from_db()
    return document.goods_lines.filter(revision=document.revision).order_by("position", "pk")[number - 1]


def deliver(company: Company, line: GoodsLine, quantity: str, lot: str | None = None, on: int = 3) -> Document:
    """A posted delivery of an order's line."""
    rows = [{"item": line.item_id, "quantity": quantity, "unit_price_net": "20", "source_line": line.pk, "lot": lot}]
    return company.posted("sales_delivery", day(on), rows, party=line.document.party_id, source_place=line.source_place_id)


def do(company: Company, document: Document, name: str, *parts: Part, reason: str = "急单") -> dict[str, Any]:
    """A command on some of an order's lines."""
    return services.transition(company.viewer, SALES_ORDER, services.Order(document.pk, name, None, reason, parts=parts))


def held(document: Document) -> list[str]:
    """What the lines hold back, in order."""
    document.refresh_from_db()
    found = dict(Reservation.objects.values_list("line", "quantity"))
    lines = document.goods_lines.filter(revision=document.revision).order_by("position", "pk").values_list("pk", flat=True)
    return [format(found.get(line, Decimal(0)).normalize(), "f") for line in lines]


def by_lot(company: Company, item: str = "牛奶") -> Mapping[str, tuple[int, int, int]]:
    """On hand, held back and available as 库存查询 says by lot; the warehouse as a whole under 仓."""
    viewer, wanted = company.viewer, {"item": company.item(item).pk}
    rows = {one["lot"] or "": one for one in stock_on_hand(viewer, {"by": "lot", **wanted}).rows}
    rows["仓"] = next(iter(stock_on_hand(viewer, {"by": "place", **wanted}).rows), None)
    return {lot: tuple(int(Decimal(one[name])) for name in ("quantity", "reserved", "available")) for lot, one in rows.items() if one}  # type: ignore[misc]


def codes(answer: Mapping[str, Any]) -> list[str]:
    """The codes of a command's warnings."""
    return [one["code"] for one in answer["warnings"]]


def test_a_line_that_names_a_lot_holds_back_that_lot_and_one_without_any(dairy: Company) -> None:
    named, either = order(dairy, ("6", "L1")), order(dairy, ("9", None))
    assert by_lot(dairy) == {"L1": (10, 6, 4), "L2": (20, 0, 20), "": (0, 9, -9), "仓": (30, 15, 15)}
    item, place = dairy.item("牛奶").pk, str(dairy.places["A"].pk)
    assert stock_of([item], dairy.viewer, {"place": place})[item] == {"on_hand": "30", "available": "15"}
    ids = {one.number: one.pk for one in Lot.objects.all()}
    shown = stock_of_lots(list(ids.values()), dairy.viewer, {"item": str(item), "place": place})
    assert shown == {ids["L1"]: {"on_hand": "10", "available": "4"}, ids["L2"]: {"on_hand": "20", "available": "20"}}
    deliver(dairy, row(named), "2", "L1")
    deliver(dairy, row(either), "4", "L2")
    assert by_lot(dairy) == {"L1": (8, 4, 4), "L2": (16, 0, 16), "": (0, 5, -5), "仓": (24, 9, 15)}
    assert (held(named), held(either), check.run()) == (["4"], ["5"], [])


def test_a_delivery_of_another_lot_than_the_order_s_takes_of_what_the_order_holds_back(dairy: Company) -> None:
    sold = order(dairy, ("6", "L1"))
    delivered = deliver(dairy, row(sold), "4", "L2")
    assert by_lot(dairy) == {"L1": (10, 2, 8), "L2": (16, 0, 16), "仓": (26, 2, 24)}
    dairy.act(delivered, "unpost")
    assert by_lot(dairy) == {"L1": (10, 6, 4), "L2": (20, 0, 20), "仓": (30, 6, 24)}
    dairy.act(delivered)
    dairy.act(delivered, "reverse")
    assert by_lot(dairy) == {"L1": (10, 6, 4), "L2": (20, 0, 20), "仓": (30, 6, 24)}
    dairy.act(sold, "close")
    assert held(sold) == ["0"]
    dairy.act(sold, "reopen")
    assert (held(sold), by_lot(dairy)["L1"], check.run()) == (["6"], (10, 6, 4), [])
    dairy.act(sold, "unpost")
    assert (by_lot(dairy)["L1"], check.run()) == ((10, 0, 10), [])


@pytest.mark.parametrize(("policy", "answers"), [("forbid", ["taken_from_held"]), ("warn", ["taken_from_held"]), ("allow", [])])
def test_who_takes_of_a_lot_what_others_hold_back_is_refused_or_told_as_the_book_says(
    dairy: Company, policy: str, answers: list[str]
) -> None:
    change_book(reserved_stock=policy)
    order(dairy, ("6", "L1"))
    raw = {"party": dairy.customer.pk, "source_place": dairy.places["A"].pk}
    other = dairy.draft(
        "sales_delivery", day(3), [{"item": dairy.item("牛奶").pk, "quantity": "7", "unit_price_net": "5", "lot": "L1"}], **raw
    )
    before = everything()
    if policy == "forbid":
        with pytest.raises(HengcangError) as refused:
            dairy.act(other)
        assert everything() == before
        said, params = refused.value.message(), refused.value.params
    else:
        answer = dairy.act(other)
        assert (codes(answer), by_lot(dairy)["L1"]) == (answers, (3, 6, -3))
        if not answers:
            return
        said, params = answer["warnings"][0]["message"], answer["warnings"][0]["params"]
    assert said == (
        "第 1 行：A仓 牛奶 商品牛奶 L1 现存 3 个，订单占用 6 个，会动用他人占用的 3 个。可改数量、换批次或仓库，或先释放、转让占用。"
    )
    assert (params["taken"], params["on_hand"], params["reserved"]) == ("3", "3", "6")


def test_what_nobody_holds_back_may_be_taken_and_so_may_one_s_own(dairy: Company) -> None:
    change_book(reserved_stock="forbid")
    sold, either = order(dairy, ("6", "L1")), order(dairy, ("15", None))
    assert codes(dairy.act(dairy.draft("other_issue", day(3), [{"item": dairy.item("牛奶").pk, "quantity": "4", "lot": "L1"}],
                                       source_place=dairy.places["A"].pk))) == []  # fmt: skip
    deliver(dairy, row(sold), "6", "L1")
    with pytest.raises(HengcangError) as refused:
        dairy.delivery(day(3), "6", "牛奶", lot="L2")
    assert (refused.value.code, refused.value.params["lot"], refused.value.params["taken"]) == ("taken_from_held", "", "1")
    dairy.delivery(day(3), "5", "牛奶", lot="L2")
    deliver(dairy, row(either), "15", "L2")
    assert (by_lot(dairy), check.run()) == ({}, [])


def test_what_is_held_back_beyond_its_day_neither_keeps_goods_from_others_nor_lets_its_order_take_theirs(dairy: Company) -> None:
    change_book(reserved_stock="forbid")
    late = order(dairy, ("10", "L1"), reserve_until=day(4).isoformat())
    order(dairy, ("8", "L1"))
    with standing(5):
        with pytest.raises(HengcangError) as refused:
            deliver(dairy, row(late), "3", "L1", on=5)
        assert (refused.value.code, refused.value.params["taken"], refused.value.params["reserved"]) == ("taken_from_held", "1", "8")
        deliver(dairy, row(late), "2", "L1", on=5)
    assert (held(late), by_lot(dairy)["L1"][:2]) == (["8"], (8, 16))


def test_counts_and_undone_receipts_take_nothing_of_anybody_and_the_alert_tells_them(dairy: Company) -> None:
    change_book(reserved_stock="forbid")
    order(dairy, ("8", "L1"))
    assert not StockAlert.objects.filter(kind="over_reserved", live=True).exists()
    lines = [{"item": dairy.item("牛奶").pk, "quantity": "5", "lot": "L1"}]
    counted = dairy.posted("stock_count", day(3), lines, source_place=dairy.places["A"].pk)
    alert = StockAlert.objects.get(kind="over_reserved", live=True)
    assert (alert.quantity, alert.bound, by_lot(dairy)["L1"]) == (5, 8, (5, 8, -3))
    dairy.act(counted, "unpost")
    assert not StockAlert.objects.filter(kind="over_reserved", live=True).exists()
    assert check.run() == []


def test_an_alert_tells_lots_that_lack_and_what_any_lot_is_not_enough_for(dairy: Company) -> None:
    order(dairy, ("12", "L1"))
    alert = StockAlert.objects.get(kind="over_reserved", live=True)
    assert (alert.quantity, alert.bound) == (10, 12)
    order(dairy, ("21", None))
    alert.refresh_from_db()
    assert (alert.quantity, alert.bound, check.run()) == (30, 33, [])


def test_suggested_lots_leave_to_others_what_they_hold_back_and_to_the_line_its_own(dairy: Company) -> None:
    named = order(dairy, ("6", "L1"))
    where = {"item": dairy.item("牛奶").pk, "source_place": dairy.places["A"].pk}
    raw = {"document_date": day(3).isoformat(), "lines": [{**where, "quantity": "9"}]}

    def suggested(asked: Mapping[str, Any]) -> list[list[tuple[str, str]]]:
        found = allocating.suggest(dairy.viewer, registry.document("sales_delivery"), asked)["lines"]
        return [[(one["lot"]["code"], one["quantity"]) for one in line["lots"]] for line in found]

    assert suggested(raw) == [[("L1", "4"), ("L2", "5")]]
    line = {"item": where["item"], "quantity": "6", "unit_price_net": "5", "source_line": row(named).pk}
    mine = dairy.draft(
        "sales_delivery", day(3), [line, {**line, "quantity": "2"}], party=dairy.customer.pk, source_place=where["source_place"]
    )
    asked = [{**where, "quantity": one, "line": row(mine, at).pk} for at, one in ((1, "5"), (2, "7"))]
    assert suggested({**raw, "lines": asked}) == [[("L1", "5")], [("L1", "5"), ("L2", "2")]]
    do(dairy, named, "release", Part(row(named).pk, Decimal(2)))
    assert suggested(raw) == [[("L1", "6"), ("L2", "3")]]


def test_a_delivery_made_of_an_order_has_its_lots(dairy: Company) -> None:
    sold = order(dairy, ("6", "L1"), ("3", None))
    made = conversion.convert(dairy.viewer, SALES_ORDER, conversion.Wanted("sales_delivery", [sold.pk]))
    lines = GoodsLine.objects.filter(document=made["document"]).order_by("position").values_list("lot__number", "quantity")
    assert list(lines) == [("L1", Decimal(6)), (None, Decimal(3))]


def test_lines_let_go_of_a_part_and_take_it_again_and_deliveries_and_their_undoing_follow() -> None:
    company = make.company()
    company.receipt(day(1), "40", "1")
    sold = order(company, ("10", None), ("8", None), item="M6")
    do(company, sold, "release", Part(row(sold).pk, Decimal(3)), Part(row(sold, 2).pk), reason="先给别人")
    assert (held(sold), sold.ext["reserve"]) == (["7", "0"], True)
    log = AuditLog.objects.filter(object_id=sold.pk, action="release").get()
    assert {one["field"]: (one["before"], one["after"]) for one in json.loads(log.changes)} == {
        "reason": (None, "先给别人"),
        "第 1 行 商品M6 占用": ("10", "7"),
        "第 2 行 商品M6 占用": ("8", "0"),
    }
    first = deliver(company, row(sold), "5")
    assert held(sold) == ["2", "0"]
    second = deliver(company, row(sold), "4")
    assert held(sold) == ["0", "0"]
    company.act(second, "unpost")
    assert held(sold) == ["2", "0"]
    do(company, sold, "hold", Part(row(sold).pk, Decimal(1)), Part(row(sold, 2).pk))
    assert held(sold) == ["3", "8"]
    company.act(first, "unpost")
    assert held(sold) == ["8", "8"]
    do(company, sold, "hold")
    assert held(sold) == ["10", "8"]
    do(company, sold, "release", Part(row(sold).pk), Part(row(sold, 2).pk))
    assert (held(sold), sold.ext["reserve"], check.run()) == (["0", "0"], False, [])
    company.act(sold, "hold")
    assert (held(sold), sold.ext["reserve"]) == (["10", "8"], True)


def test_closing_keeps_in_mind_what_a_line_let_go_and_a_new_revision_does_not() -> None:
    company = make.company()
    company.receipt(day(1), "40", "1")
    sold = order(company, ("10", None), item="M6")
    do(company, sold, "release", Part(row(sold).pk, Decimal(4)))
    company.act(sold, "close")
    assert held(sold) == ["0"]
    company.act(sold, "reopen")
    assert held(sold) == ["6"]
    company.act(sold, "unpost")
    assert held(sold) == ["0"]
    company.act(sold)
    assert (held(sold), check.run()) == (["10"], [])


@pytest.mark.parametrize(
    ("name", "line", "quantity", "code", "said"),
    [
        ("release", 1, "11", "held_less", "{order} 第 1 行：商品M6 只占用 10 个，不能释放 11 个。请改为大于零、不超过 10。"),
        ("release", 1, "0", "held_less", "{order} 第 1 行：商品M6 只占用 10 个，不能释放 0 个。请改为大于零、不超过 10。"),
        ("release", 2, None, "held_less", "{order} 第 2 行：商品M6 只占用 0 个，不能释放 0 个。请改为大于零、不超过 0。"),
        ("hold", 2, "5", "held_more", "{order} 第 2 行：商品M6 未交 4 个、已占用 0 个，不能再占用 5 个。请改为大于零、不超过 4。"),
        ("hold", 1, None, "held_more", "{order} 第 1 行：商品M6 未交 10 个、已占用 10 个，不能再占用 0 个。请改为大于零、不超过 0。"),
        (
            "release",
            0,
            None,
            "no_such_line",
            "没有可占用库存的订单行 {other}（已反审核、关闭、不是本单的行，或没有发货仓库）。请刷新后重选。",
        ),
    ],
)
def test_more_than_there_is_to_let_go_or_to_take_is_refused_and_changes_nothing(
    name: str, line: int, quantity: str | None, code: str, said: str
) -> None:
    company = make.company()
    company.receipt(day(1), "40", "1")
    sold = order(company, ("10", None), ("4", None), item="M6")
    do(company, sold, "release", Part(row(sold, 2).pk))
    other = row(order(company, ("3", None), item="M6")).pk
    before = everything()
    with pytest.raises(HengcangError) as refused:
        do(company, sold, name, Part(row(sold, line).pk if line else other, None if quantity is None else Decimal(quantity)))
    assert (refused.value.code, refused.value.message()) == (code, said.format(order=sold.number, other=other))
    assert everything() == before


def test_what_one_order_holds_back_is_handed_over_to_another_and_both_remember(dairy: Company) -> None:
    giver = order(dairy, ("6", "L1"), ("9", None))
    urgent = order(
        dairy, ("4", "L1"), ("12", None), on=3, reserve=False, party=Party.objects.create(code="C2", name="急客", is_customer=True).pk
    )
    before = by_lot(dairy)
    versions = [giver.version, urgent.version]
    parts = Part(row(giver).pk, Decimal(3), row(urgent).pk), Part(row(giver, 2).pk, None, row(urgent, 2).pk)
    do(dairy, giver, "reassign", *parts, reason="急客先拿")
    assert (held(giver), held(urgent), by_lot(dairy)) == (["3", "0"], ["3", "9"], before)
    assert (giver.ext["reserve"], urgent.ext["reserve"], [giver.version, urgent.version]) == (True, True, [one + 1 for one in versions])
    logs = {one.object_id: {each["field"]: (each["before"], each["after"]) for each in json.loads(one.changes)}
            for one in AuditLog.objects.filter(action="reassign")}  # fmt: skip
    handed = (None, f"{giver.number} 第 2 行 → {urgent.number} 第 2 行：9 个")
    assert logs[giver.pk] == {
        "reason": (None, "急客先拿"), "第 1 行 商品牛奶 占用": ("6", "3"), "第 2 行 商品牛奶 占用": ("9", "0"), "转让占用": handed,
    }  # fmt: skip
    assert logs[urgent.pk] == {
        "reason": (None, "急客先拿"), "reserve": (False, True),
        "第 1 行 商品牛奶 占用": ("0", "3"), "第 2 行 商品牛奶 占用": ("0", "9"), "转让占用": handed,
    }  # fmt: skip
    deliver(dairy, row(urgent), "4", "L1", on=4)
    assert (held(urgent), by_lot(dairy)["L1"], check.run()) == (["0", "9"], (6, 3, 3), [])


def test_an_order_that_gave_everything_away_holds_nothing_back_any_more() -> None:
    company = make.company()
    company.receipt(day(1), "40", "1")
    giver, urgent = order(company, ("6", None), item="M6"), order(company, ("10", None), item="M6", reserve=False)
    do(company, giver, "reassign", Part(row(giver).pk, None, row(urgent).pk))
    assert (held(giver), giver.ext["reserve"], held(urgent), urgent.ext["reserve"]) == (["0"], False, ["6"], True)
    do(company, urgent, "reassign", Part(row(urgent).pk, Decimal(2), row(giver).pk))
    assert (held(giver), giver.ext["reserve"], held(urgent), check.run()) == (["2"], True, ["4"], [])


def urgent_for(company: Company, case: str) -> Document:
    """An order that cannot take over what another one of 6 of L1 holds back, but for one of 2."""
    made = {
        "lot": lambda: order(company, ("6", "L2"), reserve=False),
        "any": lambda: order(company, ("6", None), reserve=False),
        "place": lambda: order(company, ("6", "L1"), reserve=False, source_place=company.places["B"].pk),
        "item": lambda: order(company, ("6", None), item="M6", reserve=False),
        "less": lambda: order(company, ("2", "L1"), reserve=False),
        "more": lambda: order(company, ("9", "L1"), reserve=False),
        "closed": lambda: order(company, ("6", "L1"), reserve=False),
        "itself": lambda: order(company, ("6", "L1")),
    }[case]()
    if case == "closed":
        company.act(made, "close")
    return made


@pytest.mark.parametrize(
    ("case", "quantity", "code"),
    [
        ("lot", "1", "handed_elsewhere"), ("any", "1", "handed_elsewhere"), ("place", "1", "handed_elsewhere"),
        ("item", "1", "handed_elsewhere"), ("less", "3", "held_more"), ("more", "7", "held_less"), ("closed", "1", "no_such_line"),
        ("itself", "1", "handed_elsewhere"),
    ],
)  # fmt: skip
def test_what_does_not_fit_or_is_too_much_is_not_handed_over(dairy: Company, case: str, quantity: str, code: str) -> None:
    giver, urgent = order(dairy, ("6", "L1")), urgent_for(dairy, case)
    taker = row(giver if case == "itself" else urgent).pk
    before = everything()
    with pytest.raises(HengcangError) as refused:
        do(dairy, giver, "reassign", Part(row(giver).pk, Decimal(quantity), taker))
    assert refused.value.code == code
    assert everything() == before


def test_who_may_not_hand_over_or_says_no_line_or_no_reason_changes_nothing(dairy: Company) -> None:
    giver, urgent = order(dairy, ("6", "L1")), order(dairy, ("6", "L1"), reserve=False)
    part = Part(row(giver).pk, Decimal(1), row(urgent).pk)
    clerk = Viewer(user_id=dairy.viewer.user_id, name="文员", permissions=frozenset({("sales_order", "release"), ("sales_order", "hold")}))
    before = everything()
    with pytest.raises(PermissionRefused):
        services.transition(clerk, SALES_ORDER, services.Order(giver.pk, "reassign", None, "试", parts=[part]))
    for parts, reason, code in (
        ((), "试", "field_required"),
        ((part,), " ", "reason_required"),
        ((Part(part.line),), "试", "field_required"),
    ):
        with pytest.raises(HengcangError) as refused:
            do(dairy, giver, "reassign", *parts, reason=reason)
        assert refused.value.code == code
    assert everything() == before


def test_a_day_that_has_passed_does_not_stand_for_the_order_that_takes_over(dairy: Company) -> None:
    giver = order(dairy, ("6", "L1"))
    late = order(dairy, ("4", "L1"), reserve_until=day(3).isoformat())
    do(dairy, late, "release", Part(row(late).pk))
    do(dairy, giver, "reassign", Part(row(giver).pk, Decimal(2), row(late).pk))
    assert (held(giver), held(late), late.ext["reserve_until"]) == (["4"], ["2"], None)


def test_an_order_shows_what_its_lines_hold_back_and_who_may_take_it_over(dairy: Company) -> None:
    giver, urgent = order(dairy, ("6", "L1"), ("9", None)), order(dairy, ("4", "L1"), on=3, reserve=False)
    do(dairy, giver, "release", Part(row(giver, 2).pk, Decimal(9)))
    deliver(dairy, row(giver), "1", "L1")
    first, second = holdings_json(dairy.viewer, giver.pk)
    assert first == {
        "line": row(giver).pk, "line_number": 1, "item": {"code": "牛奶", "label": "商品牛奶"}, "unit": "个", "place": "A仓", "lot": "L1",
        "ordered": "6", "done": "1", "open": "5", "held": "5", "room": "0", "available": "4",
        "takers": [{"line": row(urgent).pk, "document": urgent.pk, "type": "sales_order", "label": urgent.number, "line_number": 1,
                    "party": "顺达商行", "room": "4"}],
    }  # fmt: skip
    assert (second["held"], second["room"], second["available"], second["takers"]) == ("0", "9", "24", [])
    told = [one["purposes"]["reserved"] for one in progress_json(dairy.viewer, SALES_ORDER, giver.pk) if "reserved" in one["purposes"]]
    assert told == [{"label": "占用", "done": "5", "open": "0"}]

    def buttons(document: Document) -> set[str]:
        shown = {one["name"] for one in document_json(dairy.viewer, SALES_ORDER, document.pk)["allowed"]}
        return shown & {"hold", "release", "reassign"}

    assert (buttons(giver), buttons(urgent)) == ({"hold", "release", "reassign"}, {"hold"})


def test_a_command_takes_as_many_statements_for_a_hundred_lines_as_for_ten() -> None:
    company = make.company()
    company.receipt(day(1), "900", "1")

    def statements(count: int) -> list[int]:
        giver, urgent = (order(company, *[("2", None)] * count, item="M6", reserve=asks) for asks in (True, False))
        found = []
        for name in ("reassign", "release", "hold"):
            on = giver if name == "reassign" else urgent
            taker = (lambda at: row(urgent, at).pk) if name == "reassign" else (lambda _: None)
            parts = [Part(row(on, at).pk, None, taker(at)) for at in range(1, count + 1)]
            with CaptureQueriesContext(connection) as captured:
                do(company, on, name, *parts)
            found.append(len(captured))
        return found

    assert statements(100) == statements(10)
    assert Posting.objects.count() > 0 and StockBalance.objects.get().reserved == 220


def test_a_delivery_that_takes_what_others_hold_back_asks_no_more_for_a_hundred_lines_than_for_ten(dairy: Company) -> None:
    dairy.receipt(day(1), "900", "3", "牛奶", lot="L2")
    order(dairy, ("10", "L1"), ("900", "L2"))

    def statements(count: int) -> int:
        sold = order(dairy, *[("2", "L2")] * count)
        rows = [
            {"item": one.item_id, "quantity": "1", "unit_price_net": "5", "source_line": one.pk, "lot": "L1" if at < 5 else "L2"}
            for at, one in enumerate(sold.goods_lines.order_by("position"))
        ]
        draft = dairy.draft("sales_delivery", day(3), rows, party=dairy.customer.pk, source_place=dairy.places["A"].pk)
        with CaptureQueriesContext(connection) as captured:
            assert codes(dairy.act(draft)) == ["taken_from_held"]
        return sum(not one["sql"].startswith(("SAVEPOINT", "RELEASE")) for one in captured.captured_queries)

    assert statements(100) == statements(10)


def test_what_orders_held_back_before_is_what_their_lines_are_to_hold(dairy: Company) -> None:
    live, closed, gone, asked_nothing = (order(dairy, ("3", None)) for _ in range(4))
    deliver(dairy, row(live), "2", "L2")
    dairy.act(closed, "close")
    dairy.act(gone, "unpost")
    dairy.act(asked_nothing, "release")
    before = list(Reservation.objects.order_by("pk").values_list("line", "quantity", "wanted"))
    with append_only.lifted(["ledger_reservationmove"]):
        ReservationMove.objects.all().delete()
    Reservation.objects.update(wanted=0)
    editor = SimpleNamespace(connection=connection, execute=lambda sql, params: bulk.execute(sql))
    import_module("hengcang.ledger.migrations.0016_what_orders_are_to_hold").forwards(None, editor)
    found = list(Reservation.objects.order_by("pk").values_list("line", "quantity", "wanted"))
    assert [one for one in found if one[0] != row_before(gone)] == [one for one in before if one[0] != row_before(gone)]
    assert check.run() == []


def row_before(document: Document) -> int:
    """The line of the revision before the present one."""
    return document.goods_lines.get(revision=document.revision - 1).pk
