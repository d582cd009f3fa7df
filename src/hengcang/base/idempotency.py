"""幂等 Idempotency: a command that is sent twice takes effect once and gives the same answer twice.

`begin` inserts the key's row as the first statement of the command's transaction. A second request with the same
key waits on the unique index until the first commits (then it gets the stored answer) or rolls back (then it is the
first). `INSERT … ON CONFLICT DO NOTHING` keeps PostgreSQL's transaction usable. SQLite's one writer waits at BEGIN.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from hengcang.base import bulk, clock
from hengcang.base.models import IdempotencyKey
from hengcang.core.errors import IdempotencyMismatch

TABLE = "base_idempotencykey"


def request_hash(*parts: object) -> str:
    """请求摘要 The SHA-256 of what makes two requests the same: method, path, body. Key order does not matter."""
    text = orjson.dumps(parts, default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()


def begin(user_id: int, key: str, digest: str) -> dict[str, Any] | None:
    """开始 Claim the key: None when the caller is to do the work, else the answer stored by who did it.

    Call inside the transaction of the command, before any other lock. Raises IdempotencyMismatch when the key was
    used for another request.
    """
    assert connection.in_atomic_block, "an idempotency key lives in the command's transaction"
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO {TABLE} ("user", key, request_hash, answer, created_at) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING',
            [user_id, key, digest, "{}", bulk.instant(clock.now())],
        )
        if cursor.rowcount == 1:
            return None
    sql = f'SELECT request_hash, answer FROM {TABLE} WHERE "user" = %s AND key = %s'
    stored_hash, answer = bulk.fetch(sql + (" FOR UPDATE" if bulk.is_postgresql() else ""), [user_id, key])[0]
    if stored_hash != digest:
        raise IdempotencyMismatch()
    return dict(json.loads(answer) if isinstance(answer, str) else answer)


def finish(user_id: int, key: str, answer: dict[str, Any]) -> None:
    """完成 Store the command's answer with its key: what a retry will get. Values must be JSON."""
    IdempotencyKey.objects.filter(user=user_id, key=key).update(answer=answer)


def forget(before: datetime) -> int:
    """清理 Delete keys older than `before`; gives how many. A client keeps a key for the retries of one action only."""
    return IdempotencyKey.objects.filter(created_at__lt=before).delete()[0]
