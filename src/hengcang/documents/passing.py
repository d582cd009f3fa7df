"""经手的行 Lines whose taker names the line that they came from themselves (不合格品 of an inspection go back by its receipt).

So the links say what was taken of the origin, not through which of these lines. It follows from the takers that are
marked as this conversion marks them (its `sets`): pieces are given to the line that has them, quantities to the lines
in their order. Two statements for any number of lines.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from django.db.models import F

from hengcang.core.lifecycle import LIVE
from hengcang.documents import drafts
from hengcang.meta import registry
from hengcang.meta.declarations import Conversion, DocumentType
from hengcang.records.models import GoodsLine, LineLink

ZERO = Decimal(0)


class Left(NamedTuple):
    """剩余 What is left of a line that others pass through: base units, and its pieces."""

    quantity: Decimal
    serials: tuple[str, ...]


def left_of(origins: Collection[int], declaration: DocumentType, conversion: Conversion) -> dict[int, Left]:
    """经手剩余 What is left of every live line of the type that came from the origins and that the conversion carries."""
    role = conversion.role or declaration.main_role
    came = GoodsLine.objects.filter(source_line__in=origins, role=role, document__type=declaration.name, document__state__in=LIVE)
    rows = came.filter(revision=F("document__revision")).order_by("document_id", "position", "id")
    taken, pieces = taken_of(origins, conversion)
    found: dict[int, Left] = {}
    for line in rows:
        if line.source_line_id is None or not carries(declaration, conversion, line):
            continue
        serials = tuple(one for one in line.serials if not pieces[line.source_line_id, one])
        used = Decimal(len(line.serials) - len(serials)) if line.serials else min(line.base_quantity, taken[line.source_line_id])
        taken[line.source_line_id] -= used
        found[line.pk] = Left(line.base_quantity - used, serials)
    return found


def taken_of(origins: Collection[int], conversion: Conversion) -> tuple[dict[int, Decimal], Counter[tuple[int, str]]]:
    """What the takers that the conversion marks took of each origin, less what they gave back, and which pieces."""
    paths = {one.name: one.path for one in registry.document(conversion.target).fields}
    links = LineLink.objects.filter(source__in=origins, purpose=conversion.purpose, target__document__type=conversion.target)
    quantities: dict[int, Decimal] = defaultdict(Decimal)
    pieces: Counter[tuple[int, str]] = Counter()
    for link in links.select_related("target__document"):
        document = link.target.document
        if any(drafts.value_of(document, paths[name]) != value for name, value in conversion.sets.items()):
            continue
        quantities[link.source_id] += link.quantity
        for one in link.target.serials:
            pieces[link.source_id, one] += 1 if link.quantity > 0 else -1
    return quantities, pieces


def carries(declaration: DocumentType, conversion: Conversion, line: GoodsLine) -> bool:
    """可下推 Whether a line is one of those that the conversion carries."""
    table = declaration.table_of(line.role)
    assert table is not None
    paths = {one.name: one.path for one in table.fields}
    return all(drafts.value_of(line, paths[name]) == value for name, value in conversion.only.items())
