"""拼音首字母 Pinyin initials: what a clerk types to find 不锈钢螺丝 M6 as `bxglsm6`."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=10_000)
def initials(text: str, length: int = 120) -> str:
    """首字母 Initials in lower case, Latin letters and digits kept; of several readings the usual one in its word."""
    from pypinyin import Style, lazy_pinyin

    parts = lazy_pinyin(text, style=Style.FIRST_LETTER, errors=lambda other: other)
    return "".join(char for part in parts for char in part.lower() if char.isascii() and char.isalnum())[:length]
