"""编号 Numbers: drawn when a document first leaves draft, as the last lock of its transaction; unique, without gaps.

A pattern such as `CGRK-{yyyymmdd}-{seq:04}` is a series per date part: `CGRK-20261124-`. What rolls back gives its
number back, since the row of the series rolls back too.
"""

from __future__ import annotations

import re
from datetime import date

from hengcang.base import bulk

SEQUENCE = re.compile(r"\{seq(?::0?(\d+))?\}")


def series_of(pattern: str, day: date) -> tuple[str, int]:
    """编号序列 The series of a day (the pattern with its date filled in, without the sequence) and its digits."""
    found = SEQUENCE.search(pattern)
    assert found, f"a number pattern needs {{seq}}: {pattern}"
    parts = {
        "{yyyymmdd}": f"{day:%Y%m%d}",
        "{yyyymm}": f"{day:%Y%m}",
        "{yymmdd}": f"{day:%y%m%d}",
        "{yymm}": f"{day:%y%m}",
        "{yyyy}": f"{day:%Y}",
    }
    prefix = pattern[: found.start()]
    for mark, text in parts.items():
        prefix = prefix.replace(mark, text)
    return prefix, int(found.group(1) or 1)


def draw(pattern: str, day: date) -> str:
    """取号 The next number of the series."""
    series, digits = series_of(pattern, day)
    rows = bulk.fetch(
        "INSERT INTO records_numberseries (series, last) VALUES (%s, 1) "
        "ON CONFLICT (series) DO UPDATE SET last=records_numberseries.last+1 RETURNING last",
        [series],
    )
    return f"{series}{rows[0][0]:0{digits}d}"
