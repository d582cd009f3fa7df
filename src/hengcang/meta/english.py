"""英文 The English words of the declarations: made from the code names, which are the trade's terms, with a few by hand.

Chinese leads: every label is declared in Chinese. A request that asks for English sets `speak`; `word` then gives the
English of a name. So a new type has English without anybody writing it, and nothing is left in Chinese by accident.
A sentence has both languages where it is said (`said`); a text that a declaration writes into records stands in `WRITTEN`.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from hengcang.core.posting import Account

_language: ContextVar[str] = ContextVar("language", default="zh")
BY_HAND = {
    "document_date": "Date",
    "unit_price_net": "Price (net)",
    "unit_price_gross": "Price (gross)",
    "amount_net": "Net amount",
    "amount_gross": "Gross amount",
    "tax_amount": "Tax",
    "discount_amount": "Discount on the whole",
    "source_place": "From warehouse",
    "target_place": "To warehouse",
    "price_basis": "Price basis",
    "goods_lines": "Goods",
    "money_lines": "Money",
    "cleared_document": "Clears document",
    "base_quantity": "Quantity (base unit)",
    "book_quantity": "Book quantity",
    "created_by": "Made by",
    "created_at": "Made at",
    "masters": "Master data",
    "is_supplier": "Is a supplier",
    "is_customer": "Is a customer",
    "code": "Code",
    "net": "Net",
    "gross": "Gross",
    "item_category": "Category",
    "by": "Group by",
    "day": "As of",
    "date_from": "From",
    "date_to": "To",
    "search": "Item name, code, barcode",
    "none": "None",
    "partial": "In part",
    "complete": "Done",
    "fifo": "First in, first out",
    "analytics": "Reports",
    "advance_receivable": "Advance against receivable",
    "advance_payable": "Advance against payable",
    "receivable_payable": "Receivable against payable",
    "receivable_transfer": "Receivable to another party",
    "payable_transfer": "Payable to another party",
    "target_customer": "To customer",
    "target_supplier": "To supplier",
    "control": "Account",
    "target_account": "To account",
    "days_30": "1–30 days overdue",
    "days_60": "31–60 days overdue",
    "days_90": "61–90 days overdue",
    "days_more": "More than 90 days",
    "text": "Text",
    "import_lines": "Import bank file",
    "confirm": "Confirm all proposals",
    "amount_in": "In",
    "amount_out": "Out",
    **{account.value: account.name.replace("_", " ").capitalize() for account in Account},
    "below_min": "Below the lower limit",
    "below_safety": "Below safety stock",
    "above_max": "Above the upper limit",
    "negative": "Negative stock",
    "over_reserved": "Held back beyond stock",
    "near_expiry": "Expiring or expired",
    "slow_moving": "Slow moving",
    "unpriced": "Waiting for a price",
    "over_credit": "Beyond credit limit",
    "late_sales_order": "Late sales orders",
    "late_purchase_order": "Late purchase orders",
    "kind_label": "Kind",
    "buy": "Make purchase orders",
    "fetch": "Make transfers",
    "send_away": "Make transfers",
    "relocate": "Make transfers",
    "recount": "Make counts",
    "throw_away": "Make scrap documents",
    "collect": "Make payments in",
    "pay": "Make payments out",
    "over": "Beyond the limit only",
    "promises": "Available to promise",
    "promise": "Can be promised",
    "earliest_delivery": "Earliest delivery",
    "earliest": "Earliest",
    "late": "Late or short only",
    "late_days": "Days late",
    "hold": "Hold back stock",
    "release": "Let go of stock",
    "reassign": "Hand over stock held back",
    "held_stock": "Stock held back",
    "held": "Held back",
    "lacking": "Not held back",
    "reserve_until": "Held back until",
    "outgoing_payment": "Payment out",
    "incoming_payment": "Payment in",
    "make_counts": "Make stock counts (all is counted)",
    "make_counts_zero": "Make stock counts (not counted is zero)",
    "make_counts_leave": "Make stock counts (leave out what is not counted)",
    "count_differences": "Count differences",
    "objects": "What to count",
    "stock": "What is in stock",
    "moved": "All that ever moved",
    "uncounted": "Not counted yet",
    "counting": "Count by scanning",
    "item_family": "Item family",
    "variant_axis": "Variant axis",
    "family": "Family",
    **{f"axis_{at}": f"Axis {at}" for at in range(1, 6)},
    **{f"chosen_{at}": f"Values of axis {at}" for at in range(1, 6)},
    **{f"variant_{at}": f"Variant {at}" for at in range(1, 6)},
    "axis_values": "Values",
    "separator": "Separator in codes",
    "second_factor": "Base units in one second unit",
    "second_in": "Second quantity in",
    "second_out": "Second quantity out",
    "ship": "Write down shipping",
    "tracking_numbers": "Tracking numbers",
    "freight_payer": "Freight borne by",
    "weight": "Weight (kg)",
    "ours": "Us",
    "advanced": "Advanced by us",
    "theirs": "The other party",
    "pickup": "Picked up (no freight)",
    "charged_document": "Freight of",
    "cash_forecast_lines": "Expected payments",
    "short": "Short by",
    "habit_days": "Habit (days late)",
    "currency_rate": "Rate",
    "target_rate": "Rate received at",
    "bank_rate": "Rate of the bank",
    "book_amount": "In the book's currency",
    "fee_from": "Fee paid by",
    "currencies": "Which currencies",
    "own_currency": "The book's own only",
    "closing_book": "Closing in the book's currency",
    "waiting_days": "Days waiting",
    "billed_in": "Billed in",
    "bill_carrier": "Make expenses",
    "bill_customer": "Make other incomes",
    "freight_bills": "Freight to bill",
    "delivery_tracking": "Deliveries on the way",
    "": "",
}
BY_LABEL = {"调拨单价": "Transfer price", "调拨金额": "Transfer amount", "同价调拨": "At cost", "变价调拨": "At a transfer price"}
"""By the declared Chinese, where a type calls a field that several have by a word of its own."""
WRITTEN = {"收货地址": "Delivery address"}


def speak(language: str) -> None:
    """语言 What the request at hand wants: `zh` or `en`."""
    _language.set(language)


def speaks_english() -> bool:
    """Whether the request at hand wants English."""
    return _language.get() == "en"


def humanized(name: str) -> str:
    """A code name as words: purchase_receipt → Purchase receipt."""
    if name in BY_HAND:
        return BY_HAND[name]
    text = name.rpartition(".")[2].replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def said(chinese: str, english: str) -> str:
    """话 A sentence of the server, in the language of the request."""
    return english if speaks_english() else chinese


def written(default: Any) -> Any:
    """默认值 A field's default; a text of the declaration's own in the language of the request."""
    return WRITTEN.get(default, default) if speaks_english() and isinstance(default, str) else default


def word(chinese: str, name: str) -> str:
    """词 The declared Chinese, or the English of the code name where the request wants that."""
    return (BY_LABEL.get(chinese) or humanized(name)) if speaks_english() and chinese else chinese
