"""收发存明细账 Stock card: every row of one item in a span, with the running quantity and, for a whole pool, value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import report
from hengcang.analytics.report import Report
from hengcang.base import clock
from hengcang.core.amounts import to_text
from hengcang.documents.books import ENTRY_KIND_LABELS, KIND_LABELS
from hengcang.ledger import reports as books
from hengcang.meta import registry
from hengcang.meta.declarations import Field, Kind, Mask, ReportType
from hengcang.meta.refs import document_label


def run(viewer: Viewer, parameters: Mapping[str, Any]) -> Report:
    """The card."""
    item = parameters["item"]
    last = parameters.get("date_to") or clock.today()
    first = parameters.get("date_from") or (last - timedelta(days=92))
    places = report.visible_places(viewer, parameters.get("place"))
    wanted = books.StockFilter(items={item}, places=places)
    before = first - timedelta(days=1)
    quantity = sum(row[3] for row in books.on_hand_rows_at(wanted, "item", before))
    whole = places is None
    value = sum(row[4] for row in books.pool_rows([item], before)) if whole else 0
    rows: list[dict[str, Any]] = [opening(before.isoformat(), quantity, value if whole else None)]
    totals = {"quantity_in": 0, "quantity_out": 0, "value_in": 0, "value_out": 0}
    for row in books.card_rows(item, places, books.Span(first, last), report.ROW_LIMIT):
        inward, outward, moved, amount = row[12:16]
        change = moved * (inward - outward)
        inside = whole and inward and outward
        worth = 0 if inside else amount
        quantity += change
        value += worth * (inward - outward)
        line = {
            "quantity_in": moved * inward if not inside else 0,
            "quantity_out": moved * outward if not inside else 0,
            "value_in": worth * inward,
            "value_out": worth * outward,
        }
        for name, number in line.items():
            totals[name] += number
        rows.append(card_row(row, line, quantity, value if whole else None))
    note = None if whole else "按仓库查看时，结存金额属于成本池，不在此列示。"
    return Report(rows, {name: to_text(number) for name, number in totals.items()}, note)


def opening(day: str, quantity: int, value: int | None) -> dict[str, Any]:
    """The first row: what was there before."""
    return {
        "document_date": day,
        "kind": "期初结存",
        "quantity": to_text(quantity),
        "value": None if value is None else to_text(value),
    }


def card_row(row: tuple[Any, ...], line: Mapping[str, int], quantity: int, value: int | None) -> dict[str, Any]:
    """One row of the card."""
    kind = KIND_LABELS.get(row[7], row[7])
    correction = ENTRY_KIND_LABELS.get(row[8], "")
    return {
        "id": row[0],
        "document_date": str(row[1]),
        "document": {
            "id": row[4],
            "type": row[5],
            "collection": registry.document(row[5]).collection,
            "label": document_label(row[6], row[4]),
        },
        "kind": f"{kind}（{correction}）" if correction else kind,
        "party_name": row[11],
        "source": row[9],
        "target": row[10],
        "lot": row[16],
        **{name: to_text(number) if number else None for name, number in line.items()},
        "quantity": to_text(quantity),
        "value": None if value is None else to_text(value),
    }


STOCK_CARD = ReportType(
    name="stock_card",
    label="收发存明细账",
    menu="inventory",
    parameters=(replace(report.ITEM_PARAMETER, required=True), report.PLACE_PARAMETER, report.FROM_PARAMETER, report.TO_PARAMETER),
    columns=(
        Field(name="document_date", label="日期", kind=Kind.DATE, width=105),
        Field(name="document", label="单据", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
        Field(name="kind", label="业务类型", width=150),
        Field(name="party_name", label="往来单位", width=150),
        Field(name="source", label="来自", width=100),
        Field(name="target", label="去往", width=100),
        Field(name="lot", label="批次", width=100),
        report.quantity("quantity_in", "收入数量"),
        report.value("value_in", "收入金额"),
        report.quantity("quantity_out", "发出数量"),
        report.value("value_out", "发出金额"),
        report.quantity("quantity", "结存数量", total=False),
        Field(name="value", label="结存金额", kind=Kind.MONEY, scale=2, mask=Mask.COST, width=120),
    ),
    run=run,
)
