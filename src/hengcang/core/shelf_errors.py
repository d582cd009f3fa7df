"""库位的错误 What is refused where goods lie in bins."""

from __future__ import annotations

from hengcang.core.errors import HengcangError, InsufficientStock


class InsufficientOnShelf(InsufficientStock):
    """库位不足 Not enough where the line takes it, while other shelves of the warehouse (`elsewhere`) hold some."""

    code = "insufficient_on_shelf"
    zh = "第 {line} 行：{place} {item} 在 {date} 缺 {short} {unit}；同仓库 {elsewhere}。可改库位，或先办移库。"
    en = "Line {line}: {item} at {place} is short of {short} {unit} on {date}; in the same warehouse {elsewhere}."


class ShelfElsewhere(HengcangError):
    """库位不在此仓 A line names a shelf that lies in another warehouse than its document says."""

    code = "shelf_elsewhere"
    zh = "第 {line} 行：{label}“{place}”不在单头的仓库里，请改选那个仓库的库位，或改单头。"
    en = "Line {line}: {place} is not in the warehouse that the document names."
