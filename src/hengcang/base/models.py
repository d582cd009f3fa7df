"""地基表 Tables below everything: idempotency keys, the audit log and its seals, the outbox, background jobs' marks.

Users are named by number and name here, not by foreign key: this room stands below the users, and an audit row
must outlive whom it names.
"""

from __future__ import annotations

from django.db import models


class IdempotencyKey(models.Model):
    """幂等键 One row per command that took effect: the same key gives the same answer, once."""

    user = models.BigIntegerField()
    key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_user_key")]


class AuditLog(models.Model):
    """操作日志 Who did what to which object, when, from where, and each field before and after. Append-only."""

    at = models.DateTimeField()
    user = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=80)
    address = models.CharField(max_length=64, default="")
    action = models.CharField(max_length=40)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    posting = models.BigIntegerField(null=True)
    changes = models.TextField(default="[]")
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["object_type", "object_id", "id"], name="audit_object")]


class AuditSeal(models.Model):
    """日志封印 The chain over audit rows: hash(previous seal, row hash), written after commit by one sealer."""

    audit = models.OneToOneField(AuditLog, on_delete=models.PROTECT, primary_key=True)
    position = models.BigIntegerField(unique=True)
    chain = models.CharField(max_length=64)


class OutboxEvent(models.Model):
    """发件箱 An event written in the transaction that caused it, delivered after its commit."""

    kind = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    posting = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    last_error = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["id"], name="outbox_waiting", condition=models.Q(delivered_at=None))]


class Setting(models.Model):
    """设置 One setting of the book: a name and a JSON value (book name, taxpayer kind, pool kind, closed through)."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.JSONField()
