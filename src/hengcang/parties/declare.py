"""往来单位声明 Suppliers and customers in one table, shown as three masters: all, suppliers, customers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hengcang.base.pinyin import initials
from hengcang.core.errors import FieldInvalid
from hengcang.meta import registry
from hengcang.meta.declarations import Choice, Field, Kind, Lines, ListView, MasterType
from hengcang.meta.master_fields import ACTIVE, NOTE, code_field, name_field

MONEY_GROUP = "结算"
LONGEST_TERM = Decimal(3_650)


def prepare_party(values: dict[str, Any]) -> dict[str, Any]:
    """整理往来单位 Pinyin initials; it must be a supplier, a customer, or both. Raises FieldInvalid."""
    if not values["is_supplier"] and not values["is_customer"]:
        raise FieldInvalid(path="is_customer", label="客户", value="否", reason="供应商与客户至少选一项")
    return {"pinyin": initials(values["name"])}


PARTY_CATEGORY = MasterType(
    name="party_category",
    collection="party_categories",
    label="往来单位分类",
    model="parties.PartyCategory",
    code_pattern="FL{seq:02}",
    fields=(code_field(drawn=True), name_field(), ACTIVE),
    list=ListView(columns=("code", "name", "active"), filters=("code", "name", "active"), sort="code"),
)

CONTACTS = Lines(
    name="contacts",
    label="联系人",
    model="parties.Contact",
    parent="party",
    fields=(
        Field(name="name", label="姓名", required=True, max_length=60, personal=True),
        Field(name="phone", label="电话", max_length=40, personal=True),
        Field(name="email", label="邮箱", max_length=100, personal=True, width=180),
        Field(name="title", label="职务", max_length=60),
        Field(name="main", label="主要", kind=Kind.BOOLEAN, width=60),
    ),
)
ADDRESSES = Lines(
    name="addresses",
    label="地址",
    model="parties.Address",
    parent="party",
    fields=(
        Field(name="label", label="用途", max_length=40, default="收货地址"),
        Field(name="text", label="地址", required=True, max_length=300, width=300),
        Field(name="main", label="主要", kind=Kind.BOOLEAN, width=60),
    ),
)

FIELDS = (
    code_field(drawn=True),
    name_field(120),
    Field(name="pinyin", label="助记码", readonly=True, width=90),
    Field(name="is_supplier", label="供应商", kind=Kind.BOOLEAN, width=70),
    Field(name="is_customer", label="客户", kind=Kind.BOOLEAN, width=70),
    Field(name="category", label="分类", kind=Kind.REF, ref="party_categories"),
    Field(name="salesperson", label="业务员", kind=Kind.REF, ref="users"),
    Field(name="tax_number", label="税号", max_length=30, group=MONEY_GROUP, width=160),
    Field(name="bank", label="开户行", max_length=80, group=MONEY_GROUP),
    Field(name="bank_account", label="银行账号", max_length=60, group=MONEY_GROUP, secret=True, width=180),
    Field(
        name="payment_terms",
        label="付款条件",
        kind=Kind.CHOICE,
        choices=(Choice("days", "账期天数"), Choice("month_end", "月结"), Choice("cash", "现结")),
        default="days",
        group=MONEY_GROUP,
    ),
    Field(name="payment_days", label="账期(天)", kind=Kind.INTEGER, default=0, minimum=Decimal(0), maximum=LONGEST_TERM, group=MONEY_GROUP),
    Field(name="credit_limit", label="信用额度", kind=Kind.MONEY, minimum=Decimal(0), group=MONEY_GROUP),
    Field(name="credit_days", label="信用天数", kind=Kind.INTEGER, minimum=Decimal(0), maximum=LONGEST_TERM, group=MONEY_GROUP),
    Field(name="price_level", label="价格等级", max_length=20, group=MONEY_GROUP),
    NOTE,
    ACTIVE,
)

PARTY = MasterType(
    name="party",
    collection="parties",
    label="往来单位",
    model="parties.Party",
    code_pattern="WL{seq:05}",
    scope_paths={"salesperson": ("salesperson_id",)},
    prepare=prepare_party,
    option_fields=("payment_days", "salesperson", "tax_number"),
    fields=FIELDS,
    lines=(CONTACTS, ADDRESSES),
    list=ListView(
        columns=("code", "name", "category", "salesperson", "payment_days", "credit_limit", "active"),
        filters=("code", "name", "category", "salesperson", "is_supplier", "is_customer", "active"),
        sort="code",
    ),
    search=("code", "name", "pinyin"),
)


def _view(name: str, collection: str, label: str, flag: str) -> MasterType:
    """One side of the table: what is made here has the flag, and shares the permissions of 往来单位."""
    fields = tuple(replace(one, default=True) if one.name == flag else one for one in FIELDS)
    return replace(PARTY, name=name, collection=collection, label=label, fields=fields, base_filter={flag: True}, subject="party")


SUPPLIER = _view("supplier", "suppliers", "供应商", "is_supplier")
CUSTOMER = _view("customer", "customers", "客户", "is_customer")

MASTERS = (PARTY, SUPPLIER, CUSTOMER, PARTY_CATEGORY)


def declare() -> None:
    """登记 Put them into the registry."""
    registry.register(*MASTERS)
