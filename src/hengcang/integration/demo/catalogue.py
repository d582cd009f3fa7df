"""演示资料 The demo company's goods, suppliers and customers, drawn from the words: pure values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from hengcang.core.pricing import to_cents
from hengcang.integration.demo import words
from hengcang.integration.demo.plans import Size

ONE = Decimal(1)
STANDARD_TAX, LOW_TAX = Decimal("0.13"), Decimal("0.09")
SPEC_STEP = Decimal("0.5")
LINE_VALUE = 1200.0


@dataclass(slots=True)
class Item:
    """演示商品 An item: prices gross per base unit; `weight` its share of demand; `usual` a usual sold quantity.

    `by_piece`: kept by serial number.
    """

    code: str
    name: str
    spec: str
    group: str
    category: str
    brand: str
    unit: str
    pack: str
    factor: int
    tax_rate: Decimal
    purchase_price: Decimal
    sales_price: Decimal
    shelf_life_days: int
    weight: float
    usual: int
    supplier: str = ""
    daily: float = 0.0
    neglected: bool = False
    by_piece: bool = False

    @property
    def by_lot(self) -> bool:
        """批次管理 Whether it is kept by lot."""
        return self.shelf_life_days > 0


@dataclass(frozen=True, slots=True)
class Supplier:
    """演示供应商 A supplier: whom he supplies, how long it takes, when he is paid."""

    code: str
    name: str
    group: str
    contact: str
    city: str
    lead_days: int
    payment_days: int


@dataclass(frozen=True, slots=True)
class Customer:
    """演示客户 A customer: what he buys, at which price, how often (`weight`), and how late he pays."""

    code: str
    name: str
    kind: str
    contact: str
    city: str
    salesperson: str
    warehouse: str
    payment_days: int
    price_share: Decimal
    weight: float
    late_days: int
    groups: tuple[str, ...]


def make_items(rng: Random, size: Size) -> list[Item]:
    """商品 The first `size.items` goods: every spec of the words, then second brands; popularity falls as by Zipf."""
    brands = {group: rng.sample(words.FIRM_WORDS, 2) for group, _ in words.GOODS}
    found: list[Item] = []
    for second in (False, True):
        for (group, category), goods in words.GOODS.items():
            for one in goods:
                for step in range(1 if second else len(one[2])):
                    found.append(item_of(rng, (group, category), one, step, brands[group][second], second))
    chosen = found[: size.items] if size.items >= 244 else rng.sample(found[:244], size.items)
    ranks = list(range(1, len(chosen) + 1))
    rng.shuffle(ranks)
    total = sum(rank**-0.8 for rank in ranks)
    for index, (item, rank) in enumerate(zip(chosen, ranks, strict=True), start=1):
        item.code = f"SP{index:05}"
        item.weight = rank**-0.8 / total
        item.neglected = rank % 13 == 3
    return chosen


def item_of(rng: Random, where: tuple[str, str], goods: words.Goods, step: int, brand: str, second: bool) -> Item:
    """One item from its words."""
    name, unit, specs, price, (pack, factor) = goods
    tax = LOW_TAX if name in words.LOW_TAX else STANDARD_TAX
    net = Decimal(price) * (ONE + SPEC_STEP * step) * (Decimal("0.93") if second else ONE)
    gross = net * (ONE + tax)
    cheap = gross < 2
    digits = Decimal("0.001") if cheap else Decimal("0.01")
    margin = Decimal(rng.randint(118, 142)) / 100
    usual = max(1, round(LINE_VALUE * rng.uniform(0.6, 1.5) / float(gross)))
    return Item(
        code="",
        name=f"{name}（{brand}）" if second else name,
        spec=specs[step],
        group=where[0],
        category=where[1],
        brand=brand,
        unit=unit,
        pack=pack,
        factor=factor,
        tax_rate=tax,
        purchase_price=gross.quantize(digits),
        sales_price=(gross * margin).quantize(digits),
        shelf_life_days=words.LOT_CATEGORIES.get(where[1], 0),
        weight=0.0,
        usual=usual,
    )


def make_wares(suppliers: list[Supplier]) -> dict[str, Item]:
    """专营商品 What stands beside the trade: goods kept by piece, the workshop's materials and products; a product costs its parts."""
    found: dict[str, Item] = {}
    for code, name, spec, unit, bought, sold, _ in words.PIECES:
        found[code] = ware(code, (name, spec, unit), Decimal(bought), Decimal(sold), suppliers[0].code)
        found[code].by_piece = True
    for code, name, spec, unit, bought in words.MATERIALS:
        found[code] = ware(code, (name, spec, unit), Decimal(bought), Decimal(bought) * Decimal("1.3"), suppliers[0].code)
    for code, name, spec, unit, sold, parts in words.PRODUCTS:
        cost = sum((found[part].purchase_price * each for part, each in parts), Decimal(0))
        found[code] = ware(code, (name, spec, unit), cost, Decimal(sold), suppliers[0].code)
    return found


def ware(code: str, words_of: tuple[str, str, str], bought: Decimal, sold: Decimal, supplier: str) -> Item:
    """One such item: its name, spec and unit, prices gross; nobody's usual demand."""
    name, spec, unit = words_of
    return Item(
        code=code,
        name=name,
        spec=spec,
        group="设备货架",
        category="设备货架",
        brand="",
        unit=unit,
        pack=unit,
        factor=1,
        tax_rate=STANDARD_TAX,
        purchase_price=bought,
        sales_price=sold,
        shelf_life_days=0,
        weight=0.0,
        usual=1,
        supplier=supplier,
    )


def person(rng: Random) -> str:
    """人名 A name of a person."""
    return rng.choice(words.SURNAMES) + rng.choice(words.GIVEN)


def firm_names(rng: Random, endings: list[str]) -> list[str]:
    """企业名 One name per ending, none twice."""
    pairs = [(city, word) for city in words.CITIES for word in words.FIRM_WORDS]
    rng.shuffle(pairs)
    return [f"{city}{word}{ending}" for (city, word), ending in zip(pairs, endings, strict=False)]


def make_suppliers(rng: Random, size: Size, items: list[Item]) -> list[Supplier]:
    """供应商 Suppliers of the four groups in turn; every item gets one of its group."""
    groups = list(words.SUPPLIER_TRADES)
    trades = [words.SUPPLIER_TRADES[groups[index % 4]][index // 4 % 4] for index in range(size.suppliers)]
    suppliers = [
        Supplier(
            code=f"GY{index + 1:03}",
            name=name,
            group=groups[index % 4],
            contact=person(rng),
            city=name[:2],
            lead_days=rng.choice((3, 4, 5, 7, 7, 10)),
            payment_days=rng.choice((15, 30, 30, 30, 45, 60)),
        )
        for index, name in enumerate(firm_names(rng, trades))
    ]
    for item in items:
        mine = [one for one in suppliers if one.group == item.group] or suppliers
        item.supplier = rng.choice(mine).code
    return suppliers


def make_customers(rng: Random, size: Size) -> list[Customer]:
    """客户 Wholesale, shops, institutions and online shops; a few buy much, some pay late."""
    shares = (("批发客户", 0.3), ("门店客户", 0.35), ("单位客户", 0.25), ("线上客户", 0.1))
    endings = dict(words.CUSTOMER_KINDS)
    kinds = [kind for kind, share in shares for _ in range(round(size.customers * share))]
    kinds = (kinds + ["门店客户"] * size.customers)[: size.customers]
    rng.shuffle(kinds)
    names = firm_names(rng, [rng.choice(endings[kind]) for kind in kinds])
    return [customer_of(rng, index, kind, name) for index, (kind, name) in enumerate(zip(kinds, names, strict=True))]


def customer_of(rng: Random, index: int, kind: str, name: str) -> Customer:
    """One customer."""
    groups = tuple(words.SUPPLIER_TRADES)
    wide = kind in ("批发客户", "线上客户")
    days = {"批发客户": (30, 30, 60), "门店客户": (0, 15, 30), "单位客户": (30, 60), "线上客户": (0,)}[kind]
    share = {"批发客户": (86, 92), "门店客户": (92, 98), "单位客户": (94, 100), "线上客户": (97, 100)}[kind]
    warehouse = {"门店客户": "CK02", "线上客户": "CK03"}.get(kind, "CK01")
    return Customer(
        code=f"KH{index + 1:03}",
        name=name,
        kind=kind,
        contact=person(rng),
        city=name[:2],
        salesperson=f"xiaoshou{index % 4 + 1}",
        warehouse=warehouse if rng.random() < 0.85 else "CK01",
        payment_days=rng.choice(days),
        price_share=Decimal(rng.randint(*share)) / 100,
        weight=(index + 2) ** -0.7 * rng.uniform(0.6, 1.4),
        late_days=rng.choice((0, 0, 0, 0, 3, 5, 8, 15, 35, 75)) if kind != "线上客户" else 0,
        groups=groups if wide else tuple(rng.sample(groups, 2)),
    )


def gross_of(item: Item, share: Decimal, factor: int) -> Decimal:
    """含税单价 The price of a unit of `factor` base units for a customer."""
    price = item.sales_price * share * factor
    return to_cents(price) if price >= 1 else price.quantize(Decimal("0.001"))
