"""操作日志 The audit log: who did what, when, from where, each field before and after; chained against editing.

A row carries its own hash and is inserted in the transaction of the act. `seal` chains the rows after their commit
(chain = hash(previous chain, row hash)), one sealer at a time, so that no posting waits for another's. `verify`
recomputes all of it. A row committed late gets a later position: the chain follows commits as the sealer saw them,
not ids. Left out: an anchor outside of the database, without which cutting off the newest rows together with
their seals leaves no trace; print or mail the last chain value to have one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
from django.db import transaction

from hengcang.base import bulk, clock
from hengcang.base.models import AuditLog, AuditSeal

SEALER_LOCK = 7_201_001
WINDOW = 100_000
HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Actor:
    """操作人 Who acts: user id (None for the system), name, and the network address it came from."""

    user_id: int | None
    name: str
    address: str = ""


Change = dict[str, Any]


def plain(value: object) -> object:
    """A value as it stands in the log: decimals and dates as text."""
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f") if value else "0"
    return value.isoformat() if isinstance(value, date) else value


def diff(before: Mapping[str, Any], after: Mapping[str, Any], fields: Iterable[str], hidden: Iterable[str] = ()) -> list[Change]:
    """变更明细 `{field, before, after}` of each field that differs; of `hidden` ones only that they changed."""
    covered = frozenset(hidden)
    changes = []
    for name in fields:
        old, new = plain(before.get(name)), plain(after.get(name))
        if old != new:
            shown = (HIDDEN if old else None, HIDDEN if new else None) if name in covered else (old, new)
            changes.append({"field": name, "before": shown[0], "after": shown[1]})
    return changes


def row_hash(row: Mapping[str, Any]) -> str:
    """The SHA-256 over everything a row says."""
    at: datetime = row["at"]
    content = [
        at.astimezone(UTC).isoformat(timespec="microseconds"),
        *(row[name] for name in ("user", "user_name", "address", "action", "object_type", "object_id", "posting")),
        row["changes"],
    ]
    return hashlib.sha256(orjson.dumps(content)).hexdigest()


def record(
    actor: Actor,
    action: str,
    object_type: str,
    object_id: int,
    changes: Iterable[Change] = (),
    posting: int | None = None,
) -> None:
    """记录 One row in the caller's transaction: one INSERT."""
    record_many(actor, action, object_type, {object_id: changes}, posting)


def record_many(actor: Actor, action: str, object_type: str, changes: Mapping[int, Iterable[Change]], posting: int | None = None) -> None:
    """成批记录 One row for each object, by id, that an act did the same to: one INSERT for any number, none for none."""
    rows = []
    for object_id, own in changes.items():
        row: dict[str, Any] = {
            "at": clock.now(),
            "user": actor.user_id,
            "user_name": actor.name,
            "address": actor.address,
            "action": action,
            "object_type": object_type,
            "object_id": object_id,
            "posting": posting,
            "changes": orjson.dumps(list(own), default=str).decode(),
        }
        row["hash"] = row_hash(row)
        row["at"] = bulk.instant(row["at"])
        rows.append(row)
    if rows:
        bulk.insert_rows("base_auditlog", [f'"{name}"' for name in rows[0]], [tuple(row.values()) for row in rows])


def history(object_type: str, object_id: int) -> list[dict[str, Any]]:
    """历史 The rows of one object, oldest first: `at, by, action, posting, changes`."""
    rows = AuditLog.objects.filter(object_type=object_type, object_id=object_id).order_by("id")
    return [
        {"at": at, "by": name, "action": action, "posting": posting, "changes": orjson.loads(changes)}
        for at, name, action, posting, changes in rows.values_list("at", "user_name", "action", "posting", "changes")
    ]


def chained(previous: str, own: str) -> str:
    """The next value of the chain."""
    return hashlib.sha256(f"{previous}{own}".encode()).hexdigest()


def seal(everything: bool = False, limit: int = 50_000) -> int:
    """封印 Chain up to `limit` committed rows that are not yet sealed; gives how many.

    The usual pass looks at ids from 100,000 below the newest sealed one on; `everything` looks at all (nightly), for
    rows of a transaction that ran longer than that.
    """
    with transaction.atomic():
        if bulk.is_postgresql():
            bulk.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])
        last = AuditSeal.objects.order_by("-position").values_list("position", "chain", "audit_id").first()
        position, chain, newest = last or (0, "", 0)
        floor = 0 if everything else newest - WINDOW
        waiting = bulk.fetch(
            "SELECT a.id, a.hash FROM base_auditlog a LEFT JOIN base_auditseal s ON s.audit_id = a.id "
            "WHERE s.audit_id IS NULL AND a.id > %s ORDER BY a.id LIMIT %s",
            [floor, limit],
        )
        rows = []
        for audit_id, own in waiting:
            position, chain = position + 1, chained(chain, own)
            rows.append((audit_id, position, chain))
        bulk.insert_rows("base_auditseal", ("audit_id", "position", "chain"), rows)
    return len(rows)


def verify(now: datetime | None = None) -> list[str]:
    """验证 What is wrong with the log, a sentence each; empty when it stands. Reads every row once, in a stream."""
    faults = list(_chain_faults())
    hour_ago = (now or clock.now()) - timedelta(hours=1)
    late = AuditLog.objects.filter(auditseal=None, at__lt=hour_ago).count()
    if late:
        faults.append(f"有 {late} 条操作日志超过一小时仍未封印。")
    return faults


def _chain_faults() -> Iterator[str]:
    names = ("at", "user", "user_name", "address", "action", "object_type", "object_id", "posting", "changes", "hash")
    rows = AuditSeal.objects.order_by("position").values("position", "chain", "audit_id", *(f"audit__{n}" for n in names))
    expected, chain = 1, ""
    for sealed in rows.iterator(chunk_size=5_000):
        row = {name: sealed[f"audit__{name}"] for name in names}
        if sealed["position"] != expected:
            yield f"操作日志封印缺少第 {expected} 号（下一个是 {sealed['position']}）。"
        if row_hash(row) != row["hash"]:
            yield f"操作日志 {sealed['audit_id']} 的内容与其摘要不符，记录被改动过。"
        chain = chained(chain, row["hash"])
        if chain != sealed["chain"]:
            yield f"操作日志封印链在第 {sealed['position']} 号断开。"
            chain = sealed["chain"]
        expected = sealed["position"] + 1
