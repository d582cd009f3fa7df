"""进销存汇总表 Stock summary: opening, in, out and closing of every item in a period, quantity (in second units too) and value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import items, report
from hengcang.analytics.report import Report, sums
from hengcang.base import clock
from hengcang.base.book import book
from hengcang.core.amounts import to_text
from hengcang.core.errors import FieldInvalid
from hengcang.ledger import reports as books
from hengcang.ledger import second_reports
from hengcang.meta.declarations import Field, Kind, ReportType
from hengcang.meta.english import said

NUMBERS = (
    "opening_quantity", "opening_value", "quantity_in", "value_in", "quantity_out", "value_out", "closing_quantity", "closing_value",
)  # fmt: skip
SECONDS = ("opening_second", "second_in", "second_out", "closing_second")
Seconds = Mapping[tuple[int, int], tuple[int, ...]]


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """The table. Raises FieldInvalid when the period ends before it begins."""
    first = parameters.get("date_from") or report.month_start()
    last = parameters.get("date_to") or clock.today()
    if last < first:
        raise FieldInvalid(path="date_to", where="", label="结束日期", value=last.isoformat(), reason="早于开始日期")
    wanted = items.stock_filter(viewer, parameters)
    whole = books.Span(first, last)
    seconds = second_reports.second_summary(whole, wanted) if book().second_units else {}
    rows = [row for row in rows_of(whole, wanted) if any(row[2:]) or any(seconds.get(row[:2], ()))]
    numbers = [dict(zip(NUMBERS, row[2:], strict=True)) for row in rows]
    span = {"date_from": first.isoformat(), "date_to": last.isoformat()}
    valued = all(number is not None for own in numbers for number in own.values())
    names_of_totals = NUMBERS if valued else tuple(name for name in NUMBERS if not name.endswith("value") and "value_" not in name)
    note = (
        None
        if valued
        else said(
            "成本在公司统一核算的商品，按仓库查看时只列数量，不列金额。",
            "Goods whose cost the company pools have quantities only when they are shown by warehouse.",
        )
    )
    truncated = limit is not None and len(rows) > limit
    shown = report.shown(rows, limit, lambda part: show(part, span, seconds))
    return Report(shown, sums(numbers, names_of_totals), note, truncated)


def show(rows: Sequence[tuple[Any, ...]], span: Mapping[str, str], seconds: Seconds) -> list[dict[str, Any]]:
    """Rows (item, place, the eight numbers) with their names, for the wire; `seconds` by (item, place)."""
    names = items.item_columns({row[0] for row in rows})
    places = items.place_names({row[1] for row in rows})
    return [
        {
            **names[row[0]],
            "place": row[1] or None,
            "place_name": places.get(row[1], said("公司", "Company")),
            **span,
            **{name: None if number is None else to_text(number) for name, number in zip(NUMBERS, row[2:], strict=True)},
            **{name: to_text(number) for name, number in zip(SECONDS, seconds.get(row[:2], ()), strict=False)},
        }
        for row in rows
    ]


def rows_of(span: books.Span, wanted: books.StockFilter) -> list[tuple[Any, ...]]:
    """By cost pool; of some places only, their quantities, with the values of those that are a pool of their own."""
    pools = books.summary_rows(span, wanted)
    if wanted.places is None:
        return pools
    values = {row[:2]: row[2:] for row in pools}
    found = []
    for item, place, opening, came, left, closing in books.place_summary_rows(span, wanted):
        own = values.get((item, place))
        worth = (None, None, None, None) if own is None else (own[1], own[3], own[5], own[7])
        found.append((item, place, opening, worth[0], came, worth[1], left, worth[2], closing, worth[3]))
    return found


CARD = {"report": "stock_card", "parameters": {"item": "item", "place": "place", "date_from": "date_from", "date_to": "date_to"}}
STOCK_SUMMARY = ReportType(
    name="stock_summary",
    label="进销存汇总表",
    menu="inventory",
    parameters=(
        Field(name="date_from", label="开始日期", kind=Kind.DATE, width=120, help="留空为本月一日"),
        report.TO_PARAMETER,
        report.SEARCH_PARAMETER,
        report.CATEGORY_PARAMETER,
        report.PLACE_PARAMETER,
        report.ITEM_PARAMETER,
        *report.FAMILY_PARAMETERS,
    ),
    columns=(
        report.ITEM_CODE,
        report.ITEM_NAME,
        report.ITEM_SPEC,
        *report.VARIANT_COLUMNS,
        report.UNIT_NAME,
        Field(name="place_name", label="成本池", width=100),
        report.quantity("opening_quantity", "期初数量"),
        report.second("opening_second", "期初辅助数量"),
        report.value("opening_value", "期初金额"),
        report.quantity("quantity_in", "入库数量", drill=CARD),
        report.second("second_in", "入库辅助数量"),
        report.value("value_in", "入库金额"),
        report.quantity("quantity_out", "出库数量", drill=CARD),
        report.second("second_out", "出库辅助数量"),
        report.value("value_out", "出库金额"),
        report.quantity("closing_quantity", "期末数量", drill=CARD),
        report.second("closing_second", "期末辅助数量"),
        report.SECOND_UNIT,
        report.value("closing_value", "期末金额"),
    ),
    run=run,
)
