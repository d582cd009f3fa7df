"""往来单位表 Suppliers and customers in one table: a party may be both."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from hengcang.base.crypto import EncryptedField
from hengcang.base.fields import ScaledField


class PartyCategory(models.Model):
    """往来单位分类 A category of parties."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class Party(models.Model):
    """往来单位 A supplier, a customer, or both."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=120)
    pinyin = models.CharField(max_length=120, default="", blank=True)
    is_supplier = models.BooleanField(default=False)
    is_customer = models.BooleanField(default=False)
    category = models.ForeignKey(PartyCategory, on_delete=models.PROTECT, null=True, blank=True)
    tax_number = models.CharField(max_length=30, default="", blank=True)
    bank = models.CharField(max_length=80, default="", blank=True)
    bank_account = EncryptedField(max_length=200, default="", blank=True)
    payment_terms = models.CharField(max_length=20, default="days")
    payment_days = models.IntegerField(default=0)
    credit_limit = ScaledField(null=True, blank=True)
    credit_days = models.IntegerField(null=True, blank=True)
    price_level = models.CharField(max_length=20, default="", blank=True)
    salesperson = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    note = models.CharField(max_length=300, default="", blank=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class Contact(models.Model):
    """联系人 A person at a party; name and phone are personal data."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="contacts")
    position = models.IntegerField(default=0)
    name = EncryptedField(max_length=400)
    phone = EncryptedField(max_length=200, default="", blank=True)
    email = EncryptedField(max_length=400, default="", blank=True)
    title = models.CharField(max_length=60, default="", blank=True)
    main = models.BooleanField(default=False)


class Address(models.Model):
    """地址 An address of a party."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="addresses")
    position = models.IntegerField(default=0)
    label = models.CharField(max_length=40, default="收货地址")
    text = models.CharField(max_length=300)
    main = models.BooleanField(default=False)
