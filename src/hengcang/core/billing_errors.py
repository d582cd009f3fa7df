"""开票的拒绝 Refusals of bills and of what waits for them."""

from __future__ import annotations

from hengcang.core.errors import HengcangError


class NotBilled(HengcangError):
    """尚未开票 The debt of a document waits for its bill (开票立账), so that there is nothing to pay yet."""

    code = "not_billed"
    zh = "{label} 按开票立账，还没有可{transition}的款项。请先开票，再从发票{transition}。"
    en = "The debt of {label} arises with its bill. Make the bill first, then settle that."
