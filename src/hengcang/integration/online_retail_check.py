"""网上零售对账 The figures of Online Retail beside those of the book, in all, by month and by country."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from hengcang.base import bulk
from hengcang.catalog.models import Item
from hengcang.core.amounts import to_decimal
from hengcang.integration.online_retail_source import Invoice, Month, is_charge, leaving
from hengcang.integration.reconciliation import Reconciliation
from hengcang.integration.source import to_cents
from hengcang.ledger import queries

MARK = "发票 "
UNIT = "OR"
ZERO = Decimal(0)
SIGN = {"sales_delivery": 1, "sales_return": -1, "other_issue": -1}
LOADED_SQL = """
SELECT d.type, d.remark, d.document_date, COUNT(l.id), CAST(SUM(l.base_quantity) AS bigint), CAST(SUM(l.amount_gross) AS bigint),
  COUNT(l.source_line_id)
FROM records_document d JOIN records_goodsline l ON l.document_id=d.id AND l.revision=d.revision
WHERE d.state='posted' AND d.remark LIKE %s GROUP BY d.id, d.type, d.remark, d.document_date
"""
RULES = (
    "数量为正的发票 → 销售出库单；取消的发票（C 开头）和负单价 → 销售退货单（数量、单价取绝对值）；"
    "未标取消的负数量 → 其他出库单（报损、清查，单价均为 0）。",
    "退货行关联同一客户、同一编码、同一单价、余量足够的最近一张出库行；找不到的不关联，按库存成本入库。",
    "没有客户的单据记在“散客”名下；零单价照零价出库（赠送）；完全重复的行保留；编码区分大小写。",
    "不是商品的编码（POST、DOT、M、D、B、S、C2、CRUK、PADS、AMAZONFEE、BANK CHARGES、gift_*）为费用商品，存于“费用与服务”仓，"
    "每月初以零成本其他入库补足。",
    "采购为补造：每月 1 日按当月（按发生顺序）最低缺口入库，单价 = 该编码正单价的简单平均 × 60%，舍入到分，至少 0.01；从未有正单价的为 0。",
    "商品名取有价行中最常见的描述；行描述与之不同的写在行备注；没有描述的行留空，整个编码都没有描述的以编码为名。",
    "源数据为英镑，数字照原样作为账套本位币装入；税率 0；没有收付款。发票时间即制单、审核时间。",
)


@dataclass(slots=True)
class Sums:
    """合计 Counts and sums of one side."""

    documents: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)
    quantity: Counter[str] = field(default_factory=Counter)
    value: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, keys: Sequence[str], lines: int, quantity: int, value: Decimal) -> None:
        """Add a document (or a line) under every key."""
        for key in keys:
            self.lines[key] += lines
            self.quantity[key] += quantity
            self.value[key] += value


def of_source(invoices: Sequence[Invoice]) -> tuple[Sums, Sums]:
    """源合计 The source's sums, and what the rules change of them: signs of negative prices, rounding to the cent."""
    sums, changes = Sums(), Sums()
    for invoice in invoices:
        keys = ["all", f"{invoice.moment:%Y-%m}", f"@{invoice.country}"]
        sums.documents["all"] += 1
        for line in invoice.lines:
            value = line.quantity * line.price
            more = ["cancelled"] if invoice.number.startswith("C") else []
            sums.add([*keys, *more], 1, line.quantity, value)
            turned = -2 * line.quantity if line.price < 0 else 0
            if turned or to_cents(value) != value:
                changes.add([*keys, *more], 1, turned, to_cents(value) - value)
    return sums, changes


def of_book() -> tuple[Sums, Counter[str]]:
    """账套合计 The book's sums by the marks of its documents, and the counts of linked and made-up lines."""
    sums, counts = Sums(), Counter[str]()
    for kind, remark, day, lines, quantity, value, linked in bulk.fetch(LOADED_SQL, [MARK + "%"]):
        units, amount = int(to_decimal(int(quantity))), to_decimal(int(value))
        if kind not in SIGN:
            counts[f"{kind} documents"] += 1
            counts[f"{kind} lines"] += lines
            counts[f"{kind} quantity"] += units
            sums.value[kind] += amount
            continue
        _, source, country = remark.split(" ", 2)
        keys = ["all", str(day)[:7], f"@{country}", kind]
        if source.startswith("C"):
            keys.append("cancelled")
        sums.documents["all"] += "/" not in source
        sums.documents[kind] += 1
        sums.add(keys, lines, SIGN[kind] * units, SIGN[kind] * amount)
        if kind == "sales_return":
            counts["linked"] += linked
            counts["unlinked"] += lines - linked
    return sums, counts


def reconcile(invoices: Sequence[Invoice], months: Sequence[Month], costs: dict[str, Decimal]) -> Reconciliation:
    """对账 Totals, months, countries, stock."""
    result = Reconciliation("Online Retail", rules=list(RULES))
    source, changes = of_source(invoices)
    book, counts = of_book()
    result.compare("发票", source.documents["all"], book.documents["all"])
    items = sorted({line.code for invoice in invoices for line in invoice.lines})
    known = dict(Item.objects.filter(base_unit__code=UNIT).values_list("code", "pk"))
    result.compare("商品编码", len(items), sum(code in known for code in items))
    for key, name in (("all", "合计"), ("cancelled", "取消")):
        reason = reason_of(changes, key)
        result.compare(f"{name}：行数", source.lines[key], book.lines[key])
        result.compare(
            f"{name}：数量", source.quantity[key], book.quantity[key], changes.quantity[key], reason if changes.quantity[key] else ""
        )
        result.compare(f"{name}：金额", source.value[key], book.value[key], changes.value[key], reason if changes.value[key] else "")
    for key in [*sorted(k for k in source.value if k[0] in "12"), *sorted(k for k in source.value if k[0] == "@")]:
        result.compare(f"{key.lstrip('@')} 金额", source.value[key], book.value[key], changes.value[key], reason_of(changes, key))
    stock(result, months, known)
    made_up(result, months, costs, book, counts)
    dirt(result, invoices, book, counts)
    result.details += rounding_details(invoices)
    return result


def reason_of(changes: Sums, key: str) -> str:
    """Why a figure differs."""
    return f"{changes.lines[key]} 行：负单价记为退货，或舍入到分，见明细" if changes.lines[key] else ""


def stock(result: Reconciliation, months: Sequence[Month], known: dict[str, int]) -> None:
    """库存 What is left of each code: bought less what left, by the plan and by the book."""
    left: Counter[str] = Counter()
    for month in months:
        left.update(month.needs)
        for document in month.documents:
            for line in document.lines:
                left[line.code] -= leaving(document, line)
    state = queries.on_hand(list(known.values()), None)
    hand = {code: int(state[item]["on_hand"]) for code, item in known.items() if item in state}
    result.compare("期末现存量（计划）", left.total(), sum(hand.values()))
    result.compare("现存量与计划不符的商品", 0, sum(left[code] != hand.get(code, 0) for code in left))
    result.compare("负库存的商品", 0, sum(quantity < 0 for quantity in hand.values()))


def made_up(result: Reconciliation, months: Sequence[Month], costs: dict[str, Decimal], book: Sums, counts: Counter[str]) -> None:
    """补造的采购 Quantity and value of the purchases by the plan and by the book."""
    goods = [(code, quantity) for month in months for code, quantity in month.needs.items() if not is_charge(code)]
    result.compare("补造采购：数量", sum(quantity for _, quantity in goods), counts["purchase_receipt quantity"])
    value = sum((quantity * costs[code] for code, quantity in goods), ZERO)
    result.compare("补造采购：金额", value, book.value["purchase_receipt"])


def dirt(result: Reconciliation, invoices: Sequence[Invoice], book: Sums, counts: Counter[str]) -> None:
    """脏数据 How many lines each rule met."""
    seen: Counter[tuple[object, ...]] = Counter()
    found: Counter[str] = Counter()
    descriptions: dict[str, set[str]] = defaultdict(set)
    for invoice in invoices:
        for line in invoice.lines:
            seen[(invoice.number, invoice.moment, *line)] += 1
            descriptions[line.code].add(line.description)
            found["没有客户的行"] += not invoice.customer
            found["零单价或负单价的行"] += line.price <= 0
            found["费用码的行"] += is_charge(line.code)
            found["没有描述的行"] += not line.description
            found["未标取消的负数量行"] += line.quantity < 0 and not invoice.number.startswith("C")
    found["完全重复的行（保留）"] = sum(count - 1 for count in seen.values())
    found["有多种描述的编码"] = sum(len(texts - {""}) > 1 for texts in descriptions.values())
    kinds = {"sales_delivery": "销售出库单", "sales_return": "销售退货单", "other_issue": "其他出库单"}
    texts = [f"{name} {book.documents[kind]:,} 张 {book.lines[kind]:,} 行" for kind, name in kinds.items()]
    texts += [f"采购入库单（补造） {counts['purchase_receipt documents']:,} 张 {counts['purchase_receipt lines']:,} 行"]
    texts += [f"其他入库单（费用补足） {counts['other_receipt documents']:,} 张 {counts['other_receipt lines']:,} 行"]
    texts += [f"退货行关联 {counts['linked']:,}，未关联 {counts['unlinked']:,}"]
    texts += [f"{name} {count:,}" for name, count in found.items()]
    result.rules.append("数量统计：" + "；".join(texts) + "。")


def rounding_details(invoices: Sequence[Invoice]) -> list[str]:
    """The lines that the rules change."""
    details = []
    for invoice in invoices:
        for line in invoice.lines:
            value = line.quantity * line.price
            if line.price < 0:
                what = f"记为退货 {line.quantity} × {-line.price}（数量 −2，金额不变）"
                details.append(f"{invoice.number} {line.code}：{line.quantity} × {line.price} {what}")
            elif to_cents(value) != value:
                details.append(f"{invoice.number} {line.code}：{line.quantity} × {line.price} = {value} → {to_cents(value)}")
    return details
