"""款项明细 The money lines of the types of this room: cash on an account, a document whose open item is cleared."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hengcang.core.posting import Control
from hengcang.meta.declarations import CHARGED, Choice, Field, Kind, Lines

PAYMENT_DISCOUNT = Field(name="discount_amount", label="优惠金额", kind=Kind.MONEY, default="0", scale=2, minimum=Decimal(0), width=110)


def total_field(label: str) -> Field:
    """合计 What the lines amount to, as the type calls it."""
    return Field(name="amount_gross", label=label, kind=Kind.MONEY, readonly=True, scale=2, total=True, width=120)


PAYMENT_TOTAL = total_field("收付款金额")


def money_lines(label: str) -> Lines:
    """The money lines: each has a cash account (cash) or a document (clearing), and an amount. A sum of both says nothing."""
    return Lines(
        name="money_lines",
        label=label,
        model="records.MoneyLine",
        parent="document",
        matches={"revision": "revision"},
        required=True,
        fields=(
            Field(name="cash_account", label="结算账户", kind=Kind.REF, ref="cash_accounts", width=160),
            Field(name="cleared_document", label="核销单据", kind=Kind.DOCUMENT, width=180, fills={"amount": "to_clear"}),
            Field(name="amount", label="金额", kind=Kind.MONEY, required=True, scale=2, width=120),
            Field(name="remark", label="备注", max_length=200, width=200),
        ),
    )


CONTROLS = tuple(Choice(one.value, one.label) for one in Control)


def clearing_lines(label: str) -> Lines:
    """Lines that clear a document on a control account. An amount counts as its account stands; a return is below zero."""
    lines = money_lines(label)
    _, document, amount, remark = lines.fields
    control = Field(name="control", label="往来科目", kind=Kind.CHOICE, column="role", choices=CONTROLS, required=True, width=110)
    document = replace(document, required=True, width=200, fills={"control": "control", "amount": "clearable"})
    return replace(lines, fields=(document, control, replace(amount, label="核销金额"), remark))


def opening_lines(label: str, party: Field, *more: Field) -> Lines:
    """Lines of what a party had open: how much, by which document of before, and what the type adds."""
    lines = money_lines(label)
    _, _, amount, remark = lines.fields
    number = Field(name="original_number", label="原单号", column="ext:original_number", max_length=60, width=140)
    dated = Field(name="original_date", label="原单日期", kind=Kind.DATE, column="ext:original_date", width=110)
    return replace(lines, role="opening", fields=(party, replace(amount, total=True), number, dated, *more, remark))


LINE_DUE = Field(name="due_date", label="到期日", kind=Kind.DATE, width=110, help="留空时从原单日期按往来单位的账期推算")


def category_lines(label: str, direction: str) -> Lines:
    """Lines of what was spent or earned: a category, an amount, and the cash account, where it was paid at once."""
    lines = money_lines(label)
    cash, _, amount, remark = lines.fields
    category = Field(
        name="category", label="收支项目", kind=Kind.REF, ref="expense_categories", where={"direction": direction}, required=True, width=180
    )
    return replace(
        lines, role=direction, fields=(category, replace(amount, total=True), replace(cash, help=PAID), CHARGED_DOCUMENT, remark)
    )


PAID = "留空为挂账，记入往来单位"
CHARGED_DOCUMENT = Field(
    name=CHARGED, label="来源单据", kind=Kind.DOCUMENT, column="cleared_document", width=170, linked=True, drill={"document": True},
    help="由下推带出：这一行是那张单据的运费",
)  # fmt: skip
