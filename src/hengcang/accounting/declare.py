"""账务声明 The chart of accounts and the account map, declared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengcang.accounting.models import AccountRule, ChartAccount
from hengcang.core.errors import FieldInvalid, InUse
from hengcang.core.posting import ACCOUNT_LABELS, Account
from hengcang.meta import registry
from hengcang.meta.declarations import Choice, Field, Kind, ListView, MasterType
from hengcang.meta.master_fields import ACTIVE, code_field, name_field

KINDS = (
    Choice("asset", "资产"),
    Choice("liability", "负债"),
    Choice("equity", "所有者权益"),
    Choice("cost", "成本"),
    Choice("profit_loss", "损益"),
)
DIRECTIONS = (Choice("debit", "借"), Choice("credit", "贷"))
BOOKED = {one.value for one in Account}
REFERENCED = ("item_category", "cash_account", "expense_category", "party_category")
CONDITIONS = ("booked_account", "account_class", *REFERENCED)


def check_account(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """科目层级 No account under itself, all of a branch of one kind, and the books find their accounts. Raises FieldInvalid."""
    if before is not None and before["code"] in BOOKED and after["code"] != before["code"]:
        raise FieldInvalid(path="code", label="编码", value=after["code"], reason=f"记账要用科目 {before['code']}，编码不能改；名称可以改")
    rows = {pk: (parent, kind) for pk, parent, kind in ChartAccount.objects.values_list("id", "parent_id", "kind")}
    at = after["parent"]
    if at is not None and rows[at][1] != after["kind"]:
        raise FieldInvalid(path="kind", label="类别", value=after["name"], reason="应与上级科目相同")
    while at is not None and before is not None:
        if at == before["id"]:
            raise FieldInvalid(path="parent", label="上级科目", value=after["name"], reason="不能选自己或自己的下级")
        at = rows[at][0]
    if before is not None and before["kind"] != after["kind"] and any(parent == before["id"] for parent, _ in rows.values()):
        raise FieldInvalid(path="kind", label="类别", value=after["name"], reason="有下级科目的不能改类别")


def check_delete_account(before: Mapping[str, Any]) -> None:
    """删除科目 What the books post to stays. Raises InUse."""
    if before["code"] in BOOKED:
        raise InUse(label="会计科目", name=before["name"])


def prepare_rule(values: dict[str, Any]) -> dict[str, Any]:
    """整理规则 A rule without a note is called after the account it maps."""
    return {} if values.get("name") else {"name": ACCOUNT_LABELS[Account(values["booked_account"])]}


def check_rule(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """规则唯一 No two rules for the same legs. Raises FieldInvalid."""
    named = {name: after.get(name) for name in CONDITIONS}
    empty = {f"{name}__isnull": True for name, value in named.items() if value is None and name in REFERENCED}
    same: dict[str, Any] = {name: value or "" for name, value in named.items() if f"{name}__isnull" not in empty}
    others = AccountRule.objects.filter(**same, **empty)
    if before is not None:
        others = others.exclude(pk=before["id"])
    code = others.values_list("code", flat=True).first()
    if code is not None:
        raise FieldInvalid(path="booked_account", label="记账科目", value=after["booked_account"], reason=f"已有相同条件的规则 {code}")


ACCOUNT = MasterType(
    name="account",
    collection="accounts",
    label="会计科目",
    model="accounting.ChartAccount",
    check=check_account,
    check_delete=check_delete_account,
    fields=(
        code_field(20),
        name_field(),
        Field(name="parent", label="上级科目", kind=Kind.REF, ref="accounts", width=160),
        Field(name="kind", label="类别", kind=Kind.CHOICE, choices=KINDS, required=True, width=100),
        Field(name="direction", label="余额方向", kind=Kind.CHOICE, choices=DIRECTIONS, required=True, width=90),
        ACTIVE,
    ),
    list=ListView(
        columns=("code", "name", "parent", "kind", "direction", "active"), filters=("code", "name", "kind", "parent", "active"), sort="code"
    ),
)
ACCOUNT_RULE = MasterType(
    name="account_rule",
    collection="account_rules",
    label="科目对应",
    model="accounting.AccountRule",
    code_pattern="KM{seq:03}",
    prepare=prepare_rule,
    check=check_rule,
    fields=(
        code_field(drawn=True),
        Field(
            name="booked_account",
            label="记账科目",
            kind=Kind.CHOICE,
            choices=tuple(Choice(one.value, f"{one.value} {ACCOUNT_LABELS[one]}") for one in Account),
            required=True,
            width=240,
        ),
        Field(name="item_category", label="商品分类", kind=Kind.REF, ref="item_categories", help="含下级分类；留空为不限"),
        Field(
            name="account_class",
            label="存货类别",
            kind=Kind.CHOICE,
            choices=(Choice("goods", "库存商品"), Choice("material", "原材料")),
            help="留空为不限",
        ),
        Field(name="cash_account", label="结算账户", kind=Kind.REF, ref="cash_accounts", help="留空为不限"),
        Field(name="expense_category", label="收支项目", kind=Kind.REF, ref="expense_categories", help="留空为不限"),
        Field(name="party_category", label="往来单位分类", kind=Kind.REF, ref="party_categories", help="留空为不限"),
        Field(name="account", label="对应科目", kind=Kind.REF, ref="accounts", required=True, width=180),
        Field(name="name", label="说明", max_length=80, width=200),
        ACTIVE,
    ),
    list=ListView(
        columns=(
            "code",
            "booked_account",
            "item_category",
            "account_class",
            "cash_account",
            "expense_category",
            "party_category",
            "account",
            "name",
            "active",
        ),
        filters=("booked_account", "account", "active"),
        sort="code",
    ),
)
MASTERS = (ACCOUNT, ACCOUNT_RULE)


def declare() -> None:
    """登记 Put them into the registry."""
    registry.register(*MASTERS)
