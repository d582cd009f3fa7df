"""网上零售 The invoices come over whole, dirt and all; a load that was cut off goes on where it stopped."""

from __future__ import annotations

import gzip
from decimal import Decimal
from itertools import islice

import pytest

from hengcang.integration import online_retail
from hengcang.integration import online_retail_source as source
from hengcang.integration.loading import BookNotEmpty, SourceMissing
from hengcang.records.models import Document, GoodsLine, LineLink

HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
DIRT = HEAD + (
    "536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n"
    "536365,POST,POSTAGE,1,2010-12-01 08:26:00,18,17850,United Kingdom\n"
    "536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n"
    "536370,85123A,,4,2010-12-01 09:00:00,0,,France\n"
    "536371,21730,damaged,-3,2010-12-02 09:00:00,0,,United Kingdom\n"
    "C536379,85123A,WHITE HEART,-5,2010-12-02 10:00:00,2.55,17850,United Kingdom\n"
    "C536380,85123A,WHITE HEART,-9,2010-12-02 11:00:00,2.55,17850,United Kingdom\n"
    "A563186,B,Adjust bad debt,1,2011-01-03 14:51:00,-11.5,,United Kingdom\n"
    "550193,PADS,PADS,1,2011-01-04 09:27:00,0.001,13952,EIRE\n"
    "550194,85123A,WHITE HEART,20,2011-01-05 09:27:00,2.95,13952,EIRE\n"
)


def write(path, text: str):
    file = path / source.FILE
    with gzip.open(file, "wt", encoding="utf-8", newline="") as stream:
        stream.write(text)
    return file


def silent(text: str) -> None:
    """Nobody listens."""


def test_the_plan_links_returns_and_covers_each_month(tmp_path):
    months = source.plan(source.read(write(tmp_path, DIRT)))
    assert [(month.first.isoformat(), month.needs) for month in months] == [
        ("2010-12-01", {"21730": 3, "85123A": 16, "POST": 1}),
        ("2011-01-01", {"85123A": 6, "PADS": 1}),
    ]
    documents = {document.source: document for month in months for document in month.documents}
    assert documents["C536379"].origins == [source.Origin("536365", 2)]
    assert documents["C536380"].origins == [None]
    assert (documents["A563186"].type, documents["536371"].type, documents["536370"].type) == (
        "sales_return",
        "other_issue",
        "sales_delivery",
    )


def test_costs_are_six_tenths_of_the_mean_price(tmp_path):
    costs = source.costs(source.read(write(tmp_path, DIRT)))
    mean = (Decimal("2.55") * 4 + Decimal("2.95")) / 5
    assert costs["85123A"] == (mean * Decimal("0.6")).quantize(Decimal("0.01"))
    assert (costs["POST"], costs["21730"]) == (0, 0)


@pytest.mark.django_db
def test_every_kind_of_dirt_is_loaded_by_its_rule(tmp_path):
    result = online_retail.load_online_retail(write(tmp_path, DIRT).parent, silent)
    assert result.settled, result.text()
    assert (result.row("发票").book, result.row("合计：行数").book) == (8, 10)
    quantity, value = result.row("合计：数量"), result.row("合计：金额")
    assert (quantity.source, quantity.book) == (22, 20)
    assert (value.source, value.book) == (Decimal("60.401"), Decimal("60.40"))
    kinds = dict(Document.objects.filter(state="posted").order_by("pk").values_list("remark", "type"))
    assert kinds["发票 A563186 United Kingdom"] == "sales_return"
    assert kinds["发票 536371 United Kingdom"] == "other_issue"
    assert list(LineLink.objects.values_list("purpose", "quantity")) == [("returned", Decimal(5))]
    free = GoodsLine.objects.get(document__remark="发票 536370 France")
    assert (free.document.party.code, free.amount_gross, free.remark) == ("OR-WALKIN", 0, "")
    assert len(result.details) == 2


@pytest.mark.django_db
def test_a_load_that_was_cut_off_goes_on_without_loss_or_repeat(data, tmp_path, monkeypatch):
    with gzip.open(data / "online_retail" / source.FILE, "rt", encoding="utf-8", newline="") as stream:
        folder = write(tmp_path, "".join(islice(stream, 2_001))).parent
    monkeypatch.setattr(online_retail, "DOCUMENTS_PER_TRANSACTION", 20)
    whole, runs = online_retail.load_run, []

    def killed(book, run, prepared):
        runs.append(len(run.pieces))
        whole(book, run, prepared)
        if len(runs) == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(online_retail, "load_run", killed)
    with pytest.raises(KeyboardInterrupt):
        online_retail.load_online_retail(folder, silent)
    there = Document.objects.count()
    assert there == sum(runs[:3])
    monkeypatch.setattr(online_retail, "load_run", whole)
    said: list[str] = []
    result = online_retail.load_online_retail(folder, said.append)
    assert f"已有 {there} 张单据，从断点继续。" in said
    assert result.settled, result.text()
    assert result.row("合计：行数").book == 2_000
    remarks = list(Document.objects.values_list("remark", flat=True))
    assert len(remarks) == len(set(remarks))
    again = online_retail.load_online_retail(folder, silent)
    assert again.settled
    assert Document.objects.count() == len(remarks)


@pytest.mark.django_db
def test_without_resume_a_book_with_documents_is_refused(tmp_path):
    folder = write(tmp_path, DIRT).parent
    online_retail.load_online_retail(folder, silent)
    before = Document.objects.count()
    with pytest.raises(BookNotEmpty):
        online_retail.load_online_retail(folder, silent, resume=False)
    assert Document.objects.count() == before


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(SourceMissing):
        source.read(tmp_path)
