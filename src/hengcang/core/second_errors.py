"""辅助数量的提示 What is told of second quantities."""

from __future__ import annotations

from hengcang.core.errors import HengcangError


class SecondRemainder(HengcangError):
    """辅助数量随清零转出 A line that empties a place took another second quantity than it says: what was left there."""

    code = "second_remainder"
    zh = "第 {line} 行：{item} 的数量在此清零，辅助数量按余下的 {taken} {unit} 记账，不是 {stated} {unit}。如不符请盘点。"
    en = "Line {line}: nothing of {item} is left here, so {taken} {unit} were taken, not {stated} {unit}. Count if that is wrong."
