"""单据链 The chain of a document: everything upstream and downstream of it, by goods and by money."""

from __future__ import annotations

from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.base import bulk
from hengcang.documents.scope import in_sight
from hengcang.meta import registry
from hengcang.meta.refs import document_label
from hengcang.records.models import Document

STEPS = 12
LINKS_SQL = """
SELECT DISTINCT s.document_id, t.document_id, k.purpose FROM records_goodsline s
JOIN records_linelink k ON k.source_id=s.id JOIN records_goodsline t ON t.id=k.target_id
WHERE s.document_id IN ({marks}) OR t.document_id IN ({marks})
UNION SELECT DISTINCT s.document_id, t.document_id, 'drafted' FROM records_goodsline t
JOIN records_document d ON d.id=t.document_id AND d.revision=t.revision
JOIN records_goodsline s ON s.id=t.source_line_id JOIN records_document o ON o.id=s.document_id
WHERE (s.document_id IN ({marks}) OR t.document_id IN ({marks}))
  AND (d.state IN ('draft', 'submitted', 'approved', 'rejected') OR (d.state='reversed' AND s.revision<>o.revision))
UNION SELECT DISTINCT m.cleared_document_id, m.document_id,
  CASE WHEN m.category_id IS NULL THEN 'paid' ELSE 'freight' END FROM records_moneyline m
JOIN records_document d ON d.id=m.document_id AND d.revision=m.revision
WHERE m.cleared_document_id IN ({marks}) OR (m.document_id IN ({marks}) AND m.cleared_document_id IS NOT NULL)
"""


def trace(viewer: Viewer, document: int) -> dict[str, Any]:
    """上查/下查 The documents of the chain that the viewer may see, and the links between them."""
    known, fresh = {document}, {document}
    links: set[tuple[int, int, str]] = set()
    for _ in range(STEPS):
        if not fresh:
            break
        ordered = sorted(fresh)
        sql = LINKS_SQL.format(marks=bulk.placeholders(ordered))
        links |= set(bulk.fetch(sql, ordered * 6))
        reached = {end for source, target, _ in links for end in (source, target)}
        fresh = reached - known
        known |= fresh
    shown = visible(viewer, known, document)
    ids = {one["id"] for one in shown}
    edges = [
        {"source": source, "target": target, "purpose": purpose}
        for source, target, purpose in sorted(links)
        if source in ids and target in ids
    ]
    return {"documents": shown, "links": edges}


def visible(viewer: Viewer, ids: set[int], own: int) -> list[dict[str, Any]]:
    """The documents as nodes, without those outside the viewer's rights."""
    names = ("id", "type", "number", "document_date", "state", "amount_gross")
    rows = Document.objects.filter(pk__in=in_sight(viewer, ids)).order_by("document_date", "id").values(*names)
    return [node(viewer, row, own) for row in rows if viewer.may(row["type"], "view")]


def node(viewer: Viewer, row: dict[str, Any], own: int) -> dict[str, Any]:
    """One document of the chain; its amount only for who may see prices."""
    declaration = registry.document(row["type"])
    shows = declaration.price_mask is None or declaration.price_mask not in viewer.masks
    return {
        "id": row["id"],
        "type": row["type"],
        "collection": declaration.collection,
        "type_label": declaration.label,
        "label": document_label(row["number"], row["id"]),
        "number": row["number"],
        "document_date": row["document_date"].isoformat(),
        "state": row["state"],
        "amount_gross": f"{row['amount_gross']:f}" if shows else None,
        "self": row["id"] == own,
    }
