"""单据导入 Import of drafts from Excel or CSV: a row is a line, rows with the same 单据序号 are one document.

Columns are named by label or name: header fields first, line fields after; where both have the word (备注), the line's
column is called 行备注. Header values are read from the first row of a document. Every draft passes the same checks as one
typed by hand; with one fault, or in a dry run, nothing stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from hengcang.access.viewer import Viewer
from hengcang.core.errors import HengcangError, ImportRefused
from hengcang.documents import gate, many
from hengcang.meta.declarations import DocumentType, Field, Lines
from hengcang.meta.importing import MOST_ERRORS, MOST_ROWS, Outcome, Undo, cell_text, columns_of, read_cell, read_table, targets_of

GROUP = Field(name="group", label="单据序号", help="同一序号的行属于同一张单据")
Rows = Sequence[tuple[int, Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """表 What a file holds: which field stands in which column, and the rows."""

    header: Mapping[int, Field]
    lines: Mapping[int, Field]
    group: int
    rows: Rows


def import_documents(declaration: DocumentType, name: str, content: bytes, viewer: Viewer, dry_run: bool) -> Outcome:
    """导入单据 Read a file into drafts. Raises PermissionRefused, ImportRefused (for the file as a whole)."""
    viewer.require(declaration.name, "import")
    viewer.require(declaration.name, "create")
    sheet = sheet_of(declaration, read_table(name, content), viewer)
    outcome = Outcome(rows=len(sheet.rows))
    groups = list(documents_of(declaration, sheet, viewer, outcome))
    if outcome.errors:
        return outcome
    try:
        with transaction.atomic():
            gate.enter(exclusive=False)
            for rows, raw in groups:
                insert(declaration, viewer, rows, raw, outcome)
            if outcome.errors or dry_run:
                raise Undo
    except Undo:
        pass
    return outcome


def sheet_of(declaration: DocumentType, table: Sequence[Sequence[Any]], viewer: Viewer) -> Sheet:
    """The columns and rows of a file. Raises ImportRefused."""
    head = next((at for at, row in enumerate(table) if any(str(cell).strip() for cell in row)), None)
    if head is None:
        raise ImportRefused(reason="文件是空的")
    rows = [(at + 1, row) for at, row in enumerate(table) if at > head and any(str(cell).strip() for cell in row)]
    if len(rows) > MOST_ROWS:
        raise ImportRefused(reason=f"一次最多导入 {MOST_ROWS} 行，文件有 {len(rows)} 行")
    lines = lines_of(declaration)
    known = (GROUP, *declaration.fields, *line_fields(declaration, lines))
    columns = columns_of(declaration.label, known, table[head], viewer)
    group = next((at for at, one in columns.items() if one is GROUP), None)
    if group is None:
        raise ImportRefused(reason="缺少“单据序号”一列；同一序号的行属于同一张单据")
    own = {one.name: one for one in lines.fields}
    typed = {renamed.name: own[name] for name, renamed in zip(own, line_fields(declaration, lines), strict=True)}
    header = {at: one for at, one in columns.items() if one in declaration.fields}
    return Sheet(header, {at: typed[one.name] for at, one in columns.items() if at not in header and at != group}, group, rows)


def lines_of(declaration: DocumentType) -> Lines:
    """The table of lines that a row belongs to."""
    lines = declaration.goods or declaration.money
    assert lines is not None
    return lines


def line_fields(declaration: DocumentType, lines: Lines) -> tuple[Field, ...]:
    """The line's fields under names that no header field has."""
    taken = {one.label for one in declaration.fields} | {one.name for one in declaration.fields}
    return tuple(
        replace(one, name=f"line_{one.name}", label=f"行{one.label}") if one.label in taken or one.name in taken else one
        for one in lines.fields
    )


def documents_of(declaration: DocumentType, sheet: Sheet, viewer: Viewer, outcome: Outcome) -> Iterator[tuple[list[int], dict[str, Any]]]:
    """The documents of a file with the numbers of their rows; faults of cells are told in the outcome."""
    columns = {**sheet.header, **sheet.lines}
    targets = targets_of(columns, sheet.rows, viewer)
    groups: dict[str, tuple[list[int], dict[str, Any]]] = {}
    lines = lines_of(declaration)
    for number, row in sheet.rows:
        key = cell_text(cell_of(row, sheet.group))
        if not key:
            outcome.errors.append(fault(number, GROUP.label, "field_required", f"第 {number} 行：请填写“{GROUP.label}”。"))
        rows, raw = groups.setdefault(key, ([], {lines.name: []}))
        found = {}
        for at, one in columns.items():
            if at in sheet.header and rows:
                continue
            try:
                found[at] = read_cell(one, cell_of(row, at), targets)
            except ValueError as error:
                outcome.errors.append(fault(number, one.label, "field_invalid", f"第 {number} 行“{one.label}”：{error}"))
        raw.update({one.name: found[at] for at, one in sheet.header.items() if at in found and found[at] not in (None, "")})
        raw[lines.name].append({one.name: found[at] for at, one in sheet.lines.items() if at in found and found[at] not in (None, "")})
        rows.append(number)
        if len(outcome.errors) >= MOST_ERRORS:
            break
    yield from groups.values()


def cell_of(row: Sequence[Any], at: int) -> Any:
    """A cell; nothing beyond the end of a short row."""
    return row[at] if at < len(row) else ""


def insert(declaration: DocumentType, viewer: Viewer, rows: Sequence[int], raw: dict[str, Any], outcome: Outcome) -> None:
    """One draft, or its faults, each with the row of the file."""
    try:
        many.insert([many.Draft(viewer, declaration, raw)])
    except HengcangError as error:
        for one in getattr(error, "errors", (error,)):
            outcome.errors.append(fault(row_of(one.path, rows), "", one.code, f"第 {row_of(one.path, rows)} 行：{one.message()}"))
    else:
        outcome.created += 1


def row_of(path: str, rows: Sequence[int]) -> int:
    """The row of the file that a path such as `goods_lines.2.item` stands for; the first of the document for its header."""
    parts = path.split(".")
    return rows[int(parts[1])] if len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(rows) else rows[0]


def fault(row: int, column: str, code: str, message: str) -> dict[str, Any]:
    """A fault as the answer tells it."""
    return {"row": row, "column": column, "code": code, "message": message}
