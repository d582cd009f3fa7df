"""收支项目 What money is spent on and comes from: the accounts that a category may book to, and those a new book starts with."""

from __future__ import annotations

from typing import Any

from hengcang.core.posting import Account

EXPENSE_ACCOUNTS = (
    Account.SELLING, Account.ADMINISTRATION, Account.FINANCE_COST, Account.INTEREST, Account.BANK_CHARGE, Account.BUSINESS_TAX,
    Account.OTHER_COST, Account.NON_OPERATING_EXPENSE,
)  # fmt: skip
INCOME_ACCOUNTS = (Account.OTHER_INCOME, Account.NON_OPERATING_INCOME, Account.INTEREST)
ACCOUNTS = {"expense": EXPENSE_ACCOUNTS, "income": INCOME_ACCOUNTS}
USUAL = (
    ("expense", "运费", Account.SELLING), ("expense", "广告费", Account.SELLING), ("expense", "差旅费", Account.SELLING),
    ("expense", "业务招待费", Account.ADMINISTRATION), ("expense", "房租", Account.ADMINISTRATION),
    ("expense", "水电费", Account.ADMINISTRATION), ("expense", "工资", Account.ADMINISTRATION),
    ("expense", "办公费", Account.ADMINISTRATION), ("expense", "通讯费", Account.ADMINISTRATION),
    ("expense", "手续费", Account.BANK_CHARGE), ("expense", "利息支出", Account.INTEREST), ("expense", "税费", Account.BUSINESS_TAX),
    ("expense", "罚款支出", Account.NON_OPERATING_EXPENSE), ("income", "利息收入", Account.INTEREST),
    ("income", "租金收入", Account.OTHER_INCOME), ("income", "废料收入", Account.OTHER_INCOME),
    ("income", "赔款收入", Account.NON_OPERATING_INCOME), ("expense", "代垫运费支出", Account.OTHER_COST),
    ("income", "代垫运费收回", Account.OTHER_INCOME),
)  # fmt: skip


def seed(model: Any) -> None:
    """写入 Insert those that are not there by code. Takes the model, so that a migration can call it."""
    rows = [
        model(code=f"SZ{at:02}", name=name, direction=direction, account=str(account))
        for at, (direction, name, account) in enumerate(USUAL, start=1)
    ]
    model.objects.bulk_create(rows, ignore_conflicts=True)
