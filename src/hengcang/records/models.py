"""单据表 The tables that hold every document type, built in or from a plugin: no rules, no methods.

`version` counts saves (two people editing); `revision` counts how often the document was opened again after having
been posted. Lines of a revision that was posted are never changed: 反审核 copies them to revision + 1.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from hengcang.base.fields import ScaledField
from hengcang.catalog.models import Item, Lot, Unit
from hengcang.parties.models import Party
from hengcang.places.models import CashAccount, Currency, Department, ExpenseCategory, Place


class Document(models.Model):
    """单据 The header of any document."""

    type = models.CharField(max_length=40)
    number = models.CharField(max_length=60, null=True)
    document_date = models.DateField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, db_index=False)
    source_place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    target_place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, db_index=False)
    salesperson = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, null=True, db_index=False)
    currency_rate = ScaledField(default="1")
    discount_amount = ScaledField(default="0")
    amount_net = ScaledField(default="0")
    tax_amount = ScaledField(default="0")
    amount_gross = ScaledField(default="0")
    due_date = models.DateField(null=True)
    remark = models.CharField(max_length=500, default="")
    state = models.CharField(max_length=12, default="draft")
    progress = models.CharField(max_length=10, default="none")
    version = models.IntegerField(default=1)
    revision = models.IntegerField(default=0)
    ext = models.JSONField(default=dict)
    carrier = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    freight = ScaledField(null=True)
    delivery_state = models.CharField(max_length=12, null=True)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["type", "number"], name="document_number")]
        indexes = [
            models.Index(fields=["type", "-document_date", "-id"], name="document_newest"),
            models.Index(fields=["party", "type", "-document_date"], name="document_party"),
            models.Index(fields=["type", "state", "-document_date"], name="document_state"),
            models.Index(
                fields=["type", "document_date"],
                name="document_unfinished",
                condition=models.Q(state="posted") & ~models.Q(progress="complete"),
            ),
            models.Index(
                fields=["type", "document_date"],
                name="document_on_the_way",
                condition=models.Q(delivery_state__isnull=False) & ~models.Q(delivery_state="signed"),
            ),
            models.Index(fields=["carrier", "document_date"], name="document_carrier", condition=models.Q(carrier__isnull=False)),
        ]


class GoodsLine(models.Model):
    """商品行 A line with an item. `quantity` is in `unit`, `base_quantity` in the item's base unit (factor frozen)."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="goods_lines")
    revision = models.IntegerField(default=0)
    position = models.IntegerField()
    role = models.CharField(max_length=16, default="goods")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    factor = ScaledField(default="1")
    quantity = ScaledField()
    base_quantity = ScaledField()
    second_quantity = ScaledField(null=True)
    book_quantity = ScaledField(null=True)
    source_place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    target_place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, db_index=False)
    price_basis = models.CharField(max_length=5, default="net")
    unit_price_net = ScaledField(null=True)
    unit_price_gross = ScaledField(null=True)
    discount = ScaledField(default="0")
    tax_rate = ScaledField(default="0")
    amount_net = ScaledField(default="0")
    tax_amount = ScaledField(default="0")
    amount_gross = ScaledField(default="0")
    remark = models.CharField(max_length=200, default="")
    serials = models.JSONField(default=list)
    source_line = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    ext = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["item", "document"], name="goods_line_item")]


class MoneyLine(models.Model):
    """款项行 A line with money: cash on an account, an open item being cleared, what it was spent on, to whom it belongs.

    `role` says which: cash, clearing (or the control account that is cleared), or what the type calls its lines. An amount is
    in its document's currency; of money that is exchanged `amount` is in that of the cash account, `target_amount` in that
    of the target account. `book_amount` is what it is worth in the book's currency, where the type says so.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="money_lines")
    revision = models.IntegerField(default=0)
    position = models.IntegerField()
    role = models.CharField(max_length=16, default="cash")
    cash_account = models.ForeignKey(CashAccount, on_delete=models.PROTECT, null=True, db_index=False)
    target_account = models.ForeignKey(CashAccount, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    cleared_document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    category = models.ForeignKey(ExpenseCategory, on_delete=models.PROTECT, null=True, db_index=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, db_index=False)
    amount = ScaledField()
    fee = ScaledField(default="0")
    target_amount = ScaledField(null=True)
    book_amount = ScaledField(null=True)
    due_date = models.DateField(null=True)
    remark = models.CharField(max_length=200, default="")
    ext = models.JSONField(default=dict)


class LineLink(models.Model):
    """单据关联 The only link between documents: `quantity` (base units) of a target line comes from a source line.

    Kept for live documents only: written when the target leaves draft by posting, negated when it is unposted.
    """

    source = models.ForeignKey(GoodsLine, on_delete=models.PROTECT, related_name="followers")
    target = models.ForeignKey(GoodsLine, on_delete=models.PROTECT, related_name="sources")
    purpose = models.CharField(max_length=12)
    quantity = ScaledField()
    amount = ScaledField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target", "purpose"], name="line_link_target")]


class LineProgress(models.Model):
    """执行进度 Sums of the live links of a line by purpose, kept under the source document's lock."""

    line = models.ForeignKey(GoodsLine, on_delete=models.PROTECT, related_name="progress", db_index=False)
    purpose = models.CharField(max_length=12)
    quantity = ScaledField(default="0")
    amount = ScaledField(default="0")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "purpose"], name="line_progress_purpose")]


class NumberSeries(models.Model):
    """编号序列 The last number drawn of a series (`CGRK-20261124-`), drawn as the transaction's last lock."""

    series = models.CharField(max_length=60, primary_key=True)
    last = models.BigIntegerField(default=0)


class CreditOverride(models.Model):
    """超信用放行 That a revision of a document was posted though its customer then used more than his credit limit: by whom, why."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="credit_overrides")
    revision = models.IntegerField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, db_index=False)
    exposure = ScaledField()
    credit_limit = ScaledField()
    reason = models.CharField(max_length=200, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(exposure__gt=models.F("credit_limit")), name="credit_override_over")]


class Comment(models.Model):
    """评论 A remark of a person on a document."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="comments")
    text = models.CharField(max_length=2000)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


class Attachment(models.Model):
    """附件 A file beside a document, named by its SHA-256 in the data folder."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


class CountSchedule(models.Model):
    """循环盘点计划 What is counted again and again: every `every_days` from `starts_on` on, each time by a count plan that names it."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey("catalog.ItemCategory", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    abc_class = models.CharField(max_length=1, default="", blank=True)
    objects_counted = models.CharField(max_length=10, default="stock")
    blind = models.BooleanField(default=True)
    second_required = models.BooleanField(default=False)
    every_days = models.IntegerField(default=30)
    starts_on = models.DateField()
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=300, default="", blank=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)


class CountEntry(models.Model):
    """盘点记录 What one person counted of a listed line in one pass: appended, never changed but for being withdrawn.

    `sets`: the quantity takes the place of what the same person entered for the line and pass before; else it adds.
    `second_quantity` is the same in the item's second unit, none where that was not counted.
    """

    line = models.ForeignKey(GoodsLine, on_delete=models.CASCADE, related_name="count_entries", db_index=False)
    phase = models.CharField(max_length=8)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = ScaledField()
    second_quantity = ScaledField(null=True)
    sets = models.BooleanField(default=False)
    serials = models.JSONField(default=list)
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["line", "phase", "person", "id"], name="count_entry_of_line")]


class DeliveryEvent(models.Model):
    """物流记录 That the goods of a posted document came into a state of delivery, when, and who says so: appended, never changed.

    `cause` is the document whose posting or undoing brought it about, none where a person wrote it down.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="delivery_events")
    state = models.CharField(max_length=12)
    happened_at = models.DateTimeField()
    note = models.CharField(max_length=200, default="")
    cause = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField()
