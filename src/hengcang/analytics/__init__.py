"""分析 Analytics: reports as declarations over what the ledger gives."""

from hengcang.analytics.abc_analysis import ABC_ANALYSIS
from hengcang.analytics.account_books import ACCOUNT_LEDGER, GENERAL_LEDGER, TRIAL_BALANCE
from hengcang.analytics.ageing import AGEING
from hengcang.analytics.bank_reconciliation import BANK_RECONCILIATION
from hengcang.analytics.cash_forecast import CASH_FORECAST, CASH_FORECAST_LINES
from hengcang.analytics.cash_ledger import CASH_BALANCES, CASH_LEDGER
from hengcang.analytics.cost_card import COST_CARD
from hengcang.analytics.count_calendar import COUNT_CALENDAR
from hengcang.analytics.count_differences import COUNT_DIFFERENCES
from hengcang.analytics.credit_exposure import CREDIT_EXPOSURE
from hengcang.analytics.deliveries import DELIVERY_TRACKING, FREIGHT_BILLS
from hengcang.analytics.document_alerts import LATE_ORDERS, UNPRICED_RECEIPTS
from hengcang.analytics.document_register import DOCUMENT_REGISTER
from hengcang.analytics.held_stock import HELD_STOCK
from hengcang.analytics.internal_settlement import INTERNAL_SETTLEMENT, INTERNAL_SETTLEMENT_LINES, INTERNAL_SETTLEMENT_MONTHS
from hengcang.analytics.matching import PURCHASE_MATCHING, SALES_MATCHING
from hengcang.analytics.party_ledger import OPEN_ITEMS, PARTY_LEDGER
from hengcang.analytics.production_progress import PRODUCTION_PROGRESS
from hengcang.analytics.promises import EARLIEST_DELIVERY, PROMISES
from hengcang.analytics.statement_changes import STATEMENT_CHANGES
from hengcang.analytics.stock_alerts import EXPIRING_STOCK, SLOW_STOCK, STOCK_ALERTS
from hengcang.analytics.stock_card import STOCK_CARD
from hengcang.analytics.stock_on_hand import STOCK_ON_HAND
from hengcang.analytics.stock_summary import STOCK_SUMMARY
from hengcang.analytics.supplier_performance import SUPPLIER_PERFORMANCE
from hengcang.analytics.tracking import LOT_TRACE, SERIAL_LIFE, SERIALS_IN_STOCK
from hengcang.analytics.vouchers import VOUCHERS
from hengcang.analytics.where_used import WHERE_USED

REPORTS = (
    *(STOCK_ON_HAND, STOCK_CARD, COST_CARD, STOCK_SUMMARY, STOCK_ALERTS, EXPIRING_STOCK, SLOW_STOCK, UNPRICED_RECEIPTS),
    *(OPEN_ITEMS, PARTY_LEDGER, AGEING, CASH_LEDGER, CASH_BALANCES, DOCUMENT_REGISTER, LATE_ORDERS, CREDIT_EXPOSURE),
    *(COUNT_DIFFERENCES, COUNT_CALENDAR, ABC_ANALYSIS),
    *(LOT_TRACE, SERIAL_LIFE, SERIALS_IN_STOCK),
    *(PURCHASE_MATCHING, SALES_MATCHING, SUPPLIER_PERFORMANCE),
    *(STATEMENT_CHANGES, BANK_RECONCILIATION),
    *(PRODUCTION_PROGRESS, WHERE_USED),
    *(PROMISES, EARLIEST_DELIVERY, HELD_STOCK),
    *(DELIVERY_TRACKING, FREIGHT_BILLS),
    *(INTERNAL_SETTLEMENT, INTERNAL_SETTLEMENT_MONTHS, INTERNAL_SETTLEMENT_LINES),
    *(CASH_FORECAST, CASH_FORECAST_LINES),
    *(VOUCHERS, TRIAL_BALANCE, GENERAL_LEDGER, ACCOUNT_LEDGER),
)
