"""权限表 Tables of users, roles and what they may do. Deny by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class Role(models.Model):
    """角色 A role: a set of permissions, scopes and masks."""

    name = models.CharField(max_length=60, unique=True)
    note = models.CharField(max_length=200, default="", blank=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class Permission(models.Model):
    """权限 What a role may do: `subject` (a declared type, a report or `*`), `action` (view, post ... or `*`)."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="permissions")
    subject = models.CharField(max_length=60)
    action = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "subject", "action"], name="permission_once")]


class DataScope(models.Model):
    """数据权限 A limit of a role: of `dimension` (warehouse, department, salesperson, own) only `key`."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="scopes")
    dimension = models.CharField(max_length=40)
    key = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "dimension", "key"], name="scope_once")]


class FieldMask(models.Model):
    """字段权限 A class of fields a role may not see: cost, purchase_price, sales_price, transfer_price."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="masks")
    mask = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "mask"], name="mask_once")]


if TYPE_CHECKING:
    BaseManager = BaseUserManager["User"]
else:
    BaseManager = BaseUserManager


class UserManager(BaseManager):
    """Finds users by name; making one is `access.services.create_user`."""


class User(AbstractBaseUser):
    """用户 A person who logs in."""

    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=80)
    roles = models.ManyToManyField(Role, related_name="users", blank=True)
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.display_name


class LoginAttempt(models.Model):
    """登录失败 A refused login, counted to slow down guessing; the newest hour is kept."""

    username = models.CharField(max_length=60)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="login_attempt_at")]


class SavedFilter(models.Model):
    """常用筛选 How a user likes to look at a list: its filters, columns and order, under a name; one may be the list's default.

    `subject` is the declared type; `content` belongs to the browser.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_filters", db_index=False)
    subject = models.CharField(max_length=60)
    name = models.CharField(max_length=40)
    content = models.JSONField()
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "subject", "name"], name="saved_filter_name"),
            models.UniqueConstraint(fields=["user", "subject"], condition=models.Q(is_default=True), name="saved_filter_default"),
        ]


class AlertRule(models.Model):
    """预警规则 Who is told of a kind of alert, from which threshold on: a role, a user, or (neither) everybody who may see it."""

    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=30)
    role = models.ForeignKey(Role, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    days = models.IntegerField(null=True, blank=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class AlertSeen(models.Model):
    """预警已读 When a user last looked at his alerts: what began later is new to him."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField()
