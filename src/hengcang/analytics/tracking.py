"""批次与序列号追溯 Tracing: a lot forward to who got it and backward to where it came from; the whole life of a piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import report
from hengcang.analytics.report import Report
from hengcang.core.amounts import SCALE, to_text
from hengcang.documents.books import kind_label
from hengcang.ledger import trace_reports as books
from hengcang.meta.declarations import Choice, Field, Kind, ReportType
from hengcang.meta.english import said
from hengcang.meta.refs import document_ref
from hengcang.places.virtual import shown_name

WAYS = (Choice("forward", "去向（含用它生产的批次）"), Choice("backward", "来源（含它所用的批次）"))
LIFE = {"report": "serial_life", "parameters": {"serial": "serial", "item": "item"}}
COLUMNS = (
    Field(name="document_date", label="日期", kind=Kind.DATE, width=105),
    Field(name="document", label="单据", kind=Kind.DOCUMENT, width=170, drill={"document": True}),
    Field(name="kind", label="业务类型", width=130),
    Field(name="party_name", label="往来单位", width=170),
    Field(name="source", label="来自", width=110),
    Field(name="target", label="去往", width=110),
    report.ITEM_CODE,
    report.ITEM_NAME,
)


def move_row(row: Sequence[Any]) -> dict[str, Any]:
    """What the rows of both reports begin with."""
    return {
        "id": row[0],
        "document_date": str(row[1]),
        "document": document_ref(row[2], row[3], row[4]),
        "kind": kind_label(row[5], row[6]),
        "party_name": row[7],
        "source": shown_name(row[8], row[9]),
        "target": shown_name(row[10], row[11]),
        "item": row[12],
        "item_code": row[13],
        "item_name": row[14],
    }


def trace_lot(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """The moves of the lot and of those made of it, or that it was made of."""
    places = report.visible_places(viewer, parameters.get("place"))
    rows = books.lot_rows(parameters["lot"], places, forward=parameters.get("way") != "backward")
    found = []
    sums = [0, 0]
    for row in rows:
        ours, theirs, quantity = row[17], row[18], row[19]
        # A count's gain comes against its move.
        way = (quantity, 0) if theirs and not ours else (0, quantity) if ours and not theirs else (0, 0)
        came, went = (way[0] - way[1], 0) if min(way) < 0 else way
        sums = [sums[0] + came, sums[1] + went]
        moved = {"quantity_in": to_text(came) if came else None, "quantity_out": to_text(went) if went else None}
        inside = {"quantity_inside": to_text(quantity) if ours and theirs else None}
        found.append({**move_row(row), "lot_id": row[15], "lot": row[16], **moved, **inside})
    totals = {"quantity_in": to_text(sums[0]), "quantity_out": to_text(sums[1])}
    return Report(found if limit is None else found[:limit], totals, truncated=limit is not None and len(found) > limit)


def live_serial(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """Every move of the piece, and where it is now."""
    number = " ".join(parameters["serial"].split())
    places = report.visible_places(viewer, None)
    rows = books.life_rows(number, parameters.get("item"), places)
    found = []
    for row in rows:
        ends = (8, 9, 10, 11)
        turned = list(row)
        if row[17] < 0:
            for own, other in zip(ends, (10, 11, 8, 9), strict=True):
                turned[own] = row[other]
        found.append({**move_row(turned), "serial": row[16]})
    stands = books.stands_at(number, places)
    away = said("不在库", "not in stock")
    note = said("现在：", "Now: ") + "；".join(f"{code} {name} {place or away}" for code, name, place in stands) if stands else None
    return Report(found if limit is None else found[:limit], note=note, truncated=limit is not None and len(found) > limit)


def list_serials(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """The pieces in stock."""
    places = report.visible_places(viewer, parameters.get("place"))
    rows = books.piece_rows(parameters.get("item"), places, limit)
    names = ("id", "item", "item_code", "item_name", "item_spec", "serial", "place", "place_name", "lot")
    found = [{**dict(zip(names, row, strict=True)), "quantity": "1"} for row in rows]
    shown = found if limit is None else found[:limit]
    totals = {"quantity": to_text(len(shown) * SCALE)}
    return Report(shown, totals, truncated=limit is not None and len(found) > limit)


LOT_TRACE = ReportType(
    name="lot_trace",
    label="批次追溯",
    menu="inventory",
    parameters=(
        Field(name="lot", label="批次", kind=Kind.REF, ref="lots", required=True, width=180),
        Field(name="way", label="方向", kind=Kind.CHOICE, choices=WAYS, default="forward", width=200),
        report.SHELF_PARAMETER,
    ),
    columns=(
        *COLUMNS,
        Field(name="lot", label="批次", width=110),
        report.quantity("quantity_in", "入库数量"),
        report.quantity("quantity_out", "出库数量"),
        report.quantity("quantity_inside", "内部移动数量", total=False),
    ),
    run=trace_lot,
)
SERIAL_LIFE = ReportType(
    name="serial_life",
    label="序列号追溯",
    menu="inventory",
    parameters=(
        Field(name="serial", label="序列号", required=True, max_length=60, width=200),
        report.ITEM_PARAMETER,
    ),
    columns=(Field(name="serial", label="序列号", width=150), *COLUMNS),
    run=live_serial,
)
SERIALS_IN_STOCK = ReportType(
    name="serials_in_stock",
    label="在库序列号",
    menu="inventory",
    parameters=(replace(report.ITEM_PARAMETER), report.SHELF_PARAMETER),
    columns=(
        report.ITEM_CODE,
        report.ITEM_NAME,
        report.ITEM_SPEC,
        Field(name="place_name", label="仓库", width=120),
        Field(name="lot", label="批次", width=110),
        Field(name="serial", label="序列号", width=180, drill=LIFE),
        report.quantity("quantity", "数量"),
    ),
    run=list_serials,
)
