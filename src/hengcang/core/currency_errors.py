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
