"""审批 Which document types go through approval: by declaration always, or because the book asks for it."""

from __future__ import annotations

from hengcang.base.book import book
from hengcang.meta.declarations import DocumentType


def needs_approval(declaration: DocumentType) -> bool:
    """需审批 Whether documents of the type are submitted and approved before they are posted."""
    return declaration.approval or declaration.name in book().approvals
