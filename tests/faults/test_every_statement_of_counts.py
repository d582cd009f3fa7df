"""Fail at the N-th statement of starting, counting, settling and closing a count plan, as of every other command."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from hengcang.documents import count_entries, count_results
from hengcang.documents.count_entries import Counted
from hengcang.meta import registry
from hengcang.records.models import CountEntry, Document, GoodsLine
from tests import make
from tests.faults.test_every_statement import Command, act, whole_or_nothing
from tests.make import Company, day


def plan(company: Company) -> Document:
    """A draft of a plan over two lines, one of them of pieces."""
    company.item("手机", tracking="serial")
    company.receipt(day(1), "10", "10")
    company.receipt(day(1), "2", "5", "手机", serials=["S1", "S2"])
    return company.draft("count_plan", day(5))


def started(company: Company) -> tuple[Document, dict[str, int]]:
    """A plan that runs, and its lines by item."""
    document = plan(company)
    company.act(document)
    return document, dict(GoodsLine.objects.filter(document=document, role="listed").values_list("item__code", "pk"))


def starting(company: Company) -> Command:
    return act(company, plan(company), "post")


def stopping(company: Company) -> Command:
    return act(company, started(company)[0], "unpost")


def entering(company: Company) -> Command:
    document, lines = started(company)
    counted = Counted(lines["手机"], serials=("S1", "S9"))
    return lambda key: count_entries.enter(company.viewer, registry.document("count_plan"), document.pk, counted, key)


def withdrawing(company: Company) -> Command:
    document, lines = started(company)
    declaration = registry.document("count_plan")
    count_entries.enter(company.viewer, declaration, document.pk, Counted(lines["M6"], quantity=Decimal(3)))
    entry = CountEntry.objects.get().pk
    return lambda key: count_entries.withdraw(company.viewer, declaration, document.pk, entry, key)


def settling(company: Company) -> Command:
    document, lines = started(company)
    declaration = registry.document("count_plan")
    count_entries.enter(company.viewer, declaration, document.pk, Counted(lines["M6"], quantity=Decimal(9)))
    return lambda key: count_results.settle(company.viewer, declaration, document.pk, "zero", key)


def closing(company: Company) -> Command:
    document, _ = started(company)
    made = count_results.settle(company.viewer, registry.document("count_plan"), document.pk, "zero")["documents"]
    for one in Document.objects.filter(pk__in=made).order_by("pk"):
        company.act(one)
    document.refresh_from_db()
    return act(company, document, "close")


@pytest.mark.django_db
@pytest.mark.parametrize("prepare", [starting, stopping, entering, withdrawing, settling, closing])
def test_counting_that_breaks_anywhere_leaves_nothing_and_takes_effect_once_when_tried_again(
    prepare: Callable[[Company], Command],
) -> None:
    whole_or_nothing(prepare(make.company()))
