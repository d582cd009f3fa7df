"""内部调拨价 Internal prices of transfers: where they come from, and that what arrives, or is missing, has that of what was sent.

A price is a settlement between two sides of the company. It stands on the document alone: no move and no entry knows it, so
goods keep their cost and no profit is made by moving them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hengcang.access.viewer import Viewer
from hengcang.catalog.models import Item, ItemUnit
from hengcang.core.errors import FieldInvalid
from hengcang.core.posting import DocumentFacts
from hengcang.core.pricing import to_cents, to_millionths
from hengcang.core.transfer_errors import PriceNotShown, TransferUnpriced
from hengcang.meta import refs, registry, values
from hengcang.meta.declarations import REFERENCES, DocumentType, LineFill, Lines, Mask
from hengcang.meta.english import word
from hengcang.meta.values import Parsed, plain
from hengcang.records.models import Document, GoodsLine

CHANGED = "changed"
PRICE = "unit_price_net"
SOURCES = ("pricing", "price_source", "markup")
Pairs = Sequence[tuple[Document, Parsed]]
Wanted = tuple[str, Decimal]


def require_prices(document: DocumentFacts) -> None:
    """须有单价 Every line of a transfer at a changed price states one. Raises TransferUnpriced."""
    if document.ext.get("pricing") != CHANGED:
        return
    for line in document.goods:
        if not line.priced:
            raise TransferUnpriced(path=f"goods_lines.{line.line_number - 1}.{PRICE}", line=line.line_number)


def priced(viewer: Viewer, lines: Pairs) -> None:
    """取价 Lines without a price take that of their item which their document names, and its markup; two statements.

    An item without such a price leaves the line without one. Raises PriceNotShown.
    """
    waiting = [(line, source_of(document.ext)) for document, line in lines if line.values.get(PRICE) is None]
    found = item_prices(viewer, [(line, source) for line, source in waiting if source is not None])
    for line, price in found:
        line.values[PRICE] = price


def source_of(header: Mapping[str, Any]) -> Wanted | None:
    """取价方式 The item's price that a header names and what is added to it, as a fraction; none where prices are typed."""
    if header.get("pricing") != CHANGED or not header.get("price_source"):
        return None
    return str(header["price_source"]), Decimal(header.get("markup") or 0)


def item_prices(viewer: Viewer, wanted: Sequence[tuple[Parsed, Wanted]]) -> list[tuple[Parsed, Decimal]]:
    """商品价格 The marked-up price of each line's item in the line's unit: that of the unit itself, else by its factor; none left out."""
    if not wanted:
        return []
    names = sorted({source for _, (source, _) in wanted})
    for name in names:
        require_shown(viewer, name)
    ids = {line.values["item"] for line, _ in wanted}
    base = {row["id"]: row for row in Item.objects.filter(pk__in=ids).values("id", "base_unit_id", *names)}
    columns = [name for name in names if hasattr(ItemUnit, name)]
    units = {
        (row["item_id"], row["unit_id"]): row
        for row in ItemUnit.objects.filter(item__in=ids).values("item_id", "unit_id", "factor", *columns)
    }
    found = []
    for line, (name, markup) in wanted:
        item = base[line.values["item"]]
        own = units.get((item["id"], line.values.get("unit") or item["base_unit_id"]), {})
        price = own.get(name)
        if price is None and item[name] is not None:
            price = item[name] * own.get("factor", 1)
        if price is not None:
            found.append((line, to_millionths(price * (1 + markup))))
    return found


def require_shown(viewer: Viewer, name: str) -> None:
    """不泄露 Whoever sees transfer prices takes them only from a price that he sees. Raises PriceNotShown."""
    one = next(one for one in registry.masters()["item"].fields if one.name == name)
    if Mask.TRANSFER_PRICE not in viewer.masks and not viewer.sees(one):
        raise PriceNotShown(path="price_source", label=word(one.label, one.name))


def carried(viewer: Viewer, lines: Pairs) -> None:
    """带价 What arrives or is missing has the price at which it was sent, in its own unit; its document says whether any has.

    Two statements for any number of lines.
    """
    named = {line.values["source_line"] for _, line in lines if line.values.get("source_line") is not None}
    sent = {pk: rest for pk, *rest in GoodsLine.objects.filter(pk__in=named).values_list("id", "item", "unit", "factor", PRICE)}
    units = {(row.item_id, row.unit_id): row.factor for row in ItemUnit.objects.filter(item__in={item for item, *_ in sent.values()})}
    for document, line in lines:
        document.ext["pricing"] = "same"
        if line.values.get("source_line") in sent:
            item, unit, factor, price = sent[line.values["source_line"]]
            own = line.values.get("unit")
            to = factor if own == unit else units.get((item, own or 0), Decimal(1))
            line.values[PRICE] = price if price is None or to == factor else to_millionths(price * to / factor)
    for document, line in lines:
        if line.values.get(PRICE) is not None:
            document.ext["pricing"] = CHANGED


def reprice(viewer: Viewer, declaration: DocumentType, raw: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """重取单价 `{goods_lines: […]}`: the lines as typed, each with the price that the header as typed takes from its item.

    Those whose item has no such price stay as they are. Raises InvalidDocument, PriceNotShown, FieldInvalid (no source chosen).
    """
    lines = declaration.goods
    assert lines is not None
    fields = [one for one in declaration.fields if one.name in SOURCES]
    for one in (*fields, *(one for one in lines.fields if one.name == PRICE)):
        if not viewer.sees(one):
            raise PriceNotShown(path=one.name, label=word(one.label, one.name))
    header = values.parse_record(fields, {name: raw[name] for name in SOURCES if name in raw}, viewer, new=True)
    values.refuse(header.errors)
    source = source_of(header.values)
    if source is None:
        raise FieldInvalid(path="price_source", where="", label="取价方式", value="", reason="请先选变价调拨和取价方式")
    typed = raw.get(lines.name)
    sent = [one for one in typed if isinstance(one, Mapping)] if isinstance(typed, list) else []
    parsed = values.parse_lines(lines, [{**one, "id": None} for one in sent], viewer)
    resolved = values.resolve_refs([(lines.fields, parsed)], viewer)
    values.refuse([error for line in parsed for error in line.errors] + resolved.errors)
    prices = {id(line): price for line, price in item_prices(viewer, [(line, source) for line in parsed])}
    return {lines.name: [shown(lines, one, line, resolved, prices.get(id(line))) for one, line in zip(sent, parsed, strict=True)]}


def shown(lines: Lines, sent: Mapping[str, Any], line: Parsed, resolved: values.Resolved, price: Decimal | None) -> dict[str, Any]:
    """A line for the form: as sent, its references with their labels, its new price and amount."""
    found = dict(sent)
    for one in lines.fields:
        value = line.values.get(one.name)
        if one.kind in REFERENCES and isinstance(value, int):
            found[one.name] = resolved.records[one.ref or refs.DEFAULTS[one.kind]][value]
    if price is not None:
        amount = to_cents(line.values["quantity"] * price)
        found |= {PRICE: plain(price), "amount_net": plain(amount)}
    return found


REPRICE = LineFill(name="reprice", label="重取单价", fill=reprice, when={"pricing": CHANGED})
