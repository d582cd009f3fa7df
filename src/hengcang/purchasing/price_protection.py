"""价保单 Price protection: the supplier credits a fallen price of goods that are still in stock."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hengcang.core.allocation import share_amount
from hengcang.core.posting import ZERO, Adjust, DocumentFacts, Move, PlaceKind, Posting
from hengcang.documents import fields as f
from hengcang.documents.debts import owed_more
from hengcang.meta.declarations import Conversion, DocumentType, Field, Kind, Mask


def posting(document: DocumentFacts) -> Posting:
    """借 应付账款 贷 库存商品 as far as goods there bear it, the rest 贷 进货价差; 贷 进项税额 for the tax credited."""
    amounts = [Decimal(line.ext.get("amount") or 0) for line in document.goods]
    net, tax = sum(amounts, Decimal(0)), Decimal(document.ext.get("charge_tax") or 0)
    cost = net if document.taxpayer == "general_taxpayer" else net + tax
    parts = share_amount(cost, amounts) if net else amounts
    moves = [
        Move(line.id, line.item, ZERO, line.source_place or 0, PlaceKind.SUPPLIER, Adjust(part), "price_protection", line.lot, part)
        for line, part in zip(document.goods, parts, strict=True)
    ]
    return Posting(moves=moves, entries=owed_more(document, -cost, -(net + tax)))


PRICE_PROTECTION = DocumentType(
    name="price_protection",
    collection="price_protections",
    label="价保单",
    number_pattern="JB-{yyyymmdd}-{seq:04}",
    party_role="supplier",
    price_mask=Mask.PURCHASE_PRICE,
    outward=True,
    menu="purchasing",
    posting=posting,
    fields=(
        f.NUMBER,
        f.SUPPLIER,
        f.DATE,
        replace(f.WAREHOUSE_OUT, label="仓库", required=True, help="分仓核算时补偿这个仓库的库存，总仓核算时补偿全公司的"),
        Field(
            name="charge_tax",
            label="税额",
            kind=Kind.MONEY,
            column="ext:charge_tax",
            default="0",
            mask=Mask.PURCHASE_PRICE,
            scale=2,
            minimum=ZERO,
            sortable=False,
        ),
        f.DUE_DATE,
        f.HANDLER,
        f.DEPARTMENT,
        *f.FOOT,
    ),
    goods=f.value_lines(Mask.PURCHASE_PRICE, "价保金额（不含税）", ZERO),
    list=f.document_list("party", "source_place", filters=("party",)),
    conversions=(Conversion(target="outgoing_payment", label="退款", purpose="paid", money=True),),
)
