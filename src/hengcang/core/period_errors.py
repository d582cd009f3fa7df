"""期间的拒绝 Refusals and warnings of accounting periods: what lies in a closed one, and what stands against closing one."""

from __future__ import annotations

from hengcang.core.errors import HengcangError


class PeriodClosed(HengcangError):
    """已结账 The date falls in a closed period."""

    code = "period_closed"
    zh = "{date} 所在期间已结账（已结到 {closed_through}），不能{transition}。请改用以后的日期，或先反结账。"
    en = "{date} lies in a closed period (closed through {closed_through})."


class PeriodEnd(HengcangError):
    """结账日不对 A period is closed at the last day of the month that follows the one closed before, not in the future."""

    code = "period_end"
    zh = "{date} 不能结账：{reason}。请把单据日期改为 {wanted}。"
    en = "{date} cannot be closed; the date should be {wanted}."


class PeriodNotOver(HengcangError):
    """月份未完 The next month to be closed is still running."""

    code = "period_not_over"
    zh = "{date} 不能结账：{reason}。下一个要结的月份到 {end} 才结束，请过完这一天再结账。"
    en = "{date} cannot be closed: the next month to be closed runs through {end}."


class PeriodNotNewest(HengcangError):
    """不是最近一期 Only the newest closed period can be reopened."""

    code = "period_not_newest"
    zh = "已结账到 {closed_through}，只能从最近一期开始逐期反结账。"
    en = "Periods are closed through {closed_through}; they are reopened newest first."


class OpenDrafts(HengcangError):
    """期间内有未审核单据 Documents dated in the period are not posted yet."""

    code = "open_drafts"
    zh = "期间内还有 {count} 张单据没有审核（{samples}）。请审核、改期、删除或作废后再结账。"
    en = "{count} documents dated in the period are not posted yet ({samples})."


class BooksBroken(HengcangError):
    """账簿检查未通过 An invariant of the books does not hold; nothing may be closed on top of it."""

    code = "books_broken"
    zh = "账簿检查 {id} 未通过：{text}。请先处理（hengcang check 会列出明细），再结账。"
    en = "The check {id} of the books fails ({text}); see hengcang check."


class NegativeAtClose(HengcangError):
    """期末负库存 Stock is negative at the end of the period."""

    code = "negative_at_close"
    zh = "期末有 {count} 项负库存（如 {samples}），其成本尚未确定。建议先补录入库。"
    en = "{count} balances are negative at the end of the period (such as {samples})."


class UnpricedAtClose(HengcangError):
    """期末待补价 Receipts of the period have no price yet."""

    code = "unpriced_at_close"
    zh = "期间内有 {count} 张入库单还有未定价的行（如 {samples}）。以后补价只影响下一期。"
    en = "{count} receipts of the period have lines without a price (such as {samples})."
