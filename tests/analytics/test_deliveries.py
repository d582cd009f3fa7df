"""发货跟踪与运费结算 Exact rows, the rights of who looks, and as many statements for many as for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.viewer import Viewer
from hengcang.analytics import remedies
from hengcang.analytics.deliveries import DELIVERY_TRACKING, FREIGHT_BILLS, run_freight, run_tracking
from hengcang.base import clock
from hengcang.core.errors import NothingToDo
from hengcang.core.shipping import DeliveryState
from hengcang.documents import shipping
from hengcang.documents.commands import Key
from hengcang.documents.shipping import Shipment
from hengcang.meta import registry
from hengcang.parties.models import Party
from hengcang.records.models import Document
from tests import make
from tests.make import Company, day

pytestmark = pytest.mark.django_db
ZONE = timezone(timedelta(hours=8))


def at(number: int) -> Any:
    """Nine in the morning of a day."""
    return clock.standing_at(datetime.combine(day(number), datetime.min.time(), ZONE) + timedelta(hours=9))


def shipped(company: Company, document: Document, state: str, note: str = "", **facts: Any) -> None:
    """Write one down."""
    declaration = registry.document(document.type)
    shipping.ship(company.viewer, declaration, [Shipment(document.pk, None, facts, DeliveryState(state), note)])


def world() -> tuple[Company, dict[str, Document], dict[str, Party]]:
    """Deliveries in every state, a return to the supplier, a transfer under way; freight of two carriers."""
    company = make.company()
    carriers = {code: Party.objects.create(code=code, name=name, is_supplier=True) for code, name in (("SF", "顺丰"), ("YT", "圆通"))}
    with at(1):
        company.receipt(day(1), "100", "10")
    with at(2):
        documents = {name: company.delivery(day(2), "1") for name in ("waiting", "shipped", "signed")}
        where = {"party": company.supplier.pk, "source_place": company.places["A"].pk}
        goods = [{"item": company.item().pk, "quantity": "1", "unit_price_net": "10"}]
        documents["returned"] = company.posted("purchase_return", day(2), goods, **where)
        places = {"source_place": company.places["A"].pk, "target_place": company.places["B"].pk}
        documents["moved"] = company.posted("transfer_out", day(2), [{"item": company.item().pk, "quantity": "4"}], **places)
    with at(4):
        facts = {"carrier": carriers["SF"].pk, "freight": "18"}
        shipped(company, documents["shipped"], "shipped", tracking_numbers="SF1", **facts)
        shipped(company, documents["signed"], "signed", **{**facts, "freight": "20", "freight_payer": "advanced"})
        shipped(company, documents["returned"], "exception", "司机走错", carrier=carriers["YT"].pk, freight="7.50")
        shipped(company, documents["moved"], "on_the_way", carrier=carriers["SF"].pk, freight="33")
    return company, documents, carriers


def tracked(viewer: Viewer, **parameters: Any) -> list[tuple[Any, ...]]:
    """Rows of 发货跟踪 in short."""
    rows = list(run_tracking(viewer, parameters).rows)
    return [(row["id"], row["delivery_state"], row["carrier_name"], row["since"][:10], row["waiting_days"], row["note"]) for row in rows]


def test_what_is_not_signed_for_is_listed_since_when_with_whom() -> None:
    company, documents, carriers = world()
    with at(9):
        waiting = (documents["waiting"].pk, "to_ship", None, "2026-03-02", 7, None)
        under_way = (documents["shipped"].pk, "shipped", "顺丰", "2026-03-04", 5, "")
        astray = (documents["returned"].pk, "exception", "圆通", "2026-03-04", 5, "司机走错")
        moved = (documents["moved"].pk, "on_the_way", "顺丰", "2026-03-04", 5, "")
        assert tracked(company.viewer) == [waiting, under_way, astray, moved]
        assert tracked(company.viewer, carrier=carriers["SF"].pk) == [under_way, moved]
        assert tracked(company.viewer, delivery_state="signed") == [(documents["signed"].pk, "signed", "顺丰", "2026-03-04", 5, "")]
        assert tracked(company.viewer, waiting_days=6) == [waiting]
        assert tracked(company.viewer, waiting_days=7) == [waiting] and tracked(company.viewer, waiting_days=8) == []
        assert tracked(company.viewer, party=company.customer.pk) == [waiting, under_way]
        shown = next(row for row in run_tracking(company.viewer, {}).rows if row["id"] == documents["shipped"].pk)
        assert (shown["tracking_numbers"], shown["by"], shown["document"]["collection"]) == ("SF1", "老板", "sales_deliveries")
    line = documents["moved"].goods_lines.get()
    goods = [{"item": line.item_id, "quantity": "4", "source_line": line.pk}]
    places = {"source_place": company.places["A"].pk, "target_place": company.places["B"].pk}
    company.posted("transfer_in", day(5), goods, **places)
    with at(9):
        assert tracked(company.viewer) == [waiting, under_way, astray]


def test_nobody_is_told_of_documents_beyond_his_rights() -> None:
    company, documents, _ = world()

    def who(*types: str, **scopes: Any) -> Viewer:
        rights = frozenset((one, "view") for one in types)
        return replace(company.viewer, administrator=False, permissions=rights, scopes=scopes)

    assert [row[0] for row in tracked(who("purchase_return"))] == [documents["returned"].pk]
    assert tracked(who("expense")) == [] and list(run_freight(who("expense"), {}).rows) == []
    only_a = who("sales_delivery", "transfer_out", warehouse=frozenset({company.places["A"].pk}))
    assert [row[0] for row in tracked(only_a)] == [documents["waiting"].pk, documents["shipped"].pk]
    assert [row["id"] for row in run_freight(only_a, {}).rows] == [documents["shipped"].pk, documents["signed"].pk]


def freight(viewer: Viewer, parameters: Mapping[str, Any]) -> tuple[list[tuple[Any, ...]], str]:
    """Rows of 运费结算 in short, and their sum."""
    found = run_freight(viewer, parameters)
    bills = [(row["id"], row["freight"], row["billed_in"] and row["billed_in"]["label"]) for row in found.rows]
    assert found.totals is not None
    return bills, found.totals["freight"]


def test_freight_of_a_carrier_becomes_one_bill_whatever_its_documents_are() -> None:
    company, documents, carriers = world()
    chosen = [one.pk for one in documents.values()]
    rows = [(documents["shipped"].pk, "18", None), (documents["signed"].pk, "20", None), (documents["moved"].pk, "33", None)]
    assert freight(company.viewer, {}) == ([*rows, (documents["returned"].pk, "7.5", None)], "78.5")
    assert freight(company.viewer, {"carrier": carriers["SF"].pk}) == (rows, "71")
    assert freight(company.viewer, {"bill_into": "other_income"}) == ([(documents["signed"].pk, "20", None)], "20")
    remedy, back = FREIGHT_BILLS.remedies
    made = remedies.make(company.viewer, FREIGHT_BILLS, remedy, chosen, Key())
    bills = [Document.objects.get(pk=one) for one in made["documents"]]
    assert [(one.party_id, str(one.amount_gross)) for one in bills] == [(carriers["SF"].pk, "71"), (carriers["YT"].pk, "7.5")]
    assert [*bills[0].money_lines.order_by("position").values_list("category__name", "cleared_document")] == [
        ("运费", documents["shipped"].pk),
        ("代垫运费支出", documents["signed"].pk),
        ("运费", documents["moved"].pk),
    ]
    with pytest.raises(NothingToDo):
        remedies.make(company.viewer, FREIGHT_BILLS, remedy, chosen, Key())
    for one in bills:
        company.act(one)
    assert freight(company.viewer, {}) == ([], "0")
    done = freight(company.viewer, {"billed": "billed"})
    assert done == (
        [(pk, amount, bills[0].number) for pk, amount, _ in rows] + [(documents["returned"].pk, "7.5", bills[1].number)],
        "78.5",
    )
    answer = remedies.make(company.viewer, FREIGHT_BILLS, back, chosen, Key())
    income = Document.objects.get(pk=answer["documents"][0])
    assert (income.type, income.party_id, str(income.amount_gross)) == ("other_income", company.customer.pk, "20")


def test_many_take_as_many_statements_as_one() -> None:
    company, _, carriers = world()

    def counted() -> list[int]:
        found = []
        for report in (DELIVERY_TRACKING, FREIGHT_BILLS):
            with CaptureQueriesContext(connection) as captured:
                list(report.run(company.viewer, {}).rows)
            found.append(len(captured))
        return found

    few = counted()
    for _ in range(6):
        shipped(company, company.delivery(day(3), "1"), "shipped", carrier=carriers["YT"].pk, freight="9")
    assert counted() == few == [1, 2]
