"""执行明细 What of each line of a document was done, by purpose, what is open, and what line it came from itself."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F

from hengcang.access.viewer import Viewer
from hengcang.core.amounts import to_decimal
from hengcang.core.fulfilment import open_quantity
from hengcang.documents.links import PURPOSE_LABELS
from hengcang.documents.scope import in_sight
from hengcang.ledger import queries, reservations
from hengcang.meta import refs
from hengcang.meta.declarations import Conversion, DocumentType
from hengcang.meta.english import word
from hengcang.meta.values import plain
from hengcang.records.models import GoodsLine, LineProgress

ZERO = Decimal(0)
COLUMNS = (
    *("id", "position", "base_quantity", "role", "item__code", "item__name", "item__base_unit__name"),
    *("source_line__document", "source_line__document__type", "source_line__document__number", "source_line__document__party__name"),
)
Done = dict[int, dict[str, Decimal]]


def progress_json(viewer: Viewer, declaration: DocumentType, document: int) -> list[dict[str, Any]]:
    """执行明细 `[{line, position, item, unit, quantity, source, purposes: {received: {label, done, open}}}]` in base units.

    `source` is the document that the line came from and whose it is, where the viewer may see it. What an order's line holds
    back stands beside, as `reserved`. Four statements at most, and one for each purpose that is reached through the target's lines.
    """
    lines = GoodsLine.objects.filter(document=document, revision=F("document__revision")).order_by("position", "id")
    roles = [table.role for table in declaration.goods_tables]
    rows = sorted(lines.values_list(*COLUMNS), key=lambda row: roles.index(row[3]))
    conversions = [one for one in declaration.conversions if not one.money]
    done = done_of([row[0] for row in rows], conversions)
    seen = visible(viewer, {row[7]: row[8] for row in rows if row[7] is not None})
    held = reservations.held_by([row[0] for row in rows]) if declaration.reserves else {}
    purposes = [(one.role or declaration.main_role, name) for one in conversions for name in (one.purpose, *one.onward)]
    return [
        {
            "line": line,
            "position": position,
            "item": {"code": code, "label": name},
            "unit": unit,
            "quantity": plain(quantity),
            "source": {"id": source, "type": kind, "label": refs.document_label(number, source), "party": party}
            if source in seen
            else None,
            "purposes": {
                **{name: part(name, quantity, done.get(line, {}).get(name, ZERO)) for own, name in purposes if own == role},
                **(held_part(held[line]) if line in held and held[line].wanted else {}),
            },
        }
        for line, position, quantity, role, code, name, unit, source, kind, number, party in rows
    ]


def held_part(held: reservations.Held) -> dict[str, dict[str, str]]:
    """What a line holds back, beside what was done of it; it is never owed to anybody."""
    return {"reserved": {"label": word("占用", "reserved"), "done": plain(to_decimal(held.quantity)), "open": "0"}}


def done_of(lines: Sequence[int], conversions: Sequence[Conversion]) -> Done:
    """已执行 By line and purpose, those that the targets' lines tell among them."""
    done: Done = {}
    for line, purpose, quantity in LineProgress.objects.filter(line__in=lines).values_list("line_id", "purpose", "quantity"):
        done.setdefault(line, {})[purpose] = quantity
    for one in conversions:
        for purpose in one.onward:
            for line, quantity in queries.onward_progress(lines, one.purpose, purpose).items():
                done.setdefault(line, {})[purpose] = quantity
    return done


def visible(viewer: Viewer, types: dict[int, str]) -> set[int]:
    """Those of the source documents, given with their types, that the viewer may see."""
    return in_sight(viewer, [one for one, name in types.items() if viewer.may(name, "view")]) if types else set()


def part(purpose: str, quantity: Decimal, done: Decimal) -> dict[str, str]:
    """One purpose of one line."""
    label = word(PURPOSE_LABELS[purpose], purpose)
    return {"label": label, "done": plain(done), "open": plain(open_quantity(quantity, done))}
