"""预警 Alerts over the wire: what each person is told, what is new to him, the lists, and what is made of their rows."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.models import AlertRule, Role
from hengcang.analytics import remedies
from hengcang.analytics.alerts import KINDS, alerts
from hengcang.base import clock
from hengcang.base.book import change_book
from hengcang.catalog.models import Lot
from hengcang.meta import registry
from hengcang.meta.masters import save_master
from hengcang.parties.models import Party
from hengcang.records.models import Document
from tests.api.conftest import person
from tests.api.documents_world import World, world


@pytest.fixture
def at(db: None) -> World:
    """A company with limits on one item: at least 20, at most 100, at A仓."""
    found = world()
    limit(found, "M6", "A", "20", "100", "30")
    return found


def limit(at: World, code: str, place: str, low: str, high: str | None, safety: str | None = None) -> None:
    """The limits of an item, through the door of the screen."""
    company = at.company
    line = {"place": company.places[place].pk, "stock_min": low, "stock_max": high, "safety_stock": safety}
    raw = {"limits": [line], "default_supplier": company.supplier.pk, "purchase_price": "4.5"}
    save_master(registry.masters()["item"], raw, company.viewer, company.item(code).pk)


def told(viewer: Any) -> dict[str, tuple[int, int]]:
    """Count and new of every kind of alert."""
    return {one["name"]: (one["count"], one["new"]) for one in alerts(viewer)}


def rows(at: World, path: str) -> list[dict[str, Any]]:
    """The rows of a report."""
    return list(at.boss.get(f"/reports/{path}")["rows"])


def test_what_is_low_becomes_an_order_up_to_the_upper_limit_less_what_is_on_its_way(at: World) -> None:
    at.posted("purchase_receipts", [at.line("15")])
    [row] = rows(at, "stock_alerts?kind=below_min")
    assert (row["quantity"], row["bound"], row["difference"], row["incoming"], row["suggested"]) == ("15", "20", "-5", "0", "85")
    status, made = at.boss.call("POST", "/reports/stock_alerts/buy", {"rows": [row["id"]]})
    assert status == 201 and made["type"] == "purchase_order" and len(made["documents"]) == 1
    order = at.boss.get(f"/purchase_orders/{made['documents'][0]['id']}")
    assert order["party"]["id"] == at.company.supplier.pk and order["target_place"]["id"] == at.company.places["A"].pk
    assert [(line["quantity"], line["unit_price_net"]) for line in order["goods_lines"]] == [("85", "4.5")]
    at.boss.call("POST", f"/purchase_orders/{order['id']}/post", {"version": order["version"]})
    [row] = rows(at, "stock_alerts?kind=below_min")
    assert (row["incoming"], row["suggested"]) == ("85", "0")
    before = Document.objects.count()
    status, problem = at.boss.call("POST", "/reports/stock_alerts/buy", {"rows": [row["id"]]})
    assert (status, problem["code"]) == (422, "nothing_to_do") and Document.objects.count() == before


def test_low_high_and_negative_stock_become_transfers_and_counts(at: World) -> None:
    change_book(negative_stock="allow")
    at.company.places["B"].negative_stock = "allow"
    at.company.places["B"].save()
    at.posted("purchase_receipts", [at.line("130"), at.line("5", "N8")])
    limit(at, "N8", "A", "8", None)
    b = at.company.places["B"].pk
    at.posted("other_issues", [{"item": at.company.item().pk, "quantity": "3"}], source_place=b)
    for kind, name, target, where, wanted in (
        ("above_max", "send_away", "stock_transfers", "source_place", ["30"]),
        ("below_min", "fetch", "stock_transfers", "target_place", ["3"]),
        ("negative", "recount", "stock_counts", "source_place", ["0"]),
    ):
        [row] = rows(at, f"stock_alerts?kind={kind}")
        status, made = at.boss.call("POST", f"/reports/stock_alerts/{name}", {"rows": [row["id"]]})
        assert status == 201, (kind, made)
        draft = at.boss.get(f"/{target}/{made['documents'][0]['id']}")
        assert [line["quantity"] for line in draft["goods_lines"]] == wanted and draft[where]["id"] == row["place"], kind
        assert draft["state"] == "draft" and (draft["source_place"] is None) == (kind == "below_min")


def test_what_expires_within_the_days_of_the_rule_is_listed_and_scrapped(at: World) -> None:
    milk = at.company.item("MILK", tracking="lot")
    today = clock.today()
    for number, days in (("old", -2), ("soon", 20), ("fresh", 200)):
        Lot.objects.create(item=milk, number=number, expiry_date=today + timedelta(days=days))
    at.posted("purchase_receipts", [at.line(quantity, "MILK", lot=lot) for quantity, lot in (("4", "old"), ("6", "soon"), ("9", "fresh"))])
    assert [(row["lot"], row["days_left"], row["quantity"]) for row in rows(at, "expiring_stock")] == [("old", -2, "4"), ("soon", 20, "6")]
    assert told(at.company.viewer)["near_expiry"][0] == 2
    AlertRule.objects.create(name="三天", kind="near_expiry", days=3)
    assert told(at.company.viewer)["near_expiry"][0] == 1
    [row] = rows(at, "expiring_stock")
    assert row["lot"] == "old"
    made = at.boss.call("POST", "/reports/expiring_stock/throw_away", {"rows": [row["id"]]})[1]
    draft = at.boss.get(f"/stock_scraps/{made['documents'][0]['id']}")
    assert draft["reason"] == "expired" and [(line["lot"]["label"], line["quantity"]) for line in draft["goods_lines"]] == [("old", "4")]


def test_what_nobody_bought_for_ninety_days_lies(at: World) -> None:
    at.posted("purchase_receipts", [at.line("50"), at.line("7", "N8")], on=1)
    at.posted("sales_deliveries", [at.line("10")], on=20)
    with clock.standing_at(datetime(2026, 6, 10, 10, tzinfo=timezone(timedelta(hours=8)))):
        found = [(row["item_code"], row["quantity"], row["last_out"], row["idle_days"]) for row in rows(at, "slow_stock")]
        assert found == [("N8", "7", None, None)]
        assert told(at.company.viewer)["slow_moving"] == (1, 1)
    with clock.standing_at(datetime(2026, 6, 19, 10, tzinfo=timezone(timedelta(hours=8)))):
        found = [(row["item_code"], row["quantity"], row["last_out"], row["idle_days"]) for row in rows(at, "slow_stock")]
        assert found == [("N8", "7", None, None), ("M6", "40", "2026-03-20", 91)], "what never left lies longest"


def test_debts_and_orders_past_their_day_are_listed_and_collected(at: World) -> None:
    at.posted("purchase_receipts", [at.line("100", unit_price_net="2")], on=1)
    at.posted("sales_deliveries", [at.line("10", unit_price_net="20")], on=2)
    at.posted("sales_orders", [at.line("5", unit_price_net="20")], on=3, delivery_date="2026-03-10")
    done = at.posted("sales_orders", [at.line("5", unit_price_net="20")], on=3, delivery_date="2026-03-10")
    draft = at.boss.call("POST", f"/sales_orders/{done['id']}/convert/sales_delivery", {})[1]
    at.boss.call("POST", f"/sales_deliveries/{draft['id']}/post", {"version": draft["version"]})
    with clock.standing_at(datetime(2026, 4, 2, 10, tzinfo=timezone(timedelta(hours=8)))):
        found = told(at.company.viewer)
        assert found["overdue_receivable"] == (1, 1) and found["overdue_payable"] == (1, 1) and found["late_sales_order"] == (1, 1)
        [late] = rows(at, "late_orders?type=sales_order")
        assert (late["delivery_date"], late["overdue_days"], late["amount_gross"]) == ("2026-03-10", 23, "100")
        [item] = rows(at, "open_items?side=customer&overdue_days=0")
        assert (item["open"], item["overdue_days"]) == ("200", 1)
        assert rows(at, "open_items?side=customer&overdue_days=1") == []
        made = at.boss.call("POST", "/reports/open_items/collect", {"rows": [item["id"]]})[1]
        payment = at.boss.get(f"/incoming_payments/{made['documents'][0]['id']}")
        assert [line["amount"] for line in payment["money_lines"]] == ["200", "200"]
        status, posted = at.boss.call("POST", f"/incoming_payments/{payment['id']}/post", {"version": payment["version"]})
        assert status == 200, posted
        assert "overdue_receivable" not in told(at.company.viewer)


def test_what_was_paid_in_advance_counts_against_what_is_collected_or_paid(at: World) -> None:
    at.posted("purchase_receipts", [at.line("200")], on=1)
    cash = {"cash_account": at.company.bank.pk, "amount": "500"}
    for side, sold, paid, name in (
        ("customer", "sales_deliveries", "incoming_payments", "collect"),
        ("supplier", None, "outgoing_payments", "pay"),
    ):
        if sold is not None:
            at.posted(sold, [at.line("100", unit_price_net="10")], on=2)
        at.posted(paid, [cash], on=3)
        found = rows(at, f"open_items?side={side}")
        assert sorted(row["to_clear"] for row in found) == ["-500", "1000"]
        ids = [row["id"] for row in found]
        made = at.boss.call("POST", f"/reports/open_items/{name}", {"rows": ids})[1]
        payment = at.boss.get(f"/{paid}/{made['documents'][0]['id']}")
        assert payment["money_lines"][0]["amount"] == "500"
        assert sorted(line["amount"] for line in payment["money_lines"][1:]) == ["-500", "1000"]
        status, posted = at.boss.call("POST", f"/{paid}/{payment['id']}/post", {"version": payment["version"]})
        assert status == 200 and posted["amount_gross"] == "500", posted
        assert rows(at, f"open_items?side={side}") == []


def test_a_payment_is_made_only_of_what_its_side_has_and_its_maker_may_see(at: World) -> None:
    at.posted("purchase_receipts", [at.line("200")], on=1)
    at.posted("sales_deliveries", [at.line("100", unit_price_net="10")], on=2)
    [owed], [owing] = rows(at, "open_items?side=customer"), rows(at, "open_items?side=supplier")
    rights = [("open_items", "view"), ("incoming_payment", "create"), ("outgoing_payment", "create")]
    for masks, name, row in (
        ((), "collect", owing),
        ((), "pay", owed),
        (("sales_price",), "collect", owed),
        (("purchase_price",), "pay", owing),
    ):
        who = person(f"{name}{len(masks)}", rights, masks=masks)
        before = Document.objects.count()
        status, problem = who.call("POST", f"/reports/open_items/{name}", {"rows": [row["id"]]})
        assert (status, problem["code"]) == (422, "nothing_to_do") and Document.objects.count() == before
    status, made = person("free", rights, masks=("purchase_price",)).call("POST", "/reports/open_items/collect", {"rows": [owed["id"]]})
    assert status == 201 and len(made["documents"]) == 1


def test_receipts_without_a_price_wait_for_their_bill(at: World) -> None:
    receipt = at.posted("purchase_receipts", [{"item": at.company.item().pk, "quantity": "8"}])
    [row] = rows(at, "unpriced_receipts")
    assert (row["document"]["id"], row["quantity"]) == (receipt["id"], "8") and told(at.company.viewer)["unpriced"][0] == 1
    bill = at.boss.call("POST", f"/purchase_receipts/{receipt['id']}/convert/purchase_invoice", {})[1]
    lines = [{**line, "item": line["item"]["id"], "unit": None, "unit_price_net": "3"} for line in bill["goods_lines"]]
    raw = {
        "version": bill["version"],
        "goods_lines": [{key: one[key] for key in ("id", "item", "quantity", "unit_price_net")} for one in lines],
    }
    bill = at.boss.call("PUT", f"/purchase_invoices/{bill['id']}", raw)[1]
    at.boss.call("POST", f"/purchase_invoices/{bill['id']}/post", {"version": bill["version"]})
    assert rows(at, "unpriced_receipts") == [] and "unpriced" not in told(at.company.viewer)


def test_the_bell_tells_each_person_what_is_new_to_him_by_the_rules(at: World) -> None:
    at.posted("purchase_receipts", [at.line("15")])
    assert told(at.company.viewer)["below_min"] == (1, 1)
    assert {one["name"]: one["new"] for one in at.boss.call("POST", "/alerts/seen", {})[1]}["below_min"] == 0
    at.posted("purchase_receipts", [at.line("1")])
    assert told(at.company.viewer)["below_min"] == (1, 0)
    limit(at, "N8", "A", "8", None)
    assert told(at.company.viewer)["below_min"] == (2, 1)
    keeper, seller = at.worker("li", "仓库管理员", warehouses=("A",)), at.worker("wang", "销售员")
    assert {one["name"] for one in keeper.get("/alerts")} == {"below_min", "slow_moving"} and seller.get("/alerts") == []
    AlertRule.objects.create(name="采购看下限", kind="below_min", role=Role.objects.get(name="采购员"))
    assert [one["name"] for one in keeper.get("/alerts")] == ["slow_moving"] and "below_min" not in told(at.company.viewer)
    buyer = at.worker("zhao", "采购员")
    assert [(one["name"], one["count"]) for one in buyer.get("/alerts")] == [
        ("below_min", 2),
        ("slow_moving", 1),
        ("overdue_payable", 2),
    ]
    AlertRule.objects.update(active=False)
    assert [one["name"] for one in buyer.get("/alerts")] == ["slow_moving", "overdue_payable"]


def test_a_remedy_asks_for_the_right_to_make_its_document_and_for_rows_in_sight(at: World) -> None:
    limit(at, "N8", "B", "8", None)
    other = rows(at, "stock_alerts?kind=below_min&item=" + str(at.company.item("N8").pk))[0]["id"]
    keeper = at.worker("li", "仓库管理员", warehouses=("A",))
    assert keeper.call("POST", "/reports/stock_alerts/buy", {"rows": [other]})[1]["code"] == "permission_refused"
    assert keeper.call("POST", "/reports/stock_alerts/fetch", {"rows": [other]})[1]["code"] == "nothing_to_do"
    nobody = person("nobody")
    assert nobody.call("POST", "/reports/stock_alerts/fetch", {"rows": [other]})[0] == 403 and nobody.get("/alerts") == []
    for wrong in ([], "x", [0], [True], None):
        assert at.boss.call("POST", "/reports/stock_alerts/buy", {"rows": wrong})[0] == 422
    assert Document.objects.count() == 0


def test_a_rule_looks_no_further_than_ten_years(at: World) -> None:
    rule = {"name": "久", "kind": "near_expiry", "days": 3_651}
    status, problem = at.boss.call("POST", "/alert_rules", rule)
    assert status == 422 and "不能大于 3650" in str(problem), problem
    assert at.boss.call("POST", "/alert_rules", {**rule, "days": -1})[0] == 422
    assert at.boss.call("POST", "/alert_rules", {**rule, "days": 3_650})[0] == 201
    for number, kind in enumerate(("near_expiry", "slow_moving", "overdue_receivable", "late_sales_order")):
        AlertRule.objects.create(name=f"旧{number}", kind=kind, days=2_000_000_000)
    assert at.boss.call("GET", "/alerts")[0] == 200 and rows(at, "expiring_stock") == rows(at, "slow_stock") == []


def test_what_is_new_is_judged_by_the_day_of_the_book(at: World) -> None:
    china = timezone(timedelta(hours=8))
    at.posted("sales_orders", [at.line("5", unit_price_net="20")], on=3, delivery_date="2026-03-10")
    with clock.standing_at(datetime(2026, 3, 11, 1, tzinfo=china)):
        assert told(at.company.viewer)["late_sales_order"] == (1, 1)
        at.boss.call("POST", "/alerts/seen")
    with clock.standing_at(datetime(2026, 3, 12, 10, tzinfo=china)):
        assert told(at.company.viewer)["late_sales_order"] == (1, 0), "it was late already on the 11th, which began in China"


def test_only_the_kinds_that_are_shown_are_counted(at: World) -> None:
    at.posted("purchase_receipts", [at.line("15")])
    for name in ("near_expiry", "slow_moving", "unpriced", "late_sales_order", "above_max"):
        AlertRule.objects.create(name=name, kind=name, active=False)
    with CaptureQueriesContext(connection) as captured:
        assert set(told(at.company.viewer)) == {"below_min", "overdue_payable"}
    counted = next(one["sql"] for one in captured.captured_queries if "ledger_stockalert" in one["sql"])
    assert "overdue_receivable" in counted and "below_min" in counted
    assert not any(kind in counted for kind in ("near_expiry", "slow_moving", "unpriced", "late_sales_order", "above_max"))
    for name in alert_kinds() - {"near_expiry", "slow_moving", "unpriced", "late_sales_order", "above_max"}:
        AlertRule.objects.create(name=name, kind=name, active=False)
    with CaptureQueriesContext(connection) as captured:
        assert told(at.company.viewer) == {}
    assert len(captured) == 1


def alert_kinds() -> set[str]:
    """All there are."""
    return {one.name for one in KINDS}


def test_drafts_are_made_of_many_rows_in_as_few_statements_and_what_is_left_is_said(at: World, monkeypatch: pytest.MonkeyPatch) -> None:
    place, counts = at.company.places["A"].pk, []
    for first, count in ((0, 2), (2, 9)):
        for number in range(first, first + count):
            maker = Party.objects.create(code=f"V{number}", name=f"供货{number}", is_supplier=True)
            raw = {"limits": [{"place": place, "stock_min": "8"}], "default_supplier": maker.pk}
            save_master(registry.masters()["item"], raw, at.company.viewer, at.company.item(f"V{number}").pk)
        at.posted("other_receipts", [at.line("1", f"V{number}") for number in range(first, first + count)], target_place=place)
        ids = [
            row["id"]
            for row in rows(at, "stock_alerts?kind=below_min")
            if row["item_code"] in {f"V{n}" for n in range(first, first + count)}
        ]
        with CaptureQueriesContext(connection) as captured:
            status, made = at.boss.call("POST", "/reports/stock_alerts/buy", {"rows": ids}, key=f"k{first}")
        assert status == 201 and len(made["documents"]) == count and made["left"] == 0
        counts.append(len(captured))
    assert counts[0] == counts[1], counts
    monkeypatch.setattr(remedies, "MOST_DRAFTS", 4)
    before = Document.objects.count()
    status, made = at.boss.call("POST", "/reports/stock_alerts/buy", {"rows": ids}, key="k9")
    assert status == 201 and (len(made["documents"]), made["left"]) == (4, 5) and Document.objects.count() == before + 4
    assert at.boss.call("POST", "/reports/stock_alerts/buy", {"rows": ids}, key="k9") == (201, made)


def test_alerts_take_a_constant_number_of_statements(at: World) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            alerts(at.company.viewer)
        return len(captured)

    statements()
    alone = statements()
    for code in range(12):
        limit(at, f"X{code}", "A", "8", None)
    at.posted("purchase_receipts", [at.line("2", f"X{code}") for code in range(12)])
    assert statements() == alone <= 6
