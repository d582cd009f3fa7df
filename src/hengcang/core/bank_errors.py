"""银行对账的提示 What is told of lines of a bank."""

from __future__ import annotations

from hengcang.core.errors import HengcangError


class BankLineFreed(HengcangError):
    """流水重新待对 A payment that was drafted for a line of a bank moved another amount on that account."""

    code = "bank_line_freed"
    zh = (
        "这张单是按“{account}”{day} 的一笔流水（{name} {amount}）生成的，审核的金额却是 {posted}，相差 {difference}：那笔流水不再算已对账，"
        "已重新列为待处理。若是录错，请反审核改回；若确实不同，请在银行对账里另行处理。"
    )
    en = (
        "This was drafted for a bank line of {day} on {account} ({name} {amount}) but moved {posted}, {difference} apart: "
        "the line is open again. Correct the amount, or deal with the line in the bank reconciliation."
    )
