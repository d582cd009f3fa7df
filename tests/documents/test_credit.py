"""信用 Credit: who may post beyond a customer's limit, what stays behind, and what is shown of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hengcang.access.viewer import Viewer
from hengcang.analytics.alerts import alerts
from hengcang.base.book import change_book
from hengcang.core.credit import OrderLine, OverCredit, undelivered
from hengcang.documents import services
from hengcang.ledger.models import MoneyEntry, StockMove
from hengcang.meta import registry
from hengcang.parties.models import Party
from hengcang.records.models import CreditOverride, Document
from tests import make
from tests.make import Company, day


@pytest.fixture
def company(db: None) -> Company:
    """A company whose customer may have 1,000, where it is forbidden to have more."""
    made = make.company()
    Party.objects.filter(pk=made.customer.pk).update(credit_limit=Decimal(1000))
    change_book(credit_check="forbid")
    made.receipt(day(1), "100", "10")
    return made


def post(company: Company, document: Document, viewer: Viewer | None = None, reason: str = "") -> dict[str, Any]:
    """Post as somebody, for a reason or none."""
    declaration = registry.document(document.type)
    return services.transition(viewer or company.viewer, declaration, services.Order(document.pk, "post", None, reason))


def order(company: Company, quantity: str, price: str = "20") -> Document:
    """A draft of a sales order."""
    lines = [{"item": company.item().pk, "quantity": quantity, "unit_price_net": price}]
    return company.draft("sales_order", day(2), lines, party=company.customer.pk, source_place=company.places["A"].pk)


def test_beyond_the_limit_nothing_is_posted_and_nothing_stays(company: Company) -> None:
    post(company, order(company, "50"))
    before = (StockMove.objects.count(), MoneyEntry.objects.count())
    lines = [{"item": company.item().pk, "quantity": "1", "unit_price_net": "0.01"}]
    delivery = company.draft("sales_delivery", day(3), lines, party=company.customer.pk, source_place=company.places["A"].pk)
    for document in (order(company, "1", "0.01"), delivery):
        with pytest.raises(OverCredit) as refused:
            post(company, document)
        assert refused.value.params == {
            "party": "顺达商行", "may_override": True, "exposure": "1,000.01", "limit": "1,000.00", "over": "0.01",
        }  # fmt: skip
        document.refresh_from_db()
        assert (document.state, document.number) == ("draft", None)
    assert (StockMove.objects.count(), MoneyEntry.objects.count()) == before and not CreditOverride.objects.exists()


def test_who_holds_the_right_releases_for_a_reason_and_leaves_a_row(company: Company) -> None:
    document = order(company, "60")
    rights = frozenset({("sales_order", "post"), ("sales_order", "view")})
    clerk = replace(company.viewer, administrator=False, permissions=rights)
    with pytest.raises(OverCredit) as refused:
        post(company, document, clerk, "老客户")
    assert refused.value.params["may_override"] is False
    chief = replace(clerk, permissions=rights | {("sales_order", "override_credit")})
    with pytest.raises(OverCredit):
        post(company, document, chief)
    answer = post(company, document, chief, "老客户")
    assert [one["code"] for one in answer["warnings"]] == ["over_credit"]
    kept = CreditOverride.objects.values_list("document", "revision", "exposure", "credit_limit", "reason", "created_by")
    assert list(kept) == [(document.pk, 0, Decimal(1200), Decimal(1000), "老客户", company.viewer.user_id)]


def test_amounts_are_told_only_to_who_sees_sales_prices(company: Company) -> None:
    blind = replace(company.viewer, masks=frozenset({"sales_price"}))
    with pytest.raises(OverCredit) as refused:
        post(company, order(company, "60"), blind)
    assert "1,200" not in refused.value.message() and "顺达商行" in refused.value.message()
    assert not refused.value.params.keys() & {"exposure", "limit", "over"}
    assert "1,200" not in refused.value.message("en")


def test_payments_and_closed_orders_free_credit_and_the_list_says_how_much_is_used(company: Company) -> None:
    change_book(credit_check="warn")
    large = order(company, "60")
    company.act(large)
    company.delivery(day(3), "5", source_line=large.goods_lines.get().pk)
    cash = {"cash_account": company.bank.pk, "amount": "30"}
    company.posted("incoming_payment", day(4), [cash], party=company.customer.pk)
    [row] = registry.reports()["credit_exposure"].run(company.viewer, {"over": True}).rows
    names = ("credit_limit", "receivable", "advance", "ordered", "exposure", "left")
    assert tuple(row[name] for name in names) == ("1000", "100", "-30", "1100", "1170", "-170")
    assert {one["name"]: one["count"] for one in alerts(company.viewer)}["over_credit"] == 1
    company.act(large, "close")
    [row] = registry.reports()["credit_exposure"].run(company.viewer, {}).rows
    assert (row["ordered"], row["exposure"], row["left"]) == ("0", "70", "930")
    assert "over_credit" not in {one["name"] for one in alerts(company.viewer)}


def test_of_an_order_counts_what_is_open_of_it_less_its_share_of_the_discount() -> None:
    million = 1_000_000
    lines = [OrderLine(300 * million, 3 * million, million), OrderLine(100 * million, 5 * million, 9 * million)]
    assert undelivered(350 * million, lines) == 175 * million
    assert undelivered(0, []) == 0 == undelivered(5 * million, [OrderLine(0, million, 0)])


def test_the_check_takes_three_statements_and_none_where_everything_is_allowed(company: Company) -> None:
    def statements(rule: str) -> int:
        change_book(credit_check=rule)
        document = order(company, "1", "1")
        with CaptureQueriesContext(connection) as captured:
            post(company, document)
        return len(captured)

    statements("allow")
    free = statements("allow")
    assert statements("forbid") == free + 3
