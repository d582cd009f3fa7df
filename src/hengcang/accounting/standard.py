"""标准科目 The chart a new book starts with: 《小企业会计准则》附录“会计科目、主要账务处理和财务报表”, and what the books need below it."""

from __future__ import annotations

from typing import Any

from hengcang.core.posting import ACCOUNT_LABELS, Account

KINDS = {"1": "asset", "2": "liability", "3": "equity", "4": "cost", "5": "profit_loss"}
STANDARD = """
1001 库存现金 1002 银行存款 1012 其他货币资金 1101 短期投资 1121 应收票据 1122 应收账款 1123 预付账款 1131 应收股利
1132 应收利息 1221 其他应收款 1401 材料采购 1402 在途物资 1403 原材料 1404 材料成本差异 1405 库存商品 1407 商品进销差价
1408 委托加工物资 1411 周转材料 1421 消耗性生物资产 1501 长期债券投资 1511 长期股权投资 1601 固定资产 1602 累计折旧
1604 在建工程 1605 工程物资 1606 固定资产清理 1621 生产性生物资产 1622 生产性生物资产累计折旧 1701 无形资产 1702 累计摊销
1801 长期待摊费用 1901 待处理财产损溢
2001 短期借款 2201 应付票据 2202 应付账款 2203 预收账款 2211 应付职工薪酬 2221 应交税费 2231 应付利息 2232 应付利润
2241 其他应付款 2401 递延收益 2501 长期借款 2701 长期应付款
3001 实收资本 3002 资本公积 3101 盈余公积 3103 本年利润 3104 利润分配
4001 生产成本 4101 制造费用 4301 研发支出 4401 工程施工 4403 机械作业
5001 主营业务收入 5051 其他业务收入 5111 投资收益 5301 营业外收入 5401 主营业务成本 5402 其他业务成本 5403 税金及附加
5601 销售费用 5602 管理费用 5603 财务费用 5711 营业外支出 5801 所得税费用
2221.01 应交增值税
"""
CREDIT = {"1407", "1602", "1622", "1702", "5001", "5051", "5111", "5301"}


def names() -> dict[str, str]:
    """The names of all accounts to start with, by code: the standard's, and those the books post to."""
    words = STANDARD.split()
    found = dict(zip(words[::2], words[1::2], strict=True))
    for account in Account:
        found.setdefault(account.value, own_name(ACCOUNT_LABELS[account]))
    return dict(sorted(found.items()))


def own_name(label: str) -> str:
    """The last part of a name such as 应交税费—应交增值税（销项税额）."""
    last = label.rpartition("—")[2]
    head, bracket, inner = last.rstrip("）").partition("（")
    return inner if bracket and head == "应交增值税" else last


def parent_code(code: str) -> str | None:
    """The code above a code with dots."""
    head, dot, _ = code.rpartition(".")
    return head if dot else None


def direction(code: str) -> str:
    """借贷方向 On which side an account stands as a rule."""
    top = code[:4]
    return "credit" if code[0] in "23" or top in CREDIT else "debit"


def seed(model: Any) -> None:
    """写入 Insert those that are not there by code, upper ones first. Takes the model, so that a migration can call it."""
    wanted = names()
    for level in range(3):
        ids = dict(model.objects.values_list("code", "id"))
        rows = [
            model(code=code, name=name, parent_id=ids.get(parent_code(code) or ""), kind=KINDS[code[0]], direction=direction(code))
            for code, name in wanted.items()
            if code.count(".") == level and code not in ids
        ]
        model.objects.bulk_create(rows)
