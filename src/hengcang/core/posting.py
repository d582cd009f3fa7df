"""记账 Posting: what a document says shall happen, before anyone knows what goods cost.

A posting rule turns the facts of a document into `Move`s (a quantity of an item from a place to a place, with a
*symbolic* value) and `Entry`s (money on an account). The accounts of a move follow from the kinds of its two places
(科目 by 《小企业会计准则》), so stock value and the general ledger are the same rows. Quantities and amounts here are
`Decimal` in base units and currency units: rules are read by accountants, and the store scales them once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

ZERO = Decimal(0)
CENTS = Decimal("0.01")


class PlaceKind(StrEnum):
    """地点类别 The kinds of places; the first group holds stock of ours, the second is where it comes from or goes."""

    WAREHOUSE = "warehouse"
    BIN = "bin"
    TRANSIT = "transit"
    QUARANTINE = "quarantine"
    REJECTED = "rejected"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    OPENING = "opening"
    COUNT = "count"
    OTHER = "other"
    LOSS = "loss"
    PRODUCTION = "production"
    VARIANCE = "variance"


AREA_KINDS = frozenset({PlaceKind.TRANSIT, PlaceKind.QUARANTINE, PlaceKind.REJECTED})
SHELF_KINDS = frozenset({PlaceKind.WAREHOUSE, PlaceKind.BIN})
STOCK_KINDS = AREA_KINDS | SHELF_KINDS


class Account(StrEnum):
    """科目 Accounts by 《小企业会计准则》 (附录：会计科目), sub-accounts with a dot."""

    CASH = "1001"
    BANK = "1002"
    RECEIVABLE = "1122"
    UNBILLED_RECEIVABLE = "1122.99"
    OTHER_RECEIVABLE = "1221"
    SUPPLIER_ADVANCE = "1123"
    INVENTORY = "1405"
    RAW_MATERIAL = "1403"
    STOCK_GAIN_LOSS = "1901"
    PAYABLE = "2202"
    UNBILLED_PAYABLE = "2202.98"
    PROVISIONAL_PAYABLE = "2202.99"
    CUSTOMER_ADVANCE = "2203"
    PAYROLL_PAYABLE = "2211"
    OTHER_PAYABLE = "2241"
    OUTPUT_TAX = "2221.01.02"
    INPUT_TAX = "2221.01.01"
    PENDING_OUTPUT_TAX = "2221.06"
    OPENING_BALANCE = "3103.99"
    PRODUCTION_COST = "4001"
    REVENUE = "5001"
    OTHER_INCOME = "5051"
    COST_OF_GOODS_SOLD = "5401"
    OTHER_COST = "5402"
    PURCHASE_PRICE_VARIANCE = "5401.02"
    COST_VARIANCE = "5401.03"
    PRODUCTION_VARIANCE = "5401.04"
    NON_OPERATING_INCOME = "5301"
    NON_OPERATING_EXPENSE = "5711"
    SELLING = "5601"
    ADMINISTRATION = "5602"
    FINANCE_COST = "5603"
    INTEREST = "5603.01"
    BANK_CHARGE = "5603.04"
    BUSINESS_TAX = "5403"
    DISCOUNT_GIVEN = "5603.02"
    DISCOUNT_TAKEN = "5603.03"
    EXCHANGE_DIFFERENCE = "5603.05"


ACCOUNT_LABELS: dict[Account, str] = {
    Account.CASH: "库存现金",
    Account.BANK: "银行存款",
    Account.RECEIVABLE: "应收账款",
    Account.UNBILLED_RECEIVABLE: "应收账款—未开票",
    Account.OTHER_RECEIVABLE: "其他应收款",
    Account.SUPPLIER_ADVANCE: "预付账款",
    Account.INVENTORY: "库存商品",
    Account.RAW_MATERIAL: "原材料",
    Account.STOCK_GAIN_LOSS: "待处理财产损溢",
    Account.PAYABLE: "应付账款",
    Account.UNBILLED_PAYABLE: "应付账款—未开票",
    Account.PROVISIONAL_PAYABLE: "应付账款—暂估应付",
    Account.CUSTOMER_ADVANCE: "预收账款",
    Account.PAYROLL_PAYABLE: "应付职工薪酬",
    Account.OTHER_PAYABLE: "其他应付款",
    Account.OUTPUT_TAX: "应交税费—应交增值税（销项税额）",
    Account.INPUT_TAX: "应交税费—应交增值税（进项税额）",
    Account.PENDING_OUTPUT_TAX: "应交税费—待转销项税额",
    Account.OPENING_BALANCE: "期初余额",
    Account.PRODUCTION_COST: "生产成本",
    Account.REVENUE: "主营业务收入",
    Account.OTHER_INCOME: "其他业务收入",
    Account.COST_OF_GOODS_SOLD: "主营业务成本",
    Account.OTHER_COST: "其他业务成本",
    Account.PURCHASE_PRICE_VARIANCE: "主营业务成本—进货价差",
    Account.COST_VARIANCE: "主营业务成本—成本差异",
    Account.PRODUCTION_VARIANCE: "主营业务成本—生产差异",
    Account.NON_OPERATING_INCOME: "营业外收入",
    Account.NON_OPERATING_EXPENSE: "营业外支出",
    Account.SELLING: "销售费用",
    Account.ADMINISTRATION: "管理费用",
    Account.FINANCE_COST: "财务费用",
    Account.INTEREST: "财务费用—利息",
    Account.BANK_CHARGE: "财务费用—手续费",
    Account.BUSINESS_TAX: "税金及附加",
    Account.DISCOUNT_GIVEN: "财务费用—现金折扣（给予）",
    Account.DISCOUNT_TAKEN: "财务费用—现金折扣（取得）",
    Account.EXCHANGE_DIFFERENCE: "财务费用—汇兑损益",
}


class Control(StrEnum):
    """往来科目 The control accounts: what stands on them for a party waits to be cleared."""

    RECEIVABLE = "receivable"
    CUSTOMER_ADVANCE = "customer_advance"
    PAYABLE = "payable"
    SUPPLIER_ADVANCE = "supplier_advance"
    OTHER_RECEIVABLE = "other_receivable"
    OTHER_PAYABLE = "other_payable"

    @property
    def account(self) -> Account:
        """科目 Its account."""
        return _ACCOUNT_OF_CONTROL[self]

    @property
    def sign(self) -> int:
        """方向 +1 where it stands on the debit side (they owe us), −1 on the credit side."""
        return 1 if self in (Control.RECEIVABLE, Control.OTHER_RECEIVABLE, Control.SUPPLIER_ADVANCE) else -1

    @property
    def label(self) -> str:
        """名称 The name of its account."""
        return ACCOUNT_LABELS[self.account]


_ACCOUNT_OF_CONTROL: dict[Control, Account] = {
    Control.RECEIVABLE: Account.RECEIVABLE,
    Control.CUSTOMER_ADVANCE: Account.CUSTOMER_ADVANCE,
    Control.PAYABLE: Account.PAYABLE,
    Control.SUPPLIER_ADVANCE: Account.SUPPLIER_ADVANCE,
    Control.OTHER_RECEIVABLE: Account.OTHER_RECEIVABLE,
    Control.OTHER_PAYABLE: Account.OTHER_PAYABLE,
}
CONTROL_OF_ACCOUNT = {account: control for control, account in _ACCOUNT_OF_CONTROL.items()}

_ACCOUNT_OF_PLACE: dict[PlaceKind, Account] = {
    PlaceKind.SUPPLIER: Account.PROVISIONAL_PAYABLE,
    PlaceKind.CUSTOMER: Account.COST_OF_GOODS_SOLD,
    PlaceKind.OPENING: Account.OPENING_BALANCE,
    PlaceKind.COUNT: Account.STOCK_GAIN_LOSS,
    PlaceKind.OTHER: Account.OTHER_COST,
    PlaceKind.LOSS: Account.ADMINISTRATION,
    PlaceKind.PRODUCTION: Account.PRODUCTION_COST,
    PlaceKind.VARIANCE: Account.COST_VARIANCE,
}
_ACCOUNT_OF_CLASS: dict[str, Account] = {"goods": Account.INVENTORY, "material": Account.RAW_MATERIAL}


def account_of(kind: PlaceKind, account_class: str) -> Account:
    """科目 The account of one side of a move: the item's class where the place holds stock, else the place's own."""
    if kind in STOCK_KINDS:
        return _ACCOUNT_OF_CLASS[account_class]
    return _ACCOUNT_OF_PLACE[kind]


@dataclass(frozen=True, slots=True)
class Given:
    """给定 The move has this value (net of tax for 一般纳税人)."""

    amount: Decimal


@dataclass(frozen=True, slots=True)
class AtCost:
    """按成本 The move is valued by the pool; `fallback` is the line's own amount, for what stock does not cover."""

    fallback: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CostOf:
    """按源单成本 The move takes its share of the net cost of the move of goods line `line`.

    Where that was a product, taken back, it gives its `part` of the group free again, and bears no more of the fee `plus`.
    """

    line: int
    part: Decimal = ZERO
    plus: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class SumOf:
    """按组件合计 The move takes `part`/`whole` of what its group's issues give, plus a fee.

    The group is the posting, or what the document that the move names gathered up to there (`Move.group`): of that it takes
    `part` in what is left of `whole`.
    """

    plus: Decimal = ZERO
    part: Decimal = ZERO
    whole: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Adjust:
    """调整 No goods move (the quantity is 0): `amount` (> 0) is taken out of the source's pool or put into the target's.

    Only goods that are there bear it. A move that is `settled` for more than they can is short of the rest, which goes to
    the variance account of its kind; any other is refused. With `line` it takes back what the adjustment of that goods
    line comes to, then and after every correction.
    """

    amount: Decimal
    line: int | None = None


Value = Given | AtCost | CostOf | SumOf | Adjust


@dataclass(frozen=True, slots=True)
class Area:
    """库区 The part of this kind of the warehouse of `place`: goods under way from it, waiting for inspection, rejected."""

    place: int
    kind: PlaceKind


PlaceName = int | PlaceKind | Area


@dataclass(frozen=True, slots=True)
class Move:
    """库存移动 A quantity (base units, > 0) of an item from a place to a place; a `PlaceKind` names the virtual place, an
    `Area` a part of a warehouse.

    `serials` are the pieces that go, by id; `against` those that a count found beyond the books, which come the other way.
    `group` is the document (a production order) whose costs it is gathered under; `OWN_GROUP` is the posting itself.
    `second` is its quantity in the item's second unit, from source to target as the quantity.
    """

    line: int
    item: int
    quantity: Decimal
    source: PlaceName
    target: PlaceName
    value: Value
    kind: str
    lot: int | None = None
    settled: Decimal | None = None
    serials: tuple[int, ...] = ()
    against: tuple[int, ...] = ()
    group: int | None = None
    second: Decimal | None = None


OWN_GROUP = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """分录 Money on an account: debit positive, credit negative. `opens` makes an open item due on `due_date`.

    One that `settles` is met at once, wholly, by what the posting clears of the same party on the same account. `foreign` is
    the same money in the document's currency where that is not the book's; one that `adjusts` an entry changes what that
    one's open item is worth in the book's. `booked` is what it is worth in the book's currency, where that is not its amount
    times the document's rate: the sum of what several lines were booked at. `currency` is its own, where that is not the
    document's: money that is exchanged is in two.
    """

    account: Account
    amount: Decimal
    party: int | None = None
    cash_account: int | None = None
    line: int | None = None
    due_date: date | None = None
    opens: bool = False
    settles: bool = False
    money_line: int | None = None
    foreign: Decimal | None = None
    adjusts: int | None = None
    booked: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Clear:
    """核销 `amount` (signed as the item is) of what stands open on `account` in another document is cleared.

    Only what is the `party`'s, and of the one `entry`, where these are named; what is due first goes first. What is
    cleared of a party on an account sums to nothing, the entries that settle it included.
    """

    document: int
    account: Account
    amount: Decimal
    line: int
    party: int | None = None
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """取消核销 `amount` (> 0) of a debit entry that met a credit entry: both are open again, in their `documents`."""

    debit: int
    credit: int
    amount: Decimal
    documents: tuple[int, int]
    foreign: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """费用 `amount` (signed) is added to what the move of goods line `target` was given, and follows the goods from there on.

    `line` is the line that says so, for messages.
    """

    target: int
    amount: Decimal
    line: int = 0


@dataclass(frozen=True, slots=True)
class TakenBack:
    """红冲的移动 A move that a reversal takes back, in its `pools`: the net quantity and given value it was decided on.

    Another posting may change both until the pools are locked (a late entry before a count changes what the count found).
    """

    move: int
    pools: tuple[int | None, int | None]
    quantity: Decimal
    given: Decimal


@dataclass(frozen=True, slots=True)
class Reserve:
    """占用 Change of the reservation of an order line (base units): positive reserves, negative releases.

    `wanted`: by how much what it is to hold back of its ordered quantity changes. Without a `lot` any lot is held back.
    """

    line: int
    item: int
    place: int
    quantity: Decimal
    lot: int = 0
    wanted: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Posting:
    """记账 All that one document does to the ledgers; its entries sum to zero. `unclears` come before `clears`."""

    moves: Sequence[Move] = ()
    entries: Sequence[Entry] = ()
    clears: Sequence[Clear] = ()
    reserves: Sequence[Reserve] = ()
    unclears: Sequence[Unclear] = ()
    charges: Sequence[Charge] = ()
    takes_back: Sequence[TakenBack] = ()


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """源单行 What a rule that bills or charges a source line must know of it: its base quantity, its amounts after its
    document's discount and its rate, what other documents took of it before under the same purpose, and which of its amounts
    waits for this bill (开票立账: net, gross, none for empty)."""

    line: int
    quantity: Decimal
    amount_net: Decimal
    amount_gross: Decimal
    done: Decimal
    rate: Decimal = Decimal(1)
    unbilled: str = ""

    def share(self, amount: Decimal, part: Decimal) -> Decimal:
        """分次份额 What `part` more of it takes of one of its amounts, in cents; the last part takes what is left."""
        before, after = (min(quantity / self.quantity, Decimal(1)) * amount for quantity in (self.done, self.done + part))
        return after.quantize(CENTS, ROUND_HALF_UP) - before.quantize(CENTS, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class GoodsFacts:
    """商品行 What a posting rule may know of a goods line. Quantities in base units; `line_number` counts from 1."""

    id: int
    line_number: int
    role: str
    item: int
    quantity: Decimal
    source_place: int | None
    target_place: int | None
    lot: int | None
    amount_net: Decimal
    tax_amount: Decimal
    amount_gross: Decimal
    source_line: int | None = None
    source_reserved: Decimal = ZERO
    book_quantity: Decimal | None = None
    priced: bool = False
    source: SourceFacts | None = None
    weight: Decimal = ZERO
    volume: Decimal = ZERO
    reference_cost: Decimal = ZERO
    source_document: int | None = None
    source_quantity: Decimal = ZERO
    origin_document: int | None = None
    ext: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """款项行 What a posting rule may know of a money line: `account` is that of its category, `control` what it clears.

    Of money that is exchanged: what comes to the target account, the currencies of both accounts (none for the book's) and
    what one unit of each is worth in the book's; whether the fee is taken off what comes.
    """

    id: int
    line_number: int
    role: str
    cash_account: int | None
    cash_kind: str
    document: int | None
    amount: Decimal
    control: Control | None = None
    due_date: date | None = None
    account: Account | None = None
    party: int | None = None
    target_account: int | None = None
    target_kind: str = ""
    fee: Decimal = ZERO
    currency: str | None = None
    target_currency: str | None = None
    rate: Decimal = Decimal(1)
    target_rate: Decimal = Decimal(1)
    target_amount: Decimal = ZERO
    target_pays_fee: bool = False


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """单据 What a posting rule may know of a document."""

    id: int
    type: str
    document_date: date
    due_date: date | None
    party: int | None
    source_place: int | None
    target_place: int | None
    discount_amount: Decimal
    taxpayer: str
    write_off_limit: Decimal
    rate: Decimal = Decimal(1)
    goods: Sequence[GoodsFacts] = ()
    money: Sequence[MoneyFacts] = ()
    ext: dict[str, Any] = field(default_factory=dict)

    @property
    def unbilled(self) -> str:
        """未开票 Which of its amounts waits for the bill (开票立账: net, gross), as the book said when it was posted."""
        return str(self.ext.get("unbilled") or "")
