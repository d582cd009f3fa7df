"""单据打印 A document as PDF: data into a template, nothing computed there, fonts shipped with the program.

The data is what `present` shows this viewer, so what he may not see is not on paper either.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

from hengcang.access.viewer import Viewer
from hengcang.base.book import book
from hengcang.core.errors import NotFound
from hengcang.core.words import amount_in_words
from hengcang.documents import present
from hengcang.meta.declarations import NUMBERS, DocumentType, Field, Kind, Lines

TEMPLATES = Path(__file__).parent / "print_templates"
FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent
PEOPLE = {"created_by", "created_at", "posted_by", "posted_at"}
LEFT_OUT = PEOPLE | {"delivery_state", "freight", "number", "state", "progress", "remark", "amount_net", "tax_amount", "amount_gross"}
LINES_LEFT_OUT = {"price_basis", "discount"}
WIDE_FROM = 10


def print_document(viewer: Viewer, declaration: DocumentType, document: int, template: str) -> bytes:
    """打印 The PDF. Raises PermissionRefused, NotFound for a template or document that is not there."""
    file = TEMPLATES / f"{template}.typ"
    if not template.isidentifier() or not file.is_file():
        raise NotFound(label=f"打印模板“{template}”")
    viewer.require(declaration.name, "print")
    shown = present.document_json(viewer, declaration, document)
    data = json.dumps(data_of(viewer, declaration, shown), ensure_ascii=False)
    pdf = typst.compile(file, format="pdf", font_paths=[FONTS], ignore_system_fonts=True, sys_inputs={"data": data})
    assert isinstance(pdf, bytes)
    return pdf


def data_of(viewer: Viewer, declaration: DocumentType, shown: Mapping[str, Any]) -> dict[str, Any]:
    """打印数据 What the template draws."""
    first, *more = [table_of(viewer, lines, shown[lines.name]) for lines in declaration.goods_tables or declaration.tables]
    gross = shown.get("amount_gross")
    header = [one for one in declaration.fields if viewer.sees(one) and one.name not in LEFT_OUT]
    header = [one for one in header if shown.get(one.name) not in (None, "", "0")]
    return {
        "book": book().name,
        "title": declaration.label,
        "number": shown["label"],
        "wide": len(first["columns"]) > WIDE_FROM,
        "header": [
            {"label": "单号", "value": shown["label"]},
            *({"label": one.label, "value": text_of(one, shown[one.name])} for one in header),
        ],
        **first,
        "more": more,
        "words": label_of(shown.get("currency")) + amount_in_words(Decimal(gross)) if gross not in (None, "0") else "",
        "remark": shown.get("remark") or "",
        "signatures": [
            {"label": "制单", "value": label_of(shown.get("created_by"))},
            {"label": "审核", "value": label_of(shown.get("posted_by"))},
            {"label": "经手", "value": label_of(shown.get("handler") or shown.get("salesperson"))},
            {"label": "签收", "value": ""},
        ],
    }


def table_of(viewer: Viewer, lines: Lines, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """明细表 One table on paper: its columns that hold anything, its rows, its sums."""
    columns = [one for one in lines.fields if viewer.sees(one) and one.name not in LINES_LEFT_OUT]
    columns = [one for one in columns if used(one, rows)]
    return {
        "label": lines.label,
        "columns": [
            {"label": "序号", "number": False, "wide": False},
            *({"label": one.label, "number": one.kind in NUMBERS, "wide": one.name == "item"} for one in columns),
        ],
        "rows": [[str(at), *(text_of(one, row.get(one.name)) for one in columns)] for at, row in enumerate(rows, start=1)],
        "totals": totals_of(columns, rows),
    }


def used(one: Field, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a column has anything in it."""
    return any(row.get(one.name) not in (None, "") for row in rows)


def label_of(value: Any) -> str:
    """The label of a reference, or nothing."""
    return str(value["label"]) if isinstance(value, Mapping) else ""


def text_of(one: Field, value: Any) -> str:
    """A value as it stands on paper."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        spec = value.get("spec")
        named = f"{value['code']} {value['label']}" if one.name == "item" else str(value["label"])
        return f"{named} {spec}" if spec else named
    if one.kind is Kind.CHOICE:
        return next((choice.label for choice in one.choices if choice.value == value), str(value))
    if one.kind is Kind.BOOLEAN:
        return "是" if value else "否"
    if one.kind is Kind.SERIALS:
        return " ".join(value)
    if one.kind is Kind.RATE:
        return f"{(Decimal(value) * 100).normalize():f}%"
    if one.kind is Kind.MONEY:
        return f"{Decimal(value):,.2f}"
    return str(value)


def totals_of(columns: Sequence[Field], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The last row: sums of what is declared as a total."""
    cells = ["合计"]
    for one in columns:
        if not one.total or one.kind not in NUMBERS:
            cells.append("")
            continue
        numbers = [Decimal(row[one.name]) for row in rows if row.get(one.name) not in (None, "")]
        cells.append(text_of(one, f"{sum(numbers, Decimal(0)):f}"))
    return cells
