"""全月一次 Months valued as a whole: every issue of a month at the average of the whole month.

Average = (opening value + value of the month's receipts) ÷ (opening quantity + their quantity). Issues take it by
cumulative remainder: after T units of B have gone out, exactly the cents of value × T ÷ B have, so the closing is
exact. What comes in without a cost of its own (gains, returns of deliveries of the same month) is a negative issue at
the same average; a return to the supplier is an issue like every other, and what the supplier credits for it meets
the average in 进货价差.

A month is run when its last day is not after `run_through`, its opening and closing are not negative, and its base
is not empty; any other month stays provisional (暂估成本): issues in order, at the last average. Within a month that
was run the quantity may pass through zero and the value need not; it does at the month's end.

Goods that come back from the month's own issues (a kit built and taken apart again) cannot take part in the
average that they depend on: they come in at the average, and the difference goes to 成本差异.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hengcang.core.amounts import cents
from hengcang.core.costing_descent import Descent, is_internal
from hengcang.core.costing_pools import Pool
from hengcang.core.costing_types import Books, Method, Move, Named, Piece, PoolState, Position, Rule


def month_of(day: int) -> tuple[int, int]:
    """月份 First and last day (date ordinals) of the month of a day."""
    if day < 1:
        return day, day
    first = date.fromordinal(day).replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.toordinal(), following.toordinal() - 1


class Sheet:
    """月计算单 Sheet of one pool and month: its moves by part, and whether quantities allow it to be run."""

    __slots__ = (
        "adjusted", "arrivals", "averaged", "change", "descended", "first", "issued", "issues", "opening", "receipts"
    )  # fmt: skip

    def __init__(self, first: int, opening: int) -> None:
        self.first = first
        self.opening = opening
        self.change = 0
        self.issues: list[int] = []
        self.issued: set[int] = set()
        self.arrivals: list[tuple[int, Move]] = []
        self.receipts: list[Move] = []
        self.averaged: set[int] = set()
        self.adjusted: list[Move] = []
        self.descended: set[int] = set()

    def is_whole(self) -> bool:
        """Whether the month neither opens nor closes negative."""
        return self.opening >= 0 and self.opening + self.change >= 0


Sheets = dict[tuple[int, int], Sheet]


class MonthlyPool(Pool):
    """全月一次池 Monthly pool: issues at the average of a month that was run, else at the last average."""

    __slots__ = ("adjusted", "average", "averages", "base", "last_day", "named", "noted", "out", "sheet", "sheets", "variances")

    def __init__(self, key: int, start: Position, state: PoolState) -> None:
        super().__init__(key, start, state)
        self.average = state.average
        self.averages: list[tuple[int, int, int]] = []
        self.base = (0, 0)
        self.out = 0
        self.last_day = -1
        self.sheets: Sheets = {}
        self.sheet: Sheet | None = None
        self.noted: dict[int, int] = {}
        self.adjusted: dict[int, int] = {}
        self.named: Mapping[int, Named] = {}
        self.variances: dict[int, int] = {}

    def turn(self, day: int, known: dict[int, int]) -> None:
        """Enters the month of a day: closes the one before, and fixes the base of a month that is run."""
        if day <= self.last_day:
            return
        self.close()
        self.last_day = month_of(day)[1]
        sheet = self.sheets.get((self.key, self.last_day))
        if sheet is None:
            return
        quantity = self.quantity + sum(move.quantity for move in sheet.receipts)
        value = self.value + sum(known.get(move.id, move.given) for move in sheet.receipts)
        if quantity > 0:
            for move in sheet.adjusted:
                amount = move.given if move.named is None else self.adjusted_by(move.named)
                wanted = amount if move.source_pool is not None else -amount
                self.adjusted[move.id] = taken = min(wanted, max(value, 0))
                value -= taken
            self.sheet, self.base, self.out = sheet, (quantity, value), 0

    def adjust(self, move: Move, wanted: int) -> int:
        """In a month that was run, what its base has borne already: every issue of the month takes part in it."""
        if self.sheet is None:
            self.adjusted[move.id] = taken = super().adjust(move, wanted)
            return taken
        taken = self.adjusted[move.id]
        self.value -= taken
        return taken

    def adjusted_by(self, named: int) -> int:
        """What an earlier adjustment comes to, in the window or before it."""
        return abs(self.adjusted[named]) if named in self.adjusted else self.named[named].net

    def close(self) -> None:
        """Leaves a month that was run: its average stands until the next."""
        if self.sheet is None:
            return
        self.average = self.base
        self.averages.append((self.last_day, *self.base))
        if self.quantity == 0:
            self.last_quantity, self.last_value = self.base
        self.sheet = None

    def flow(self, quantity: int) -> int:
        """The value of `quantity` going out at the month's average (in, when negative), by cumulative remainder."""
        before = self.out
        self.out += quantity
        whole, value = self.base
        return cents(value * self.out, whole) - cents(value * before, whole)

    def covered(self, quantity: int) -> int:
        """All of it in a month that was run; else what is there."""
        return quantity if self.sheet else super().covered(quantity)

    def take(self, move: Move, quantity: int, wanted: int | None) -> list[Piece]:
        """Issues at the month's average; before the run at the last average, as far as the pool can bear it."""
        if self.sheet is None:
            if wanted is None and self.average is not None:
                wanted = cents(self.average[1] * quantity, self.average[0])
            return super().take(move, quantity, wanted)
        value = self.flow(quantity)
        self.quantity -= quantity
        self.value -= value
        return [Piece(quantity, value, move.day)]

    def unknown(self, move: Move, quantity: int) -> int:
        """As every pool, with the last average before the last known unit cost."""
        if move.fallback is None and self.average is not None:
            return cents(self.average[1] * quantity, self.average[0])
        return super().unknown(move, quantity)

    def price_in(self, move: Move, quantity: int) -> int:
        """A negative issue in a month that was run; else as every pool."""
        return -self.flow(-quantity) if self.sheet else super().price_in(move, quantity)

    def averages_return(self, move: Move) -> bool:
        """Whether a customer return comes in at the month's average."""
        return self.sheet is not None and move.id in self.sheet.averaged

    def arrivals(self, move: Move, pieces: list[Piece]) -> list[Piece]:
        """One piece; goods that descend from the month's issues come in at its average."""
        (piece,) = super().arrivals(move, pieces)
        if self.sheet is None or move.quantity < 0 or move.id in self.sheet.averaged:
            return [piece]
        if move.id not in self.sheet.descended:
            self.noted[move.id] = piece.value
            return [piece]
        value = -self.flow(-piece.quantity)
        self.variances[move.id] = piece.value - value
        return [Piece(piece.quantity, value, piece.age)]

    def after(self) -> PoolState:
        """The state of the pool as a value, with the last average."""
        self.close()
        plain = super().after()
        return PoolState(
            plain.method,
            plain.quantity,
            plain.value,
            plain.last_quantity,
            plain.last_value,
            average=self.average,
        )


def build_sheets(books: Books, descent: Descent) -> Sheets:
    """月计算单 Sheets of all months to be run; asks for pools whose window starts inside such a month."""
    monthly = {key: state.quantity for key, state in books.pools.items() if state.method == Method.MONTHLY}
    through = books.run_through
    sheets: Sheets = {}
    if not monthly or through is None:
        return sheets
    for pool in monthly:
        day = books.starts[pool][0]
        if 0 < day <= through:
            descent.need(pool, (month_of(day)[0], 0, 0))
    for index, move in enumerate(books.moves):
        if move.source_pool == move.target_pool:
            continue
        for key, quantity in ((move.source_pool, -move.quantity), (move.target_pool, move.quantity)):
            if key not in monthly or key is None or books.starts[key] > (move.day, move.sequence, move.id):
                continue
            if move.day <= through:
                last_day = month_of(move.day)[1]
                sheet = sheets.setdefault((key, last_day), Sheet(index, monthly[key]))
                sheet.change += quantity
                enter(sheet, index, move, quantity, key)
            monthly[key] += quantity
    whole = {place: sheet for place, sheet in sheets.items() if sheet.is_whole()}
    for (key, last_day), sheet in whole.items():
        split_descended(key, last_day, sheet, descent)
    return whole


def enter(sheet: Sheet, index: int, move: Move, quantity: int, key: int) -> None:
    """Enters a move into the part of the sheet to which it belongs."""
    if move.rule == Rule.ADJUST:
        sheet.adjusted.append(move)
    elif quantity < 0:
        sheet.issues.append(index)
        sheet.issued.add(move.id)
    elif (move.rule == Rule.AT_COST and move.source_pool in (None, key)) or (move.rule == Rule.COST_OF and move.named in sheet.issued):
        sheet.averaged.add(move.id)
    else:
        sheet.arrivals.append((index, move))


def split_descended(pool: int, last_day: int, sheet: Sheet, descent: Descent) -> None:
    """Parts the month's arrivals into its receipts and the goods that descend from its own issues."""
    goals = [index for index, move in sheet.arrivals if is_internal(move)]
    descended = descent.reached(sheet.issues, goals) if goals and sheet.issues else set()
    if goals and sheet.issues:
        descent.note(pool, (month_of(last_day)[0], 0, 0), (last_day + 1, 0, 0), sheet.issues)
    for index, move in sheet.arrivals:
        if index in descended:
            sheet.descended.add(move.id)
            continue
        sheet.receipts.append(move)
        if is_internal(move):
            descent.months[index] = sheet.first - 1
