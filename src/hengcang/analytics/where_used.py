"""物料反查 Where used: the products that an item goes into, level by level, by their bills of materials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.analytics import items, report
from hengcang.analytics.report import Report
from hengcang.catalog import materials
from hengcang.catalog.models import BillOfMaterials
from hengcang.core.amounts import to_text
from hengcang.meta.declarations import Field, Kind, ReportType


def run(viewer: Viewer, parameters: Mapping[str, Any], limit: int | None = report.ROW_LIMIT) -> Report:
    """The bills above an item; nothing until an item is asked for, or for who may not see bills."""
    item = parameters.get("item")
    uses = materials.uses_of(item) if item is not None and viewer.may("bill_of_materials", "view") else []
    bills = {
        row[0]: row[1:]
        for row in BillOfMaterials.objects.filter(pk__in={use.bill for use in uses}).values_list("id", "item_id", "code", "edition")
    }
    names = items.item_columns({product for product, _, _ in bills.values()})
    shown = uses if limit is None else uses[:limit]
    return Report([row_of(use, *bills[use.bill], names) for use in shown], truncated=limit is not None and len(uses) > limit)


def row_of(use: materials.Use, product: int, code: str, edition: str, names: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """One bill."""
    numbers = {"quantity": use.quantity, "makes": use.makes, "scrap_rate": use.scrap_rate}
    return {
        "level": use.level,
        **names[product],
        "bill": code,
        "edition": edition,
        **{name: to_text(value) for name, value in numbers.items()},
    }


WHERE_USED = ReportType(
    name="where_used",
    label="物料反查",
    menu="production",
    parameters=(report.ITEM_PARAMETER,),
    columns=(
        Field(name="level", label="层", kind=Kind.INTEGER, width=60),
        report.ITEM_CODE,
        report.ITEM_NAME,
        report.ITEM_SPEC,
        Field(name="bill", label="物料清单", width=120),
        Field(name="edition", label="版本", width=90),
        report.quantity("makes", "产品数量", total=False),
        report.quantity("quantity", "用量", total=False),
        Field(name="scrap_rate", label="损耗率", kind=Kind.RATE, scale=4, width=90),
    ),
    run=run,
)
