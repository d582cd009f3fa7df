"""科目表 The user's chart of accounts, and which booked account goes to which of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from hengcang.base.crypto import EncryptedField
from hengcang.base.fields import ScaledField
from hengcang.catalog.models import ItemCategory
from hengcang.parties.models import PartyCategory
from hengcang.places.models import CashAccount, ExpenseCategory
from hengcang.records.models import Document


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


class BankLine(models.Model):
    """银行流水 A line of a bank statement as it was imported; in above zero. `fingerprint` tells one that comes again.

    Settled by booked money (`entry` of `document`), or by a payment that was drafted for it (`entry` empty). `revision` is
    that of the document: once another one of it is posted, nothing stands against the line any more.
    """

    cash_account = models.ForeignKey(CashAccount, on_delete=models.PROTECT)
    fingerprint = models.CharField(max_length=64)
    day = models.DateField()
    amount = ScaledField()
    balance = ScaledField(null=True)
    name = models.CharField(max_length=120, default="", blank=True)
    account = EncryptedField(max_length=200, default="", blank=True)
    text = models.CharField(max_length=300, default="", blank=True)
    serial = models.CharField(max_length=80, default="", blank=True)
    document = models.ForeignKey(Document, on_delete=models.SET_NULL, null=True, related_name="+")
    revision = models.IntegerField(default=0)
    entry = models.BigIntegerField(null=True)
    rule = models.CharField(max_length=12, default="", blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cash_account", "fingerprint"], name="bank_line_once")]
        indexes = [models.Index(fields=["cash_account", "day"], name="bank_line_day")]
