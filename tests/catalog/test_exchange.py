"""导入导出 What goes out can come in again; a file with one fault changes nothing."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from hengcang.access.viewer import Viewer, system_viewer
from hengcang.catalog import rules
from hengcang.catalog.declare import ITEM, ITEM_CATEGORY, UNIT
from hengcang.catalog.models import Item
from hengcang.core.errors import ImportRefused, PermissionRefused
from hengcang.meta.dataset import dataset_of
from hengcang.meta.declarations import Field, Kind
from hengcang.meta.exchange import csv_lines, xlsx_file
from hengcang.meta.importing import import_master
from hengcang.meta.masters import save_master
from hengcang.meta.query import Query, stream

pytestmark = pytest.mark.django_db
ALL = system_viewer(1, "系统")
COLUMNS = ("code", "name", "category", "base_unit", "tax_rate", "purchase_price", "tracking", "active")


@pytest.fixture
def two():
    unit, category = save_master(UNIT, {"name": "个"}, ALL), save_master(ITEM_CATEGORY, {"name": "五金"}, ALL)
    save_master(ITEM, {"name": "螺丝", "base_unit": unit, "category": category, "purchase_price": "1.25"}, ALL)
    save_master(ITEM, {"name": "=1+1", "base_unit": unit, "tracking": "lot", "active": False}, ALL)


def exported(kind, viewer=ALL, columns=COLUMNS):
    fields, rows = stream(dataset_of(ITEM), Query(columns=columns, sort=("code",)), viewer)
    return b"".join(csv_lines(fields, rows)) if kind == "csv" else xlsx_file("商品", fields, rows).read()


def sheet(*rows):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return file.getvalue()


def test_a_csv_is_readable_by_a_spreadsheet_and_holds_no_formula(two):
    text = exported("csv")
    assert text.startswith(b"\xef\xbb\xbf")
    assert text.decode("utf-8-sig").splitlines() == [
        "编码,名称,分类,基本单位,税率,采购价,批次/序列号,启用",
        "SP00001,螺丝,五金,个,0.13,1.25,不管理,是",
        "SP00002,'=1+1,,个,0.13,,批次,否",
    ]


def test_an_excel_file_holds_numbers_as_numbers(two):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(exported("xlsx"))).get_sheet_by_index(0).to_python()
    assert rows[1] == ["SP00001", "螺丝", "五金", "个", 0.13, 1.25, "不管理", "是"]
    assert rows[2][1] == "=1+1"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_exported_comes_in_again_without_a_difference(two, kind):
    before = list(Item.objects.order_by("code").values_list("code", "name", "category", "purchase_price", "active"))
    outcome = import_master(ITEM, f"items.{kind}", exported(kind), ALL, dry_run=False)
    assert (outcome.rows, outcome.created, outcome.updated, outcome.errors) == (2, 0, 2, [])
    assert list(Item.objects.order_by("code").values_list("code", "name", "category", "purchase_price", "active")) == before


def test_new_rows_are_made_and_a_dry_run_makes_none(two):
    file = sheet(["名称", "基本单位", "税率", "采购价"], ["垫片", "DW01", "6%", 0.1], ["螺母", "个", 0.13, "1,200.5"])
    dry = import_master(ITEM, "a.xlsx", file, ALL, dry_run=True)
    assert (dry.created, Item.objects.count()) == (2, 2)
    assert import_master(ITEM, "a.xlsx", file, ALL, dry_run=False).created == 2
    assert [str(price) for price in Item.objects.order_by("code").values_list("purchase_price", flat=True)[2:]] == ["0.1", "1200.5"]
    assert list(Item.objects.order_by("code").values_list("code", flat=True))[2:] == ["SP00003", "SP00004"]


def test_every_fault_is_told_with_its_cell_and_nothing_stays(two):
    file = sheet(
        ["编码", "名称", "基本单位", "税率", "批次/序列号", "启用", "采购价"],
        ["N1", "好的", "个", 0.13, "批次", "是", 1],
        ["N2", "", "个", 0.13, "批次", "是", 1],
        ["N3", "坏的", "箱", "很多%", "随便", "也许", "abc"],
        ["N1", "重复", "个", -1, "批次", "是", 1],
    )
    outcome = import_master(ITEM, "a.xlsx", file, ALL, dry_run=False)
    assert [(error["row"], error["column"]) for error in outcome.errors] == [
        (3, "名称"), (4, "基本单位"), (4, "税率"), (4, "批次/序列号"), (4, "启用"), (5, "税率"),
    ]  # fmt: skip
    assert outcome.errors[1]["message"] == "第 4 行“基本单位”：没有编码或名称为“箱”的记录"
    assert Item.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xlsx", b"not a book", "不是可读的"),
        ("a.csv", b"", "空"),
        ("a.csv", "名称,颜色\n甲,红\n".encode(), "颜色"),
        ("a.csv", "名称,名称\n甲,红\n".encode(), "两列"),
        ("a.csv", "助记码\nabc\n".encode(), "没有可导入的列"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused_as_a_whole(name, content, reason):
    with pytest.raises(ImportRefused, match=reason):
        import_master(ITEM, name, content, ALL, dry_run=False)


def test_a_file_in_the_encoding_of_chinese_windows_is_read(two):
    outcome = import_master(ITEM, "a.csv", "编码,名称\nSP00001,铜螺丝\n".encode("gb18030"), ALL, dry_run=False)
    assert outcome.updated == 1 and Item.objects.get(code="SP00001").name == "铜螺丝"


def test_rights_hold_for_files_too(two):
    viewer = Viewer(9, "李", permissions=frozenset({("item", "view"), ("item", "export")}), masks=frozenset({"purchase_price"}))
    with pytest.raises(PermissionRefused):
        import_master(ITEM, "a.csv", "名称\n甲\n".encode(), viewer, dry_run=True)
    importer = Viewer(9, "李", permissions=frozenset({("item", "*")}), masks=frozenset({"purchase_price"}))
    with pytest.raises(ImportRefused, match="采购价"):
        import_master(ITEM, "a.csv", "编码,采购价\nSP00001,9\n".encode(), importer, dry_run=False)
    assert "采购价" not in exported("csv", viewer, ()).decode("utf-8-sig")
    assert str(Item.objects.get(code="SP00001").purchase_price) == "1.25"


def test_a_date_and_a_time_are_written_as_such():
    fields = [Field(name="day", label="日期", kind=Kind.DATE), Field(name="at", label="时间", kind=Kind.DATETIME)]
    file = xlsx_file("x", fields, [{"day": "2026-11-24", "at": "2026-11-24T09:30:00+08:00"}])
    row = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()[1]
    assert row[0].isoformat() == "2026-11-24" and row[1] == "2026-11-24 09:30:00"


def test_money_has_as_many_decimals_in_a_sheet_as_its_field_says():
    fields = [Field(name=f"s{scale}", label="占比", kind=Kind.MONEY, scale=scale) for scale in (None, 2, 1, 0)]
    file = xlsx_file("x", fields, [{one.name: "66.7" for one in fields}])
    with zipfile.ZipFile(file) as book:
        formats = set(re.findall(r'formatCode="([^"]*)"', book.read("xl/styles.xml").decode()))
        styles = re.findall(r'<c r="[A-D]2" s="(\d)"', book.read("xl/worksheets/sheet1.xml").decode())
    assert formats == {"#,##0.00", "#,##0.0", "#,##0"}
    assert len(set(styles)) == 3 and styles[0] == styles[1]


def test_what_follows_from_a_file_comes_once_and_after_all_of_its_records(two, monkeypatch):
    asked = []

    def follow(items):
        asked.append((sorted(items), list(Item.objects.order_by("pk").values_list("active", flat=True))))

    monkeypatch.setattr(rules, "limits_changed", [follow])
    first, second = Item.objects.order_by("pk")
    file = f"编码,启用\n{first.code},否\n{second.code},是\n".encode()
    assert import_master(ITEM, "商品.csv", file, ALL, dry_run=False).errors == []
    assert asked == [([first.pk, second.pk], [False, True])]
    assert import_master(ITEM, "商品.csv", file, ALL, dry_run=False).updated == 2 and len(asked) == 1
