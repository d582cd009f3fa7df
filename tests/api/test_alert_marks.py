"""列表与选择器中的预警 Marks of alerts over the wire: which rows bear which, who sees them, where they lead, what a filter leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.models import AlertRule, Role
from hengcang.analytics import alert_marks
from hengcang.base import clock
from hengcang.base.book import change_book
from hengcang.catalog.models import Lot
from hengcang.meta import marks, registry
from hengcang.meta.dataset import dataset_of
from hengcang.parties.models import Party
from tests.api.conftest import Browser, person
from tests.api.documents_world import World, world
from tests.api.test_alerts import limit

CHINA = timezone(timedelta(hours=8))
LATER = datetime(2026, 4, 2, 10, tzinfo=CHINA)


@pytest.fixture
def at(db: None) -> Iterator[World]:
    """A company on the fifth of March with limits on one item: at least 20, at most 100, safety 30, at A仓."""
    with clock.standing_at(datetime(2026, 3, 5, 10, tzinfo=CHINA)):
        found = world()
        limit(found, "M6", "A", "20", "100", "30")
        yield found


def where(*conditions: dict[str, Any]) -> str:
    """Conditions as a list is asked."""
    return "where=" + quote(orjson.dumps(list(conditions)))


def bearing(op: str, value: Any = None) -> str:
    """The condition on marks."""
    return where({"field": "alerts", "op": op, "value": value})


def marked(who: Browser, path: str) -> dict[str, list[str]]:
    """The kinds of marks of the rows that bear some, by code or number."""
    found = who.get(path)["rows"]
    return {row.get("code") or row["number"]: [one["kind"] for one in row["alerts"]] for row in found if "alerts" in row}


def names(who: Browser, path: str) -> list[str]:
    """Codes or numbers of the rows."""
    return sorted(row.get("code") or row["number"] for row in who.get(path)["rows"])


def followed(who: Browser, row: dict[str, Any]) -> list[tuple[str, int]]:
    """Each mark of a row with how many rows the list has that it leads to."""
    links = [(one["kind"], one["link"]) for one in row["alerts"]]
    assert all(link["kind"] == "report" for _, link in links)
    return [(kind, len(who.get(f"/reports/{link['name']}?{urlencode(link['parameters'])}")["rows"])) for kind, link in links]


def goods(at: World) -> None:
    """M6 low at A仓, N8 negative at B仓 and low at A仓, MILK expiring at A仓, P1 above its limit, Q2 as it should be."""
    change_book(negative_stock="allow")
    at.company.places["B"].negative_stock = "allow"
    at.company.places["B"].save()
    milk = at.company.item("MILK", tracking="lot")
    for number, days in (("old", -2), ("soon", 20), ("fresh", 200)):
        Lot.objects.create(item=milk, number=number, expiry_date=clock.today() + timedelta(days=days))
    limit(at, "P1", "A", "1", "5")
    at.posted("purchase_receipts", [at.line("15"), at.line("7", "N8"), at.line("9", "P1"), at.line("9", "Q2")])
    at.posted("purchase_receipts", [at.line(quantity, "MILK", lot=lot) for quantity, lot in (("4", "old"), ("6", "soon"), ("9", "fresh"))])
    limit(at, "N8", "A", "8", None)
    at.posted("other_issues", [{"item": at.company.item("N8").pk, "quantity": "3"}], source_place=at.company.places["B"].pk)


def debts(at: World) -> dict[str, str]:
    """What is overdue on the second of April by what it is: a delivery, a receipt, and one order of two, with unpriced goods."""
    Party.objects.filter(pk=at.company.customer.pk).update(credit_limit=Decimal(150))
    receipt = at.posted("purchase_receipts", [at.line("100", unit_price_net="2")], on=1)
    delivery = at.posted("sales_deliveries", [at.line("10", unit_price_net="20")], on=2)
    late = at.posted("sales_orders", [at.line("5", unit_price_net="20")], on=3, delivery_date="2026-03-10")
    at.posted("sales_orders", [at.line("5", unit_price_net="20")], on=3, delivery_date="2026-12-10")
    bought = at.posted("purchase_orders", [at.line("5")], on=3, delivery_date="2026-03-11")
    plain = [{"item": at.company.item().pk, "quantity": quantity} for quantity in ("8", "9")]
    unpriced = at.posted("purchase_receipts", plain, on=4)
    made = {"receipt": receipt, "delivery": delivery, "late": late, "bought": bought, "unpriced": unpriced}
    return {name: one["number"] for name, one in made.items()}


def test_items_bear_what_the_alert_lists_say_of_them_and_nothing_else(at: World) -> None:
    goods(at)
    assert marked(at.boss, "/items") == {
        "M6": ["below_min"],
        "MILK": ["near_expiry"],
        "N8": ["negative", "below_min"],
        "P1": ["above_max"],
    }
    [row] = at.boss.get(f"/items?{where({'field': 'code', 'op': 'eq', 'value': 'N8'})}")["rows"]
    low = row["alerts"][1]
    assert (low["label"], low["tone"]) == ("低于下限", "error") and low["help"].startswith("1 个仓库低于库存下限")
    assert low["link"] == {"kind": "report", "name": "stock_alerts", "parameters": {"kind": "below_min", "item": str(row["id"])}}
    assert followed(at.boss, row) == [("negative", 1), ("below_min", 1)]
    [milk] = at.boss.get(f"/items?{where({'field': 'code', 'op': 'eq', 'value': 'MILK'})}")["rows"]
    assert milk["alerts"][0]["help"].startswith("2 批") and followed(at.boss, milk) == [("near_expiry", 2)]
    assert {row["number"] for row in at.boss.get("/lots")["rows"] if "alerts" in row} == {"old", "soon"}
    assert [followed(at.boss, row) for row in at.boss.get("/lots")["rows"] if row["number"] == "old"] == [[("near_expiry", 1)]]


def test_what_lies_is_marked_once_the_days_of_the_rule_have_passed(at: World) -> None:
    at.posted("purchase_receipts", [at.line("50"), at.line("7", "N8")], on=1)
    at.posted("sales_deliveries", [at.line("10")], on=20)
    with clock.standing_at(datetime(2026, 6, 10, 10, tzinfo=CHINA)):
        assert marked(at.boss, "/items") == {"N8": ["slow_moving"]}
        AlertRule.objects.create(name="一年", kind="slow_moving", days=365)
        assert marked(at.boss, "/items") == {}


def test_parties_and_documents_bear_what_is_overdue_late_unpriced_or_beyond_credit(at: World) -> None:
    known = debts(at)
    with clock.standing_at(LATER):
        assert marked(at.boss, "/customers") == {at.company.customer.code: ["over_credit", "overdue_receivable"]}
        assert marked(at.boss, "/suppliers") == {at.company.supplier.code: ["overdue_payable"]}
        assert marked(at.boss, "/sales_deliveries") == {known["delivery"]: ["overdue_receivable"]}
        assert marked(at.boss, "/purchase_receipts") == {known["receipt"]: ["overdue_payable"], known["unpriced"]: ["unpriced"]}
        assert marked(at.boss, "/sales_orders") == {known["late"]: ["late_sales_order"]}
        assert marked(at.boss, "/purchase_orders") == {known["bought"]: ["late_purchase_order"]}
        [customer] = at.boss.get("/customers")["rows"]
        assert [one["label"] for one in customer["alerts"]] == ["超信用", "逾期应收"]
        assert followed(at.boss, customer) == [("over_credit", 1), ("overdue_receivable", 1)]
        receipts = {row["number"]: row for row in at.boss.get("/purchase_receipts")["rows"]}
        assert followed(at.boss, receipts[known["unpriced"]]) == [("unpriced", 2)]
        assert receipts[known["unpriced"]]["alerts"][0]["help"].startswith("2 行")
        assert followed(at.boss, receipts[known["receipt"]]) == [("overdue_payable", 1)]
        [order] = [row for row in at.boss.get("/sales_orders")["rows"] if "alerts" in row]
        assert followed(at.boss, order) == [("late_sales_order", 1)]
    assert marked(at.boss, "/sales_deliveries") == marked(at.boss, "/sales_orders") == {}


def test_pickers_bear_the_gravest_at_the_place_that_is_asked_for(at: World) -> None:
    goods(at)
    a, b = (at.company.places[code].pk for code in "AB")
    everywhere = {"M6": ["below_min"], "MILK": ["near_expiry"], "N8": ["negative", "below_min"]}
    assert marked(at.boss, "/items/options") == everywhere
    assert marked(at.boss, f"/items/options?place={a}") == {**everywhere, "N8": ["below_min"]}
    assert marked(at.boss, f"/items/options?place={b}") == {"N8": ["negative"]}
    [row] = at.boss.get("/items/options?search=N8")["rows"]
    assert row["alerts"][0] | {"help": ""} == {"kind": "negative", "label": "负库存", "tone": "error", "help": "", "link": None}


def test_parties_in_pickers_bear_their_own_side(at: World) -> None:
    debts(at)
    both = Party.objects.filter(pk=at.company.customer.pk)
    with clock.standing_at(LATER):
        code = at.company.customer.code
        assert marked(at.boss, "/customers/options") == {code: ["over_credit", "overdue_receivable"]}
        both.update(is_supplier=True)
        assert marked(at.boss, "/suppliers/options") == {at.company.supplier.code: ["overdue_payable"]}
        assert marked(at.boss, "/parties/options")[code] == ["over_credit", "overdue_receivable"]


def test_who_may_not_look_into_a_list_of_alerts_sees_no_mark_of_it(at: World) -> None:
    goods(at)
    known = debts(at)
    views = [(one, "view") for one in ("item", "party", "purchase_receipt", "sales_delivery", "sales_order")]
    lists = [
        (one, "view") for one in ("stock_alerts", "expiring_stock", "open_items", "credit_exposure", "unpriced_receipts", "late_orders")
    ]
    with clock.standing_at(LATER):
        bare = person("bare", views)
        for path in ("/items", "/items/options", "/customers", "/customers/options", "/suppliers", "/purchase_receipts", "/sales_orders"):
            assert marked(bare, path) == {}, path
        seller = person("seller", [*views, *lists], masks=("sales_price",))
        assert marked(seller, "/customers") == marked(seller, "/sales_deliveries") == {}
        assert marked(seller, "/suppliers") == {at.company.supplier.code: ["overdue_payable"]}
        buyer = person("buyer", [*views, *lists], masks=("purchase_price",))
        assert marked(buyer, "/purchase_receipts") == {known["unpriced"]: ["unpriced"]} and marked(buyer, "/suppliers") == {}
        assert marked(buyer, "/sales_orders") == {known["late"]: ["late_sales_order"]}
        keeper = person("keeper", [*views, *lists], scopes=(("warehouse", at.company.places["B"].pk),))
        assert marked(keeper, "/items") == marked(keeper, "/items/options") == {"N8": ["negative"]}
        assert marked(keeper, f"/items/options?place={at.company.places['A'].pk}") == {}
        assert marked(keeper, "/suppliers") == {} and marked(keeper, "/purchase_receipts") == {}
        for kind in ("below_min", "overdue_receivable"):
            assert bare.call("GET", f"/{'items' if kind == 'below_min' else 'customers'}?{bearing('in', [kind])}")[0] == 422
        assert bare.get("/meta")["masters"]["item"]["alerts"] == []
        assert [one["value"] for one in seller.get("/meta")["masters"]["customer"]["alerts"]] == []
        assert names(keeper, f"/items?{bearing('in', ['below_min', 'negative'])}") == ["N8"]


def test_the_rules_say_to_whom_a_mark_is_shown(at: World) -> None:
    at.posted("purchase_receipts", [at.line("15")])
    AlertRule.objects.create(name="采购看下限", kind="below_min", role=Role.objects.get(name="采购员"))
    keeper, buyer = at.worker("li", "仓库管理员"), at.worker("zhao", "采购员")
    assert marked(keeper, "/items") == {} and marked(buyer, "/items") == {"M6": ["below_min"]}
    assert names(keeper, f"/items?{bearing('eq', 'below_min')}") == ["M6"], "the list of alerts is open to him, and so is the filter"


def test_a_list_is_narrowed_to_the_rows_with_an_alert(at: World) -> None:
    goods(at)
    known = debts(at)
    assert names(at.boss, f"/items?{bearing('in', ['negative', 'above_max'])}") == ["M6", "N8", "P1"]
    assert names(at.boss, f"/items?{bearing('eq', 'near_expiry')}") == ["MILK"]
    assert names(at.boss, f"/items?{bearing('empty', True)}") == ["Q2"]
    assert names(at.boss, f"/items?{bearing('empty', False)}") == ["M6", "MILK", "N8", "P1"]
    assert names(at.boss, f"/items?{bearing('ne', 'negative')}") == ["M6", "MILK", "P1", "Q2"]
    low, named = {"field": "alerts", "op": "eq", "value": "negative"}, {"field": "code", "op": "eq", "value": "Q2"}
    assert names(at.boss, f"/items?{where({'any': [low, named]})}") == ["N8", "Q2"]
    with clock.standing_at(LATER):
        assert names(at.boss, f"/sales_orders?{bearing('in', ['late_sales_order'])}") == [known["late"]]
        assert names(at.boss, f"/purchase_receipts?{bearing('in', ['unpriced', 'overdue_payable'])}") == sorted(
            row["number"] for row in at.boss.get("/purchase_receipts")["rows"] if "alerts" in row
        )
        assert names(at.boss, f"/customers?{bearing('in', ['over_credit'])}") == [at.company.customer.code]
        assert names(at.boss, f"/suppliers?{bearing('in', ['overdue_payable'])}") == [at.company.supplier.code]
    for path in (
        bearing("in", ["late_sales_order"]),
        bearing("eq", "x"),
        bearing("in", []),
        bearing("gt", "negative"),
        bearing("in", [[]]),
    ):
        status, problem = at.boss.call("GET", f"/items?{path}")
        assert (status, problem["code"]) == (422, "query_refused"), path
    assert at.boss.call("GET", f"/warehouses?{bearing('eq', 'negative')}")[0] == 422


def test_files_have_no_marks_and_may_be_narrowed_by_them(at: World) -> None:
    goods(at)
    text = at.boss.call("GET", f"/items/export?columns=code,name&format=csv&{bearing('eq', 'above_max')}")[1].decode("utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()] == ["编码", "P1"]
    assert "预警" not in text and "上限" not in text


@pytest.mark.parametrize(
    ("path", "more"),
    [("/items", 2), ("/items/options", 2), ("/lots", 2), ("/customers", 5), ("/customers/options", 5), ("/suppliers", 2),
     ("/purchase_receipts", 2), ("/sales_orders", 2)],
)  # fmt: skip
def test_marks_take_a_constant_number_of_statements(at: World, path: str, more: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules, one for what is found by statement, and three for credit: limits, balances, orders."""

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            at.boss.get(path)
        return len(captured)

    goods(at)
    debts(at)
    with clock.standing_at(LATER):
        statements()
        alone = statements()
        for code in range(12):
            limit(at, f"X{code}", "A", "8", None)
        for number in range(5):
            Party.objects.create(code=f"K{number}", name=f"客户{number}", is_customer=True, credit_limit=Decimal(5))
        at.posted("purchase_receipts", [at.line("2", f"X{code}") for code in range(12)])
        at.posted("sales_orders", [at.line("5", unit_price_net="20")], on=3, delivery_date="2026-03-10")
        assert statements() == alone
        monkeypatch.setattr(marks, "_markers", {})
        assert statements() == alone - more


def test_nothing_is_asked_for_whom_no_mark_is(at: World) -> None:
    bare = person("bare", [("item", "view"), ("warehouse", "view")])
    for path in ("/items", "/warehouses"):
        with CaptureQueriesContext(connection) as captured:
            bare.get(path)
        assert not any("alert" in one["sql"] for one in captured.captured_queries)


def test_a_day_that_is_not_overdue_yet_by_the_rule_is_not_marked(at: World) -> None:
    known = debts(at)
    AlertRule.objects.create(name="宽限", kind="overdue_receivable", days=3)
    with clock.standing_at(LATER):
        assert marked(at.boss, "/sales_deliveries") == {}
    with clock.standing_at(LATER + timedelta(days=3)):
        assert marked(at.boss, "/sales_deliveries") == {known["delivery"]: ["overdue_receivable"]}


def test_english_is_spoken_where_it_is_asked_for(at: World) -> None:
    goods(at)
    rows = at.boss.get("/items", **{"Accept-Language": "en"})["rows"]
    told = [one for row in rows for one in row.get("alerts", ())]
    assert {one["label"] for one in told} >= {"Negative stock", "Below limit", "Near expiry", "Above limit"}
    assert all((one["label"] + one["help"]).isascii() for one in told)


def test_every_kind_that_a_row_can_bear_is_a_kind_of_alert_and_no_field_is_called_like_the_marks(db: None) -> None:
    markers = (alert_marks.ITEMS, alert_marks.FAMILIES, alert_marks.LOTS, alert_marks.PARTIES, alert_marks.DOCUMENTS)
    known = {one.name for one in alert_marks.alerts.KINDS}
    assert {sign.kind for marker in markers for sign in marker.signs} == known - {"count_due"}
    declared: Sequence[Any] = (*registry.masters().values(), *registry.documents().values())
    for one in declared:
        assert marks.KEY not in dataset_of(one).fields, one.name
    for marker in markers:
        for sign in marker.signs:
            report = registry.reports()[sign.of.report]
            assert marker.parameter in {one.name for one in report.parameters}, (sign.kind, report.name)
