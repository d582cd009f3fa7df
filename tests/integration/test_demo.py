"""演示账套 The demo is big enough, the same for the same seed, and its books stand."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import F, Sum

from hengcang.access.models import User
from hengcang.access.viewer import system_viewer
from hengcang.base import audit, clock
from hengcang.base.book import load_book
from hengcang.catalog import materials
from hengcang.catalog.models import BillOfMaterials, Serial
from hengcang.core.posting import Account
from hengcang.integration.demo import build_demo, calendar, ensure_demo, summary, words
from hengcang.integration.demo.plans import FULL, Size
from hengcang.integration.demo.story import tell
from hengcang.integration.loading import at_opening
from hengcang.ledger import reports
from hengcang.ledger.models import MoneyEntry, Reservation, StockAlert, StockBalance
from hengcang.meta import registry
from hengcang.places.models import Place
from hengcang.records.models import CountEntry, DeliveryEvent, Document, GoodsLine

TODAY = date(2026, 4, 15)
WHERE_PIECES_ARE = {"SN001": ({"CK01": 7, "CK02": 3}, 8, 2, 16), "SN002": ({"CK01": 10, "CK02": 2}, 22, 2, 32)}
SMALL = Size(months=6, items=60, suppliers=8, customers=20, sales=0.8, backdated=8, redone=2)


def digest() -> str:
    """Everything that a person sees of the documents, and the value of stock."""
    documents = Document.objects.order_by("document_date", "type", "number", "created_at", "pk").values_list(
        "type", "number", "document_date", "party__code", "amount_gross", "state", "progress", "revision", "remark", "created_at"
    )
    lines = GoodsLine.objects.order_by("document__type", "document__number", "revision", "position", "pk").values_list(
        "item__code", "unit__name", "quantity", "amount_gross", "lot__number", "document__number"
    )
    content = [list(documents), list(lines), reports.stock_value()]
    return hashlib.sha256(repr(content).encode()).hexdigest()


def test_the_full_story_is_as_long_as_promised():
    desk = tell(20260101, date(2026, 11, 24), FULL)
    built = summary(desk.plan.actions, desk.plan.documents)
    assert built.documents >= 3_000
    assert built.lines >= 12_000
    assert (built.backdated, built.redone) == (FULL.backdated, FULL.redone)
    assert (len(desk.items), len(desk.suppliers), len(desk.customers)) == (300, 40, 120)
    assert len({item.name + item.spec for item in desk.items}) == 300
    assert {"purchase_return", "sales_return", "stock_count", "stock_transfer", "other_issue"} <= set(built.by_type)
    assert {"purchase_invoice", "landed_cost", "expense", "cash_transfer"} <= set(built.by_type)
    assert built.by_type["period_close"] == FULL.months - 1
    assert {"production_order", "material_issue", "material_return", "finished_receipt", "assembly"} <= set(built.by_type)
    assert built.by_type["production_order"] >= 70


def test_a_story_depends_on_its_seed_alone():
    one, same, other = (tell(seed, TODAY, SMALL) for seed in (7, 7, 8))
    assert one.plan == same.plan
    assert one.plan != other.plan


def test_nobody_works_over_the_spring_festival_and_food_sells_before_it():
    festival = date(2026, 2, 17)
    assert not calendar.is_open(festival)
    assert calendar.season(date(2026, 2, 7), "食品饮料") > 1.5 * calendar.season(date(2026, 3, 20), "食品饮料")
    assert calendar.promotion(date(2026, 2, 7)) == "年货节"
    desk = tell(7, TODAY, SMALL)
    days = {document.content["document_date"] for document in desk.plan.documents.values()}
    assert not {"2026-02-16", "2026-02-17", "2026-02-23"} & days
    assert "2026-02-24" in days


@pytest.mark.django_db
def test_a_small_demo_is_posted_and_alive():
    said: list[str] = []
    built = build_demo(7, TODAY, said.append, SMALL)
    posted = Document.objects.filter(state__in=("posted", "closed"))
    assert posted.count() == built.documents
    assert (built.backdated, built.redone) == (8, 2)
    assert posted.filter(type="stock_scrap", ext__reason="expired").exists()
    assert posted.filter(revision=1).count() == 2
    assert posted.filter(created_at__date__gt=F("document_date")).count() == 8
    assert Document.objects.filter(state="draft").count() >= 5
    assert Document.objects.filter(type="sales_order", state="posted", progress="none").exists()
    assert User.objects.filter(username="caiwu1", password__startswith="!").exists()
    assert audit.verify() == []
    counts = Counter(StockAlert.objects.filter(live=True).values_list("kind", flat=True))
    assert counts["negative"] == 0
    assert load_book().closed_through == date(2026, 2, 28)
    ensure_demo(7, said.append)
    assert said[-1] == "账套已有单据，直接使用。"
    deliveries_got_on()
    pieces_are_where_they_should_be()
    the_workshop_has_one_order_open()
    goods_stand_in_bins()
    a_count_is_under_way()
    stock_is_held_back()


def deliveries_got_on() -> None:
    """What was posted before today has a carrier and a number, and has arrived, but for the last three days and two that went astray."""
    handed = Document.objects.exclude(delivery_state=None).filter(posted_at__date__lt=TODAY)
    assert not handed.filter(carrier=None).exists()
    assert not handed.filter(ext__tracking_numbers=None).exists()
    states = Counter(handed.filter(type="sales_delivery").values_list("delivery_state", flat=True))
    assert (states["shipped"], states["on_the_way"], states["refused"], states["exception"]) == (4, 1, 1, 1)
    assert states["signed"] == states.total() - 7 == 293
    late = handed.filter(delivery_state__in=("shipped", "on_the_way"))
    assert {one.posted_at.date() for one in late if one.posted_at} == {date(2026, 4, 13), date(2026, 4, 14)}
    assert set(DeliveryEvent.objects.exclude(note="").values_list("state", "note")) == set(words.ASTRAY)
    assert not DeliveryEvent.objects.filter(happened_at__lt=F("document__posted_at")).exists()
    today = Document.objects.exclude(delivery_state=None).filter(posted_at__date=TODAY)
    assert set(today.values_list("type", "delivery_state", "carrier")) == {("sales_delivery", "to_ship", None)}
    viewer = system_viewer(User.objects.get(username="laoban").pk, "")
    report = registry.reports()["freight_bills"]
    with clock.standing_at(at_opening(TODAY)):
        unbilled = report.run(viewer, {}).rows
        billed = report.run(viewer, {"billed": "billed"}).rows
    assert (len(unbilled), min(row["document_date"] for row in unbilled)) == (9, "2026-04-03")
    assert (len(billed), sum(Decimal(row["freight"]) for row in billed)) == (88, 7250)
    bills = Document.objects.filter(type="expense", carrier=None, party__code__in=dict(words.CARRIERS))
    assert sum(bill.amount_gross for bill in bills) == sum(Decimal(row["freight"]) for row in billed)


def pieces_are_where_they_should_be() -> None:
    """Numbers as many as pieces, some in the shop, and of each kind one that came back."""
    for code, *_ in words.PIECES:
        balances = dict(StockBalance.objects.filter(item__code=code).exclude(quantity=0).values_list("place__code", "quantity"))
        came_back = GoodsLine.objects.filter(document__type="sales_return", item__code=code).count()
        sold = GoodsLine.objects.filter(document__type="sales_delivery", item__code=code).aggregate(total=Sum("base_quantity"))["total"]
        numbers = Serial.objects.filter(item__code=code).count()
        assert (balances, sold, came_back, numbers) == WHERE_PIECES_ARE[code]
        assert sum(balances.values()) == numbers - sold + came_back


def the_workshop_has_one_order_open() -> None:
    """An order a week, each closed but the last; what fell short is a variance."""
    orders = Document.objects.filter(type="production_order").order_by("document_date")
    assert Counter(orders.values_list("state", "progress")) == {("closed", "complete"): 18, ("closed", "partial"): 9, ("posted", "none"): 1}
    [open_order] = orders.filter(state="posted")
    assert (open_order.document_date, open_order.progress) == (date(2026, 4, 13), "none")
    counts = Counter(Document.objects.values_list("type", flat=True))
    assert [counts[name] for name in ("material_issue", "material_return", "finished_receipt", "assembly")] == [28, 6, 54, 6]
    variance = MoneyEntry.objects.filter(account=Account.PRODUCTION_VARIANCE).aggregate(total=Sum("amount"))
    assert variance == {"total": Decimal("1287.6")}
    bill = BillOfMaterials.objects.get(item__code=words.RACK)
    assert [need.level for need in materials.explode(bill.pk, Decimal(1), bottom=True)] == [1, 1, 1, 2, 2, 2]


def goods_stand_in_bins() -> None:
    """Goods lie in most of the dozen bins of the main warehouse since two months, and leave from there too."""
    held = StockBalance.objects.filter(place__kind="bin", quantity__gt=0)
    assert Place.objects.filter(kind="bin", warehouse__code="CK01").count() == 12
    moved = GoodsLine.objects.filter(document__type="stock_transfer", target_place__kind="bin")
    sold = GoodsLine.objects.filter(document__type="sales_delivery", source_place__kind="bin")
    assert (held.values("place").distinct().count(), moved.count(), sold.count()) == (10, 84, 97)
    assert min(moved.values_list("document__document_date", flat=True)) == date(2026, 2, 24)


def a_count_is_under_way() -> None:
    """Class A is being counted since the first of the month; of thirteen lines one was found otherwise than booked."""
    plan = Document.objects.get(type="count_plan")
    assert (plan.state, plan.document_date, plan.ext["abc_class"]) == ("posted", date(2026, 4, 1), "A")
    entries = CountEntry.objects.filter(phase="first")
    off = [one.quantity - (one.line.book_quantity or 0) for one in entries]
    assert (sorted(off), Counter(one.person.username for one in entries)) == ([-2, *[0] * 12], {"cangku1": 8, "cangku2": 5})
    with clock.standing_at(at_opening(TODAY)):
        rows = registry.reports()["count_calendar"].run(system_viewer(1, ""), {}).rows
    assert [(row["due_date"], row["situation"], row["abc_class"]) for row in rows if row["abc_class"] or "过期" in row["situation"]] == [
        ("2026-04-13", "已过期 2 天", ""),
        ("2026-04-27", "12 天后", "B"),
        ("2026-05-01", "16 天后", "A"),
        ("2026-05-25", "40 天后", "C"),
        ("2026-05-31", "46 天后", "A"),
    ]


def stock_is_held_back() -> None:
    """Four orders hold stock back that are not delivered; the day of one of them has passed."""
    orders = Document.objects.filter(type="sales_order", remark="工地备货，开工后提货").order_by("created_at")
    assert [one.ext["reserve_until"] for one in orders] == ["2026-04-05", "2026-04-30", "2026-04-26", "2026-05-13"]
    assert {(one.state, one.progress) for one in orders} == {("posted", "none")}
    for order in orders:
        held = Reservation.objects.filter(line__document=order).aggregate(total=Sum("quantity"))["total"]
        assert held == order.goods_lines.aggregate(total=Sum("base_quantity"))["total"] > 0


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_book():
    size = replace(SMALL, months=1, items=30, backdated=3, redone=1)
    digests = []
    for _ in range(2):
        with transaction.atomic():
            build_demo(11, TODAY, lambda text: None, size)
            digests.append(digest())
            transaction.set_rollback(True)
    assert digests[0] == digests[1]
    assert Document.objects.count() == 0
