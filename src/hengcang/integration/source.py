"""源数据 Source files: comma-separated tables read as they are, and the values in them."""

from __future__ import annotations

import csv
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from hengcang.integration.loading import SourceMissing

Table = list[dict[str, str]]
CENT = Decimal("0.01")


def read(folder: Path, name: str) -> Table:
    """读表 The rows of a table, values as text without outer spaces. Raises SourceMissing."""
    file = folder / f"{name}.csv"
    if not file.is_file():
        raise SourceMissing(folder=str(folder), name=file.name)
    with file.open(encoding="utf-8", newline="") as stream:
        return [{column: (value or "").strip() for column, value in row.items()} for row in csv.DictReader(stream)]


def by_id(table: Table, column: str = "id") -> dict[str, dict[str, str]]:
    """按编号 The rows by their id."""
    return {row[column]: row for row in table}


def number(text: str) -> Decimal:
    """数字 A number; nothing is zero."""
    return Decimal(text) if text else Decimal(0)


def day(text: str) -> date:
    """日期 The day of `YYYY-MM-DD HH:MM:SS`."""
    return date.fromisoformat(text[:10])


def plain(value: Decimal) -> str:
    """数字文本 A number as the document service takes it."""
    return f"{value.normalize():f}"


def to_cents(value: Decimal) -> Decimal:
    """四舍五入到分 Rounded half up to the cent."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)
