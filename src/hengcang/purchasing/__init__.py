"""采购 Purchasing document types."""

from hengcang.purchasing.inspection import INSPECTION
from hengcang.purchasing.landed_cost import LANDED_COST
from hengcang.purchasing.price_protection import PRICE_PROTECTION
from hengcang.purchasing.purchase_credit_note import PURCHASE_CREDIT_NOTE
from hengcang.purchasing.purchase_invoice import PURCHASE_INVOICE
from hengcang.purchasing.purchase_order import PURCHASE_ORDER
from hengcang.purchasing.purchase_receipt import PURCHASE_RECEIPT
from hengcang.purchasing.purchase_return import PURCHASE_RETURN

TYPES = (
    PURCHASE_ORDER,
    PURCHASE_RECEIPT,
    INSPECTION,
    PURCHASE_RETURN,
    PURCHASE_INVOICE,
    PURCHASE_CREDIT_NOTE,
    LANDED_COST,
    PRICE_PROTECTION,
)
