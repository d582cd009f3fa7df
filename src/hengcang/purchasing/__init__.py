"""采购 Purchasing document types."""

from hengcang.purchasing.purchase_order import PURCHASE_ORDER
from hengcang.purchasing.purchase_receipt import PURCHASE_RECEIPT
from hengcang.purchasing.purchase_return import PURCHASE_RETURN

TYPES = (PURCHASE_ORDER, PURCHASE_RECEIPT, PURCHASE_RETURN)
