"""锁 Locks of a command, in the order every command keeps.

幂等行 → 账套闸门 → 单据 (own, sources, targets; by id) → pools, balances (the store) → parties, open items → number series.
The company gate is a transaction-level advisory lock on PostgreSQL: shared for postings and replays that stay inside
their own pools, exclusive for a replay that leaves them and for closing. SQLite has one writer and needs none.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from hengcang.base import bulk
from hengcang.core.amounts import to_decimal
from hengcang.meta import registry

GATE = 7_201_000

HEADER_FIELDS = (
    "id", "type", "number", "document_date", "party_id", "source_place_id", "target_place_id", "department_id",
    "salesperson_id", "discount_amount", "amount_net", "tax_amount", "amount_gross", "due_date", "state", "progress",
    "version", "revision", "ext", "reverses_id", "created_by_id", "currency_id", "currency_rate",
    "carrier_id", "freight", "delivery_state",
)  # fmt: skip
STATED = "EXISTS (SELECT 1 FROM records_document s WHERE s.party_id=records_document.party_id AND s.type IN ({types}) AND s.state='posted')"

CURRENCY = "(SELECT c.code FROM places_currency c WHERE c.id=records_document.currency_id)"


def enter(*, exclusive: bool) -> None:
    """过闸 Pass the company gate for the rest of the transaction."""
    if bulk.is_postgresql():
        lock = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
        bulk.execute(f"SELECT {lock}(%s)", [GATE])


def lock_documents(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """锁定单据 The headers of the documents, locked in the order of their ids; `stated`: the party was sent statements.

    `currency` is the code of a foreign one.
    """
    chosen, ordered = bulk.among(sorted(ids))
    lock = "FOR NO KEY UPDATE" if bulk.is_postgresql() else ""
    types = [one.name for one in registry.documents().values() if one.agrees] or [""]
    sql = f"SELECT {', '.join(HEADER_FIELDS)}, {CURRENCY}, {STATED} FROM records_document WHERE id {chosen} ORDER BY id {lock}"
    rows = bulk.fetch(sql.format(types=bulk.placeholders(types)), [*types, ordered])
    return {row[0]: {**header_of(row[:-2]), "currency": row[-2], "stated": bool(row[-1])} for row in rows}


def header_of(row: tuple[Any, ...]) -> dict[str, Any]:
    """A header as plain values by attribute."""
    header = dict(zip(HEADER_FIELDS, row, strict=True))
    for name in ("discount_amount", "amount_net", "tax_amount", "amount_gross", "currency_rate"):
        header[name] = to_decimal(header[name])
    header["freight"] = None if header["freight"] is None else to_decimal(header["freight"])
    for name in ("document_date", "due_date"):
        header[name] = bulk.read_date(header[name])
    header["ext"] = bulk.read_json(header["ext"])
    return header
