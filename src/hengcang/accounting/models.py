"""科目表 The user's chart of accounts, and which booked account goes to which of them."""

from __future__ import annotations

from django.db import models

from hengcang.catalog.models import ItemCategory
from hengcang.parties.models import PartyCategory
from hengcang.places.models import CashAccount, ExpenseCategory


class ChartAccount(models.Model):
    """会计科目 An account of the user's chart; may stand under another."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=12)
    direction = models.CharField(max_length=6)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class AccountRule(models.Model):
    """科目对应 Legs on `booked_account` that have all that is named here are shown on `account`."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80, default="", blank=True)
    booked_account = models.CharField(max_length=20)
    item_category = models.ForeignKey(ItemCategory, on_delete=models.PROTECT, null=True, blank=True)
    account_class = models.CharField(max_length=20, default="", blank=True)
    cash_account = models.ForeignKey(CashAccount, on_delete=models.PROTECT, null=True, blank=True)
    expense_category = models.ForeignKey(ExpenseCategory, on_delete=models.PROTECT, null=True, blank=True)
    party_category = models.ForeignKey(PartyCategory, on_delete=models.PROTECT, null=True, blank=True)
    account = models.ForeignKey(ChartAccount, on_delete=models.PROTECT, related_name="rules")
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)
