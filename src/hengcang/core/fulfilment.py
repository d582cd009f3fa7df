"""执行进度 Fulfilment: what of an order line is still open, and how far a document has come."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)
# A line may be taken under these any number of times, whole each time and by anybody: they count no quantity.
REPEATED = frozenset({"charged"})
# What is taken of an order's line under this is no longer held back for it; to buy what it needs releases nothing.
RELEASING = "delivered"


class Progress(StrEnum):
    """执行状态 How far a document has been carried out."""

    NONE = "none"
    PARTIAL = "partial"
    COMPLETE = "complete"


PROGRESS_LABELS: dict[Progress, str] = {Progress.NONE: "未执行", Progress.PARTIAL: "部分", Progress.COMPLETE: "完成"}


def open_quantity(quantity: Decimal, done: Decimal) -> Decimal:
    """未执行数量 What is left; never below zero (over-delivery within tolerance leaves nothing)."""
    return max(quantity - done, ZERO)


def excess(quantity: Decimal, done: Decimal, more: Decimal, tolerance: Decimal) -> Decimal:
    """超出数量 By how much `more` goes beyond quantity × (1 + tolerance); zero when it fits."""
    return max(done + more - quantity * (1 + tolerance), ZERO)


def progress_of(lines: Iterable[tuple[Decimal, Decimal]]) -> Progress:
    """单据进度 Of lines as (quantity, done): complete when all are, none when nothing is done."""
    touched = False
    complete = True
    for quantity, done in lines:
        touched = touched or done > 0
        complete = complete and done >= quantity
    if not touched:
        return Progress.NONE
    return Progress.COMPLETE if complete else Progress.PARTIAL
