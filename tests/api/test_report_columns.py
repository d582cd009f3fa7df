"""报表的列 What a question has nothing of is no column of its answer, on the screen and in files alike."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.api.documents_world import World, world

RATES = ["批次合格率(%)", "准时率(%)", "平均晚到天数"]
LINES = ["到货批数", "验收批数", "合格批数", "让步批数", "不合格批数", "退货批数", "有交期批数", "晚到批数"]
GOODS = ["到货数量", "合格数量", "让步数量", "不合格数量", "退货数量"]
BY_SUPPLIER = ["供应商", *RATES, *LINES]
BY_ITEM = ["供应商", "商品编码", "商品名称", "单位", *RATES, *LINES, *GOODS]
PATH = "/reports/supplier_performance?date_from=2026-03-01&date_to=2026-03-31"


@pytest.fixture
def at(db: None) -> World:
    """A company that received fifteen."""
    found = world()
    found.posted("purchase_receipts", [found.line("15")])
    return found


def labels(at: World, more: str = "") -> list[str]:
    """The heads of the answer."""
    return [one["label"] for one in at.boss.get(PATH + more)["columns"]]


def csv_rows(at: World, more: str = "") -> list[list[str]]:
    """The file, line by line."""
    _, content = at.boss.call("GET", f"{PATH}{more}&format=csv")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def xlsx_rows(at: World, more: str = "") -> list[list[Any]]:
    """The sheet, line by line."""
    _, content = at.boss.call("GET", f"{PATH}{more}&format=xlsx")
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_suppliers_have_no_columns_of_items(at: World) -> None:
    assert (labels(at), labels(at, "&by=supplier"), labels(at, "&by=item")) == (BY_SUPPLIER, BY_SUPPLIER, BY_ITEM)


def test_a_file_has_the_columns_of_the_screen(at: World) -> None:
    assert csv_rows(at) == [BY_SUPPLIER, ["明达五金", "", "", "", "1", "0", "0", "0", "0", "0", "0", "0"]]
    [head, row] = csv_rows(at, "&by=item")
    assert (head, row[1], row[-5:]) == (BY_ITEM, "M6", ["15", "0", "0", "0", "0"])
    assert xlsx_rows(at) == [BY_SUPPLIER, ["明达五金", "", "", "", 1, 0, 0, 0, 0, 0, 0, 0]]
