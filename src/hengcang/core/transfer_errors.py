"""调拨的拒绝 Refusals of transfers between two sides of the company."""

from __future__ import annotations

from hengcang.core.errors import HengcangError


class TransferUnpriced(HengcangError):
    """变价未定价 A line of a transfer at a changed price says none."""

    code = "transfer_unpriced"
    zh = "第 {line} 行：变价调拨须有调拨单价。请填写（不结算的填 0），或选取价方式后重取单价，或改为同价调拨。"
    en = "Line {line}: state the transfer price (0 settles nothing), take it from the item, or transfer at cost."


class PriceNotShown(HengcangError):
    """无权取价 A transfer price would tell a price that the user may not see."""

    code = "price_not_shown"
    zh = "您无权查看{label}，不能按它取调拨单价。请改选取价方式，或手工填写单价。"
    en = "You may not see {label}, so no transfer price is taken from it. Choose another, or enter the price."
