"""用户与角色 Users and roles, declared as masters. They stand here because `access` lies below declarations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengcang.access.labels import ACTIONS
from hengcang.access.models import User
from hengcang.core.errors import LastAdministrator
from hengcang.meta.declarations import Choice, Field, Kind, Lines, ListView, Mask, MasterType
from hengcang.meta.master_fields import ACTIVE

DIMENSIONS = (
    Choice("warehouse", "仓库"),
    Choice("department", "部门"),
    Choice("salesperson", "业务员"),
    Choice("own", "本人单据"),
)
MASKS = (
    Choice(Mask.COST, "成本"),
    Choice(Mask.PURCHASE_PRICE, "采购价"),
    Choice(Mask.SALES_PRICE, "销售价"),
    Choice(Mask.TRANSFER_PRICE, "调拨价"),
)


def check_user(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """核对用户 The last active administrator stays active. Raises LastAdministrator."""
    if before is not None and before["is_administrator"] and before["active"] and not after["active"]:
        _refuse_last(before["id"])


def check_user_deletion(before: Mapping[str, Any]) -> None:
    """核对删除 The last active administrator stays. Raises LastAdministrator."""
    if before["is_administrator"] and before["active"]:
        _refuse_last(before["id"])


def _refuse_last(user_id: int) -> None:
    if not User.objects.filter(is_administrator=True, is_active=True).exclude(pk=user_id).exists():
        raise LastAdministrator(path="active")


USER = MasterType(
    name="user",
    collection="users",
    label="用户",
    model="access.User",
    code_field="username",
    label_field="display_name",
    open_options=True,
    check=check_user,
    check_delete=check_user_deletion,
    fields=(
        Field(name="username", label="用户名", required=True, unique=True, max_length=60),
        Field(name="display_name", label="姓名", required=True, max_length=80),
        Field(name="active", label="启用", kind=Kind.BOOLEAN, column="is_active", default=True, width=70),
        Field(name="is_administrator", label="超级管理员", kind=Kind.BOOLEAN, readonly=True, width=90),
    ),
    lines=(
        Lines(
            name="roles",
            label="角色",
            model="access.User_roles",
            parent="user",
            fields=(Field(name="role", label="角色", kind=Kind.REF, ref="roles", required=True),),
        ),
    ),
    list=ListView(
        columns=("username", "display_name", "active", "is_administrator"),
        filters=("username", "display_name", "active"),
        sort="username",
    ),
    search=("username", "display_name"),
)

ROLE = MasterType(
    name="role",
    collection="roles",
    label="角色",
    model="access.Role",
    code_field="name",
    label_field="name",
    fields=(
        Field(name="name", label="名称", required=True, unique=True, max_length=60),
        Field(name="note", label="说明", max_length=200, width=240),
        ACTIVE,
    ),
    lines=(
        Lines(
            name="permissions",
            label="权限",
            model="access.Permission",
            parent="role",
            fields=(
                Field(name="subject", label="对象", required=True, max_length=60, help="单据、资料或报表的名称，* 为全部"),
                Field(name="action", label="操作", required=True, max_length=40, help="、".join(ACTIONS)),
            ),
        ),
        Lines(
            name="scopes",
            label="数据权限",
            model="access.DataScope",
            parent="role",
            fields=(
                Field(name="dimension", label="范围", kind=Kind.CHOICE, choices=DIMENSIONS, required=True),
                Field(name="key", label="编号", kind=Kind.INTEGER, default=0, help="0 代表用户本人"),
            ),
        ),
        Lines(
            name="masks",
            label="不可见字段",
            model="access.FieldMask",
            parent="role",
            fields=(Field(name="mask", label="字段类", kind=Kind.CHOICE, choices=MASKS, required=True),),
        ),
    ),
    list=ListView(columns=("name", "note", "active"), filters=("name", "active"), sort="name"),
    search=("name", "note"),
)

MASTERS = (USER, ROLE)
