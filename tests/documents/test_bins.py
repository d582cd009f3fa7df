"""库位 Bins: where goods lie in a warehouse; what is asked of the warehouse is asked of its bins too."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.models import DataScope, Permission, Role, User
from hengcang.access.viewer import Viewer, viewer_of
from hengcang.analytics import pickers, remedies
from hengcang.api.meta import field_json
from hengcang.base import clock
from hengcang.base.book import book, change_book
from hengcang.catalog.models import Lot, StockLimit
from hengcang.core.errors import InUse, InvalidDocument, NotFound
from hengcang.core.holding_errors import TakenFromHeld
from hengcang.core.shelf_errors import InsufficientOnShelf
from hengcang.documents import allocating
from hengcang.documents.commands import Key
from hengcang.documents.scope import in_sight
from hengcang.ledger import stock_alerts
from hengcang.ledger.models import StockAlert
from hengcang.meta import registry
from hengcang.meta.importing import import_master
from hengcang.meta.masters import delete_master, save_master
from hengcang.places.declare import BIN, PLACE, WAREHOUSE
from hengcang.places.models import Place
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db


def shelved(**item: Any) -> Company:
    """A hundred M6 at ten: 50 in A-01, 30 in A-02, 20 in warehouse A that are not put away; 7 in warehouse B."""
    company = make.company()
    company.item("M6", **item)
    company.bins("A", "A-01", "A-02")
    company.receipt(day(1), "100", "10")
    for code, quantity in (("A-01", "50"), ("A-02", "30")):
        company.transfer(day(2), quantity, "A", "A", target_place=company.places[code].pk)
    company.receipt(day(1), "7", "10", place="B")
    return company


def figures(company: Company, name: str, *columns: str, viewer: Viewer | None = None, **parameters: Any) -> list[tuple[Any, ...]]:
    """Some columns of a report's rows."""
    rows = registry.reports()[name].run(viewer or company.viewer, parameters).rows
    return [tuple(row.get(column) for column in columns) for row in rows]


def test_stock_is_told_by_warehouse_and_by_bin() -> None:
    company = shelved()
    assert figures(company, "stock_on_hand", "place_name", "quantity", "value") == [("A仓", "100", "1000"), ("B仓", "7", "70")]
    by_bin = [("A仓", "20", "200"), ("B仓", "7", "70"), ("A仓 A-01", "50", "500"), ("A仓 A-02", "30", "300")]
    assert sorted(figures(company, "stock_on_hand", "place_name", "quantity", "value", by="bin")) == sorted(by_bin)
    one = figures(company, "stock_on_hand", "place_name", "quantity", by="bin", place=company.places["A-02"].pk)
    assert one == [("A仓 A-02", "30")]
    assert figures(company, "stock_on_hand", "place_name", "quantity", place=company.places["A"].pk) == [("A仓", "100")]


def test_what_moves_inside_a_warehouse_neither_enters_nor_leaves_it() -> None:
    company = shelved()
    company.delivery(day(3), "8", source_place=company.places["A-01"].pk)
    columns = ("opening_quantity", "quantity_in", "quantity_out", "closing_quantity")
    span = {"date_from": day(1), "date_to": day(30)}
    assert figures(company, "stock_summary", *columns, place=company.places["A"].pk, **span) == [("0", "100", "8", "92")]
    card = figures(
        company,
        "stock_card",
        "kind",
        "quantity_in",
        "quantity_out",
        "quantity",
        item=company.item().pk,
        place=company.places["A"].pk,
        **span,
    )
    assert [row for row in card if row[1] or row[2]] == [("采购入库", "100", None, "100"), ("销售出库", None, "8", "92")]
    shelf = figures(company, "stock_card", "kind", "quantity", item=company.item().pk, place=company.places["A-01"].pk, **span)
    assert shelf[1:] == [("移库", "50"), ("销售出库", "42")]


def test_limits_are_those_of_the_warehouse_with_its_bins() -> None:
    company = shelved()
    StockLimit.objects.create(item=company.item(), place=company.places["A"], stock_min=Decimal(95))
    stock_alerts.of_items([company.item().pk])
    assert not StockAlert.objects.filter(live=True).exists()
    company.delivery(day(3), "6", source_place=company.places["A-02"].pk)
    [alert] = StockAlert.objects.filter(live=True)
    assert (alert.kind, alert.place.code, alert.quantity) == ("below_min", "A", Decimal(94))
    company.transfer(day(3), "10", "A", "A", source_place=company.places["A-01"].pk)
    assert StockAlert.objects.get(live=True).quantity == Decimal(94)


def test_a_bin_has_the_policy_of_its_warehouse() -> None:
    company = shelved()
    with pytest.raises(InsufficientOnShelf, match="A仓 A-02 M6 商品M6 在 2026-03-03 缺 1 个；同仓库 A仓 有 20、A-01 有 50"):
        company.delivery(day(3), "31", source_place=company.places["A-02"].pk)
    Place.objects.filter(code="A").update(negative_stock="allow")
    company.delivery(day(3), "31", source_place=company.places["A-02"].pk)
    assert ("A仓 A-02", "-1") in figures(company, "stock_on_hand", "place_name", "quantity", by="bin")


def test_who_is_limited_to_a_warehouse_has_its_bins() -> None:
    company = shelved()
    user = User.objects.create(username="keeper", display_name="仓管")
    role = Role.objects.create(name="A 仓管")
    user.roles.add(role)
    Permission.objects.create(role=role, subject="*", action="*")
    DataScope.objects.create(role=role, dimension="warehouse", key=company.places["A"].pk)
    keeper = viewer_of(user)
    inside = company.delivery(day(3), "1", source_place=company.places["A-01"].pk)
    outside = company.delivery(day(3), "1", place="B")
    assert in_sight(keeper, [inside.pk, outside.pk]) == {inside.pk}
    assert figures(company, "stock_on_hand", "place_name", "quantity", viewer=keeper) == [("A仓", "99")]
    assert figures(company, "stock_on_hand", "quantity", viewer=keeper, place=company.places["B"].pk) == []
    save_master(BIN, {"warehouse": company.places["A"].pk, "code": "A-09"}, keeper)
    with pytest.raises(InvalidDocument):
        save_master(BIN, {"warehouse": company.places["B"].pk, "code": "B-09"}, keeper)
    with pytest.raises(NotFound):
        delete_master(BIN, company.bins("B", "B-01")[0].pk, keeper)


def test_pickers_tell_what_the_warehouse_holds_with_its_bins() -> None:
    company = shelved(tracking="none")
    item = company.item().pk
    held = {
        place: pickers.stock_of([item], company.viewer, {"place": str(company.places[place].pk)})[item]["on_hand"]
        for place in ("A", "A-01")
    }
    assert held == {"A": "100", "A-01": "50"}


def test_bins_are_made_by_file_and_stay_in_their_warehouse() -> None:
    company = make.company()
    assert not book().bins
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        workbook.add_worksheet().write_row(0, 0, ["仓库", "编码", "名称"])
        for at, row in enumerate((["A", "A-01", ""], ["A", "A-02", "二排"], ["B", "B-01", ""]), start=1):
            workbook.worksheets()[0].write_row(at, 0, row)
    done = import_master(BIN, "库位.xlsx", file.getvalue(), company.viewer, False)
    assert (done.created, done.errors, book().bins) == (3, [], True)
    bins = {one.code: one for one in Place.objects.filter(kind="bin").select_related("warehouse")}
    assert {code: (one.name, one.warehouse and one.warehouse.code) for code, one in bins.items()} == {
        "A-01": ("A-01", "A"),
        "A-02": ("二排", "A"),
        "B-01": ("B-01", "B"),
    }
    with pytest.raises(InvalidDocument, match="不能换到别的仓库"):
        save_master(BIN, {"warehouse": company.places["B"].pk}, company.viewer, bins["A-01"].pk)
    with pytest.raises(InvalidDocument, match="请在“仓库”或“库位”中新建"):
        save_master(PLACE, {"code": "X", "name": "X"}, company.viewer)


def test_a_bin_that_was_used_stays() -> None:
    company = shelved()
    with pytest.raises(InUse):
        delete_master(BIN, company.places["A-01"].pk, company.viewer)
    [free] = company.bins("A", "A-03")
    delete_master(BIN, free.pk, company.viewer)
    assert not Place.objects.filter(pk=free.pk).exists()
    with pytest.raises(InUse):
        save_master(WAREHOUSE, {"bins": []}, company.viewer, company.places["A"].pk)


def test_orders_are_for_warehouses_and_are_delivered_from_bins() -> None:
    company = shelved()
    header = {"party": company.customer.pk, "source_place": company.places["A"].pk}
    line = {"item": company.item().pk, "quantity": "60", "unit_price_net": "20"}
    with pytest.raises(InvalidDocument):
        company.draft("sales_order", day(3), [{**line, "source_place": company.places["A-01"].pk}], **header)
    order = company.posted("sales_order", day(3), [line], **header, reserve=True)
    available = figures(company, "stock_on_hand", "place_name", "reserved", "available")
    assert available == [("A仓", "60", "40"), ("B仓", "0", "7")]
    source = order.goods_lines.get().pk
    shelves = [("A-01", "50"), ("A-02", "10")]
    lines = [{**line, "quantity": quantity, "source_line": source, "source_place": company.places[code].pk} for code, quantity in shelves]
    company.posted("sales_delivery", day(4), lines, **header)
    order.refresh_from_db()
    assert order.progress == "complete"
    assert figures(company, "stock_on_hand", "place_name", "quantity", "reserved") == [("A仓", "40", "0"), ("B仓", "7", "0")]


def statements(company: Company, lines: list[Mapping[str, Any]]) -> int:
    """How many statements a delivery of these lines takes."""
    draft = company.draft("sales_delivery", day(5), lines, party=company.customer.pk, source_place=company.places["A"].pk)
    with CaptureQueriesContext(connection) as captured:
        company.act(draft)
    return len(captured)


def test_a_posting_takes_as_many_statements_from_many_bins_as_from_one() -> None:
    company = shelved()
    more = company.bins("A", *(f"C-{at:02}" for at in range(20)))
    for one in more:
        company.receipt(day(2), "5", "10", target_place=one.pk)
    line = {"item": company.item().pk, "quantity": "1", "unit_price_net": "20"}
    few = statements(company, [{**line, "source_place": more[0].pk}, {**line, "source_place": more[1].pk}])
    assert statements(company, [{**line, "source_place": one.pk} for one in more]) == few


def test_without_bins_nothing_is_asked_of_them() -> None:
    company = make.company()
    table = registry.document("stock_transfer").goods
    assert table is not None
    asked = [one for one in table.fields if one.name in ("source_place", "target_place")]
    assert [company.viewer.sees(one) for one in asked] == [False, False]
    change_book(bins=True)
    assert [company.viewer.sees(one) for one in asked] == [True, True]


def test_a_report_offers_bins_while_there_are_some_and_leaves_out_the_columns_of_lots() -> None:
    company = shelved()
    stock = registry.reports()["stock_on_hand"]
    assert set(stock.run(company.viewer, {"by": "bin"}).unused) == {"lot", "expiry_date", "attributes"}
    [by] = [one for one in stock.parameters if one.name == "by"]
    shown = {one["value"] for one in field_json(by, company.viewer)["choices"]}
    change_book(bins=False)
    assert shown - {one["value"] for one in field_json(by, company.viewer)["choices"]} == {"bin"}


def lots_in_bins() -> tuple[Company, Document]:
    """Lot L1: 20 in A-01, 10 in A-02; lot L2: 30 in A-02; an order for 25 of L1 that holds them back."""
    company = make.company()
    company.item("M6", tracking="lot")
    company.bins("A", "A-01", "A-02")
    for code, lot, quantity in (("A-01", "L1", "20"), ("A-02", "L1", "10"), ("A-02", "L2", "30")):
        company.receipt(day(1), quantity, "10", lot=lot, target_place=company.places[code].pk)
    line = {"item": company.item().pk, "quantity": "25", "unit_price_net": "20", "lot": "L1"}
    header = {"party": company.customer.pk, "source_place": company.places["A"].pk}
    return company, company.posted("sales_order", day(2), [line], **header, reserve=True)


def test_a_lot_is_held_back_in_the_warehouse_whichever_bin_it_lies_in() -> None:
    change_book(reserved_stock="forbid")
    company, order = lots_in_bins()
    assert not StockAlert.objects.filter(live=True).exists()
    place = {"item": str(company.item().pk), "place": str(company.places["A"].pk)}
    lots = {one.number: one.pk for one in Lot.objects.all()}
    shown = pickers.stock_of_lots(list(lots.values()), company.viewer, place)
    assert shown == {lots["L1"]: {"on_hand": "30", "available": "5"}, lots["L2"]: {"on_hand": "30", "available": "30"}}
    company.delivery(day(3), "5", lot="L1", source_place=company.places["A-01"].pk)
    with pytest.raises(TakenFromHeld, match="A仓 M6 商品M6 L1 现存 24 个，订单占用 25 个，会动用他人占用的 1 个"):
        company.delivery(day(3), "1", lot="L1", source_place=company.places["A-02"].pk)
    company.transfer(day(3), "10", "A", "A", lot="L1", source_place=company.places["A-01"].pk, target_place=company.places["A-02"].pk)
    source = order.goods_lines.get().pk
    line = {"item": company.item().pk, "quantity": "20", "unit_price_net": "20", "lot": "L1", "source_line": source}
    header = {"party": company.customer.pk, "source_place": company.places["A"].pk}
    company.posted("sales_delivery", day(4), [{**line, "source_place": company.places["A-02"].pk}], **header)
    held = figures(company, "stock_on_hand", "place_name", "quantity", "reserved", by="place")
    assert held == [("A仓", "35", "5")]
    change_book(reserved_stock="allow")
    company.delivery(day(5), "3", lot="L1", source_place=company.places["A-01"].pk)
    [alert] = StockAlert.objects.filter(live=True)
    assert (alert.kind, alert.place.code, alert.quantity, alert.bound) == ("over_reserved", "A", Decimal(2), Decimal(5))


def shared(company: Company, lines: list[dict[str, Any]]) -> list[tuple[list[tuple[str, str, str]], str]]:
    """By line the parts (lot, bin, quantity) that sharing gives, and what is missing; a place of the line's own is left empty."""
    raw = {"document_date": day(5).isoformat(), "lines": [{"item": company.item().pk, **line} for line in lines]}
    found = allocating.suggest(company.viewer, registry.document("sales_delivery"), raw)["lines"]

    def code(ref: Mapping[str, Any] | None) -> str:
        return ref["code"] if ref else ""

    return [([(code(one["lot"]), code(one["place"]), one["quantity"]) for one in line["lots"]], line["missing"]) for line in found]


def test_lines_are_shared_over_bins_from_as_few_as_will_do_and_what_is_not_put_away_last() -> None:
    company = shelved()
    at = {code: one.pk for code, one in company.places.items()}
    assert shared(company, [{"quantity": "28", "source_place": at["A"]}]) == [([("", "A-01", "28")], "0")]
    lines = [{"quantity": quantity, "source_place": at["A"]} for quantity in ("45", "28", "40")]
    assert shared(company, lines) == [
        ([("", "A-01", "45")], "0"),
        ([("", "A-02", "28")], "0"),
        ([("", "A-01", "5"), ("", "A-02", "2"), ("", "", "20")], "13"),
    ]
    lines = [{"quantity": "30", "source_place": at[code]} for code in ("A-02", "A", "B")]
    assert shared(company, lines) == [([("", "", "30")], "0"), ([("", "A-01", "30")], "0"), ([("", "", "7")], "23")]


def test_lots_are_shared_by_expiry_and_then_over_bins_and_what_is_held_back_stays() -> None:
    company, _ = lots_in_bins()
    at = {code: one.pk for code, one in company.places.items()}
    assert shared(company, [{"quantity": "12", "source_place": at["A"]}]) == [([("L1", "A-01", "5"), ("L2", "A-02", "7")], "0")]
    lot = Lot.objects.get(number="L2").pk
    assert shared(company, [{"quantity": "31", "source_place": at["A"], "lot": lot}]) == [([("L2", "A-02", "30")], "1")]


def test_sharing_takes_as_many_statements_for_many_lines_as_for_one() -> None:
    company = shelved()
    line = {"quantity": "3", "source_place": company.places["A"].pk}
    counts = []
    for lines in ([line], [line] * 40):
        with CaptureQueriesContext(connection) as captured:
            shared(company, lines)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8


def test_the_lots_of_a_warehouse_are_for_who_may_see_it() -> None:
    company, _ = lots_in_bins()
    keeper = replace(company.viewer, administrator=False, permissions=frozenset({("*", "*")}))
    keeper = replace(keeper, scopes={"warehouse": frozenset({company.places["B"].pk})})
    place = {"item": str(company.item().pk), "place": str(company.places["A"].pk)}
    lots = list(Lot.objects.values_list("pk", flat=True))
    assert (pickers.stock_of_lots(lots, keeper, place), pickers.first_lots(keeper, place)) == ({}, [])
    assert set(pickers.first_lots(company.viewer, place)) == set(lots)


def test_a_bin_gives_no_more_of_a_lot_than_its_warehouse_has_free() -> None:
    company, _ = lots_in_bins()
    at = {code: one.pk for code, one in company.places.items()}
    lots = {one.number: one.pk for one in Lot.objects.all()}
    asked = {"quantity": "12", "source_place": at["A-01"], "lot": lots["L1"]}
    assert shared(company, [asked]) == [([("L1", "", "5")], "7")]
    shown = pickers.stock_of_lots([lots["L1"]], company.viewer, {"item": str(company.item().pk), "place": str(at["A-01"])})
    assert shown == {lots["L1"]: {"on_hand": "20", "available": "5"}}


def test_a_line_names_a_shelf_of_the_warehouse_that_its_document_names() -> None:
    company = shelved()
    company.bins("B", "B-01")
    for line in ({"source_place": company.places["B-01"].pk}, {"target_place": company.places["A-01"].pk}):
        with pytest.raises(InvalidDocument, match="不在单头的仓库里"):
            company.transfer(day(3), "1", "A", "B", **line)
    company.transfer(day(3), "1", "A", "B", source_place=company.places["A-01"].pk, target_place=company.places["B-01"].pk)


def test_available_by_bin_leaves_out_what_is_held_back_beyond_its_day() -> None:
    company = shelved()
    header = {"party": company.customer.pk, "source_place": company.places["A"].pk}
    line = {"item": company.item().pk, "quantity": "15", "unit_price_net": "20"}
    company.posted("sales_order", day(3), [line], **header, reserve=True, reserve_until=day(4).isoformat())
    own = {row[0]: row[1] for row in figures(company, "stock_on_hand", "place_name", "available", by="bin")}
    assert (own["A仓"], own["A仓 A-01"]) == ("20", "50")


def drafts_of(company: Company, name: str, remedy: str) -> list[list[tuple[str, str, str]]]:
    """The drafts that a remedy makes of all rows of a list of alerts, by line: item, shelf, quantity; what they become is posted."""
    declared = registry.reports()[name]
    ids = [row["id"] for row in declared.run(company.viewer, {}, 100).rows]
    chosen = next(one for one in declared.remedies if one.name == remedy)
    made = remedies.make(company.viewer, declared, chosen, ids, Key())["documents"]
    found = []
    for one in made:
        rows = Document.objects.get(pk=one).goods_lines.order_by("position").select_related("item", "source_place")
        found.append([(row.item.code, row.source_place.code if row.source_place else "", str(row.quantity.normalize())) for row in rows])
    return found


def test_what_is_below_zero_is_counted_on_the_shelf_where_it_is() -> None:
    company = shelved()
    Place.objects.filter(code="A").update(negative_stock="allow")
    company.delivery(day(3), "131", source_place=company.places["A-02"].pk)
    assert drafts_of(company, "stock_alerts", "recount") == [[("M6", "A-02", "0")]]


def test_goods_lie_in_a_warehouse_whichever_shelf_they_are_put_on() -> None:
    company = shelved()
    company.item("OLD")
    company.receipt(day(1), "5", "10", item="OLD")
    with clock.standing_at(datetime(2027, 1, 10, 10, tzinfo=timezone(timedelta(hours=8)))):
        today = date(2027, 1, 10)
        company.transfer(today, "5", "A", "A", item="OLD", target_place=company.places["A-01"].pk)
        company.delivery(today, "3", source_place=company.places["A-02"].pk)
        slow = figures(company, "slow_stock", "item_code", "place_name", "quantity")
        assert sorted(slow) == [("M6", "B仓", "7"), ("OLD", "A仓", "5")]
        assert sorted(drafts_of(company, "slow_stock", "relocate")) == [[("M6", "B", "7")], [("OLD", "A-01", "5")]]


def test_expired_lots_are_scrapped_where_they_lie() -> None:
    company = make.company()
    company.item("M6", tracking="lot")
    company.bins("A", "A-01")
    company.receipt(day(1), "4", "10", lot="L1", expiry_date=day(5).isoformat(), target_place=company.places["A-01"].pk)
    assert drafts_of(company, "expiring_stock", "throw_away") == [[("M6", "A-01", "4")]]


def test_the_beginning_of_a_bin_s_code_is_taken_as_it_is_typed() -> None:
    company = shelved()
    company.bins("A", "A_01")
    company.transfer(day(2), "5", "A", "A", target_place=company.places["A_01"].pk)
    plan = company.posted("count_plan", day(3), [], source_place=company.places["A"].pk, bins="a_")
    assert [row.source_place.code for row in plan.goods_lines.filter(role="listed")] == ["A_01"]
