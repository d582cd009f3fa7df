"""锁 Locks of a command, in the order every command keeps.

幂等行 → 账套闸门 → 单据 (own, sources, targets; by id) → pools, balances (the store) → parties, open items → number series.
The company gate is a transaction-level advisory lock on PostgreSQL: shared for postings and replays that stay inside
their own pools, exclusive for a replay that leaves them and for closing. SQLite has one writer and needs none.
"""

from __future__ import annotations

from collections.abc import Collection

from hengcang.base import bulk
from hengcang.records.models import Document

GATE = 7_201_000

HEADER_FIELDS = (
    "id", "type", "number", "document_date", "party_id", "source_place_id", "target_place_id", "department_id",
    "salesperson_id", "discount_amount", "amount_net", "tax_amount", "amount_gross", "due_date", "state", "progress",
    "version", "revision", "ext", "reverses_id", "created_by_id",
)  # fmt: skip


def enter(*, exclusive: bool) -> None:
    """过闸 Pass the company gate for the rest of the transaction."""
    if bulk.is_postgresql():
        lock = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
        bulk.execute(f"SELECT {lock}(%s)", [GATE])


def lock_documents(ids: Collection[int]) -> dict[int, dict[str, object]]:
    """锁定单据 The headers of the documents, locked in the order of their ids."""
    rows = Document.objects.filter(pk__in=sorted(ids)).order_by("pk").values(*HEADER_FIELDS)
    if bulk.is_postgresql():
        rows = rows.select_for_update(no_key=True)
    return {row["id"]: dict(row) for row in rows}
