"""展开物料清单 Exploding: the component lines that the product lines of a draft need, by their bills of materials."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.catalog import materials
from hengcang.catalog.models import BillOfMaterials
from hengcang.core.errors import FieldInvalid, NoBillOfMaterials
from hengcang.documents import goods
from hengcang.meta import refs, values
from hengcang.meta.declarations import DocumentType, LineFill
from hengcang.meta.values import Parsed, plain
from hengcang.records.models import Document

PRODUCT, COMPONENT = "product", "component"


def explode(bottom: bool, viewer: Viewer, declaration: DocumentType, raw: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """展开 `{component_lines: [{item, unit, quantity}]}` for the product lines of a draft as typed; statements grow with its products
    (one to three), not with the components.

    Raises InvalidDocument, NoBillOfMaterials, FieldInvalid (a bill of another product).
    """
    viewer.require("bill_of_materials", "view")
    lines, components = declaration.table_of(PRODUCT), declaration.table_of(COMPONENT)
    assert lines is not None and components is not None
    parsed = values.parse_lines(lines, [{**one, "id": None} for one in typed_lines(raw.get(lines.name))], viewer)
    values.refuse([error for line in parsed for error in line.errors])
    values.refuse(values.resolve_refs([(lines.fields, parsed)], viewer).errors)
    rows = goods.build(declaration, Document(revision=0), [(lines, parsed)])
    bills = chosen_bills(parsed)
    needed: dict[int, Decimal] = {}
    for row, bill in zip(rows, bills, strict=True):
        for need in materials.explode(bill, row.base_quantity, bottom=bottom):
            needed[need.item] = needed.get(need.item, Decimal(0)) + need.quantity
    shown = refs.labels("items", needed)
    return {components.name: [{"item": shown[item], "unit": shown[item].get("unit"), "quantity": plain(needed[item])} for item in needed]}


def typed_lines(raw: Any) -> list[Mapping[str, Any]]:
    """The lines of a request that are lines."""
    return [one for one in raw if isinstance(one, Mapping)] if isinstance(raw, list) else []


def chosen_bills(parsed: list[Parsed]) -> list[int]:
    """The bill of every product line: the one it names, else its item's default. Raises NoBillOfMaterials, FieldInvalid."""
    named = [line.values["bill_of_materials"] for line in parsed if line.values.get("bill_of_materials")]
    makes = dict(BillOfMaterials.objects.filter(pk__in=named).values_list("id", "item_id")) if named else {}
    default = materials.bills_of([line.values["item"] for line in parsed if not line.values.get("bill_of_materials")])
    found = []
    for number, line in enumerate(parsed, start=1):
        item, bill = line.values["item"], line.values.get("bill_of_materials")
        if bill is None and item not in default:
            shown = refs.labels("items", [item])[item]
            raise NoBillOfMaterials(path=line.where.at("bill_of_materials"), line=number, item=f"{shown['code']} {shown['label']}")
        if bill is not None and makes[bill] != item:
            words = {"label": "物料清单", "value": bill, "reason": "不是这个产品的物料清单"}
            raise FieldInvalid(path=line.where.at("bill_of_materials"), where=line.where.text, **words)
        found.append(default[item] if bill is None else bill)
    return found


EXPLODE = LineFill(name="explode", label="展开物料清单", fill=partial(explode, False))
EXPLODE_DEEP = LineFill(name="explode_deep", label="展开到底", fill=partial(explode, True))
