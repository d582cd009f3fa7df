"""执行明细 What of each line of a document was done, by purpose, and what is open."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F

from hengcang.core.fulfilment import open_quantity
from hengcang.documents.links import PURPOSE_LABELS
from hengcang.meta.declarations import DocumentType
from hengcang.meta.values import plain
from hengcang.records.models import GoodsLine, LineProgress


def progress_json(declaration: DocumentType, document: int) -> list[dict[str, Any]]:
    """执行明细 `[{line, position, quantity, purposes: {received: {label, done, open}}}]` in base units; two statements."""
    lines = GoodsLine.objects.filter(document=document, revision=F("document__revision")).order_by("position", "id")
    roles = [table.role for table in declaration.goods_tables]
    rows = sorted(lines.values_list("id", "position", "base_quantity", "role"), key=lambda row: roles.index(row[3]))
    done: dict[int, dict[str, Decimal]] = {}
    for line, purpose, quantity in LineProgress.objects.filter(line__in=[row[0] for row in rows]).values_list(
        "line_id", "purpose", "quantity"
    ):
        done.setdefault(line, {})[purpose] = quantity
    purposes = [(one.role or declaration.main_role, one.purpose) for one in declaration.conversions if not one.money]
    return [
        {
            "line": line,
            "position": position,
            "quantity": plain(quantity),
            "purposes": {name: part(name, quantity, done.get(line, {}).get(name, Decimal(0))) for own, name in purposes if own == role},
        }
        for line, position, quantity, role in rows
    ]


def part(purpose: str, quantity: Decimal, done: Decimal) -> dict[str, str]:
    """One purpose of one line."""
    return {"label": PURPOSE_LABELS[purpose], "done": plain(done), "open": plain(open_quantity(quantity, done))}
