"""罗斯文 Both Northwind books end at the figures that are known of them, every difference explained."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests import make

from hengcang.integration.loading import BookNotEmpty, SourceMissing
from hengcang.integration.northwind import load_northwind
from hengcang.records.models import Document

pytestmark = pytest.mark.django_db


def test_access_2010_ends_at_1063_on_hand_and_485_available(data):
    said: list[str] = []
    result = load_northwind(data / "northwind" / "access2010", said.append)
    assert result.settled, result.text()
    assert said == [result.text()]
    book = {row.name: row.book for row in result.rows}
    assert (book["现存量"], book["占用量"], book["可用量"], book["有库存业务的商品"]) == (1063, 578, 485, 28)
    assert (book["采购入库数量"], book["销售出库数量"]) == (3550, 2487)
    assert (book["采购订单金额"], book["销售订单金额"]) == (Decimal("77921"), Decimal("68137"))
    assert len(result.details) == 5
    progress = dict(Document.objects.filter(type="purchase_order", state="posted").values_list("remark", "progress"))
    assert progress["Northwind #94"] == "complete"
    assert progress["Northwind #90"] == "partial"
    assert list(Document.objects.filter(type="purchase_order", state="draft").values_list("progress", flat=True)) == ["none"] * 3


def test_classic_ends_at_the_units_in_stock_with_81_rounded_lines(data):
    result = load_northwind(data / "northwind" / "classic", lambda text: None)
    assert result.settled, result.text()
    sales = result.row("净销售额（全部订单）")
    assert (sales.source, sales.book) == (Decimal("1265793.0395"), Decimal("1265793.29"))
    assert result.row("现存量 (UnitsInStock)").book == 3119
    assert result.row("销售订单").book == 830
    assert len(result.details) == 81
    assert Document.objects.filter(type="opening_stock").count() == 1
    open_orders = Document.objects.filter(type="sales_order", progress="none")
    assert open_orders.count() == 830 - 809


def test_a_book_with_documents_is_refused(data):
    company = make.company()
    company.draft("sales_order", make.day(1), party=company.customer.pk)
    with pytest.raises(BookNotEmpty) as refused:
        load_northwind(data / "northwind" / "classic", lambda text: None)
    assert refused.value.params == {"count": 1}
    assert Document.objects.count() == 1


def test_a_folder_without_the_tables_is_refused(tmp_path):
    with pytest.raises(SourceMissing) as refused:
        load_northwind(tmp_path, lambda text: None)
    assert refused.value.code == "source_missing"
