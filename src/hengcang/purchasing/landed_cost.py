"""到岸费用分摊单 Landed cost: freight, duty, handling billed later, shared over received goods wherever they are by now."""

from __future__ import annotations

from decimal import Decimal

from hengcang.core.allocation import share_amount
from hengcang.core.errors import ChargeUnshared
from hengcang.core.posting import Charge, DocumentFacts, GoodsFacts, Posting
from hengcang.documents import fields as f
from hengcang.documents.debts import owed_more
from hengcang.meta.declarations import Choice, Conversion, DocumentType, Field, Kind, Mask

BASES = (Choice("amount", "按金额"), Choice("quantity", "按数量"), Choice("weight", "按重量"), Choice("volume", "按体积"))
LABELS = {"amount": "金额", "quantity": "数量", "weight": "重量", "volume": "体积"}


def weight_of(basis: str, line: GoodsFacts) -> Decimal:
    """What of a line counts when a charge is shared; an amount is that of the received line, for the part that is named."""
    assert line.source is not None
    if basis == "amount":
        return line.source.rate * line.source.share(line.source.amount_net, line.quantity)
    return line.quantity * {"quantity": Decimal(1), "weight": line.weight, "volume": line.volume}[basis]


def posting(document: DocumentFacts) -> Posting:
    """借 库存商品 贷 暂估应付 on every named receipt line, the remainder on the last of the largest; 借 暂估应付、进项税额 贷 应付账款."""
    net, tax = (Decimal(document.ext.get(name) or 0) for name in ("charge_amount", "charge_tax"))
    cost = net if document.taxpayer == "general_taxpayer" else net + tax
    basis = str(document.ext.get("basis") or "amount")
    weights = [weight_of(basis, line) for line in document.goods]
    if not sum(weights):
        raise ChargeUnshared(path="basis", basis=LABELS[basis], amount=cost)
    parts = zip(document.goods, share_amount(cost, weights), strict=True)
    charges = [Charge(line.source_line, part, line.id) for line, part in parts if part and line.source_line is not None]
    return Posting(entries=owed_more(document, cost, net + tax), charges=charges)


MONEY = {"kind": Kind.MONEY, "scale": 2, "mask": Mask.PURCHASE_PRICE, "width": 120, "sortable": False}
LANDED_COST = DocumentType(
    name="landed_cost",
    collection="landed_costs",
    label="到岸费用分摊单",
    number_pattern="FYFT-{yyyymmdd}-{seq:04}",
    party_role="supplier",
    price_mask=Mask.PURCHASE_PRICE,
    consumes="charged",
    bills=True,
    menu="purchasing",
    posting=posting,
    fields=(
        f.NUMBER,
        f.SUPPLIER,
        f.DATE,
        *f.CURRENCIES,
        Field(name="charge_amount", label="费用金额", column="ext:charge_amount", required=True, help="不含税", **MONEY),  # type: ignore[arg-type]
        Field(name="charge_tax", label="费用税额", column="ext:charge_tax", default="0", **MONEY),  # type: ignore[arg-type]
        Field(name="basis", label="分摊方式", kind=Kind.CHOICE, column="ext:basis", choices=BASES, default="amount", sortable=False),
        f.DUE_DATE,
        f.HANDLER,
        f.DEPARTMENT,
        *f.FOOT,
    ),
    goods=f.goods_lines(mask=None),
    list=f.document_list("party", "charge_amount", "basis", filters=("party",)),
    conversions=(Conversion(target="outgoing_payment", label="付款", purpose="paid", money=True),),
)
