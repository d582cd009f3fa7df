"""地点声明 Warehouses, departments, cash accounts and the categories of expense and income, declared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hengcang.base import bulk
from hengcang.base.book import book, change_book
from hengcang.core.errors import FieldInvalid
from hengcang.core.posting import ACCOUNT_LABELS, Account, PlaceKind
from hengcang.meta import registry
from hengcang.meta.declarations import FOREIGN, Choice, Field, Kind, Lines, ListView, MasterType
from hengcang.meta.master_fields import ACTIVE, code_field, name_field
from hengcang.places import areas
from hengcang.places.categories import ACCOUNTS, EXPENSE_ACCOUNTS, INCOME_ACCOUNTS
from hengcang.places.models import Currency, Department, Place

NEGATIVE_STOCK = (Choice("forbid", "禁止"), Choice("warn", "提示", "warning"), Choice("allow", "允许", "processing"))


def check_department(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """部门层级 A department cannot stand under itself. Raises FieldInvalid."""
    if before is None or after["parent"] is None:
        return
    parents = dict(Department.objects.values_list("id", "parent_id"))
    at: int | None = after["parent"]
    while at is not None:
        if at == before["id"]:
            raise FieldInvalid(path="parent", label="上级部门", value=after["name"], reason="不能选自己或自己的下级")
        at = parents.get(at)


def warehouse_saved(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """仓库已存 The areas of a warehouse that got another name follow it, and the book knows whether there are bins."""
    if before is not None and before["name"] != after["name"]:
        areas.rename(before["id"], after["name"])
    follow_bins(before, after)


def follow_bins(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """库位启用 The book asks for bins from the first one on."""
    if not book().bins and Place.objects.filter(kind=PlaceKind.BIN).exists():
        change_book(bins=True)


def check_bin(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """核对库位 A bin stays in its warehouse, whose pool its goods are in. Raises FieldInvalid."""
    if before is not None and before["warehouse"] != after["warehouse"]:
        reason = "库位不能换到别的仓库；编码全账套唯一，请在那个仓库用另一个编码新建"
        raise FieldInvalid(path="warehouse", label="仓库", value=after["name"], reason=reason)


def name_bin(values: dict[str, Any]) -> dict[str, Any]:
    """库位名称 A bin without a name bears its code."""
    return {"name": values.get("name") or values["code"]}


def made_elsewhere(values: dict[str, Any]) -> dict[str, Any]:
    """只供选择 Warehouses and bins are made where they belong. Raises FieldInvalid."""
    raise FieldInvalid(path="code", label="编码", value=str(values.get("code")), reason="请在“仓库”或“库位”中新建和修改")


WAREHOUSE = MasterType(
    name="warehouse",
    collection="warehouses",
    label="仓库",
    model="places.Place",
    base_filter={"kind": "warehouse"},
    code_pattern="CK{seq:02}",
    scope="warehouse",
    saved=warehouse_saved,
    fields=(
        code_field(drawn=True),
        name_field(),
        Field(name="department", label="部门", kind=Kind.REF, ref="departments"),
        Field(name="negative_stock", label="负库存", kind=Kind.CHOICE, choices=NEGATIVE_STOCK, default="forbid", width=80),
        Field(name="address", label="地址", max_length=200, width=220),
        ACTIVE,
    ),
    lines=(
        Lines(
            name="bins",
            label="库位",
            model="places.Place",
            parent="warehouse",
            base_filter={"kind": "bin"},
            fields=(code_field(), name_field(), ACTIVE),
        ),
    ),
    list=ListView(
        columns=("code", "name", "department", "negative_stock", "address", "active"),
        filters=("code", "name", "department", "active"),
        sort="code",
    ),
)

BIN = MasterType(
    name="bin",
    collection="bins",
    label="库位",
    model="places.Place",
    base_filter={"kind": "bin"},
    subject="warehouse",
    scope_paths={"warehouse": ("warehouse_id",)},
    option_filters=("warehouse",),
    prepare=name_bin,
    check=check_bin,
    saved=follow_bins,
    fields=(
        Field(name="warehouse", label="仓库", kind=Kind.REF, ref="warehouses", required=True, width=140),
        code_field(),
        replace(name_field(), required=False, help="留空与编码相同"),
        ACTIVE,
    ),
    list=ListView(columns=("warehouse", "code", "name", "active"), filters=("warehouse", "code", "name", "active"), sort="code"),
)

PLACE = MasterType(
    name="place",
    collection="places",
    label="仓库/库位",
    model="places.Place",
    base_filter={"kind__in": ("warehouse", "bin")},
    subject="warehouse",
    scope="warehouse",
    prepare=made_elsewhere,
    ref_fields={"warehouse": "warehouse"},
    fields=(
        Field(name="warehouse", label="所属仓库", kind=Kind.REF, ref="warehouses", width=140),
        code_field(),
        name_field(),
        ACTIVE,
    ),
    list=ListView(columns=("code", "name", "warehouse", "active"), filters=("code", "name", "warehouse", "active"), sort="code"),
)

DEPARTMENT = MasterType(
    name="department",
    collection="departments",
    label="部门",
    model="places.Department",
    code_pattern="BM{seq:02}",
    scope="department",
    check=check_department,
    fields=(
        code_field(drawn=True),
        name_field(),
        Field(name="parent", label="上级部门", kind=Kind.REF, ref="departments"),
        ACTIVE,
    ),
    list=ListView(columns=("code", "name", "parent", "active"), filters=("code", "name", "active"), sort="code"),
)


def prepare_currency(values: dict[str, Any]) -> dict[str, Any]:
    """整理币别 Its code is three capital letters, not those of the book. Raises FieldInvalid."""
    code = str(values["code"]).upper()
    if re.fullmatch("[A-Z]{3}", code) is None or code == book().currency:
        reason = f"应为三个字母的外币代码（ISO 4217），本位币 {book().currency} 不必登记"
        raise FieldInvalid(path="code", label="编码", value=code, reason=reason)
    return {"code": code}


def follow_currencies(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """外币启用 The book shows currencies while one is active."""
    wanted = Currency.objects.filter(active=True).exists()
    if book().foreign != wanted:
        change_book(foreign=wanted)


CURRENCY = MasterType(
    name="currency",
    collection="currencies",
    label="币别",
    model="places.Currency",
    prepare=prepare_currency,
    saved=follow_currencies,
    open_options=True,
    fields=(
        replace(code_field(3), unique=True, help="三个字母的代码，如 USD"),
        name_field(),
        Field(name="symbol", label="符号", max_length=5, width=70),
        ACTIVE,
    ),
    lines=(
        Lines(
            name="rates",
            label="汇率",
            model="places.CurrencyRate",
            parent="currency",
            fields=(
                Field(name="rate_date", label="生效日期", kind=Kind.DATE, required=True, width=120),
                Field(
                    name="rate",
                    label="汇率",
                    kind=Kind.PRICE,
                    required=True,
                    scale=6,
                    minimum=Decimal("0.000001"),
                    maximum=Decimal(1_000_000),
                    help="一单位外币合多少本位币",
                ),
            ),
        ),
    ),
    list=ListView(columns=("code", "name", "symbol", "active"), filters=("code", "name", "active"), sort="code"),
)


def used_account(account: int) -> bool:
    """账户已用 Whether a money line names the cash account."""
    sql = "SELECT 1 FROM records_moneyline WHERE cash_account_id=%s OR target_account_id=%s LIMIT 1"
    return bool(bulk.fetch(sql, [account, account]))


def check_account_currency(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """账户币别 The currency of an account that money moved on stays. Raises FieldInvalid."""
    if before is None or before["currency"] == after["currency"]:
        return
    if used_account(before["id"]):
        raise FieldInvalid(path="currency", label="币别", value=after["name"], reason="账户已有收付，币别不能再改")


CASH_ACCOUNT = MasterType(
    name="cash_account",
    collection="cash_accounts",
    label="结算账户",
    model="places.CashAccount",
    code_pattern="ZH{seq:02}",
    check=check_account_currency,
    fields=(
        code_field(drawn=True),
        name_field(),
        Field(
            name="kind",
            label="类别",
            kind=Kind.CHOICE,
            choices=(Choice("cash", "现金"), Choice("bank", "银行"), Choice("online", "线上")),
            default="bank",
            width=80,
        ),
        Field(name="bank", label="开户行", max_length=80),
        Field(name="account_number", label="账号", max_length=60, secret=True, width=180),
        Field(name="currency", label="币别", kind=Kind.REF, ref="currencies", feature=FOREIGN, width=80, help="留空为本位币"),
        ACTIVE,
    ),
    list=ListView(
        columns=("code", "name", "kind", "bank", "account_number", "currency", "active"),
        filters=("code", "name", "kind", "active"),
        sort="code",
    ),
)


def prepare_category(values: dict[str, Any]) -> dict[str, Any]:
    """整理收支项目 Its account must be one of its direction. Raises FieldInvalid."""
    allowed = ACCOUNTS[values["direction"]]
    if values["account"] not in allowed:
        names = "、".join(ACCOUNT_LABELS[one] for one in allowed)
        shown = ACCOUNT_LABELS[Account(values["account"])]
        raise FieldInvalid(path="account", label="科目", value=shown, reason=f"这个方向的项目可记入：{names}")
    return {}


EXPENSE_CATEGORY = MasterType(
    name="expense_category",
    collection="expense_categories",
    label="收支项目",
    model="places.ExpenseCategory",
    code_pattern="SZ{seq:02}",
    prepare=prepare_category,
    fields=(
        code_field(drawn=True),
        name_field(),
        Field(
            name="direction",
            label="方向",
            kind=Kind.CHOICE,
            choices=(Choice("expense", "支出"), Choice("income", "收入")),
            default="expense",
            width=80,
        ),
        Field(
            name="account",
            label="科目",
            kind=Kind.CHOICE,
            choices=tuple(Choice(str(one), ACCOUNT_LABELS[one]) for one in dict.fromkeys((*EXPENSE_ACCOUNTS, *INCOME_ACCOUNTS))),
            required=True,
            width=180,
        ),
        ACTIVE,
    ),
    list=ListView(columns=("code", "name", "direction", "account", "active"), filters=("code", "name", "direction", "active"), sort="code"),
)

MASTERS = (WAREHOUSE, BIN, PLACE, DEPARTMENT, CURRENCY, CASH_ACCOUNT, EXPENSE_CATEGORY)


def declare() -> None:
    """登记 Put them into the registry."""
    registry.register(*MASTERS)
