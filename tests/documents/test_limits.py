"""A replay beyond the limit is refused by name, and done by the maintenance command; broken books stop the posting."""

from __future__ import annotations

import pytest

from hengcang.base.book import change_book
from hengcang.config import cli
from hengcang.core.errors import ReplayTooLarge
from hengcang.documents import services
from hengcang.ledger import queries
from hengcang.ledger.check_words import Fault
from hengcang.records.models import Document
from tests import make
from tests.make import day

pytestmark = pytest.mark.django_db


def late_receipt(company: make.Company) -> Document:
    """A draft dated before everything that happened."""
    lines = [{"item": company.item().pk, "quantity": "10", "unit_price_net": "12"}]
    return company.draft("purchase_receipt", day(1), lines, party=company.supplier.pk, target_place=company.places["A"].pk)


def test_a_replay_beyond_the_limit_is_refused_by_name_and_done_by_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    company = make.company()
    company.receipt(day(2), "10", "10")
    company.delivery(day(3), "4")
    change_book(replay_limit=1)
    document = late_receipt(company)
    with pytest.raises(ReplayTooLarge) as refused:
        company.act(document)
    assert (refused.value.params["moves"], refused.value.params["limit"]) == (2, 1)
    assert "hengcang replay" in refused.value.message()
    assert queries.moves_of(document.pk) == []
    assert cli.HANDLERS["replay"](cli.parsers().parse_args(["replay", str(document.pk)])) == 0
    document.refresh_from_db()
    assert document.state == "posted"
    assert "已审核" in capsys.readouterr().out


def test_a_posting_that_would_break_the_books_is_stopped_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    company = make.company()
    document = late_receipt(company)
    fault = Fault("I-07", "数量为零而金额不为零", ((1,),))
    monkeypatch.setattr(services, "check_posting", lambda sequence: [fault])
    with pytest.raises(services.BrokenBooks):
        company.act(document)
    document.refresh_from_db()
    assert (document.state, document.number) == ("draft", None)
    assert queries.moves_of(document.pk) == []
