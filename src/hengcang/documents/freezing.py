"""冻结账面 Freezing: the first save of a count draws the sequence at which its quantities hold, and fixes book quantities.

Trading goes on: what is posted later stands behind that position, and what is later dated before it changes the
count's difference, not what was counted. A count that comes from a plan has the plan's position and date.
"""

from __future__ import annotations

from hengcang.base import bulk, clock
from hengcang.core.amounts import to_micro
from hengcang.core.errors import FieldInvalid
from hengcang.ledger import queries, store
from hengcang.ledger.request import Header
from hengcang.records.models import Document, GoodsLine


def freeze(document: Document, user: int) -> None:
    """冻结 Draw the position if the document has none, and write the book quantity of every line."""
    fixed = document.ext.get("freeze_day")
    if fixed is not None and fixed != document.document_date.isoformat():
        reason = f"由盘点方案生成，日期须是账面冻结的那天 {fixed}"
        raise FieldInvalid(path="document_date", where="", label="单据日期", value=document.document_date.isoformat(), reason=reason)
    if document.ext.get("freeze") is None:
        header = Header(
            document=document.pk,
            revision=document.revision,
            kind="freeze",
            document_date=document.document_date,
            posted_at=clock.now(),
            posted_by=user,
        )
        document.ext["freeze"] = store.freeze(header)
        Document.objects.filter(pk=document.pk).update(ext=document.ext)
    rows = list(
        GoodsLine.objects.filter(document=document.pk, revision=document.revision).values_list("id", "item_id", "source_place_id", "lot_id")
    )
    books = queries.on_hand_at(document.document_date, document.ext["freeze"], rows)
    if books:
        bulk.update_rows("records_goodsline", ("book_quantity",), [(line, to_micro(book)) for line, book in sorted(books.items())])
