"""单据导入 Import of drafts from Excel or CSV: a row is a line, rows with the same 单据序号 are one document.

Where a type has several tables of goods lines the column 明细 names the table of a row; left empty it is the first.
Columns are named by label or name: header fields first, line fields after; where both have the word (备注), the line's
column is called 行备注. Header values are read from the first row of a document. Every draft passes the same checks as one
typed by hand; with one fault, or in a dry run, nothing stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db import transaction

from hengcang.access.viewer import Viewer
from hengcang.core.errors import HengcangError, ImportRefused
from hengcang.documents import gate, many
from hengcang.meta.declarations import DocumentType, Field, Lines
from hengcang.meta.importing import MOST_ERRORS, MOST_ROWS, Outcome, Undo, cell_text, columns_of, read_cell, read_table, targets_of

GROUP = Field(name="group", label="单据序号", help="同一序号的行属于同一张单据")
TABLE = Field(name="table", label="明细", help="这一行属于哪个明细表；留空为第一个")
Rows = Sequence[tuple[int, Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """表 What a file holds: which field stands in which column, where the table of a row is named, and the rows."""

    header: Mapping[int, Field]
    lines: Mapping[int, Field]
    group: int
    table: int | None
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
            for one in groups:
                insert(declaration, viewer, one, outcome)
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
    own = line_fields(declaration)
    known = (GROUP, *((TABLE,) if len(tables_of(declaration)) > 1 else ()), *declaration.fields, *(named for named, _ in own.values()))
    columns = columns_of(declaration.label, known, table[head], viewer)
    group = next((at for at, one in columns.items() if one is GROUP), None)
    if group is None:
        raise ImportRefused(reason="缺少“单据序号”一列；同一序号的行属于同一张单据")
    named = next((at for at, one in columns.items() if one is TABLE), None)
    header = {at: one for at, one in columns.items() if one in declaration.fields}
    lines = {at: own[one.name][1] for at, one in columns.items() if at not in (*header, group, named)}
    return Sheet(header, lines, group, named, rows)


def tables_of(declaration: DocumentType) -> tuple[Lines, ...]:
    """The tables that rows belong to: those of goods, else that of money."""
    return declaration.goods_tables or declaration.tables


def line_fields(declaration: DocumentType) -> dict[str, tuple[Field, Field]]:
    """The lines' fields, each once, as the file names them (never as a header field is named) and as they are, by name there."""
    taken = {one.label for one in declaration.fields} | {one.name for one in declaration.fields}
    found: dict[str, tuple[Field, Field]] = {}
    for one in (one for lines in tables_of(declaration) for one in lines.fields):
        clash = one.label in taken or one.name in taken
        named = replace(one, name=f"line_{one.name}", label=f"行{one.label}") if clash else one
        found.setdefault(named.name, (named, one))
    return found


def table_of(declaration: DocumentType, sheet: Sheet, row: Sequence[Any]) -> Lines:
    """The table that a row names. Raises ValueError."""
    tables = tables_of(declaration)
    name = "" if sheet.table is None else cell_text(cell_of(row, sheet.table))
    found = next((one for one in tables if name in ("", one.label, one.name)), None)
    if found is None:
        raise ValueError(f"应为{'、'.join(one.label for one in tables)}之一")
    return found


class Found(NamedTuple):
    """读到的单据 A document of a file: its content, and the rows of the file by table, the first of all first."""

    raw: dict[str, Any]
    rows: dict[str, list[int]]

    def row_of(self, path: str) -> int:
        """The row that a path such as `goods_lines.2.item` stands for; the first of the document for its header."""
        table, _, rest = path.partition(".")
        at, own = rest.partition(".")[0], self.rows.get(table, [])
        return own[int(at)] if at.isdigit() and int(at) < len(own) else self.rows[""][0]


def documents_of(declaration: DocumentType, sheet: Sheet, viewer: Viewer, outcome: Outcome) -> Iterator[Found]:
    """The documents of a file with the numbers of their rows; faults of cells are told in the outcome."""
    targets = targets_of({**sheet.header, **sheet.lines}, sheet.rows, viewer)
    groups: dict[str, Found] = {}
    for number, row in sheet.rows:
        key = cell_text(cell_of(row, sheet.group))
        if not key:
            outcome.errors.append(fault(number, GROUP.label, "field_required", f"第 {number} 行：请填写“{GROUP.label}”。"))
        empty: dict[str, Any] = {lines.name: [] for lines in tables_of(declaration)}
        found = groups.setdefault(key, Found(empty, {"": []}))
        try:
            lines = table_of(declaration, sheet, row)
        except ValueError as error:
            outcome.errors.append(fault(number, TABLE.label, "field_invalid", f"第 {number} 行“{TABLE.label}”：{error}"))
            continue
        columns = {} if found.rows[""] else dict(sheet.header)
        columns |= {at: one for at, one in sheet.lines.items() if one.name in {own.name for own in lines.fields}}
        cells = cells_of(number, row, columns, targets, outcome)
        found.raw.update({one.name: cells[at] for at, one in sheet.header.items() if at in cells})
        found.raw[lines.name].append({one.name: cells[at] for at, one in sheet.lines.items() if at in cells})
        found.rows[""].append(number)
        found.rows.setdefault(lines.name, []).append(number)
        if len(outcome.errors) >= MOST_ERRORS:
            break
    yield from groups.values()


def cells_of(number: int, row: Sequence[Any], columns: Mapping[int, Field], targets: Any, outcome: Outcome) -> dict[int, Any]:
    """The cells of a row that hold something, by column."""
    found: dict[int, Any] = {}
    for at, one in columns.items():
        try:
            found[at] = read_cell(one, cell_of(row, at), targets)
        except ValueError as error:
            outcome.errors.append(fault(number, one.label, "field_invalid", f"第 {number} 行“{one.label}”：{error}"))
    return {at: value for at, value in found.items() if value not in (None, "")}


def cell_of(row: Sequence[Any], at: int) -> Any:
    """A cell; nothing beyond the end of a short row."""
    return row[at] if at < len(row) else ""


def insert(declaration: DocumentType, viewer: Viewer, found: Found, outcome: Outcome) -> None:
    """One draft, or its faults, each with the row of the file."""
    try:
        many.insert([many.Draft(viewer, declaration, found.raw)])
    except HengcangError as error:
        for one in getattr(error, "errors", (error,)):
            row = found.row_of(one.path)
            outcome.errors.append(fault(row, "", one.code, f"第 {row} 行：{one.message()}"))
    else:
        outcome.created += 1


def fault(row: int, column: str, code: str, message: str) -> dict[str, Any]:
    """A fault as the answer tells it."""
    return {"row": row, "column": column, "code": code, "message": message}
