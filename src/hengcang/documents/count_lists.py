"""盘点清单 Count lists: posting a plan freezes the books and writes one line for every item, place and lot of its scope.

The gate is held alone while it does, so that no posting stands before the freeze that the list does not know of.
Statements do not grow with the lines (but for one a started 500 rows).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.base import bulk
from hengcang.catalog.models import ItemCategory
from hengcang.core.amounts import SCALE, to_micro
from hengcang.core.count_errors import NothingToCount
from hengcang.documents.facts import Opened
from hengcang.ledger import consumption, counts, queries, store
from hengcang.ledger.request import Header
from hengcang.places.houses import with_bins
from hengcang.records.models import Document

COLUMNS = (
    "document_id", "revision", "position", "role", "item_id", "unit_id", "factor", "quantity", "base_quantity", "book_quantity",
    "source_place_id", "lot_id", "price_basis", "discount", "tax_rate", "amount_net", "tax_amount", "amount_gross", "remark",
    "serials", "ext",
)  # fmt: skip
KEPT = ("results", "settled")


def begin(viewer: Viewer, opened: Opened, header: Header) -> None:
    """开始盘点 Draw the position of a plan and write its list. Raises NothingToCount."""
    plan = opened.header
    found = counts.candidates(scope_of(viewer, opened))
    sequence = store.freeze(header)
    keys = [(at, item, place, lot) for at, (item, place, lot, _, _) in enumerate(found)]
    books = queries.on_hand_at(plan["document_date"], sequence, keys)
    wanted = [at for at, *_ in keys if books[at] or plan["ext"].get("objects") == "moved"]
    if not wanted:
        raise NothingToCount
    rows = [line_of(plan, position, found[at], to_micro(books[at])) for position, at in enumerate(wanted, start=1)]
    bulk.insert_rows("records_goodsline", COLUMNS, rows)
    ext = {name: value for name, value in plan["ext"].items() if name not in KEPT} | {"freeze": sequence}
    Document.objects.filter(pk=plan["id"]).update(ext=ext)


def scope_of(viewer: Viewer, opened: Opened) -> counts.CountScope:
    """The scope of a plan, inside the warehouses of who starts it."""
    header = opened.header
    own = viewer.scope("warehouse")
    places = None if own is None else set(own)
    if header["source_place_id"] is not None and not opened.goods:
        asked = with_bins({header["source_place_id"]})
        places = asked if places is None else places & asked
    category = header["ext"].get("category")
    path = ItemCategory.objects.filter(pk=category).values_list("path", flat=True).first() if category else ""
    rank = header["ext"].get("abc_class")
    return counts.CountScope(
        places=places,
        keys=[(row.item, row.source_place or 0) for row in opened.goods],
        category_path=path or "",
        supplier=header["party_id"],
        bins=header["ext"].get("bins") or "",
        items={one.key for one in consumption.ranked_items(header["document_date"]) if one.rank == rank} if rank else None,
    )


def line_of(plan: Mapping[str, Any], position: int, key: tuple[Any, ...], book: int) -> tuple[Any, ...]:
    """A line of the list as the database holds it; nothing is counted yet."""
    item, place, lot, unit, _ = key
    amounts = ("net", 0, 0, 0, 0, 0)
    return (plan["id"], plan["revision"], position, counts.LISTED, item, unit, SCALE, 0, 0, book, place, lot, *amounts, "", "[]", "{}")
