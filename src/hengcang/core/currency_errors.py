"""外币的拒绝 Refusals of documents in a foreign currency."""

from __future__ import annotations

from hengcang.core.errors import HengcangError


class CashCurrencyMismatch(HengcangError):
    """账户币别不符 A cash account is kept in another currency than the document."""

    code = "cash_currency_mismatch"
    zh = "第 {line} 行：结算账户“{account}”是{own}账户，本单是{currency}。请改选账户，或改单据的币别。"
    en = "Line {line}: the account {account} is kept in {own}, this document is in {currency}."


class CurrencyRateMissing(HengcangError):
    """没有汇率 A currency has no rate on or before the document's date, and none was entered."""

    code = "currency_rate_missing"
    zh = "{currency} 在 {date} 及以前没有汇率。请在单头填写汇率，或先在“币别”中登记。"
    en = "{currency} has no rate on or before {date}. Enter one on the document, or keep it with the currency."


class LineRateMissing(HengcangError):
    """没有汇率 The currency of a line's account has no rate on or before the document's date, and none was entered."""

    code = "line_rate_missing"
    zh = "第 {line} 行：{currency} 在 {date} 及以前没有汇率。请在本行填写记账汇率，或先在“币别”中登记。"
    en = "Line {line}: {currency} has no rate on or before {date}. Enter one on the line, or keep it with the currency."


class CurrencyAndOwn(HengcangError):
    """币别矛盾 A currency is chosen, and the book's own alone is asked for."""

    code = "currency_and_own"
    zh = "已选了币别，不能同时“只列本位币”。请清空币别，或把币别范围改为全部。"
    en = "A currency is chosen, so the book's own alone cannot be listed: clear the currency, or ask for all."


class SameCurrency(HengcangError):
    """同一币别 Money that is exchanged goes to an account of the same currency."""

    code = "same_currency"
    zh = "第 {line} 行：转出与转入账户是同一币别，没有兑换。请改其中一个账户；同币别之间调钱请用资金转账单。"
    en = "Line {line}: both accounts are kept in one currency, so nothing is exchanged. Choose another, or use a cash transfer."


class FeeAboveReceived(HengcangError):
    """手续费过大 A fee that is taken off what comes leaves nothing of it."""

    code = "fee_above_received"
    zh = "第 {line} 行：手续费 {fee} 从转入账户扣，不能达到或超过转入金额 {amount}。请核对金额，或改由转出账户付。"
    en = "Line {line}: the fee of {fee} leaves nothing of the {amount} received. Check it, or let the other account pay."


class ExchangeUnlikely(HengcangError):
    """兑换离谱 What the bank gave is far from what the booked rates would: two amounts or accounts may stand the wrong way round."""

    code = "exchange_unlikely"
    zh = "第 {line} 行：按记账汇率约应转入 {expected}，填的是 {amount}，差额 {difference} 记入汇兑损益。请核对两边金额是否填反。"
    en = "Line {line}: at the booked rates about {expected} would come, {amount} did; {difference} is booked as exchange difference."
