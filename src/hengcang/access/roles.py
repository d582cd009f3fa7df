"""预置角色 The roles a new book starts with; the administrator may change or delete any of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

EVERY = ("view", "create", "change", "delete", "export", "import", "print")
WORK = (*EVERY, "submit", "post", "unpost", "reverse", "close", "reopen", "hold", "release", "reassign", "void", "ship", "convert", "copy")
READ = ("view", "export", "print")

MASTERS = ("item", "item_category", "brand", "unit", "lot", "bill_of_materials", "party", "party_category", "warehouse", "department")
PURCHASING = (
    "purchase_requisition",
    "request_for_quotation",
    "purchase_order",
    "purchase_receipt",
    "inspection",
    "purchase_return",
    "price_protection",
)
SELLING = ("quotation", "sales_order", "sales_delivery", "sales_return")
STORING = (
    *("stock_transfer", "transfer_out", "transfer_in", "transfer_difference", "stock_count", "count_plan"),
    *("other_receipt", "other_issue", "stock_scrap", "assembly", "disassembly", "lot_adjustment"),
)
MAKING = ("material_issue", "material_return", "finished_receipt")
MONEY = (
    *("incoming_payment", "outgoing_payment", "clearing", "expense", "other_income", "cash_transfer", "currency_exchange"),
    *("purchase_invoice", "purchase_credit_note", "sales_invoice", "sales_credit_note"),
    *("landed_cost", "cost_adjustment", "period_close", "party_statement"),
    *("opening_receivable", "opening_payable", "opening_customer_advance", "opening_supplier_advance", "opening_cash"),
)
STOCK_REPORTS = (
    *("stock_on_hand", "stock_card", "cost_card", "stock_summary", "abc_analysis", "lot_trace", "serial_life", "serials_in_stock"),
    *("stock_alerts", "expiring_stock", "slow_stock", "late_orders", "promises", "held_stock"),
    *("internal_settlement", "internal_settlement_months", "internal_settlement_lines"),
)
DELIVERY_REPORTS = ("delivery_tracking", "freight_bills")
PARTY_REPORTS = ("party_ledger", "open_items", "ageing")


@dataclass(frozen=True, slots=True)
class Preset:
    """预置角色 A role's name, note, permissions by actions, limits and masks."""

    name: str
    note: str
    permissions: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    scopes: tuple[tuple[str, int], ...] = ()
    masks: tuple[str, ...] = ()


PRESETS = (
    Preset("管理员", "全部权限，含用户与账套设置", ((("*",), ("*",)),)),
    Preset("老板", "查看全部数据与报表，可审批", ((("*",), (*READ, "approve", "reject")),)),
    Preset(
        "采购员",
        "采购业务；不见销售价",
        (
            (PURCHASING, WORK),
            (("party", "item"), ("view", "create", "change", "export")),
            (
                (
                    *MASTERS,
                    *STOCK_REPORTS,
                    *PARTY_REPORTS,
                    "document_register",
                    "unpriced_receipts",
                    "purchase_matching",
                    "supplier_performance",
                    "delivery_tracking",
                ),
                READ,
            ),
        ),
        masks=("sales_price",),
    ),
    Preset(
        "销售员",
        "销售业务；只见自己的客户与单据，不见成本与进价",
        (
            (SELLING, WORK),
            (("party",), ("view", "create", "change", "export")),
            (
                (
                    *MASTERS,
                    "stock_on_hand",
                    "promises",
                    "earliest_delivery",
                    "held_stock",
                    "late_orders",
                    "credit_exposure",
                    "sales_matching",
                    *PARTY_REPORTS,
                    "delivery_tracking",
                    "document_register",
                ),
                READ,
            ),
        ),
        scopes=(("salesperson", 0),),
        masks=("cost", "purchase_price", "transfer_price"),
    ),
    Preset(
        "仓库管理员",
        "收发、调拨、盘点；不见任何价格",
        (
            ((*STORING, *MAKING), WORK),
            (("purchase_receipt", "inspection", "purchase_return", "sales_delivery", "sales_return"), WORK),
            (("purchase_order", "sales_order", "production_order"), READ),
            ((*MASTERS, *STOCK_REPORTS, *DELIVERY_REPORTS, "document_register"), READ),
            (("lot",), EVERY),
            (("count_plan",), ("count",)),
            (("count_differences",), ("view", "change", "export")),
            (("count_calendar",), READ),
            (("count_schedule",), EVERY),
        ),
        masks=("cost", "purchase_price", "sales_price", "transfer_price"),
    ),
    Preset(
        "盘点员",
        "只录入盘点数；盲盘时看不到账面数量",
        ((("count_plan",), ("count",)),),
        masks=("cost", "purchase_price", "sales_price", "transfer_price"),
    ),
    Preset(
        "生产计划员",
        "生产订单、物料清单与领退料；不见任何价格",
        (
            (("production_order", "assembly", "disassembly", *MAKING), WORK),
            (("bill_of_materials",), EVERY),
            ((*MASTERS, "stock_on_hand", "production_progress", "where_used"), READ),
        ),
        masks=("cost", "purchase_price", "sales_price", "transfer_price"),
    ),
    Preset(
        "财务",
        "收付款、费用、成本与全部单据的查看",
        (
            ((*MONEY, "opening_stock"), WORK),
            (("currency", "cash_account", "expense_category", "party", "party_category", "account", "account_rule"), EVERY),
            (("bank_reconciliation",), ("view", "change", "export")),
            (("*",), READ),
        ),
    ),
)


def seed(role_model: Any, permission_model: Any, scope_model: Any, mask_model: Any) -> None:
    """写入 Insert the presets that are not there by name. Takes the models, so that a migration can call it."""
    for preset in PRESETS:
        role, made = role_model.objects.get_or_create(name=preset.name, defaults={"note": preset.note})
        if not made:
            continue
        pairs = {(s, a) for subjects, actions in preset.permissions for s in subjects for a in actions}
        permission_model.objects.bulk_create(
            [permission_model(role=role, subject=subject, action=action) for subject, action in sorted(pairs)]
        )
        scope_model.objects.bulk_create([scope_model(role=role, dimension=d, key=k) for d, k in preset.scopes])
        mask_model.objects.bulk_create([mask_model(role=role, mask=mask) for mask in preset.masks])
