"""导入 Import of masters from Excel or CSV: columns by label or name, rows by code, all or nothing.

Every row goes through `save_master`, the same door as the screen. A row whose code exists changes that record, any
other makes one. All faults are told, each with its row and column; with one fault, or in a dry run, nothing stays.
References are named by code or label and looked up in one statement per collection and file. A file has at most 5,000
rows: one transaction, some 4 ms a row, and on SQLite other writers wait for it. Left out: child tables.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from python_calamine import CalamineError, CalamineWorkbook

from hengcang.access.viewer import Viewer
from hengcang.core.errors import HengcangError, ImportRefused
from hengcang.meta import refs
from hengcang.meta.dataset import dataset_of
from hengcang.meta.declarations import NUMBERS, REFERENCES, Field, Kind, MasterType
from hengcang.meta.masters import save_master, settle
from hengcang.meta.query import visible_rows

MOST_ROWS = 5_000
MOST_ERRORS = 200
YES, NO = frozenset({"是", "y", "yes", "true", "1", "√"}), frozenset({"否", "n", "no", "false", "0", "", "×"})
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")

Table = list[list[Any]]


@dataclass(slots=True)
class Outcome:
    """导入结果 How many rows were read, made and changed, and every fault `{row, column, code, message}`; records that are to settle."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)


class Undo(Exception):
    """Rolls the whole import back."""


def read_table(name: str, content: bytes) -> Table:
    """读表 The first sheet of an Excel file, or a CSV in UTF-8 or GB18030. Raises ImportRefused."""
    if name.lower().endswith((".csv", ".txt")):
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return list(csv.reader(io.StringIO(content.decode(encoding), newline="")))
            except (UnicodeDecodeError, csv.Error):
                continue
        raise ImportRefused(reason="文件编码无法识别，请另存为 UTF-8 的 CSV 或 Excel")
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise ImportRefused(reason="不是可读的 Excel 文件（xlsx、xls、ods）或 CSV") from error


def import_master(master: MasterType, name: str, content: bytes, viewer: Viewer, dry_run: bool) -> Outcome:
    """导入 Read a file into a master. Raises PermissionRefused, ImportRefused (for the file as a whole)."""
    viewer.require(master.permission, "import")
    table = read_table(name, content)
    head = next((at for at, row in enumerate(table) if any(str(cell).strip() for cell in row)), None)
    if head is None:
        raise ImportRefused(reason="文件是空的")
    columns = columns_of(master.label, master.fields, table[head], viewer)
    body = [(at + 1, row) for at, row in enumerate(table) if at > head and any(str(cell).strip() for cell in row)]
    if len(body) > MOST_ROWS:
        raise ImportRefused(reason=f"一次最多导入 {MOST_ROWS} 行，文件有 {len(body)} 行")
    outcome = Outcome(rows=len(body))
    try:
        with transaction.atomic():
            _save_rows(master, columns, body, viewer, outcome)
            if outcome.errors or dry_run:
                raise Undo
            settle(master, outcome.waiting)
    except Undo:
        pass
    return outcome


def columns_of(label: str, fields: Iterable[Field], head: Sequence[Any], viewer: Viewer) -> dict[int, Field]:
    """列对照 The field of each column. A column nobody knows is refused: a typing error must not lose data in silence."""
    known = {word: one for one in fields if viewer.sees(one) for word in (one.label, one.name)}
    columns: dict[int, Field] = {}
    for at, cell in enumerate(head):
        title = str(cell).strip().rstrip("*")
        if not title:
            continue
        one = known.get(title)
        if one is None:
            raise ImportRefused(reason=f"第 {at + 1} 列“{title}”不是{label}的字段，请改名或删去这一列")
        if one in columns.values():
            raise ImportRefused(reason=f"“{title}”出现了两列")
        if not one.readonly:
            columns[at] = one
    if not columns:
        raise ImportRefused(reason="没有可导入的列")
    return columns


Body = Sequence[tuple[int, Sequence[Any]]]


def _save_rows(master: MasterType, columns: Mapping[int, Field], body: Body, viewer: Viewer, outcome: Outcome) -> None:
    labels = {one.name: one.label for one in columns.values()}
    targets = targets_of(columns, body, viewer)
    existing = _existing(master, columns, body, viewer)
    for number, row in body:
        raw: dict[str, Any] = {}
        faults: list[dict[str, Any]] = []
        for at, one in columns.items():
            cell = row[at] if at < len(row) else ""
            try:
                raw[one.name] = read_cell(one, cell, targets)
            except ValueError as error:
                message = f"第 {number} 行“{one.label}”：{error}"
                faults.append({"row": number, "column": one.label, "code": "field_invalid", "message": message})
        if not faults:
            faults = _save_row(master, raw, number, viewer, existing, outcome, labels)
        outcome.errors += faults
        if len(outcome.errors) >= MOST_ERRORS:
            return


def _save_row(
    master: MasterType,
    raw: Mapping[str, Any],
    number: int,
    viewer: Viewer,
    existing: dict[str, int],
    outcome: Outcome,
    labels: Mapping[str, str],
) -> list[dict[str, Any]]:
    code = str(raw.get(master.code_field) or "")
    record_id = existing.get(code)
    try:
        saved = save_master(master, raw, viewer, record_id, waiting=outcome.waiting)
    except HengcangError as error:
        return [
            {
                "row": number,
                "column": labels.get(one.path, ""),
                "code": one.code,
                "message": f"第 {number} 行：{one.message()}",
            }
            for one in getattr(error, "errors", (error,))
        ]
    if record_id is None:
        outcome.created += 1
        existing.setdefault(code, saved) if code else None
    else:
        outcome.updated += 1
    return []


def _existing(master: MasterType, columns: Mapping[int, Field], body: Body, viewer: Viewer) -> dict[str, int]:
    """Ids by code of the records the file names: one statement."""
    at = next((at for at, one in columns.items() if one.name == master.code_field), None)
    if at is None:
        return {}
    codes = {cell_text(row[at]) for _, row in body if at < len(row)} - {""}
    rows = visible_rows(dataset_of(master), viewer).filter(**{f"{master.code_field}__in": codes})
    return dict(rows.values_list(master.code_field, "pk"))


Targets = Mapping[str, Mapping[str, int | None]]


def targets_of(columns: Mapping[int, Field], body: Body, viewer: Viewer) -> dict[str, dict[str, int | None]]:
    """引用对照 What the file's references mean: id by code or label; None where a label is not unique."""
    wanted: dict[str, set[str]] = {}
    for at, one in columns.items():
        if one.kind in REFERENCES:
            names = {cell_text(row[at]) for _, row in body if at < len(row)} - {""}
            wanted.setdefault(one.ref or refs.DEFAULTS[one.kind], set()).update(names)
    found: dict[str, dict[str, int | None]] = {}
    for collection, names in wanted.items():
        origin = refs.source(collection)
        met = Q(**{f"{origin.code}__in": names}) | Q(**{f"{origin.title}__in": names})
        limits = refs.scope_filter(origin.scope, viewer)
        rows = refs.model_of(origin.model)._default_manager.filter(met, limits, **origin.base_filter)
        found[collection] = _by_name(list(rows.values_list("pk", origin.code, origin.title)))
    return found


def _by_name(rows: Iterable[tuple[int, str, str]]) -> dict[str, int | None]:
    by_label: dict[str, int | None] = {}
    by_code: dict[str, int | None] = {}
    for pk, code, label in rows:
        by_label[label] = None if label in by_label else pk
        by_code[code] = None if code in by_code else pk
    return {**by_label, **by_code}


def cell_text(cell: Any) -> str:
    """单元格文字 A cell as text: Excel gives 1001 as 1001.0."""
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return str(cell).strip()


def _reference(one: Field, cell: Any, targets: Targets) -> Any:
    name = cell_text(cell)
    if not name:
        return None
    known = targets[one.ref or refs.DEFAULTS[one.kind]]
    if name not in known:
        raise ValueError(f"没有编码或名称为“{name}”的记录")
    if known[name] is None:
        raise ValueError(f"名称“{name}”不唯一，请改填编码")
    return known[name]


def _boolean(one: Field, cell: Any, targets: Targets) -> bool:
    word = cell_text(cell).lower()
    if word not in YES | NO:
        raise ValueError(f"“{cell}”应为 是 或 否")
    return word in YES


def _choice(one: Field, cell: Any, targets: Targets) -> str:
    word = cell_text(cell)
    for choice in one.choices:
        if word in (choice.label, choice.value):
            return choice.value
    if not word:
        return ""
    raise ValueError(f"“{word}”不在可选范围内：{'、'.join(choice.label for choice in one.choices)}")


def _date(one: Field, cell: Any, targets: Targets) -> str | None:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = cell_text(cell)
    for pattern in DAYS if text else ():
        try:
            return datetime.strptime(text, pattern).date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
    if text:
        raise ValueError(f"“{text}”不是日期，例如 2026-11-24")
    return None


def _number(one: Field, cell: Any, targets: Targets) -> str | None:
    if isinstance(cell, float):
        return format(Decimal(repr(cell)), "f")
    text = cell_text(cell).replace(",", "").replace("，", "")
    if text.endswith("%") and one.kind is Kind.RATE:
        return str(Decimal(text[:-1]) / 100)
    return text or None


def _plain(one: Field, cell: Any, targets: Targets) -> str:
    if isinstance(cell, (datetime, time)):
        return str(cell)
    text = cell_text(cell)
    return text[1:] if text.startswith("'") else text


Read = Callable[[Field, Any, Targets], Any]
READERS: dict[Kind, Read] = {
    Kind.BOOLEAN: _boolean,
    Kind.CHOICE: _choice,
    Kind.DATE: _date,
    Kind.INTEGER: _number,
    **dict.fromkeys(NUMBERS, _number),
    **dict.fromkeys(REFERENCES, _reference),
}


def read_cell(one: Field, cell: Any, targets: Targets) -> Any:
    """读单元格 The wire value of a cell. Raises ValueError with words for the clerk."""
    reader: Read = READERS.get(one.kind, _plain)
    try:
        return reader(one, cell, targets)
    except ArithmeticError:
        raise ValueError(f"“{cell}”不是数字") from None
