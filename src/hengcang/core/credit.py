"""信用 Credit: what a customer has of ours or was promised, against what he may have.

信用占用 = 应收余额 − 预收余额 + 未出库的订单金额. Of an order counts what its open lines are of its lines, by gross amount, so that a
discount on the whole is shared; rounded to the cent for each order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hengcang.core.amounts import cents, half_up
from hengcang.core.errors import HengcangError


class OrderLine(NamedTuple):
    """订单行 A line of an unfinished order: gross amount, quantity and what of it was delivered, in micro units."""

    amount: int
    quantity: int
    done: int


def undelivered(gross: int, lines: Sequence[OrderLine]) -> int:
    """未出库金额 What of an order of this gross amount is still to be delivered, to the cent; nothing where its lines cost nothing."""
    whole = sum(line.amount for line in lines)
    if not whole:
        return 0
    left = sum(half_up(line.amount * max(line.quantity - line.done, 0), line.quantity) for line in lines if line.quantity)
    return cents(gross * left, whole)


class OverCredit(HengcangError):
    """超信用 A customer would have more than his credit limit; the amounts only for who may see sales prices."""

    code = "over_credit"
    zh = (
        "客户“{party}”的信用占用将为 {exposure}，超出信用额度 {limit}，超 {over}。"
        "可先收款、减少数量、调高信用额度，或由有“超信用放行”权限的人填写原因后审核。"
    )
    en = "{party} would use {exposure} of a credit limit of {limit}, {over} too much. Collect first, or have it released."
    covered_zh = "客户“{party}”将超出信用额度。可先收款、减少数量，或由有“超信用放行”权限的人填写原因后审核。"
    covered_en = "{party} would exceed the credit limit. Collect first, or have it released."

    def message(self, language: str = "zh") -> str:
        """With its amounts, or the sentence for who may not know them."""
        if "over" in self.params:
            return super().message(language)
        return (self.covered_en if language == "en" else self.covered_zh).format(party=self.params["party"])
