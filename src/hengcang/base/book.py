"""账套 The book: what holds for all of its documents — name, currency, taxpayer kind, cost pools, closed periods.

Kept as rows of `Setting`, read in one statement, and remembered per process. A request or command calls `load_book()`
once at its start, so that a change made by another process is seen from the next command on; in between `book()`
costs nothing. Whoever decides by `closed_through` under the company gate loads it again after taking the gate.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from hengcang.base import bulk
from hengcang.base.models import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """账套 The book's settings. `closed_through` is the last closed day, `averaged_through` the last day of the last month
    whose 全月一次 average was run; `negative_stock` is what a new warehouse gets; `reserved_stock` is what happens when goods are
    taken that orders hold back; `write_off_limit` is how much one 核销单 may write off at most; `bank_days` is how far a line of
    a bank and booked money may lie apart, `bank_fee_limit` what a bank may keep of an amount that comes in, in the account's
    currency. `expired_lots` is what happens when a lot past its expiry date is shipped to a customer, where the item does not
    say; one that expires within `near_expiry_days` is warned of. `abc_first` and `abc_second` are the percents of what is sold
    and used that items of class A, and of A and B together, make. `credit_check` is what happens when a customer exceeds his
    credit limit. `debts_at` says when goods make a debt: when they move, or when they are billed. `available_…` say what counts
    as available besides what is on hand.
    `foreign` says that a foreign currency is active: only then it is shown and asked for; `variants` the same of families
    of items, `second_units` of second units, `bins` of bins in warehouses.

    `taxpayer`: general_taxpayer 一般纳税人 or small_scale_taxpayer 小规模纳税人. `pool_kind`: company 总仓核算 or
    warehouse 分仓核算; it is fixed by the first movement. `approvals` names the document types that go through approval.
    """

    name: str = "我的账套"
    currency: str = "CNY"
    taxpayer: str = "general_taxpayer"
    pool_kind: str = "company"
    closed_through: date | None = None
    averaged_through: date | None = None
    negative_stock: str = "forbid"
    reserved_stock: str = "warn"
    expired_lots: str = "forbid"
    credit_check: str = "warn"
    debts_at: str = "goods"
    available_less_reserved: bool = True
    available_plus_incoming: bool = False
    available_less_outgoing: bool = False
    near_expiry_days: int = 30
    abc_first: int = 80
    abc_second: int = 95
    replay_limit: int = 200_000
    write_off_limit: Decimal = Decimal(100)
    bank_days: int = 5
    bank_fee_limit: Decimal = Decimal(20)
    approvals: tuple[str, ...] = ()
    foreign: bool = False
    variants: bool = False
    second_units: bool = False
    bins: bool = False


CHOICES: dict[str, tuple[str, ...]] = {
    "taxpayer": ("general_taxpayer", "small_scale_taxpayer"),
    "pool_kind": ("company", "warehouse"),
    "negative_stock": ("forbid", "warn", "allow"),
    "reserved_stock": ("forbid", "warn", "allow"),
    "expired_lots": ("forbid", "warn", "allow"),
    "credit_check": ("forbid", "warn", "allow"),
    "debts_at": ("goods", "bill"),
}
_remembered: list[Book] = []


def book() -> Book:
    """账套 The book as this process last read it; read now when it never was."""
    return _remembered[0] if _remembered else load_book()


def load_book() -> Book:
    """读取账套 Read the book: one statement."""
    known = {one.name for one in fields(Book)}
    found: dict[str, Any] = {name: json.loads(value) for name, value in bulk.fetch("SELECT name, value FROM base_setting") if name in known}
    for name in ("closed_through", "averaged_through"):
        found[name] = date.fromisoformat(found[name]) if found.get(name) else None
    for name in ("write_off_limit", "bank_fee_limit"):
        if name in found:
            found[name] = Decimal(found[name])
    found["approvals"] = tuple(found.get("approvals", ()))
    _remembered[:] = [Book(**found)]
    return _remembered[0]


def forget_book() -> None:
    """忘记账套 Drop what this process remembers; the next `book()` reads."""
    _remembered.clear()


def change_book(**changes: Any) -> Book:
    """修改账套 Change settings, inside the caller's transaction or one of its own; audit is the caller's.

    What this process remembers is dropped at once and again at commit, so that neither the change nor its
    rollback can leave a stale book behind a later `load_book()`.
    """
    after = replace(book(), **changes)
    for name, allowed in CHOICES.items():
        assert getattr(after, name) in allowed, name
    rows = [Setting(name=name, value=_kept(getattr(after, name))) for name in changes]
    with transaction.atomic():
        Setting.objects.bulk_create(rows, update_conflicts=True, unique_fields=["name"], update_fields=["value"])
        transaction.on_commit(forget_book)
    return load_book()


def _kept(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else "" if value is None else value
