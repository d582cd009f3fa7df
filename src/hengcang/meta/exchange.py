"""导出 Export: exactly what a list shows, as an Excel file or CSV, written row by row.

A file holds what the query compiler gives: the same rights, the same order. Excel numbers are numbers (15 digits, as
Excel has them); CSV is exact text with a byte-order mark, so that Excel reads its Chinese.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from hengcang.core.errors import QueryRefused
from hengcang.meta.declarations import NUMBERS, REFERENCES, Field, Kind

ROWS_OF_EXCEL = 1_048_575
SPILL_BYTES = 8_000_000
FORMATS = {Kind.MONEY: "#,##0.00", Kind.RATE: "0.##%", Kind.QUANTITY: "#,##0.######", Kind.PRICE: "#,##0.00####"}
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Rows = Iterable[dict[str, Any]]


def cell_text(one: Field, value: Any) -> str:
    """单元格文字 What a person reads in a cell: labels of references and choices, 是/否, plain numbers."""
    if value is None:
        return ""
    if one.kind in REFERENCES:
        return str(value["label"])
    if one.kind is Kind.CHOICE:
        return next((choice.label for choice in one.choices if choice.value == value), str(value))
    if one.kind is Kind.BOOLEAN:
        return "是" if value else "否"
    if one.kind is Kind.SERIALS:
        return "\n".join(value)
    if one.kind is Kind.DATETIME:
        return str(value).replace("T", " ")[:19]
    return str(value)


def safe(one: Field, text: str) -> str:
    """A text that a spreadsheet program will not take for a formula."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) and one.kind not in NUMBERS else text


class _Line:
    """A file that gives back what the csv writer puts into it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(fields: Sequence[Field], rows: Rows) -> Iterator[bytes]:
    """CSV 行 The lines of a CSV file, UTF-8 with a byte-order mark."""
    writer: Any = csv.writer(_Line())
    yield b"\xef\xbb\xbf" + writer.writerow([one.label for one in fields]).encode()
    for row in rows:
        yield writer.writerow([safe(one, cell_text(one, row.get(one.name))) for one in fields]).encode()


def xlsx_file(title: str, fields: Sequence[Field], rows: Rows) -> IO[bytes]:
    """Excel 文件 An open temporary file at its start, in memory while it is small. Raises QueryRefused when too long."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=SPILL_BYTES)  # noqa: SIM115
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet(title[:31])
    head = book.add_format({"bold": True, "bg_color": "#F0F2F5", "bottom": 1})
    writers = [_writer(book, one) for one in fields]
    sheet.freeze_panes(1, 0)
    for at, one in enumerate(fields):
        sheet.set_column(at, at, max(8, one.width // 8))
        sheet.write_string(0, at, one.label, head)
    try:
        for index, row in enumerate(rows, start=1):
            if index > ROWS_OF_EXCEL:
                raise QueryRefused(path="format", reason=f"超过 Excel 的 {ROWS_OF_EXCEL} 行，请缩小范围或导出 CSV")
            for at, one in enumerate(fields):
                value = row.get(one.name)
                if value is not None:
                    writers[at](sheet, index, at, value)
    finally:
        book.close()
    file.seek(0)
    return file


Write = Callable[[Any, int, int, Any], None]


def format_of(one: Field) -> str:
    """数字格式 How a sheet shows a number: money with the decimals that its field says, two where it says none."""
    if one.kind is not Kind.MONEY or one.scale is None:
        return FORMATS[one.kind]
    return "#,##0" + ("." + "0" * one.scale if one.scale else "")


def _writer(book: Any, one: Field) -> Write:
    """How values of a field are put into a sheet."""
    if one.kind in NUMBERS:
        number = book.add_format({"num_format": format_of(one)})
        return lambda sheet, row, at, value: sheet.write_number(row, at, float(Decimal(value)), number)
    if one.kind is Kind.INTEGER:
        return lambda sheet, row, at, value: sheet.write_number(row, at, value)
    if one.kind is Kind.DATE:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        return lambda sheet, row, at, value: sheet.write_datetime(row, at, date.fromisoformat(value), day)
    return lambda sheet, row, at, value: sheet.write_string(row, at, cell_text(one, value))
