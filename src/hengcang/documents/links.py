"""单据关联 Links: what of a source line a target line takes, checked and summed under the source document's lock.

A link lives while its target is posted. Progress is added first and checked by the sums the database gives back, so
that two targets of one source can never both take the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hengcang.base import bulk
from hengcang.core.amounts import to_decimal, to_micro
from hengcang.core.errors import OverFulfilment
from hengcang.core.fulfilment import REPEATED, excess
from hengcang.documents.rows import GoodsRow

PURPOSE_LABELS = {
    "received": "入库",
    "inspected": "验收",
    "delivered": "出库",
    "returned": "退货",
    "invoiced": "开票",
    "purchased": "采购",
    "charged": "分摊",
    "issued": "领料",
    "finished": "完工",
    "reversed": "红冲",
}
ADD_PROGRESS = """
INSERT INTO records_lineprogress (line_id, purpose, quantity, amount) VALUES {marks}
ON CONFLICT (line_id, purpose) DO UPDATE SET quantity=records_lineprogress.quantity+excluded.quantity,
  amount=records_lineprogress.amount+excluded.amount
RETURNING line_id, quantity
"""
PROGRESS_SQL = """
UPDATE records_document SET progress=(
  SELECT CASE WHEN COUNT(p.id)=0 OR MAX(p.quantity)<=0 THEN 'none'
    WHEN MIN(CASE WHEN COALESCE(p.quantity,0) >= l.base_quantity THEN 1 ELSE 0 END)=1 THEN 'complete' ELSE 'partial' END
  FROM records_goodsline l LEFT JOIN records_lineprogress p ON p.line_id=l.id AND p.purpose=%s
  WHERE l.document_id=records_document.id AND l.revision=records_document.revision AND l.role=%s
) WHERE id {chosen}
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """占用结果 What a source line gave: its reservation may shrink by that."""

    line: int
    before: Decimal
    after: Decimal


def link(lines: Sequence[GoodsRow], purpose: str, tolerance: Decimal) -> list[Taken]:
    """关联 Record that the lines take from their source lines under a purpose. Raises OverFulfilment."""
    linked = [line for line in lines if line.source_line is not None]
    if not linked:
        return []
    counted = 0 if purpose in REPEATED else 1
    rows = [(line.source_line, line.id, purpose, counted * to_micro(line.base_quantity), to_micro(line.amount_gross)) for line in linked]
    bulk.insert_rows("records_linelink", ("source_id", "target_id", "purpose", "quantity", "amount"), rows)
    after = add_progress(rows, 1)
    return check(linked, purpose, after, tolerance) if counted else []


def give_back(lines: Sequence[GoodsRow], purposes: Mapping[int, str]) -> None:
    """退回执行 The lines give back what their source lines took of their own sources; `purposes` by document of the source line."""
    rows = [
        (line.origin_line, line.id, purposes[line.source_document], -to_micro(line.base_quantity), -to_micro(line.amount_gross))
        for line in lines
        if line.origin_line is not None and line.source_document is not None
    ]
    if rows:
        bulk.insert_rows("records_linelink", ("source_id", "target_id", "purpose", "quantity", "amount"), rows)
        add_progress(rows, 1)


def add_progress(rows: Sequence[tuple[object, ...]], sign: int) -> dict[int, Decimal]:
    """Add to the progress of the source lines; gives the sums after."""
    sums: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
    for source, _, purpose, quantity, amount in rows:
        assert isinstance(source, int) and isinstance(quantity, int) and isinstance(amount, int)
        total = sums[source, str(purpose)]
        total[0] += sign * quantity
        total[1] += sign * amount
    values = [(*key, *total) for key, total in sorted(sums.items())]
    after: dict[int, Decimal] = {}
    for part in bulk.chunks(values):
        found = bulk.fetch(ADD_PROGRESS.format(marks=bulk.marks(part)), bulk.flat(part))
        after.update({line: to_decimal(int(quantity)) for line, quantity in found})
    return after


def check(lines: Sequence[GoodsRow], purpose: str, after: dict[int, Decimal], tolerance: Decimal) -> list[Taken]:
    """Refuse what goes beyond the source line; tell what each source line gave."""
    sums: dict[int, Decimal] = defaultdict(Decimal)
    taken: dict[int, Taken] = {}
    for line in lines:
        assert line.source_line is not None
        sums[line.source_line] += line.base_quantity
    for line in lines:
        source = line.source_line
        assert source is not None and line.source_quantity is not None
        more = sums[source]
        before = after[source] - more
        over = excess(line.source_quantity, before, more, tolerance)
        if over > 0 and more > 0:
            raise OverFulfilment(
                **line.at.named("quantity"),
                source=line.source_number or "",
                open=max(line.source_quantity - before, Decimal(0)),
                excess=over,
                unit=line.base_unit,
                purpose=PURPOSE_LABELS[purpose],
            )
        taken[source] = Taken(source, before, after[source])
    return list(taken.values())


def unlink(document: int, revision: int) -> None:
    """取消关联 Take back what the lines of a revision took, and what reversed documents took of them and gave back."""
    rows = bulk.fetch(
        "DELETE FROM records_linelink WHERE target_id IN (SELECT id FROM records_goodsline WHERE document_id=%s AND revision=%s) "
        "OR source_id IN (SELECT id FROM records_goodsline WHERE document_id=%s AND revision=%s) "
        "RETURNING source_id, target_id, purpose, quantity, amount",
        [document, revision] * 2,
    )
    if rows:
        add_progress(sorted(rows), -1)


def refresh_progress(documents: Sequence[int], purpose: str, role: str) -> None:
    """执行状态 Derive the progress of source documents from their lines of a role."""
    if documents:
        chosen, ordered = bulk.among(sorted(documents))
        bulk.execute(PROGRESS_SQL.format(chosen=chosen), [purpose, role, ordered])


def followers(document: int, revision: int) -> list[str]:
    """后续单据 Numbers of the live documents that name this one by goods or by money; a reversed one and its red one do not."""
    rows = bulk.fetch(
        "SELECT DISTINCT COALESCE(d.number, '') FROM records_goodsline s JOIN records_linelink k ON k.source_id=s.id "
        "JOIN records_goodsline t ON t.id=k.target_id JOIN records_document d ON d.id=t.document_id "
        "WHERE s.document_id=%s AND s.revision=%s AND d.state IN ('posted', 'closed') AND d.reverses_id IS NULL "
        "UNION SELECT DISTINCT COALESCE(d.number, '') FROM records_moneyline m JOIN records_document d ON d.id=m.document_id "
        "AND d.revision=m.revision WHERE m.cleared_document_id=%s AND d.state IN ('posted', 'closed') AND d.reverses_id IS NULL ORDER BY 1",
        [document, revision, document],
    )
    return [row[0] for row in rows]
