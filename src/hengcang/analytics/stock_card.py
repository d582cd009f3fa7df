"""收发存明细账 Stock card: every row of one item in a span, with the running quantity and, for a whole pool, value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import items, report
from hengcang.analytics.report import Report
from hengcang.base import clock
from hengcang.base.book import book
from hengcang.core.amounts import to_text
from hengcang.documents.books import kind_label
from hengcang.ledger import reports as books
from hengcang.ledger import second_reports
from hengcang.meta.declarations import Field, Kind, Mask, ReportType
from hengcang.meta.english import said
from hengcang.meta.refs import document_ref
from hengcang.places.virtual import shown_name

NUMBERS = ("quantity_in", "quantity_out", "value_in", "value_out", "second_in", "second_out")


@dataclass(slots=True)
class Card:
    """明细账 One item in a span: what was there before, and every row after it with the balance it leaves.

    A move between two of the places is neither in nor out. `whole`: all places together; then there are values; of some
    places only there are none, because value lives in the pool. `second_unit` is the item's second unit, none where
    the book shows none.
    """

    item: int
    places: set[int] | None
    span: books.Span
    quantity: int = 0
    value: int = 0
    second: int = 0
    second_unit: str | None = None
    sums: list[int] = field(default_factory=lambda: [0] * len(NUMBERS))

    @property
    def whole(self) -> bool:
        """Whether it is about all places."""
        return self.places is None

    def open(self) -> None:
        """Stand at the evening before the span."""
        before = self.span.first - timedelta(days=1)
        wanted = books.StockFilter(items={self.item}, places=self.places)
        self.quantity = sum(row[3] for row in books.on_hand_rows_at(wanted, "item", before))
        self.value = sum(row[4] for row in books.pool_rows([self.item], before)) if self.whole else 0
        self.second_unit = items.item_columns({self.item})[self.item].get("second_unit") if book().second_units else None
        self.second = sum(second_reports.second_on_hand(wanted, "item", before).values()) if self.second_unit else 0

    def closing(self, sums: Sequence[int]) -> dict[str, str | None]:
        """合计与结存 The sums of the span and the balances at its end."""
        balance = self.balance(self.quantity + sums[0] - sums[1], self.value + sums[2] - sums[3], self.second + sums[4] - sums[5])
        return {**{name: to_text(number) for name, number in zip(self.numbers, sums, strict=False)}, **balance}

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns that are summed: those of the second unit only where the item has one."""
        return NUMBERS if self.second_unit else NUMBERS[:4]

    def balance(self, quantity: int, value: int, second: int) -> dict[str, str | None]:
        """结存 A balance for the wire."""
        beside = {"second_quantity": to_text(second), "second_unit": self.second_unit} if self.second_unit else {}
        return {"quantity": to_text(quantity), "value": to_text(value) if self.whole else None, **beside}

    def rows(self, limit: int | None) -> Iterator[dict[str, Any]]:
        """The rows, each with its balance; `sums` grow with them."""
        quantity, value, second = self.quantity, self.value, self.second
        yield {
            "document_date": (self.span.first - timedelta(days=1)).isoformat(),
            "kind": said("期初结存", "Opening balance"),
            **self.balance(quantity, value, second),
        }
        for row in books.card_rows(self.item, self.places, self.span, limit):
            inward, outward, moved, amount = row[12:16]
            if inward and outward:
                inward = outward = 0
            line = (moved * inward, moved * outward, amount * inward, amount * outward, row[19] * inward, row[19] * outward)
            self.sums = [total + number for total, number in zip(self.sums, line, strict=True)]
            quantity += line[0] - line[1]
            value += line[2] - line[3]
            second += line[4] - line[5]
            yield card_row(row, dict(zip(self.numbers, line, strict=False)), self.balance(quantity, value, second))


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """The card. Its sums and closing balances are those of the whole span, however many rows are shown."""
    last = parameters.get("date_to") or clock.today()
    first = parameters.get("date_from") or (last - timedelta(days=92))
    places = report.visible_places(viewer, parameters.get("place"))
    card = Card(parameters["item"], places, books.Span(first, last))
    card.open()
    apart = said("按仓库查看时，结存金额属于成本池，不在此列示。", "By warehouse no value is shown: it belongs to the cost pool.")
    note = None if card.whole else apart
    if limit is None:
        return Report(card.rows(None), note=note)
    rows = list(card.rows(limit + 1))
    truncated = len(rows) > limit + 1
    sums = books.card_totals(card.item, card.places, card.span) if truncated else card.sums
    return Report(rows[: limit + 1], card.closing(sums), note, truncated)


def card_row(row: tuple[Any, ...], line: Mapping[str, int], balance: Mapping[str, str | None]) -> dict[str, Any]:
    """One row of the card."""
    return {
        "id": row[0],
        "document_date": str(row[1]),
        "document": document_ref(row[4], row[5], row[6]),
        "kind": kind_label(row[7], row[8]),
        "party_name": row[11],
        "source": shown_name(row[9], row[17]),
        "target": shown_name(row[10], row[18]),
        "lot": row[16],
        **{name: to_text(number) if number else None for name, number in line.items()},
        **balance,
    }


STOCK_CARD = ReportType(
    name="stock_card",
    label="收发存明细账",
    menu="inventory",
    parameters=(replace(report.ITEM_PARAMETER, required=True), report.SHELF_PARAMETER, report.FROM_PARAMETER, report.TO_PARAMETER),
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
        report.second("second_in", "收入辅助数量"),
        report.second("second_out", "发出辅助数量"),
        report.second("second_quantity", "结存辅助数量"),
        report.SECOND_UNIT,
        Field(name="value", label="结存金额", kind=Kind.MONEY, scale=2, mask=Mask.COST, width=120),
    ),
    run=run,
)
