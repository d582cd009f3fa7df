"""演示日历 The year of a Chinese trader: working days, seasons by group of goods, 春节, promotions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

SPRING_FESTIVALS = (
    date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13),
    date(2030, 2, 3), date(2031, 1, 23), date(2032, 2, 11), date(2033, 1, 31), date(2034, 2, 19), date(2035, 2, 8),
)  # fmt: skip
CLOSED_BEFORE, CLOSED_AFTER = 1, 6
MONTHS = {
    "五金工具": (0.8, 0.7, 1.15, 1.2, 1.15, 1.05, 0.95, 0.9, 1.1, 1.15, 1.1, 0.9),
    "日用百货": (1.1, 0.85, 0.95, 0.95, 1.0, 1.1, 1.0, 1.0, 0.95, 1.0, 1.2, 1.1),
    "食品饮料": (1.4, 0.95, 0.8, 0.85, 1.0, 1.15, 1.2, 1.15, 1.15, 0.9, 0.9, 1.15),
    "办公文具": (0.9, 1.05, 1.15, 0.95, 0.9, 0.95, 0.8, 1.35, 1.3, 0.95, 0.95, 1.0),
}
PROMOTIONS = (
    ((6, 1), (6, 18), "618 促销"),
    ((8, 20), (9, 10), "开学季"),
    ((11, 1), (11, 11), "双11 促销"),
    ((12, 8), (12, 12), "双12 促销"),
)


def add_months(day: date, months: int) -> date:
    """The first of the month so many months on."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


@cache
def to_festival(day: date) -> int:
    """距春节 Days to the 春节 that is nearest (negative after it)."""
    nearest = min(SPRING_FESTIVALS, key=lambda festival: abs((festival - day).days))
    return (nearest - day).days


def is_open(day: date) -> bool:
    """营业 Monday to Saturday, but not over 春节 or the national day."""
    ahead = to_festival(day)
    if -CLOSED_AFTER <= ahead <= CLOSED_BEFORE:
        return False
    return day.weekday() < 6 and not (day.month == 10 and day.day <= 3)


def open_days(first: date, last: date) -> Iterator[date]:
    """营业日 The open days, both ends included."""
    day = first
    while day <= last:
        if is_open(day):
            yield day
        day += timedelta(days=1)


def next_open(day: date) -> date:
    """The first open day from a day on."""
    return next(open_days(day, day + timedelta(days=30)))


def last_open(day: date) -> date:
    """The last open day up to a day."""
    return max(open_days(day - timedelta(days=30), day))


def season(day: date, group: str) -> float:
    """季节系数 Demand of a group against its mean: month, the peak before 春节, the lull after it."""
    ahead = to_festival(day)
    factor = MONTHS[group][day.month - 1]
    if 2 <= ahead <= 28:
        factor *= {"食品饮料": 1.7, "日用百货": 1.35}.get(group, 1.0)
    elif -20 <= ahead < 0:
        factor *= 0.5
    return factor


def promotion(day: date) -> str:
    """促销 The name of the promotion on that day, or nothing."""
    for first, last, name in PROMOTIONS:
        if first <= (day.month, day.day) <= last:
            return name
    return "年货节" if 3 <= to_festival(day) <= 25 else ""
