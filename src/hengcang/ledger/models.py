"""台账表 The books. Append-only: Posting, StockMove, SerialMove, MoneyEntry, Clearing, ReservationMove (triggers guard them).

Derived in the same transaction and rebuildable from those: StockBalance, CostPool, CostLayer, LayerUse, Reservation,
StockMonth, PoolMonth, AccountMonth, SerialPlace, PartyBalance, OpenItem, StockAlert. Import this module from
`hengcang.ledger` alone: `store` writes, `queries` reads.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from hengcang.base.fields import ScaledField
from hengcang.catalog.models import Item, Lot, Serial
from hengcang.core.amounts import MOST as MICRO_MOST
from hengcang.core.amounts import SCALE
from hengcang.parties.models import Party
from hengcang.places.models import CashAccount, Department, Place
from hengcang.records.models import Document, GoodsLine, MoneyLine

PROTECT = models.PROTECT
MOST = Decimal(MICRO_MOST // SCALE)
APPEND_ONLY = (
    *("ledger_posting", "ledger_stockmove", "ledger_moneyentry", "ledger_clearing", "ledger_serialmove"),
    *("ledger_reservationmove", "records_deliveryevent"),
)


def within(name: str, *columns: str) -> models.CheckConstraint:
    """上限约束 No column beyond what is kept; `limits` turns the name into a refusal."""
    return models.CheckConstraint(condition=models.Q(**{f"{column}__range": (-MOST, MOST) for column in columns}), name=name)


class Posting(models.Model):
    """记账 The head of one append; its id is the order of entry (记账顺序)."""

    document = models.ForeignKey(Document, on_delete=PROTECT)
    revision = models.IntegerField()
    kind = models.CharField(max_length=12)
    posted_at = models.DateTimeField()
    posted_by = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["posted_at"], name="posting_moment")]


class StockBalance(models.Model):
    """库存余额 Quantity of an item (and lot) at a place that holds stock, and beside it what it is in the item's second unit."""

    item = models.ForeignKey(Item, on_delete=PROTECT, db_index=False)
    place = models.ForeignKey(Place, on_delete=PROTECT, db_index=False)
    lot = models.ForeignKey(Lot, on_delete=PROTECT, null=True, db_index=False)
    quantity = ScaledField(default="0")
    reserved = ScaledField(default="0")
    second_quantity = ScaledField(default="0")
    last_day = models.IntegerField(default=0)
    last_sequence = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "place", "lot"], name="balance_key"),
            models.UniqueConstraint(fields=["item", "place"], condition=models.Q(lot=None), name="balance_key_no_lot"),
            within("balance_within", "quantity", "reserved", "second_quantity"),
        ]
        indexes = [
            models.Index(fields=["place", "item"], name="balance_place"),
            models.Index(fields=["lot"], name="balance_lot_held", condition=models.Q(lot__isnull=False, quantity__gt=0)),
        ]


class CostPool(models.Model):
    """成本池 Quantity and value of an item in the company (all of the key empty), a warehouse, a lot, or a piece."""

    item = models.ForeignKey(Item, on_delete=PROTECT, db_index=False)
    place = models.ForeignKey(Place, on_delete=PROTECT, null=True, db_index=False)
    lot = models.ForeignKey(Lot, on_delete=PROTECT, null=True, db_index=False)
    serial = models.OneToOneField(Serial, on_delete=PROTECT, null=True)
    method = models.CharField(max_length=20)
    quantity = ScaledField(default="0")
    value = ScaledField(default="0")
    last_day = models.IntegerField(default=0)
    last_sequence = models.BigIntegerField(default=0)
    last_quantity = ScaledField(default="0")
    last_value = ScaledField(default="0")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "place"], condition=models.Q(lot=None, serial=None), name="pool_key_place"),
            models.UniqueConstraint(fields=["item"], condition=models.Q(lot=None, place=None, serial=None), name="pool_key_company"),
            models.UniqueConstraint(fields=["item", "lot"], name="pool_key_lot"),
            within("pool_within", "quantity", "value"),
        ]


class PoolAverage(models.Model):
    """全月平均 The base (quantity, value) of the average of one pool and month, as the month was run; `last_day` ends it."""

    pool = models.ForeignKey(CostPool, on_delete=PROTECT, db_index=False)
    last_day = models.IntegerField()
    quantity = ScaledField()
    value = ScaledField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "last_day"], name="pool_average_key")]


class StockMove(models.Model):
    """库存移动 A quantity of an item from a place to a place, with its value; or a row that corrects one.

    `rule`, `given`, `fallback`, `reference`, `named`, `part`, `whole`, `cost_group` are the symbolic value; they let a replay
    value the move again, whatever became of the item since (`reference` is its reference cost when the move was posted).
    `corrects` names the move that this row negates, revalues or charges; source and target stay those of that move.
    (`day`, `sequence`) is the place in valuation, `day` being a date ordinal; a correcting row bears those of the move it
    corrects, while its `document_date` is the day the correction counts for (the first open day if that is later).
    """

    posting = models.ForeignKey(Posting, on_delete=PROTECT)
    line = models.ForeignKey(GoodsLine, on_delete=PROTECT)
    kind = models.CharField(max_length=20)
    entry_kind = models.CharField(max_length=12, default="move")
    item = models.ForeignKey(Item, on_delete=PROTECT, db_index=False)
    lot = models.ForeignKey(Lot, on_delete=PROTECT, null=True, db_index=False)
    source = models.ForeignKey(Place, on_delete=PROTECT, related_name="+", db_index=False)
    target = models.ForeignKey(Place, on_delete=PROTECT, related_name="+", db_index=False)
    source_pool = models.ForeignKey(CostPool, on_delete=PROTECT, null=True, related_name="+", db_index=False)
    target_pool = models.ForeignKey(CostPool, on_delete=PROTECT, null=True, related_name="+", db_index=False)
    source_account = models.CharField(max_length=20)
    target_account = models.CharField(max_length=20)
    quantity = ScaledField()
    second_quantity = ScaledField(null=True)
    value = ScaledField()
    document_date = models.DateField()
    month = models.IntegerField()
    day = models.IntegerField()
    sequence = models.BigIntegerField()
    rule = models.CharField(max_length=10)
    given = ScaledField(default="0")
    fallback = ScaledField(null=True)
    named = models.ForeignKey("self", on_delete=PROTECT, null=True, related_name="+", db_index=False)
    part = ScaledField(default="0")
    whole = ScaledField(default="0")
    cost_group = models.BigIntegerField(null=True)
    settled = ScaledField(null=True)
    reference = ScaledField(null=True)
    corrects = models.ForeignKey("self", on_delete=PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["source_pool", "day", "sequence"], name="move_source_pool"),
            models.Index(fields=["target_pool", "day", "sequence"], name="move_target_pool"),
            models.Index(fields=["item", "day", "sequence"], name="move_item_day"),
            models.Index(fields=["lot", "day", "sequence"], name="move_lot", condition=models.Q(lot__isnull=False)),
            models.Index(fields=["item"], name="move_item_named", condition=models.Q(named__isnull=False)),
            models.Index(fields=["cost_group"], name="move_group", condition=models.Q(cost_group__isnull=False)),
            models.Index(fields=["item", "day", "sequence"], name="move_count", condition=models.Q(kind="count", corrects=None)),
            models.Index(fields=["document_date"], name="move_date"),
        ]


class SerialMove(models.Model):
    """序列号移动 One piece of a move: 1 goes with it, −1 comes against it (a surplus of a count, or what a reversal takes back)."""

    move = models.ForeignKey(StockMove, on_delete=PROTECT)
    serial = models.ForeignKey(Serial, on_delete=PROTECT)
    quantity = models.SmallIntegerField()


class SerialPlace(models.Model):
    """序列号现存地 Where a piece stands (no place: not with us), and the last position at which it moved."""

    serial = models.OneToOneField(Serial, on_delete=PROTECT, primary_key=True)
    item = models.ForeignKey(Item, on_delete=PROTECT, db_index=False)
    place = models.ForeignKey(Place, on_delete=PROTECT, null=True, db_index=False)
    lot = models.ForeignKey(Lot, on_delete=PROTECT, null=True, db_index=False)
    last_day = models.IntegerField(default=0)
    last_sequence = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["item", "place"], name="serial_place")]


class MoneyEntry(models.Model):
    """分录 Money on an account, for a party or cash account: debit positive, credit negative.

    `foreign_amount` is the same money in `currency`. One that `adjusts` another changes what its open item is worth in the
    book's currency, by an exchange difference; it has no open item of its own.
    """

    posting = models.ForeignKey(Posting, on_delete=PROTECT)
    line = models.ForeignKey(GoodsLine, on_delete=PROTECT, null=True)
    money_line = models.ForeignKey(MoneyLine, on_delete=PROTECT, null=True, db_index=False)
    account = models.CharField(max_length=20)
    party = models.ForeignKey(Party, on_delete=PROTECT, null=True, db_index=False)
    cash_account = models.ForeignKey(CashAccount, on_delete=PROTECT, null=True, db_index=False)
    department = models.ForeignKey(Department, on_delete=PROTECT, null=True, db_index=False)
    salesperson = models.BigIntegerField(null=True)
    amount = ScaledField()
    currency = models.CharField(max_length=3, default="CNY")
    foreign_amount = ScaledField()
    document_date = models.DateField()
    due_date = models.DateField(null=True)
    corrects = models.ForeignKey("self", on_delete=PROTECT, null=True, related_name="+", db_index=False)
    adjusts = models.ForeignKey("self", on_delete=PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["party", "account", "document_date"], name="entry_party"),
            models.Index(fields=["account", "document_date"], name="entry_account"),
            models.Index(fields=["cash_account", "document_date"], name="entry_cash", condition=models.Q(cash_account__isnull=False)),
            models.Index(fields=["adjusts"], name="entry_adjusts", condition=models.Q(adjusts__isnull=False)),
        ]


class Clearing(models.Model):
    """核销 `amount` (> 0; negative undoes) of a debit entry against a credit entry of one party, account and currency.

    `foreign_amount` is what is cleared of a foreign currency, none where that is the book's own.
    """

    posting = models.ForeignKey(Posting, on_delete=PROTECT)
    debit = models.ForeignKey(MoneyEntry, on_delete=PROTECT, related_name="+")
    credit = models.ForeignKey(MoneyEntry, on_delete=PROTECT, related_name="+")
    amount = ScaledField()
    foreign_amount = ScaledField(null=True)
    document_date = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["document_date"], name="clearing_day")]


class CostLayer(models.Model):
    """成本层 A layer of a first-in-first-out pool, born of one move; `position` orders the layers of that move."""

    pool = models.ForeignKey(CostPool, on_delete=PROTECT, db_index=False)
    move = models.ForeignKey(StockMove, on_delete=PROTECT)
    position = models.IntegerField(default=0)
    age = models.IntegerField()
    quantity_in = ScaledField()
    value_in = ScaledField()
    quantity_left = ScaledField()
    value_left = ScaledField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "move", "position"], name="layer_key")]
        indexes = [models.Index(fields=["pool"], name="layer_left", condition=models.Q(quantity_left__gt=0))]


class LayerUse(models.Model):
    """成本层耗用 What a move took of a layer."""

    layer = models.ForeignKey(CostLayer, on_delete=models.CASCADE)
    move = models.ForeignKey(StockMove, on_delete=PROTECT)
    quantity = ScaledField()
    value = ScaledField()


class CostTangle(models.Model):
    """成本纠缠 A decision of a replay about which goods descend from a short issue: what is posted between its start and its
    end may turn it, so such a posting loads the pool from the start (with `leaf`, only one that names that move)."""

    item = models.ForeignKey(Item, on_delete=PROTECT)
    pool = models.ForeignKey(CostPool, on_delete=PROTECT, db_index=False)
    start_day = models.IntegerField()
    start_sequence = models.BigIntegerField()
    end_day = models.IntegerField()
    end_sequence = models.BigIntegerField()
    leaf = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["pool", "start_day", "start_sequence"], name="tangle_pool")]


class Reservation(models.Model):
    """占用 What an order line holds back at a place, of its lot or of any, in base units.

    `wanted` is what it is to hold back of what was ordered: as much of that as is not delivered it holds, while its order is live.
    """

    line = models.ForeignKey(GoodsLine, on_delete=PROTECT, db_index=False)
    balance = models.ForeignKey(StockBalance, on_delete=PROTECT)
    quantity = ScaledField()
    wanted = ScaledField(default="0")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "balance"], name="reservation_key")]
        indexes = [models.Index(fields=["line"], name="reservation_held", condition=~models.Q(quantity=0))]


class ReservationMove(models.Model):
    """占用变动 By how much a posting changed what an order line holds back, and what it is to hold back of what was ordered."""

    posting = models.ForeignKey(Posting, on_delete=PROTECT)
    line = models.ForeignKey(GoodsLine, on_delete=PROTECT)
    balance = models.ForeignKey(StockBalance, on_delete=PROTECT, db_index=False)
    quantity = ScaledField()
    wanted = ScaledField(default="0")


class StockMonth(models.Model):
    """月度收发 Quantity of a balance by month (yyyymm), kind and direction; inward and outward are both positive. Beside it what it was
    in the item's second unit."""

    balance = models.ForeignKey(StockBalance, on_delete=PROTECT, db_index=False)
    month = models.IntegerField()
    kind = models.CharField(max_length=20)
    quantity_in = ScaledField(default="0")
    quantity_out = ScaledField(default="0")
    second_in = ScaledField(default="0")
    second_out = ScaledField(default="0")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["balance", "month", "kind"], name="stock_month_key"),
            within("stock_month_within", "quantity_in", "quantity_out", "second_in", "second_out"),
        ]
        indexes = [models.Index(fields=["month"], name="stock_month_month")]


class PoolMonth(models.Model):
    """月度成本 Quantity, second quantity and value of a pool by month and kind; inward and outward are both positive."""

    pool = models.ForeignKey(CostPool, on_delete=PROTECT, db_index=False)
    month = models.IntegerField()
    kind = models.CharField(max_length=20)
    quantity_in = ScaledField(default="0")
    quantity_out = ScaledField(default="0")
    value_in = ScaledField(default="0")
    value_out = ScaledField(default="0")
    second_in = ScaledField(default="0")
    second_out = ScaledField(default="0")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "month", "kind"], name="pool_month_key"),
            within("pool_month_within", "quantity_in", "quantity_out", "value_in", "value_out", "second_in", "second_out"),
        ]
        indexes = [models.Index(fields=["month"], name="pool_month_month")]


class AccountMonth(models.Model):
    """科目月度发生额 Debits and credits of an account as booked, by month and by what a user's account may be refined by.

    What undoes something stands in that one's column, below zero (红字). Keys are ids, 0 for none.
    """

    month = models.IntegerField()
    account = models.CharField(max_length=20)
    item = models.BigIntegerField(default=0)
    party = models.BigIntegerField(default=0)
    cash_account = models.BigIntegerField(default=0)
    category = models.BigIntegerField(default=0)
    debit = ScaledField(default="0")
    credit = ScaledField(default="0")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "account", "item", "party", "cash_account", "category"], name="account_month_key"),
            within("account_month_within", "debit", "credit"),
        ]


class PartyBalance(models.Model):
    """往来余额 Balance of a party on an account (debit positive)."""

    party = models.ForeignKey(Party, on_delete=PROTECT, db_index=False)
    account = models.CharField(max_length=20)
    balance = ScaledField(default="0")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "account"], name="party_balance_key"),
            within("party_balance_within", "balance"),
        ]


class OpenItem(models.Model):
    """未结项 An entry that waits to be cleared; `open` has the entry's sign and runs to zero.

    `foreign_open` is what is open of it in its own currency, none where that is the book's.
    """

    entry = models.OneToOneField(MoneyEntry, on_delete=PROTECT, primary_key=True)
    document = models.ForeignKey(Document, on_delete=PROTECT, db_index=False)
    party = models.ForeignKey(Party, on_delete=PROTECT, db_index=False)
    account = models.CharField(max_length=20)
    amount = ScaledField()
    open = ScaledField()
    foreign_open = ScaledField(null=True)
    due_date = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["party", "account"], name="open_item_party", condition=~models.Q(open=0)),
            models.Index(fields=["due_date"], name="open_item_due", condition=~models.Q(open=0)),
            models.Index(fields=["document"], name="open_item_document"),
        ]


class StockAlert(models.Model):
    """库存预警 An item at a place beyond a bound of its own: below its lower limit or safety stock, above its upper limit,
    negative, or with more held back than there is. `since` is when it began; one that is over is not `live`."""

    kind = models.CharField(max_length=16)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, db_index=False)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, db_index=False)
    quantity = ScaledField()
    bound = ScaledField()
    since = models.DateTimeField()
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "place", "kind"], name="stock_alert_key")]
        indexes = [models.Index(fields=["kind", "place"], name="stock_alert_kind", condition=models.Q(live=True))]
