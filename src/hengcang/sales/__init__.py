"""销售 Sales document types."""

from hengcang.sales.sales_credit_note import SALES_CREDIT_NOTE
from hengcang.sales.sales_delivery import SALES_DELIVERY
from hengcang.sales.sales_invoice import SALES_INVOICE
from hengcang.sales.sales_order import SALES_ORDER
from hengcang.sales.sales_return import SALES_RETURN

TYPES = (SALES_ORDER, SALES_DELIVERY, SALES_RETURN, SALES_INVOICE, SALES_CREDIT_NOTE)
