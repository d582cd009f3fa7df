"""地点表 Where goods can be, who works where, where money is and what it is spent on."""

from __future__ import annotations

from django.db import models

from hengcang.base.crypto import EncryptedField
from hengcang.base.fields import ScaledField
from hengcang.core.posting import PlaceKind


class Department(models.Model):
    """部门 A department; may stand under another."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class Place(models.Model):
    """地点 A warehouse, a bin in one, or a virtual place (supplier, loss ...): goods always move between two."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in PlaceKind])
    warehouse = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="bins")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True)
    negative_stock = models.CharField(max_length=10, default="forbid")
    address = models.CharField(max_length=200, default="", blank=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class Currency(models.Model):
    """币别 A foreign currency; a document or cash account without one is in the book's own."""

    code = models.CharField(max_length=3, unique=True)
    name = models.CharField(max_length=80)
    symbol = models.CharField(max_length=5, default="", blank=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class CurrencyRate(models.Model):
    """汇率 What one unit of a currency is in the book's from a day on."""

    currency = models.ForeignKey(Currency, on_delete=models.CASCADE, related_name="rates", db_index=False)
    rate_date = models.DateField()
    rate = ScaledField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["currency", "rate_date"], name="currency_rate_key")]


class CashAccount(models.Model):
    """结算账户 A till or bank account."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, default="bank")
    bank = models.CharField(max_length=80, default="", blank=True)
    account_number = EncryptedField(max_length=200, default="", blank=True)
    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, null=True, db_index=False)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class ExpenseCategory(models.Model):
    """收支项目 What money is spent on or comes from (`direction`: expense, income), and the account it is booked to."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    direction = models.CharField(max_length=10, default="expense")
    account = models.CharField(max_length=20)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)
