"""罗斯文 Northwind: the two sample books of a trading firm, each into an empty book through the document service."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from hengcang.documents import many
from hengcang.integration import northwind_access, northwind_classic
from hengcang.integration.loading import Say, SourceMissing, loading_viewer, require_empty, seal
from hengcang.integration.reconciliation import Reconciliation


def load_northwind(path: Path | str, say: Say) -> Reconciliation:
    """装载罗斯文 Load the set in the folder (`access2010` or `classic`) and print what was compared.

    All in one transaction: a load that fails leaves the book empty. Raises SourceMissing, BookNotEmpty.
    """
    folder = Path(path)
    access = (folder / "purchase_orders.csv").is_file()
    if not access and not (folder / "categories.csv").is_file():
        raise SourceMissing(folder=str(folder), name="purchase_orders.csv (access2010) / categories.csv (classic)")
    with transaction.atomic():
        many.enter()
        require_empty()
        viewer = loading_viewer()
        result = northwind_access.load(folder, viewer) if access else northwind_classic.load(folder, viewer)
    seal()
    say(result.text())
    return result
