"""占用的拒绝 Refusals about what orders hold back: one class per cause, as in `errors`."""

from __future__ import annotations

from hengcang.core.errors import HengcangError, StockShort


class HeldLess(HengcangError):
    """占用不足 More is let go, or handed over, than the line holds back."""

    code = "held_less"
    zh = "{number} 第 {line} 行：{item} 只占用 {held} {unit}，不能{verb} {quantity} {unit}。请改为大于零、不超过 {held}。"
    en = "{number} line {line}: {item} holds back {held} {unit}, not {quantity}. Enter more than zero, at most {held}."


class HeldMore(HengcangError):
    """超过可占用 More is to be held back than what is open of the line and not held back yet."""

    code = "held_more"
    zh = (
        "{number} 第 {line} 行：{item} 未交 {open} {unit}、已占用 {held} {unit}，不能再占用 {quantity} {unit}。"
        "请改为大于零、不超过 {room}。"
    )
    en = "{number} line {line}: {item} has {open} {unit} open and {held} held back; {quantity} more is too much. At most {room}."


class HandedElsewhere(HengcangError):
    """转让不符 What is handed over goes to a line that takes other goods, or goods from elsewhere."""

    code = "handed_elsewhere"
    zh = "{number} 第 {line} 行的占用不能转给 {other} 第 {other_line} 行：{what}不同。请选同一商品、仓库和批次的另一订单行。"
    en = "What line {line} of {number} holds back cannot go to line {other_line} of {other}: choose one of the same item, place and lot."


class NoSuchLine(HengcangError):
    """没有此行 A line that is none of the order's, or of no order that holds stock back now."""

    code = "no_such_line"
    zh = "没有可占用库存的订单行 {line}（已反审核、关闭、不是本单的行，或没有发货仓库）。请刷新后重选。"
    en = "There is no order line {line} that can hold stock back (unposted, closed, of another order, or without a warehouse)."


class TakenFromHeld(StockShort):
    """动用占用 Goods are taken that orders hold back; `taken` is how much of them, in base units. `lot` where they hold that lot."""

    code = "taken_from_held"
    told = "taken"
    zh = (
        "第 {line} 行：{place} {item}{lot} 现存 {on_hand} {unit}，订单占用 {reserved} {unit}，会动用他人占用的 {taken} {unit}。"
        "可改数量、换批次或仓库，或先释放、转让占用。"
    )
    en = "Line {line}: {item}{lot} at {place}: {on_hand} {unit} on hand, orders hold back {reserved}; this takes {taken} {unit} of that."
    covered_zh = "第 {line} 行：{item} 会动用订单占用的库存。可改数量、换批次或仓库，或先释放、转让占用。"
    covered_en = "Line {line}: {item} would be taken of what orders hold back."
