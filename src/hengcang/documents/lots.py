"""批次 Lots: what a receipt says of a lot is kept on it, and expired ones are held back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from hengcang.base.book import Book
from hengcang.catalog.models import Lot
from hengcang.core.errors import HengcangError, InvalidDocument
from hengcang.core.piece_errors import LotDiffers, LotExpired, LotExpiredWarning, LotNearExpiry
from hengcang.documents.rows import GoodsRow
from hengcang.ledger import queries
from hengcang.meta.declarations import DocumentType
from hengcang.meta.values import Parsed
from hengcang.records.models import GoodsLine

LABELS = {"production_date": "生产日期", "expiry_date": "有效期", "supplier_lot": "供应商批号", "attributes": "批次属性"}


def describe(lines: Sequence[tuple[GoodsLine, Parsed]], items: Mapping[int, Any]) -> list[HengcangError]:
    """登记批次 Keep what inward lines say of their lots; gives the faults where a lot is already known otherwise.

    The expiry date follows from the production date and the item's 保质期 where it is left empty. What a lot does not say
    yet is filled in; what it says may change while nothing of it ever moved.
    """
    saying = [(row, line) for row, line in lines if row.lot_id is not None]
    for row, line in saying:
        days, produced = items[row.item_id].shelf_life_days, line.values.get("production_date")
        if produced is not None and days and line.values.get("expiry_date") is None:
            line.values["expiry_date"] = produced + timedelta(days=days)
            row.ext["expiry_date"] = line.values["expiry_date"].isoformat()
    telling = [(row, line) for row, line in saying if any(line.values.get(name) for name in LABELS)]
    if not telling:
        return []
    lots = {
        lot.pk: lot for lot in Lot.objects.select_for_update(no_key=True).filter(pk__in={row.lot_id for row, _ in telling}).order_by("pk")
    }
    fixed = queries.lots_moved(lots)
    faults: list[HengcangError] = []
    changed: set[int] = set()
    for row, line in telling:
        assert row.lot_id is not None
        faults += told(lots[row.lot_id], line, fixed=row.lot_id in fixed)
        changed.add(row.lot_id)
        fixed.add(row.lot_id)
    if not faults:
        Lot.objects.bulk_update([lots[one] for one in sorted(changed)], list(LABELS))
    return faults


def told(lot: Lot, line: Parsed, *, fixed: bool) -> list[HengcangError]:
    """What one line says of a lot, put on it where it may be."""
    faults: list[HengcangError] = []
    for name, label in LABELS.items():
        value, kept = line.values.get(name), getattr(lot, name)
        if not value or value == kept:
            continue
        if kept and fixed:
            words = {"lot": lot.number, "label": label, "kept": str(kept), "value": str(value)}
            faults.append(LotDiffers(path=line.where.at(name), where=line.where.text, **words))
        else:
            setattr(lot, name, value)
    return faults


def expiry(declaration: DocumentType, rows: Sequence[GoodsRow], day: date, book: Book) -> list[HengcangError]:
    """效期检查 Warnings of lots that are expired or soon will be, where goods are shipped. Raises InvalidDocument (LotExpired)."""
    if not declaration.ships:
        return []
    refused: list[HengcangError] = []
    warned: list[HengcangError] = []
    for row in rows:
        if row.lot_expiry is None or row.base_quantity <= 0:
            continue
        days = (row.lot_expiry - day).days
        words = {**row.at.named("lot"), "item": row.item_name, "lot": row.lot_number, "expiry": row.lot_expiry.isoformat()}
        policy = row.expired_lots or book.expired_lots
        if days < 0 and policy == "forbid":
            refused.append(LotExpired(**words))
        elif days < 0 and policy == "warn":
            warned.append(LotExpiredWarning(**words))
        elif 0 <= days <= book.near_expiry_days:
            warned.append(LotNearExpiry(**words, days=days))
    if refused:
        raise InvalidDocument(refused)
    return warned
