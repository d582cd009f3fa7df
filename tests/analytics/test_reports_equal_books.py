"""报表即台账 Every figure of a report is the plain sum of the rows of the books, at every day, whatever was posted, undone or corrected.

Random histories on both kinds of cost pools, with lots, back-dating, undoing, reversals, counts and a closed month; the
sums beside the reports are made row by row here.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from hengcang.access.viewer import Viewer
from hengcang.analytics.home import home
from hengcang.base import clock
from hengcang.base.book import change_book
from hengcang.core.amounts import to_micro
from hengcang.ledger.models import CostPool, MoneyEntry, OpenItem, PartyBalance, StockBalance, StockMove
from hengcang.meta import registry
from hengcang.places.models import Place
from hengcang.records.models import Document
from tests.ledger.histories import History
from tests.make import day

SEEDS = (3, 8, 21, 27)
TODAY = date(2026, 5, 20)
LATER = datetime.combine(TODAY, datetime.min.time(), timezone(timedelta(hours=8)))
Key = tuple[int, int]


@pytest.fixture(params=SEEDS)
def history(request: pytest.FixtureRequest, db: None) -> Iterator[History]:
    """Some months of trade; the first month is closed on the way."""
    made = History(request.param)
    for step in range(110):
        if step == 80:
            change_book(closed_through=date(2026, 3, 31))
        made.step()
    assert made.happened > 20
    with clock.standing_at(LATER):
        yield made


def days(seed: int) -> list[date]:
    """Month ends, and days in the middle."""
    picked = [day(random.Random(seed).randint(1, 50)) for _ in range(4)]
    return sorted({date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 1), *picked})


def rows_until(last: date, first: date = date.min) -> list[dict[str, Any]]:
    """The rows of the books that count between two days."""
    names = ("item_id", "lot_id", "source_id", "target_id", "source_pool_id", "target_pool_id", "quantity", "value")
    span = {"document_date__lte": last, **({} if first == date.min else {"document_date__gte": first})}
    places = {"source_pool__place_id": "source_pool_place", "target_pool__place_id": "target_pool_place"}
    return [
        {**row, **{short: row[path] for path, short in places.items()}} for row in StockMove.objects.filter(**span).values(*names, *places)
    ]


def quantities(last: date) -> dict[tuple[int, int, int], Decimal]:
    """Quantity by item, place and lot at the end of a day, row by row; of the places that hold stock."""
    holding = set(StockBalance.objects.values_list("place_id", flat=True))
    found: dict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
    for row in rows_until(last):
        for place, sign in ((row["target_id"], 1), (row["source_id"], -1)):
            if place in holding:
                found[row["item_id"], place, row["lot_id"] or 0] += sign * row["quantity"]
    return {key: quantity for key, quantity in found.items() if quantity}


def by_house(last: date) -> dict[Key, Decimal]:
    """Quantity by item and warehouse at the end of a day, with that in its bins; areas stand for themselves."""
    houses = dict(Place.objects.filter(kind="bin").values_list("pk", "warehouse_id"))
    found: dict[Key, Decimal] = defaultdict(Decimal)
    for (item, place, _), quantity in quantities(last).items():
        found[item, houses.get(place, place)] += quantity
    return {key: quantity for key, quantity in found.items() if quantity}


def values_at(last: date) -> dict[int, Decimal]:
    """Value by item at the end of a day: what went into its pools less what came out."""
    found: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows_until(last):
        if row["source_pool_id"] != row["target_pool_id"]:
            found[row["item_id"]] += row["value"] * (bool(row["target_pool_id"]) - bool(row["source_pool_id"]))
    return {item: value for item, value in found.items() if value}


def report(history: History, name: str, **parameters: Any) -> Any:
    """A report as its type's function gives it."""
    return registry.reports()[name].run(history.company.viewer, parameters)


def number(text: str | None) -> Decimal:
    """A figure as a number; nothing is zero."""
    return Decimal(text or 0)


@pytest.mark.django_db
def test_stock_on_hand_is_the_sum_of_the_moves_now_and_at_every_past_day(history: History) -> None:
    lots = dict(StockMove.objects.exclude(lot=None).values_list("lot__number", "lot_id"))
    for last in [None, *days(history.seed)]:
        found = report(history, "stock_on_hand", by="lot", day=last)
        shown = {
            (row["item"], row["place"], lots.get(row["lot"], 0)): number(row["quantity"]) for row in found.rows if number(row["quantity"])
        }
        assert shown == quantities(last or date(9000, 1, 1)), (history.seed, last)
        by_item = report(history, "stock_on_hand", by="item", day=last)
        worth = {row["item"]: number(row["value"]) for row in by_item.rows if number(row["value"])}
        assert worth == values_at(last or date(9000, 1, 1)), (history.seed, last)
        by_place = report(history, "stock_on_hand", by="place", day=last)
        held = {(row["item"], row["place"]): number(row["quantity"]) for row in by_place.rows if number(row["quantity"])}
        assert held == by_house(last or date(9000, 1, 1)), (history.seed, last)
        for wanted in (found, by_item, by_place, report(history, "stock_on_hand", by="bin", day=last)):
            assert number(wanted.totals["quantity"]) == sum(quantities(last or date(9000, 1, 1)).values())
            assert number(wanted.totals["value"]) == sum(worth.values())


def spans(seed: int) -> list[tuple[date, date]]:
    """Spans of whole months, inside a month, over months, of one day, and after everything."""
    numbers = random.Random(seed)
    cut = [tuple(sorted((day(numbers.randint(1, 60)), day(numbers.randint(1, 60))))) for _ in range(4)]
    whole = [(date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 3, 1), date(2026, 4, 30)), (date(2026, 4, 1), date(2026, 5, 20))]
    return [*whole, (day(20), day(20)), (date(2026, 3, 10), date(2026, 3, 20)), *cut]  # type: ignore[list-item]


def flows(first: date, last: date) -> dict[Key, list[Decimal]]:
    """In and out of the pools (item, place of the pool or 0): quantities and values, row by row."""
    found: dict[Key, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 4)
    for row in rows_until(last, first):
        if row["source_pool_id"] == row["target_pool_id"]:
            continue
        for side, at in (("target", 0), ("source", 2)):
            if row[f"{side}_pool_id"]:
                sums = found[row["item_id"], row[f"{side}_pool_place"] or 0]
                sums[at] += row["quantity"]
                sums[at + 1] += row["value"]
    return found


def summary(found: Any) -> dict[Key, list[Decimal]]:
    """Opening, in, out and closing by key, each quantity and value."""
    names = (
        "opening_quantity",
        "opening_value",
        "quantity_in",
        "value_in",
        "quantity_out",
        "value_out",
        "closing_quantity",
        "closing_value",
    )
    return {(row["item"], row["place"] or 0): [number(row[name]) for name in names] for row in found.rows}


@pytest.mark.django_db
def test_the_summary_rolls_forward_and_is_the_sum_of_the_moves_for_any_span(history: History) -> None:
    for first, last in spans(history.seed):
        found = report(history, "stock_summary", date_from=first, date_to=last)
        shown, wanted = summary(found), flows(first, last)
        assert {key: row[2:6] for key, row in shown.items() if any(row[2:6])} == {key: row for key, row in wanted.items() if any(row)}
        for key, row in shown.items():
            assert row[0] + row[2] - row[4] == row[6] and row[1] + row[3] - row[5] == row[7], (history.seed, first, last, key)
        after = summary(report(history, "stock_summary", date_from=last + timedelta(days=1), date_to=last + timedelta(days=9)))
        closing = {key: row[6:] for key, row in shown.items() if any(row[6:])}
        assert closing == {key: row[:2] for key, row in after.items() if any(row[:2])}
        assert number(found.totals["closing_value"]) == sum(values_at(last).values())
        assert number(found.totals["closing_quantity"]) == sum(quantities(last).values())


@pytest.mark.django_db
def test_the_summary_of_one_warehouse_has_its_own_quantities(history: History) -> None:
    for name in "AB":
        place = history.company.places[name].pk
        for first, last in spans(history.seed):
            found = report(history, "stock_summary", date_from=first, date_to=last, place=place)
            before, after = by_house(first - timedelta(days=1)), by_house(last)
            for row in found.rows:
                assert row["place"] == place
                for sums, column in ((before, "opening_quantity"), (after, "closing_quantity")):
                    assert number(row[column]) == sums.get((row["item"], place), Decimal(0))
                if history.seed % 4 == 3:
                    assert [number(row["quantity_in"]), number(row["quantity_out"])] == crossings(row["item"], place, first, last)
                assert number(row["opening_quantity"]) + number(row["quantity_in"]) - number(row["quantity_out"]) == number(
                    row["closing_quantity"]
                )
                own_pool = CostPool.objects.filter(item=row["item"], place=place).exists()
                assert (row["closing_value"] is not None) == own_pool
            assert {row["item"] for row in found.rows} >= {item for (item, at) in after if at == place}


def crossings(item: int, house: int, first: date, last: date) -> list[Decimal]:
    """What of an item came into a warehouse or its bins from elsewhere, and what left them, row by row."""
    own = {house, *Place.objects.filter(kind="bin", warehouse=house).values_list("pk", flat=True)}
    rows = [row for row in rows_until(last, first) if row["item_id"] == item]
    came = sum(row["quantity"] for row in rows if row["target_id"] in own and row["source_id"] not in own)
    left = sum(row["quantity"] for row in rows if row["source_id"] in own and row["target_id"] not in own)
    return [Decimal(came), Decimal(left)]


@pytest.mark.django_db
def test_the_card_of_an_item_closes_at_its_balance(history: History) -> None:
    everything: Mapping[str, Any] = {"date_from": date(2026, 2, 1), "date_to": date(2026, 5, 20)}
    for item in history.company.items.values():
        held = {place: sum(q for (i, p, _), q in quantities(TODAY).items() if (i, p) == (item.pk, place)) for place in places(history)}
        everywhere = sum(held.values())
        whole = report(history, "stock_card", item=item.pk, **everything)
        assert number(whole.rows[-1]["quantity"]) == everywhere
        assert number(whole.rows[-1]["value"]) == values_at(TODAY).get(item.pk, Decimal(0))
        assert number(whole.totals["quantity_in"]) - number(whole.totals["quantity_out"]) == everywhere
        houses = dict(Place.objects.filter(kind="bin").values_list("pk", "warehouse_id"))
        for place in places(history):
            held[place] += sum((held[one] for one, house in houses.items() if house == place), Decimal(0))
            card = report(history, "stock_card", item=item.pk, place=place, **everything)
            assert number(card.rows[-1]["quantity"]) == held[place]
        for first in days(history.seed):
            opened = report(history, "stock_card", item=item.pk, date_from=first, date_to=TODAY)
            before = sum(q for (i, _, _), q in quantities(first - timedelta(days=1)).items() if i == item.pk)
            assert number(opened.rows[0]["quantity"]) == before
            assert number(opened.rows[0]["value"]) == values_at(first - timedelta(days=1)).get(item.pk, Decimal(0))
            assert number(opened.rows[-1]["quantity"]) == everywhere


def places(history: History) -> list[int]:
    """The warehouses with their areas: every place that holds stock."""
    own = [one.pk for one in history.company.places.values()]
    return [*own, *Place.objects.filter(warehouse__in=own).values_list("pk", flat=True)]


ACCOUNTS = {"customer": ("1122", "2203"), "supplier": ("2202", "1123")}


@pytest.mark.django_db
def test_party_reports_close_at_the_balances(history: History) -> None:
    for side, party in (("customer", history.company.customer), ("supplier", history.company.supplier)):
        kept = sum(PartyBalance.objects.filter(party=party, account__in=ACCOUNTS[side]).values_list("balance", flat=True))
        entries = MoneyEntry.objects.filter(party=party, account__in=ACCOUNTS[side])
        assert kept == sum(entries.values_list("amount", flat=True))
        for first in days(history.seed):
            found = report(history, "party_ledger", party=party.pk, side=side, date_from=first, date_to=TODAY)
            opening = sum(entries.filter(document_date__lt=first).values_list("amount", flat=True))
            assert number(found.rows[0]["balance"]) == opening
            assert number(found.rows[-1]["balance"]) == kept
            assert opening + number(found.totals["debit"]) - number(found.totals["credit"]) == kept
        items = report(history, "open_items", side=side)
        sign = 1 if side == "customer" else -1
        assert (
            sign * number(items.totals["open"])
            == kept
            == sum(OpenItem.objects.filter(account__in=ACCOUNTS[side]).values_list("open", flat=True))
        )


@pytest.mark.django_db
def test_home_shows_the_sums_of_the_documents_of_this_month(history: History) -> None:
    at = date(2026, 4, 19)
    with clock.standing_at(datetime.combine(at, datetime.min.time(), timezone(timedelta(hours=8)))):
        shown = {one["name"]: one for one in home(history.company.viewer)["figures"]}
    for name, types in (
        ("sales", {"sales_delivery": 1, "sales_return": -1}),
        ("purchases", {"purchase_receipt": 1, "purchase_return": -1}),
    ):
        live = Document.objects.filter(type__in=types, state__in=("posted", "closed", "reversed"))
        for figure, first in ((f"{name}_month", at.replace(day=1)), (name, at)):
            rows = live.filter(document_date__range=(first, at)).values_list("type", "amount_gross")
            assert number(shown[figure]["value"]) == sum(types[kind] * amount for kind, amount in rows)
    assert number(shown["stock_value"]["value"]) == sum(values_at(date(9000, 1, 1)).values())
    assert number(shown["receivable"]["value"]) == sum(PartyBalance.objects.filter(account="1122").values_list("balance", flat=True))
    assert number(shown["payable"]["value"]) == -sum(PartyBalance.objects.filter(account="2202").values_list("balance", flat=True))


@pytest.mark.django_db
def test_a_document_that_is_nobodys_limits_no_one_and_a_person_sees_his_own_sums(history: History) -> None:
    nobody = Viewer(10**6, "别人", permissions=frozenset({("*", "view")}), scopes={"salesperson": frozenset({10**6})})
    shown = {one["name"]: one["value"] for one in home(nobody)["figures"]}
    assert {name: value for name, value in shown.items() if name != "stock_value" and value != "0"} == {}
    assert home(nobody)["best_sellers"] == [] and registry.reports()["open_items"].run(nobody, {}).rows == []
    assert to_micro(Decimal(shown["stock_value"])) >= 0
