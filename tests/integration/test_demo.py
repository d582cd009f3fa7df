"""演示账套 The demo is big enough, the same for the same seed, and its books stand."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction
from django.db.models import F

from hengcang.access.models import User
from hengcang.base import audit
from hengcang.base.book import load_book
from hengcang.integration.demo import build_demo, calendar, ensure_demo, summary
from hengcang.integration.demo.plans import FULL, Size
from hengcang.integration.demo.story import tell
from hengcang.ledger import reports
from hengcang.ledger.models import StockAlert
from hengcang.records.models import Document, GoodsLine

TODAY = date(2026, 4, 15)
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
