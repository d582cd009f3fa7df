"""银行流水文件 Reads a bank's CSV or Excel file: columns by the names the banks use, UTF-8 or GBK, one line of money a row."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from hengcang.core.errors import ImportRefused
from hengcang.meta.importing import DAYS, read_table

COLUMNS: dict[str, tuple[str, ...]] = {
    "day": ("交易日期", "记账日", "记账日期", "入账日期", "交易时间", "交易日", "日期", "记账时间", "入账时间"),
    "out": ("借方", "借方发生额", "借方金额", "支出", "支出金额", "付出金额", "转出金额", "付款金额", "支取金额", "借"),
    "in": ("贷方", "贷方发生额", "贷方金额", "收入", "收入金额", "存入金额", "转入金额", "收款金额", "贷"),
    "amount": ("金额", "交易金额", "发生额"),
    "direction": ("借贷标志", "借贷", "借贷方向", "收支", "收付标志", "收/支", "交易方向"),
    "balance": ("余额", "账户余额", "本次余额", "交易后余额"),
    "name": ("对方户名", "对方名称", "对方账户名称", "对方账户名", "对方单位名称", "对方单位", "交易对方", "对方"),
    "account": ("对方账号", "对方账户", "对方账户号", "对方卡号/账号"),
    "text": ("摘要", "用途", "附言", "备注", "交易附言", "交易摘要", "交易说明", "摘要用途"),
    "serial": ("流水号", "交易流水号", "核心流水号", "交易序号", "银行流水号", "业务流水号"),
}
FIELD_OF = {word: name for name, words in COLUMNS.items() for word in words}
OUT, IN = ("借", "支出", "支", "付", "d", "dr"), ("贷", "收入", "收", "存入", "c", "cr")
SUMS = ("合计", "总计", "小计", "期初", "期末", "承前", "本页")
ROWS_AT_MOST = 20_000
HEAD_WITHIN = 40


@dataclass(frozen=True, slots=True)
class Read:
    """流水行 A line of the file; in above zero."""

    day: date
    amount: Decimal
    balance: Decimal | None
    name: str
    account: str
    text: str
    serial: str
    fingerprint: str


def read(name: str, content: bytes) -> list[Read]:
    """读流水 The lines of a file. Raises ImportRefused with the row; nothing of the file is taken then."""
    table = read_table(name, content)
    head, columns = head_of(table)
    body = [(at, row) for at, row in enumerate(table[head + 1 :], start=head + 2) if any(str(cell).strip() for cell in row)]
    if len(body) > ROWS_AT_MOST:
        raise ImportRefused(reason=f"一次最多导入 {ROWS_AT_MOST} 行，文件有 {len(body)} 行")
    return list(lines_of(body, columns))


def head_of(table: Sequence[Sequence[Any]]) -> tuple[int, dict[str, list[int]]]:
    """表头 The first row that names a day and an amount, and the columns by field; lines about the account stand above it."""
    for at, row in enumerate(table[:HEAD_WITHIN]):
        columns: dict[str, list[int]] = {}
        for place, cell in enumerate(row):
            field = FIELD_OF.get(re.sub(r"[（(].*?[）)]|\s", "", str(cell)))
            if field:
                columns.setdefault(field, []).append(place)
        if "day" in columns and ("amount" in columns or {"out", "in"} <= columns.keys()):
            return at, columns
    raise ImportRefused(reason="找不到表头：要有交易日期，以及借方、贷方（或收入、支出）两列，或金额一列")


def lines_of(body: Sequence[tuple[int, Sequence[Any]]], columns: dict[str, list[int]]) -> Iterator[Read]:
    """Each row as a line; sums at the end of a page are left out. A line that comes twice in one file is two lines."""
    seen: Counter[tuple[Any, ...]] = Counter()
    for at, row in body:

        def cell(field: str, row: Sequence[Any] = row) -> Any:
            places = [place for place in columns.get(field, ()) if place < len(row)]
            return row[places[0]] if places else ""

        if str(cell("day")).strip() == "" or str(row[0]).strip().startswith(SUMS):
            continue
        day, amount = day_of(cell("day"), at), amount_of(cell, at)
        if not amount:
            continue
        balance = None if str(cell("balance")).strip() in ("", "-") else number(cell("balance"), "余额", at)
        texts = [str(row[place]).strip() for place in columns.get("text", ()) if place < len(row)]
        words = [plain(cell("name"))[:120], re.sub(r"\s", "", plain(cell("account")))[:60], " ".join(filter(None, texts))[:300]]
        serial = plain(cell("serial"))[:80]
        key = (serial, day.isoformat(), f"{amount:f}") if serial else (day.isoformat(), f"{amount:f}", str(balance), *words)
        seen[key] += 1
        mark = hashlib.sha256("\x1f".join([*key, str(seen[key])]).encode()).hexdigest()
        yield Read(day, amount, balance, words[0], words[1], words[2], serial, mark)


def plain(value: Any) -> str:
    """A cell as text; a number of an account that came as a number keeps its digits."""
    return f"{value:.0f}" if isinstance(value, float) else str(value).strip().lstrip("'")


def day_of(value: Any, at: int) -> date:
    """A day in any of the usual ways, with or without a time. Raises ImportRefused."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = plain(value).split(" ")[0].split("T")[0]
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise ImportRefused(reason=f"第 {at} 行的日期“{value}”看不懂")


def number(value: Any, label: str, at: int) -> Decimal:
    """An amount as banks write it. Raises ImportRefused."""
    text = re.sub(r"[,，\s￥¥+]", "", str(value)) if not isinstance(value, float) else repr(value)
    if text in ("", "-", "--"):
        return Decimal(0)
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or abs(found) > Decimal("1e10"):
        raise ImportRefused(reason=f"第 {at} 行的{label}“{value}”不是金额")
    return found.quantize(Decimal("0.01"))


def amount_of(cell: Any, at: int) -> Decimal:
    """In less out; or one signed amount, or one with its direction. Raises ImportRefused."""
    came, went = number(cell("in"), "收入", at), number(cell("out"), "支出", at)
    if came or went:
        return came - went
    amount, direction = number(cell("amount"), "金额", at), str(cell("direction")).strip().lower()
    if direction.startswith(OUT):
        return -abs(amount)
    return abs(amount) if direction.startswith(IN) else amount
